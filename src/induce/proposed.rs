//! From a page to the rule for its list: the likeliest list for which there is a rule that finds it again.

use std::collections::{HashMap, HashSet};

use super::{Draft, NoList, Proposal, Way};
use crate::induce::look::candidates::lists;
use crate::induce::write::completed::completed;
use crate::induce::write::lines::in_one_line;
use crate::induce::write::made::{Demand, Made};
use crate::induce::write::synthesis::{Sought, sought, synthesis};
use crate::induce::write::trimmed::trimmed;
use crate::limits;
use crate::page::Document;
use crate::weburl::WebUrl;

/// Of a thousand links of a list, those that its rule must find; with fewer the next list is tried.
const ENOUGH: usize = 900;

/// With fewer than these there is no rule worth having.
const LEAST: usize = 500;

/// What is proposed for the list that a page shows.
#[derive(Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) proposal: Proposal,
    /// Whether its rows have dates.
    pub(super) is_dated: bool,
}

/// Proposes a rule for the list on a page.
pub(super) fn shown(document: &mut Document) -> Result<Shown, NoList> {
    let mut best: Option<(Made, u8, Vec<Sought>)> = None;
    let mut likeliest: HashSet<String> = HashSet::new();
    for listed in lists(document)? {
        let sought = sought(document, &listed.rows);
        if likeliest.is_empty() {
            likeliest.extend(sought.iter().map(|sought| sought.link.clone()));
        }
        // Another list is no stand-in for the one that has no rule; more or less of the same one is.
        if sought.iter().filter(|sought| likeliest.contains(&sought.link)).count() * 2 < likeliest.len() {
            continue;
        }
        let Some(made) = synthesis(document, &sought, Demand::Lasting).filter(|made| made.marks.links >= LEAST) else {
            continue;
        };
        if best.as_ref().is_none_or(|(best, ..)| best.marks < made.marks) {
            best = Some((made, listed.confidence, sought));
        }
        if best.as_ref().is_some_and(|(best, ..)| best.marks.links >= ENOUGH) {
            break;
        }
    }
    let (made, confidence, sought) = best.ok_or(NoList::Nothing)?;
    let made = completed(document, made, &sought);
    let made = in_one_line(document, made, &sought);
    let made = trimmed(document, made, &sought);
    let links = links(document, &made);
    let is_dated = made.seen.iter().filter(|seen| seen.published.is_some()).count() * 3 >= made.seen.len();
    Ok(Shown { is_dated, proposal: Proposal { draft: with_limit(made.draft, links.len()), links, confidence } })
}

/// The draft of a list that is longer than what is taken of one without being told to.
pub(super) fn with_limit(mut draft: Draft, rows: usize) -> Draft {
    if rows > limits::ENTRIES_OF_A_PAGE {
        let limit = rows.next_multiple_of(limits::ENTRIES_OF_A_PAGE).min(limits::LISTING_ROWS);
        draft.set("limit", vec![Way::Number(limit)]);
    }
    draft
}

/// The links that a rule finds, as addresses.
fn links(document: &Document, made: &Made) -> Vec<WebUrl> {
    let rule = made.seen.iter().map(|seen| seen.link.as_str());
    let mut places: HashMap<String, usize> = rule.enumerate().map(|(nth, link)| (link.to_owned(), nth)).collect();
    let hrefs = document.root().descendent_elements().filter(|element| element.value().name() == "a");
    let urls = hrefs.filter_map(|element| document.base().join(element.attr("href")?).ok());
    let mut found: Vec<(usize, WebUrl)> =
        urls.filter_map(|url| Some((places.remove(&url.essence())?, url.without_tracking()))).collect();
    found.sort_by_key(|(nth, _)| *nth);
    found.into_iter().map(|(_, url)| url).collect()
}
