//! Whether a rule is good enough to take the place of one that fits no longer: enough known items return, among few strangers.
//! Pure.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::identity::Identity;
use super::candidate::title;
use super::kind::Kind;
use crate::archive::Record;
use crate::extract::{Entry, ListingReading};
use crate::induce::Sighted;
use crate::item::Field;
use crate::profile::{Profile, Spread, shape_of};
use crate::report::Tally;
use crate::text::Text;

/// Known items that must return: two may stand in any box of what is read most.
const RETURNED: usize = 3;
/// As many will do for a list that never had more than a handful.
const RETURNED_OF_FEW: usize = 2;
/// Of a hundred known items, how many must be called as they were.
const TITLED: usize = 80;
/// How many entries a list of few has.
const FEW: f32 = 4.0;

/// What an entry is to those that the archive has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kin {
    /// It is one of them.
    Known,
    /// It has what they have, and its link looks like theirs: one that is new, or was never archived.
    Alike,
    /// It is something else that the rule finds, too.
    Stranger,
}

/// How far a list is from the one that was.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Distance {
    lost_dates: bool,
    /// By how many entries it is longer or shorter.
    pub(super) entries: u32,
}

/// What a reading by another rule shows.
#[derive(Default)]
pub(super) struct Evidence {
    /// What each entry is, in the page's order.
    kin: Vec<Kin>,
    /// How many known ones are called as they were.
    titled: usize,
    /// How many items the page leads to that were listed lately, and that are not among the entries.
    missing: usize,
    /// How many of the others have links that look like none that is archived.
    strange: usize,
    /// Whether the entries have links that look like none before.
    pub(super) is_readdressed: bool,
    /// The records that only their titles lead to: the site gave them other addresses.
    pub(super) by_title: Vec<(Text, Record)>,
}

impl Evidence {
    /// Holds the entries of a reading against the archive: `found` is what their keys lead to, `examples` the newest items, the
    /// newest first, and `sighted` those that the page leads to.
    pub(super) fn of(
        reading: &ListingReading,
        found: &[Record],
        (examples, sighted): (&[Record], &Sighted),
        profile: &Profile,
    ) -> Self {
        let mut evidence = Self::default();
        let named = named(examples);
        let titles: Vec<Option<Text>> = reading.entries.iter().map(title).collect();
        let mut known: Vec<bool> = Vec::new();
        let mut keys: HashSet<&String> = HashSet::new();
        let shapes: HashSet<String> =
            examples.iter().filter_map(|one| one.item.fields.link.as_ref()).map(shape_of).collect();
        let is_strange = |entry: &Entry| entry.link().is_some_and(|link| !shapes.contains(&shape_of(link)));
        for (entry, title) in reading.entries.iter().zip(&titles) {
            let identity = identity_of(entry);
            let by_key = found.iter().find(|record| identity.is(record));
            let is_one = |title: &&Text| titles.iter().filter(|other| other.as_ref() == Some(*title)).count() == 1;
            let by_title = || title.as_ref().filter(is_one).and_then(|title| Some((title, (*named.get(title)?)?)));
            known.push(match (by_key, by_key.is_none().then(by_title).flatten()) {
                (Some(record), _) => {
                    evidence.titled += usize::from(is_called(record, title.as_ref()));
                    keys.extend(&record.keys);
                    true
                }
                (None, Some((title, record))) => {
                    evidence.titled += 1;
                    evidence.by_title.push((title.clone(), record.clone()));
                    true
                }
                (None, None) => {
                    evidence.strange += usize::from(is_strange(entry));
                    false
                }
            });
        }
        let usual = Kind::of(reading.entries.iter().zip(&known).filter(|(_, known)| **known).map(|(entry, _)| entry));
        let kin = |(entry, known): (&Entry, &bool)| match known {
            true => Kin::Known,
            false if usual.has(entry) => Kin::Alike,
            false => Kin::Stranger,
        };
        evidence.kin = reading.entries.iter().zip(&known).map(kin).collect();
        // What an entry is only called like, while its own link stands on the page, is missing.
        let has_key = |record: &Record| record.keys.iter().any(|key| keys.contains(key));
        let returned = examples.iter().enumerate().filter(|(_, record)| has_key(record)).map(|(number, _)| number);
        // Older ones may stand in a box of what is read most.
        let is_late = |number: &usize| profile.readings == 0 || float(*number) < profile.entries.usual;
        evidence.missing = sighted.missing(&returned.collect()).into_iter().filter(is_late).count();
        evidence
    }

    /// How many entries the archive has.
    pub(super) fn returned(&self) -> usize {
        self.count(Kin::Known)
    }

    fn count(&self, kin: Kin) -> usize {
        self.kin.iter().filter(|other| **other == kin).count()
    }

    /// How far it is from the list that was: whether that had dates, and this has none; and by how many entries it is longer or
    /// shorter. The less, the likelier it is that list.
    pub(super) fn distance(&self, profile: &Profile, fields: &BTreeMap<Field, Tally>) -> Distance {
        let was_dated = profile.fields.get(&Field::Published).is_some_and(|spread| spread.least >= 80.0);
        let is_dated = fields.get(&Field::Published).is_some_and(|tally| of_hundred(*tally) >= 50.0);
        let entries = if profile.readings == 0 { 0.0 } else { (float(self.kin.len()) - profile.entries.usual).abs() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lists are short")]
        let entries = entries as u32;
        Distance { lost_dates: was_dated && !is_dated, entries }
    }

    /// Whether that is enough to believe that these are the site's entries, and all of them, and nothing is worse than before.
    pub(super) fn is_enough(&self, profile: &Profile, fields: &BTreeMap<Field, Tally>) -> bool {
        let returned = self.returned();
        let wanted = if profile.entries.most <= FEW && profile.readings > 0 { RETURNED_OF_FEW } else { RETURNED };
        // News stand before what is known, or among it where a front is arranged by hand.
        let first = self.kin.iter().position(|kin| *kin == Kin::Known).unwrap_or_default();
        let last = self.kin.iter().rposition(|kin| *kin == Kin::Known).unwrap_or_default();
        let between = (last + 1).saturating_sub(first + returned);
        // What stands behind is older, and much of it would be known, too: else the known items were put before other things.
        let behind = self.kin.len().saturating_sub(last + 1);
        // More news than known items may be what was missed in a long pause, if they look like the site's.
        let is_other = self.kin.len() > returned * 2 && self.strange > returned;
        let count = float(self.kin.len());
        let Spread { least, most, .. } = profile.entries;
        // A box of what is new beside an empty list has fewer entries, a page with all that it links to has more.
        let is_as_long = profile.readings == 0 || count * 2.0 > least && count <= most * 2.0 + 10.0;
        let usual = |field| profile.fields.get(&field).map_or(100.0, |spread| spread.least);
        let share = |field| fields.get(&field).map_or(0.0, |tally| of_hundred(*tally));
        let has_titles = usual(Field::Title) < 80.0 || share(Field::Title) >= 80.0;
        returned >= wanted
            && between <= returned
            && self.count(Kin::Stranger) == 0
            && self.missing == 0
            && self.titled * 100 >= returned * TITLED
            && behind <= returned
            && !is_other
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

/// Whether a row calls an item as it was called; one whose row never had a title is called as it was without.
fn is_called(record: &Record, title: Option<&Text>) -> bool {
    let is_nameless = [&record.entry.ruled.title, &record.entry.automatic.title].into_iter().all(Option::is_none);
    titles_of(record).any(|known| Some(known) == title) || is_nameless && title.is_none()
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

    fn evidence(rows: &str, titled: usize) -> Evidence {
        let kin = |row| match row {
            'k' => Kin::Known,
            'n' | 'o' => Kin::Alike,
            _ => Kin::Stranger,
        };
        Evidence { kin: rows.chars().map(kin).collect(), titled, ..Evidence::default() }
    }

    /// Whether rows are enough, each known, alike or something else, for a site that had `usual` of them, all with titles.
    fn is_enough(rows: &str, titled: usize, usual: f32) -> bool {
        let evidence = Evidence { strange: rows.matches('o').count(), ..evidence(rows, titled) };
        let entries = Spread { least: usual, usual, most: usual };
        let titles = Spread { least: 100.0, usual: 100.0, most: 100.0 };
        let profile = Profile { readings: 1, entries, fields: [(Field::Title, titles)].into(), ..Profile::default() };
        let all = Tally { found: rows.len(), missing: 0 };
        evidence.is_enough(&profile, &[(Field::Title, all)].into())
    }

    #[test]
    fn known_items_must_return_and_nothing_that_is_none() {
        assert!(is_enough("kkkkkkkkkk", 10, 10.0));
        assert!(is_enough("nnnkkkkkkk", 7, 10.0), "news");
        assert!(is_enough("kkkkkkknnn", 7, 10.0), "more of the old ones than before");
        assert!(is_enough("knkknkkknk", 7, 10.0), "news among them");
        assert!(!is_enough("kkkksckkkk", 8, 10.0), "something else between them");
        assert!(!is_enough("knnnnnnnkk", 3, 10.0), "hardly any of them");
        assert!(!is_enough("nnnnnnnnkk", 2, 10.0), "two may be chance");
        assert!(is_enough("nkk", 2, 4.0), "but for a list that never had more");
        assert!(!is_enough("kkkkk", 5, 10.0), "a box of what is new");
        assert!(!is_enough(&"k".repeat(40), 40, 10.0), "everything");
        assert!(!is_enough("kkkkkkkkkk", 4, 10.0), "by other titles");
        let missing = Evidence { missing: 1, ..evidence("kkkkkkkkkk", 10) };
        let all = [(Field::Title, Tally { found: 10, missing: 0 })].into();
        assert!(!missing.is_enough(&Profile::default(), &all), "one that stands on the page was left out");
        assert!(is_enough("nnnnnnnkkk", 3, 10.0), "a long pause");
        assert!(!is_enough("oooooookkk", 3, 10.0), "and what leads elsewhere");
        assert!(!is_enough("kkknnnnnnn", 3, 10.0), "three known items before other things");
    }

    #[test]
    fn titles_must_be_there_if_they_were() {
        let evidence = evidence("kkkkkkkkkk", 10);
        let few = [(Field::Title, Tally { found: 7, missing: 3 })].into();
        assert!(!evidence.is_enough(&Profile::default(), &few));
        let spread = Spread { least: 20.0, usual: 50.0, most: 60.0 };
        let untitled = Profile { fields: [(Field::Title, spread)].into(), ..Profile::default() };
        assert!(evidence.is_enough(&untitled, &few));
    }
}
