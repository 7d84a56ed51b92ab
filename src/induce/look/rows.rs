//! From links to rows: each row is as large as it can be without the link of another one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::groups::Group;
use super::links::Links;
use super::sheet::{Sheet, hash};
use crate::limits;

/// A row as places of the sheet.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Row {
    /// Its place among [`Links::all`].
    pub(in crate::induce) link: usize,
    /// The place of its element.
    pub(in crate::induce) at: usize,
    /// All that belongs to it: its element, and siblings behind it that are no row.
    pub(in crate::induce) range: Range<usize>,
    /// Whether as many siblings belong to each of the rows, so that each of them is told by its number.
    pub(in crate::induce) is_regular: bool,
}

impl Row {
    /// The places of its elements, in order.
    pub(in crate::induce) fn spots(&self) -> impl Iterator<Item = usize> + use<> {
        self.range.clone().take(limits::ROW_ELEMENTS)
    }
}

/// Where in its row something stands: the same number, the same place.
pub(in crate::induce) fn place(sheet: &Sheet<'_>, row: &Row, at: usize) -> u64 {
    // What stands behind the row's element is told by its way from the parent that both have.
    let is_inside = sheet.within(row.at).contains(&at);
    let end = if is_inside { row.at } else { sheet.spot(row.at).parent };
    let way = || std::iter::once(at).chain(sheet.around(at)).take_while(|at| *at != end);
    // Of those behind it that are alike, by its number.
    let sibling = way().last().filter(|_| !is_inside && row.is_regular);
    let number = sibling.map(|sibling| {
        let behind = std::iter::successors(Some(sheet.spot(row.at).end), |at| Some(sheet.spot(*at).end));
        let before = behind.take(REGULAR).take_while(|at| *at < sibling);
        before.filter(|at| sheet.spot(*at).token == sheet.spot(sibling).token).count()
    });
    hash(&(is_inside, number, way().map(|at| sheet.spot(at).token).collect::<Vec<u64>>()))
}

/// Siblings behind a row that may belong to it: the other half of a pair, or the few parts of a flat list.
const TAIL: usize = 4;

/// The same where there are as many behind each row, as in a table of several lines for each.
const REGULAR: usize = 12;

/// The rows of a group, in order.
pub(in crate::induce) fn rows(sheet: &Sheet<'_>, links: &Links, group: &Group) -> Vec<Row> {
    let places: Vec<(usize, usize)> =
        group.links.iter().filter_map(|number| links.all.get(*number).map(|link| (*number, link.at))).collect();
    let tops: Vec<usize> = (0..places.len()).map(|nth| top(sheet, &places, nth)).collect();
    let usual = usual_height(sheet, &places, &tops);
    let mut rows: Vec<Row> = Vec::new();
    for (&(link, at), &top) in places.iter().zip(&tops) {
        let height = (sheet.spot(at).level - sheet.spot(top).level).min(usual);
        let element = std::iter::once(at).chain(sheet.around(at)).nth(height).unwrap_or(at);
        rows.push(Row { link, at: element, range: sheet.within(element), is_regular: false });
    }
    level(sheet, links, &mut rows, &tops);
    let mut rows = shared(sheet, links, rows, usual);
    give_tails(sheet, &mut rows);
    rows
}

/// Rows whose link stands deeper than that of the others, as in one more `<b>`, are as large as those.
fn level(sheet: &Sheet<'_>, links: &Links, rows: &mut [Row], tops: &[usize]) {
    let mut paths: HashMap<u64, usize> = HashMap::new();
    for row in rows.iter() {
        *paths.entry(sheet.spot(row.at).path).or_default() += 1;
    }
    let usual = paths.into_iter().max_by_key(|(path, rows)| (*rows, *path));
    // Of rows that stand in many places none is a measure for the others.
    let usual = usual.filter(|(_, count)| count * 3 >= rows.len() * 2).map(|(path, _)| path);
    let is_usual = |at: &usize| Some(sheet.spot(*at).path) == usual;
    for (row, top) in rows.iter_mut().zip(tops).filter(|(row, _)| !is_usual(&row.at)) {
        let link = links.all.get(row.link).map_or(row.at, |link| link.at);
        if let Some(at) = sheet.around(link).take_while(|at| at >= top).find(is_usual) {
            (row.at, row.range) = (at, sheet.within(at));
        }
    }
}

/// Rows that several links share are like the others: the first link is theirs.
fn shared(sheet: &Sheet<'_>, links: &Links, rows: Vec<Row>, usual: usize) -> Vec<Row> {
    let mut tokens: HashMap<u64, usize> = HashMap::new();
    for row in &rows {
        *tokens.entry(sheet.spot(row.at).token).or_default() += 1;
    }
    let common = tokens.into_iter().max_by_key(|(token, rows)| (*rows, *token)).map(|(token, _)| token);
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let link = links.all.get(row.link).map_or(row.at, |link| link.at);
        let at = std::iter::once(link).chain(sheet.around(link)).nth(usual).filter(|at| *at < row.at);
        if let Some(at) = at.filter(|at| Some(sheet.spot(*at).token) == common) {
            (row.at, row.range) = (at, sheet.within(at));
        }
        if kept.last().is_none_or(|last| last.at != row.at) {
            kept.push(row);
        }
    }
    kept
}

/// The outermost element around a link that has no other link of the group.
fn top(sheet: &Sheet<'_>, places: &[(usize, usize)], nth: usize) -> usize {
    let neighbour = |nth: Option<usize>| nth.and_then(|nth| places.get(nth)).map(|(_, at)| *at);
    let (earlier, later) = (neighbour(nth.checked_sub(1)), neighbour(nth.checked_add(1)));
    let Some(at) = neighbour(Some(nth)) else { return 0 };
    let is_own = |around: &usize| {
        let within = sheet.within(*around);
        !earlier.is_some_and(|other| within.contains(&other)) && !later.is_some_and(|other| within.contains(&other))
    };
    sheet.around(at).take_while(is_own).last().unwrap_or(at)
}

/// How far above their links most rows are. A list of one row would else be as large as the section that it stands in.
fn usual_height(sheet: &Sheet<'_>, places: &[(usize, usize)], tops: &[usize]) -> usize {
    let mut heights: HashMap<usize, usize> = HashMap::new();
    for ((_, at), top) in places.iter().zip(tops) {
        *heights.entry(sheet.spot(*at).level - sheet.spot(*top).level).or_default() += 1;
    }
    heights.into_iter().max_by_key(|(height, rows)| (*rows, std::cmp::Reverse(*height))).map_or(0, |(height, _)| height)
}

/// Gives each row the siblings between it and the next one; the last of a list as many as most of the others have.
fn give_tails(sheet: &Sheet<'_>, rows: &mut [Row]) {
    let starts: Vec<usize> = rows.iter().map(|row| row.at).collect();
    let mut tails: HashMap<usize, usize> = HashMap::new();
    let mut last = Vec::new();
    if is_led(sheet, rows) {
        return;
    }
    let is_regular = is_regular(sheet, rows);
    let most = if is_regular { REGULAR } else { TAIL };
    for (nth, row) in rows.iter_mut().enumerate() {
        row.is_regular = is_regular;
        let parent = sheet.spot(row.at).parent;
        let is_next = |at: &&usize| sheet.spot(**at).parent == parent && row.at != parent;
        let Some(next) = starts.get(nth + 1).filter(is_next) else {
            last.push(nth);
            continue;
        };
        let (end, siblings) = tail(sheet, row, *next, most);
        // What goes on behind so many is something else.
        if end == *next {
            row.range.end = end;
            *tails.entry(siblings).or_default() += 1;
        }
    }
    let usual = tails.into_iter().max_by_key(|(siblings, rows)| (*rows, *siblings)).map_or(0, |(siblings, _)| siblings);
    for nth in last {
        if let Some(row) = rows.get_mut(nth) {
            row.range.end = tail(sheet, row, sheet.spot(sheet.spot(row.at).parent).end, usual).0;
        }
    }
}

/// Whether all rows that have the same parent have as many siblings behind them before the next one.
fn is_regular(sheet: &Sheet<'_>, rows: &[Row]) -> bool {
    const LEAST: usize = 4;
    let parent = |row: &Row| sheet.spot(row.at).parent;
    let pairs = rows.iter().zip(rows.iter().skip(1)).filter(|(row, next)| parent(row) == parent(next));
    let tails: Vec<Option<usize>> = pairs
        .map(|(row, next)| {
            let (end, siblings) = tail(sheet, row, next.at, REGULAR);
            (end == next.at).then_some(siblings)
        })
        .collect();
    let first = tails.first().copied().flatten();
    tails.len() >= LEAST && first.is_some() && tails.iter().all(|tail| *tail == first)
}

/// Whether what stands between rows belongs to those that follow it, as days above what they brought do: the like of it
/// stands right before the first row, and none behind the last one.
fn is_led(sheet: &Sheet<'_>, rows: &[Row]) -> bool {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return false };
    let parent = sheet.spot(first.at).parent;
    if sheet.spot(last.at).parent != parent || first.at == parent {
        return false;
    }
    let children = std::iter::successors(Some(parent + 1), |at| Some(sheet.spot(*at).end));
    let children: Vec<usize> = children.take_while(|at| *at < sheet.spot(parent).end).collect();
    let token = |at: usize| sheet.spot(at).token;
    let before = |row: &Row| children.iter().rev().copied().find(|at| *at < row.at);
    let Some(lead) = before(first).map(token) else { return false };
    let starts: HashSet<usize> = rows.iter().map(|row| row.at).collect();
    let leads = children.windows(2).filter(|pair| pair.last().is_some_and(|at| starts.contains(at)));
    let leads = leads.filter_map(|pair| pair.first()).filter(|at| token(**at) == lead).count();
    leads > 1
        && !starts.iter().any(|at| token(*at) == lead)
        && !children.iter().any(|at| *at > last.at && token(*at) == lead)
}

/// Where the siblings behind a row end, as far as `end`, and how many of them there are: at most `most`.
fn tail(sheet: &Sheet<'_>, row: &Row, end: usize, most: usize) -> (usize, usize) {
    let (mut behind, mut siblings) = (row.range.end, 0);
    while siblings < most && behind < end {
        behind = sheet.spot(behind).end;
        siblings += 1;
    }
    (behind, siblings)
}
