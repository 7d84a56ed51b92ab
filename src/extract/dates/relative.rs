//! Dates told from the present: "3 hours ago", "gestern", "last Friday".

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::context::Context;
use super::token::Token;
use super::words::{Languages, Meaning, Sense, Unit};

/// What is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A moment: hours and less are counted from now.
    Moment(DateTime<Tz>),
    /// A day: whoever says "2 days ago" means no hour.
    Day(NaiveDate),
}

/// How far back.
#[derive(Clone, Copy, Debug, Default)]
struct Distance {
    months: u32,
    days: u64,
    seconds: i64,
    /// Whether some part of it is finer than a day.
    is_fine: bool,
}

/// What is told at `at`, and the first token behind it.
pub(super) fn told(tokens: &[Token<'_>], at: usize, context: &Context) -> Option<(Told, usize)> {
    let token = tokens.get(at)?;
    if token.is(Meaning::Now) && is_meant(tokens, at, context) {
        return Some((Told::Moment(context.now), at + 1));
    }
    if let Some(back) = token.meaning(|sense| if let Meaning::DaysBack(n) = sense.meaning { Some(n) } else { None })
        && is_meant(tokens, at, context)
    {
        return Some((Told::Day(context.today().checked_sub_days(Days::new(back))?), at + 1));
    }
    if let Some(found) = last_weekday(tokens, at, context) {
        return Some(found);
    }
    // The word for "ago" tells the language, where nothing else does.
    let ago = tokens.iter().skip(at).take(10).find(|token| token.is(Meaning::Ago))?;
    let languages = if context.languages.is_empty() { ago.languages() } else { context.languages };
    if token.is(Meaning::Ago)
        && let Some((distance, end)) = distance(tokens, at + 1, languages)
    {
        return Some((distance.back(context)?, end));
    }
    if let Some((distance, end)) = distance(tokens, at, languages)
        && let Some(ago) = tokens.get(end)
        && ago.is(Meaning::Ago)
    {
        return Some((distance.back(context)?, end + 1));
    }
    None
}

/// Whether a word that means a day or a moment in some language ("ma", "hier", "nu") can mean it here: among other words
/// of dates, or as a longer word of the language that the text is in.
fn is_meant(tokens: &[Token<'_>], at: usize, context: &Context) -> bool {
    let is_of_text = tokens.get(at).is_some_and(|token| token.text.chars().count() > 4 && context.speaks(token));
    is_of_text || !tokens.iter().any(Token::is_strange)
}

/// "5m", "2d", "1h": a whole text that is nothing else, as social listings have it.
pub(super) fn short(tokens: &[Token<'_>], context: &Context) -> Option<Told> {
    let (number, unit) = match tokens {
        [number, unit] | [number, unit, _] if unit.is_joined && unit.text.len() <= 3 => (number, unit),
        _ => return None,
    };
    if tokens.get(2).is_some_and(|last| !last.is(Meaning::Ago)) || matches!(unit.text, "min" | "sec" | "hrs") {
        return None;
    }
    let mut distance = Distance::default();
    distance.add(number.number_of(1..=3)?.into(), unit_of(unit, Languages::ALL)?)?;
    distance.back(context)
}

/// A day of the week alone: the last one. `is_past`: not today's.
pub(super) fn weekday(day: Weekday, is_past: bool, context: &Context) -> Option<NaiveDate> {
    let today = context.today();
    let back = (7 + u64::from(today.weekday().num_days_from_monday()) - u64::from(day.num_days_from_monday())) % 7;
    let back = if back == 0 && is_past { 7 } else { back };
    today.checked_sub_days(Days::new(back))
}

fn last_weekday(tokens: &[Token<'_>], at: usize, context: &Context) -> Option<(Told, usize)> {
    let (one, other) = (tokens.get(at)?, tokens.get(at + 1)?);
    let day = match (one.is(Meaning::Last), other.is(Meaning::Last)) {
        (true, _) => full_weekday(other)?,
        (_, true) => full_weekday(one)?,
        _ => return None,
    };
    Some((Told::Day(weekday(day, true, context)?), at + 2))
}

/// The day of the week that a token names in full.
pub(super) fn full_weekday(token: &Token<'_>) -> Option<Weekday> {
    token.meaning(|sense| match sense.meaning {
        Meaning::Weekday(day, true) => Some(day),
        _ => None,
    })
}

/// A length of time: "3 hours", "a month", "1 day, 2 hours", "an hour and a half" without its half.
fn distance(tokens: &[Token<'_>], start: usize, languages: Languages) -> Option<(Distance, usize)> {
    let mut sum = Distance::default();
    let mut at = start;
    // Nobody names more than three units.
    for round in 0..3 {
        let next =
            at + usize::from(round > 0 && tokens.get(at).is_some_and(|t| t.is_mark(&[',']) || t.is(Meaning::Label)));
        let Some((count, unit, end)) = amount(tokens, next, round == 0, languages) else { break };
        sum.add(count, unit)?;
        at = end;
    }
    (at > start).then_some((sum, at))
}

/// A number of units, and the first token behind it. `may_lack`: a unit alone is one of them ("час назад").
fn amount(tokens: &[Token<'_>], at: usize, may_lack: bool, languages: Languages) -> Option<(i64, Unit, usize)> {
    let token = tokens.get(at)?;
    let next = tokens.get(at + 1);
    let unit_of = |token| unit_of(token, languages);
    if let Some(whole) = token.meaning(|sense| match sense.meaning {
        Meaning::Amount(count, unit) => Some((count, unit)),
        _ => None,
    }) {
        return Some((whole.0, whole.1, at + 1));
    }
    if let Some(number) = token.number_of(1..=4) {
        // `5 mins. ago`, `vor 2 Std.`
        return Some((number.into(), unit_of(next?)?, behind_dot(tokens, at + 2)));
    }
    if token.is(Meaning::Few) {
        // How many is not said; within a day that makes no difference.
        let unit = unit_of(next?).filter(|unit| matches!(unit, Unit::Second | Unit::Minute | Unit::Hour))?;
        return Some((0, unit, at + 2));
    }
    let in_words = token.meaning(|sense| if let Meaning::Number(n) = sense.meaning { Some(n) } else { None });
    if let Some((number, unit)) = in_words.zip(next.and_then(unit_of)) {
        return Some((number, unit, behind_dot(tokens, at + 2)));
    }
    // One letter is a unit only beside its number.
    let is_word = token.text.chars().count() > 1;
    if may_lack && is_word && !(at > 0 && tokens.get(at - 1).is_some_and(Token::is_strange)) {
        return Some((1, unit_of(token)?, at + 1));
    }
    None
}

fn behind_dot(tokens: &[Token<'_>], at: usize) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|token| token.is_mark(&['.'])))
}

/// The unit that a token names: in these languages if it does, else in any.
fn unit_of(token: &Token<'_>, languages: Languages) -> Option<Unit> {
    let unit = |sense: &Sense| if let Meaning::Unit(unit) = sense.meaning { Some(unit) } else { None };
    token
        .meaning(|sense| unit(sense).filter(|_| !sense.languages.both(languages).is_empty()))
        .or_else(|| token.meaning(unit))
}

impl Distance {
    fn add(&mut self, count: i64, unit: Unit) -> Option<()> {
        let whole = || u32::try_from(count).ok();
        match unit {
            Unit::Second => self.seconds = self.seconds.checked_add(count)?,
            Unit::Minute => self.seconds = self.seconds.checked_add(count.checked_mul(60)?)?,
            Unit::Hour => self.seconds = self.seconds.checked_add(count.checked_mul(3600)?)?,
            Unit::Day => self.days += u64::from(whole()?),
            Unit::Week => self.days += 7 * u64::from(whole()?),
            Unit::Month => self.months = self.months.checked_add(whole()?)?,
            Unit::Year => self.months = self.months.checked_add(whole()?.checked_mul(12)?)?,
        }
        self.is_fine |= matches!(unit, Unit::Second | Unit::Minute | Unit::Hour);
        Some(())
    }

    /// The moment or day that lies so far back.
    fn back(self, context: &Context) -> Option<Told> {
        let day =
            |day: NaiveDate| day.checked_sub_months(Months::new(self.months))?.checked_sub_days(Days::new(self.days));
        if !self.is_fine {
            return day(context.today()).map(Told::Day);
        }
        let coarse = TimeDelta::try_days(i64::try_from(self.days).ok()?)?;
        let moment =
            context.now.checked_sub_signed(TimeDelta::try_seconds(self.seconds)?)?.checked_sub_signed(coarse)?;
        moment.checked_sub_months(Months::new(self.months)).map(Told::Moment)
    }
}
