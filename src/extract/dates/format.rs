//! Dates by the rule's own format: `strftime` directives, with names of months and weekdays in any language, years of two
//! digits or none.

use chrono::format::{Parsed, StrftimeItems, parse};
use chrono::{Datelike as _, NaiveDate, Weekday};

use super::context::{Context, settled};
use super::fold::fold;
use super::sentence::last_time;
use super::token::{Kind, Token, tokens};
use super::words::Meaning;
use super::{Stated, calendar};

/// Reads a text by a format: as it stands, then with its names in English, then without the dots behind them.
pub(super) fn by_format(text: &str, format: &str, context: &Context) -> Option<Stated> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(stated) = parsed(&text, format, context) {
        return Some(stated);
    }
    let (text, format) = (fold(&text), folded_format(format));
    let pieces = tokens(&text);
    let wanted = Wanted::by(&format);
    let in_english = |keeps_dots| in_english(&text, &pieces, keeps_dots, wanted, context);
    parsed(&in_english(true), &format, context).or_else(|| parsed(&in_english(false), &format, context))
}

fn parsed(text: &str, format: &str, context: &Context) -> Option<Stated> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, StrftimeItems::new(format)).ok()?;
    if let Ok(moment) = parsed.to_datetime() {
        return Some(Stated::Moment(moment));
    }
    let time = parsed.to_naive_time().ok();
    let Some(day) = day(&parsed, context) else {
        let has_day = parsed.day().is_some() || parsed.month().is_some() || parsed.year().is_some();
        return time.filter(|_| !has_day).and_then(|time| last_time(time, context));
    };
    Some(match (time, parsed.offset()) {
        (Some(time), Some(offset)) => {
            let offset = chrono::FixedOffset::east_opt(offset)?;
            Stated::Moment(day.and_time(time).and_local_timezone(offset).single()?)
        }
        (Some(time), None) => Stated::Local(day.and_time(time)),
        (None, _) => Stated::Day(day),
    })
}

/// The day; of a format without a year the last such day, of one without a day the first of the month.
fn day(parsed: &Parsed, context: &Context) -> Option<NaiveDate> {
    if let Ok(day) = parsed.to_naive_date() {
        return Some(day);
    }
    let day = parsed.day().unwrap_or(1);
    let year = parsed.year().or_else(|| {
        let year = parsed.year_mod_100()?;
        Some(if year < 70 { year + 2000 } else { year + 1900 })
    });
    let reading = calendar::Reading { year, month: parsed.month()?, day };
    context.day(reading, parsed.weekday())
}

/// The names that a format has places for: other words stay as they are.
#[derive(Clone, Copy)]
struct Wanted {
    month: bool,
    weekday: bool,
    half: bool,
}

impl Wanted {
    fn by(format: &str) -> Self {
        let has = |directives: [&str; 2]| directives.iter().any(|directive| format.contains(directive));
        Self { month: has(["%B", "%b"]) || format.contains("%h"), weekday: has(["%A", "%a"]), half: has(["%p", "%P"]) }
    }
}

/// A folded text with the names in English, as the parser knows them.
fn in_english(text: &str, pieces: &[Token<'_>], keeps_dots: bool, wanted: Wanted, context: &Context) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_behind_name = false;
    for piece in pieces {
        let Some((gap, after)) = rest.split_once(piece.text) else { break };
        written.push_str(gap);
        rest = after;
        let name = english(piece, pieces, wanted, context);
        let is_dropped = is_behind_name && !keeps_dots && piece.is_mark(&['.']);
        if !is_dropped {
            written.push_str(name.as_deref().unwrap_or(piece.text));
        }
        is_behind_name = name.is_some();
    }
    written.push_str(rest);
    written
}

fn english(piece: &Token<'_>, pieces: &[Token<'_>], wanted: Wanted, context: &Context) -> Option<String> {
    if !matches!(piece.kind, Kind::Word(_)) {
        return None;
    }
    let months = settled(pieces, &context.months(piece));
    if let ([month], true) = (months.as_slice(), wanted.month) {
        return Some(NaiveDate::from_ymd_opt(2000, *month, 1)?.format("%b").to_string());
    }
    piece.meaning(|sense| match sense.meaning {
        Meaning::Weekday(day, _) if wanted.weekday => Some(day_name(day)),
        Meaning::Am if wanted.half => Some("am".to_owned()),
        Meaning::Pm if wanted.half => Some("pm".to_owned()),
        _ => None,
    })
}

fn day_name(day: Weekday) -> String {
    let week = NaiveDate::from_isoywd_opt(2000, 1, day);
    week.map(|day| day.weekday().to_string()).unwrap_or_default()
}

/// A format whose own words are folded as the text is; directives stay as they are.
fn folded_format(format: &str) -> String {
    let mut folded = String::with_capacity(format.len());
    let mut rest = format;
    while let Some((words, directive)) = rest.split_once('%') {
        folded.push_str(&fold(words));
        folded.push('%');
        // `%-d`, `%.3f`, `%:z`: signs, then one letter.
        let end = directive.find(|c: char| c.is_alphabetic() || c == '%').map_or(directive.len(), |at| {
            at + directive.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
        let (directive, after) = directive.split_at(end);
        folded.push_str(directive);
        rest = after;
    }
    folded.push_str(&fold(rest));
    folded
}
