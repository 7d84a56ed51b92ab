//! Whether markup is read back as the tree that it was written from.
//!
//! Not every tree that a parser or a cleaner makes can be written as HTML: a link in a link, say, is closed by the
//! parser that reads it next. Parsing again would tell, and costs as much as cleaning did; this look at the tags tells
//! nearly always that there is no need to (HTML, section 13.2.6.4.7).

/// Whether serialized markup, in which every element is closed, needs no second reading. May say no for markup that
/// would have been fine, never yes for markup that is not.
pub(super) fn is_settled(markup: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        if is_table_part(open.last()) && !text.trim().is_empty() {
            return false;
        }
        let Some((tag, after)) = tag(from) else { return false };
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
            continue;
        }
        if !may_begin(tag, &open) || (tag == "pre" && rest.starts_with('\n')) {
            return false;
        }
        if !is_void(tag) {
            open.push(tag);
        }
    }
    open.is_empty()
}

/// The name of the tag that `from` begins with, with its `/` if it is an end, and what follows the tag.
fn tag(from: &str) -> Option<(&str, &str)> {
    let inside = from.strip_prefix('<')?;
    let end = inside.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    let (name, mut rest) = inside.split_at(end);
    loop {
        let at = rest.find(['>', '"'])?;
        let (_, from) = rest.split_at(at);
        match from.strip_prefix('"') {
            Some(value) => rest = value.split_once('"')?.1,
            None => return Some((name, from.strip_prefix('>')?)),
        }
    }
}

/// Whether the parser opens `name` right here, closing and moving nothing.
fn may_begin(name: &str, open: &[&str]) -> bool {
    let parent = open.last().copied().unwrap_or_default();
    match name {
        "caption" | "colgroup" | "thead" | "tbody" | "tfoot" => return parent == "table",
        "tr" => return matches!(parent, "thead" | "tbody" | "tfoot"),
        "td" | "th" => return parent == "tr",
        "col" => return parent == "colgroup",
        _ if is_table_part(open.last()) => return false,
        "rb" | "rt" | "rp" | "rtc" => return matches!(parent, "ruby" | "rtc"),
        _ => {}
    }
    let mut nearest = open.iter().rev().take_while(|name| !matches!(**name, "table" | "td" | "th" | "caption"));
    match name {
        "a" | "nobr" => !nearest.any(|other| *other == name),
        _ if closes_paragraph(name) && nearest.clone().any(|other| *other == "p") => false,
        _ if is_heading(name) => !is_heading(parent),
        "li" => !is_in(&["li"], open),
        "dd" | "dt" => !is_in(&["dd", "dt"], open),
        _ => true,
    }
}

fn is_table_part(name: Option<&&str>) -> bool {
    matches!(name, Some(&("table" | "colgroup" | "thead" | "tbody" | "tfoot" | "tr")))
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "source" | "wbr")
}

fn closes_paragraph(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "article"
                | "aside"
                | "blockquote"
                | "center"
                | "dd"
                | "details"
                | "div"
                | "dl"
                | "dt"
                | "figcaption"
                | "figure"
                | "footer"
                | "header"
                | "hgroup"
                | "hr"
                | "li"
                | "main"
                | "nav"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "table"
                | "ul"
        )
}

/// Whether the parser would find one of `items` open, and close it: it looks as far as the next element that holds
/// other elements ("special", but for `div` and `p`).
fn is_in(items: &[&str], open: &[&str]) -> bool {
    let holds = |name: &str| matches!(name, "td" | "th" | "caption") || closes_paragraph(name);
    let nearest =
        open.iter().rev().find(|name| items.contains(name) || (holds(name) && !matches!(**name, "div" | "p")));
    nearest.is_some_and(|name| items.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markup_is_settled() {
        for markup in [
            "",
            "text",
            "<p>a <a href=\"x>y\">b</a> <b>c</b></p><ul><li><p>d</p><ul><li>e</li></ul></li></ul>",
            "<table><caption>a</caption><thead><tr><th><p>b</p></th></tr></thead>\n<tbody><tr><td><table></table></td></tr></tbody></table>",
            "<dl><dt>a</dt><dd><div>b</div></dd></dl><ruby>c<rt>d</rt></ruby><pre>e\nf</pre>",
            "<figure><picture><source srcset=\"a\"><img src=\"b\"></picture><figcaption>c</figcaption></figure>",
        ] {
            assert!(is_settled(markup), "{markup}");
        }
    }

    #[test]
    fn what_would_be_read_otherwise_is_not() {
        for markup in [
            "<a>b<i><a>c</a></i></a>",
            "<p><div>a</div></p>",
            "<p><b><p>a</p></b></p>",
            "<h1><h2>a</h2></h1>",
            "<ul><li><div><li>a</li></div></li></ul>",
            "<dl><dt><dd>a</dd></dt></dl>",
            "<table><tr><td>a</td></tr></table>",
            "<table>text</table>",
            "<table><tbody><tr><b>a</b></tr></tbody></table>",
            "<td>a</td>",
            "<pre>\na</pre>",
            "<p>a",
            "<p>a</b>",
        ] {
            assert!(!is_settled(markup), "{markup}");
        }
    }
}
