//! A look at clean HTML without a parser: where the tags are, and what text stands between them.

/// A piece of markup.
enum Piece<'a> {
    /// Text, with character references.
    Text(&'a str),
    /// A tag or a comment, with its angle brackets.
    Tag(&'a str),
}

/// The text of a fragment of clean HTML: tags are gone (blocks and line breaks leave a space), character references
/// are read, white space is folded.
pub(crate) fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    for piece in pieces(html) {
        match piece {
            Piece::Text(raw) => read_references(raw, &mut text),
            Piece::Tag(tag) if is_inline(name(tag)) => {}
            Piece::Tag(_) => text.push(' '),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The fragment with every image marked as one that browsers may load when it comes into view.
pub(crate) fn lazily(html: &str) -> String {
    let mut lazy = String::with_capacity(html.len() + 256);
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) if name(tag) == "img" && !tag.contains(" loading=") => {
                let attributes = tag.strip_prefix("<img").unwrap_or_default();
                lazy.push_str("<img loading=\"lazy\"");
                lazy.push_str(attributes);
            }
            Piece::Tag(raw) | Piece::Text(raw) => lazy.push_str(raw),
        }
    }
    lazy
}

/// Cuts at tags. An attribute's value may hold angle brackets, so that quotes have to be followed.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_tag = rest.starts_with('<');
        let end = if is_tag { end_of_tag(rest) } else { rest.find('<').unwrap_or(rest.len()) };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(if is_tag { Piece::Tag(piece) } else { Piece::Text(piece) })
    })
}

fn end_of_tag(html: &str) -> usize {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    html.len()
}

/// A tag's name; that of an end tag begins with the slash.
fn name(tag: &str) -> &str {
    let name = tag.trim_start_matches('<');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(name.len());
    name.get(..end).unwrap_or_default()
}

fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 34] = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
        "ins", "kbd", "mark", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "u",
    ];
    INLINE.contains(&name.trim_matches('/'))
}

/// The references that a serialiser of HTML writes, and the numeric ones; others are left as they stand.
fn read_references(raw: &str, text: &mut String) {
    let mut parts = raw.split('&');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let referred = part.split_once(';').and_then(|(reference, rest)| Some((referred(reference)?, rest)));
        if let Some((c, rest)) = referred {
            text.push(c);
            text.push_str(rest);
        } else {
            text.push('&');
            text.push_str(part);
        }
    }
}

fn referred(reference: &str) -> Option<char> {
    Some(match reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_one_reads() {
        let examples = [
            ("<p>One &amp; two.</p><p>Three<br>four</p>", "One & two. Three four"),
            ("a<b>b</b>c&nbsp;d &lt;e&gt; &#x41;&#66; &copy; AT&T &", "abc d <e> AB &copy; AT&T &"),
            ("<a title=\"1 > 0 '\" href='x\">'>link</a>", "link"),
            ("&amp;lt;", "&lt;"),
            ("<!-- > --> x", "--> x"),
            ("&#7;&#xD800;&#99999999999;", "&#7;&#xD800;&#99999999999;"),
            ("<unclosed", ""),
        ];
        for (html, expected) in examples {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn only_images_become_lazy() {
        assert_eq!(lazily("<p><img src=\"x\"></p>"), "<p><img loading=\"lazy\" src=\"x\"></p>");
        let kept = [
            "<img src=\"x\" loading=\"eager\">",
            "<a title=\"<img src=x>\">x</a>",
            "<imgs>",
            "&lt;img src=x&gt;",
            "<p>ü</p>",
        ];
        for html in kept {
            assert_eq!(lazily(html), html);
        }
    }
}
