//! What stands where a page is divided: rows, their container, what is cut out.

use std::fmt;

use super::{Css, Json, XPath};

/// What finds elements of a page.
#[derive(Clone, Debug)]
pub enum Elements {
    /// A CSS selector.
    Css(Css),
    /// An XPath expression.
    XPath(XPath),
}

/// What finds the rows of a listing.
#[derive(Clone, Debug)]
pub enum Rows {
    /// Elements of a page.
    Elements(Elements),
    /// Values of a JSON document, or of JSON within a page.
    Json(Json),
}

/// What a listing may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page.
    Html,
    /// A JSON document.
    Json,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// An XML sitemap, or an index of them.
    Sitemap,
}

impl Form {
    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Json => "JSON",
            Self::Feed => "a feed",
            Self::Sitemap => "a sitemap",
        }
    }
}

impl Rows {
    /// Whether they are found in a page's tree or its scripts, and nowhere else.
    pub const fn need_a_page(&self) -> bool {
        match self {
            Self::Elements(_) => true,
            Self::Json(json) => json.script.is_some(),
        }
    }
}

impl fmt::Display for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Css(css) => css.fmt(f),
            Self::XPath(xpath) => xpath.fmt(f),
        }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elements(elements) => elements.fmt(f),
            Self::Json(json) => json.path.fmt(f),
        }
    }
}
