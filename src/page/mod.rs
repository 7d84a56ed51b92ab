//! From bytes to a document: is it a page, in which encoding, parsed under guard, with its structured data.

mod allowance;
mod announced;
mod attributes;
mod bounds;
mod charset;
mod devalue;
mod document;
mod embedded;
mod enclosures;
mod feed;
mod form;
mod index;
mod json_feed;
mod json_ld;
mod media;
mod meta;
mod microdata;
mod microformats;
mod sitemap;
mod text;
mod tree;
mod wall;
mod xpath;

pub use announced::Announced;
pub use attributes::{attribute, attributes, set_attribute};
pub use document::{Document, Told};
pub use embedded::Tree as JsonTree;
pub use json_ld::Things;
pub use media::{Media, Picture};
pub use scraper::ElementRef as Element;
pub use text::{block_text, is_block, line_text, line_within, plain};
pub use wall::{Wall, wall};
pub use xpath::XPathValue;

use crate::limits;
use crate::rule::Form;
use crate::webpage::Page;

/// Why bytes are no page. Messages are fragments that fit behind "ADDRESS is not a page: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPage {
    /// The body has no bytes, or nothing but white space.
    #[error("the body is empty")]
    Empty,
    /// It is something else than the rule can read.
    #[error("the site sent {sent} where {} was expected", .wanted.name())]
    Type {
        /// Its type, or what it looks like.
        sent: String,
        /// What the rule can read.
        wanted: Form,
    },
    /// It is what was expected, but not well made.
    #[error("{0} was expected, and what came is broken: {1}")]
    Broken(&'static str, String),
    /// It names an encoding that browsers refuse, too.
    #[error("the encoding `{0}` is not safe to decode; if the page is in another, name it with `charset`")]
    Encoding(String),
    /// It nests too deeply.
    #[error("it nests deeper than {} levels", limits::DOCUMENT_DEPTH)]
    TooDeep,
    /// It has too many nodes.
    #[error("it has more than {} nodes", limits::DOCUMENT_NODES)]
    TooManyNodes,
    /// It takes too long to parse.
    #[error("it takes longer than {:?} to parse", limits::PARSE)]
    TooSlow,
    /// The parser gave up in a way that it should not.
    #[error("reading it broke off ({0}): this is a fault of Feedmill, please report it")]
    BrokenOff(String),
}

/// An expression that would take too long on this document, or too much memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it takes too much work on this page, and was broken off: make it more exact")]
pub struct TooMuchWork;

impl Document {
    /// Reads a page: judges its type, decodes it (`charset` overrules what it says of itself) and parses it under guard.
    pub fn read(page: &Page, charset: Option<&'static encoding_rs::Encoding>) -> Result<Self, NotAPage> {
        check_type(page)?;
        let text = charset::decode(&page.body, page.content_type.as_deref(), charset)?;
        Self::parse(&text, page.url.clone())
    }
}

/// Whether a page is read rightly only with the `Content-Type` that it came with: it is no HTML, or only the header names
/// its encoding. What is saved without the header needs a note then.
pub fn is_known_by_type_only(page: &Page, charset: Option<&'static encoding_rs::Encoding>) -> bool {
    let stated = page.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    let is_html = matches!(essence, "" | "text/html" | "application/xhtml+xml");
    let with = charset::decode(&page.body, page.content_type.as_deref(), charset);
    !is_html || with != charset::decode(&page.body, None, charset)
}

/// A page that says it is HTML and begins like something else is something else.
fn check_type(page: &Page) -> Result<(), NotAPage> {
    refuse_binary(&page.body, Form::Html)?;
    let stated = page.content_type.as_deref().unwrap_or_default();
    let essence = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "" | "text/html" | "application/xhtml+xml" => Ok(()),
        _ => Err(NotAPage::Type { sent: crate::text::shorten(&essence, limits::SHOWN_CHARS), wanted: Form::Html }),
    }
}

/// Refuses what is no text at all.
fn refuse_binary(body: &[u8], wanted: Form) -> Result<(), NotAPage> {
    const SIGNATURES: [(&[u8], &str); 7] = [
        (b"%PDF-", "a PDF"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"GIF8", "a GIF image"),
        (b"RIFF", "a WebP image or a sound"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1F\x8B", "compressed bytes"),
    ];
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(NotAPage::Empty);
    }
    match SIGNATURES.iter().find(|(signature, _)| body.starts_with(signature)) {
        Some((_, name)) => Err(NotAPage::Type { sent: (*name).to_owned(), wanted }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webpage::{Signs, Validators};
    use crate::weburl::WebUrl;

    fn read(content_type: Option<&str>, body: &'static [u8]) -> Result<Document, NotAPage> {
        let page = Page {
            url: WebUrl::parse("https://a.example/").unwrap(),
            content_type: content_type.map(str::to_owned),
            body: body.into(),
            validators: Validators::default(),
            signs: Signs::default(),
            fresh_for: None,
        };
        Document::read(&page, None)
    }

    #[test]
    fn what_is_not_html_is_named() {
        let name = |content_type, body| read(content_type, body).err().map(|error| error.to_string());
        assert_eq!(name(Some("text/html"), b" \n").as_deref(), Some("the body is empty"));
        assert_eq!(name(None, b"").as_deref(), Some("the body is empty"));
        for (content_type, body) in [
            (Some("text/html"), &b"%PDF-1.7"[..]),
            (Some("application/pdf"), b"x"),
            (Some("application/json"), b"{}"),
            (Some("image/jpeg"), b"\xFF\xD8\xFF\xE0"),
            (Some("text/plain; charset=utf-8"), b"hello"),
        ] {
            assert!(matches!(read(content_type, body), Err(NotAPage::Type { .. })), "{content_type:?}");
        }
        assert!(read(Some("Text/HTML; charset=utf-8"), b"<p>x").is_ok());
        assert!(read(None, b"<p>x").is_ok());
    }
}
