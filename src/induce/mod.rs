//! From a page to a rule: finds the list on a page that nobody has described, and the list that archived items tell of on a
//! page that was redesigned; writes down how it is found as `sites.toml` would. From then on the rule runs, not the guess.
//!
//! Never fails, never does I/O: same page, same rule. What a rule yields is read by `extract`.

mod chosen;
mod draft;
mod json;
mod listed;
mod look;
mod proposed;
mod recall;
mod titles;
mod write;

pub use draft::{Draft, Way};
pub(crate) use listed::ListedRow;
pub use recall::{Sighted, View, again, sighted};

use crate::page::Document;
use crate::text::Text;
use crate::weburl::WebUrl;

/// A rule for a listing that was found by looking at the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The rule.
    pub draft: Draft,
    /// How sure it is that this is the list, of 100.
    pub confidence: u8,
    /// The links of the rows that it is meant to find, in the order of the page.
    pub links: Vec<WebUrl>,
}

/// Why no rule is proposed for a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoList {
    /// Nothing on it repeats in the way in which lists do.
    #[error("nothing on the page looks like a list of articles")]
    Nothing,
    /// It is one article.
    #[error("the page is an article, not a list of them")]
    Article,
}

/// An item that a site is known to have listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its link, and others that lead to it.
    pub links: Vec<WebUrl>,
    /// Its title.
    pub title: Option<Text>,
    /// When it was published, if the site's list told that.
    pub published: Option<crate::item::Date>,
}

/// Proposes a rule for a list in the JSON of a page whose rows tell only the end of their address. Nothing on the page says
/// what stands before it; `template` is a guess, to be seen by asking for one of the links.
pub fn guessed(document: &Document, template: &str) -> Option<Proposal> {
    json::guessed(document, template).filter(|guess| !chosen::is_article(document, guess))
}

/// Proposes a rule for the list in the JSON of a page, whose rows may tell only the end of their address: some of its items
/// are known, and how the rest of theirs goes.
pub fn stated_again(document: &Document, examples: &[Example]) -> Option<Proposal> {
    json::known(document, examples.iter().flat_map(|example| &example.links))
}

/// Proposes a rule for the list on a page, or in a document of JSON.
pub fn listing(document: &mut Document) -> Result<Proposal, NoList> {
    if document.told().is_some() {
        return json::listing(document);
    }
    chosen::listing(document)
}
