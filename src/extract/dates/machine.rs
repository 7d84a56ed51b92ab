//! Dates as machines write them: seconds since 1970, ISO 8601, RFC 3339, RFC 2822.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use regex::Regex;

use super::Stated;
use super::zone::{self, Zone};

/// Reads what is a machine's date from the first sign to the last.
pub(super) fn by_shape(text: &str, site: Tz) -> Option<Stated> {
    epoch(text).map(Stated::Instant).or_else(|| digits(text)).or_else(|| iso(text)).or_else(|| rfc_2822(text, site))
}

/// Seconds, possibly with a fraction.
pub(super) fn seconds(text: &str) -> Option<DateTime<Utc>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanos =
        fraction.bytes().chain(std::iter::repeat(b'0')).take(9).fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
    DateTime::from_timestamp(whole, nanos)
}

/// Milliseconds.
pub(super) fn millis(text: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(text.parse().ok()?)
}

/// Ten digits are seconds (2001 to 2286), thirteen are milliseconds; other numbers are no dates.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        10 => seconds(text),
        13 => millis(text),
        _ => None,
    }
}

/// Fourteen digits: a day and a time, as databases write them.
fn digits(text: &str) -> Option<Stated> {
    let is_it = text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit());
    NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok().filter(|_| is_it).map(Stated::Local)
}

/// ISO 8601 and its variants: basic and extended, week and ordinal dates, with or without a time and an offset.
fn iso(text: &str) -> Option<Stated> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^
            (?<day> \d{4}-\d{2}-\d{2} | \d{4}/\d{2}/\d{2} | \d{8} | \d{4}-W\d{2}-\d | \d{4}-\d{3} )
            (?: [T\ ]\s* (?<time> \d{2}:?\d{2} (?: :?\d{2} (?: [.,]\d{1,9} )? )? ) \s* (?<zone> Z | [+-]\d{2}(?::?\d{2})? )? )?
            $",
        )
        .ok()
    });
    let parts = SHAPE.as_ref()?.captures(text)?;
    let day = parts.name("day")?.as_str();
    let format = match (day.len(), day.contains('W')) {
        (10, true) => "%G-W%V-%u",
        (10, false) if day.contains('/') => "%Y/%m/%d",
        (10, false) => "%Y-%m-%d",
        (8, false) if day.contains('-') => "%Y-%j",
        (8, false) => "%Y%m%d",
        _ => return None,
    };
    let day = NaiveDate::parse_from_str(day, format).ok()?;
    let Some(time) = parts.name("time") else { return Some(Stated::Day(day)) };
    let time = time.as_str().replace(',', ".").replace(':', "");
    let format = if time.len() == 4 { "%Y%m%d%H%M" } else { "%Y%m%d%H%M%S%.f" };
    let local = NaiveDateTime::parse_from_str(&format!("{}{time}", day.format("%Y%m%d")), format).ok()?;
    let Some(zone) = parts.name("zone") else { return Some(Stated::Local(local)) };
    local.and_local_timezone(offset(zone.as_str())?).single().map(Stated::Moment)
}

/// An offset: `Z`, `+03`, `+0300`, `+03:00`.
fn offset(zone: &str) -> Option<chrono::FixedOffset> {
    if zone == "Z" {
        return chrono::FixedOffset::east_opt(0);
    }
    let padded = if zone.len() == 3 { format!("{zone}00") } else { zone.replace(':', "") };
    padded.parse().ok()
}

/// RFC 2822, section 3.3, with what its section 4.3 calls obsolete: two-digit years, named zones, no seconds. A zone's
/// name that the site's own zone has too means that one.
fn rfc_2822(text: &str, site: Tz) -> Option<Stated> {
    let moment = DateTime::parse_from_rfc2822(text).ok()?;
    let name = text.rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
    let local = moment.naive_local();
    match zone::named(&name, site, local) {
        Some(Zone::Offset(offset)) => local.and_local_timezone(offset).single().map(Stated::Moment),
        _ => Some(Stated::Moment(moment)),
    }
}
