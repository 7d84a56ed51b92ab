//! The verdict: what a reading shows, held against what the site has been.

use std::collections::{BTreeMap, BTreeSet};

use crate::drift::{Drift, Thinned};
use crate::extract::{Entry, ListingReading, Sight};
use crate::item::Field;
use crate::page::Wall;
use crate::profile::{Profile, Sketch, Spread, outline, shape_of};
use crate::report::Tally;
use crate::weburl::WebUrl;

/// Of a hundred tokens around the list, how many must be found again on a page that is the same but for its list.
const SAME_FRAME: f32 = 40.0;
/// How few of them are left of a page that is another one.
const OTHER_FRAME: f32 = 30.0;
/// Of a hundred links that the list had, how many are still on a page that still has the list: other lists of the site,
/// such as those of what is read most, have some, too.
const STILL_LISTED: f32 = 60.0;
/// Of a hundred entries, how many must look like those before for the rest to be believed.
const ALIKE: f32 = 10.0;
/// Rows that say that there are none: "No entries" stands in one, and perhaps what to do about it in another.
const EXCUSES: usize = 2;
/// Entries from which on shares say something.
const ENTRIES: usize = 5;
/// Entries that must have lost a field beyond what is usual.
const LOST: f32 = 3.0;

/// What one good reading shows.
pub(in crate::engine) struct Facts<'a> {
    /// The entries.
    pub(in crate::engine) entries: &'a [WebUrl],
    /// How many there are, with or without a link.
    pub(in crate::engine) count: usize,
    /// How many of them the archive has.
    pub(in crate::engine) known: usize,
    /// Which fields were found in the rows, and how often.
    pub(in crate::engine) fields: &'a BTreeMap<Field, Tally>,
    /// What the page shows beside them.
    pub(in crate::engine) sight: &'a Sight,
    /// Where the address has moved to.
    pub(in crate::engine) moved: Option<&'a WebUrl>,
    /// Whether all addresses and pages of the listing were read: only then its length says something.
    pub(in crate::engine) is_whole: bool,
    /// Whether the container was found.
    pub(in crate::engine) container: Option<bool>,
}

impl Facts<'_> {
    /// The links of `entries`.
    pub(in crate::engine) fn links(entries: &[Entry]) -> Vec<WebUrl> {
        entries.iter().filter_map(Entry::link).cloned().collect()
    }
}

/// The verdict on entries.
#[derive(Debug, PartialEq)]
pub(in crate::engine) enum Judged {
    /// They are the site's.
    Taken(Option<Drift>),
    /// They are something else, and must not get into the feed.
    Refused(Drift),
}

impl Facts<'_> {
    /// Whether the entries are what the site has been listing.
    pub(in crate::engine) fn judge(&self, profile: &Profile) -> Judged {
        let moved = |works| self.moved.map(|to| Drift::Moved { to: to.clone(), works });
        if profile.readings == 0 || self.count == 0 {
            return Judged::Taken(moved(true));
        }
        if self.is_foreign(profile) {
            return Judged::Refused(moved(false).unwrap_or(Drift::Redesign));
        }
        let thinned = self.thinned(profile);
        // Rows without the titles that they had are no rows: the known ones would lose theirs.
        if self.count >= ENTRIES
            && thinned.iter().any(|thin| thin.field == Field::Title && thin.now < 10 && thin.before >= 80)
        {
            return Judged::Refused(Drift::Redesign);
        }
        let thinner = Some(Drift::Thinner { fields: thinned })
            .filter(|drift| !matches!(drift, Drift::Thinner { fields } if fields.is_empty()));
        Judged::Taken(thinner.or_else(|| self.fewer(profile)).or_else(|| moved(true)))
    }

    /// Whether nothing about the entries is as before: none is known, none looks like those that were, and two more things
    /// are different. A site that was not looked at for a year has new entries, but they look alike; one that changes
    /// its addresses has the same page around them, or the same fields in them.
    fn is_foreign(&self, profile: &Profile) -> bool {
        if self.known > 0 || self.share_alike(profile) >= ALIKE {
            return false;
        }
        let is_other_page = profile.frame.found_in(&self.sight.frame).is_some_and(|share| share < OTHER_FRAME);
        let (count, Spread { least, most, .. }) = (float(self.count), profile.entries);
        let is_other_length = self.is_whole && (count * 2.0 < least || count > most * 2.0 + 5.0);
        let has_other_fields = profile.fields.iter().any(|(field, spread)| {
            *field != Field::Link && spread.least >= 60.0 && self.share(*field) < spread.least * 0.5
        });
        let hosts: BTreeSet<&str> = profile.shapes.keys().filter_map(|shape| shape.split(['/', '?']).next()).collect();
        let is_elsewhere = self.moved.is_none()
            && !hosts.is_empty()
            && !self.entries.is_empty()
            && self.entries.iter().all(|link| !hosts.contains(link.host().trim_start_matches("www.")));
        [is_other_page, is_other_length, has_other_fields, is_elsewhere].into_iter().filter(|is| *is).count() >= 2
    }

    /// Of a hundred entries, how many have links that look like those before. Where the site has moved, its hosts do not
    /// count.
    fn share_alike(&self, profile: &Profile) -> f32 {
        let known = Shapes::of(profile, self.moved.is_some());
        // Without links nothing can be said.
        if profile.shapes.is_empty() || self.entries.is_empty() {
            return 100.0;
        }
        let alike = self.entries.iter().filter(|link| known.has(&shape_of(link))).count();
        float(alike) * 100.0 / float(self.entries.len())
    }

    fn share(&self, field: Field) -> f32 {
        let Some(Tally { found, missing }) = self.fields.get(&field).copied() else { return 0.0 };
        float(found) * 100.0 / float(found + missing).max(1.0)
    }

    fn thinned(&self, profile: &Profile) -> Vec<Thinned> {
        if self.count < ENTRIES {
            return Vec::new();
        }
        let thin = |(field, spread): (&Field, &Spread)| {
            let now = self.share(*field);
            let lost = (spread.usual - now) / 100.0 * float(self.count);
            let is_thin = now <= spread.usual * 0.7 && now < spread.least - 10.0 && lost >= LOST;
            (is_thin && spread.usual >= 50.0).then(|| Thinned {
                field: *field,
                now: whole(now),
                before: whole(spread.usual),
            })
        };
        profile.fields.iter().filter_map(thin).collect()
    }

    fn fewer(&self, profile: &Profile) -> Option<Drift> {
        let least = profile.entries.least;
        let is_far = self.is_whole && profile.readings >= 3 && least >= 8.0 && float(self.count) * 4.0 < least;
        is_far.then(|| Drift::Fewer { entries: self.count, usual: rounded(profile.entries.usual) })
    }
}

/// What it means that nothing was read from a page: `rows` were there and none was an entry.
pub(in crate::engine) fn nothing(
    profile: &Profile,
    sight: &Sight,
    wall: Option<&Wall>,
    moved: Option<&WebUrl>,
    rows: usize,
) -> Option<Drift> {
    if let Some(wall) = wall {
        return Some(wall.what.clone());
    }
    if let Some(to) = moved {
        return Some(Drift::Moved { to: to.clone(), works: false });
    }
    if profile.readings == 0 {
        return None;
    }
    let is_same_page = profile.frame.found_in(&sight.frame).is_some_and(|share| share >= SAME_FRAME);
    let is_empty = rows <= EXCUSES && is_same_page && !sight.lacks_place && !is_listed_still(profile, sight);
    Some(if is_empty { Drift::EmptyList } else { Drift::Redesign })
}

/// Whether the list is on the page, in whatever form: its links are, or as many that look like them.
fn is_listed_still(profile: &Profile, sight: &Sight) -> bool {
    if profile.links.found_in(&sight.links).is_some_and(|share| share >= STILL_LISTED) {
        return true;
    }
    let known = Shapes::of(profile, false);
    let alike: usize = sight.shapes.iter().filter(|(shape, _)| known.has(shape)).map(|(_, count)| count).sum();
    let more = alike.saturating_sub(profile.aside);
    more >= 3 && more * 2 >= profile.links.len()
}

/// Whether a page that bears a gatekeeper's signature has the site's entries all the same.
pub(in crate::engine) fn is_contradicted(profile: &Profile, sight: &Sight) -> bool {
    profile.links.found_in(&sight.own).is_some_and(|share| share >= ALIKE)
}

/// Whether most entries of a reading have links that look like none of those that `profile` was learnt from.
pub(in crate::engine) fn is_readdressed(profile: &Profile, reading: &ListingReading) -> bool {
    let known = Shapes::of(profile, false);
    let links = Facts::links(&reading.entries);
    links.iter().filter(|link| !known.has(&shape_of(link))).count() * 2 > links.len()
}

/// Whether a rule has lost its list: most of the links that it read are on the page, and half of those are not among its
/// entries, though it finds some. A list that is shorter than before has lost them from the page, too.
pub(in crate::engine) fn is_strayed(links: &Sketch, sight: &Sight) -> bool {
    let on_page = links.found_in(&sight.links).unwrap_or_default();
    let listed = links.found_in(&sight.own).unwrap_or_default();
    links.len() >= ENTRIES && on_page >= STILL_LISTED && listed * 2.0 <= on_page
}

/// Whether what a rule reads from a page is what it read when `profile` was learnt: the list is back that was gone.
pub(in crate::engine) fn is_itself(profile: &Profile, reading: &ListingReading) -> bool {
    let entries = Facts::links(&reading.entries);
    let fields = &reading.findings.report.fields;
    let facts = Facts {
        entries: &entries,
        count: reading.entries.len(),
        known: 0,
        fields,
        sight: &reading.sight,
        moved: None,
        is_whole: false,
        container: None,
    };
    let is_same_page = profile.frame.found_in(&reading.sight.frame).is_none_or(|share| share >= SAME_FRAME);
    // What is left of a list in some box is not that list.
    let is_as_long = float(facts.count) * 2.0 >= profile.entries.least;
    let has = |field| {
        let before = profile.fields.get(&field).map_or(0.0, |spread: &Spread| spread.least);
        facts.share(field) >= before * 0.5
    };
    !reading.entries.is_empty()
        && is_as_long
        && is_same_page
        && facts.share_alike(profile) >= STILL_LISTED
        && has(Field::Title)
}

/// The shapes that a site's links have had.
pub(super) struct Shapes<'p> {
    whole: BTreeSet<&'p str>,
    outlines: BTreeSet<String>,
    is_without_host: bool,
}

impl<'p> Shapes<'p> {
    /// Those of a profile, with their hosts or without.
    pub(super) fn of(profile: &'p Profile, is_without_host: bool) -> Self {
        let path = |shape: &'p String| if is_without_host { path(shape) } else { shape.as_str() };
        let outlines = profile.shapes.keys().filter_map(|shape| outline(shape));
        let outlines = outlines.map(|outline| if is_without_host { self::path(&outline).to_owned() } else { outline });
        Self { whole: profile.shapes.keys().map(path).collect(), outlines: outlines.collect(), is_without_host }
    }

    /// Whether a shape is one of them, or differs in nothing but the site's sections.
    pub(super) fn has(&self, shape: &str) -> bool {
        let cut = |shape: &str| if self.is_without_host { path(shape).to_owned() } else { shape.to_owned() };
        self.whole.contains(cut(shape).as_str())
            || outline(shape).is_some_and(|outline| self.outlines.contains(&cut(&outline)))
    }
}

/// A shape without its host.
fn path(shape: &str) -> &str {
    shape.find(['/', '?']).and_then(|at| shape.get(at..)).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "lists are short")]
pub(super) fn float(count: usize) -> f32 {
    count as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "of a hundred")]
fn whole(share: f32) -> u8 {
    share.round().clamp(0.0, 100.0) as u8
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lists are short")]
fn rounded(count: f32) -> usize {
    count.round().max(0.0) as usize
}
