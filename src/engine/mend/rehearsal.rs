//! What a redesign would lead to, without a site, an archive or a refresh: for those who want to know beforehand.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::candidate::{Candidate, Leaf};
use super::evidence::{Distance, Evidence, identity_of};
use super::{Clue, candidate, example};
use crate::archive::{ArticleState, Record};
use crate::config::Site;
use crate::extract::{Entry, ListingReading};
use crate::induce::Example;
use crate::item::{Field, Item};
use crate::profile::{Profile, Spread};
use crate::report::Tally;
use crate::webpage::Page;

/// The site as a refresh would repair its rule, were its page to become this one after a refresh that read `before`; `None`: it
/// would ask for a person.
pub fn rehearsed(page: &Page, site: &Arc<Site>, before: &ListingReading, now: DateTime<Utc>) -> Option<Site> {
    let records: Vec<Record> = before.entries.iter().map(|entry| record(entry, now)).collect();
    let examples: Vec<Example> = records.iter().map(example).collect();
    let profile = profile(before);
    let leaf = Leaf { page, now };
    let mut best: Option<(Distance, Site)> = None;
    for clue in Clue::ALL {
        let Some(candidate) = candidate::candidate(&leaf, site, &examples, clue) else { continue };
        let Candidate { site, reading, sighted, .. } = candidate;
        let evidence = Evidence::of(&reading, &records, (&records, &sighted), &profile);
        let distance = evidence.distance(&profile, &reading.findings.report.fields);
        if evidence.is_enough(&profile, &reading.findings.report.fields)
            && clue.allows(distance.entries, &profile)
            && best.as_ref().is_none_or(|(least, _)| distance < *least)
        {
            best = Some((distance, site));
        }
        if best.as_ref().is_some_and(|(distance, _)| *distance == Distance::default()) {
            break;
        }
    }
    best.map(|(_, site)| site)
}

/// An entry as it is archived.
fn record(entry: &Entry, now: DateTime<Utc>) -> Record {
    let fields = entry.found.ruled.clone().or(entry.found.automatic.clone());
    let published = fields.published.unwrap_or_else(|| now.fixed_offset());
    let item = Item { id: String::new(), id_is_link: false, published, updated: published, fields };
    Record {
        number: None,
        keys: identity_of(entry).keys(),
        first_seen: now,
        item,
        entry: entry.found.clone(),
        digest: String::new(),
        rule: String::new(),
        article: ArticleState::default(),
        is_dropped: false,
        held: None,
        pages: Vec::new(),
    }
}

/// What a site is known to be after one refresh.
#[expect(clippy::cast_precision_loss, reason = "lists are short")]
fn profile(reading: &ListingReading) -> Profile {
    let always = |value: f32| Spread { least: value, usual: value, most: value };
    let share = |tally: &Tally| tally.found as f32 * 100.0 / (tally.found + tally.missing).max(1) as f32;
    let fields = &reading.findings.report.fields;
    let titles = fields.get(&Field::Title).map(|tally| (Field::Title, always(share(tally))));
    let entries = always(reading.entries.len() as f32);
    Profile { readings: 1, entries, fields: titles.into_iter().collect(), ..Profile::default() }
}
