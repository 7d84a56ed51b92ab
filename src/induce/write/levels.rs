//! The elements that could be taken for a row: the one that was found, those around it that hold nothing of another row, and
//! those in it that hold all of its values.

use super::ground::Ground;
use crate::induce::ListedRow;

/// Steps up and down that are tried.
const STEPS: usize = 3;

/// One choice of rows.
pub(in crate::induce) struct Level {
    /// The places of the rows, in the order in which they are listed.
    pub(in crate::induce) rows: Vec<usize>,
    /// What it costs that others are chosen than were found.
    pub(in crate::induce) cost: u32,
}

/// All choices, the one that was found first; those in it if that is asked for.
pub(in crate::induce) fn levels(ground: &Ground<'_>, rows: &[ListedRow], is_down: bool) -> Vec<Level> {
    let found: Option<Vec<usize>> = rows.iter().map(|row| ground.place(row.element)).collect();
    let Some(found) = found.filter(|found| !found.is_empty()) else { return Vec::new() };
    let mut levels = Vec::new();
    let mut cost = 0;
    let mut inner = found.clone();
    for _ in 0..if is_down { STEPS } else { 0 } {
        let Some(next) = down(ground, rows, &inner) else { break };
        cost += 6;
        levels.push(Level { rows: next.clone(), cost });
        inner = next;
    }
    let mut outer = found.clone();
    cost = 0;
    for _ in 0..STEPS {
        let Some(next) = up(ground, &outer) else { break };
        cost += 8;
        levels.push(Level { rows: next.clone(), cost });
        outer = next;
    }
    levels.insert(0, Level { rows: found, cost: 0 });
    levels
}

/// The parents, if each holds one row only.
fn up(ground: &Ground<'_>, rows: &[usize]) -> Option<Vec<usize>> {
    let parents: Option<Vec<usize>> = rows.iter().map(|row| ground.parent(*row)).collect();
    let parents = parents?;
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    let is_alone = |parent: usize| {
        let held =
            sorted.partition_point(|row| *row < ground.end(parent)) - sorted.partition_point(|row| *row < parent);
        held == 1
    };
    parents.iter().all(|parent| is_alone(*parent)).then_some(parents)
}

/// The children that hold all that the rows hold of their values.
fn down(ground: &Ground<'_>, rows: &[ListedRow], places: &[usize]) -> Option<Vec<usize>> {
    let inside = |(row, place): (&ListedRow, &usize)| {
        let held: Vec<usize> = [Some(row.link), row.title, row.date]
            .into_iter()
            .flatten()
            .filter_map(|id| ground.place(id))
            .filter(|value| ground.holds(*place, *value))
            .collect();
        let first = held.first()?;
        if held.contains(place) {
            return None;
        }
        let child =
            std::iter::once(*first).chain(ground.above(*first)).find(|at| ground.parent(*at) == Some(*place))?;
        held.iter().all(|value| ground.holds(child, *value)).then_some(child)
    };
    rows.iter().zip(places).map(inside).collect()
}
