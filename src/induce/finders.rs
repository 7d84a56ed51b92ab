//! Selectors for the rows of a list. Each finds all of them and nothing else that has a link; the simplest come first.

use std::collections::{BTreeMap, HashSet};

use ego_tree::NodeId;

use super::ListedRow;
use super::conditions::{Condition, conditions, exclusions, written};
use super::ground::Ground;
use super::levels::{Level, levels};
use super::marks::{Mark, compound};
use crate::page::Document;

/// A selector for rows.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    pub(super) css: String,
    /// How little a person would like it.
    pub(super) cost: u32,
    /// The rows, in the order in which they are listed.
    pub(super) rows: Vec<NodeId>,
}

/// Marks of the rows themselves that are combined.
const OWN: usize = 9;

/// Elements that a selector may find too much before conditions are put to it.
const EXCESS: usize = 4_000;

/// Conditions that are combined with each other.
const COMBINED: usize = 12;

/// Selectors that are joined into one.
const JOINED: usize = 5;

/// Selectors that are told.
const FINDERS: usize = 16;

/// What it costs that a selector also finds elements without a link, that it is nothing but a tag, that it is one more of
/// several.
const EMPTY: u32 = 12;
const BARE: u32 = 14;
const ONE_MORE: u32 = 20;

/// The selectors that find `rows`, which lead to `links`.
pub(super) fn finders(document: &Document, rows: &[ListedRow], links: &HashSet<String>) -> Vec<Finder> {
    let ground = Ground::of(document, links);
    let mut finders = Vec::new();
    for level in levels(&ground, rows) {
        let search = Search { ground: &ground, targets: level.rows.iter().copied().collect() };
        let mut found = search.alike(&level.rows);
        if found.is_empty() {
            found.extend(search.joined(&level));
        }
        let ids: Vec<NodeId> = level.rows.iter().filter_map(|place| ground.id(*place)).collect();
        found.sort_by(|one, other| one.cost.cmp(&other.cost).then_with(|| one.css.cmp(&other.css)));
        found.truncate(FINDERS / 2);
        finders.extend(found.into_iter().map(|one| Finder {
            css: one.css,
            cost: one.cost + level.cost,
            rows: ids.clone(),
        }));
    }
    finders.sort_by_key(|finder| finder.cost);
    finders.truncate(FINDERS);
    finders
}

/// A selector with what it costs.
#[derive(Clone, Debug)]
struct Priced {
    css: String,
    cost: u32,
    /// What it finds of the rows.
    found: Vec<usize>,
}

struct Search<'g, 'd> {
    ground: &'g Ground<'d>,
    targets: HashSet<usize>,
}

impl Search<'_, '_> {
    /// Selectors that find all of `group`, and nothing that is no row and has a link.
    fn alike(&self, group: &[usize]) -> Vec<Priced> {
        let common = common(self.ground, group);
        let conditions = conditions(self.ground, group);
        let mut found = Vec::new();
        for own in compounds(&common) {
            let base = self.ground.together(&own);
            let (rows, excess): (Vec<usize>, Vec<usize>) = base.iter().partition(|place| self.targets.contains(place));
            let (empty, excess): (Vec<usize>, Vec<usize>) =
                excess.iter().partition(|place| self.ground.links(**place) == (0, 0));
            let (css, mut cost) = compound(&own);
            cost += if matches!(own.as_slice(), [only] if only.is_tag()) { BARE } else { 0 };
            if excess.is_empty() {
                let cost = cost + if empty.is_empty() { 0 } else { EMPTY };
                found.push(Priced { css: css.clone(), cost, found: rows.clone() });
            }
            if excess.len() + empty.len() > EXCESS || excess.is_empty() && empty.is_empty() {
                continue;
            }
            let mut conditions = conditions.clone();
            conditions.extend(exclusions(self.ground, &self.targets, &excess));
            for chosen in self.narrowing(&conditions, &excess) {
                let chosen: Vec<&Condition> = chosen.iter().filter_map(|at| conditions.get(*at)).collect();
                let is_met = |place: &usize| chosen.iter().all(|condition| condition.is_met(self.ground, *place));
                let narrowed = cost + chosen.iter().map(|condition| condition.cost).sum::<u32>();
                let empty = if empty.iter().any(is_met) { EMPTY } else { 0 };
                let rows: Vec<usize> = rows.iter().copied().filter(is_met).collect();
                found.push(Priced { css: written(&css, &chosen), cost: narrowed + empty, found: rows });
            }
        }
        found
    }

    /// Sets of one to three conditions that nothing of `excess` meets.
    fn narrowing(&self, conditions: &[Condition], excess: &[usize]) -> Vec<Vec<usize>> {
        let mut met: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut sets = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let left: Vec<usize> =
                excess.iter().copied().filter(|place| condition.is_met(self.ground, *place)).collect();
            if left.is_empty() {
                sets.push(vec![at]);
            } else if left.len() < excess.len() {
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

    /// A list of selectors that find all rows together, where the rows are of several kinds.
    fn joined(&self, level: &Level) -> Option<Priced> {
        let mut kinds: BTreeMap<Vec<Mark>, Vec<usize>> = BTreeMap::new();
        let mut lists: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut tags: BTreeMap<Vec<Mark>, Vec<usize>> = BTreeMap::new();
        for row in &level.rows {
            let marks = self.ground.marks(*row);
            let tag: Vec<Mark> = marks.iter().filter(|mark| mark.is_tag()).cloned().collect();
            tags.entry(tag).or_default().push(*row);
            kinds.entry(marks).or_default().push(*row);
            lists.entry(self.ground.parent(*row)).or_default().push(*row);
        }
        let groups = tags.into_values().chain(kinds.into_values()).chain(lists.into_values());
        let mut pool: Vec<Priced> = groups.take(24).flat_map(|group| self.alike(&group)).collect();
        pool.sort_by_key(|one| one.cost);
        let mut missing = self.targets.clone();
        let mut chosen: Vec<&Priced> = Vec::new();
        while !missing.is_empty() && chosen.len() < JOINED {
            let news = |one: &Priced| one.found.iter().filter(|place| missing.contains(place)).count() as u64;
            let best = pool.iter().max_by_key(|one| news(one) * 1_000 / u64::from(one.cost + 40))?;
            if news(best) == 0 {
                return None;
            }
            best.found.iter().for_each(|place| {
                missing.remove(place);
            });
            chosen.push(best);
        }
        if !missing.is_empty() {
            return None;
        }
        let cost = chosen.iter().map(|one| one.cost + ONE_MORE).sum();
        let css = chosen.iter().map(|one| one.css.as_str()).collect::<Vec<_>>().join(", ");
        Some(Priced { css, cost, found: level.rows.clone() })
    }
}

/// The marks that all of these elements have, cheapest first.
pub(super) fn common(ground: &Ground<'_>, places: &[usize]) -> Vec<Mark> {
    let Some((first, others)) = places.split_first() else { return Vec::new() };
    let mut marks = ground.marks(*first);
    marks.retain(|mark| others.iter().all(|place| ground.has(*place, mark)));
    marks.sort_by_key(Mark::cost);
    marks.dedup();
    marks
}

/// What can be said of the rows themselves: one mark, or two, or a tag and two.
fn compounds(common: &[Mark]) -> Vec<Vec<&Mark>> {
    let tag = common.iter().find(|mark| mark.is_tag());
    let others: Vec<&Mark> = common.iter().filter(|mark| !mark.is_tag()).take(OWN).collect();
    let mut compounds: Vec<Vec<&Mark>> = others.iter().map(|mark| vec![*mark]).collect();
    compounds.extend(tag.map(|tag| vec![tag]));
    for (number, one) in others.iter().enumerate() {
        compounds.extend(tag.map(|tag| vec![tag, *one]));
        compounds.extend(others.iter().skip(number + 1).map(|other| vec![*one, *other]));
    }
    compounds
}
