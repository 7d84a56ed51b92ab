//! What stands in the same place of every row: there the titles are, and the dates.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::links::Links;
use super::rows::Row;
use super::sheet::{Sheet, hash, measure};
use crate::extract::dates::{self, Reading};
use crate::page::{Document, line_text};
use crate::rule::DateHint;

/// What is read of an element, at most once.
pub(super) struct Reader<'a> {
    sheet: &'a Sheet<'a>,
    hint: DateHint,
    dates: RefCell<HashMap<usize, bool>>,
}

/// The places of one thing in rows, by the rows' numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub(super) cells: Vec<Option<usize>>,
}

impl Column {
    pub(super) fn count(&self) -> usize {
        self.cells.iter().flatten().count()
    }
}

/// As much text as a date may have around it: "Posted by the miller on Monday, 2 March 2026 at 10:15".
const DATED: usize = 70;

impl<'a> Reader<'a> {
    pub(super) fn new(document: &Document, sheet: &'a Sheet<'a>) -> Self {
        let hint = DateHint { locale: document.locale(), ..DateHint::in_zone(Tz::UTC) };
        Self { sheet, hint, dates: RefCell::default() }
    }

    /// Whether an element shows a date.
    fn is_date(&self, at: usize) -> bool {
        if let Some(known) = self.dates.borrow().get(&at) {
            return *known;
        }
        let is_date = self.reads_as_date(at);
        self.dates.borrow_mut().insert(at, is_date);
        is_date
    }

    fn reads_as_date(&self, at: usize) -> bool {
        let spot = self.sheet.spot(at);
        if spot.name() == "time" {
            return true;
        }
        let text = spot.amount().text;
        if !(3..=DATED).contains(&text) {
            return false;
        }
        let line = line_text(spot.element);
        let read = || dates::read(&line, &self.hint, NOW);
        line.chars().any(char::is_numeric) && line.len() > 4 && !matches!(read(), Reading::Nothing)
    }
}

/// A moment behind all dates of pages: only whether something is a date is asked here.
const NOW: DateTime<Utc> = DateTime::from_timestamp_nanos(1_800_000_000_000_000_000);

/// The column of dates, if there is one: that which most rows have, the purest of equals.
pub(super) fn dates(reader: &Reader<'_>, rows: &[Row], but: &Column) -> Column {
    let sheet = reader.sheet;
    let mut columns: HashMap<u64, (Column, usize)> = HashMap::new();
    for (nth, row) in rows.iter().enumerate() {
        let title = but.cells.get(nth).copied().flatten();
        for at in row.range.clone().take(MOST) {
            let spot = sheet.spot(at);
            let holds_title = title.is_some_and(|title| sheet.within(at).contains(&title));
            if holds_title || spot.amount().text > DATED || !reader.is_date(at) {
                continue;
            }
            let (column, text) = columns.entry(place(sheet, row, at)).or_default();
            column.cells.resize(rows.len(), None);
            if let Some(cell) = column.cells.get_mut(nth)
                && cell.is_none()
            {
                *cell = Some(at);
                *text += spot.amount().text + if spot.name() == "time" { 0 } else { 1 };
            }
        }
    }
    let purity = |(column, text): &(Column, usize)| {
        (column.count(), std::cmp::Reverse(*text), std::cmp::Reverse(column.cells.iter().flatten().next().copied()))
    };
    columns.into_values().max_by_key(purity).map(|(column, _)| column).unwrap_or_default()
}

/// Elements of a row that are looked at: a row is not a page.
const MOST: usize = 200;

/// Where in its row something stands.
fn place(sheet: &Sheet<'_>, row: &Row, at: usize) -> u64 {
    if !sheet.within(row.at).contains(&at) {
        let parent = sheet.spot(row.at).parent;
        let mut path: Vec<u64> =
            sheet.around(at).take_while(|around| *around != parent).map(|around| sheet.spot(around).token).collect();
        path.push(sheet.spot(at).token);
        return hash(&(1, path));
    }
    let path: Vec<u64> = sheet
        .around(at)
        .take_while(|around| *around >= row.at && at != row.at)
        .map(|around| if around == row.at { 0 } else { sheet.spot(around).token })
        .collect();
    hash(&(sheet.spot(at).token, path))
}

/// The column of titles.
pub(super) fn titles(reader: &Reader<'_>, links: &Links, rows: &[Row]) -> Column {
    let sheet = reader.sheet;
    let mut columns: HashMap<u64, (Column, Texts)> = HashMap::new();
    let mut linked: (Column, Texts) = (Column { cells: vec![None; rows.len()] }, Texts::default());
    for (nth, row) in rows.iter().enumerate() {
        let Some(link) = links.all.get(row.link) else { continue };
        if link.measure > 0 {
            if let Some(cell) = linked.0.cells.get_mut(nth) {
                *cell = Some(link.at);
            }
            linked.1.add(&link.text);
        }
        for at in row.range.clone().take(MOST) {
            let spot = sheet.spot(at);
            let is_part = spot.speaks || spot.heading().is_some();
            if at == link.at || !is_part || spot.amount().text == 0 || spot.amount().text > LONGEST {
                continue;
            }
            let (column, texts) = columns.entry(hash(&(place(sheet, row, at), spot.heading()))).or_default();
            column.cells.resize(rows.len(), None);
            if let Some(cell) = column.cells.get_mut(nth)
                && cell.is_none()
            {
                *cell = Some(at);
                texts.add(&line_text(spot.element));
                texts.headings += usize::from(
                    spot.heading().is_some()
                        || sheet
                            .around(at)
                            .take_while(|around| *around >= row.at)
                            .any(|around| sheet.spot(around).heading().is_some()),
                );
                texts.dates += usize::from(reader.is_date(at));
                texts.in_link += usize::from(sheet.within(link.at).contains(&at));
            }
        }
    }
    let all = rows.len();
    linked.1.headings = rows
        .iter()
        .filter(|row| {
            links.all.get(row.link).is_some_and(|link| link.heading.is_some_and(|(heading, _)| heading < link.at))
        })
        .count();
    let own = linked.1.worth(all) + 0.3;
    let best = columns
        .into_values()
        .map(|(column, texts)| (texts.worth(all), column))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((worth, column)) if worth > own => {
            let cells = column.cells.iter().zip(&linked.0.cells).map(|(cell, link)| cell.or(*link)).collect();
            Column { cells }
        }
        _ => linked.0,
    }
}

/// Longest text that can be a title.
const LONGEST: usize = 300;

/// What the texts of a column are like.
#[derive(Default)]
struct Texts {
    distinct: HashSet<u64>,
    count: usize,
    letters: usize,
    measure: usize,
    words: usize,
    headings: usize,
    dates: usize,
    in_link: usize,
}

impl Texts {
    fn add(&mut self, text: &str) {
        self.count += 1;
        self.distinct.insert(hash(&text));
        self.letters += text.chars().filter(|c| c.is_alphabetic()).count().min(80);
        self.measure += text.chars().filter(|c| c.is_alphanumeric()).count().min(80);
        self.words += measure(text).min(60);
    }

    /// How much they look like titles.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn worth(&self, rows: usize) -> f64 {
        let (count, rows) = (self.count.max(1) as f64, rows.max(1) as f64);
        let covered = self.count as f64 / rows;
        let distinct = self.distinct.len() as f64 / rows;
        let letters = self.letters as f64 / self.measure.max(1) as f64;
        let length = (self.words as f64 / count / 30.0).min(1.0);
        let headings = self.headings as f64 / count;
        let dates = self.dates as f64 / count;
        let linked = self.in_link as f64 / count;
        covered * (distinct + letters + length + 0.8 * headings + 0.25 * linked - dates)
    }
}
