//! The fields that rows of JSON have in common, by the places where they stand.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::lists::step;
use crate::limits;

/// Of a hundred rows, as many have a field that the list is known by: a row may be an advertisement.
const MOST: usize = 80;

/// Steps into a row at which its fields are looked for.
const DEPTH: usize = 3;

/// What rows call their pictures, and who made them: such places tell of something else than of the article.
const BESIDE: [&str; 16] = [
    "image",
    "img",
    "thumb",
    "photo",
    "picture",
    "media",
    "avatar",
    "icon",
    "logo",
    "video",
    "author",
    "user",
    "tag",
    "categor",
    "section",
    "publisher",
];

/// The values of rows by their places.
pub(super) struct Columns<'v> {
    rows: usize,
    by_place: BTreeMap<String, Column<'v>>,
}

/// Where a field stands in rows.
#[derive(Clone)]
pub(super) struct Column<'v> {
    /// The expression that leads there from the row.
    pub(super) path: String,
    pub(super) values: Vec<&'v Value>,
    depth: usize,
    /// The last step.
    name: &'v str,
    different: usize,
    /// Whether it is a place that is looked at without being told.
    pub(super) is_usual: bool,
}

impl<'v> Columns<'v> {
    pub(super) fn of(rows: &[&'v Value]) -> Self {
        let mut columns = Self { rows: rows.len(), by_place: BTreeMap::new() };
        for row in rows {
            let mut left = limits::JSON_COLUMNS;
            columns.add(row, "", "$", DEPTH, &mut left);
        }
        for column in columns.by_place.values_mut() {
            column.different = different(&column.values);
        }
        columns
    }

    fn add(&mut self, value: &'v Value, place: &str, path: &str, depth: usize, left: &mut usize) {
        for (key, value) in value.as_object().into_iter().flatten() {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
            if value.is_string() || value.is_number() {
                if self.by_place.len() >= limits::JSON_COLUMNS && !self.by_place.contains_key(&place) {
                    continue;
                }
                let new = || Column {
                    path: step(path, key),
                    values: Vec::new(),
                    depth: DEPTH - depth,
                    name: key,
                    different: 0,
                    is_usual: false,
                };
                self.by_place.entry(place).or_insert_with(new).values.push(value);
            } else if depth > 1 && value.is_object() {
                self.add(value, &place, &step(path, key), depth - 1, left);
            }
        }
    }

    /// The column whose values are of the kind: at its usual place, else deeper by its usual name, else the one with most
    /// different values; `apart` if all of them must differ.
    pub(super) fn best(&self, usual: &[&str], is_one: impl Fn(&Value) -> bool, apart: bool) -> Option<Column<'v>> {
        let fits = |column: &Column<'_>| {
            let is_different = column.different * 100 >= self.rows * MOST || !apart && column.different > 1;
            is_different && self.are_most(column, &is_one)
        };
        let placed = usual.iter().find_map(|place| self.by_place.get(*place).filter(|column| fits(column)));
        if let Some(column) = placed {
            return Some(Column { is_usual: true, ..column.clone() });
        }
        let mut others: Vec<&Column<'_>> = self
            .by_place
            .iter()
            .filter(|(place, column)| !is_beside(place) && fits(column))
            .map(|(_, it)| it)
            .collect();
        let rank = |column: &Column<'_>| usual.iter().position(|name| *name == column.name).unwrap_or(usize::MAX);
        let is_deep = |column: &Column<'_>| column.depth > 1;
        // Of two that are as good, the one that is less deep.
        others.sort_by_key(|column| {
            (is_deep(column), rank(column), std::cmp::Reverse(column.different), column.path.len())
        });
        others.first().map(|column| (*column).clone())
    }

    /// All columns whose values are of the kind, and differ.
    pub(super) fn all(&self, is_one: impl Fn(&Value) -> bool) -> impl Iterator<Item = &Column<'v>> {
        let columns = self.by_place.iter().filter(|(place, _)| !is_beside(place)).map(|(_, column)| column);
        columns.filter(move |column| column.different * 100 >= self.rows * MOST && self.are_most(column, &is_one))
    }

    /// Whether most rows have a value of the kind there.
    fn are_most(&self, column: &Column<'_>, is_one: &impl Fn(&Value) -> bool) -> bool {
        column.values.iter().filter(|value| is_one(value)).count() * 100 >= self.rows * MOST
    }
}

impl Column<'_> {
    /// Whether its name is one of these, or ends in it.
    pub(super) fn is_named(&self, names: &[&str]) -> bool {
        let name = self.name.to_ascii_lowercase();
        names.iter().any(|known| name.ends_with(known))
    }
}

/// Whether a place tells of something beside the article.
fn is_beside(place: &str) -> bool {
    let place = place.to_ascii_lowercase();
    BESIDE.iter().any(|word| place.contains(word))
}

fn different(values: &[&Value]) -> usize {
    let texts: HashSet<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    let numbers: HashSet<String> = values.iter().filter(|value| value.is_number()).map(ToString::to_string).collect();
    texts.len() + numbers.len()
}
