//! `Retry-After`: how long a site asks us to stay away (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::clock::Clock;
use crate::limits;

/// What an answer's `Retry-After` asks for, within the limits; `None` if it says nothing that makes sense.
///
/// A date is read against the answer's own `Date` where it has one: what counts is the distance that the site meant,
/// not how far its clock is off.
pub(super) fn retry_after(headers: &HeaderMap, clock: &dyn Clock) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = seconds(said).or_else(|| {
        let then = httpdate::parse_http_date(said).ok()?;
        let now = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        let now = now.unwrap_or_else(|| SystemTime::from(clock.now()));
        Some(then.duration_since(now).unwrap_or_default())
    })?;
    Some(asked.clamp(limits::RETRY_AFTER_LEAST, limits::RETRY_AFTER_MOST))
}

/// A number of seconds. A negative one is a moment that has passed; one that overflows is as long as can be.
fn seconds(said: &str) -> Option<Duration> {
    let digits = said.strip_prefix('-').unwrap_or(said);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = if said.starts_with('-') { 0 } else { digits.parse().unwrap_or(u64::MAX) };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::clock::ManualClock;

    fn asked(said: &str, date: Option<&'static str>) -> Option<u64> {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(said).unwrap());
        headers.extend(date.map(|date| (DATE, HeaderValue::from_static(date))));
        retry_after(&headers, &ManualClock::new(now)).map(|asked| asked.as_secs())
    }

    #[test]
    fn fault_22_what_sites_write() {
        let day = 24 * 60 * 60;
        for (said, expected) in [
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("0", Some(1)),
            ("-5", Some(1)),
            ("1000000000", Some(day)),
            ("99999999999999999999999", Some(day)),
            ("1e9", None),
            ("soon", None),
            ("", None),
            ("1.5", None),
            ("Mon, 23 Nov 2026 12:02:00 GMT", Some(120)),
            ("Mon, 23 Nov 2026 11:00:00 GMT", Some(1)),
            ("Sun, 23 Nov 2036 12:00:00 GMT", Some(day)),
        ] {
            assert_eq!(asked(said, None), expected, "{said}");
        }
    }

    #[test]
    fn a_date_is_read_by_the_clock_of_the_site() {
        let fast = "Mon, 23 Nov 2026 15:00:00 GMT";
        assert_eq!(asked("Mon, 23 Nov 2026 15:02:00 GMT", Some(fast)), Some(120));
    }
}
