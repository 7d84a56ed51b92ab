//! Any text as a date, with any hint: a date within reason, a doubt that is put in words, or nothing.
#![no_main]

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::TZ_VARIANTS;
use feedmill::extract::dates::{self, Reading};
use feedmill::rule::{DateFormat, DateHint, Locale};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (u16, bool, u16, &str, &str)| {
    let (zone, timezone_override, language, format, text) = parts;
    let timezone = TZ_VARIANTS[usize::from(zone) % TZ_VARIANTS.len()];
    let locale = Locale::parse(["", "en-US", "de", "ru", "ja", "ar", "th", "fa", "tr"][usize::from(language) % 9]);
    let format = (!format.is_empty()).then(|| DateFormat::Strftime(format.to_owned()));
    let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
    match dates::read(text, &DateHint { format, timezone_override, locale, ..DateHint::in_zone(timezone) }, now) {
        Reading::Date(date) => assert!((1000..9999).contains(&date.year()), "{date}"),
        Reading::Doubted(doubt) => assert!(!doubt.to_string().is_empty()),
        Reading::Nothing => {}
    }
});
