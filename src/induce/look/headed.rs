//! Links in the headings of a list's days: "Monday, 2 March: all of it as one document". They are no rows of the list.

use std::collections::{HashMap, HashSet};

use super::dated::Dates;
use super::links::Links;
use super::rows::Row;
use super::sheet::Sheet;

/// Headings that tell what they are.
const LEAST: usize = 2;

/// Of so many rows one may be a heading.
const FEW: usize = 3;

/// Of so many rows one may stand above all headings, or as they do.
const STRAY: usize = 20;

/// The rows without those that are headings of the rest: they alone show dates, their links say the same again and again, and
/// each has others below it, that stand elsewhere.
pub(in crate::induce) fn without_headings(
    sheet: &Sheet<'_>,
    links: &Links,
    dates: &Dates<'_>,
    rows: Vec<Row>,
) -> Vec<Row> {
    let text = |row: &Row| links.all.get(row.link).map_or("", |link| link.text.as_str());
    let mut texts: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        *texts.entry(text(row)).or_default() += 1;
    }
    let Some((usual, count)) = texts.into_iter().max_by_key(|(text, count)| (*count, *text)) else { return rows };
    let is_heading: Vec<bool> = rows.iter().map(|row| text(row) == usual).collect();
    let heads = is_heading.windows(2).filter(|pair| matches!(pair, [true, false])).count();
    let before = is_heading.iter().position(|is_heading| *is_heading).unwrap_or_default();
    if count < LEAST || count * FEW > rows.len() || heads * 10 < count * 9 || before * STRAY > rows.len() {
        return rows;
    }
    let is_dated = |row: &&Row| !dates.of_row(row).is_empty();
    let place = |row: &Row| sheet.spot(row.at).path;
    let (headings, others): (Vec<_>, Vec<_>) = rows.iter().zip(&is_heading).partition(|(_, is_heading)| **is_heading);
    let dated: Vec<&Row> = headings.into_iter().map(|(row, _)| row).filter(is_dated).collect();
    let others: Vec<&Row> = others.into_iter().map(|(row, _)| row).collect();
    let places: HashSet<u64> = dated.iter().map(|row| place(row)).collect();
    let are_headings = dated.len() * 2 >= count
        && others.iter().filter(|row| places.contains(&place(row))).count() * STRAY <= rows.len()
        && others.iter().copied().filter(is_dated).count() <= dated.len();
    if are_headings { others.into_iter().cloned().collect() } else { rows }
}
