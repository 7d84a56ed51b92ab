//! For how long an answer is what stands there (RFC 9111, for a private cache that never serves anything without asking
//! its own questions).
//!
//! Scope: `Cache-Control: max-age`, `Expires`, `Date` and `Age`. Left out: `s-maxage`, `public` and `private`, which are
//! about shared caches; guessing from `Last-Modified` (section 4.2.2), since our own schedule guesses better; and
//! `stale-*`, since an edition is served on anyway.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName};

use crate::limits;

/// What `Cache-Control` says, as far as it matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Control {
    /// `no-store` or `no-cache`: nothing else counts.
    is_refused: bool,
    /// `max-age`; the least, if it stands there several times (section 4.2.1).
    max_age: Option<Duration>,
}

/// For how long the answer with these headers, received at `now`, need not be asked for again; `None`: the site does not
/// say, or says that it must be.
pub(super) fn fresh_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let control = control(headers);
    if control.is_refused {
        return None;
    }
    let lifetime = control.max_age.or_else(|| until_expiry(headers, now))?;
    let age = text(headers, &AGE).and_then(seconds).unwrap_or_default();
    Some(lifetime.saturating_sub(age).min(limits::FRESH_MOST))
}

fn control(headers: &HeaderMap) -> Control {
    let mut control = Control::default();
    let values = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    for directive in values.flat_map(|value| value.split(',')) {
        let (name, said) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            // `no-cache="Set-Cookie"` is about that header alone.
            "no-store" => control.is_refused = true,
            "no-cache" if said.is_empty() => control.is_refused = true,
            "max-age" => {
                // What cannot be read is stale (section 4.2.1).
                let age = seconds(said.trim().trim_matches('"')).unwrap_or_default();
                control.max_age = Some(control.max_age.map_or(age, |other| other.min(age)));
            }
            _ => {}
        }
    }
    control
}

/// `Expires` against the answer's own `Date`: the distance that the site meant, whatever its clock says.
fn until_expiry(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let expires = text(headers, &EXPIRES)?;
    // `0` and other things that are no dates mean "already expired" (section 5.3).
    let Ok(expires) = httpdate::parse_http_date(expires) else { return Some(Duration::ZERO) };
    let date = text(headers, &DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    Some(expires.duration_since(date.unwrap_or_else(|| SystemTime::from(now))).unwrap_or_default())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Whole seconds; a number too large to hold is as long as can be (section 1.2.2).
fn seconds(said: &str) -> Option<Duration> {
    let is_number = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(said.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const DAY: u64 = 24 * 60 * 60;

    fn of(written: &[(&'static str, &'static str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in written {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        fresh_for(&headers, now).map(|fresh| fresh.as_secs())
    }

    #[test]
    fn fault_55_what_cache_control_says() {
        for (said, expected) in [
            ("max-age=3600", Some(3600)),
            ("public, MAX-AGE=60 , stale-while-revalidate=600", Some(60)),
            ("max-age=\"60\"", Some(60)),
            ("max-age=600, max-age=60", Some(60)),
            ("max-age=3600, must-revalidate", Some(3600)),
            ("must-revalidate", None),
            ("s-maxage=3600", None),
            ("s-maxage=3600, max-age=5", Some(5)),
            ("max-age=3600, no-cache", None),
            ("no-store, max-age=3600", None),
            ("max-age=3600, no-cache=\"Set-Cookie\"", Some(3600)),
            ("max-age=-5", Some(0)),
            ("max-age=soon", Some(0)),
            ("max-age", Some(0)),
            ("max-age=31536000", Some(DAY)),
            ("max-age=99999999999999999999999", Some(DAY)),
            ("private", None),
            ("", None),
        ] {
            assert_eq!(of(&[("cache-control", said)]), expected, "{said}");
        }
        assert_eq!(of(&[("cache-control", "max-age=60"), ("cache-control", "no-store")]), None, "several lines");
    }

    #[test]
    fn the_time_in_other_caches_counts() {
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "100")]), Some(500));
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "700")]), Some(0));
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "old")]), Some(600));
    }

    #[test]
    fn expires_is_read_by_the_clock_of_the_site() {
        let (noon, ten_past) = ("Mon, 23 Nov 2026 12:00:00 GMT", "Mon, 23 Nov 2026 12:10:00 GMT");
        assert_eq!(of(&[("expires", ten_past)]), Some(600), "without a date by ours");
        assert_eq!(
            of(&[("expires", "Mon, 23 Nov 2026 15:10:00 GMT"), ("date", "Mon, 23 Nov 2026 15:00:00 GMT")]),
            Some(600)
        );
        assert_eq!(of(&[("expires", noon), ("date", ten_past)]), Some(0));
        assert_eq!(of(&[("expires", "0")]), Some(0));
        assert_eq!(of(&[("expires", ten_past), ("age", "60")]), Some(540));
        assert_eq!(of(&[("expires", ten_past), ("cache-control", "max-age=5")]), Some(5), "max-age wins");
        assert_eq!(of(&[("expires", "Sun, 23 Nov 2036 12:00:00 GMT")]), Some(DAY));
        assert_eq!(of(&[]), None);
    }
}
