//! Whether what a reader already has is still right (RFC 9110, section 13). Pure.
//!
//! Scope: the two conditions that save a transfer. `If-Match` and `If-Unmodified-Since` guard changes, and nothing here
//! can be changed; `Range` is not offered.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use httpdate::HttpDate;
use hyper::header::{HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH};

/// Seconds from 1970 to the year 10000, where dates in HTTP end.
const END_OF_DATES: u64 = 253_402_300_800;

/// Whether a 304 answers the request. `If-None-Match` decides if it is there, readable or not; else `If-Modified-Since`
/// (section 13.2.2). `etag` is the strong tag of the very form that would be sent, quotes included.
pub(super) fn is_unmodified(headers: &HeaderMap, etag: &str, last_modified: Option<HttpDate>) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        let lines = headers.get_all(IF_NONE_MATCH);
        return lines.iter().filter_map(|line| line.to_str().ok()).any(|line| names(line, etag));
    }
    let mut dates = headers.get_all(IF_MODIFIED_SINCE).iter();
    let (Some(date), None) = (dates.next(), dates.next()) else { return false };
    let date = date.to_str().ok().and_then(|date| date.trim().parse::<HttpDate>().ok());
    date.zip(last_modified).is_some_and(|(date, last_modified)| last_modified <= date)
}

/// Whether one line of `If-None-Match` names `etag`, by weak comparison (section 8.8.3.2). Tags may hold commas, and are
/// cut apart at them here: no piece of another tag can equal one with both its quotes.
fn names(line: &str, etag: &str) -> bool {
    line.trim() == "*" || line.split(',').map(str::trim).any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// A moment as HTTP writes it: whole seconds. `None` if it lies where HTTP has no dates.
pub(super) fn http_date(moment: DateTime<Utc>) -> Option<HttpDate> {
    let seconds = u64::try_from(moment.timestamp()).ok().filter(|&seconds| seconds < END_OF_DATES)?;
    SystemTime::checked_add(&UNIX_EPOCH, Duration::from_secs(seconds)).map(HttpDate::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETAG: &str = "\"abc\"";

    fn is_unmodified_for(fields: &[(&str, &str)]) -> bool {
        let headers = fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let changed = DateTime::from_timestamp_millis(784_111_777_900).unwrap();
        is_unmodified(&headers, ETAG, http_date(changed))
    }

    fn none_match(value: &str) -> bool {
        is_unmodified_for(&[("if-none-match", value)])
    }

    fn modified_since(value: &str) -> bool {
        is_unmodified_for(&[("if-modified-since", value)])
    }

    #[test]
    fn a_tag_matches_strong_weak_in_a_list_and_by_star() {
        for yes in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",W/\"abc\" , \"y\"", "*", " * ", "\"a,b\", \"abc\""]
        {
            assert!(none_match(yes), "{yes}");
        }
        for no in ["\"abd\"", "\"abc-gzip\"", "abc", "\"abc", "w/\"abc\"", "", ",", "\"ABC\"", "*, \"x\"", "\"a,\"abc"]
        {
            assert!(!none_match(no), "{no}");
        }
        assert!(is_unmodified_for(&[("if-none-match", "\"x\""), ("if-none-match", "\"abc\"")]));
    }

    #[test]
    fn a_date_matches_if_nothing_changed_after_it() {
        assert!(modified_since("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert!(modified_since("Sunday, 06-Nov-94 08:49:37 GMT"));
        assert!(modified_since("Sun Nov  6 08:49:37 1994"));
        assert!(modified_since("Sun, 06 Nov 1994 08:49:38 GMT"));
        assert!(!modified_since("Sun, 06 Nov 1994 08:49:36 GMT"));
        for malformed in ["yesterday", "", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:38"] {
            assert!(!modified_since(malformed), "{malformed}");
        }
        let late = ("if-modified-since", "Mon, 07 Nov 1994 00:00:00 GMT");
        assert!(!is_unmodified_for(&[late, late]), "two dates are no date");
    }

    #[test]
    fn the_tag_wins_over_the_date() {
        let late = ("if-modified-since", "Mon, 07 Nov 1994 00:00:00 GMT");
        let early = ("if-modified-since", "Sat, 05 Nov 1994 00:00:00 GMT");
        assert!(is_unmodified_for(&[("if-none-match", ETAG), early]));
        assert!(!is_unmodified_for(&[("if-none-match", "\"x\""), late]));
        assert!(!is_unmodified_for(&[("if-none-match", "malformed"), late]));
    }

    #[test]
    fn who_asks_without_conditions_gets_the_whole() {
        assert!(!is_unmodified_for(&[]));
    }

    #[test]
    fn dates_that_http_cannot_write_are_left_out() {
        for seconds in [-1, 253_402_300_800] {
            assert!(http_date(DateTime::from_timestamp(seconds, 0).unwrap()).is_none());
        }
    }
}
