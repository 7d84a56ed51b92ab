//! Values that are a word or two: durations, sizes, zones, languages, encodings.

use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};
use encoding_rs::Encoding;

use crate::config::diagnostics::{Complaint, quoted};
use crate::config::near::nearest;
use crate::config::plan::{Refresh, Sleep};
use crate::limits;
use crate::rule::Locale;
use crate::text::Text;

/// Longer than anyone waits for a feed.
const YEAR: Duration = Duration::from_hours(366 * 24);

/// A time that is not zero: `15m`, `1h30m`, `500ms`.
pub(super) fn duration(written: &str) -> Result<Duration, Complaint> {
    match pause(written)? {
        Duration::ZERO => Err(how_to_write("a duration of zero".to_owned())),
        time => Ok(time),
    }
}

/// How often a site is asked.
pub(super) fn refresh(written: &str) -> Result<Refresh, Complaint> {
    if written.trim() == "auto" {
        return Ok(Refresh::Auto);
    }
    duration(written).map(Refresh::Every).map_err(|complaint| or_word(complaint, "`auto`"))
}

/// When a site is no longer asked ahead of its readers.
pub(super) fn sleep_after(written: &str) -> Result<Sleep, Complaint> {
    if written.trim() == "never" {
        return Ok(Sleep::Never);
    }
    duration(written).map(Sleep::After).map_err(|complaint| or_word(complaint, "`never`"))
}

fn or_word(complaint: Complaint, word: &str) -> Complaint {
    complaint.help(format!("write a duration as `30s`, `15m`, `1h30m` or `1d`, or {word}"))
}

fn how_to_write(message: String) -> Complaint {
    Complaint::new(message).help("write a duration as `30s`, `15m`, `1h30m`, `1d` or `500ms`")
}

/// A time that may be zero.
pub(super) fn pause(written: &str) -> Result<Duration, Complaint> {
    let advice = how_to_write;
    let mut sum = Duration::ZERO;
    for (number, unit) in amounts(written).ok_or_else(|| advice(format!("{} is no duration", quoted(written))))? {
        let millis: u64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "" => return Err(advice(format!("{} has no unit", quoted(written)))),
            _ => return Err(advice(format!("{} is no unit of time", quoted(unit)))),
        };
        sum = sum.saturating_add(Duration::from_millis(number.saturating_mul(millis)));
    }
    match sum {
        sum if sum > YEAR => Err(advice(format!("{} is longer than a year", quoted(written)))),
        sum => Ok(sum),
    }
}

/// A time limit for a phase of a fetch.
pub(super) fn timeout(written: &str) -> Result<Duration, Complaint> {
    let longest = limits::LONGEST_TIMEOUT;
    match duration(written)? {
        time if time > longest => Err(Complaint::new(format!("{} is too long to wait", quoted(written)))
            .help(format!("at most `{}s`", longest.as_secs()))),
        time => Ok(time),
    }
}

/// A size of a page: `8 MiB`, `500 kB`.
pub(super) fn body_size(written: &str) -> Result<usize, Complaint> {
    let advice = |message: String| {
        let most = limits::BODY_BYTES / 1024 / 1024;
        Complaint::new(message).help(format!("write a size as `500 kB` or `8 MiB`, at most `{most} MiB`"))
    };
    let amounts = amounts(written).ok_or_else(|| advice(format!("{} is no size", quoted(written))))?;
    let [(number, unit)] = amounts.as_slice() else { return Err(advice(format!("{} is no size", quoted(written)))) };
    let bytes: u64 = match unit.to_ascii_lowercase().as_str() {
        "b" => 1,
        "kb" => 1_000,
        "kib" => 1 << 10,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        "" => return Err(advice(format!("{} has no unit", quoted(written)))),
        _ => return Err(advice(format!("{} is no unit of size", quoted(unit)))),
    };
    match usize::try_from(number.saturating_mul(bytes)) {
        Ok(0) => Err(advice("a size of zero".to_owned())),
        Ok(size) if size <= limits::BODY_BYTES => Ok(size),
        _ => Err(advice(format!("{} is more than a page may have", quoted(written)))),
    }
}

/// Numbers, each with the letters that follow it. Spaces mean nothing.
fn amounts(written: &str) -> Option<Vec<(u64, &str)>> {
    let mut amounts = Vec::new();
    let mut rest = written.trim();
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let after = after.trim_start();
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len()));
        amounts.push((number.parse().ok()?, unit));
        rest = after.trim_start();
    }
    (!amounts.is_empty()).then_some(amounts)
}

/// A number of things. The schema says how small and how large it may be.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "readers of values take references")]
pub(super) fn count(written: &i64) -> Result<usize, Complaint> {
    usize::try_from(*written).map_err(|_| Complaint::new(format!("`{written}` is no number of things")))
}

/// A zone by its IANA name.
pub(super) fn timezone(written: &str) -> Result<Tz, Complaint> {
    if let Ok(zone) = written.parse() {
        return Ok(zone);
    }
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let meant = names()
        .find(|name| name.eq_ignore_ascii_case(written) || city(name).eq_ignore_ascii_case(&written.replace(' ', "_")))
        // Short names are abbreviations (MSK, EDT): what looks like them is a zone at the other end of the world.
        .or_else(|| if written.len() > 4 { nearest(written, names()) } else { None });
    let complaint = Complaint::new(format!("{} is no timezone", quoted(written)))
        .help("zones have IANA names such as `Europe/Moscow` or `America/New_York`; `UTC` is one too");
    Err(match meant {
        Some(name) => complaint.label(format!("did you mean `{name}`?")),
        None => complaint,
    })
}

/// A language tag that looks like one of BCP 47 (RFC 5646): nobody knows them all.
pub(super) fn language(written: &str) -> Result<String, Complaint> {
    let mut parts = written.split('-');
    let is_letters = |part: &str, longest: usize| {
        (2..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let is_first_fine = parts.next().is_some_and(|first| is_letters(first, 3));
    let is_rest_fine =
        parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if is_first_fine && is_rest_fine {
        return Ok(written.to_owned());
    }
    let complaint =
        Complaint::new(format!("{} is no language", quoted(written))).help("write it as `en`, `pt-BR` or `zh-Hant`");
    let hyphens = written.replace('_', "-");
    Err(if hyphens != written && language(&hyphens).is_ok() {
        complaint.label(format!("did you mean `{hyphens}`?"))
    } else {
        complaint
    })
}

/// A language whose dates can be read, perhaps with a country.
pub(super) fn locale(written: &str) -> Result<Locale, Complaint> {
    let language = language(written)?;
    Locale::parse(&language).ok_or_else(|| {
        Complaint::new(format!("dates in {} are not understood", quoted(written))).help(
            "name a language that is close to it, such as `en-GB` or `de`, or write a `format` with figures alone",
        )
    })
}

/// An encoding by any label of the WHATWG Encoding Standard.
pub(super) fn charset(written: &str) -> Result<&'static Encoding, Complaint> {
    Encoding::for_label_no_replacement(written.as_bytes()).ok_or_else(|| {
        Complaint::new(format!("{} is no encoding of web pages", quoted(written))).help(
            "known are `utf-8`, `windows-1251`, `iso-8859-2`, `shift_jis`, `gbk` and the others that browsers know",
        )
    })
}

/// A line of text that may stand in a feed.
pub(super) fn line(written: &str) -> Result<String, Complaint> {
    Text::new(written).map(String::from).ok_or_else(|| Complaint::new("there is nothing in it that can be shown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let millis = |written| duration(written).map(|time| time.as_millis()).ok();
        assert_eq!(millis("15m"), Some(900_000));
        assert_eq!(millis("1h"), Some(3_600_000));
        assert_eq!(millis("500ms"), Some(500));
        assert_eq!(millis("1d"), Some(86_400_000));
        assert_eq!(millis("1h30m"), Some(5_400_000));
        assert_eq!(millis(" 1 h 30 m "), Some(5_400_000));
        for wrong in
            ["", "h", "15", "1.5h", "-1h", "15 minutes", "0s", "400d", "99999999999999999999h", "auto", "1h 30"]
        {
            assert_eq!(millis(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_with_a_word_of_their_own() {
        assert_eq!(refresh("auto").ok(), Some(Refresh::Auto));
        assert_eq!(refresh("15m").ok(), Some(Refresh::Every(Duration::from_mins(15))));
        assert_eq!(sleep_after("never").ok(), Some(Sleep::Never));
        assert_eq!(sleep_after("7d").ok(), Some(Sleep::After(Duration::from_hours(7 * 24))));
        assert!(refresh("never").is_err() && refresh("0s").is_err() && sleep_after("auto").is_err());
    }

    #[test]
    fn sizes() {
        assert_eq!(body_size("8 MiB").ok(), Some(8 * 1024 * 1024));
        assert_eq!(body_size("500kB").ok(), Some(500_000));
        assert_eq!(body_size("10 MiB").ok(), Some(limits::BODY_BYTES));
        for wrong in ["", "8", "8 MiB 1 kB", "0 B", "11 MiB", "8 megs", "99999999999 GiB", "1.5 MiB"] {
            assert!(body_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn languages() {
        for right in ["en", "pt-BR", "zh-Hant-TW", "ast", "de-1996", "sr-Latn"] {
            assert!(language(right).is_ok(), "{right}");
        }
        for wrong in ["", "english", "e", "en_GB", "en-", "en--GB", "d\u{e9}"] {
            assert!(language(wrong).is_err(), "{wrong}");
        }
    }
}
