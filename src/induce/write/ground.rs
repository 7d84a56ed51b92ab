//! A page laid out for finding selectors: its elements in order, where each mark stands, and where links lead.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use ego_tree::iter::Edge;

use super::marks::{FLEETING, Mark, marks};
use super::names::made_prefixes;
use crate::page::{Document, Element};
use crate::weburl::WebUrl;

/// A mark, by its number on the page.
pub(in crate::induce) type Sign = usize;

/// The elements of a page by their place in its order.
pub(in crate::induce) struct Ground<'d> {
    document: &'d Document,
    elements: Vec<Element<'d>>,
    /// One past the last place in each element.
    ends: Vec<usize>,
    parents: Vec<Option<usize>>,
    places: HashMap<NodeId, usize>,
    /// All marks of the page, each once.
    signs: Vec<Mark>,
    costs: Vec<u32>,
    /// Where each mark stands, in order.
    marked: Vec<Vec<usize>>,
    /// The marks at each place.
    own: Vec<Vec<Sign>>,
    /// Before each place: how many links there are that are sought, and how many others.
    sought: Vec<usize>,
    other: Vec<usize>,
}

impl<'d> Ground<'d> {
    /// Lays out the page; `links` are those that are sought, as [`essence`] tells them.
    pub(in crate::induce) fn of(document: &'d Document, links: &HashSet<String>) -> Self {
        let mut ground = Self {
            document,
            elements: Vec::new(),
            ends: Vec::new(),
            parents: Vec::new(),
            places: HashMap::new(),
            signs: Vec::new(),
            costs: Vec::new(),
            marked: Vec::new(),
            own: Vec::new(),
            sought: vec![0],
            other: vec![0],
        };
        let mut numbers = HashMap::new();
        let mut open: Vec<usize> = Vec::new();
        for edge in document.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    if let Some(element) = Element::wrap(node) {
                        let place = ground.elements.len();
                        ground.add(element, open.last().copied(), &mut numbers);
                        ground.count(link_of(document, element).map(|link| links.contains(&link)));
                        open.push(place);
                    }
                }
                Edge::Close(node) => {
                    if node.value().is_element()
                        && let Some(place) = open.pop()
                        && let Some(end) = ground.ends.get_mut(place)
                    {
                        *end = ground.elements.len();
                    }
                }
            }
        }
        ground.price();
        ground
    }

    /// Says what each mark costs: what a page has of made names is only seen by all of them.
    fn price(&mut self) {
        let classes =
            || self.signs.iter().filter_map(|mark| if let Mark::Class(class) = mark { Some(class) } else { None });
        let prefixes = made_prefixes(classes().map(String::as_str));
        let is_made = |mark: &Mark| match mark {
            Mark::Class(class) => prefixes.iter().any(|prefix| class.starts_with(prefix)),
            _ => false,
        };
        self.costs = self.signs.iter().map(|mark| if is_made(mark) { FLEETING } else { mark.cost() }).collect();
    }

    fn add(&mut self, element: Element<'d>, parent: Option<usize>, numbers: &mut HashMap<Mark, Sign>) {
        let place = self.elements.len();
        let mut own = Vec::new();
        for mark in marks(element) {
            let sign = *numbers.entry(mark).or_insert_with_key(|mark| {
                self.signs.push(mark.clone());
                self.marked.push(Vec::new());
                self.signs.len() - 1
            });
            if !own.contains(&sign) {
                own.push(sign);
                self.marked.get_mut(sign).into_iter().for_each(|places| places.push(place));
            }
        }
        self.own.push(own);
        self.places.insert(element.id(), place);
        self.elements.push(element);
        self.ends.push(place + 1);
        self.parents.push(parent);
    }

    fn count(&mut self, is_sought: Option<bool>) {
        let (sought, other) = (self.sought.last().copied(), self.other.last().copied());
        self.sought.push(sought.unwrap_or_default() + usize::from(is_sought == Some(true)));
        self.other.push(other.unwrap_or_default() + usize::from(is_sought == Some(false)));
    }

    pub(in crate::induce) fn place(&self, id: NodeId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    pub(in crate::induce) fn id(&self, place: usize) -> Option<NodeId> {
        self.elements.get(place).map(|element| element.id())
    }

    pub(in crate::induce) fn element(&self, place: usize) -> Option<Element<'d>> {
        self.elements.get(place).copied()
    }

    /// Where the link at a place leads.
    pub(in crate::induce) fn link(&self, place: usize) -> Option<WebUrl> {
        self.document.base().join(self.element(place)?.attr("href")?).ok()
    }

    pub(in crate::induce) fn parent(&self, place: usize) -> Option<usize> {
        self.parents.get(place).copied().flatten()
    }

    /// The elements around a place, the nearest first.
    pub(in crate::induce) fn above(&self, place: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parent(place), |place| self.parent(*place))
    }

    pub(in crate::induce) fn end(&self, place: usize) -> usize {
        self.ends.get(place).copied().unwrap_or_default()
    }

    pub(in crate::induce) fn holds(&self, outer: usize, inner: usize) -> bool {
        outer <= inner && inner < self.end(outer)
    }

    /// Where a mark stands, in order.
    pub(in crate::induce) fn marked(&self, sign: Sign) -> &[usize] {
        self.marked.get(sign).map(Vec::as_slice).unwrap_or_default()
    }

    /// The marks of the element at a place.
    pub(in crate::induce) fn signs(&self, place: usize) -> &[Sign] {
        self.own.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::induce) fn mark(&self, sign: Sign) -> Option<&Mark> {
        self.signs.get(sign)
    }

    /// The mark as a selector has it.
    pub(in crate::induce) fn css(&self, sign: Sign) -> String {
        self.mark(sign).map(Mark::css).unwrap_or_default()
    }

    pub(in crate::induce) fn cost(&self, sign: Sign) -> u32 {
        self.costs.get(sign).copied().unwrap_or_default()
    }

    /// Whether a mark may be gone tomorrow though the site is the same.
    pub(in crate::induce) fn is_fleeting(&self, sign: Sign) -> bool {
        self.cost(sign) >= FLEETING
    }

    pub(in crate::induce) fn is_tag(&self, sign: Sign) -> bool {
        self.mark(sign).is_some_and(Mark::is_tag)
    }

    /// Whether the element at a place has the mark.
    pub(in crate::induce) fn has(&self, place: usize, sign: Sign) -> bool {
        self.signs(place).contains(&sign)
    }

    /// Whether something in the element at a place, not itself, has the mark.
    pub(in crate::induce) fn holds_marked(&self, place: usize, sign: Sign) -> bool {
        among(self.marked(sign), place + 1, self.end(place))
    }

    /// The places of all links.
    pub(in crate::induce) fn anchors(&self) -> &[usize] {
        let is_anchor = |mark: &Mark| matches!(mark, Mark::Tag(name) if name == "a");
        self.signs.iter().position(is_anchor).map(|sign| self.marked(sign)).unwrap_or_default()
    }

    /// How many links there are in the element at a place: sought ones, and others.
    pub(in crate::induce) fn links(&self, place: usize) -> (usize, usize) {
        let count = |counts: &[usize]| {
            let at = |place: usize| counts.get(place).copied().unwrap_or_default();
            at(self.end(place)) - at(place)
        };
        (count(&self.sought), count(&self.other))
    }

    /// The elements in which all of these marks stand together.
    pub(in crate::induce) fn together(&self, signs: &[Sign]) -> Vec<usize> {
        let Some(rarest) = signs.iter().min_by_key(|sign| self.marked(**sign).len()) else { return Vec::new() };
        let has_all = |place: &usize| signs.iter().all(|sign| sign == rarest || self.has(*place, *sign));
        self.marked(*rarest).iter().copied().filter(has_all).collect()
    }

    /// Which child of its parent, from 1, among those of its tag, the element at a place is.
    pub(in crate::induce) fn number(&self, place: usize) -> usize {
        let Some(element) = self.element(place) else { return 1 };
        let before = element.prev_siblings().filter_map(Element::wrap);
        1 + before.filter(|sibling| sibling.value().name() == element.value().name()).count()
    }
}

/// Whether one of the sorted `places` lies from `from` on and before `to`.
pub(in crate::induce) fn among(places: &[usize], from: usize, to: usize) -> bool {
    let next = places.partition_point(|place| *place < from);
    places.get(next).is_some_and(|place| *place < to)
}

/// Where a link leads, as what tells pages apart; `None`: it is none, or leads to a place on the page itself.
pub(in crate::induce) fn link_of(document: &Document, element: Element<'_>) -> Option<String> {
    if element.value().name() != "a" {
        return None;
    }
    let href = element.attr("href")?.trim();
    if href.is_empty() || href.starts_with('#') || href.to_ascii_lowercase().starts_with("javascript:") {
        return None;
    }
    document.base().join(href).ok().map(|link| link.essence())
}
