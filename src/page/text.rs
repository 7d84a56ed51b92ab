//! What a person would read in an element.

use std::ops::ControlFlow;

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::Document;
use super::allowance::Allowance;
use crate::weburl::WebUrl;

/// The text of an element as one line: without scripts, styles, templates and `<noscript>`; blocks and line breaks
/// count as a space.
pub fn line_text(element: ElementRef<'_>) -> String {
    let mut line = String::new();
    write(element, &mut line, ' ');
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of [`line_text`]: at most `most` bytes of it. Looks at no more of the page than about four times as much.
pub fn line_within(element: ElementRef<'_>, most: usize) -> String {
    let mut line = Line { text: String::new(), is_apart: false, most };
    let mut left = most.saturating_mul(4);
    let _ = walk(element, |piece| {
        let (seen, goes_on) = line.take(piece);
        left = left.saturating_sub(seen);
        if left > 0 && goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    line.text.truncate(line.text.floor_char_boundary(most));
    line.text
}

/// The beginning of [`line_text`]: about `most` bytes of it, as far as `allowance` reaches. No more is looked at than
/// that takes.
pub(super) fn line_start(element: ElementRef<'_>, most: usize, allowance: &Allowance) -> String {
    let mut line = Line { text: String::new(), is_apart: false, most };
    let _ = walk(element, |piece| {
        let (seen, goes_on) = line.take(piece);
        if allowance.spend(seen) && goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    line.text
}

/// A line as it grows: white space is one space, and none at the ends.
struct Line {
    text: String,
    /// Whether the next character begins a word.
    is_apart: bool,
    most: usize,
}

impl Line {
    /// Takes a piece; how many bytes of it were looked at, and whether there is room for more. Anything counts as one.
    fn take(&mut self, piece: Piece<'_>) -> (usize, bool) {
        match piece {
            Piece::Text(text) => return self.add(text),
            Piece::Break => self.is_apart = true,
            Piece::Other => {}
        }
        (1, true)
    }

    fn add(&mut self, text: &str) -> (usize, bool) {
        for (at, c) in text.char_indices() {
            if c.is_whitespace() {
                self.is_apart = true;
                continue;
            }
            if self.text.len() >= self.most {
                return (at + 1, false);
            }
            if std::mem::take(&mut self.is_apart) && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push(c);
        }
        (text.len() + 1, true)
    }
}

/// The text of an element with a line for each block, as a person would copy it.
pub fn block_text(element: ElementRef<'_>) -> String {
    let mut raw = String::new();
    write(element, &mut raw, '\n');
    let lines = raw.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The text of a value that may hold markup or entities, as JSON-LD and `<meta>` often do.
pub fn plain(value: &str) -> String {
    if !value.contains(['<', '&']) {
        return value.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let text = WebUrl::parse("http://localhost/").ok().and_then(|url| Document::parse(value, url).ok());
    text.map_or_else(|| value.to_owned(), |document| line_text(document.root()))
}

/// Writes down all that a person would read in an element, with `block` where a block begins or ends.
fn write(element: ElementRef<'_>, out: &mut String, block: char) {
    let _ = walk(element, |piece| {
        match piece {
            // A line break in the source is just white space.
            Piece::Text(text) => out.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c })),
            Piece::Break => out.push(block),
            Piece::Other => {}
        }
        ControlFlow::Continue(())
    });
}

/// What a walk through an element comes by.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    /// The beginning or the end of a block.
    Break,
    /// A node that shows nothing by itself.
    Other,
}

/// Shows `take` what a person would read in an element, piece by piece, until it has enough.
fn walk<'a>(element: ElementRef<'a>, mut take: impl FnMut(Piece<'a>) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut hidden = 0_usize;
    for edge in element.traverse() {
        let (node, is_open) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(text) if hidden == 0 && is_open => take(Piece::Text(text))?,
            Node::Element(inner) => {
                let unseen = usize::from(is_unseen(inner.name()));
                hidden = if is_open { hidden + unseen } else { hidden - unseen };
                take(if is_block(inner.name()) { Piece::Break } else { Piece::Other })?;
            }
            _ => take(Piece::Other)?,
        }
    }
    ControlFlow::Continue(())
}

fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "template" | "noscript")
}

/// Elements that begin and end a line; `<br>` among them.
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "caption"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;

    #[test]
    fn blocks_are_spaces_and_inline_markup_is_nothing() {
        let html = "<h1>A<b>B</b>\n C<br>D</h1><p>E</p><script>x</script><noscript>y</noscript><style>z</style>";
        assert_eq!(plain(html), "AB C D E");
        assert_eq!(plain("Tom &amp; Jerry&#39;s"), "Tom & Jerry's");
        assert_eq!(plain(" a\u{a0} b "), "a b");
    }

    #[test]
    fn the_beginning_of_a_line_is_no_longer_than_asked() {
        let html = "<p> a<b>b</b> \n</p><script>x</script>c<i>d</i><p>e</p>";
        let document = Document::parse(html, WebUrl::parse("http://x.example").unwrap()).unwrap();
        let start = |most| line_start(document.root(), most, &Allowance::default());
        assert_eq!((start(100), start(3)), (line_text(document.root()), "ab c".to_owned()));
        let allowance = Allowance::default();
        assert!(allowance.spend(limits::MARKED_BYTES) && !allowance.spend(1));
        assert_eq!(line_start(document.root(), 100, &allowance), "");
    }

    #[test]
    fn paragraphs_are_lines() {
        let document = Document::parse("<p>a\nb</p><ul><li>c<li>d</ul>", WebUrl::parse("http://x.example").unwrap());
        assert_eq!(block_text(document.unwrap().root()), "a b\nc\nd");
    }
}
