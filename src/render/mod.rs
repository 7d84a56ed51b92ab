//! From a feed to documents that readers, browsers and strict parsers accept. Pure: the same feed, the same bytes.

mod atom;
mod fitting;
mod gzip;
mod index;
mod json;
mod media;
mod opml;
mod page;
mod rss;
mod valid;

use bytes::Bytes;

pub use index::{IndexEntry, index};
pub use opml::opml;
pub use page::page_policy;

use crate::edition::{Feed, Format, Rendering};
use crate::limits;

/// The feed in one format. A feed that would be larger than [`limits::EDITION_BYTES`] loses the content of its oldest
/// items first.
pub fn document(feed: &Feed, format: Format) -> Vec<u8> {
    let document = match format {
        Format::Rss => rss::document,
        Format::Atom => atom::document,
        Format::Json => json::document,
        Format::Html => page::document,
    };
    fitting::fitting(feed, document, limits::EDITION_BYTES)
}

/// The feed in one format, plain and compressed. A feed that would be larger than [`limits::EDITION_BYTES`] loses the
/// content of its oldest items first.
pub fn rendering(feed: &Feed, format: Format) -> Rendering {
    let plain = document(feed, format);
    let gzip = gzip::compressed(&plain);
    Rendering::new(format, Bytes::from(plain), Bytes::from(gzip), feed.changed)
}
