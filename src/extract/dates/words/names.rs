//! Names of months and weekdays, from the locales of the GNU C Library.

use chrono::Weekday;
use pure_rust_locales::{Locale as Source, locale_match};

use super::{Dictionary, Meaning, is_letter};
use crate::rule::Language;

/// Languages whose months have other ends beside a number, or within a sentence, than the ones that the locales know.
const DECLINING: [&str; 20] = [
    "fi", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr", "bs", "sr", "mk", "ru", "uk", "be", "hu", "el", "eu", "hy",
    "ka",
];

const WEEKDAYS: [Weekday; 7] =
    [Weekday::Sun, Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat];

/// Adds the names of every language.
pub(super) fn add_all(dictionary: &mut Dictionary) {
    for language in Language::all() {
        for source in language.sources() {
            add_months(dictionary, language, *source);
            add_weekdays(dictionary, language, *source);
            let halves: &[&str] = locale_match!(source => LC_TIME::AM_PM);
            for (half, meaning) in halves.iter().zip([Meaning::Am, Meaning::Pm]) {
                dictionary.add(half, meaning, language);
            }
        }
    }
}

fn add_months(dictionary: &mut Dictionary, language: Language, source: Source) {
    let full: &[&str] = locale_match!(source => LC_TIME::MON);
    let short: &[&str] = locale_match!(source => LC_TIME::ABMON);
    // Where a month is declined, these are the forms that stand alone.
    let full_alone: Option<&[&str]> = locale_match!(source => LC_TIME::ALT_MON);
    let short_alone: Option<&[&str]> = locale_match!(source => LC_TIME::AB_ALT_MON);
    let full = full.iter().zip(1..).chain(full_alone.unwrap_or_default().iter().zip(1..));
    let short = short.iter().zip(1..).chain(short_alone.unwrap_or_default().iter().zip(1..));
    for (name, month) in full.clone().chain(short).map(|(name, month)| (bare(name), month)) {
        // Where months are numbered, the word beside the number is in the table of spoken words.
        if name.chars().any(char::is_numeric) || (name.is_ascii() && name.chars().filter(|c| is_letter(*c)).count() < 2)
        {
            continue;
        }
        dictionary.add(name, Meaning::Month(month), language);
        let plain = name.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
        if plain != name {
            dictionary.add(&plain, Meaning::Month(month), language);
        }
        // `февр.`, `сент.`: the first four letters, where no English word is like them.
        let cut: String = name.chars().take(4).collect();
        if name.chars().count() > 5 && cut.chars().all(|c| c.is_alphabetic() && ('\u{370}'..'\u{500}').contains(&c)) {
            dictionary.add(&cut, Meaning::Month(month), language);
        }
        // `sept.` beside `sep`: people cut names where they like.
        if let Some(cut) = name.get(..4).filter(|cut| cut.eq_ignore_ascii_case("sept")) {
            dictionary.add(cut, Meaning::Month(month), language);
        }
    }
    for (name, month) in full.map(|(name, month)| (bare(name), month)) {
        if DECLINING.contains(&language.code()) && name.chars().count() >= 5 {
            dictionary.add_stem(name, Meaning::Month(month), language);
        }
        // Short names end in `a` beside a number: `mája`, `júna`, `marca`.
        if ["sk", "sl", "sr", "bs", "hr"].contains(&language.code()) {
            let genitive = name.strip_suffix("ec").map_or_else(|| format!("{name}a"), |stem| format!("{stem}ca"));
            dictionary.add(&genitive, Meaning::Month(month), language);
        }
        if language.code() == "he" {
            // "in" and "of" are written together with the name.
            dictionary.add(&format!("ב{name}"), Meaning::Month(month), language);
            dictionary.add(&format!("ל{name}"), Meaning::Month(month), language);
        }
    }
}

/// A name without the "of" that Catalan and Occitan locales put before it.
fn bare(name: &str) -> &str {
    let name = name.trim();
    ["de ", "d'", "d’"].iter().find_map(|of| name.strip_prefix(of)).unwrap_or(name)
}

fn add_weekdays(dictionary: &mut Dictionary, language: Language, source: Source) {
    let full: &[&str] = locale_match!(source => LC_TIME::DAY);
    let short: &[&str] = locale_match!(source => LC_TIME::ABDAY);
    for (name, weekday) in full.iter().zip(WEEKDAYS) {
        dictionary.add(name, Meaning::Weekday(weekday, true), language);
    }
    for (name, weekday) in short.iter().zip(WEEKDAYS) {
        if name.chars().any(char::is_numeric) {
            continue;
        }
        dictionary.add(name, Meaning::Weekday(weekday, false), language);
    }
}
