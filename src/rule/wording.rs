//! Texts with places in them, which are filled in each time the text is used: `/archive/{date:%Y/%m}/`.

use std::fmt::Write as _;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

/// Days before or after the present one that a place may name.
const DAYS: i64 = 366;

/// A text with places in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording(Vec<WordingPart>);

/// A piece of a [`Wording`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordingPart {
    /// Stands as it is.
    Literal(String),
    /// `{date:%Y%m%d}`, `{date-1:%d}`: the present day in the site's zone, or one so many days later.
    Date {
        /// Directives of strftime, as chrono knows them.
        format: String,
        /// How many days later; earlier if negative.
        days: i64,
    },
    /// `{owner}`: a parameter of the site.
    Parameter(String),
}

/// What is wrong with a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordingError {
    /// A `{` without its `}`, or the other way round.
    #[error("a brace without its counterpart")]
    Brace,
    /// Nothing is known by this name.
    #[error("nothing is known that could be put in for `{{{0}}}`")]
    Unknown(String),
    /// A directive is not known, or there is none.
    #[error("`{0}` is no format of a date")]
    Format(String),
    /// The day is not told as a number, or is too far away.
    #[error("`{{{0}..}}` is no day")]
    Day(String),
}

impl Wording {
    /// Reads a text in which every brace belongs to a place. `parameters` are the names that may stand there besides
    /// `date`.
    pub fn parse(written: &str, parameters: &[&str]) -> Result<Self, WordingError> {
        Self::read(written, parameters, true)
    }

    /// Reads a text that may have braces of its own, such as JSON: what is no place stands as it is.
    pub fn parse_loose(written: &str, parameters: &[&str]) -> Result<Self, WordingError> {
        Self::read(written, parameters, false)
    }

    fn read(written: &str, parameters: &[&str], is_strict: bool) -> Result<Self, WordingError> {
        let mut wording = Self::default();
        let mut rest = written;
        while let Some((before, from)) = rest.split_once('{') {
            wording.push(before);
            // A place has no brace in it: `{"day": "{date:%F}"}` has one place.
            let place = from.split_once('}').filter(|(name, _)| !name.contains('{'));
            let is_lone = before.contains('}') || place.is_none();
            match place.and_then(|(name, after)| Some((place_of(name, parameters)?, after))) {
                _ if is_strict && is_lone => return Err(WordingError::Brace),
                Some((part, after)) => {
                    wording.0.push(part?);
                    rest = after;
                }
                None if is_strict => {
                    return Err(WordingError::Unknown(place.map(|(name, _)| name.to_owned()).unwrap_or_default()));
                }
                None => {
                    wording.push("{");
                    rest = from;
                }
            }
        }
        if is_strict && rest.contains('}') {
            return Err(WordingError::Brace);
        }
        wording.push(rest);
        Ok(wording)
    }

    fn push(&mut self, literal: &str) {
        match self.0.last_mut() {
            _ if literal.is_empty() => {}
            Some(WordingPart::Literal(before)) => before.push_str(literal),
            _ => self.0.push(WordingPart::Literal(literal.to_owned())),
        }
    }

    /// The pieces, in order.
    pub fn parts(&self) -> &[WordingPart] {
        &self.0
    }

    /// Whether it tells a date, and so differs from day to day.
    pub fn is_dated(&self) -> bool {
        self.0.iter().any(|part| matches!(part, WordingPart::Date { .. }))
    }

    /// The text with these values for its parameters; what has none stays a place.
    #[must_use]
    pub fn bound(&self, value: impl Fn(&str) -> Option<String>) -> Self {
        let mut bound = Self::default();
        for part in &self.0 {
            match part {
                WordingPart::Literal(literal) => bound.push(literal),
                WordingPart::Parameter(name) if let Some(value) = value(name) => bound.push(&value),
                other => bound.0.push(other.clone()),
            }
        }
        bound
    }

    /// The text at this moment. Parameters that were never bound are left out.
    pub fn at(&self, now: DateTime<Tz>) -> String {
        self.0.iter().fold(String::new(), |mut text, part| {
            match part {
                WordingPart::Literal(literal) => text.push_str(literal),
                WordingPart::Date { format, days } => {
                    let day = now.checked_add_signed(TimeDelta::days(*days)).unwrap_or(now);
                    // The format was tried when it was read.
                    let _ = write!(text, "{}", day.format(format));
                }
                WordingPart::Parameter(_) => {}
            }
            text
        })
    }
}

/// What stands between braces; `None` if it is nothing that is known.
fn place_of(name: &str, parameters: &[&str]) -> Option<Result<WordingPart, WordingError>> {
    if parameters.contains(&name) {
        return Some(Ok(WordingPart::Parameter(name.to_owned())));
    }
    let (day, format) = name.strip_prefix("date")?.split_once(':')?;
    if !day.is_empty() && !day.starts_with(['-', '+']) {
        return None;
    }
    let number = if day.is_empty() { Some(0) } else { day.parse().ok() };
    let days = number.filter(|days: &i64| (-DAYS..=DAYS).contains(days));
    Some(match days {
        None => Err(WordingError::Day(format!("date{day}:"))),
        Some(_) if !is_format(format) => Err(WordingError::Format(format.to_owned())),
        Some(days) => Ok(WordingPart::Date { format: format.to_owned(), days }),
    })
}

/// Whether chrono can write a date so, and a date it is.
fn is_format(format: &str) -> bool {
    let mut directives = 0;
    for item in StrftimeItems::new(format) {
        match item {
            Item::Error => return false,
            Item::Literal(_) | Item::OwnedLiteral(_) | Item::Space(_) | Item::OwnedSpace(_) => {}
            Item::Numeric(..) | Item::Fixed(_) => directives += 1,
        }
    }
    directives > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn at_noon(wording: &Wording) -> String {
        wording.at(chrono_tz::UTC.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap())
    }

    #[test]
    fn days_are_filled_in() {
        for (written, expected) in [
            ("/x", "/x"),
            ("", ""),
            ("/{date:%Y%m%d}/", "/20260301/"),
            ("/{date-1:%Y/%m/%d}?to={date+7:%F}", "/2026/02/28?to=2026-03-08"),
            ("{date:%-d %B %y}", "1 March 26"),
        ] {
            assert_eq!(at_noon(&Wording::parse(written, &[]).unwrap()), expected, "{written}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused_or_left() {
        use WordingError::{Brace, Day, Format, Unknown};
        for (written, error) in [
            ("{n}", Unknown("n".into())),
            ("{}", Unknown(String::new())),
            ("{date}", Unknown("date".into())),
            ("{date5:%Y}", Unknown("date5:%Y".into())),
            ("{x", Brace),
            ("x}", Brace),
            ("{x{y}", Brace),
            ("{date:}", Format(String::new())),
            ("{date:today}", Format("today".into())),
            ("{date:%Q}", Format("%Q".into())),
            ("{date-x:%Y}", Day("date-x:".into())),
            ("{date-367:%Y}", Day("date-367:".into())),
            ("{date-99999999999999999999:%Y}", Day("date-99999999999999999999:".into())),
        ] {
            assert_eq!(Wording::parse(written, &[]), Err(error), "{written}");
        }
        for (written, expected) in [
            (
                r#"{"day":"{date:%F}","q":"query { posts { title } }"}"#,
                r#"{"day":"2026-03-01","q":"query { posts { title } }"}"#,
            ),
            ("{x", "{x"),
            ("x}{", "x}{"),
        ] {
            assert_eq!(at_noon(&Wording::parse_loose(written, &[]).unwrap()), expected);
        }
        assert_eq!(Wording::parse_loose("{ {date:%Q} }", &[]), Err(Format("%Q".into())));
    }

    #[test]
    fn parameters_are_bound_before_days() {
        let wording = Wording::parse("/{owner}/{repo}/{date:%Y}", &["owner", "repo"]).unwrap();
        let bound = wording.bound(|name| (name == "owner").then(|| "{date:%Y}".to_owned()));
        assert_eq!(bound.parts().len(), 4, "a value is no place: {bound:?}");
        assert_eq!(at_noon(&bound.bound(|_| Some("feedmill".to_owned()))), "/{date:%Y}/feedmill/2026");
        assert!(wording.is_dated() && !Wording::parse("{x}", &["x"]).unwrap().is_dated());
    }
}
