//! The zone that a site tells the time in, by evidence: the offsets that its pages state, and where it is at home.

use chrono::{Offset as _, TimeZone as _};
use chrono_tz::{Africa, America, Asia, Australia, Europe, Pacific, Tz};

use crate::item::Date;
use crate::weburl::WebUrl;

/// Moments that must agree: one may be anybody's.
const FEWEST: usize = 2;

/// The zone that all of the moments fit, if the site's address or language tells of one; nothing else would tell zones
/// apart that have the same offsets.
pub(super) fn zone(url: &WebUrl, language: Option<&str>, moments: &[Date]) -> Option<Tz> {
    // What states UTC states no place's time.
    let is_utc = moments.iter().all(|moment| moment.offset().local_minus_utc() == 0);
    if moments.len() < FEWEST || is_utc {
        return None;
    }
    let ending = url.host().rsplit('.').next().unwrap_or_default();
    let mut parts = language.unwrap_or_default().split('-');
    let spoken = parts.next().unwrap_or_default().to_ascii_lowercase();
    let region = parts.find(|part| part.len() == 2).unwrap_or_default().to_ascii_lowercase();
    let homes = [ending, region.as_str(), home_of(&spoken)];
    homes.into_iter().filter(|home| !home.is_empty()).find_map(|home| {
        let fitting: Vec<Tz> = zones(home).iter().copied().filter(|zone| fits(*zone, moments)).collect();
        if let [only] = fitting.as_slice() { Some(*only) } else { None }
    })
}

fn fits(zone: Tz, moments: &[Date]) -> bool {
    moments.iter().all(|moment| zone.offset_from_utc_datetime(&moment.naive_utc()).fix() == *moment.offset())
}

/// The country where most of those live who write in a language; for languages of the world, none.
fn home_of(language: &str) -> &'static str {
    match language {
        "de" => "de",
        "fr" => "fr",
        "it" => "it",
        "nl" => "nl",
        "da" => "dk",
        "sv" => "se",
        "no" | "nb" | "nn" => "no",
        "fi" => "fi",
        "pl" => "pl",
        "cs" => "cz",
        "sk" => "sk",
        "hu" => "hu",
        "sl" => "si",
        "hr" => "hr",
        "sr" => "rs",
        "el" => "gr",
        "ro" => "ro",
        "bg" => "bg",
        "uk" => "ua",
        "be" => "by",
        "lt" => "lt",
        "lv" => "lv",
        "et" => "ee",
        "tr" => "tr",
        "ru" => "ru",
        "he" => "il",
        "fa" => "ir",
        "hi" => "in",
        "th" => "th",
        "vi" => "vn",
        "ja" => "jp",
        "ko" => "kr",
        "zh" => "cn",
        _ => "",
    }
}

/// The zones of a country, by its ending in addresses.
fn zones(country: &str) -> &'static [Tz] {
    ZONES.iter().find(|(ending, _)| *ending == country).map(|(_, zones)| *zones).unwrap_or_default()
}

const ZONES: &[(&str, &[Tz])] = &[
    ("de", &[Europe::Berlin]),
    ("at", &[Europe::Vienna]),
    ("ch", &[Europe::Zurich]),
    ("fr", &[Europe::Paris]),
    ("it", &[Europe::Rome]),
    ("es", &[Europe::Madrid]),
    ("pt", &[Europe::Lisbon]),
    ("nl", &[Europe::Amsterdam]),
    ("be", &[Europe::Brussels]),
    ("lu", &[Europe::Luxembourg]),
    ("dk", &[Europe::Copenhagen]),
    ("se", &[Europe::Stockholm]),
    ("no", &[Europe::Oslo]),
    ("fi", &[Europe::Helsinki]),
    ("pl", &[Europe::Warsaw]),
    ("cz", &[Europe::Prague]),
    ("sk", &[Europe::Bratislava]),
    ("hu", &[Europe::Budapest]),
    ("si", &[Europe::Ljubljana]),
    ("hr", &[Europe::Zagreb]),
    ("rs", &[Europe::Belgrade]),
    ("ba", &[Europe::Sarajevo]),
    ("mk", &[Europe::Skopje]),
    ("gr", &[Europe::Athens]),
    ("ro", &[Europe::Bucharest]),
    ("bg", &[Europe::Sofia]),
    ("ua", &[Europe::Kyiv]),
    ("by", &[Europe::Minsk]),
    ("lt", &[Europe::Vilnius]),
    ("lv", &[Europe::Riga]),
    ("ee", &[Europe::Tallinn]),
    ("tr", &[Europe::Istanbul]),
    ("uk", &[Europe::London]),
    ("gb", &[Europe::London]),
    ("ie", &[Europe::Dublin]),
    (
        "ru",
        &[
            Europe::Kaliningrad,
            Europe::Moscow,
            Europe::Samara,
            Asia::Yekaterinburg,
            Asia::Omsk,
            Asia::Krasnoyarsk,
            Asia::Irkutsk,
            Asia::Yakutsk,
            Asia::Vladivostok,
        ],
    ),
    ("kz", &[Asia::Almaty]),
    ("uz", &[Asia::Tashkent]),
    ("ge", &[Asia::Tbilisi]),
    ("am", &[Asia::Yerevan]),
    ("az", &[Asia::Baku]),
    ("us", &[America::New_York, America::Chicago, America::Denver, America::Los_Angeles]),
    (
        "ca",
        &[
            America::St_Johns,
            America::Halifax,
            America::Toronto,
            America::Winnipeg,
            America::Edmonton,
            America::Vancouver,
        ],
    ),
    ("mx", &[America::Mexico_City]),
    ("br", &[America::Sao_Paulo, America::Manaus]),
    ("ar", &[America::Argentina::Buenos_Aires]),
    ("cl", &[America::Santiago]),
    ("co", &[America::Bogota]),
    ("pe", &[America::Lima]),
    ("jp", &[Asia::Tokyo]),
    ("kr", &[Asia::Seoul]),
    ("cn", &[Asia::Shanghai]),
    ("tw", &[Asia::Taipei]),
    ("hk", &[Asia::Hong_Kong]),
    ("sg", &[Asia::Singapore]),
    ("my", &[Asia::Kuala_Lumpur]),
    ("th", &[Asia::Bangkok]),
    ("vn", &[Asia::Ho_Chi_Minh]),
    ("id", &[Asia::Jakarta]),
    ("ph", &[Asia::Manila]),
    ("in", &[Asia::Kolkata]),
    ("pk", &[Asia::Karachi]),
    ("bd", &[Asia::Dhaka]),
    ("lk", &[Asia::Colombo]),
    ("np", &[Asia::Kathmandu]),
    ("ir", &[Asia::Tehran]),
    ("iq", &[Asia::Baghdad]),
    ("sa", &[Asia::Riyadh]),
    ("ae", &[Asia::Dubai]),
    ("il", &[Asia::Jerusalem]),
    ("eg", &[Africa::Cairo]),
    ("za", &[Africa::Johannesburg]),
    ("ng", &[Africa::Lagos]),
    ("ke", &[Africa::Nairobi]),
    ("ma", &[Africa::Casablanca]),
    ("au", &[Australia::Sydney, Australia::Brisbane, Australia::Adelaide, Australia::Darwin, Australia::Perth]),
    ("nz", &[Pacific::Auckland]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn told(host: &str, language: Option<&str>, moments: &[&str]) -> Option<&'static str> {
        let url = WebUrl::parse(&format!("https://{host}/")).unwrap();
        let moments: Vec<Date> = moments.iter().map(|text| Date::parse_from_rfc3339(text).unwrap()).collect();
        zone(&url, language, &moments).map(Tz::name)
    }

    #[test]
    fn a_zone_needs_offsets_that_fit_and_a_home() {
        let winter = "2026-01-10T12:00:00";
        let summer = "2026-07-10T12:00:00";
        let berlin = [format!("{winter}+01:00"), format!("{summer}+02:00")];
        let berlin: Vec<&str> = berlin.iter().map(String::as_str).collect();
        assert_eq!(told("mill.de", None, &berlin), Some("Europe/Berlin"));
        assert_eq!(told("mill.example", Some("de"), &berlin), Some("Europe/Berlin"));
        assert_eq!(told("mill.example", Some("de-AT"), &berlin), Some("Europe/Vienna"));
        assert_eq!(told("mill.example", Some("en"), &berlin), None, "many zones have these offsets");
        assert_eq!(told("mill.de", None, &berlin[..1]), None, "one may be anybody's");
        let moscow = [format!("{winter}+03:00"), format!("{summer}+03:00")];
        let moscow: Vec<&str> = moscow.iter().map(String::as_str).collect();
        assert_eq!(told("mill.ru", Some("ru"), &moscow), Some("Europe/Moscow"));
        assert_eq!(told("mill.de", None, &moscow), None, "they do not fit");
        let utc = [format!("{winter}+00:00"), format!("{summer}+00:00")];
        let utc: Vec<&str> = utc.iter().map(String::as_str).collect();
        assert_eq!(told("mill.co.uk", Some("en-GB"), &utc), None);
    }
}
