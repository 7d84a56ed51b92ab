//! Links of one kind: they stand in the same elements, all the way up. Of the kinds in which known items are found, those are
//! the list that have most of them, with what else is like them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::known::Sighting;
use crate::induce::write::ground::{Ground, Sign};
use crate::limits;
use crate::page::line_within;
use crate::profile::shape_of;

/// What counts as being of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Rows that hold the same, with links of the same shape; nearly all of them can be as large as the largest.
    Narrow,
    /// Links that stand in the same elements; all rows are as small as the smallest.
    Wide,
    /// What looks like a list of the page, by itself.
    Listed,
    /// Elements that have one name in common; each stands around one item. Of several names, the one of this number.
    Named(usize),
}

/// Links of one kind.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Family {
    /// Those that lead to known items, one for each.
    pub(in crate::induce) known: Vec<Sighting>,
    /// All links of the kind with their rows, the known ones among them.
    pub(in crate::induce) rows: Vec<(usize, usize)>,
    /// Whether its rows tell so much less than those of the list that they may be those of another.
    pub(in crate::induce) is_poor: bool,
    /// Whether something beside its rows was left out that may well be one.
    pub(in crate::induce) is_doubtful: bool,
    /// What all rows are named, as a selector has it, where they were found by that.
    pub(in crate::induce) name: Option<String>,
}

/// Kinds that are taken together as one list.
const FAMILIES: usize = 8;

/// The kinds that the known items are found in, the largest first: each brings some that the others have not.
pub(in crate::induce) fn families(ground: &Ground<'_>, sightings: &[Sighting], view: View) -> Vec<Family> {
    let mut kinds: BTreeMap<Vec<Sign>, Vec<Sighting>> = BTreeMap::new();
    for sighting in sightings {
        kinds.entry(path(ground, sighting.anchor)).or_default().push(*sighting);
    }
    let mut kinds: Vec<(Vec<Sign>, Vec<Sighting>)> = kinds.into_iter().collect();
    let mut covered: HashSet<usize> = HashSet::new();
    let mut families: Vec<Family> = Vec::new();
    while families.len() < FAMILIES {
        let news = |sightings: &[Sighting]| {
            let news = sightings.iter().filter(|sighting| !covered.contains(&sighting.example));
            let different: BTreeSet<usize> = news.clone().map(|sighting| sighting.example).collect();
            let titled: BTreeSet<usize> =
                news.filter(|sighting| sighting.is_titled).map(|sighting| sighting.example).collect();
            // Of two lists of the same items that is meant which tells more of each.
            let size = sightings.first().map(|sighting| size(ground, sighting.anchor, sightings)).unwrap_or_default();
            ((different.len() + titled.len()) * (PLAIN + size.min(RICH)), titled.len())
        };
        let Some(best) = (0..kinds.len()).max_by_key(|at| kinds.get(*at).map(|(_, found)| news(found))) else { break };
        let (path, found) = kinds.swap_remove(best);
        if news(&found).0 == 0 {
            break;
        }
        // What mostly repeats what is listed already ("recent posts", "most read") is another list, though it may have items
        // that the page's list has no more.
        let mut different: Vec<usize> = found.iter().map(|sighting| sighting.example).collect();
        different.sort_unstable();
        different.dedup();
        let repeated = different.iter().filter(|example| covered.contains(example)).count();
        if repeated * 4 >= different.len() && !families.is_empty() {
            continue;
        }
        let mut seen = HashSet::new();
        let known: Vec<Sighting> = found.into_iter().filter(|sighting| seen.insert(sighting.example)).collect();
        covered.extend(seen);
        let mut family = family(ground, &path, known, sightings, view);
        let size = |family: &Family| {
            let mut sizes: Vec<usize> = family.rows.iter().map(|(_, row)| ground.end(*row) - row).collect();
            sizes.sort_unstable();
            sizes.get(sizes.len() / 2).copied().unwrap_or_default()
        };
        family.is_poor = families.first().is_some_and(|first| size(&family) * 4 < size(first));
        families.push(family);
    }
    families
}

/// The tags around a link, from itself to the root.
fn path(ground: &Ground<'_>, place: usize) -> Vec<Sign> {
    let tag = |place: usize| ground.signs(place).iter().copied().find(|sign| ground.is_tag(*sign));
    std::iter::once(place).chain(ground.above(place)).filter_map(tag).collect()
}

/// The links that are like those that are known.
fn family(ground: &Ground<'_>, way: &[Sign], known: Vec<Sighting>, all: &[Sighting], view: View) -> Family {
    let height = height(ground, &known, all, view);
    let row = |anchor: usize| row_of(ground, anchor, height, all);
    let shared = shared(ground, &known);
    let lists: HashSet<Option<usize>> = known.iter().map(|sighting| ground.parent(row(sighting.anchor))).collect();
    let shapes: HashSet<String> = known.iter().filter_map(|sighting| shape(ground, sighting.anchor)).collect();
    let inner = inner(ground, &known.iter().map(|sighting| row(sighting.anchor)).collect::<Vec<_>>());
    // Of many links that all look alike, one that looks different is something else.
    let is_uniform = shapes.len() <= 2 && known.len() >= 3;
    let own: HashSet<usize> = known.iter().map(|sighting| sighting.anchor).collect();
    let is_like = |anchor: usize| {
        if own.contains(&anchor) {
            return true;
        }
        let signs = std::iter::once(anchor).chain(ground.above(anchor));
        let missing = signs.zip(&shared).flat_map(|(place, shared)| shared.iter().map(move |sign| (place, sign)));
        let missing = missing.filter(|(place, sign)| !ground.has(*place, **sign)).count();
        let is_beside = lists.contains(&ground.parent(row(anchor)));
        let is_shaped = shape(ground, anchor).is_some_and(|shape| shapes.contains(&shape));
        let lacking = inner.iter().filter(|sign| !ground.holds_marked(row(anchor), **sign)).count();
        let is_alike = lacking * 5 <= inner.len() * 2;
        let is_plausible = lacking == 0 || is_alike && (is_shaped || !is_uniform);
        missing == 0 && (is_plausible || view == View::Wide && lacking * 3 <= inner.len())
            || is_beside && is_shaped && is_alike
    };
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for anchor in ground.anchors().iter().copied().filter(|anchor| path(ground, *anchor) == way && is_like(*anchor)) {
        rows.entry(row(anchor)).or_default().push(anchor);
    }
    // Where a row has several such links, the one is meant that leads to the item in the rows that are known.
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for number in rows.values().filter_map(|anchors| anchors.iter().position(|anchor| own.contains(anchor))) {
        *numbers.entry(number).or_default() += 1;
    }
    let usual = numbers.into_iter().max_by_key(|(_, count)| *count).map(|(number, _)| number).unwrap_or_default();
    let text = |anchor: usize| {
        ground
            .element(anchor)
            .map(|element| line_within(element, limits::TITLE_READ).chars().count())
            .unwrap_or_default()
    };
    let shortest = own.iter().map(|anchor| text(*anchor)).min().unwrap_or_default().max(1);
    let is_left_out = |anchor: &&usize| {
        let place = row(**anchor);
        lists.contains(&ground.parent(place)) && !rows.contains_key(&place) && text(**anchor) >= shortest
    };
    let mut of_kind = ground.anchors().iter().filter(|anchor| path(ground, **anchor) == way);
    let is_doubtful = of_kind.any(|anchor| is_left_out(&anchor));
    let chosen = |(row, anchors): (usize, Vec<usize>)| {
        let anchor = anchors.iter().find(|anchor| own.contains(anchor)).or_else(|| anchors.get(usual))?;
        Some((*anchor, row))
    };
    Family { known, rows: rows.into_iter().filter_map(chosen).collect(), is_poor: false, is_doubtful, name: None }
}

/// Elements of a row whose marks are looked at.
const INSIDE: usize = 40;

/// The marks that stand in all these rows.
pub(super) fn inner(ground: &Ground<'_>, rows: &[usize]) -> Vec<Sign> {
    let Some((first, others)) = rows.split_first() else { return Vec::new() };
    let inside = (first + 1..ground.end(*first)).take(INSIDE);
    let signs: BTreeSet<Sign> = inside.flat_map(|place| ground.signs(place).iter().copied()).collect();
    signs.into_iter().filter(|sign| others.iter().all(|other| ground.holds_marked(*other, *sign))).collect()
}

fn shape(ground: &Ground<'_>, anchor: usize) -> Option<String> {
    ground.link(anchor).map(|link| shape_of(&link))
}

/// Elements of a row from which on it tells much.
const RICH: usize = 24;

/// What is added to that, so that a few more known items count more than a few more elements.
const PLAIN: usize = 8;

/// How many elements the row of a link has, about.
fn size(ground: &Ground<'_>, anchor: usize, all: &[Sighting]) -> usize {
    let row = row_of(ground, anchor, usize::MAX, all);
    ground.end(row) - row
}

/// How far up one can go from nearly all of the links and meet no link to another known item: some rows have such a link.
fn height(ground: &Ground<'_>, known: &[Sighting], all: &[Sighting], view: View) -> usize {
    let free = |sighting: &Sighting| {
        ground.above(sighting.anchor).take_while(|around| !is_shared(ground, sighting.anchor, *around, all)).count()
    };
    let mut heights: Vec<usize> = known.iter().map(free).collect();
    heights.sort_unstable();
    let short = if view == View::Narrow { heights.len() / 10 } else { 0 };
    heights.get(short).copied().unwrap_or_default()
}

/// The row of a link: so far up, unless another known item is met before.
fn row_of(ground: &Ground<'_>, anchor: usize, height: usize, all: &[Sighting]) -> usize {
    let above = ground.above(anchor).take(height);
    above.take_while(|around| !is_shared(ground, anchor, *around, all)).last().unwrap_or(anchor)
}

/// Whether there are, in an element around a link, links to two known items, or to one that this link does not lead to.
pub(super) fn is_shared(ground: &Ground<'_>, anchor: usize, around: usize, all: &[Sighting]) -> bool {
    let from = all.partition_point(|other| other.anchor < around);
    let own = all.binary_search_by_key(&anchor, |other| other.anchor).ok().and_then(|at| all.get(at));
    let inside = all.get(from..).unwrap_or_default().iter().take_while(|other| other.anchor < ground.end(around));
    inside.into_iter().any(|other| own.is_none_or(|own| own.example != other.example))
}

/// The marks that all known links have, and those around them, step by step.
fn shared(ground: &Ground<'_>, known: &[Sighting]) -> Vec<Vec<Sign>> {
    let mut level: Vec<usize> = known.iter().map(|sighting| sighting.anchor).collect();
    let mut shared = Vec::new();
    while !level.is_empty() {
        shared.push(crate::induce::write::finders::common(ground, &level));
        let mut parents: Vec<usize> = level.iter().filter_map(|place| ground.parent(*place)).collect();
        parents.sort_unstable();
        parents.dedup();
        level = parents;
    }
    shared
}
