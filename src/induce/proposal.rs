//! From the lists that a page may be for to the rule that is proposed: the likeliest list for which there is a rule.

use super::synthesis::{Made, Marks, sought, synthesis};
use super::{Draft, Listed, NoList, Proposal, Way, lists, locale_of_dates};
use crate::limits;
use crate::page::Document;
use crate::weburl::WebUrl;

/// Of a thousand links, how many a rule must yield (and no others) to be the rule for a list.
const FITS: usize = 900;

/// The rule for the likeliest of the page's lists that a rule can be written for.
pub(super) fn proposal(document: &mut Document) -> Result<Proposal, NoList> {
    let mut second_best: Option<(Marks, Proposal)> = None;
    for listed in lists(document)? {
        let sought = sought(document, &listed.rows);
        let Some(made) = synthesis(document, &sought) else { continue };
        let marks = made.marks;
        let proposal = Proposal {
            links: links(document, &listed),
            confidence: listed.confidence,
            draft: with_limit(with_locale(document, &listed, made), listed.rows.len()),
        };
        if marks.links >= FITS {
            return Ok(proposal);
        }
        if second_best.as_ref().is_none_or(|(best, _)| *best < marks) {
            second_best = Some((marks, proposal));
        }
    }
    second_best.filter(|(marks, _)| marks.links >= FITS / 2).map(|(_, proposal)| proposal).ok_or(NoList::Nothing)
}

/// The links of the rows.
fn links(document: &Document, listed: &Listed) -> Vec<WebUrl> {
    let link = |id| document.base().join(document.element(id)?.attr("href")?.trim()).ok();
    listed.rows.iter().filter_map(|row| link(row.link)).collect()
}

/// The draft, whose dates are read in the order that the list itself tells.
fn with_locale(document: &Document, listed: &Listed, made: Made) -> Draft {
    let mut draft = made.draft;
    let Some(locale) = locale_of_dates(document, listed) else { return draft };
    let ways = draft.get("published").iter().map(|way| {
        let mut pairs = match way {
            Way::Table(pairs) => pairs.clone(),
            Way::Short(css) => vec![("css".to_owned(), css.clone())],
            Way::Number(_) => return way.clone(),
        };
        pairs.push(("locale".to_owned(), locale.to_owned()));
        Way::Table(pairs)
    });
    let ways = ways.collect();
    draft.set("published", ways);
    draft
}

/// The draft of a list that is longer than what is taken of one without being told to.
fn with_limit(mut draft: Draft, rows: usize) -> Draft {
    if rows > limits::ENTRIES_OF_A_PAGE {
        let limit = rows.next_multiple_of(limits::ENTRIES_OF_A_PAGE).min(limits::LISTING_ROWS);
        draft.set("limit", vec![Way::Number(limit)]);
    }
    draft
}
