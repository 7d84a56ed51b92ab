//! What is known beside the text: the moment, the site's zone, the language that the text is in.

use chrono::{DateTime, Datelike as _, NaiveDate, Weekday};
use chrono_tz::Tz;

use super::calendar::Reading;
use super::token::Token;
use super::words::{Languages, Meaning, Sense, dictionary};
use crate::rule::{DateHint, Language, Locale, Order};

/// What a text is read with.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// The present moment on the clocks of the site.
    pub(super) now: DateTime<Tz>,
    /// The language that the text is said to be in.
    pub(super) languages: Languages,
    locale: Option<Locale>,
    /// Whether years are those of Thailand.
    pub(super) is_thai: bool,
}

impl Context {
    pub(super) fn new(hint: &DateHint, now: DateTime<Tz>, tokens: &[Token<'_>]) -> Self {
        let languages = hint.locale.map_or(Languages::NONE, |locale| Languages::one(locale.language));
        let thai = Language::named("th").map_or(Languages::NONE, Languages::one);
        let is_thai = languages == thai || tokens.iter().any(|token| token.languages() == thai);
        Self { now, languages, locale: hint.locale, is_thai }
    }

    /// The present day at the site.
    pub(super) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The order of short dates in figures.
    pub(super) fn order(&self) -> Option<Order> {
        self.locale.and_then(|locale| locale.order)
    }

    /// Whether the day stands before the month when the year stands last.
    pub(super) fn day_first(&self) -> Option<bool> {
        self.locale.and_then(|locale| locale.day_first)
    }

    /// The months that a word may name: in the known language if it is a word of that, else in any.
    pub(super) fn months(&self, token: &Token<'_>) -> Vec<(u32, Languages)> {
        let month = |sense: &Sense| match sense.meaning {
            Meaning::Month(month) => Some((month, sense.languages)),
            _ => None,
        };
        let mut months: Vec<(u32, Languages)> = token.senses().iter().filter_map(month).collect();
        if months.is_empty() && token.is_strange() {
            // Ends of words are guessed only where the language is known, or the script says enough.
            let stems = dictionary().get_by_stem(token.text).filter_map(month);
            let is_meant = |(_, languages): &(u32, Languages)| {
                if self.languages.is_empty() {
                    !token.text.is_ascii()
                } else {
                    !languages.both(self.languages).is_empty()
                }
            };
            months = stems.filter(is_meant).collect();
        }
        narrowed(months, self.languages)
    }

    /// Whether a token is a word of the known language, or of English where none is known.
    pub(super) fn speaks(&self, token: &Token<'_>) -> bool {
        let english = Language::named("en").map_or(Languages::NONE, Languages::one);
        let languages = if self.languages.is_empty() { english } else { self.languages };
        !token.languages().both(languages).is_empty()
    }

    /// Whether one of these months is called so in the known language, or in English.
    pub(super) fn expects(&self, months: &[(u32, Languages)]) -> bool {
        let english = Language::named("en").map_or(Languages::NONE, Languages::one);
        months.iter().any(|(_, spoken)| !spoken.both(self.languages).is_empty() || !spoken.both(english).is_empty())
    }

    /// The day that a reading means: its own, or without a year the last such day that is not in the future.
    pub(super) fn day(&self, reading: Reading, weekday: Option<Weekday>) -> Option<NaiveDate> {
        if let Some(year) = reading.year {
            return NaiveDate::from_ymd_opt(year, reading.month, reading.day);
        }
        let today = self.today();
        // Eight years back there was a 29th of February, whatever century it is.
        let years = (0..=8).map(|back| today.year() - back);
        let days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, reading.month, reading.day));
        let mut past = days.filter(|day| *day <= today);
        let last = past.clone().next();
        past.find(|day| weekday.is_none_or(|weekday| day.weekday() == weekday)).or(last)
    }
}

/// Of the months that a word may name, those that the other words of the text, or English, leave.
pub(super) fn settled(tokens: &[Token<'_>], months: &[(u32, Languages)]) -> Vec<u32> {
    let mut months = months.to_vec();
    if months.len() > 1 {
        let telling = tokens.iter().filter(|token| {
            let is_telling = |sense: &Sense| {
                matches!(
                    sense.meaning,
                    Meaning::Weekday(_, true) | Meaning::Label | Meaning::Updated | Meaning::At | Meaning::Hours
                )
            };
            token.text.chars().count() > 1 && token.senses().iter().any(is_telling)
        });
        for token in telling {
            months = narrowed(months, token.languages());
        }
    }
    if months.len() > 1 {
        let english = Language::named("en").map_or(Languages::NONE, Languages::one);
        months = narrowed(months, english);
    }
    months.into_iter().map(|(month, _)| month).collect()
}

/// Those that are words of `languages`; all of them if none is.
fn narrowed(months: Vec<(u32, Languages)>, languages: Languages) -> Vec<(u32, Languages)> {
    let of_these: Vec<(u32, Languages)> =
        months.iter().filter(|(_, spoken)| !spoken.both(languages).is_empty()).copied().collect();
    if of_these.is_empty() { months } else { of_these }
}
