//! Dates within sentences: every one is found, each with its time, and the first one that is not an update is meant.

use chrono::{Datelike as _, NaiveDate, NaiveTime, Weekday};

use super::calendar::{self, Written};
use super::clock::{Clock, ZoneWritten, clock};
use super::context::Context;
use super::relative::{self, Told};
use super::token::{Kind, Token};
use super::words::Meaning;
use super::zone::{self, Zone};
use super::{Doubt, Said, Stated};
use crate::limits;

/// A date somewhere in a text.
struct Found {
    /// Its first token and the one behind it, its time included.
    start: usize,
    end: usize,
    stated: Result<Stated, Doubt>,
    is_update: bool,
    /// Whether it is one word for a day, such as "today": "ma" is that in one language and Monday in others, and "USA
    /// Today" is a newspaper. A date that names its day is believed before it.
    is_word: bool,
}

/// The date that a text tells: none, a doubted one, or one that can be placed on a clock; and what the words before it
/// say of it.
pub(super) fn told(tokens: &[Token<'_>], context: &Context) -> Option<(Result<Stated, Doubt>, Said)> {
    if let Some(told) = relative::short(tokens, context) {
        return Some((Ok(stated(told)), Said::default()));
    }
    let mut all: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < tokens.len() && all.len() < limits::DATES_IN_A_TEXT {
        let behind = all.iter().rev().find(|found| !found.is_word).map_or(0, |found| found.end);
        match found(tokens, at, behind, context) {
            Some(found) => {
                // What looks like the time behind such a word may be the date itself.
                at = if found.is_word { at + 1 } else { found.end.max(at + 1) };
                all.push(found);
            }
            None => at += 1,
        }
    }
    let named = all.iter().position(|found| !found.is_update && !found.is_word);
    let chosen = named.or_else(|| all.iter().position(|found| !found.is_update)).unwrap_or(0);
    if chosen < all.len() {
        let found = all.swap_remove(chosen);
        let said = Said { is_update: found.is_update, is_publication: is_publication(tokens, found.start) };
        return Some((found.stated, said));
    }
    weekday_alone(tokens, context).map(|stated| (stated, Said::default()))
}

fn stated(told: Told) -> Stated {
    match told {
        Told::Moment(moment) => Stated::Instant(moment.to_utc()),
        Told::Day(day) => Stated::Day(day),
    }
}

/// The date that begins at `at`, with the time before or behind it. What lies before `behind` belongs to another one.
fn found(tokens: &[Token<'_>], at: usize, behind: usize, context: &Context) -> Option<Found> {
    if let Some((told, end)) = relative::told(tokens, at, context) {
        let is_update = is_update(tokens, at, behind);
        let found = match told {
            Told::Moment(_) => Found { start: at, end, stated: Ok(stated(told)), is_update, is_word: false },
            Told::Day(day) => with_time(tokens, at, end, behind, context, Ok(day)),
        };
        return Some(Found { is_word: end == at + 1, ..found });
    }
    let written = calendar::written(tokens, at, context)?;
    let day = settled(tokens, at, &written, context);
    let found = with_time(tokens, at, written.end, behind, context, day?);
    (!written.is_weak || stands_alone(tokens, &found)).then_some(found)
}

/// The one day that is meant; the outer `None`: there is no such day.
fn settled(tokens: &[Token<'_>], at: usize, written: &Written, context: &Context) -> Option<Result<NaiveDate, Doubt>> {
    let weekday = weekday_beside(tokens, at, written.end);
    let mut days: Vec<NaiveDate> =
        written.readings.iter().filter_map(|reading| context.day(*reading, weekday)).collect();
    days.dedup();
    if days.len() > 1
        && let Some(day) = days.iter().copied().find(|day| Some(day.weekday()) == weekday)
    {
        days = vec![day];
    }
    match days.as_slice() {
        [] => None,
        [day] => Some(Ok(*day)),
        [one, other, ..] => Some(Err(Doubt::TwoReadings(*one, *other))),
    }
}

/// The day of the week right before or behind a date.
fn weekday_beside(tokens: &[Token<'_>], start: usize, end: usize) -> Option<Weekday> {
    let is_between = |token: &&Token<'_>| matches!(token.kind, Kind::Mark(_)) || token.is(Meaning::At);
    let before = tokens.get(..start)?.iter().rev().take(4).find(|token| !is_between(token));
    let behind = tokens.iter().skip(end).take(4).find(|token| !is_between(token));
    [before, behind].into_iter().flatten().find_map(|token| {
        token.meaning(|sense| match sense.meaning {
            Meaning::Weekday(day, _) => Some(day),
            _ => None,
        })
    })
}

/// Adds the time that belongs to a day.
fn with_time(
    tokens: &[Token<'_>],
    at: usize,
    end: usize,
    behind: usize,
    context: &Context,
    day: Result<NaiveDate, Doubt>,
) -> Found {
    let is_update = is_update(tokens, at, behind);
    let clock_at = |at: usize| clock(tokens, at, context.languages);
    // A time before the day: it ends where the day begins, but for little words.
    let before = (at.saturating_sub(14).max(behind)..at).find_map(|start| {
        let clock = clock_at(start).filter(|clock| clock.end <= at)?;
        let is_near = tokens.get(clock.end..at)?.iter().all(is_beside);
        (is_near && !is_cut(tokens, start)).then_some((start, clock))
    });
    let (start, end, clock) = match before {
        Some((start, clock)) => (start, end, Some(clock)),
        None => {
            let little = tokens.iter().skip(end).take(5).take_while(|token| is_beside(token)).count();
            let clock = (end..=end + little).find_map(clock_at);
            (at, clock.map_or(end, |clock| clock.end), clock)
        }
    };
    let stated = day.and_then(|day| match clock {
        Some(clock) => placed(day, &clock, context),
        None => Ok(Stated::Day(day)),
    });
    Found { start, end, stated, is_update: is_update || self::is_update(tokens, start, behind), is_word: false }
}

/// Whether the number at `start` is the rest of another one.
fn is_cut(tokens: &[Token<'_>], start: usize) -> bool {
    let (Some(token), Some(before)) = (tokens.get(start), start.checked_sub(1).and_then(|at| tokens.get(at))) else {
        return false;
    };
    token.is_joined && before.is_mark(&[':', '.', '-', '/'])
}

/// What may stand between a day and its time.
fn is_beside(token: &Token<'_>) -> bool {
    token.is_mark(&[',', '-', '.', '(', ')', '·', '@', '/', '•', ':', '[', ']', '~'])
        || token.text == "|"
        || token
            .meaning(|sense| matches!(sense.meaning, Meaning::At | Meaning::Label | Meaning::Weekday(..)).then_some(()))
            .is_some()
}

/// A day with a time, in the zone that stands behind the time.
fn placed(day: NaiveDate, clock: &Clock<'_>, context: &Context) -> Result<Stated, Doubt> {
    let local = day.and_time(clock.time);
    let zone = match clock.zone {
        None => return Ok(Stated::Local(local)),
        Some(ZoneWritten::Offset(offset)) => Zone::Offset(offset),
        Some(ZoneWritten::Name(name)) => match zone::named(name, context.now.timezone(), local) {
            None => return Ok(Stated::Local(local)),
            Some(Zone::Disputed) => return Err(Doubt::Zone(name.to_uppercase())),
            Some(zone) => zone,
        },
    };
    let moment = match zone {
        Zone::Offset(offset) => local.and_local_timezone(offset).single(),
        Zone::Place(place) => super::at(local, place),
        Zone::Disputed => None,
    };
    Ok(moment.map_or(Stated::Local(local), Stated::Moment))
}

/// Whether a word before a date says that it is not the first one.
fn is_update(tokens: &[Token<'_>], at: usize, behind: usize) -> bool {
    let before = tokens.get(behind..at).unwrap_or_default().iter().rev().take(8);
    let near = before.take_while(|token| !token.is_mark(&['|', '·', '•', ';', '(']) && !token.is_strange());
    near.into_iter().any(|token| token.is(Meaning::Updated))
}

/// What the last words say of a date behind them.
pub(super) fn said(tokens: &[Token<'_>]) -> Said {
    let at = tokens.len();
    Said { is_update: is_update(tokens, at, 0), is_publication: is_publication(tokens, at) }
}

/// Whether a word right before a date says that something was published, posted, written: no little one, such as "in".
fn is_publication(tokens: &[Token<'_>], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().iter().rev().take(4);
    before.into_iter().any(|token| token.is(Meaning::Label) && token.text.chars().count() >= 5)
}

/// Whether what stands beside a date has to do with dates, or is no word at all.
fn stands_alone(tokens: &[Token<'_>], found: &Found) -> bool {
    let is_fine = |token: Option<&Token<'_>>| {
        token.is_none_or(|token| match token.kind {
            Kind::Word(senses) => !senses.is_empty(),
            Kind::Mark(mark) => !matches!(mark, '%' | '$' | '€' | '£' | '+'),
            Kind::Number(..) => false,
        })
    };
    is_fine(found.start.checked_sub(1).and_then(|at| tokens.get(at))) && is_fine(tokens.get(found.end))
}

/// A text that is a day of the week, perhaps with a time, and nothing else.
fn weekday_alone(tokens: &[Token<'_>], context: &Context) -> Option<Result<Stated, Doubt>> {
    let at = tokens.iter().position(|token| relative::full_weekday(token).is_some())?;
    let day = relative::full_weekday(tokens.get(at)?)?;
    let last = relative::weekday(day, false, context)?;
    let found = with_time(tokens, at, at + 1, 0, context, Ok(last));
    let is_outside = |at: &usize| !(found.start..found.end).contains(at);
    let is_all = (0..tokens.len()).filter(is_outside).filter_map(|at| tokens.get(at)).all(is_beside);
    if !is_all {
        return None;
    }
    // A time that is still to come today was a week ago.
    let is_ahead = matches!(found.stated, Ok(Stated::Local(local)) if local > context.now.naive_local());
    if is_ahead {
        let past = relative::weekday(day, true, context)?;
        return Some(with_time(tokens, at, at + 1, 0, context, Ok(past)).stated);
    }
    Some(found.stated)
}

/// The last time of day `time`, for texts that tell nothing else.
pub(super) fn last_time(time: NaiveTime, context: &Context) -> Option<Stated> {
    let today = context.today();
    let day = if today.and_time(time) > context.now.naive_local() { today.pred_opt()? } else { today };
    Some(Stated::Local(day.and_time(time)))
}
