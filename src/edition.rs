//! One site's items rendered at one moment: bytes, with the validators that HTTP readers compare.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::item::Item;
use crate::weburl::WebUrl;

/// The formats of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
    /// A readable page.
    Html,
}

impl Format {
    /// Every format, the preferred one for readers first.
    pub const ALL: [Self; 4] = [Self::Rss, Self::Atom, Self::Json, Self::Html];

    /// The extension under which it is served and written.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Rss => "xml",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The format of an extension; `rss` is another name for `xml`.
    pub fn of_extension(extension: &str) -> Option<Self> {
        if extension == "rss" {
            return Some(Self::Rss);
        }
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// The media type without parameters.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
            Self::Html => "text/html",
        }
    }

    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The name that people know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
            Self::Html => "page",
        }
    }
}

/// What a feed says about itself, and the items it shows: everything that rendering needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// The site's name in `sites.toml`.
    pub site: String,
    /// The feed's title.
    pub title: String,
    /// One sentence about it, if the site's table has one.
    pub description: Option<String>,
    /// The page that the feed is made from.
    pub home: WebUrl,
    /// The language (BCP 47).
    pub language: Option<String>,
    /// Where the feed's formats live, up to the extension: `https://host/feeds/name`. `None` if nobody said where the
    /// feed will be published.
    pub address: Option<WebUrl>,
    /// The query string that chose the items, if one did: it belongs to the address.
    pub query: Option<String>,
    /// Minutes for which a reader need not ask again.
    pub ttl_minutes: u64,
    /// When an item was last added or changed; what `Last-Modified` and the feeds' own dates say.
    pub changed: DateTime<Utc>,
    /// The items, newest first.
    pub items: Vec<Item>,
    /// The feeds, without their items, that items of a merged feed come from, by the items' ids.
    pub origins: BTreeMap<String, Arc<Feed>>,
}

impl Feed {
    /// Where the feed lives in one format.
    pub fn address_of(&self, format: Format) -> Option<String> {
        self.address.as_ref().map(|address| self.with_query(&format!("{address}.{}", format.extension())))
    }

    /// `address`, with the query that belongs to it.
    pub fn with_query(&self, address: &str) -> String {
        match &self.query {
            Some(query) => format!("{address}?{query}"),
            None => address.to_owned(),
        }
    }
}

/// One format of an edition: the bytes, with their validators (RFC 9110, section 8.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendering {
    /// The format.
    pub format: Format,
    /// The document as it is.
    pub plain: Bytes,
    /// The document compressed with gzip.
    pub gzip: Bytes,
    /// Strong entity tag of `plain`, quotes included.
    pub etag: String,
    /// Strong entity tag of `gzip`, quotes included: each coding has its own (RFC 9110, section 8.8.3.3).
    pub etag_gzip: String,
    /// When an item was last added or changed.
    pub last_modified: DateTime<Utc>,
}

impl Rendering {
    /// Takes a finished document and its compressed form, and makes the validators.
    pub fn new(format: Format, plain: Bytes, gzip: Bytes, last_modified: DateTime<Utc>) -> Self {
        let hash = fingerprint(&plain);
        Self { format, plain, gzip, etag: format!("\"{hash}\""), etag_gzip: format!("\"{hash}-gzip\""), last_modified }
    }
}

/// The first 128 bits of the SHA-256 of `bytes`, in hexadecimal: 32 characters.
pub fn fingerprint(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
