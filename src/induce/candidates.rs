//! All that may be the list of a page, the likeliest first.

use super::NoList;
use super::dated::Dates;
use super::doubt::Doubts;
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
const LISTS: usize = 4;

/// The candidates of a page, the likeliest first.
pub(super) fn candidates(sheet: &Sheet<'_>, links: &Links, reader: &Dates<'_>) -> Vec<Candidate> {
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

/// The lists that a page may be for, the likeliest first.
pub(super) fn lists(document: &Document) -> Result<Vec<Listed>, NoList> {
    let sheet = Sheet::of(document);
    let links = Links::of(document, &sheet);
    let dates = Dates::new(document, &sheet);
    let candidates = candidates(&sheet, &links, &dates);
    let likeliest = candidates.first().ok_or(NoList::Nothing)?;
    let doubts = Doubts::of(document, &sheet, &links, &likeliest.rows);
    let Some(confidence) = doubts.confidence(&likeliest.signs) else {
        return Err(if doubts.is_article() { NoList::Article } else { NoList::Nothing });
    };
    let listed = |candidate: &Candidate| Listed { rows: candidate.listed(&sheet, &links, &dates), confidence };
    Ok(candidates.iter().take(LISTS).map(listed).collect())
}

impl Candidate {
    fn listed(&self, sheet: &Sheet<'_>, links: &Links, dates: &Dates<'_>) -> Vec<ListedRow> {
        let id = |at: usize| sheet.spot(at).element.id();
        let titles = titled::of_rows(sheet, links, dates, &self.rows);
        // A few dates among many rows are no column of dates.
        let is_dated = self.dates.iter().flatten().count() * 3 >= self.rows.len();
        let values = titles.into_iter().zip(self.dates.iter().map(|date| date.filter(|_| is_dated)));
        let rows = self.rows.iter().zip(values).filter_map(|(row, (title, date))| {
            let (_, link, _) = links.row(row)?;
            // Of several links to the same page the one that is the title, or has it.
            let titled = title.and_then(|title| {
                let mut around =
                    std::iter::once(title).chain(sheet.around(title)).take_while(|at| row.range.contains(at));
                around.find(|at| links.leads_alike(*at, link))
            });
            let link = id(titled.unwrap_or(link.at));
            Some(ListedRow { element: id(row.at), link, title: title.map(id), date: date.map(id) })
        });
        rows.collect()
    }
}
