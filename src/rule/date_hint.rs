//! What a rule says about how its dates are written.

use chrono_tz::Tz;

use super::Locale;

/// How a date is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMillis,
    /// `strftime` directives, as chrono knows them; names of months and weekdays may be those of any language.
    Strftime(String),
}

/// What a rule says about a date, beyond the text itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateHint {
    /// How it is written; `None`: any of the known ways.
    pub format: Option<DateFormat>,
    /// The zone of dates that name none.
    pub timezone: Tz,
    /// Whether `timezone` also holds for dates that name another: the page's own offset is a lie.
    pub timezone_override: bool,
    /// The language, and perhaps the country, that the date is written in; `None`: any of those that are known.
    pub locale: Option<Locale>,
}

impl DateHint {
    /// Any known way of writing in any language, in `timezone` unless the date says otherwise.
    pub const fn in_zone(timezone: Tz) -> Self {
        Self { format: None, timezone, timezone_override: false, locale: None }
    }
}
