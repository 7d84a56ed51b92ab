//! Text that may stand in any feed: legal in XML 1.0 by construction, and bounded.
//!
//! The XML writers that we use escape markup but let characters through that XML forbids, and one such
//! character makes a whole feed unreadable. So they are taken out here, once, where text enters.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// One line of plain text: white space folded, nothing that XML 1.0 (section 2.2) forbids, no characters that
/// turn the direction of what follows, at most [`limits::FIELD_BYTES`] long, never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

impl Text {
    /// Folds and bounds `raw`; `None` if nothing is left.
    pub fn new(raw: &str) -> Option<Self> {
        let mut line = String::with_capacity(raw.len().min(limits::FIELD_BYTES));
        for word in raw.split(|c: char| c.is_whitespace() || is_invisible_space(c)) {
            let start = line.len();
            if start > 0 {
                line.push(' ');
            }
            line.extend(word.chars().filter(|&c| is_xml(c) && !turns_direction(c)));
            if line.len() == start + usize::from(start > 0) {
                line.truncate(start);
            }
            if line.len() > limits::FIELD_BYTES {
                break;
            }
        }
        line.truncate(line.floor_char_boundary(limits::FIELD_BYTES));
        line.truncate(line.trim_end().len());
        (!line.is_empty()).then_some(Self(line))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl TryFrom<String> for Text {
    type Error = &'static str;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::new(&raw).ok_or("a text is never empty")
    }
}

/// A fragment of clean HTML: what `extract::clean` lets through, legal in XML, absolute links only, never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Html(String);

impl Html {
    /// Takes markup that has been cleaned; what XML forbids is still taken out.
    pub fn from_clean(mut clean: String) -> Self {
        // Whatever XML forbids has one of these bytes in UTF-8, and a page of markup seldom has any.
        let is_suspect = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r') || b >= 0xEF;
        if clean.bytes().any(is_suspect) {
            clean.retain(is_xml);
        }
        Self(clean)
    }

    /// Plain text as a fragment of HTML.
    pub fn from_text(text: &Text) -> Self {
        Self(escape(text.as_str()))
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Html> for String {
    fn from(html: Html) -> Self {
        html.0
    }
}

impl From<String> for Html {
    fn from(clean: String) -> Self {
        Self::from_clean(clean)
    }
}

/// `raw` with the five characters escaped that mean something in HTML and XML.
pub fn escape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 8);
    for c in raw.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_xml(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// The start of `text`, at most `max` characters, with an ellipsis where something was cut off.
pub fn shorten(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

/// XML 1.0, section 2.2: the characters that a document may hold.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        && !is_noncharacter(c)
}

/// Code points that Unicode reserves for internal use (section 23.7); legal in XML, but validators warn of them.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Embeddings, overrides and isolates (Unicode annex 9): in a title they would turn the reader's own text around.
/// The marks U+200E and U+200F stay: they are part of right-to-left writing.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Zero-width space and byte order mark: no white space by Unicode's property, but nothing to see either.
fn is_invisible_space(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded() {
        assert_eq!(Text::new("  a\n\t b\u{a0}\u{a0}c ").unwrap().as_str(), "a b c");
        assert_eq!(Text::new(" \u{200b}\n"), None);
    }

    #[test]
    fn what_xml_forbids_is_gone() {
        let raw = "a\u{0}\u{7}b\u{b}c\u{1f}\u{fffe}\u{ffff}d";
        assert_eq!(Text::new(raw).unwrap().as_str(), "ab cd");
        assert_eq!(Html::from_clean("<p>\u{7}x</p>".into()).as_str(), "<p>x</p>");
    }

    #[test]
    fn direction_overrides_are_gone_and_emoji_stay() {
        assert_eq!(Text::new("\u{202e}abc \u{1f600} שלום\u{200f}").unwrap().as_str(), "abc 😀 שלום\u{200f}");
    }

    #[test]
    fn a_megabyte_is_cut_on_a_character_boundary() {
        let text = Text::new(&"é".repeat(1_000_000)).unwrap();
        assert!(text.as_str().len() <= limits::FIELD_BYTES);
        assert!(text.as_str().chars().all(|c| c == 'é'));
    }
}
