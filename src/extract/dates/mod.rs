//! Dates as sites write them. Pure: the present moment is an argument, nothing is ever filled in from it.

mod link;
mod numeric;
mod trust;
mod written;

pub use link::{LinkDate, in_link};
pub use trust::{Verdict, judge};

use chrono::{DateTime, Datelike as _, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::item::Date;
use crate::rule::{DateFormat, DateHint};

/// Reads a date by its hint: as the rule's `format` says, else in any of the ways that need no guessing.
pub fn read(text: &str, hint: &DateHint) -> Option<Date> {
    let text = text.trim();
    let stated = match &hint.format {
        Some(DateFormat::Unix) => numeric::seconds(text).map(Stated::Instant),
        Some(DateFormat::UnixMillis) => numeric::millis(text).map(Stated::Instant),
        Some(DateFormat::Strftime(format)) => written::by_format(text, format),
        None => numeric::epoch(text).map(Stated::Instant).or_else(|| written::by_shape(text)),
    }?;
    stated.in_zone(hint)
}

/// What a text says, before the site's zone is brought in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stated {
    /// A moment with an offset.
    Moment(Date),
    /// A moment that no zone can be wrong about, such as seconds since 1970.
    Instant(DateTime<Utc>),
    /// A time on a clock somewhere.
    Local(NaiveDateTime),
    /// A day without a time.
    Day(NaiveDate),
}

impl Stated {
    fn in_zone(self, hint: &DateHint) -> Option<Date> {
        let date = match self {
            Self::Moment(date) if hint.timezone_override => at(date.naive_local(), hint.timezone)?,
            Self::Moment(date) => date,
            Self::Instant(instant) => instant.with_timezone(&hint.timezone).fixed_offset(),
            Self::Local(local) => at(local, hint.timezone)?,
            Self::Day(day) => at(day.and_time(NaiveTime::MIN), hint.timezone)?,
        };
        // Year 0, year 9999 and the like are placeholders, not dates.
        (1000..9999).contains(&date.year()).then_some(date)
    }
}

/// A local time in a zone. Of two readings (clocks set back) the first is taken; a time that was skipped (clocks set
/// forward) is read with the offset before the change, as RFC 5545, section 3.3.5 does.
fn at(local: NaiveDateTime, zone: Tz) -> Option<Date> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(date) | LocalResult::Ambiguous(date, _) => Some(date.fixed_offset()),
        LocalResult::None => {
            let day = chrono::TimeDelta::hours(24);
            let before = zone.from_local_datetime(&local.checked_sub_signed(day)?).earliest()?;
            Some(before.checked_add_signed(day)?.with_timezone(&zone).fixed_offset())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(format: &str, zone: &str) -> DateHint {
        let format = match format {
            "" => None,
            "unix" => Some(DateFormat::Unix),
            "unix-ms" => Some(DateFormat::UnixMillis),
            other => Some(DateFormat::Strftime(other.to_owned())),
        };
        DateHint { format, ..DateHint::in_zone(zone.parse().unwrap()) }
    }

    fn reading(text: &str, format: &str, zone: &str) -> Option<String> {
        read(text, &hint(format, zone)).map(|date| date.to_rfc3339())
    }

    #[test]
    fn machine_formats() {
        for (text, expected) in [
            ("2018-11-02T15:04:05Z", "2018-11-02T15:04:05+00:00"),
            ("2018-11-02T18:04:05+03:00", "2018-11-02T18:04:05+03:00"),
            ("2018-11-02T18:04:05+0300", "2018-11-02T18:04:05+03:00"),
            ("2018-11-02T18:04:05+03", "2018-11-02T18:04:05+03:00"),
            ("2018-11-02 18:04:05 +0300", "2018-11-02T18:04:05+03:00"),
            ("2018-11-02T18:04:05.123456Z", "2018-11-02T18:04:05.123456+00:00"),
            ("2018-11-02T18:04:05,5+01:00", "2018-11-02T18:04:05.500+01:00"),
            ("2018-11-02T18:04+03:00", "2018-11-02T18:04:00+03:00"),
            ("2018-11-02T18:04", "2018-11-02T18:04:00+03:00"),
            ("2018-11-02 18:04:05", "2018-11-02T18:04:05+03:00"),
            ("2018-11-02", "2018-11-02T00:00:00+03:00"),
            ("2018/11/02", "2018-11-02T00:00:00+03:00"),
            ("20181102", "2018-11-02T00:00:00+03:00"),
            ("20181102T180405Z", "2018-11-02T18:04:05+00:00"),
            ("2018-W44-5", "2018-11-02T00:00:00+03:00"),
            ("2018-306", "2018-11-02T00:00:00+03:00"),
            ("2018-11-02 15:04:05 UTC", "2018-11-02T15:04:05+00:00"),
            ("Fri, 02 Nov 2018 15:04:05 GMT", "2018-11-02T15:04:05+00:00"),
            ("Fri, 2 Nov 2018 15:04:05 -0500", "2018-11-02T15:04:05-05:00"),
            ("Fri, 2 Nov 18 15:04 EST", "2018-11-02T15:04:00-05:00"),
            ("2 Nov 2018 15:04:05 +0000", "2018-11-02T15:04:05+00:00"),
            ("1541170000", "2018-11-02T17:46:40+03:00"),
            ("1541170000000", "2018-11-02T17:46:40+03:00"),
        ] {
            assert_eq!(reading(text, "", "Europe/Moscow").as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "soon", "42", "2018", "2018-13-02", "2018-02-31", "0000-00-00", "9999-12-31", "12345678901", "2018-11"]
        {
            assert_eq!(reading(text, "", "UTC"), None, "{text}");
        }
    }

    #[test]
    fn formats_of_the_rule() {
        let dates = [
            ("1541170000", "unix", "2018-11-02T14:46:40+00:00"),
            ("1541170000.75", "unix", "2018-11-02T14:46:40.750+00:00"),
            ("1541170000123", "unix-ms", "2018-11-02T14:46:40.123+00:00"),
            ("02.11.2018", "%d.%m.%Y", "2018-11-02T00:00:00+00:00"),
            ("15:04 02.11.2018", "%H:%M %d.%m.%Y", "2018-11-02T15:04:00+00:00"),
            ("November 2, 2018", "%B %d, %Y", "2018-11-02T00:00:00+00:00"),
            ("Nov 2, 2018 3:04 PM", "%b %d, %Y %I:%M %p", "2018-11-02T15:04:00+00:00"),
            ("2018-11-02T1504+0300", "%Y-%m-%dT%H%M%z", "2018-11-02T15:04:00+03:00"),
            ("11/02/18", "%m/%d/%y", "2018-11-02T00:00:00+00:00"),
        ];
        for (text, format, expected) in dates {
            assert_eq!(reading(text, format, "UTC").as_deref(), Some(expected), "{text}");
        }
        assert_eq!(reading("2018-11-02", "%d.%m.%Y", "UTC"), None);
    }

    #[test]
    fn zones_and_lies_about_them() {
        assert_eq!(reading("2018-07-01 12:00", "", "America/New_York").unwrap(), "2018-07-01T12:00:00-04:00");
        let lie = DateHint { timezone_override: true, ..hint("", "Europe/Moscow") };
        assert_eq!(read("2019-11-18T21:17:27Z", &lie).unwrap().to_rfc3339(), "2019-11-18T21:17:27+03:00");
        // Seconds since 1970 have no zone to lie about.
        assert_eq!(read("1574101047", &lie).unwrap().to_rfc3339(), "2019-11-18T21:17:27+03:00");
        // 2:30 was skipped in Berlin on that day; 2:30 came twice in autumn.
        assert_eq!(reading("2026-03-29 02:30", "", "Europe/Berlin").unwrap(), "2026-03-29T03:30:00+02:00");
        assert_eq!(reading("2026-10-25 02:30", "", "Europe/Berlin").unwrap(), "2026-10-25T02:30:00+02:00");
    }
}
