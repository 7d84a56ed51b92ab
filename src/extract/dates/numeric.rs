//! Seconds and milliseconds since 1970.

use chrono::{DateTime, Utc};

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
pub(super) fn epoch(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        10 => seconds(text),
        13 => millis(text),
        _ => None,
    }
}
