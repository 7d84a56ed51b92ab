//! From a page to the rule for its list: the likeliest list for which there is a rule that finds it again.

use std::collections::HashMap;

use super::candidates::lists;
use super::synthesis::{Made, sought, synthesis};
use super::{NoList, Proposal};
use crate::page::Document;
use crate::weburl::WebUrl;

/// Of a thousand links of a list, those that its rule must find; with fewer the next list is tried.
const ENOUGH: usize = 900;

/// With fewer than these there is no rule worth having.
const LEAST: usize = 500;

/// Proposes a rule for the list on a page.
pub(super) fn proposed(document: &mut Document) -> Result<Proposal, NoList> {
    let mut best: Option<(Made, u8)> = None;
    for listed in lists(document)? {
        let sought = sought(document, &listed.rows);
        let Some(made) = synthesis(document, &sought).filter(|made| made.marks.links >= LEAST) else { continue };
        let is_enough = made.marks.links >= ENOUGH;
        if best.as_ref().is_none_or(|(best, _)| is_enough || best.marks < made.marks) {
            best = Some((made, listed.confidence));
        }
        if is_enough {
            break;
        }
    }
    let (made, confidence) = best.ok_or(NoList::Nothing)?;
    Ok(Proposal { links: links(document, &made), draft: made.draft, confidence })
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
