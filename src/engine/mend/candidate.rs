//! From a page that the rule does not fit to one that does: what is different in the listing's table. Pure.
//!
//! What the operator wrote and what still works stays; only what finds nothing any more is replaced.

use chrono::{DateTime, Utc};

use crate::config::Site;
use crate::extract::{self, Circumstances, Entry, ListingReading};
use crate::induce::{self, Draft, Example, NoList, Proposal, Sighted, View};
use crate::item::{Field, Fields};
use crate::page::{Document, NotAPage, Told};
use crate::profile::Profile;
use crate::rule::FieldRule;
use crate::selfmade::Change;
use crate::text::Text;
use crate::webpage::Page;
use crate::weburl::WebUrl;

use super::running::with_found;

/// Of a hundred links or values, how many must be found for something to work.
const WORKS: usize = 50;

/// A rule that may take the place of one that fits no longer.
pub(super) struct Candidate {
    pub(super) site: Site,
    pub(super) changes: Vec<Change>,
    pub(super) reading: ListingReading,
    /// The examples that the page leads to.
    pub(super) sighted: Sighted,
}

/// A site with changes, and what is read by it.
struct Amended {
    site: Site,
    changes: Vec<Change>,
    reading: ListingReading,
}

/// A page, to be opened as often as it is read: reading may change a document.
pub(super) struct Leaf<'a> {
    pub(super) page: &'a Page,
    pub(super) now: DateTime<Utc>,
}

impl Leaf<'_> {
    pub(super) fn open(&self, site: &Site) -> Result<Document, NotAPage> {
        Document::read_listing(self.page, &site.rule)
    }

    fn read(&self, site: &Site) -> Option<ListingReading> {
        let circumstances = Circumstances { now: self.now, explain: false };
        Some(extract::listing(&mut self.open(site).ok()?, &site.rule, circumstances))
    }

    /// What a site comes to with these changes.
    fn with(&self, base: &Site, changes: Vec<Change>) -> Option<Amended> {
        let site = base.amended(&changes).ok()?;
        let reading = self.read(&site)?;
        Some(Amended { site, changes, reading })
    }
}

/// The keys of a draft, each with its value as TOML.
pub(in crate::engine) fn keys_of(draft: &Draft) -> Vec<(String, String)> {
    let value = |key: &str| {
        let mut alone = Draft::default();
        alone.set(key, draft.get(key).to_vec());
        let line = alone.to_string();
        line.strip_prefix(&format!("{key} = ")).map(|value| value.trim_end().to_owned())
    };
    draft.keys().filter_map(|(key, _)| Some((key.to_owned(), value(key)?))).collect()
}

/// The keys that were found, and the site as it is read by them.
pub type FoundRule = (Vec<(String, String)>, Site);

/// The rule that a page without any is read by: the keys that were found, and the site with them. A feed has none.
pub fn found(document: &mut Document, own: &Site) -> Result<FoundRule, NoList> {
    if document.told().is_some_and(Told::is_a_feed) {
        return Err(NoList::Nothing);
    }
    let keys = keys_of(&induce::listing(document)?.draft);
    let site = with_found(own, &keys).ok_or(NoList::Nothing)?;
    Ok((keys, site))
}

/// How a list is found again on a page that the rule does not fit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clue {
    /// By what is archived of the site.
    Items(View),
    /// By what lists look like.
    Looks,
    /// By what lists in JSON look like, whose items have such addresses as are archived.
    State,
}

impl Clue {
    /// The surer one first.
    pub(super) const ALL: [Self; 8] = [
        Self::Items(View::Narrow),
        Self::Items(View::Wide),
        Self::Items(View::Listed),
        Self::Items(View::Named(0)),
        Self::Items(View::Named(1)),
        Self::Items(View::Named(2)),
        Self::Looks,
        Self::State,
    ];

    /// Whether a list that is so much longer or shorter than the one that was may be that list. Under a name that rows have in
    /// common, those of a box of known items may stand, too: then it must be as long as ever.
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    pub(super) fn allows(self, distance: u32, profile: &Profile) -> bool {
        let is_named = matches!(self, Self::Items(View::Named(_)));
        !is_named || profile.readings == 0 || distance as f32 * 20.0 <= profile.entries.usual
    }
}

/// A rule for a page that `base` does not fit.
pub(super) fn candidate(leaf: &Leaf<'_>, base: &Site, examples: &[Example], clue: Clue) -> Option<Candidate> {
    let mut document = leaf.open(base).ok().filter(|document| !document.told().is_some_and(Told::is_a_feed))?;
    let proposal = match clue {
        Clue::Items(view) => induce::again(&mut document, examples, view)?,
        Clue::Looks => induce::listing(&mut document).ok()?,
        Clue::State => induce::stated_again(&document, examples)?,
    };
    let sighted = induce::sighted(&document, examples);
    let Amended { site, changes, reading } = Mending { leaf, base, examples, proposal: &proposal }.amended()?;
    Some(Candidate { site, changes, reading, sighted })
}

/// A proposal that is brought together with the rule that was there.
struct Mending<'a> {
    leaf: &'a Leaf<'a>,
    base: &'a Site,
    examples: &'a [Example],
    proposal: &'a Proposal,
}

impl Mending<'_> {
    fn amended(&self) -> Option<Amended> {
        let as_proposed = self.leaf.with(self.base, self.as_proposed())?;
        let is_right = |other: &Amended| {
            self.links_in(&other.reading) >= self.links_in(&as_proposed.reading)
                && other.reading.entries.len() <= as_proposed.reading.entries.len()
                && self.titles_in(&other.reading) >= self.titles_in(&as_proposed.reading)
        };
        let mut best = self.as_proposed();
        // Key by key: what was written stays, if nothing is lost by that.
        for key in self.base.written.keys() {
            let without: Vec<Change> = best.iter().filter(|change| change.key != *key).cloned().collect();
            if without.len() == best.len() {
                continue;
            }
            if self.leaf.with(self.base, without.clone()).is_some_and(|other| is_right(&other) && reads(&other, key)) {
                best = without;
            }
        }
        let amended = self.leaf.with(self.base, best)?;
        (!amended.changes.is_empty()).then_some(amended)
    }

    /// The changes that make the proposal's rule of what was written, but for what the operator switched off.
    fn as_proposed(&self) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        let mut change = |key: &str, to: Option<String>| {
            let from = self.base.written.get(key).cloned();
            if from != to {
                changes.push(Change { key: key.to_owned(), from, to });
            }
        };
        let is_off = |key: &str| Field::named(key).is_some_and(|field| self.base.rule.listing.fields.is_off(field));
        let proposed = keys_of(&self.proposal.draft);
        for (key, value) in proposed.iter().filter(|(key, _)| !is_off(key)) {
            change(key, Some(value.clone()));
        }
        // What says which rows count, and what they tell, may say it of the page that was.
        for key in ["container", "link_pattern", "link", "title", "published"] {
            if self.base.written.contains_key(key) && !is_off(key) && proposed.iter().all(|(known, _)| known != key) {
                change(key, None);
            }
        }
        changes
    }

    /// How many of the links that the proposal means are among the entries.
    fn links_in(&self, reading: &ListingReading) -> usize {
        let links: Vec<String> = reading.entries.iter().filter_map(Entry::link).map(WebUrl::essence).collect();
        self.proposal.links.iter().filter(|link| links.contains(&link.essence())).count()
    }

    /// How many entries have the title of an archived item.
    fn titles_in(&self, reading: &ListingReading) -> usize {
        let known: Vec<&Text> = self.examples.iter().filter_map(|example| example.title.as_ref()).collect();
        let is_known = |entry: &&Entry| title(entry).is_some_and(|title| known.contains(&&title));
        reading.entries.iter().filter(is_known).count()
    }
}

/// Whether what was written of `key` still finds something.
fn reads(amended: &Amended, key: &str) -> bool {
    let reading = &amended.reading;
    if key == "container" {
        return reading.findings.report.container == Some(true);
    }
    let Some(field) = Field::named(key) else { return true };
    let has = |entry: &&Entry| entry.found.ruled.has(field);
    let is_named = matches!(amended.site.rule.listing.fields.get(field), Some(FieldRule::From(_)));
    let found = reading.entries.iter().filter(has).count();
    is_named && found > 0 && found * 100 >= reading.entries.len() * WORKS
}

/// The title that a row tells.
pub(super) fn title(entry: &Entry) -> Option<Text> {
    let told = |fields: &Fields| fields.title.clone();
    told(&entry.found.ruled).or_else(|| told(&entry.found.automatic))
}
