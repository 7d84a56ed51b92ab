//! What the entries of a site are like, so that what is none of them stands out. Pure.

use std::collections::HashSet;

use super::candidate::title;
use crate::extract::Entry;
use crate::item::Field;
use crate::profile::{outline, shape_of};

/// What all known entries have in common.
pub(super) struct Kind {
    has_title: bool,
    /// The letters of the shortest title: a button says less.
    shortest: usize,
    has_date: bool,
    /// What their links look like, and that without words; `None`: nothing in particular.
    shapes: Option<HashSet<String>>,
}

impl Kind {
    pub(super) fn of<'e>(known: impl Iterator<Item = &'e Entry>) -> Self {
        let (mut count, mut hosts, mut shapes) = (0, HashSet::new(), HashSet::new());
        let (mut has_title, mut has_date, mut shortest) = (true, true, usize::MAX);
        for entry in known {
            count += 1;
            has_title &= title(entry).is_some();
            shortest = shortest.min(letters(entry));
            has_date &= has(entry, Field::Published);
            hosts.extend(entry.link().map(|link| link.host().to_owned()));
            let shape = entry.link().map(shape_of);
            shapes.extend(shape.as_deref().and_then(outline));
            shapes.extend(shape);
        }
        // Of a list of what stands elsewhere every entry leads to another site.
        let shapes = (hosts.len() * 3 <= count || hosts.len() == 1).then_some(shapes);
        Self { has_title, shortest, has_date, shapes }
    }

    /// Whether an entry has it, too.
    pub(super) fn has(&self, entry: &Entry) -> bool {
        let is_shaped = |shapes: &HashSet<String>| {
            let shape = entry.link().map(shape_of);
            shape.as_ref().is_some_and(|shape| {
                shapes.contains(shape) || outline(shape).is_some_and(|outline| shapes.contains(&outline))
            })
        };
        (title(entry).is_some() || !self.has_title)
            && letters(entry) * 2 >= self.shortest
            && (has(entry, Field::Published) || !self.has_date)
            && self.shapes.as_ref().is_none_or(is_shaped)
    }
}

fn has(entry: &Entry, field: Field) -> bool {
    entry.found.ruled.has(field) || entry.found.automatic.has(field)
}

fn letters(entry: &Entry) -> usize {
    title(entry).map_or(0, |title| title.as_str().chars().count())
}
