//! Dates in words and figures: by the rule's format, or in the ways of ISO 8601, RFC 3339 and RFC 2822.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use regex::Regex;

use super::Stated;

/// Reads by a `strftime` format: with an offset, without one, or a day alone.
pub(super) fn by_format(text: &str, format: &str) -> Option<Stated> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = folded.as_str();
    DateTime::parse_from_str(text, format)
        .map(Stated::Moment)
        .or_else(|_| NaiveDateTime::parse_from_str(text, format).map(Stated::Local))
        .or_else(|_| NaiveDate::parse_from_str(text, format).map(Stated::Day))
        .ok()
}

/// Reads what can be read without being told how.
pub(super) fn by_shape(text: &str) -> Option<Stated> {
    iso(text).or_else(|| rfc_2822(text))
}

/// ISO 8601 and its variants: basic and extended, week and ordinal dates, with or without a time and an offset.
fn iso(text: &str) -> Option<Stated> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^
            (?<day> \d{4}-\d{2}-\d{2} | \d{4}/\d{2}/\d{2} | \d{8} | \d{4}-W\d{2}-\d | \d{4}-\d{3} )
            (?: [T\ ]\s* (?<time> \d{2}:?\d{2} (?: :?\d{2} (?: [.,]\d{1,9} )? )? ) \s* (?<zone> [A-Za-z]{1,5} | [+-]\d{2}(?::?\d{2})? )? )?
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
    let offset = offset(zone.as_str())?;
    local.and_local_timezone(offset).single().map(Stated::Moment)
}

/// RFC 2822, section 3.3, with what its section 4.3 calls obsolete: two-digit years, named zones, no seconds.
fn rfc_2822(text: &str) -> Option<Stated> {
    DateTime::parse_from_rfc2822(text).ok().map(Stated::Moment)
}

/// An offset: `Z`, `+03`, `+0300`, `+03:00`, or one of the names that RFC 2822, section 4.3 gives a meaning.
fn offset(zone: &str) -> Option<chrono::FixedOffset> {
    let hours = |hours: i32| chrono::FixedOffset::east_opt(hours * 3600);
    match zone.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" | "UT" => hours(0),
        "EDT" => hours(-4),
        "EST" | "CDT" => hours(-5),
        "CST" | "MDT" => hours(-6),
        "MST" | "PDT" => hours(-7),
        "PST" => hours(-8),
        figures if figures.starts_with(['+', '-']) => {
            let padded = if figures.len() == 3 { format!("{figures}00") } else { figures.replace(':', "") };
            padded.parse().ok()
        }
        _ => None,
    }
}
