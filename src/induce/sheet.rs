//! A page laid out flat: its elements in order, so that what stands in one is a range, and how much it shows is a difference.

use std::hash::{DefaultHasher, Hasher as _};

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::Node;

use super::zone::{self, Zone};
use crate::page::{Document, Element};

/// The elements of a page that show something, in order.
pub(super) struct Sheet<'a> {
    spots: Vec<Spot<'a>>,
    root: Spot<'a>,
}

/// An element. What is counted up to it and up to its end makes what is in it a difference.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    pub(super) element: Element<'a>,
    /// The place of the element around it; the root's is its own.
    pub(super) parent: usize,
    /// The place behind its last descendant.
    pub(super) end: usize,
    pub(super) level: usize,
    /// What kind of part of the page it is in.
    pub(super) zone: Zone,
    /// Tags and telling classes: its own, and with those of all elements around it; and the tags alone.
    pub(super) token: u64,
    pub(super) path: u64,
    pub(super) tags: u64,
    /// Whether it has text of its own.
    pub(super) speaks: bool,
    before: Amount,
    behind: Amount,
}

/// What is shown on a stretch of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// Letters and digits, as [`measure`] counts them.
    pub(super) text: usize,
    /// Those of links.
    pub(super) linked: usize,
    /// Those of paragraphs, links left out.
    pub(super) prose: usize,
    pub(super) images: usize,
}

impl Amount {
    fn since(self, earlier: Self) -> Self {
        Self {
            text: self.text - earlier.text,
            linked: self.linked - earlier.linked,
            prose: self.prose - earlier.prose,
            images: self.images - earlier.images,
        }
    }
}

impl<'a> Sheet<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut spots: Vec<Spot<'a>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let (mut so_far, mut links, mut paragraphs) = (Amount::default(), 0_usize, 0_usize);
        let mut unseen: Option<NodeId> = None;
        for edge in document.root().traverse() {
            match edge {
                Edge::Open(_) if unseen.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => {
                        let shown = measure(text);
                        so_far.text += shown;
                        so_far.linked += if links > 0 { shown } else { 0 };
                        so_far.prose += if links == 0 && paragraphs > 0 { shown } else { 0 };
                    }
                    Node::Element(inner) if is_unseen(inner.name()) => unseen = Some(node.id()),
                    Node::Element(inner) => {
                        let Some(element) = Element::wrap(node) else { continue };
                        so_far.images += usize::from(matches!(inner.name(), "img" | "picture" | "video"));
                        links += usize::from(inner.name() == "a");
                        paragraphs += usize::from(inner.name() == "p");
                        let at = spots.len();
                        let around = open.last().and_then(|above| spots.get(*above));
                        spots.push(Spot::new(element, around, open.last().copied().unwrap_or(at), so_far));
                        open.push(at);
                    }
                    _ => {}
                },
                Edge::Close(node) if unseen == Some(node.id()) => unseen = None,
                Edge::Close(_) if unseen.is_some() => {}
                Edge::Close(node) => {
                    let Node::Element(inner) = node.value() else { continue };
                    links -= usize::from(inner.name() == "a");
                    paragraphs -= usize::from(inner.name() == "p");
                    let end = spots.len();
                    if let Some(spot) = open.pop().and_then(|at| spots.get_mut(at)) {
                        (spot.end, spot.behind) = (end, so_far);
                    }
                }
            }
        }
        let mut root = Spot::new(document.root(), None, 0, Amount::default());
        (root.end, root.behind) = (spots.len(), so_far);
        let mut sheet = Self { spots, root };
        sheet.zone();
        sheet
    }

    /// Tells in what kind of part of the page each element is. What holds half of the page is no part beside the others.
    fn zone(&mut self) {
        let half = self.root.amount().text / 2;
        for at in 0..self.spots.len() {
            let around = self.spots.get(self.spot(at).parent).map_or(Zone::default(), |spot| spot.zone);
            if let Some(spot) = self.spots.get_mut(at) {
                let own = if spot.amount().text > half { Zone::default() } else { zone::of(spot.element) };
                spot.zone = around.with(own);
            }
        }
    }

    /// The element at that place; behind the last one, the root.
    pub(super) fn spot(&self, at: usize) -> &Spot<'a> {
        self.spots.get(at).unwrap_or(&self.root)
    }

    pub(super) fn len(&self) -> usize {
        self.spots.len()
    }

    /// The page as a whole.
    pub(super) fn whole(&self) -> Amount {
        self.root.amount()
    }

    /// The places of the elements around the one at `at`, innermost first.
    pub(super) fn around(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let above = |at: &usize| Some(self.spot(*at).parent).filter(|parent| parent < at);
        std::iter::successors(above(&at), above)
    }

    /// What is shown from the first to the last element of a range of places.
    pub(super) fn stretch(&self, range: &std::ops::Range<usize>) -> Amount {
        let last = self.around(range.end.saturating_sub(1)).take_while(|around| *around >= range.start).last();
        self.spot(last.unwrap_or(range.end.saturating_sub(1))).behind.since(self.spot(range.start).before)
    }

    /// The places of the elements in the one at `at`, in order, itself first.
    pub(super) fn within(&self, at: usize) -> std::ops::Range<usize> {
        at..self.spot(at).end
    }
}

impl<'a> Spot<'a> {
    fn new(element: Element<'a>, around: Option<&Self>, parent: usize, before: Amount) -> Self {
        let token = token_of(element);
        let tag = hash(&element.value().name());
        let speaks = element.children().any(|child| child.value().as_text().is_some_and(|text| measure(text) > 0));
        Self {
            element,
            parent,
            end: 0,
            level: around.map_or(0, |around| around.level + 1),
            zone: Zone::default(),
            token,
            path: hash(&(around.map(|around| around.path), token)),
            tags: hash(&(around.map(|around| around.tags), tag)),
            speaks,
            before,
            behind: before,
        }
    }

    pub(super) fn name(&self) -> &'a str {
        self.element.value().name()
    }

    /// What the element shows.
    pub(super) fn amount(&self) -> Amount {
        self.behind.since(self.before)
    }

    /// What the page shows before it.
    pub(super) fn before(&self) -> Amount {
        self.before
    }

    /// Whether its class says that it is a title.
    pub(super) fn is_named_title(&self) -> bool {
        let names = ["title", "headline", "heading", "subject", "name", "caption"];
        self.element.value().classes().any(|class| {
            let class = class.to_ascii_lowercase();
            names.iter().any(|name| class.ends_with(name))
        })
    }

    /// The level of the heading that it is, if it is one.
    pub(super) fn heading(&self) -> Option<usize> {
        matches!(self.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
            .then(|| self.name().bytes().nth(1).map_or(6, |digit| usize::from(digit - b'0')))
    }
}

/// The tag and the class that tells most: the first one that is not counted and tells nothing about a place in a row.
fn token_of(element: Element<'_>) -> u64 {
    let class = element.value().classes().find(|class| is_telling(class));
    let name = element.value().name();
    // Cells of one row are told apart by their number alone.
    let is_cell = matches!(name, "td" | "th");
    let number = is_cell.then(|| element.prev_siblings().filter(|sibling| sibling.value().is_element()).count());
    hash(&(name, class, number))
}

fn is_telling(class: &str) -> bool {
    let is_place = matches!(
        class,
        "first" | "last" | "odd" | "even" | "active" | "alt" | "alternate" | "current" | "sticky" | "clearfix" | "row"
    );
    !is_place && !class.bytes().any(|byte| byte.is_ascii_digit())
}

pub(super) fn hash(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// How much a text says: its letters and digits. Scripts that write words with one or two signs count double.
pub(super) fn measure(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| if c >= '\u{2E80}' { 2 } else { 1 }).sum()
}

fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "head" | "script" | "style" | "template" | "noscript" | "svg" | "iframe" | "select" | "textarea" | "object"
    )
}
