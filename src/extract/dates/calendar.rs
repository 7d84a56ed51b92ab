//! Days of the calendar: in figures (`03.04.2026`), with a month's name (`3 April 2026`), or with signs (`2026年4月3日`).

use chrono::{Datelike as _, NaiveDate};

use super::clock::clock;
use super::context::{Context, settled};
use super::token::{Kind, Token};
use super::words::{Languages, Meaning, Part};
use crate::rule::Order;

/// What a written day may be; more than one if it has several readings.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) readings: Vec<Reading>,
    /// The first token behind it.
    pub(super) end: usize,
    /// Whether it could be something else, so that nothing strange may stand beside it.
    pub(super) is_weak: bool,
}

/// One reading of a written day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// `None`: it names no year.
    pub(super) year: Option<i32>,
    pub(super) month: u32,
    pub(super) day: u32,
}

/// A month as it is written.
struct Month {
    /// The months that it may be, each with the languages in which it is called so.
    meant: Vec<(u32, Languages)>,
    /// Whether it is a word of three letters or less, which common words of other languages are alike.
    is_short: bool,
}

/// The day that begins at `at`.
pub(super) fn written(tokens: &[Token<'_>], at: usize, context: &Context) -> Option<Written> {
    let figures = Figures { tokens, context };
    if at > 0 && is_tail(tokens, at) {
        return None;
    }
    figures
        .in_figures(at)
        .or_else(|| figures.pair(at))
        .or_else(|| figures.year_first(at))
        .or_else(|| figures.day_first(at))
        .or_else(|| figures.month_first(at))
}

/// Whether what stands at `at` is the rest of something: of `v2`, `15:04`, `1.2.3`.
fn is_tail(tokens: &[Token<'_>], at: usize) -> bool {
    let (Some(token), Some(before)) = (tokens.get(at), tokens.get(at - 1)) else { return false };
    if !token.is_joined || token.number().is_none() {
        return false;
    }
    let is_number_before =
        at > 1 && before.is_joined && tokens.get(at - 2).is_some_and(|token| token.number().is_some());
    match before.kind {
        Kind::Word(_) => before.text.ends_with(|c: char| c.is_ascii_alphabetic()),
        Kind::Mark(mark) => mark == '_' || matches!(mark, ':' | '.' | '-' | '/') && is_number_before,
        Kind::Number(..) => false,
    }
}

/// How a year is written.
#[derive(Clone, Copy)]
enum Length {
    /// With four digits.
    Whole,
    /// With two digits.
    Short,
}

struct Figures<'a> {
    tokens: &'a [Token<'a>],
    context: &'a Context,
}

impl Figures<'_> {
    /// Three numbers with the same mark between them.
    fn in_figures(&self, at: usize) -> Option<Written> {
        let token = |offset: usize| self.tokens.get(at + offset);
        let sign = ['.', '/', '-'].into_iter().find(|sign| {
            token(1).is_some_and(|token| token.is_mark(&[*sign]))
                && token(3).is_some_and(|token| token.is_mark(&[*sign]))
        })?;
        let (first, second, third) = (token(0)?, token(2)?, token(4)?);
        let middle = second.number_of(1..=2)?;
        let is_longer = token(5).is_some_and(|token| token.is_joined && token.is_mark(&['.', '/', '-']))
            && token(6).is_some_and(|token| token.is_joined && token.number().is_some());
        if is_longer {
            return None;
        }
        let end = at + 5;
        if let Some(year) = first.number_of(4..=4) {
            let reading = Reading { year: Some(self.year(year)?), month: middle, day: third.number_of(1..=2)? };
            return Some(Written { readings: vec![reading], end, is_weak: false });
        }
        let first = first.number_of(1..=2)?;
        if let Some(year) = third.number_of(4..=4) {
            let year = Some(self.year(year)?);
            return Some(Written { readings: self.either(first, middle, year, sign), end, is_weak: false });
        }
        let last = third.number_of(2..=2)?;
        let readings = if self.context.order() == Some(Order::YearFirst) {
            vec![Reading { year: self.short_year(first), month: middle, day: last }]
        } else {
            self.either(first, middle, self.short_year(last), sign)
        };
        Some(Written { readings, end, is_weak: true })
    }

    /// Two numbers: `11-20` where the year stands first, `20.11.` where the day does; and no strange word anywhere.
    fn pair(&self, at: usize) -> Option<Written> {
        let sign = self.tokens.get(at + 1)?;
        let one = self.tokens.get(at)?.number_of(1..=2)?;
        let other = self.tokens.get(at + 2).filter(|token| token.is_joined)?.number_of(1..=2)?;
        let has_dot = self.tokens.get(at + 3).is_some_and(|token| token.is_joined && token.is_mark(&['.']));
        let (month, day, end) = match (self.context.order(), self.context.day_first()) {
            (Some(Order::YearFirst), None) if sign.is_mark(&['.', '-', '/']) => (one, other, at + 3),
            (_, Some(true)) if sign.is_mark(&['.']) && has_dot => (other, one, at + 4),
            _ => return None,
        };
        let goes_on = self.tokens.get(end).is_some_and(|token| token.is_joined && !token.is_mark(&['(', ',', ')']));
        if goes_on || self.tokens.iter().any(Token::is_strange) {
            return None;
        }
        Some(Written { readings: vec![Reading { year: None, month, day }], end, is_weak: true })
    }

    /// Day and month in one order or the other: those readings that are possible, the right one if that is known.
    fn either(&self, first: u32, second: u32, year: Option<i32>, sign: char) -> Vec<Reading> {
        let day_first = Reading { year, month: second, day: first };
        let month_first = Reading { year, month: first, day: second };
        match (day_first.is_possible(), month_first.is_possible()) {
            (true, false) => vec![day_first],
            (false, true) => vec![month_first],
            (false, false) => Vec::new(),
            (true, true) if sign == '.' || first == second => vec![day_first],
            (true, true) => match self.context.day_first() {
                Some(true) => vec![day_first],
                Some(false) => vec![month_first],
                None => vec![day_first, month_first],
            },
        }
    }

    /// `2018 Nov 2`, `2018. november 2.`, `2018年11月2日`, `2018. gada 2. novembris`.
    fn year_first(&self, at: usize) -> Option<Written> {
        let (year, end) = self.whole_year(at)?;
        let at = self.glue(end);
        let (month, day, end) = match self.month(at) {
            Some((month, end)) => {
                let (day, end) = self.day(self.glue(end))?;
                (month, day, end)
            }
            None => {
                let (day, end) = self.day(at)?;
                let (month, end) = self.month(self.glue(end))?;
                (month, day, end)
            }
        };
        self.named(&month, day, Some((year, Length::Whole)), end)
    }

    /// `2 November 2018`, `2 de noviembre de 2018`, `02-Nov-18`, `2.-4. November 2018`.
    fn day_first(&self, at: usize) -> Option<Written> {
        let (day, end) = self.day(at)?;
        // `No. 11, November 2018` is no day.
        if self.tokens.get(end).is_some_and(|token| token.is_mark(&[','])) {
            return None;
        }
        let (month, end) = self.month(self.glue(end)).or_else(|| self.month(self.glue(self.range(end)?)))?;
        let (year, end) = self.year_behind(end);
        self.named(&month, day, year, end)
    }

    /// `November 2, 2018`, `11월 2일`, `May 28-29, 2026`.
    fn month_first(&self, at: usize) -> Option<Written> {
        let (month, end) = self.month(at)?;
        let at = self.glue(end);
        let (day, end) = self.day(at)?;
        let end = self.range(end).unwrap_or(end);
        let (year, end) = self.year_behind(end);
        // `mar. 17 avril 2018`: that was a Tuesday.
        if year.is_none() && self.day_first(at).is_some() {
            return None;
        }
        self.named(&month, day, year, end)
    }

    fn named(&self, month: &Month, day: u32, year: Option<(i32, Length)>, end: usize) -> Option<Written> {
        let is_weak = !matches!(year, Some((_, Length::Whole)));
        if is_weak && month.is_short && !self.context.expects(&month.meant) {
            return None;
        }
        let months = settled(self.tokens, &month.meant);
        let year = year.map(|(year, _)| year);
        let readings = months.into_iter().map(|month| Reading { year, month, day });
        Some(Written { readings: readings.collect(), end, is_weak })
    }

    /// A day's number with what belongs to it.
    fn day(&self, at: usize) -> Option<(u32, usize)> {
        let day = self.tokens.get(at)?.number_of(1..=2).filter(|day| (1..=31).contains(day))?;
        let mut end = at + 1;
        let is_ordinal = |token: &Token<'_>| token.is(Meaning::Ordinal);
        let next = self.tokens.get(end);
        if next.is_some_and(|token| token.is_joined && token.is_mark(&['-', '\'', ':']))
            && self.tokens.get(end + 1).is_some_and(|token| token.is_joined && is_ordinal(token))
        {
            return Some((day, end + 2));
        }
        if let Some(next) = next.filter(|token| token.is_joined || token.is(Meaning::Mark(Part::Day))) {
            if next.is(Meaning::Mark(Part::Day)) || is_ordinal(next) {
                end += 1;
            } else {
                // `2h`, `2x`, `2:`, `2%` are no days; `02NOV` and `2de` are.
                let is_word = matches!(next.kind, Kind::Word(_)) && !next.is(Meaning::Of) && self.month(end).is_none();
                if is_word || next.is_mark(&[':', '%']) {
                    return None;
                }
            }
        }
        Some((day, end))
    }

    /// The end of a range of days whose first is read: behind `- 4.`.
    fn range(&self, at: usize) -> Option<usize> {
        let dash = at + usize::from(self.tokens.get(at)?.is_mark(&['.']));
        self.tokens.get(dash).filter(|token| token.is_mark(&['-']))?;
        self.day(dash + 1).map(|(_, end)| end)
    }

    /// The month at `at`: a name, a number with a sign behind it, or one with a word before it.
    fn month(&self, at: usize) -> Option<(Month, usize)> {
        let token = self.tokens.get(at)?;
        let is_month = |meaning| token.is(meaning);
        if is_month(Meaning::Before(Part::Month)) {
            let dot = usize::from(self.tokens.get(at + 1).is_some_and(|token| token.is_mark(&['.'])));
            let month = self.tokens.get(at + 1 + dot)?.number_of(1..=2)?;
            return Some((Month { meant: vec![(month, Languages::ALL)], is_short: false }, at + 2 + dot));
        }
        if let Some(month) = token.number_of(1..=2) {
            let has_sign = self.tokens.get(at + 1).is_some_and(|token| token.is(Meaning::Mark(Part::Month)));
            return has_sign.then(|| (Month { meant: vec![(month, Languages::ALL)], is_short: false }, at + 2));
        }
        let meant = self.context.months(token);
        let is_short = token.text.is_ascii() && token.text.len() < 4;
        // Arabic has two names for a month, and often both are written: `نيسان / أبريل`.
        let is_this = |token: &Token<'_>| {
            self.context.months(token).iter().any(|(month, _)| meant.iter().any(|(other, _)| other == month))
        };
        let is_again = self.tokens.get(at + 1).is_some_and(|token| token.is_mark(&['/']))
            && self.tokens.get(at + 2).is_some_and(is_this);
        let end = if is_again { at + 3 } else { at + 1 };
        (!meant.is_empty()).then_some((Month { meant, is_short }, end))
    }

    /// The year behind a day and a month, if one stands there; else what was read ends where it did.
    fn year_behind(&self, end: usize) -> (Option<(i32, Length)>, usize) {
        let at = self.glue(end);
        // `20 Nov - 22 Nov 2026`: the year stands behind the second day.
        if self.tokens.get(end).is_some_and(|token| token.is_mark(&['-']))
            && let Some(until) = self.day_first(at)
        {
            let year = until.readings.first().and_then(|reading| reading.year);
            return (year.filter(|_| !until.is_weak).map(|year| (year, Length::Whole)), end);
        }
        if let Some((year, end)) = self.whole_year(at) {
            return (Some((year, Length::Whole)), end);
        }
        // `Nov 2 15:04:05 UTC 2018`, as Unix has it: the time is read where it stands.
        if let Some(clock) = clock(self.tokens, at, self.context.languages)
            && let Some((year, _)) = self.whole_year(clock.end)
        {
            return (Some((year, Length::Whole)), end);
        }
        let Some(token) = self.tokens.get(at) else { return (None, end) };
        let next = self.tokens.get(at + 1);
        // `2 Nov 15:04`, `Nov 2, 15h04`, `Nov 2, 10 comments`: no years.
        let is_other = next.is_some_and(|next| match next.kind {
            Kind::Mark(mark) => {
                next.is_joined
                    && matches!(mark, ':' | '.')
                    && self.tokens.get(at + 2).is_some_and(|token| token.is_joined && token.number().is_some())
            }
            Kind::Word(senses) => {
                next.is_joined
                    || senses.is_empty()
                    || [Meaning::Hours, Meaning::Am, Meaning::Pm].iter().any(|m| next.is(*m))
            }
            Kind::Number(..) => false,
        });
        match token.number_of(2..=2).filter(|_| !is_other) {
            Some(year) => (self.short_year(year).map(|year| (year, Length::Short)), at + 1),
            None => (None, end),
        }
    }

    /// A year of four digits, or one of an era.
    fn whole_year(&self, at: usize) -> Option<(i32, usize)> {
        let token = self.tokens.get(at)?;
        if token.is(Meaning::Before(Part::Year)) {
            return Some((self.year(self.tokens.get(at + 1)?.number_of(4..=4)?)?, at + 2));
        }
        let base = token.meaning(|sense| if let Meaning::Era(base) = sense.meaning { Some(base) } else { None });
        let (year, end) = match base {
            Some(base) => {
                let number = at + 1 + usize::from(self.tokens.get(at + 1).is_some_and(|token| token.is_mark(&['.'])));
                let token = self.tokens.get(number)?;
                // The first year of an era has a name of its own.
                let count = if token.text == "元" { 1 } else { token.number_of(1..=4)? };
                (i32::try_from(count).ok()?.checked_add(base)?, number + 1)
            }
            None => (self.year(token.number_of(4..=4)?)?, at + 1),
        };
        let sign = end + usize::from(self.tokens.get(end).is_some_and(|token| token.is_mark(&['.'])));
        let has_sign = self.tokens.get(sign).is_some_and(|token| token.is(Meaning::Mark(Part::Year)));
        Some((year, if has_sign { sign + 1 } else { end }))
    }

    /// A year as people mean it; `None` if it is one of a calendar that is not read, or no year at all.
    fn year(&self, written: u32) -> Option<i32> {
        let year = i32::try_from(written).ok()?;
        match year {
            1900..=2199 => Some(year),
            // Thai years count from the death of the Buddha.
            2443..=2743 if self.context.is_thai => Some(year - 543),
            _ => None,
        }
    }

    /// A year of two digits: of the last hundred, or of the next few.
    fn short_year(&self, written: u32) -> Option<i32> {
        let year = i32::try_from(written).ok()?;
        let this = self.context.today().year_ce().1;
        let this = i32::try_from(this).ok()?;
        let year = this - this.rem_euclid(100) + year;
        Some(if year > this + 10 { year - 100 } else { year })
    }

    /// Behind the marks and little words that stand between day, month and year.
    fn glue(&self, at: usize) -> usize {
        let is_glue = |token: &&Token<'_>| token.is_mark(&['.', ',', '-', '/', '\'']) || token.is(Meaning::Of);
        at + self.tokens.iter().skip(at).take(3).take_while(is_glue).count()
    }
}

impl Reading {
    /// Whether there is such a day in some year.
    pub(super) fn is_possible(self) -> bool {
        NaiveDate::from_ymd_opt(self.year.unwrap_or(2000), self.month, self.day).is_some()
    }
}
