//! The dates of rows: in the same place of each, or above the rows that they stand for.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::links::Links;
use super::rows::{Row, place};
use super::sheet::{Sheet, Spot};
use crate::extract::dates::{self, Reading};
use crate::limits;
use crate::page::{Document, line_within};
use crate::rule::DateHint;

/// Tells which elements show a date; each is read once.
pub(in crate::induce) struct Dates<'a> {
    sheet: &'a Sheet<'a>,
    hint: DateHint,
    known: RefCell<HashMap<usize, bool>>,
    left: Cell<usize>,
    /// Short elements that tell a date, in order: they may stand above rows.
    headers: OnceCell<Vec<usize>>,
}

/// A moment behind all dates of pages: only whether something is a date is asked here.
const NOW: DateTime<Utc> = DateTime::from_timestamp_nanos(1_800_000_000_000_000_000);

/// As much text as a date may have around it: "Posted by the miller on Monday, 2 March 2026 at 10:15".
const DATED: usize = 70;

/// As much text as a date above rows may have around it.
const HEADER: usize = 40;

impl<'a> Dates<'a> {
    pub(in crate::induce) fn new(document: &Document, sheet: &'a Sheet<'a>) -> Self {
        let hint = DateHint { locale: document.locale(), ..DateHint::in_zone(Tz::UTC) };
        let left = Cell::new(limits::DATES_OF_A_PAGE);
        Self { sheet, hint, known: RefCell::default(), left, headers: OnceCell::new() }
    }

    /// Whether an element shows a date: by what it is, or by its text; of what links beside it say nothing is read.
    pub(in crate::induce) fn is_date(&self, at: usize) -> bool {
        if let Some(known) = self.known.borrow().get(&at) {
            return *known;
        }
        let spot = self.sheet.spot(at);
        let amount = spot.amount();
        let is_date = if spot.name() == "time" {
            amount.text > 0 || spot.element.attr("datetime").is_some()
        } else if amount.text < 4 {
            false
        } else if amount.text <= DATED && (amount.linked == 0 || spot.name() == "a") {
            self.reads(&line_within(spot.element, limits::TITLE_READ))
        } else {
            spot.speaks && self.reads(&own_text(spot))
        };
        self.known.borrow_mut().insert(at, is_date);
        is_date
    }

    fn reads(&self, text: &str) -> bool {
        let digits = text.chars().filter(|c| c.is_numeric()).count();
        let is_clock = text.contains(':') && text.chars().all(|c| c.is_numeric() || " :.amphAMPH".contains(c));
        let left = self.left.get();
        if digits == 0 || text.len() <= 4 || is_clock || left == 0 {
            return false;
        }
        self.left.set(left - 1);
        !matches!(dates::read(text, &self.hint, NOW), Reading::Nothing)
    }

    /// The innermost elements of a row that show a date, in order.
    pub(super) fn of_row(&self, row: &Row) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for at in row.spots() {
            if !self.is_date(at) {
                continue;
            }
            while found.last().is_some_and(|around| self.sheet.within(*around).contains(&at)) {
                found.pop();
            }
            found.push(at);
        }
        found
    }

    /// Where each row shows its date: in the place where most rows have one, the first of equals.
    pub(in crate::induce) fn of_rows(&self, links: &Links, rows: &[Row]) -> Vec<Option<usize>> {
        let shown: Vec<Vec<usize>> = rows.iter().map(|row| self.of_row(row)).collect();
        let mut columns: HashMap<u64, Place> = HashMap::new();
        for (row, dates) in rows.iter().zip(&shown) {
            let link = links.all.get(row.link).map(|link| link.at);
            let mut seen = HashSet::new();
            for (order, at) in dates.iter().enumerate() {
                let key = place(self.sheet, row, *at);
                if seen.insert(key) {
                    let column = columns.entry(key).or_default();
                    column.rows += 1;
                    column.order += order;
                    column.times += usize::from(self.sheet.spot(*at).name() == "time");
                    column.in_link += usize::from(link == Some(*at));
                }
            }
        }
        let most = columns.values().map(|column| column.rows).max().unwrap_or_default();
        let near = columns.iter().filter(|(_, column)| column.rows * 10 >= most * 9);
        let best = near.min_by_key(|(key, column)| {
            (column.in_link * 2 > column.rows, column.times == 0, column.order * 100 / column.rows, **key)
        });
        let best = best.map(|(key, _)| *key);
        let cell = |(row, dates): (&Row, &Vec<usize>)| {
            let usual = dates.iter().copied().find(|at| Some(place(self.sheet, row, *at)) == best);
            usual.or_else(|| dates.first().copied())
        };
        let cells: Vec<Option<usize>> = rows.iter().zip(&shown).map(cell).collect();
        if cells.iter().flatten().count() * 2 >= rows.len() { cells } else { self.above(rows).unwrap_or(cells) }
    }

    /// The date above each row, where a list is grouped by days.
    fn above(&self, rows: &[Row]) -> Option<Vec<Option<usize>>> {
        let first = rows.first()?.at;
        let mut headers = self.headers().iter().copied().peekable();
        let (mut last, mut used, mut cells) = (None, HashSet::new(), Vec::new());
        let mut behind = 0;
        for row in rows {
            while let Some(header) = headers.next_if(|header| *header < row.at) {
                // What stands in a row is none of the rows below it.
                last = if header >= behind { Some(header) } else { last };
            }
            used.extend(last);
            cells.push(last);
            behind = row.range.end;
        }
        // A page of one day has one such heading, right where the rows are; a date anywhere above them may be today's.
        let is_heading = |at: &usize| {
            let beside = self.sheet.around(first).any(|around| around == self.sheet.spot(*at).parent);
            beside && self.sheet.spot(*at).heading().is_some()
        };
        let headed = cells.iter().flatten().count();
        let is_told = used.len() > 1 || used.iter().all(is_heading);
        (is_told && headed * 10 >= rows.len() * 9).then_some(cells)
    }

    fn headers(&self) -> &[usize] {
        self.headers.get_or_init(|| {
            let is_header = |at: &usize| {
                let amount = self.sheet.spot(*at).amount();
                amount.text - amount.linked <= HEADER && self.is_date(*at)
            };
            (0..self.sheet.len()).filter(is_header).collect()
        })
    }
}

/// What is known of dates in one place of their rows.
#[derive(Default)]
struct Place {
    rows: usize,
    /// How many dates stood before them.
    order: usize,
    times: usize,
    in_link: usize,
}

/// The text of an element without that of the elements in it.
fn own_text(spot: &Spot<'_>) -> String {
    const LONGEST: usize = 300;
    let texts = spot.element.children().filter_map(|child| child.value().as_text().map(|text| text.trim()));
    let mut own = String::new();
    for text in texts.take_while(|text| text.len() < LONGEST).take(8) {
        own.push_str(text);
        own.push(' ');
    }
    own.truncate(own.floor_char_boundary(LONGEST));
    own
}
