//! All that may be the list of a page, the likeliest first.

use super::columns::{self, Column, Reader};
use super::groups::groups;
use super::links::Links;
use super::listed::{Listed, ListedRow};
use super::rows::{Row, rows};
use super::score::Signs;
use super::sheet::Sheet;
use crate::page::Document;

/// A group of links that may be the list.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) rows: Vec<Row>,
    pub(super) titles: Column,
    pub(super) dates: Column,
    pub(super) signs: Signs,
}

/// Rows that a list has at least.
const ROWS: usize = 2;

/// The candidates of a page, the likeliest first.
pub(super) fn candidates(document: &Document, sheet: &Sheet<'_>, links: &Links) -> Vec<Candidate> {
    let reader = Reader::new(document, sheet);
    let mut candidates: Vec<Candidate> = groups(sheet, links, ROWS)
        .into_iter()
        .map(|group| {
            let rows = rows(sheet, links, &group);
            let titles = columns::titles(&reader, links, &rows);
            let dates = columns::dates(&reader, &rows, &titles);
            let signs = Signs::of(sheet, links, &rows, &dates);
            Candidate { rows, titles, dates, signs }
        })
        .collect();
    candidates.sort_by(|one, other| other.signs.worth().total_cmp(&one.signs.worth()));
    candidates
}

/// The lists of a page that it may be for, the likeliest first.
pub(crate) fn lists(document: &Document) -> Vec<Listed> {
    let sheet = Sheet::of(document);
    let links = Links::of(document, &sheet);
    let candidates = candidates(document, &sheet, &links);
    candidates.iter().map(|candidate| candidate.listed(&sheet, &links)).collect()
}

impl Candidate {
    fn listed(&self, sheet: &Sheet<'_>, links: &Links) -> Listed {
        let id = |at: usize| sheet.spot(at).element.id();
        let cell = |column: &Column, nth: usize| column.cells.get(nth).copied().flatten().map(id);
        let rows = self.rows.iter().enumerate().filter_map(|(nth, row)| {
            let (_, link, _) = links.row(row)?;
            let (title, date) = (cell(&self.titles, nth), cell(&self.dates, nth));
            Some(ListedRow { element: id(row.at), link: id(link.at), title, date })
        });
        Listed { rows: rows.collect(), confidence: 50 }
    }
}
