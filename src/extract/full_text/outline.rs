//! A page as a person sees it without colours: boxes in boxes, and in them blocks of text.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element as Markup;

use super::hints::{self, Hints};
use super::kinds::{is_box, is_hidden, is_unseen, width};
use crate::page::{Element, attribute};

/// A page, flattened.
pub(super) struct Outline {
    /// Elements that begin and end a line, or hold such ones, in the order of the page. The first is the whole page.
    pub(super) boxes: Vec<Frame>,
    /// What is written in them, in the order of the page.
    pub(super) blocks: Vec<Block>,
    /// Elements that nobody sees, by their attributes.
    pub(super) hidden: Vec<NodeId>,
}

/// An element that begins and ends a line, or holds such ones.
#[derive(Clone, Copy, Default)]
pub(super) struct Frame {
    /// The element.
    pub(super) node: Option<NodeId>,
    /// The box that it stands in; the page itself stands in itself.
    pub(super) parent: usize,
    /// Its own name, classes and id.
    pub(super) hints: Hints,
    /// Its first block, and the one behind its last.
    pub(super) first: usize,
    pub(super) last: usize,
    /// The box behind its last one.
    pub(super) end: usize,
    /// Characters of the text in it.
    pub(super) chars: usize,
    /// Those of them that are links.
    pub(super) link_chars: usize,
}

/// A run of text, and of what stands in a line with it, directly in a box.
#[derive(Default)]
pub(super) struct Block {
    /// The box.
    pub(super) frame: usize,
    /// The nodes of the run, children of the box.
    pub(super) nodes: Vec<NodeId>,
    /// Its text, white space folded.
    pub(super) text: String,
    /// Names and classes of the only element in it, if there is only one.
    pub(super) hints: Hints,
    pub(super) chars: usize,
    pub(super) link_chars: usize,
    pub(super) strong_chars: usize,
    pub(super) links: usize,
    /// Images, videos and sounds.
    pub(super) media: usize,
}

impl Outline {
    /// A box by its number; one of nothing if there is none.
    pub(super) fn frame(&self, at: usize) -> Frame {
        self.boxes.get(at).copied().unwrap_or_default()
    }

    /// The outline of everything in `top`.
    pub(super) fn of(top: Element<'_>) -> Self {
        let holds_boxes = holders_of_boxes(top);
        let mut walk = Walk {
            memo: HashMap::new(),
            boxes: Vec::new(),
            blocks: Vec::new(),
            hidden: Vec::new(),
            open: Vec::new(),
            block: None,
            links: 0,
            strong: 0,
            inline: 0,
            unseen: 0,
            breaks: 0,
        };
        let mut at = 0;
        for edge in top.traverse() {
            match edge {
                Edge::Open(node) => {
                    let is_box = holds_boxes.get(at).copied().unwrap_or_default();
                    at += 1;
                    walk.enter(node, is_box);
                }
                Edge::Close(node) => walk.leave(node),
            }
        }
        walk.sum_up()
    }
}

/// For each node below `top`, in the order of the page, whether it is a box.
fn holders_of_boxes(top: Element<'_>) -> Vec<bool> {
    let mut boxes: Vec<bool> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for edge in top.traverse() {
        match edge {
            Edge::Open(node) => {
                open.push(boxes.len());
                boxes.push(node.value().as_element().is_some_and(|element| is_box(element.name())));
            }
            Edge::Close(_) => {
                let Some(at) = open.pop() else { continue };
                let is_box = boxes.get(at).copied().unwrap_or_default();
                if let Some(parent) = open.last().and_then(|parent| boxes.get_mut(*parent)).filter(|_| is_box) {
                    *parent = true;
                }
            }
        }
    }
    if let Some(first) = boxes.first_mut() {
        *first = true;
    }
    boxes
}

struct Walk<'d> {
    /// Pages repeat the same classes over and over.
    memo: HashMap<(&'d str, &'d str), Hints>,
    boxes: Vec<Frame>,
    blocks: Vec<Block>,
    hidden: Vec<NodeId>,
    /// The boxes that are open, with their nodes.
    open: Vec<usize>,
    block: Option<Block>,
    /// How many links, and elements that stress, are open.
    links: usize,
    strong: usize,
    /// How many elements in a line are open.
    inline: usize,
    /// How many elements are open whose contents nobody sees.
    unseen: usize,
    /// Line breaks since the last text.
    breaks: usize,
}

impl<'d> Walk<'d> {
    fn enter(&mut self, node: ego_tree::NodeRef<'d, Node>, is_box: bool) {
        match node.value() {
            Node::Text(text) if self.unseen == 0 => self.add(node.id(), text),
            Node::Element(element) => {
                if self.unseen > 0 || is_unseen(element) || is_hidden(element) {
                    if self.unseen == 0 {
                        self.pass_by(node, element);
                    }
                    self.unseen += 1;
                    return;
                }
                self.links += usize::from(element.name() == "a" && attribute(element, "href").is_some());
                self.strong += usize::from(matches!(element.name(), "b" | "strong"));
                if is_box {
                    self.open_box(node.id(), element);
                } else {
                    self.open_inline(node.id(), element);
                }
            }
            _ => {}
        }
    }

    /// Something whose contents nobody sees. A `<noscript>` often has the image that a script would show.
    fn pass_by(&mut self, node: ego_tree::NodeRef<'d, Node>, element: &Markup) {
        if is_hidden(element) {
            self.hidden.push(node.id());
        } else if element.name() == "noscript" {
            let is_image = |inner: ego_tree::NodeRef<'_, Node>| {
                inner.value().as_element().is_some_and(|inner| inner.name() == "img")
            };
            if node.descendants().any(is_image) {
                let is_top = self.inline == 0;
                let block = self.current();
                block.media += 1;
                block.nodes.extend(is_top.then_some(node.id()));
            }
        }
    }

    fn leave(&mut self, node: ego_tree::NodeRef<'d, Node>) {
        let Node::Element(element) = node.value() else { return };
        if self.unseen > 0 {
            self.unseen -= 1;
            return;
        }
        self.links -= usize::from(element.name() == "a" && attribute(element, "href").is_some());
        self.strong -= usize::from(matches!(element.name(), "b" | "strong"));
        let is_box =
            self.open.last().and_then(|at| self.boxes.get(*at)).is_some_and(|frame| frame.node == Some(node.id()));
        if !is_box {
            self.inline -= 1;
            return;
        }
        self.end_block();
        let (boxes, blocks) = (self.boxes.len(), self.blocks.len());
        if let Some(frame) = self.open.pop().and_then(|at| self.boxes.get_mut(at)) {
            frame.end = boxes;
            frame.last = blocks;
        }
    }

    fn hints(&mut self, element: &'d Markup) -> Hints {
        let class = attribute(element, "class").unwrap_or_default();
        let id = attribute(element, "id").unwrap_or_default();
        let of_element = hints::of_element(element);
        if class.is_empty() && id.is_empty() {
            return of_element;
        }
        let named = *self.memo.entry((class, id)).or_insert_with(|| hints::of_names(class) | hints::of_names(id));
        named | of_element
    }

    fn open_box(&mut self, node: NodeId, element: &'d Markup) {
        self.end_block();
        let hints = self.hints(element);
        let at = self.boxes.len();
        let parent = self.open.last().copied().unwrap_or_default();
        let first = self.blocks.len();
        self.boxes.push(Frame {
            node: Some(node),
            parent,
            hints,
            first,
            last: first,
            end: at + 1,
            chars: 0,
            link_chars: 0,
        });
        self.open.push(at);
    }

    fn open_inline(&mut self, node: NodeId, element: &'d Markup) {
        if element.name() == "br" {
            self.breaks += 1;
            // Two of them are what careless pages have for paragraphs.
            if self.breaks == 2 && self.inline == 0 {
                self.end_block();
            }
        }
        let hints = self.hints(element);
        let is_top = self.inline == 0;
        let is_link = element.name() == "a" && attribute(element, "href").is_some();
        let is_media = matches!(element.name(), "img" | "video" | "audio" | "picture" | "iframe" | "embed" | "object");
        let block = self.current();
        if is_top {
            block.hints = if block.nodes.is_empty() { hints } else { Hints::default() };
            block.nodes.push(node);
        }
        block.links += usize::from(is_link);
        block.media += usize::from(is_media && element.name() != "picture");
        self.inline += 1;
    }

    fn current(&mut self) -> &mut Block {
        let frame = self.open.last().copied().unwrap_or_default();
        self.block.get_or_insert_with(|| Block { frame, ..Block::default() })
    }

    fn add(&mut self, node: NodeId, text: &str) {
        let is_blank = text.chars().all(char::is_whitespace);
        if is_blank && self.block.is_none() {
            return;
        }
        if !is_blank {
            self.breaks = 0;
        }
        let (is_top, is_link, is_strong) = (self.inline == 0, self.links > 0, self.strong > 0);
        let block = self.current();
        if is_top {
            if !is_blank {
                block.hints = Hints::default();
            }
            block.nodes.push(node);
        }
        let mut added = 0;
        let mut is_apart = text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            if is_apart && !block.text.is_empty() && !block.text.ends_with(' ') {
                block.text.push(' ');
            }
            block.text.push_str(word);
            added += word.chars().map(width).sum::<usize>();
            is_apart = true;
        }
        if text.ends_with(char::is_whitespace) && !block.text.is_empty() && !block.text.ends_with(' ') {
            block.text.push(' ');
        }
        block.chars += added;
        block.link_chars += if is_link { added } else { 0 };
        block.strong_chars += if is_strong { added } else { 0 };
    }

    fn end_block(&mut self) {
        self.breaks = 0;
        let Some(mut block) = self.block.take() else { return };
        if block.chars == 0 && block.media == 0 {
            return;
        }
        block.text.truncate(block.text.trim_end().len());
        self.blocks.push(block);
    }

    /// The outline, with what boxes hold in all.
    fn sum_up(mut self) -> Outline {
        self.end_block();
        for block in &self.blocks {
            if let Some(frame) = self.boxes.get_mut(block.frame) {
                frame.chars += block.chars;
                frame.link_chars += block.link_chars;
            }
        }
        for at in (1..self.boxes.len()).rev() {
            let Some((parent, chars, link_chars)) = self.boxes.get(at).map(|b| (b.parent, b.chars, b.link_chars))
            else {
                continue;
            };
            if let Some(parent) = self.boxes.get_mut(parent) {
                parent.chars += chars;
                parent.link_chars += link_chars;
            }
        }
        Outline { boxes: self.boxes, blocks: self.blocks, hidden: self.hidden }
    }
}
