//! Whether a rule is good enough to take the place of one that fits no longer: enough known items return, among few strangers.
//! Pure.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::identity::Identity;
use super::candidate::title;
use crate::archive::Record;
use crate::extract::{Entry, ListingReading};
use crate::item::Field;
use crate::profile::{Profile, Spread};
use crate::report::Tally;
use crate::text::Text;

/// Known items that must return: two may stand in any box of what is read most.
const RETURNED: usize = 3;
/// As many will do for a list that never had more than a handful.
const RETURNED_OF_FEW: usize = 2;
/// Of a hundred known items, how many others may stand among them: one that was never archived, perhaps.
const STRANGERS: usize = 5;
/// How many entries a list of few has.
const FEW: f32 = 4.0;

/// What a reading by another rule shows.
#[derive(Default)]
pub(super) struct Evidence {
    /// For each entry in the page's order, whether the archive has it.
    known: Vec<bool>,
    /// How many of those are called as they were.
    titled: usize,
    /// Whether the entries have links that look like none before.
    pub(super) is_readdressed: bool,
    /// The records that only their titles lead to: the site gave them other addresses.
    pub(super) by_title: Vec<(Text, Record)>,
}

impl Evidence {
    /// Holds the entries of a reading against the archive: `found` is what their keys lead to, `examples` the newest items.
    pub(super) fn of(reading: &ListingReading, found: &[Record], examples: &[Record]) -> Self {
        let mut evidence = Self::default();
        let named = named(examples);
        let titles: Vec<Option<Text>> = reading.entries.iter().map(title).collect();
        for (entry, title) in reading.entries.iter().zip(&titles) {
            let identity = identity_of(entry);
            let by_key = found.iter().find(|record| identity.is(record));
            let is_one = |title: &&Text| titles.iter().filter(|other| other.as_ref() == Some(*title)).count() == 1;
            let by_title = || title.as_ref().filter(is_one).and_then(|title| Some((title, (*named.get(title)?)?)));
            evidence.known.push(match (by_key, by_key.is_none().then(by_title).flatten()) {
                (Some(record), _) => {
                    evidence.titled += usize::from(titles_of(record).any(|known| Some(known) == title.as_ref()));
                    true
                }
                (None, Some((title, record))) => {
                    evidence.titled += 1;
                    evidence.by_title.push((title.clone(), record.clone()));
                    true
                }
                (None, None) => false,
            });
        }
        evidence
    }

    /// How many entries the archive has.
    pub(super) fn returned(&self) -> usize {
        self.known.iter().filter(|is_known| **is_known).count()
    }

    /// Whether that is enough to believe that these are the site's entries, and all of them, and nothing is worse than before.
    pub(super) fn is_enough(&self, profile: &Profile, fields: &BTreeMap<Field, Tally>) -> bool {
        let returned = self.returned();
        let wanted = if profile.entries.most <= FEW && profile.readings > 0 { RETURNED_OF_FEW } else { RETURNED };
        // News stand before what is known; whatever stands between known items, and is none, is something else.
        let first = self.known.iter().position(|is_known| *is_known).unwrap_or_default();
        let last = self.known.iter().rposition(|is_known| *is_known).unwrap_or_default();
        let strangers = (last + 1).saturating_sub(first + returned);
        let count = float(self.known.len());
        let Spread { least, most, .. } = profile.entries;
        // A box of what is new beside an empty list has fewer entries, a page with all that it links to has more.
        let is_as_long = profile.readings == 0 || count * 2.0 > least && count <= most * 2.0 + 10.0;
        let usual = |field| profile.fields.get(&field).map_or(100.0, |spread| spread.least);
        let share = |field| fields.get(&field).map_or(0.0, |tally| of_hundred(*tally));
        let has_titles = usual(Field::Title) < 80.0 || share(Field::Title) >= 80.0;
        returned >= wanted
            && strangers <= (returned * STRANGERS / 100).max(1)
            && self.titled * 2 >= returned
            && is_as_long
            && has_titles
    }
}

/// What a row says of who it is.
pub(super) fn identity_of(entry: &Entry) -> Identity {
    Identity::of(&entry.found.ruled.clone().or(entry.found.automatic.clone()))
}

/// Records by their titles; `None` where several have the same one.
fn named(examples: &[Record]) -> HashMap<&Text, Option<&Record>> {
    let mut named: HashMap<&Text, Option<&Record>> = HashMap::new();
    for record in examples {
        for title in titles_of(record).collect::<HashSet<_>>() {
            named.entry(title).and_modify(|other| *other = None).or_insert(Some(record));
        }
    }
    named
}

/// What an item's row called it, and what the item is called.
fn titles_of(record: &Record) -> impl Iterator<Item = &Text> {
    [&record.entry.ruled.title, &record.entry.automatic.title, &record.item.fields.title].into_iter().flatten()
}

fn of_hundred(Tally { found, missing }: Tally) -> f32 {
    float(found) * 100.0 / float(found + missing).max(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "lists are short")]
fn float(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether rows are enough, each known or not, for a site that had `usual` of them, all with titles.
    fn is_enough(rows: &str, titled: usize, usual: f32) -> bool {
        let evidence = Evidence { known: rows.chars().map(|row| row == 'k').collect(), titled, ..Evidence::default() };
        let entries = Spread { least: usual, usual, most: usual };
        let titles = Spread { least: 100.0, usual: 100.0, most: 100.0 };
        let profile = Profile { readings: 1, entries, fields: [(Field::Title, titles)].into(), ..Profile::default() };
        let all = Tally { found: rows.len(), missing: 0 };
        evidence.is_enough(&profile, &[(Field::Title, all)].into())
    }

    #[test]
    fn known_items_must_return_and_hardly_anything_else_among_them() {
        assert!(is_enough("kkkkkkkkkk", 10, 10.0));
        assert!(is_enough("nnnkkkkkkk", 7, 10.0), "news");
        assert!(is_enough("kkkkkkknnn", 7, 10.0), "more of the old ones than before");
        assert!(is_enough("kkknkkkkkk", 9, 10.0), "one that was never archived");
        assert!(!is_enough("kknkknkknk", 7, 10.0), "something else between them");
        assert!(!is_enough("nnnnnnnnkk", 2, 10.0), "two may be chance");
        assert!(is_enough("nkk", 2, 4.0), "but for a list that never had more");
        assert!(!is_enough("kkkkk", 5, 10.0), "a box of what is new");
        assert!(!is_enough(&"k".repeat(40), 40, 10.0), "everything");
        assert!(!is_enough("kkkkkkkkkk", 4, 10.0), "by other titles");
    }

    #[test]
    fn titles_must_be_there_if_they_were() {
        let evidence = Evidence { known: vec![true; 10], titled: 10, by_title: Vec::new() };
        let few = [(Field::Title, Tally { found: 7, missing: 3 })].into();
        assert!(!evidence.is_enough(&Profile::default(), &few));
        let spread = Spread { least: 20.0, usual: 50.0, most: 60.0 };
        let untitled = Profile { fields: [(Field::Title, spread)].into(), ..Profile::default() };
        assert!(evidence.is_enough(&untitled, &few));
    }
}
