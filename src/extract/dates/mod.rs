//! Dates as sites write them: by machines and by people, absolute and relative, in the languages that sites are written
//! in. Pure: the present moment is an argument.
//!
//! A date that names no year is the last such day, never one in the future. Distances are counted from the present
//! moment: "3 hours ago" is a moment, "2 days ago" and everything coarser a day. Both move as time goes by, which does no
//! harm: the archive keeps the first reading for ever. What has two readings that nothing decides between is doubted,
//! not guessed.

mod calendar;
mod clock;
mod context;
mod fold;
mod format;
mod link;
mod machine;
mod relative;
mod sentence;
mod token;
mod trust;
mod words;
mod zone;

pub use link::{LinkDate, in_link};
pub use trust::{Verdict, judge};

use chrono::{DateTime, Datelike as _, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use self::context::Context;
use crate::item::Date;
use crate::limits;
use crate::rule::{DateFormat, DateHint};

/// What a text says about a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// This moment; of a day without a time its midnight on the clocks of the site.
    Date(Date),
    /// A date, but it cannot be told which.
    Doubted(Doubt),
    /// No date.
    Nothing,
}

/// Why a date cannot be read with certainty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Day and month may stand in one order or the other, or a month's name means another one elsewhere.
    #[error("it may be {} or {}: say `locale`, or `format`", .0.format("%-d %B %Y"), .1.format("%-d %B %Y"))]
    TwoReadings(NaiveDate, NaiveDate),
    /// The zone's name means different zones.
    #[error("the zone `{0}` means several: say `timezone`")]
    Zone(String),
}

impl Reading {
    /// The date, if it is certain.
    pub fn date(&self) -> Option<Date> {
        if let Self::Date(date) = self { Some(*date) } else { None }
    }
}

/// What the words before a date say of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// That it is that of a later change.
    pub is_update: bool,
    /// That it is that of publication.
    pub is_publication: bool,
}

/// Reads a date in a line that people see, in any way that it may be written, and what the line says of it.
pub fn line(text: &str, hint: &DateHint, now: DateTime<Utc>) -> Option<(Date, Said)> {
    let text = shortened(text.trim());
    let (stated, said) = match machine::by_shape(text, hint.timezone) {
        Some(stated) => (stated, Said::default()),
        None => told(text, hint, now).and_then(|(stated, said)| Some((stated.ok()?, said)))?,
    };
    stated.in_zone(hint).map(|date| (date, said))
}

/// What the words at the end of a text say of the date behind them.
pub fn said_before(text: &str) -> Said {
    let folded = fold::fold(shortened(text));
    sentence::said(&token::tokens(&folded))
}

/// Reads a date by its hint: as the rule's `format` says, else in any way that people and machines write dates.
pub fn read(text: &str, hint: &DateHint, now: DateTime<Utc>) -> Reading {
    let text = shortened(text.trim());
    let stated = match &hint.format {
        Some(DateFormat::Unix) => machine::seconds(text).map(Stated::Instant),
        Some(DateFormat::UnixMillis) => machine::millis(text).map(Stated::Instant),
        Some(DateFormat::Strftime(format)) => {
            format::by_format(text, format, &Context::new(hint, now.with_timezone(&hint.timezone), &[]))
        }
        None => match machine::by_shape(text, hint.timezone) {
            Some(stated) => Some(stated),
            None => match told(text, hint, now) {
                Some((Err(doubt), _)) => return Reading::Doubted(doubt),
                told => told.and_then(|(stated, _)| stated.ok()),
            },
        },
    };
    stated.and_then(|stated| stated.in_zone(hint)).map_or(Reading::Nothing, Reading::Date)
}

/// Reads a date in a sentence. A text without a figure or a word is not worth cutting into pieces.
fn told(text: &str, hint: &DateHint, now: DateTime<Utc>) -> Option<(Result<Stated, Doubt>, Said)> {
    let folded = fold::fold(text);
    let tokens = token::tokens(&folded);
    sentence::told(&tokens, &Context::new(hint, now.with_timezone(&hint.timezone), &tokens))
}

/// The beginning of a text, cut where a word ends: dates stand at the beginning, if anywhere.
fn shortened(text: &str) -> &str {
    match text.char_indices().nth(limits::DATE_CHARS) {
        Some((end, _)) => {
            let start = text.get(..end).unwrap_or_default();
            start.rfind(char::is_whitespace).and_then(|space| start.get(..space)).unwrap_or_default()
        }
        None => text,
    }
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
        // Before 1583 there was no such calendar: those years are Persian or Islamic, or none. Year 0, year 9999 and the beginning of 1970, where unset clocks stand, are placeholders, not dates.
        let is_unset = date.timestamp() == 0 || (date.year(), date.ordinal()) == (1970, 1);
        (!is_unset && (1583..9999).contains(&date.year())).then_some(date)
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

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn reading(text: &str, format: &str, zone: &str) -> Option<String> {
        read(text, &hint(format, zone), now()).date().map(|date| date.to_rfc3339())
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
        assert_eq!(read("2019-11-18T21:17:27Z", &lie, now()).date().unwrap().to_rfc3339(), "2019-11-18T21:17:27+03:00");
        // Seconds since 1970 have no zone to lie about.
        assert_eq!(read("1574101047", &lie, now()).date().unwrap().to_rfc3339(), "2019-11-18T21:17:27+03:00");
        // 2:30 was skipped in Berlin on that day; 2:30 came twice in autumn.
        assert_eq!(reading("2026-03-29 02:30", "", "Europe/Berlin").unwrap(), "2026-03-29T03:30:00+02:00");
        assert_eq!(reading("2026-10-25 02:30", "", "Europe/Berlin").unwrap(), "2026-10-25T02:30:00+02:00");
    }
}
