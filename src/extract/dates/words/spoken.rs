//! What people say instead of a date, and around one: the table in `spoken.toml`, and the few signs that belong to no
//! single language.

use std::collections::BTreeMap;

use super::{Dictionary, Meaning, Part, Unit};
use crate::rule::Language;

/// By language, by what they mean: words with commas between them.
type Table = BTreeMap<String, BTreeMap<String, String>>;

/// Signs of a language beside the table.
const SIGNS: [(&str, &str, Meaning); 56] = [
    ("ja", "年", Meaning::Mark(Part::Year)),
    ("ja", "月", Meaning::Mark(Part::Month)),
    ("ja", "日", Meaning::Mark(Part::Day)),
    ("ja", "分", Meaning::Minutes),
    ("ja", "秒", Meaning::Seconds),
    ("ja", "令和", Meaning::Era(2018)),
    ("ja", "平成", Meaning::Era(1988)),
    ("ja", "昭和", Meaning::Era(1925)),
    ("zh", "年", Meaning::Mark(Part::Year)),
    ("zh", "月", Meaning::Mark(Part::Month)),
    ("zh", "日", Meaning::Mark(Part::Day)),
    ("zh", "号", Meaning::Mark(Part::Day)),
    ("zh", "號", Meaning::Mark(Part::Day)),
    ("zh", "分", Meaning::Minutes),
    ("zh", "秒", Meaning::Seconds),
    ("zh", "民國", Meaning::Era(1911)),
    ("zh", "中華民國", Meaning::Era(1911)),
    ("ko", "년", Meaning::Mark(Part::Year)),
    ("ko", "월", Meaning::Mark(Part::Month)),
    ("ko", "일", Meaning::Mark(Part::Day)),
    ("ko", "분", Meaning::Minutes),
    ("ko", "초", Meaning::Seconds),
    ("vi", "tháng", Meaning::Before(Part::Month)),
    ("vi", "thg", Meaning::Before(Part::Month)),
    ("vi", "năm", Meaning::Before(Part::Year)),
    ("th", "พ ศ", Meaning::Era(-543)),
    ("en", "be", Meaning::Era(-543)),
    ("lt", "m", Meaning::Mark(Part::Year)),
    ("lt", "d", Meaning::Mark(Part::Day)),
    ("lv", "gada", Meaning::Mark(Part::Year)),
    ("lv", "g", Meaning::Mark(Part::Year)),
    ("eu", "ko", Meaning::Mark(Part::Year)),
    ("eu", "eko", Meaning::Mark(Part::Year)),
    ("eo", "de", Meaning::Of),
    ("oc", "de", Meaning::Of),
    ("oc", "d", Meaning::Of),
    ("mt", "ta", Meaning::Of),
    ("en", "st", Meaning::Ordinal),
    ("en", "nd", Meaning::Ordinal),
    ("en", "rd", Meaning::Ordinal),
    ("en", "th", Meaning::Ordinal),
    ("fr", "er", Meaning::Ordinal),
    ("fr", "ere", Meaning::Ordinal),
    ("es", "o", Meaning::Ordinal),
    ("es", "ero", Meaning::Ordinal),
    ("ca", "a", Meaning::Ordinal),
    ("el", "η", Meaning::Ordinal),
    ("el", "ης", Meaning::Ordinal),
    ("ru", "го", Meaning::Ordinal),
    ("ru", "е", Meaning::Ordinal),
    ("nl", "e", Meaning::Ordinal),
    ("hu", "án", Meaning::Ordinal),
    // Spellings beside those of the locales.
    ("hi", "सितम्बर", Meaning::Month(9)),
    ("hi", "अक्टूबर", Meaning::Month(10)),
    ("hi", "नवम्बर", Meaning::Month(11)),
    ("hi", "दिसम्बर", Meaning::Month(12)),
];

/// Adds the table and the signs.
pub(super) fn add_all(dictionary: &mut Dictionary) {
    for (code, words) in table() {
        let Some(language) = Language::named(&code) else { continue };
        for (key, written) in words {
            for meaning in meanings(&key) {
                for word in written.split(',') {
                    dictionary.add(word, *meaning, language);
                }
            }
        }
    }
    for (code, sign, meaning) in SIGNS {
        if let Some(language) = Language::named(code) {
            dictionary.add(sign, meaning, language);
        }
    }
}

/// The table; that it can be read is a test's matter.
fn table() -> Table {
    toml::from_str(include_str!("spoken.toml")).unwrap_or_default()
}

/// What the words behind a key of the table mean.
fn meanings(key: &str) -> &'static [Meaning] {
    match key {
        "ago" => &[Meaning::Ago],
        "now" => &[Meaning::Now],
        "today" => &[Meaning::DaysBack(0)],
        "yesterday" => &[Meaning::DaysBack(1)],
        "before" => &[Meaning::DaysBack(2)],
        "second" => &[Meaning::Unit(Unit::Second)],
        "minute" => &[Meaning::Unit(Unit::Minute)],
        "hour" => &[Meaning::Unit(Unit::Hour)],
        "day" => &[Meaning::Unit(Unit::Day)],
        "week" => &[Meaning::Unit(Unit::Week)],
        "month" => &[Meaning::Unit(Unit::Month)],
        "year" => &[Meaning::Unit(Unit::Year)],
        "half_hour" => &[Meaning::Amount(30, Unit::Minute)],
        "two_minutes" => &[Meaning::Amount(2, Unit::Minute)],
        "two_hours" => &[Meaning::Amount(2, Unit::Hour)],
        "two_days" => &[Meaning::Amount(2, Unit::Day)],
        "two_weeks" => &[Meaning::Amount(2, Unit::Week)],
        "two_months" => &[Meaning::Amount(2, Unit::Month)],
        "two_years" => &[Meaning::Amount(2, Unit::Year)],
        "one" => &[Meaning::Number(1)],
        "two" => &[Meaning::Number(2)],
        "few" => &[Meaning::Few],
        "last" => &[Meaning::Last],
        "at" => &[Meaning::At],
        "of" => &[Meaning::Of],
        "hours" => &[Meaning::Hours],
        "am" => &[Meaning::Am],
        "pm" => &[Meaning::Pm],
        "updated" => &[Meaning::Updated],
        "label" => &[Meaning::Label],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table: Table = toml::from_str(include_str!("spoken.toml")).unwrap();
        assert!(table.len() >= 40);
        for (code, words) in &table {
            assert!(Language::named(code).is_some(), "{code} is no language");
            for key in words.keys() {
                assert!(!meanings(key).is_empty(), "{code} has an unknown key {key}");
            }
            for key in ["ago", "today", "minute", "hour", "day"] {
                assert!(words.contains_key(key) || code == "eu", "{code} lacks {key}");
            }
        }
    }
}
