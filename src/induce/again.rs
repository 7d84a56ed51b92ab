//! Finding known items again on a page that was redesigned.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;

use super::families::{Family, families};
use super::ground::{Ground, link_of};
use super::known::{links, sightings};
use super::synthesis::{Made, Sought, date_of, synthesis};
use super::titles::{Likeness, likeness};
use super::{Example, ListedRow, Proposal};
use crate::item::Date;
use crate::page::{Document, Element, line_text};

/// Known items below which nothing can be said of a list.
const LEAST: usize = 3;

/// Examples of which a list is expected to show some: an archive has more than any page.
const EXPECTED: usize = 20;

/// Elements of a row, and beside it, that are looked at for a value.
const NEAR: usize = 80;

/// Rows in which dates are looked for: what is made after them is tried on all.
const DATED: usize = 24;

/// Characters of a text in which a date is looked for.
const DATE_CHARS: usize = 120;

/// Proposes a rule that finds items again that are known, on a page that was redesigned. Only if enough of them return with
/// their titles, and nothing comes with them that does not look like them: otherwise a person must look.
pub fn again(document: &mut Document, examples: &[Example]) -> Option<Proposal> {
    let rows = rows(document, examples)?;
    let made = synthesis(document, &rows.sought)?;
    let confidence = rows.confidence(&made, examples)?;
    let links = made.seen.iter().map(|seen| seen.url.clone()).collect();
    Some(Proposal { draft: made.draft, confidence, links })
}

/// The rows that are sought, and which of the examples each is.
struct Rows {
    sought: Vec<Sought>,
    /// By what tells a link from others: the number of the example.
    known: HashMap<String, usize>,
}

/// The rows around the links of known items, and others like them.
fn rows(document: &Document, examples: &[Example]) -> Option<Rows> {
    let all = links(examples).into_keys().collect();
    let ground = Ground::of(document, &all);
    let sightings = sightings(document, &ground, examples);
    let mut rows = Rows { sought: Vec::new(), known: HashMap::new() };
    let mut taken: HashSet<usize> = HashSet::new();
    let mut dated = 0;
    for (number, family) in families(&ground, &sightings).iter().enumerate() {
        if !is_list(family, number == 0) {
            continue;
        }
        for anchor in &family.anchors {
            let Some((sought, example)) = row(document, &ground, family, *anchor, examples, dated < DATED) else {
                continue;
            };
            let place = ground.place(sought.row.element)?;
            let is_within = std::iter::once(place).chain(ground.above(place)).any(|above| taken.contains(&above));
            if is_within || rows.sought.iter().any(|other| other.link == sought.link) {
                continue;
            }
            taken.insert(place);
            dated += usize::from(sought.published.is_some());
            if let Some(example) = example {
                rows.known.insert(sought.link.clone(), example);
            }
            rows.sought.push(sought);
        }
    }
    (!rows.sought.is_empty()).then_some(rows)
}

/// Whether enough of a kind's links are known.
fn is_list(family: &Family, is_first: bool) -> bool {
    let (known, all) = (family.known.len(), family.anchors.len());
    if is_first { known >= LEAST.min(2) && known * 4 >= all } else { known * 2 >= all }
}

/// The row of a link, with what is known of it.
fn row(
    document: &Document,
    ground: &Ground<'_>,
    family: &Family,
    anchor: usize,
    examples: &[Example],
    is_dated: bool,
) -> Option<(Sought, Option<usize>)> {
    let link = ground.element(anchor)?;
    let place = std::iter::once(anchor).chain(ground.above(anchor)).nth(family.height)?;
    let element = ground.element(place)?;
    let sighting = family.known.iter().find(|sighting| sighting.anchor == anchor);
    let example = sighting.and_then(|sighting| examples.get(sighting.example));
    let title = example.and_then(|example| title_in(element, example.title.as_ref()?.as_str()));
    let published = example.and_then(|example| example.published).filter(|_| is_dated);
    let date = published.and_then(|published| date_in(document, element, published));
    let row = ListedRow { element: element.id(), link: link.id(), title, date: date.map(|(date, _)| date) };
    let sought = Sought {
        row,
        link: link_of(document, link)?,
        title: title.and_then(|title| document.element(title)).map(line_text),
        published: date.map(|(_, published)| published),
        locale: None,
        label: None,
    };
    Some((sought, sighting.map(|sighting| sighting.example)))
}

/// The element in a row, or beside it, whose text is the title.
fn title_in(row: Element<'_>, title: &str) -> Option<NodeId> {
    let mut near: Option<NodeId> = None;
    for element in around(row) {
        match likeness(&line_text(element), title) {
            Likeness::Same => return Some(element.id()),
            Likeness::Near => near = Some(element.id()),
            Likeness::None => {}
        }
    }
    near
}

/// The elements of a row, then those of what follows it.
fn around(row: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let after = row.next_siblings().filter_map(Element::wrap).take(6);
    let after = after.flat_map(|sibling| sibling.descendent_elements().take(NEAR / 4));
    row.descendent_elements().take(NEAR).chain(after)
}

/// The innermost element that shows the date: in a row, after it, or before it and what it is in.
fn date_in(document: &Document, row: Element<'_>, published: Date) -> Option<(NodeId, Date)> {
    let shown = |element: Element<'_>| {
        let text = line_text(element);
        let is_short = text.len() <= DATE_CHARS || element.attr("datetime").is_some();
        let has_figures = text.bytes().any(|byte| byte.is_ascii_digit()) || element.attr("datetime").is_some();
        let date = date_of(document, element, None).filter(|_| is_short && has_figures)?;
        ((date - published).num_hours().abs() < 24).then_some((element.id(), date, text.len()))
    };
    let inside = around(row).filter_map(shown).min_by_key(|(.., length)| *length);
    let above = || {
        std::iter::once(row)
            .chain(row.ancestors().filter_map(Element::wrap))
            .take(4)
            .flat_map(|above| above.prev_siblings().filter_map(Element::wrap).take(4))
            .find_map(shown)
    };
    inside.or_else(above).map(|(id, date, _)| (id, date))
}

impl Rows {
    /// How sure it is that the rule finds the list again; `None`: not sure enough to serve it.
    fn confidence(&self, made: &Made, examples: &[Example]) -> Option<u8> {
        if made.marks.links < 1000 {
            return None;
        }
        let mut right = 0;
        let mut wrong = 0;
        let mut untitled = 0;
        let mut texts: HashSet<&str> = HashSet::new();
        for seen in &made.seen {
            untitled += usize::from(seen.title.is_none());
            texts.extend(seen.title.as_deref());
            let example = self.known.get(&seen.link).and_then(|number| examples.get(*number));
            let Some(title) = example.and_then(|example| example.title.as_ref()) else { continue };
            match seen.title.as_deref().map(|seen| likeness(seen, title.as_str())) {
                Some(Likeness::Same | Likeness::Near) => right += 1,
                _ => wrong += 1,
            }
        }
        let (known, rows) = (self.known.len(), made.seen.len());
        let expected = examples.len().min(EXPECTED);
        let is_enough = known >= LEAST && known * 10 >= expected * 3 && rows * 10 >= expected * 4;
        let is_right = wrong * 20 <= right && untitled * 20 <= rows && texts.len() * 2 >= rows;
        let share = known * 100 / rows.max(1);
        let sure = share.min(100) * 40 / 100 + 60 * right / (right + wrong).max(1);
        (is_enough && is_right).then_some(u8::try_from(sure.min(100)).unwrap_or(100))
    }
}
