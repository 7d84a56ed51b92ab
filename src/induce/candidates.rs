//! All that may be the list of a page, the likeliest first.

use super::dated::Dates;
use super::groups::groups;
use super::links::Links;
use super::listed::{Listed, ListedRow};
use super::rows::{Row, rows};
use super::score::Signs;
use super::sheet::Sheet;
use super::titled;
use crate::page::Document;

/// A group of links that may be the list.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) rows: Vec<Row>,
    /// The places of the rows' dates.
    pub(super) dates: Vec<Option<usize>>,
    pub(super) signs: Signs,
}

/// Rows that a list has at least.
const ROWS: usize = 2;

/// Lists that are worth a try.
const LISTS: usize = 8;

/// The candidates of a page, the likeliest first.
pub(super) fn candidates(document: &Document, sheet: &Sheet<'_>, links: &Links) -> Vec<Candidate> {
    let reader = Dates::new(document, sheet);
    let candidate = |group| {
        let rows = rows(sheet, links, &group);
        let dates = reader.of_rows(links, &rows);
        let signs = Signs::of(sheet, links, &rows, &dates);
        Candidate { rows, dates, signs }
    };
    let mut candidates: Vec<Candidate> = groups(sheet, links, ROWS).into_iter().map(candidate).collect();
    candidates.sort_by(|one, other| other.signs.worth().total_cmp(&one.signs.worth()));
    candidates
}

/// The lists of a page that it may be for, the likeliest first.
pub(crate) fn lists(document: &Document) -> Vec<Listed> {
    let sheet = Sheet::of(document);
    let links = Links::of(document, &sheet);
    let candidates = candidates(document, &sheet, &links);
    candidates.iter().take(LISTS).map(|candidate| candidate.listed(&sheet, &links)).collect()
}

impl Candidate {
    fn listed(&self, sheet: &Sheet<'_>, links: &Links) -> Listed {
        let id = |at: usize| sheet.spot(at).element.id();
        let titles = titled::of_rows(sheet, links, &self.rows);
        let values = titles.into_iter().zip(&self.dates);
        let rows = self.rows.iter().zip(values).filter_map(|(row, (title, date))| {
            let (_, link, _) = links.row(row)?;
            let (title, date) = (title.map(id), date.map(id));
            Some(ListedRow { element: id(row.at), link: id(link.at), title, date })
        });
        Listed { rows: rows.collect(), confidence: 50 }
    }
}
