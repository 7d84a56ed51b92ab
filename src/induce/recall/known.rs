//! Items that are known, found on a page: by their links, or by their titles where links have another form now.

use std::collections::HashMap;

use crate::induce::Example;
use crate::induce::titles::{Likeness, folded, likeness};
use crate::induce::write::ground::{Ground, link_of};
use crate::limits;
use crate::page::{Document, line_within};

/// A link that leads to an item that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::induce) struct Sighting {
    /// The place of the `<a>`.
    pub(in crate::induce) anchor: usize,
    /// The number of the example.
    pub(in crate::induce) example: usize,
    /// Whether the item's title stands in the link.
    pub(in crate::induce) is_titled: bool,
}

/// Examples that must be found by their links, or titles are looked at instead.
const FEW: usize = 3;

/// Characters of a title from which on no other text is the same by chance.
const TELLING: usize = 12;

/// What tells the links of the examples, with their numbers.
pub(in crate::induce) fn links(examples: &[Example]) -> HashMap<String, usize> {
    let mut links = HashMap::new();
    for (number, example) in examples.iter().enumerate() {
        for link in &example.links {
            links.entry(link.essence()).or_insert(number);
        }
    }
    links
}

/// Where the examples are on a page, in its order.
pub(in crate::induce) fn sightings(document: &Document, ground: &Ground<'_>, examples: &[Example]) -> Vec<Sighting> {
    let links = links(examples);
    let by_link = ground.anchors().iter().filter_map(|anchor| {
        let element = ground.element(*anchor)?;
        let example = *links.get(&link_of(document, element)?)?;
        let title = examples.get(example)?.title.as_ref();
        let text = line_within(element, limits::TITLE_READ);
        let is_titled = title.is_some_and(|title| likeness(title.as_str(), &text) != Likeness::None);
        Some(Sighting { anchor: *anchor, example, is_titled })
    });
    let found: Vec<Sighting> = by_link.collect();
    let page = link_of_page(document);
    let mut different: Vec<usize> = found.iter().map(|sighting| sighting.example).collect();
    different.sort_unstable();
    different.dedup();
    if different.len() >= FEW {
        return found;
    }
    let titled = by_title(document, ground, examples, &page);
    if titled.len() > found.len() { titled } else { found }
}

fn link_of_page(document: &Document) -> String {
    document.url().essence()
}

/// Links whose text, or the heading around them, is the title of an example.
fn by_title(document: &Document, ground: &Ground<'_>, examples: &[Example], page: &str) -> Vec<Sighting> {
    let mut titles: HashMap<String, usize> = HashMap::new();
    for (number, example) in examples.iter().enumerate() {
        let title = example.title.as_ref().map(|title| folded(title.as_str()));
        if let Some(title) = title.filter(|title| title.chars().count() >= TELLING) {
            titles.entry(title).or_insert(number);
        }
    }
    let sighting = |anchor: &usize| {
        let element = ground.element(*anchor)?;
        let link = link_of(document, element)?;
        if link == page {
            return None;
        }
        let inside = (*anchor..ground.end(*anchor)).take(8).filter_map(|place| ground.element(place));
        let around = ground.parent(*anchor).and_then(|parent| ground.element(parent));
        let mut texts = inside.chain(around).map(|element| line_within(element, limits::TITLE_READ));
        let example = texts.find_map(|text| titles.get(&folded(&text)).copied())?;
        Some(Sighting { anchor: *anchor, example, is_titled: true })
    };
    ground.anchors().iter().filter_map(sighting).collect()
}
