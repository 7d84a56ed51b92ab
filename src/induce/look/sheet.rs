//! A page laid out flat: its elements in order, so that what stands in one is a range, and how much it shows is a difference.

use std::hash::{DefaultHasher, Hasher as _};

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::Node;

use super::zone::{self, Zone};
use crate::page::{Document, Element};

/// The elements of a page that show something, in order.
pub(in crate::induce) struct Sheet<'a> {
    spots: Vec<Spot<'a>>,
    root: Spot<'a>,
}

/// An element. What is counted up to it and up to its end makes what is in it a difference.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Spot<'a> {
    pub(in crate::induce) element: Element<'a>,
    /// The place of the element around it; the root's is its own.
    pub(in crate::induce) parent: usize,
    /// The place behind its last descendant.
    pub(in crate::induce) end: usize,
    pub(in crate::induce) level: usize,
    /// What kind of part of the page it is in.
    pub(in crate::induce) zone: Zone,
    /// Tags and telling classes: its own, and with those of all elements around it; and the tags alone.
    pub(in crate::induce) token: u64,
    pub(in crate::induce) path: u64,
    pub(in crate::induce) tags: u64,
    /// Whether it has text of its own.
    pub(in crate::induce) speaks: bool,
    /// How much it says in paragraphs and words of its own, links left out.
    pub(in crate::induce) prose: usize,
    before: Amount,
    behind: Amount,
}

/// What is shown on a stretch of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::induce) struct Amount {
    /// Letters and digits, as [`measure`] counts them.
    pub(in crate::induce) text: usize,
    /// Those of links.
    pub(in crate::induce) linked: usize,
}

impl Amount {
    fn since(self, earlier: Self) -> Self {
        Self { text: self.text - earlier.text, linked: self.linked - earlier.linked }
    }
}

impl<'a> Sheet<'a> {
    pub(in crate::induce) fn of(document: &'a Document) -> Self {
        let mut laying = Laying::default();
        let mut unseen: Option<NodeId> = None;
        for edge in document.root().traverse() {
            match edge {
                Edge::Open(_) if unseen.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => laying.say(text),
                    Node::Element(inner) if is_unseen(inner.name()) => unseen = Some(node.id()),
                    Node::Element(_) => Element::wrap(node).into_iter().for_each(|element| laying.open(element)),
                    _ => {}
                },
                Edge::Close(node) if unseen == Some(node.id()) => unseen = None,
                Edge::Close(node) if unseen.is_none() && node.value().is_element() => laying.close(),
                Edge::Close(_) => {}
            }
        }
        let mut root = Spot::new(document.root(), None, 0, Amount::default());
        (root.end, root.behind) = (laying.spots.len(), laying.so_far);
        let mut sheet = Self { spots: laying.spots, root };
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
    pub(in crate::induce) fn spot(&self, at: usize) -> &Spot<'a> {
        self.spots.get(at).unwrap_or(&self.root)
    }

    pub(in crate::induce) fn len(&self) -> usize {
        self.spots.len()
    }

    /// The page as a whole.
    pub(in crate::induce) fn whole(&self) -> Amount {
        self.root.amount()
    }

    /// The places of the elements around the one at `at`, innermost first.
    pub(in crate::induce) fn around(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let above = |at: &usize| Some(self.spot(*at).parent).filter(|parent| parent < at);
        std::iter::successors(above(&at), above)
    }

    /// What is shown from the first to the last element of a range of places.
    pub(in crate::induce) fn stretch(&self, range: &std::ops::Range<usize>) -> Amount {
        let last = self.around(range.end.saturating_sub(1)).take_while(|around| *around >= range.start).last();
        self.spot(last.unwrap_or(range.end.saturating_sub(1))).behind.since(self.spot(range.start).before)
    }

    /// The places of the elements in the one at `at`, in order, itself first.
    pub(in crate::induce) fn within(&self, at: usize) -> std::ops::Range<usize> {
        at..self.spot(at).end
    }
}

/// A sheet as it grows.
#[derive(Default)]
struct Laying<'a> {
    spots: Vec<Spot<'a>>,
    open: Vec<usize>,
    so_far: Amount,
    /// Links that are open.
    links: usize,
}

impl<'a> Laying<'a> {
    fn open(&mut self, element: Element<'a>) {
        self.links += usize::from(element.value().name() == "a");
        let at = self.spots.len();
        let around = self.open.last().and_then(|above| self.spots.get(*above));
        self.spots.push(Spot::new(element, around, self.open.last().copied().unwrap_or(at), self.so_far));
        self.open.push(at);
    }

    fn say(&mut self, text: &str) {
        let shown = measure(text);
        self.so_far.text += shown;
        let Some(within) = self.open.last().and_then(|at| self.spots.get_mut(*at)) else { return };
        within.speaks |= shown > 0;
        if self.links > 0 {
            self.so_far.linked += shown;
            return;
        }
        let around =
            if is_of_a_run(within.name()) { within.parent } else { self.open.last().copied().unwrap_or_default() };
        if let Some(spot) = self.spots.get_mut(around) {
            spot.prose += shown;
        }
    }

    fn close(&mut self) {
        let end = self.spots.len();
        let Some(spot) = self.open.pop().and_then(|at| self.spots.get_mut(at)) else { return };
        (spot.end, spot.behind) = (end, self.so_far);
        self.links -= usize::from(spot.name() == "a");
    }
}

/// Elements whose text goes on in their neighbours: it counts for what is around them.
fn is_of_a_run(name: &str) -> bool {
    matches!(name, "p" | "span" | "em" | "strong" | "b" | "i" | "font")
}

impl<'a> Spot<'a> {
    fn new(element: Element<'a>, around: Option<&Self>, parent: usize, before: Amount) -> Self {
        let token = token_of(element);
        let tag = hash(&element.value().name());
        Self {
            element,
            parent,
            end: 0,
            level: around.map_or(0, |around| around.level + 1),
            zone: Zone::default(),
            token,
            path: hash(&(around.map(|around| around.path), token)),
            tags: hash(&(around.map(|around| around.tags), tag)),
            speaks: false,
            prose: 0,
            before,
            behind: before,
        }
    }

    pub(in crate::induce) fn name(&self) -> &'a str {
        self.element.value().name()
    }

    /// What the element shows.
    pub(in crate::induce) fn amount(&self) -> Amount {
        self.behind.since(self.before)
    }

    /// Whether its class says that it is a title.
    pub(in crate::induce) fn is_named_title(&self) -> bool {
        let names = ["title", "headline", "heading", "subject", "name", "caption"];
        self.element.value().classes().any(|class| {
            let class = class.to_ascii_lowercase();
            names.iter().any(|name| class.ends_with(name))
        })
    }

    /// The level of the heading that it is, if it is one.
    pub(in crate::induce) fn heading(&self) -> Option<usize> {
        match self.name() {
            "h1" => Some(1),
            "h2" => Some(2),
            "h3" => Some(3),
            "h4" => Some(4),
            "h5" => Some(5),
            "h6" => Some(6),
            _ => None,
        }
    }
}

/// Nodes before a cell that are counted: behind so many a table has no columns.
const CELLS: usize = 100;

/// The tag and the class that tells most: the first one that is not counted and tells nothing about a place in a row.
fn token_of(element: Element<'_>) -> u64 {
    let class = element.value().classes().find(|class| is_telling(class));
    let name = element.value().name();
    // Cells of one row are told apart by their number alone.
    let is_cell = matches!(name, "td" | "th");
    let number =
        is_cell.then(|| element.prev_siblings().take(CELLS).filter(|sibling| sibling.value().is_element()).count());
    hash(&(name, class, number))
}

fn is_telling(class: &str) -> bool {
    let is_place = matches!(
        class,
        "first" | "last" | "odd" | "even" | "active" | "alt" | "alternate" | "current" | "sticky" | "clearfix" | "row"
    );
    !is_place && !class.bytes().any(|byte| byte.is_ascii_digit())
}

pub(in crate::induce) fn hash(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// How much a text says: its letters and digits. Scripts that write words with one or two signs count double.
pub(in crate::induce) fn measure(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| if c >= '\u{2E80}' { 2 } else { 1 }).sum()
}

fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "head" | "script" | "style" | "template" | "noscript" | "svg" | "iframe" | "select" | "textarea" | "object"
    )
}
