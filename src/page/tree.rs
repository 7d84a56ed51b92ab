//! A page's tree as XPath sees it (XPath 1.0, section 5), with every step counted.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef, Tree};
use scraper::Node;
use scraper::node::Element;
use xpath_eval::{ExpandedName, NodeKind};

use crate::limits;

/// What all evaluations on one document share: the order of its nodes, and how much work they may still do.
#[derive(Debug)]
pub(super) struct Survey {
    /// Counting siblings instead would make sorting quadratic. Nodes only ever leave a document, so the order stays.
    order: HashMap<NodeId, usize>,
    /// What this evaluation may still do.
    left: Cell<u64>,
    /// What the later ones may do.
    later: Cell<u64>,
}

/// The evaluation has used up what work it may do. Unwinds out of the library, which has no way to be stopped.
pub(super) struct Exhausted;

impl Survey {
    pub(super) fn of(tree: &Tree<Node>) -> Self {
        let order = tree.root().descendants().enumerate().map(|(place, node)| (node.id(), place)).collect();
        Self { order, left: Cell::new(0), later: Cell::new(limits::XPATH_WORK_OF_DOCUMENT) }
    }

    /// Whether any work may still be done.
    pub(super) fn is_exhausted(&self) -> bool {
        self.later.get() == 0
    }

    #[cfg(test)]
    pub(super) fn leave(&self, work: u64) {
        self.later.set(work);
    }

    /// Begins an evaluation.
    pub(super) fn begin(&self) {
        self.left.set(limits::XPATH_WORK.min(self.later.get()));
    }

    fn spend(&self, work: usize) {
        let work = u64::try_from(work).unwrap_or(u64::MAX);
        let left = self.left.get().saturating_sub(work);
        self.left.set(left);
        self.later.set(self.later.get().saturating_sub(work));
        if left == 0 {
            // Unlike a panic, this prints nothing.
            std::panic::resume_unwind(Box::new(Exhausted));
        }
    }
}

/// What an evaluation walks on.
pub(super) struct Walk<'a> {
    pub(super) tree: &'a Tree<Node>,
    pub(super) survey: &'a Survey,
}

/// A node, or an attribute of one. Small, because evaluations hold millions of them.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    id: NodeId,
    attribute: Option<u16>,
    walk: &'a Walk<'a>,
}

impl<'a> View<'a> {
    pub(super) const fn new(id: NodeId, walk: &'a Walk<'a>) -> Self {
        Self { id, attribute: None, walk }
    }

    /// The node; an attribute's element.
    pub(super) fn id(self) -> NodeId {
        self.id
    }

    fn node(self) -> Option<NodeRef<'a, Node>> {
        self.walk.tree.get(self.id)
    }

    fn spend(self, work: usize) {
        self.walk.survey.spend(work);
    }

    fn element(self) -> Option<&'a Element> {
        self.node()?.value().as_element()
    }

    /// The name and the value, if this is an attribute.
    pub(super) fn attribute(self) -> Option<(&'a str, &'a str)> {
        let (name, value) = self.element()?.attrs.get(usize::from(self.attribute?))?;
        Some((&name.local, value))
    }

    /// The name in HTML's own spelling. A prefix is part of it: the parser of HTML knows no namespaces of the author's.
    fn name(self) -> Option<&'a str> {
        match self.attribute {
            Some(_) => self.attribute().map(|(name, _)| name),
            None => self.element().map(Element::name),
        }
    }
}

impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.attribute == other.attribute
    }
}

impl Eq for View<'_> {}

impl<'a> xpath_eval::Node<'a> for View<'a> {
    fn kind(self) -> NodeKind {
        if self.attribute.is_some() {
            return NodeKind::Attribute;
        }
        match self.node().map(|node| node.value()) {
            Some(Node::Document | Node::Fragment) | None => NodeKind::Root,
            Some(Node::Element(_)) => NodeKind::Element,
            Some(Node::Text(_)) => NodeKind::Text,
            Some(Node::Comment(_) | Node::Doctype(_)) => NodeKind::Comment,
            Some(Node::ProcessingInstruction(_)) => NodeKind::ProcessingInstruction,
        }
    }

    fn parent(self) -> Option<Self> {
        self.spend(1);
        match self.attribute {
            Some(_) => Some(Self { attribute: None, ..self }),
            None => self.node()?.parent().map(|node| Self { id: node.id(), ..self }),
        }
    }

    fn children(self) -> impl Iterator<Item = Self> + 'a {
        let children = self.node().filter(|_| self.attribute.is_none()).into_iter().flat_map(|node| node.children());
        // XPath knows no document type among the nodes.
        children.filter(|node| !node.value().is_doctype()).map(move |node| {
            self.spend(1);
            Self { id: node.id(), ..self }
        })
    }

    fn attributes(self) -> impl Iterator<Item = Self> + 'a {
        let count = self.element().filter(|_| self.attribute.is_none()).map_or(0, |element| element.attrs.len());
        (0..u16::try_from(count).unwrap_or(u16::MAX)).map(move |at| {
            self.spend(1);
            Self { attribute: Some(at), ..self }
        })
    }

    fn namespaces(self) -> impl Iterator<Item = Self> + 'a {
        std::iter::empty()
    }

    fn expanded_name(self) -> Option<ExpandedName> {
        let name: &str = match self.node()?.value() {
            Node::ProcessingInstruction(instruction) => &instruction.target,
            _ => self.name()?,
        };
        Some(match name.split_once(':') {
            Some((prefix, local)) => {
                ExpandedName { namespace_uri: Some(prefix.to_owned()), local_name: local.to_owned() }
            }
            None => ExpandedName { namespace_uri: None, local_name: name.to_owned() },
        })
    }

    fn has_expanded_name(self, prefix: Option<&str>, local: &str) -> bool {
        self.spend(1);
        let Some(name) = self.name() else { return false };
        // In HTML, capital letters make no difference.
        match prefix {
            None => name.eq_ignore_ascii_case(local),
            Some(prefix) => name.split_once(':').is_some_and(|(before, after)| {
                before.eq_ignore_ascii_case(prefix) && after.eq_ignore_ascii_case(local)
            }),
        }
    }

    fn string_value(self) -> String {
        let mut text = String::new();
        if let Some((_, value)) = self.attribute() {
            value.clone_into(&mut text);
        } else if let Some(node) = self.node() {
            match node.value() {
                Node::Text(own) => own.text.as_ref().clone_into(&mut text),
                Node::Comment(own) => own.comment.as_ref().clone_into(&mut text),
                _ => {
                    for node in node.descendants() {
                        self.spend(1);
                        if let Node::Text(part) = node.value() {
                            text.push_str(part);
                        }
                    }
                }
            }
        }
        // A character is copied in a fraction of the time that a step takes.
        self.spend(1 + text.len() / 16);
        text
    }

    fn document_order(self, other: Self) -> Ordering {
        self.spend(1);
        let place = |view: Self| self.walk.survey.order.get(&view.id).copied().unwrap_or(usize::MAX);
        // An element comes before its attributes.
        place(self).cmp(&place(other)).then(self.attribute.cmp(&other.attribute))
    }

    fn is_id_attribute(self) -> bool {
        self.attribute().is_some_and(|(name, _)| name == "id")
    }
}
