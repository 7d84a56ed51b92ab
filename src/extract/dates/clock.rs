//! Times of day: `15:04`, `3.04 p.m.`, `15h04`, `15 Uhr`, `下午3:04`, and the zone behind them.

use chrono::{FixedOffset, NaiveTime};

use super::token::{Kind, Token};
use super::words::{Languages, Meaning};
use super::zone;

/// A time of day as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock<'t> {
    pub(super) time: NaiveTime,
    pub(super) zone: Option<ZoneWritten<'t>>,
    /// The first token behind it.
    pub(super) end: usize,
}

/// A zone as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum ZoneWritten<'t> {
    Offset(FixedOffset),
    Name(&'t str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

/// The time that begins at `start`. `languages` are those that the text is known to be in.
pub(super) fn clock<'t>(tokens: &[Token<'t>], start: usize, languages: Languages) -> Option<Clock<'t>> {
    let mut at = start;
    let mut half = half_at(tokens, at, languages);
    if half.is_some() {
        at = behind_dot(tokens, at + 1);
    }
    let hour = tokens.get(at)?.number_of(1..=2)?;
    let (minute, second, after) = minutes(tokens, at + 1).unwrap_or((0, 0, at + 1));
    let is_bare = after == at + 1;
    at = after;
    // `15 Uhr`, `20h`, `15:04 Uhr`.
    let has_hours = tokens.get(at).is_some_and(|token| token.is(Meaning::Hours));
    if has_hours {
        at = behind_dot(tokens, at + 1);
    }
    if half.is_none() {
        half = half_at(tokens, at, languages);
        if half.is_some() {
            at = behind_dot(tokens, at + 1);
        }
    }
    if is_bare && half.is_none() && !has_hours {
        return None;
    }
    let hour = match half {
        Some(Half::Pm) if hour < 12 => hour + 12,
        Some(Half::Am) if hour == 12 => 0,
        _ => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    let (zone, end) = zone_at(tokens, at);
    Some(Clock { time, zone, end })
}

/// Minutes and seconds behind an hour, and the first token behind them.
fn minutes(tokens: &[Token<'_>], at: usize) -> Option<(u32, u32, usize)> {
    let sign = tokens.get(at)?;
    let next = tokens.get(at + 1)?;
    if sign.is_mark(&[':', '：']) {
        let minute = next.number_of(2..=2)?;
        let second = tokens.get(at + 2).filter(|token| token.is_mark(&[':'])).and(tokens.get(at + 3));
        let Some(second) = second.and_then(|token| token.number_of(2..=2)) else { return Some((minute, 0, at + 2)) };
        let fraction = tokens.get(at + 4).filter(|token| token.is_mark(&['.', ',']) && token.is_joined);
        let has_fraction = fraction.and(tokens.get(at + 5)).is_some_and(|t| t.is_joined && t.number().is_some());
        return Some((minute, second, if has_fraction { at + 6 } else { at + 4 }));
    }
    if sign.is_mark(&['.']) && sign.is_joined && next.is_joined {
        let goes_on = tokens.get(at + 2).is_some_and(|token| token.is_mark(&['.', '/', '-']) && token.is_joined)
            && tokens.get(at + 3).is_some_and(|token| token.is_joined && token.number().is_some());
        return next.number_of(2..=2).filter(|_| !goes_on).map(|minute| (minute, 0, at + 2));
    }
    if !sign.is(Meaning::Hours) {
        return None;
    }
    let has_word = tokens.get(at + 2).is_some_and(|token| token.is(Meaning::Minutes));
    let minute = next.number_of(1..=2).filter(|_| has_word || next.is_joined)?;
    if !has_word {
        return Some((minute, 0, at + 2));
    }
    let has_seconds = tokens.get(at + 4).is_some_and(|token| token.is(Meaning::Seconds));
    match tokens.get(at + 3).and_then(|token| token.number_of(1..=2)).filter(|_| has_seconds) {
        Some(second) => Some((minute, second, at + 5)),
        None => Some((minute, 0, at + 3)),
    }
}

fn behind_dot(tokens: &[Token<'_>], at: usize) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|token| token.is_mark(&['.']) && token.is_joined))
}

/// Before or after noon. Short words of one language are common ones of another (`em`, `de`): they count only where
/// that language is known to be meant.
fn half_at(tokens: &[Token<'_>], at: usize, languages: Languages) -> Option<Half> {
    let token = tokens.get(at)?;
    let is_plain = !token.text.is_ascii() || matches!(token.text.as_bytes(), [b'a' | b'p', .., b'm']);
    token.meaning(|sense| {
        let half = match sense.meaning {
            Meaning::Am => Half::Am,
            Meaning::Pm => Half::Pm,
            _ => return None,
        };
        (is_plain || !sense.languages.both(languages).is_empty()).then_some(half)
    })
}

/// The zone that stands at `at`, perhaps in brackets, and the first token behind it.
fn zone_at<'t>(tokens: &[Token<'t>], at: usize) -> (Option<ZoneWritten<'t>>, usize) {
    let inside = at + usize::from(tokens.get(at).is_some_and(|token| token.is_mark(&['('])));
    let Some(token) = tokens.get(inside) else { return (None, at) };
    if let Some((offset, end)) =
        offset_at(tokens, inside).filter(|_| token.is_joined || digits_behind(tokens, inside) > 2)
    {
        return (Some(ZoneWritten::Offset(offset)), behind_bracket(tokens, inside, at, end));
    }
    if !matches!(token.kind, Kind::Word(_)) || !zone::is_name(token.text) {
        return (None, at);
    }
    // `UTC+3`
    if let Some((offset, end)) = offset_at(tokens, inside + 1).filter(|_| matches!(token.text, "utc" | "gmt")) {
        return (Some(ZoneWritten::Offset(offset)), behind_bracket(tokens, inside, at, end));
    }
    (Some(ZoneWritten::Name(token.text)), behind_bracket(tokens, inside, at, inside + 1))
}

fn behind_bracket(tokens: &[Token<'_>], inside: usize, at: usize, end: usize) -> usize {
    end + usize::from(inside > at && tokens.get(end).is_some_and(|token| token.is_mark(&[')'])))
}

fn digits_behind(tokens: &[Token<'_>], at: usize) -> usize {
    tokens.get(at + 1).map_or(0, |token| if let Kind::Number(_, digits) = token.kind { digits } else { 0 })
}

/// `+3`, `+03`, `+0300`, `-05:00`.
fn offset_at(tokens: &[Token<'_>], at: usize) -> Option<(FixedOffset, usize)> {
    let sign = if tokens.get(at)?.is_mark(&['+']) {
        1
    } else if tokens.get(at)?.is_mark(&['-']) {
        -1
    } else {
        return None;
    };
    let figures = tokens.get(at + 1).filter(|token| token.is_joined)?;
    let (hours, minutes, end) = match figures.kind {
        Kind::Number(value, 4) => (value / 100, value % 100, at + 2),
        Kind::Number(value, 1 | 2) => {
            let colon = tokens.get(at + 2).filter(|token| token.is_mark(&[':']) && token.is_joined);
            match colon.and(tokens.get(at + 3)).and_then(|token| token.number_of(2..=2)) {
                Some(minutes) => (value, minutes, at + 4),
                None => (value, 0, at + 2),
            }
        }
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    Some((FixedOffset::east_opt(sign * seconds)?, end))
}
