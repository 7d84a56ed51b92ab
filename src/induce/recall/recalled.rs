//! The lists of a page in which known items stand, of all that look like lists by themselves.

use std::collections::{BTreeSet, HashSet};

use super::families::Family;
use super::known::Sighting;
use crate::induce::look::candidates::all;
use crate::induce::write::ground::Ground;
use crate::page::Document;

/// Lists that are taken together as one.
const LISTS: usize = 8;

/// A list with the known items that it has: their links may be others of the same rows.
struct Recalled {
    /// Each row's link and element.
    rows: Vec<(usize, usize)>,
    known: Vec<Sighting>,
}

/// The lists that have known items: that first which tells most of them with the fewest others, then what has those that are
/// still missing.
pub(in crate::induce) fn recalled(document: &Document, ground: &Ground<'_>, sightings: &[Sighting]) -> Vec<Family> {
    let lists = all(document).into_iter().map(|rows| {
        let place = |id| ground.place(id);
        let rows: Vec<(usize, usize)> =
            rows.iter().filter_map(|row| Some((place(row.link)?, place(row.element)?))).collect();
        let of = |row: &(usize, usize)| sightings.iter().find(|sighting| sighting.anchor == row.0).copied();
        let known = rows.iter().filter_map(of).collect();
        Recalled { rows, known }
    });
    let mut lists: Vec<Recalled> = lists.filter(|list| !list.known.is_empty()).collect();
    let mut covered: HashSet<usize> = HashSet::new();
    let mut families: Vec<Family> = Vec::new();
    while families.len() < LISTS {
        let Some(best) = (0..lists.len()).rev().max_by_key(|at| lists.get(*at).map(|list| list.worth(&covered))) else {
            break;
        };
        let list = lists.swap_remove(best);
        if list.worth(&covered) <= 0 {
            break;
        }
        covered.extend(list.examples());
        families.push(Family { known: list.known, rows: list.rows, is_poor: false, is_doubtful: false, name: None });
    }
    families
}

impl Recalled {
    fn examples(&self) -> BTreeSet<usize> {
        self.known.iter().map(|sighting| sighting.example).collect()
    }

    /// How many known items it has that are not covered yet, less what speaks against it.
    fn worth(&self, covered: &HashSet<usize>) -> i64 {
        let news = self.examples().iter().filter(|example| !covered.contains(example)).count();
        let strangers = self.rows.len().saturating_sub(self.known.len());
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        count(news) * 3 - count(strangers)
    }
}
