//! The rows of a page that have a name in common, whatever else they are made of: each stands around one known item.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::families::{Family, inner, is_shared};
use super::known::Sighting;
use super::shapes::Shapes;
use crate::induce::write::ground::{Ground, Sign};
use crate::induce::write::marks::Mark;
use crate::limits;
use crate::page::line_within;

/// Lists that are taken together as one.
const LISTS: usize = 8;

/// Names that are tried, those first that stand around most known items.
const NAMES: usize = 32;

/// Elements around a link that are looked at for a name.
const AROUND: usize = 12;

/// Known items that a name must stand around.
const LEAST: usize = 2;

/// Elements of one name, beyond which it is no name of rows.
const ELEMENTS: usize = 2_000;

/// A list with what tells how good it is.
struct Named {
    family: Family,
    /// Where its rows lead, each once.
    links: BTreeSet<String>,
    /// How many of them are known.
    known: usize,
    /// How many elements its rows have, about.
    size: usize,
}

/// How many times as many elements as a row has all others have, if it is one of another list.
const POOR: usize = 3;

/// One of so many links is of a kind that hardly any other is of.
const RARE: usize = 20;

/// The lists that have known items, by the names of their rows: that first which tells most of them with the fewest others, then
/// what has those that are still missing and does not mostly repeat it. `rank` is the number of the list that is put first
/// instead, of those that are best.
pub(in crate::induce) fn named(ground: &Ground<'_>, sightings: &[Sighting], rank: usize) -> Vec<Family> {
    let signs = names(ground, sightings);
    let mut lists: Vec<Named> = signs.into_iter().filter_map(|sign| list(ground, sign, sightings)).collect();
    let mut covered: HashSet<usize> = HashSet::new();
    lists.sort_by_key(|list| std::cmp::Reverse((list.worth(&covered), list.size)));
    let mut seen: HashSet<BTreeSet<String>> = HashSet::new();
    lists.retain(|list| seen.insert(list.links.clone()));
    if rank >= lists.len() {
        return Vec::new();
    }
    let mut families: Vec<Family> = Vec::new();
    let mut next = rank;
    while families.len() < LISTS && next < lists.len() {
        let list = lists.remove(next);
        if list.worth(&covered) <= 0 {
            break;
        }
        covered.extend(list.examples());
        families.push(list.family);
        lists.retain(|list| !list.repeats(&covered));
        let worth = |at: &usize| lists.get(*at).map(|list| (list.worth(&covered), std::cmp::Reverse(*at)));
        next = (0..lists.len()).max_by_key(worth).unwrap_or_default();
    }
    families
}

impl Named {
    fn examples(&self) -> impl Iterator<Item = usize> {
        self.family.known.iter().map(|sighting| sighting.example)
    }

    /// How many known items it has that are not covered yet, less what speaks against it.
    fn worth(&self, covered: &HashSet<usize>) -> i64 {
        let news = self.examples().filter(|example| !covered.contains(example)).count();
        let strangers = self.links.len().saturating_sub(self.known);
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let worth = count(news) * 3 - count(strangers);
        // What may be missing a row is taken only where nothing else is.
        if self.family.is_doubtful { worth / 3 } else { worth }
    }

    /// Whether it mostly repeats what is listed already, as what is read most does.
    fn repeats(&self, covered: &HashSet<usize>) -> bool {
        self.examples().filter(|example| covered.contains(example)).count() * 4 >= self.family.known.len()
    }
}

/// What is said of the elements around links, in which no other known item stands.
fn names(ground: &Ground<'_>, sightings: &[Sighting]) -> Vec<Sign> {
    let mut around: BTreeMap<Sign, BTreeSet<usize>> = BTreeMap::new();
    for sighting in sightings {
        let places = std::iter::once(sighting.anchor).chain(ground.above(sighting.anchor)).take(AROUND);
        for place in places.take_while(|place| !is_shared(ground, sighting.anchor, *place, sightings)) {
            for sign in ground.signs(place) {
                around.entry(*sign).or_default().insert(sighting.example);
            }
        }
    }
    let mut names: Vec<(Sign, usize)> = around.into_iter().map(|(sign, examples)| (sign, examples.len())).collect();
    names.retain(|(sign, count)| *count >= LEAST && !ground.is_tag(*sign) && ground.marked(*sign).len() <= ELEMENTS);
    names.sort_by_key(|(sign, count)| (std::cmp::Reverse(*count), ground.marked(*sign).len()));
    names.into_iter().take(NAMES).map(|(sign, _)| sign).collect()
}

/// The elements of a name that are rows: those that stand around one known item, and what is like them.
fn list(ground: &Ground<'_>, sign: Sign, sightings: &[Sighting]) -> Option<Named> {
    let mut known: BTreeMap<usize, Sighting> = BTreeMap::new();
    let mut others: Vec<usize> = Vec::new();
    let mut end = 0;
    for place in ground.marked(sign).iter().copied() {
        // What stands in a row is none.
        if place < end {
            continue;
        }
        let inside = within(ground, place, sightings);
        let Some(first) = inside.first() else {
            others.push(place);
            continue;
        };
        if inside.iter().all(|other| other.example == first.example) {
            known.insert(place, *inside.iter().find(|sighting| sighting.is_titled).unwrap_or(first));
            end = ground.end(place);
        }
    }
    leave_mentions(ground, &mut known);
    let like = Like::of(ground, &known)?;
    let tag = |place: usize| ground.element(place).map(|element| element.value().name());
    let own = known.keys().next().map(|row| tag(*row));
    others.retain(|place| Some(tag(*place)) == own);
    let mut is_doubtful = false;
    let mut rows: Vec<(usize, usize)> = known.iter().map(|(row, sighting)| (sighting.anchor, *row)).collect();
    end = 0;
    for place in others {
        let holds_row = known.range(place..ground.end(place)).next().is_some();
        let is_within = known.range(..place).next_back().is_some_and(|(row, _)| ground.holds(*row, place));
        if holds_row || is_within || place < end {
            continue;
        }
        let Some(anchor) = like.link(ground, place) else { continue };
        if like.inner.iter().all(|sign| ground.holds_marked(place, *sign)) {
            rows.push((anchor, place));
            end = ground.end(place);
        } else {
            is_doubtful |= like.is_beside(ground, place);
        }
    }
    // A name that only says how things look stands in other places, too.
    if ground.marked(sign).len() * 2 > rows.len() * 3 {
        return None;
    }
    rows.sort_by_key(|(_, row)| *row);
    let link = |anchor: &usize| ground.link(*anchor).map(|link| link.essence());
    let links = rows.iter().filter_map(|(anchor, _)| link(anchor)).collect();
    let own: BTreeSet<String> = known.values().filter_map(|sighting| link(&sighting.anchor)).collect();
    let mut seen = HashSet::new();
    let known = known.into_values().filter(|sighting| seen.insert(sighting.example)).collect();
    let mut sizes: Vec<usize> = rows.iter().map(|(_, row)| ground.end(*row) - row).collect();
    sizes.sort_unstable();
    let size = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let name = Some(ground.css(sign));
    Some(Named { family: Family { known, rows, is_poor: false, is_doubtful, name }, links, known: own.len(), size })
}

/// Leaves out what only mentions an item that has a row of its own, by having not its title, or a link of a kind that hardly any
/// other has; and what is another kind of element, or tells far less than the others.
fn leave_mentions(ground: &Ground<'_>, known: &mut BTreeMap<usize, Sighting>) {
    let mut looks: HashMap<Vec<Sign>, usize> = HashMap::new();
    for sighting in known.values() {
        *looks.entry(look(ground, sighting.anchor)).or_default() += 1;
    }
    let all = known.len();
    let is_usual = |sighting: &Sighting| {
        sighting.is_titled && looks.get(&look(ground, sighting.anchor)).is_some_and(|count| count * RARE > all)
    };
    let listed: HashSet<usize> =
        known.values().filter(|sighting| is_usual(sighting)).map(|sighting| sighting.example).collect();
    known.retain(|_, sighting| is_usual(sighting) || !listed.contains(&sighting.example));
    // A name that only says how things look boxes of what is read most have, too.
    let tag = |row: usize| ground.element(row).map(|element| element.value().name());
    let mut tags: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for row in known.keys() {
        *tags.entry(tag(*row)).or_default() += 1;
    }
    let most = tags.into_iter().max_by_key(|(_, count)| *count).map(|(tag, _)| tag).unwrap_or_default();
    known.retain(|row, _| tag(*row) == most);
    let mut sizes: Vec<usize> = known.keys().map(|row| ground.end(*row) - row).collect();
    sizes.sort_unstable();
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    known.retain(|row, _| (ground.end(*row) - row) * POOR >= usual);
}

/// What the rows of known items are like.
struct Like {
    /// What stands in all of them.
    inner: Vec<Sign>,
    shapes: Shapes,
    /// What is said of their links; `None`: too many things to tell anything of another.
    looks: Option<HashSet<Vec<Sign>>>,
    /// Which link of a row it mostly is that leads to the item.
    usual: usize,
    /// What they stand in.
    lists: HashSet<Option<usize>>,
    /// The characters of the shortest.
    shortest: usize,
}

impl Like {
    fn of(ground: &Ground<'_>, known: &BTreeMap<usize, Sighting>) -> Option<Self> {
        let rows: Vec<usize> = known.keys().copied().collect();
        let anchors = || known.values().map(|sighting| sighting.anchor);
        let looks: HashSet<Vec<Sign>> = anchors().map(|anchor| look(ground, anchor)).collect();
        Some(Self {
            inner: inner(ground, &rows),
            shapes: Shapes::of(anchors().filter_map(|anchor| ground.link(anchor))),
            looks: (looks.len() * 4 <= rows.len()).then_some(looks),
            usual: usual(ground, known)?,
            lists: rows.iter().map(|row| ground.parent(*row)).collect(),
            shortest: rows.iter().map(|row| length(ground, *row)).min()?,
        })
    }

    /// The link of an element that may be that of its item.
    fn link(&self, ground: &Ground<'_>, place: usize) -> Option<usize> {
        let is_one = |anchor: &usize| {
            ground.link(*anchor).is_some_and(|link| self.shapes.has(&link))
                && self.looks.as_ref().is_none_or(|looks| looks.contains(&look(ground, *anchor)))
        };
        links(ground, place).nth(self.usual).filter(is_one).or_else(|| links(ground, place).find(is_one))
    }

    /// Whether an element stands beside the rows, and says as much as they do.
    fn is_beside(&self, ground: &Ground<'_>, place: usize) -> bool {
        self.lists.contains(&ground.parent(place)) && length(ground, place) >= self.shortest
    }
}

/// The names of an element.
fn look(ground: &Ground<'_>, place: usize) -> Vec<Sign> {
    let is_name = |sign: &Sign| matches!(ground.mark(*sign), Some(Mark::Tag(_) | Mark::Class(_)));
    ground.signs(place).iter().copied().filter(is_name).collect()
}

/// The known items that stand in an element.
fn within<'s>(ground: &Ground<'_>, place: usize, sightings: &'s [Sighting]) -> &'s [Sighting] {
    let from = sightings.partition_point(|sighting| sighting.anchor < place);
    let to = sightings.partition_point(|sighting| sighting.anchor < ground.end(place));
    sightings.get(from..to).unwrap_or_default()
}

/// The links in an element, in order.
fn links(ground: &Ground<'_>, place: usize) -> impl Iterator<Item = usize> {
    let anchors = ground.anchors();
    let from = anchors.partition_point(|anchor| *anchor < place);
    anchors.iter().skip(from).copied().take_while(move |anchor| ground.holds(place, *anchor))
}

/// Which link of a row it mostly is that leads to the item.
fn usual(ground: &Ground<'_>, known: &BTreeMap<usize, Sighting>) -> Option<usize> {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for (row, sighting) in known {
        let number = links(ground, *row).position(|anchor| ground.link(anchor) == ground.link(sighting.anchor));
        *numbers.entry(number?).or_default() += 1;
    }
    numbers.into_iter().max_by_key(|(number, count)| (*count, std::cmp::Reverse(*number))).map(|(number, _)| number)
}

/// How much a row says.
fn length(ground: &Ground<'_>, row: usize) -> usize {
    ground.element(row).map_or(0, |element| line_within(element, limits::TITLE_READ).chars().count())
}
