//! What a person would read in an element.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::Document;
use crate::weburl::WebUrl;

/// The text of an element as one line: without scripts, styles, templates and `<noscript>`; blocks and line breaks
/// count as a space.
pub fn line_text(element: ElementRef<'_>) -> String {
    let mut line = String::new();
    walk(element, &mut line, ' ');
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an element with a line for each block, as a person would copy it.
pub fn block_text(element: ElementRef<'_>) -> String {
    let mut raw = String::new();
    walk(element, &mut raw, '\n');
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

fn walk(element: ElementRef<'_>, out: &mut String, block: char) {
    let mut hidden = 0_usize;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) if hidden == 0 => {
                    // A line break in the source is just white space.
                    out.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
                }
                Node::Element(inner) => {
                    hidden += usize::from(is_unseen(inner.name()));
                    if is_block(inner.name()) {
                        out.push(block);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(inner) = node.value() {
                    hidden -= usize::from(is_unseen(inner.name()));
                    if is_block(inner.name()) {
                        out.push(block);
                    }
                }
            }
        }
    }
}

fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "template" | "noscript")
}

/// Elements that begin and end a line; `<br>` among them.
fn is_block(name: &str) -> bool {
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

    #[test]
    fn blocks_are_spaces_and_inline_markup_is_nothing() {
        let html = "<h1>A<b>B</b>\n C<br>D</h1><p>E</p><script>x</script><noscript>y</noscript><style>z</style>";
        assert_eq!(plain(html), "AB C D E");
        assert_eq!(plain("Tom &amp; Jerry&#39;s"), "Tom & Jerry's");
        assert_eq!(plain(" a\u{a0} b "), "a b");
    }

    #[test]
    fn paragraphs_are_lines() {
        let document = Document::parse("<p>a\nb</p><ul><li>c<li>d</ul>", WebUrl::parse("http://x.example").unwrap());
        assert_eq!(block_text(document.unwrap().root()), "a b\nc\nd");
    }
}
