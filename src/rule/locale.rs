//! Languages and countries, as far as they decide how dates are written.

use pure_rust_locales::{Locale as Source, locale_match};

/// The languages whose dates are read, with the places that their names of months and weekdays are taken from. The
/// first is the one that a language without a country stands for.
const LANGUAGES: &[(&str, &[Source])] = {
    use Source as S;
    &[
        (
            "en",
            &[
                S::en_GB,
                S::en_US,
                S::en_AU,
                S::en_CA,
                S::en_IE,
                S::en_IN,
                S::en_NZ,
                S::en_PH,
                S::en_ZA,
                S::en_SG,
                S::en_HK,
                S::en_IL,
                S::en_NG,
            ],
        ),
        ("de", &[S::de_DE, S::de_AT, S::de_CH, S::de_LU]),
        ("fr", &[S::fr_FR, S::fr_BE, S::fr_CA, S::fr_CH, S::fr_LU]),
        ("es", &[S::es_ES, S::es_AR, S::es_MX, S::es_CL, S::es_CO, S::es_US, S::es_PE, S::es_UY, S::es_VE]),
        ("it", &[S::it_IT, S::it_CH]),
        ("pt", &[S::pt_PT, S::pt_BR]),
        ("nl", &[S::nl_NL, S::nl_BE]),
        ("sv", &[S::sv_SE, S::sv_FI]),
        ("da", &[S::da_DK]),
        ("nb", &[S::nb_NO]),
        ("nn", &[S::nn_NO]),
        ("is", &[S::is_IS]),
        ("fo", &[S::fo_FO]),
        ("fi", &[S::fi_FI]),
        ("et", &[S::et_EE]),
        ("lv", &[S::lv_LV]),
        ("lt", &[S::lt_LT]),
        ("pl", &[S::pl_PL]),
        ("cs", &[S::cs_CZ]),
        ("sk", &[S::sk_SK]),
        ("sl", &[S::sl_SI]),
        ("hr", &[S::hr_HR]),
        ("bs", &[S::bs_BA]),
        ("sr", &[S::sr_RS, S::sr_RS_latin, S::sr_ME]),
        ("mk", &[S::mk_MK]),
        ("bg", &[S::bg_BG]),
        ("ru", &[S::ru_RU, S::ru_UA]),
        ("uk", &[S::uk_UA]),
        ("be", &[S::be_BY]),
        ("hu", &[S::hu_HU]),
        ("ro", &[S::ro_RO]),
        ("el", &[S::el_GR, S::el_CY]),
        ("tr", &[S::tr_TR]),
        ("az", &[S::az_AZ]),
        ("kk", &[S::kk_KZ]),
        ("ky", &[S::ky_KG]),
        ("uz", &[S::uz_UZ, S::uz_UZ_cyrillic]),
        ("tg", &[S::tg_TJ]),
        ("hy", &[S::hy_AM]),
        ("ka", &[S::ka_GE]),
        ("sq", &[S::sq_AL]),
        ("ca", &[S::ca_ES]),
        ("gl", &[S::gl_ES]),
        ("eu", &[S::eu_ES]),
        ("oc", &[S::oc_FR]),
        ("cy", &[S::cy_GB]),
        ("ga", &[S::ga_IE]),
        ("gd", &[S::gd_GB]),
        ("mt", &[S::mt_MT]),
        ("lb", &[S::lb_LU]),
        ("fy", &[S::fy_NL]),
        ("eo", &[S::eo]),
        ("af", &[S::af_ZA]),
        ("sw", &[S::sw_KE]),
        ("am", &[S::am_ET]),
        ("ar", &[S::ar_EG, S::ar_SA, S::ar_AE, S::ar_SY, S::ar_LB, S::ar_IQ, S::ar_DZ, S::ar_MA, S::ar_TN]),
        ("fa", &[S::fa_IR]),
        ("he", &[S::he_IL]),
        ("ur", &[S::ur_PK, S::ur_IN]),
        ("hi", &[S::hi_IN]),
        ("bn", &[S::bn_BD, S::bn_IN]),
        ("mr", &[S::mr_IN]),
        ("ne", &[S::ne_NP]),
        ("gu", &[S::gu_IN]),
        ("pa", &[S::pa_IN]),
        ("ta", &[S::ta_IN]),
        ("te", &[S::te_IN]),
        ("kn", &[S::kn_IN]),
        ("ml", &[S::ml_IN]),
        ("si", &[S::si_LK]),
        ("th", &[S::th_TH]),
        ("vi", &[S::vi_VN]),
        ("id", &[S::id_ID]),
        ("ms", &[S::ms_MY]),
        ("fil", &[S::fil_PH]),
        ("ko", &[S::ko_KR]),
        ("ja", &[S::ja_JP]),
        ("zh", &[S::zh_CN, S::zh_TW, S::zh_HK, S::zh_SG]),
    ]
};

/// What older and wider tags stand for.
const OTHER_TAGS: [(&str, &str); 7] =
    [("no", "nb"), ("iw", "he"), ("in", "id"), ("mo", "ro"), ("tl", "fil"), ("cmn", "zh"), ("yue", "zh")];

/// A language whose dates are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Language(u8);

/// In which order a date in figures is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
    /// `2026/12/31`.
    YearFirst,
}

/// A language, perhaps of one country: what a `locale` or `language` says about how dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// The order of short dates in figures (`26.11.23`); `None` if the language's countries differ.
    pub order: Option<Order>,
    /// Whether the day stands first when the year stands last; `None` if the locale cannot tell.
    pub day_first: Option<bool>,
}

impl Language {
    /// Every one of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len()).filter_map(|index| u8::try_from(index).ok()).map(Self)
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    /// The places that its names of months and weekdays are taken from.
    pub fn sources(self) -> &'static [Source] {
        self.entry().1
    }

    /// Its place in [`all`](Self::all), from 0.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The language with this code.
    pub fn named(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    fn entry(self) -> (&'static str, &'static [Source]) {
        LANGUAGES.get(usize::from(self.0)).copied().unwrap_or_default()
    }
}

impl Locale {
    /// Reads a tag such as `de`, `en-GB` or `pt_BR`; `None` if the dates of that language are not known.
    pub fn parse(tag: &str) -> Option<Self> {
        let lower = tag.trim().to_ascii_lowercase();
        let mut parts = lower.split(['-', '_']);
        let code = parts.next()?;
        let code = OTHER_TAGS.iter().find(|(other, _)| *other == code).map_or(code, |(_, code)| code);
        let language = Language::named(code)?;
        let country = parts.find(|part| part.len() == 2);
        let of_country = country.and_then(|country| {
            let is_there = |source: &&Source| source.to_string().to_ascii_lowercase().ends_with(&format!("_{country}"));
            language.sources().iter().find(is_there).copied()
        });
        let order = match of_country {
            Some(source) => order(source),
            None => agreed(language.sources().iter().filter_map(|source| order(*source))),
        };
        // Where the year stands first, what a year at the end means is for the language's other countries to say.
        let day_first = match order {
            Some(Order::DayFirst) => Some(true),
            Some(Order::MonthFirst) => Some(false),
            _ => {
                let others = language.sources().iter().filter_map(|source| order_of_year_last(*source));
                agreed(others).map(|order| order == Order::DayFirst)
            }
        };
        Some(Self { language, order, day_first })
    }
}

fn order_of_year_last(source: Source) -> Option<Order> {
    order(source).filter(|order| *order != Order::YearFirst)
}

/// The one value that all of them are.
fn agreed(mut orders: impl Iterator<Item = Order>) -> Option<Order> {
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

/// The order of a place's short dates: which of day, month and year its format names first.
fn order(source: Source) -> Option<Order> {
    let format: &str = locale_match!(source => LC_TIME::D_FMT);
    format.split('%').skip(1).find_map(|directive| {
        // `-d` has no padding, `Od` has the locale's own digits.
        match directive.trim_start_matches(['-', '_', '0', 'O', 'E']).chars().next()? {
            'd' | 'e' => Some(Order::DayFirst),
            'm' | 'b' | 'B' => Some(Order::MonthFirst),
            'y' | 'Y' | 'C' => Some(Order::YearFirst),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_stands_first() {
        let day_first = |tag| Locale::parse(tag).unwrap().day_first;
        for tag in ["en-GB", "de", "de-AT", "fr", "fr_CA", "pt-BR", "sv", "es", "ru", "nl-BE", "en_in", "no", "id-ID"] {
            assert_eq!(day_first(tag), Some(true), "{tag}");
        }
        assert_eq!(day_first("en-US"), Some(false));
        assert_eq!(day_first("en-us-posix"), Some(false));
        for tag in ["en", "en-CA", "ja", "zh-Hant-TW", "ko"] {
            assert_eq!(day_first(tag), None, "{tag}");
        }
        assert_eq!(Locale::parse("ja").unwrap().order, Some(Order::YearFirst));
        assert_eq!(Locale::parse("tlh"), None);
        assert_eq!(Locale::parse(""), None);
    }

    #[test]
    fn every_language_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<&str> = Language::all().map(Language::code).collect();
        assert_eq!(codes.len(), Language::all().count());
        assert!(codes.len() < 128, "sets of languages are 128 bits");
    }
}
