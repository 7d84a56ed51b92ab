//! Selectors for the rows of a list. Each finds all of them and nothing else that has a link, or nearly so where that is allowed;
//! those come first that will hold longest.
//!
//! What is preferred, and why: every selector has a price, and the cheapest is taken. Tags and what people name things by
//! are cheap. Names that a build makes, the number or the topic of an item cost more than all conditions that are put in
//! their place (`main li:has(h3)`), as the first deployment or tomorrow's items end them. One more selector in a list of them
//! costs as much as a few rows that are missed: it is worth having if it finds a kind of rows, not if it finds one row.

use std::collections::{BTreeMap, HashSet};

use ego_tree::NodeId;

use super::conditions::{Condition, conditions, exclusions, written};
use super::ground::{Ground, Sign, among};
use super::levels::{Level, levels};
use super::marks::{FLEETING, Mark, compound};
use crate::induce::ListedRow;
use crate::limits;
use crate::page::Document;

/// A selector for rows.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Finder {
    pub(in crate::induce) css: String,
    /// The rows, in the order in which they are listed.
    pub(in crate::induce) rows: Vec<NodeId>,
    /// What it costs to rely on it.
    pub(in crate::induce) cost: u32,
}

/// Marks of the rows themselves that are combined.
const OWN: usize = 9;

/// The same for rows of one of several kinds, where kinds are many and their selectors may be plain.
const OWN_OF_KINDS: usize = 4;

/// Choices of rows of which lists of selectors are made, where the first that finds all rows is not taken at once.
const LEVELS: usize = 2;

/// Elements that a selector may find too much before conditions are put to it.
const EXCESS: usize = 4_000;

/// Conditions that are combined with each other.
const COMBINED: usize = 12;

/// Selectors that are joined into one.
const JOINED: usize = 5;

/// Selectors that are told.
const FINDERS: usize = 16;

/// Groups of rows that are looked at by themselves.
const GROUPS: usize = 16;

/// What it costs that a selector also finds elements that yield nothing; the same where rows end at the next one.
const IDLE: u32 = 12;
const SPLIT: u32 = 400;

/// What it costs that a selector is nothing but a tag, and that it is one more of several.
const BARE: u32 = 24;
const ONE_MORE: u32 = 20;

/// What the third selector and each further one costs beyond that: a list of them is a description of today's page.
const MANY: u32 = 60;

/// What it costs that a thousandth of the rows is missed, or as many others are found, in tenths.
const LOSS: usize = 25;

/// Of a thousand rows, those that may be missed, and as many others found, by a selector that is better for it.
pub(in crate::induce) const LOOSE: usize = 60;

/// The selectors that find `rows`, which lead to `links`; `loss` of a thousand may be missed.
pub(in crate::induce) fn finders(
    document: &Document,
    rows: &[ListedRow],
    links: &HashSet<String>,
    loss: usize,
) -> Vec<Finder> {
    let ground = Ground::of(document, links);
    let idle = if rows.iter().any(|row| spans_siblings(&ground, row)) { SPLIT } else { IDLE };
    // What stands behind a row is found from the row itself, not from what is in it.
    let split = rows.iter().filter(|row| spans_siblings(&ground, row)).count();
    let levels = levels(&ground, rows, split * 2 <= rows.len());
    let search = |level: &Level| {
        let mut sorted = level.rows.clone();
        sorted.sort_unstable();
        let links = level.rows.iter().map(|row| ground.links(*row)).map(|(sought, other)| sought + other).max();
        let (targets, links) = (level.rows.iter().copied().collect(), links.unwrap_or_default());
        Search { ground: &ground, targets, sorted, links, idle, excess: level.rows.len() * loss / 1000 }
    };
    let mut found: Vec<(&Level, Priced)> = Vec::new();
    for level in &levels {
        found.extend(search(level).alike(&level.rows, OWN).into_iter().take(FINDERS / 2).map(|one| (level, one)));
    }
    let is_good = |(_, one): &(&Level, Priced)| one.cost < FLEETING;
    if found.is_empty() || loss > 0 && !found.iter().any(is_good) {
        let values: Vec<[Option<usize>; 2]> =
            rows.iter().map(|row| [Some(row.link), row.title].map(|id| id.and_then(|id| ground.place(id)))).collect();
        let few = if loss > 0 { LEVELS } else { levels.len() };
        for level in levels.iter().take(few) {
            found.extend(search(level).joined(level, &values).into_iter().map(|one| (level, one)));
            if loss == 0 && !found.is_empty() {
                break;
            }
        }
    }
    found.sort_by_key(|(level, one)| one.cost + level.cost);
    found.truncate(FINDERS);
    let ids = |level: &Level| level.rows.iter().filter_map(|place| ground.id(*place)).collect();
    let finder =
        |(level, one): (&Level, Priced)| Finder { css: one.css, rows: ids(level), cost: one.cost + level.cost };
    found.into_iter().map(finder).collect()
}

/// Whether values of the row stand beside it: then nothing else may be taken for a row, as rows end where others begin.
fn spans_siblings(ground: &Ground<'_>, row: &ListedRow) -> bool {
    let element = ground.place(row.element);
    let values = [Some(row.link), row.title, row.date].into_iter().flatten().filter_map(|id| ground.place(id));
    element.is_some_and(|element| values.into_iter().any(|value| value >= ground.end(element)))
}

/// A selector with what it costs.
#[derive(Clone, Debug)]
struct Priced {
    css: String,
    cost: u32,
    /// What it finds of the rows.
    found: Vec<usize>,
    /// How many others it finds.
    excess: usize,
}

struct Search<'g, 'd> {
    ground: &'g Ground<'d>,
    targets: HashSet<usize>,
    /// The same in order.
    sorted: Vec<usize>,
    /// The most links that a row has.
    links: usize,
    /// What it costs to find elements that yield nothing.
    idle: u32,
    /// How many others may be found.
    excess: usize,
}

impl Search<'_, '_> {
    /// Selectors that find all of `group`, and nothing that is no row and has a link, or not too much of that.
    fn alike(&self, group: &[usize], own: usize) -> Vec<Priced> {
        let common = common(self.ground, group);
        let conditions = conditions(self.ground, group);
        let mut found = Vec::new();
        for own in self.compounds(&common, own) {
            let base = self.ground.together(&own);
            let (rows, others): (Vec<usize>, Vec<usize>) = base.iter().partition(|place| self.targets.contains(place));
            let (excess, idle): (Vec<usize>, Vec<usize>) = others.iter().partition(|place| self.is_harmful(**place));
            let marks: Vec<&Mark> = own.iter().filter_map(|sign| self.ground.mark(*sign)).collect();
            let (css, cost) = compound(&marks);
            if excess.len() <= self.excess {
                let bare = if matches!(marks.as_slice(), [only] if only.is_tag()) { BARE } else { 0 };
                let cost = cost + bare + if idle.is_empty() { 0 } else { self.idle };
                let cost = cost + self.loss(excess.len());
                found.push(Priced { css: css.clone(), cost, found: rows.clone(), excess: excess.len() });
            }
            if excess.len() > EXCESS || others.is_empty() {
                continue;
            }
            let mut conditions = conditions.clone();
            conditions.extend(exclusions(self.ground, &self.targets, if excess.is_empty() { &idle } else { &excess }));
            for chosen in self.narrowing(&conditions, &excess) {
                let chosen: Vec<&Condition> = chosen.iter().filter_map(|at| conditions.get(*at)).collect();
                let is_met = |place: &usize| chosen.iter().all(|condition| condition.is_met(self.ground, *place));
                let narrowed = cost + chosen.iter().map(|condition| condition.cost).sum::<u32>();
                let idle = if idle.iter().any(is_met) { self.idle } else { 0 };
                let rows: Vec<usize> = rows.iter().copied().filter(is_met).collect();
                let css = written(self.ground, &css, &chosen);
                let excess = excess.iter().filter(|place| is_met(place)).count();
                let cost = narrowed + idle + self.loss(excess);
                found.push(Priced { css, cost, found: rows, excess });
            }
        }
        found.sort_by(|one, other| one.cost.cmp(&other.cost).then_with(|| one.css.cmp(&other.css)));
        found.truncate(FINDERS);
        found
    }

    /// What it costs that so many rows are missed, or others found.
    fn loss(&self, count: usize) -> u32 {
        u32::try_from(count * LOSS * 100 / self.targets.len().max(1)).unwrap_or(u32::MAX / 4)
    }

    /// Whether an element would be an entry that is not sought, or would get in the way of one that is. What has no link is
    /// no entry, what has that of a row is the same one.
    fn is_harmful(&self, place: usize) -> bool {
        // Of a longer list than any is read of, only the beginning is sought.
        if self.sorted.len() >= limits::LISTING_ROWS && self.sorted.last().is_some_and(|last| *last < place) {
            return false;
        }
        match self.ground.links(place) {
            (0, 0) => false,
            (0, _) => true,
            // The same article in another place: a row of its kind, not a box with much else.
            (sought, other) => self.holds_row(place) || sought + other > self.links,
        }
    }

    fn holds_row(&self, place: usize) -> bool {
        among(&self.sorted, place, self.ground.end(place))
    }

    /// What can be said of the rows themselves: one mark, or two, or a tag and two.
    fn compounds(&self, common: &[Sign], own: usize) -> Vec<Vec<Sign>> {
        let tag = common.iter().copied().find(|sign| self.ground.is_tag(*sign));
        let others: Vec<Sign> = common.iter().copied().filter(|sign| !self.ground.is_tag(*sign)).take(own).collect();
        let mut compounds: Vec<Vec<Sign>> = others.iter().map(|sign| vec![*sign]).collect();
        compounds.extend(tag.map(|tag| vec![tag]));
        for (number, one) in others.iter().enumerate() {
            compounds.extend(tag.map(|tag| vec![tag, *one]));
            compounds.extend(others.iter().skip(number + 1).map(|other| vec![*one, *other]));
        }
        compounds
    }

    /// Sets of one to three conditions that nothing of `excess` meets; single ones also if a little does that may.
    fn narrowing(&self, conditions: &[Condition], excess: &[usize]) -> Vec<Vec<usize>> {
        let mut met: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut sets = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let left: Vec<usize> =
                excess.iter().copied().filter(|place| condition.is_met(self.ground, *place)).collect();
            if left.len() <= self.excess {
                sets.push(vec![at]);
            }
            if !left.is_empty() && left.len() < excess.len() {
                met.push((at, left));
            }
        }
        let cost = |at: usize| conditions.get(at).map_or(0, |condition| u64::from(condition.cost));
        met.sort_by_key(|(at, left)| (left.len() as u64 + 1) * (cost(*at) + 10));
        met.truncate(COMBINED);
        for (number, (one, left)) in met.iter().enumerate() {
            for (other, others) in met.iter().skip(number + 1) {
                let both: Vec<usize> =
                    left.iter().copied().filter(|place| others.binary_search(place).is_ok()).collect();
                if both.is_empty() {
                    sets.push(vec![*one, *other]);
                    continue;
                }
                let is_none = |third: &Vec<usize>| both.iter().all(|place| third.binary_search(place).is_err());
                let third = met.iter().filter(|(at, _)| at != one && at != other).find(|(_, third)| is_none(third));
                sets.extend(third.map(|(third, _)| vec![*one, *other, *third]));
            }
        }
        sets
    }

    /// Lists of selectors that find all rows together, or enough of them, where the rows are of several kinds.
    fn joined(&self, level: &Level, values: &[[Option<usize>; 2]]) -> Vec<Priced> {
        let own = if self.excess > 0 { OWN_OF_KINDS } else { OWN };
        let kinds = self.kinds(level, values);
        let mut pool: Vec<Priced> = kinds.iter().flat_map(|group| self.alike(group, own)).collect();
        pool.sort_by(|one, other| one.cost.cmp(&other.cost).then_with(|| one.css.cmp(&other.css)));
        let mut missing = self.targets.clone();
        let mut chosen: Vec<&Priced> = Vec::new();
        let mut lists = Vec::new();
        while !missing.is_empty() && chosen.len() < JOINED {
            let news = |one: &Priced| one.found.iter().filter(|place| missing.contains(place)).count() as u64;
            let excess: usize = chosen.iter().map(|one| one.excess).sum();
            let pool = pool.iter().rev().filter(|one| excess + one.excess <= self.excess);
            let best = pool.max_by_key(|one| news(one) * 1_000 / u64::from(one.cost + 40));
            let Some(best) = best.filter(|best| news(best) > 0) else { break };
            best.found.iter().for_each(|place| {
                missing.remove(place);
            });
            chosen.push(best);
            if missing.len() <= self.excess {
                lists.push(self.list(&chosen, missing.len()));
            }
        }
        lists
    }

    /// Several selectors as one.
    fn list(&self, chosen: &[&Priced], missing: usize) -> Priced {
        let many = u32::try_from(chosen.len().saturating_sub(2)).unwrap_or_default() * MANY;
        let more = if chosen.len() > 1 { ONE_MORE } else { 0 };
        let cost = chosen.iter().map(|one| one.cost + more).sum::<u32>() + many + self.loss(missing);
        let css = chosen.iter().map(|one| one.css.as_str()).collect::<Vec<_>>().join(", ");
        let found = chosen.iter().flat_map(|one| one.found.iter().copied()).collect();
        Priced { css, cost, found, excess: chosen.iter().map(|one| one.excess).sum() }
    }

    /// Rows of the same tag, of the same marks, in the same element, with the same link and title: the largest groups first.
    fn kinds(&self, level: &Level, values: &[[Option<usize>; 2]]) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<(u8, Vec<Sign>), Vec<usize>> = BTreeMap::new();
        for (row, [link, title]) in level.rows.iter().zip(values) {
            let of = |place: &Option<usize>| place.map(|place| self.ground.signs(place).to_vec()).unwrap_or_default();
            let signs = self.ground.signs(*row);
            let tag: Vec<Sign> = signs.iter().copied().filter(|sign| self.ground.is_tag(*sign)).collect();
            let above = self.ground.parent(*row).map(|parent| self.ground.signs(parent).to_vec()).unwrap_or_default();
            let around: Vec<usize> = self.ground.above(*row).nth(1).into_iter().collect();
            let near = self.ground.parent(*row).into_iter().collect();
            for key in
                [(0, tag), (1, signs.to_vec()), (2, above), (3, near), (4, around), (5, of(link)), (6, of(title))]
            {
                groups.entry(key).or_default().push(*row);
            }
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        groups.dedup();
        groups.truncate(GROUPS);
        groups
    }
}

/// The marks that all of these elements have, cheapest first.
pub(in crate::induce) fn common(ground: &Ground<'_>, places: &[usize]) -> Vec<Sign> {
    let Some((first, others)) = places.split_first() else { return Vec::new() };
    let mut signs = ground.signs(*first).to_vec();
    signs.retain(|sign| others.iter().all(|place| ground.has(*place, *sign)));
    signs.sort_by_key(|sign| ground.cost(*sign));
    signs
}
