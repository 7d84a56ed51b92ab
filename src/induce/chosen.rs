//! Which list of a page counts: the one that it shows, or the one in the JSON that it holds.

use std::collections::HashSet;

use super::json::{Stated, stated};
use super::look::doubt::is_said_to_be_article;
use super::look::sheet::Sheet;
use super::proposed::{Shown, shown};
use super::{NoList, Proposal};
use crate::page::Document;
use crate::weburl::WebUrl;

/// Proposes a rule for the list of a page. What it shows is the surer thing: its rule is shorter, and mostly tells more. Where
/// scripts are to make the list, or show less of it than they know, it stands in what they begin with.
pub(super) fn listing(document: &mut Document) -> Result<Proposal, NoList> {
    let shown = shown(document);
    if shown == Err(NoList::Article) {
        return Err(NoList::Article);
    }
    match (shown, stated(document)) {
        (Ok(shown), Some(stated)) if is_more(&stated, &shown) => Ok(stated.proposal),
        (Ok(shown), _) => Ok(shown.proposal),
        (Err(_), Some(stated)) if is_for(document, &stated) && !is_article(document, &stated.proposal) => {
            Ok(stated.proposal)
        }
        (Err(why), _) => Err(why),
    }
}

/// Whether a page that shows something else is for a list in its JSON all the same: a box of news beside a table is not what
/// the page is for.
fn is_for(document: &Document, stated: &Stated) -> bool {
    const PART: usize = 10;
    stated.says * PART >= Sheet::of(document).whole().text
}

/// Whether a page is an article that holds such a list, too.
pub(super) fn is_article(document: &Document, proposal: &Proposal) -> bool {
    is_said_to_be_article(document, &proposal.links)
}

/// Whether JSON tells of the list that a page shows, and more of it: dates, or many more rows.
fn is_more(stated: &Stated, shown: &Shown) -> bool {
    let essences = |links: &[WebUrl]| links.iter().map(WebUrl::essence).collect::<HashSet<String>>();
    let (told, seen) = (essences(&stated.proposal.links), essences(&shown.proposal.links));
    let both = told.intersection(&seen).count();
    let is_same = both * 10 >= seen.len() * 9;
    stated.is_dated && is_same && (!shown.is_dated || told.len() >= seen.len() * 2)
}
