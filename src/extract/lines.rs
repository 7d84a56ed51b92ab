//! A page as its lines: short texts as readers see them, with what the markup around them says. What is longer than a
//! line is the article itself, and no concern of those who look for what stands beside it.

use ego_tree::iter::Edge;
use scraper::Node;

use super::named::{Named, Names};
use crate::limits;
use crate::page::{Document, Element, attribute, is_block};

/// Stands in a line where another element begins or ends.
pub(super) const BOUNDARY: char = '\u{1f}';

/// A short line.
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own, and all of them may be there")]
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Which line of the page it is.
    pub(super) at: usize,
    /// Its text, with a [`BOUNDARY`] where another element begins or ends.
    pub(super) text: String,
    /// What stands right before it: the beginning of the line of a `<time>`, or a short line above.
    pub(super) before: String,
    /// It stands in an element that is named for a date.
    pub(super) is_dated: bool,
    /// It stands in an element that is named for an author.
    pub(super) is_signed: bool,
    /// It is what a `<time>` says to machines.
    pub(super) is_time: bool,
    /// It stands in what stands around an article: navigation, comments, teasers.
    pub(super) is_beside: bool,
    /// All of it is a link.
    pub(super) is_linked: bool,
    /// It stands in a list.
    pub(super) is_item: bool,
}

impl Line {
    /// Its text as a person reads it.
    pub(super) fn plain(&self) -> String {
        self.text.replace(BOUNDARY, " ")
    }
}

/// The lines of a page.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The short ones, in the order of the page.
    pub(super) lines: Vec<Line>,
    /// Which line the article's heading is.
    pub(super) heading: Option<usize>,
}

/// What holds within an element.
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own, and all of them may be there")]
#[derive(Clone, Copy, Debug, Default)]
struct Within {
    is_unseen: bool,
    is_beside: bool,
    is_linked: bool,
    is_item: bool,
    /// Of a heading, its rank.
    rank: u8,
    /// Levels that a name for a date still reaches down.
    dated: u8,
    /// The same for a name for an author.
    signed: u8,
}

/// Signs of a line without figures that may be the label of the one below.
const LABEL: usize = 30;

/// Levels of markup inside of an element that is named for a date.
const REACH: u8 = 3;

/// The lines of a page, and where the heading is that says `title`; else the first one of all.
pub(super) fn lines(document: &Document, title: Option<&str>) -> Lines {
    let mut reading = Reading { title: title.map(packed), ..Reading::default() };
    let mut names = Names::default();
    for edge in document.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => reading.text(text),
                Node::Element(_) => {
                    let Some(element) = Element::wrap(node) else { continue };
                    reading.boundary(element);
                    let within = within(element, names.of(element), reading.within());
                    if let Some(stated) = attribute(element.value(), "datetime").filter(|_| !within.is_unseen) {
                        reading.time(stated, within);
                    }
                    reading.open.push(within);
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Some(element) = Element::wrap(node) {
                    reading.boundary(element);
                    reading.open.pop();
                }
            }
        }
    }
    reading.end_line();
    Lines { lines: reading.lines, heading: reading.named.or(reading.first).or(reading.mentioned).or(reading.any) }
}

/// What holds within an element, which is `named` for something, and stands where `around` holds.
fn within(element: Element<'_>, named: Named, around: Within) -> Within {
    let name = element.value().name();
    let is_whole = matches!(name, "html" | "body" | "main" | "article");
    Within {
        is_unseen: around.is_unseen || matches!(name, "head" | "script" | "style" | "template" | "noscript" | "select"),
        is_beside: around.is_beside
            || matches!(name, "nav" | "aside" | "footer" | "form" | "figure")
            || !is_whole && named.is_beside,
        is_linked: around.is_linked || name == "a",
        is_item: around.is_item || name == "li",
        rank: match name {
            "h1" => 1,
            "h2" | "h3" => 2,
            _ => around.rank,
        },
        dated: if !is_whole && (name == "time" || named.is_dated) { REACH } else { around.dated.saturating_sub(1) },
        signed: if !is_whole && named.is_signed { REACH } else { around.signed.saturating_sub(1) },
    }
}

/// A page as it is read.
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own, and all of them may be there")]
#[derive(Default)]
struct Reading {
    title: Option<String>,
    /// What holds within the elements that are open.
    open: Vec<Within>,
    lines: Vec<Line>,
    /// Lines that have been read.
    count: usize,
    line: Line,
    /// Whether the line has a text, and whether that is longer than a line.
    has_text: bool,
    /// Whether the next text stands in another element than the last.
    is_apart: bool,
    is_long: bool,
    has_unlinked: bool,
    /// The line above, if it is short.
    above: String,
    rank: u8,
    /// Where the title is a heading, where it just stands, and the first heading of the first rank, and of any.
    named: Option<usize>,
    mentioned: Option<usize>,
    first: Option<usize>,
    any: Option<usize>,
}

impl Reading {
    fn within(&self) -> Within {
        self.open.last().copied().unwrap_or_default()
    }

    fn text(&mut self, text: &str) {
        let within = self.within();
        if within.is_unseen || self.is_long || text.trim().is_empty() {
            return;
        }
        if self.line.text.len() + text.trim().len() > limits::LINE_BYTES {
            self.is_long = true;
            return;
        }
        self.has_text = true;
        let mut between = if std::mem::take(&mut self.is_apart) { BOUNDARY } else { ' ' };
        for word in text.split_whitespace() {
            if !self.line.text.is_empty() {
                self.line.text.push(between);
            }
            self.line.text.push_str(word);
            between = ' ';
        }
        self.line.is_dated |= within.dated > 0;
        self.line.is_signed |= within.signed > 0;
        self.line.is_beside |= within.is_beside;
        self.line.is_item |= within.is_item;
        self.has_unlinked |= !within.is_linked;
        self.rank = self.rank.max(within.rank);
    }

    /// Where an element begins or ends, a line may end.
    fn boundary(&mut self, element: Element<'_>) {
        self.is_apart = true;
        if is_block(element.value().name()) {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let (has_text, is_long) = (std::mem::take(&mut self.has_text), std::mem::take(&mut self.is_long));
        let is_linked = !std::mem::take(&mut self.has_unlinked);
        let rank = std::mem::take(&mut self.rank);
        if !has_text && !is_long {
            return;
        }
        self.count += 1;
        self.note_heading(&line, rank);
        let above = std::mem::take(&mut self.above);
        if line.text.chars().count() <= LABEL && !line.text.contains(char::is_numeric) {
            self.above = line.plain();
        }
        if !is_long && self.lines.len() < limits::LINES {
            self.lines.push(Line { at: self.count, is_linked, before: above, ..line });
        }
    }

    fn note_heading(&mut self, line: &Line, rank: u8) {
        let here = Some(self.count);
        let is_named = self
            .title
            .as_ref()
            .is_some_and(|title| title.len() <= line.text.len() && packed(&line.text).ends_with(title.as_str()));
        if is_named && rank > 0 && self.named.is_none() {
            self.named = here;
            // Whatever the elements around it are called, they hold the article.
            self.open.iter_mut().for_each(|within| within.is_beside = false);
        }
        let is_own = !line.is_beside && !line.is_item;
        for (place, is_it) in [
            (&mut self.mentioned, is_named && is_own),
            (&mut self.first, rank == 1 && is_own),
            (&mut self.any, rank > 0 && is_own),
        ] {
            *place = place.or(here.filter(|_| is_it));
        }
    }

    /// What a `<time>` says to machines is a line of its own.
    fn time(&mut self, stated: &str, within: Within) {
        if stated.len() <= limits::LINE_BYTES && self.lines.len() < limits::LINES {
            self.lines.push(Line {
                at: self.count + usize::from(self.has_text),
                text: stated.to_owned(),
                before: if self.line.text.is_empty() { self.above.clone() } else { self.line.plain() },
                is_dated: true,
                is_signed: false,
                is_time: true,
                is_beside: within.is_beside,
                is_linked: within.is_linked,
                is_item: within.is_item,
            });
        }
    }
}

fn packed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != BOUNDARY).collect()
}
