//! A page: bytes as they were fetched, with what HTTP said about them.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::secret::Secret;
use crate::weburl::WebUrl;

/// Bytes as fetched, decompressed but not yet decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it was found after redirects: the base of its links.
    pub url: WebUrl,
    /// The value of `Content-Type`, as received.
    pub content_type: Option<String>,
    /// The body.
    pub body: Bytes,
    /// What to ask with next time.
    pub validators: Validators,
    /// For how long it is what stands there, as the site says (RFC 9111, section 4.2), at most
    /// [`crate::limits::FRESH_MOST`]; `None`: it does not say.
    pub fresh_for: Option<Duration>,
    /// What the answer's head tells of who sent it.
    pub signs: Signs,
}

/// What tells a site's own page from what stands before it, beside the page itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// The status; 0 if the page was not fetched.
    pub status: u16,
    /// Those of the answer's headers that are among [`Signs::HEADERS`], by their names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// Where redirects led that hold for good (301, 308; RFC 9110, section 15.4), up to the first that does not.
    pub moved: Option<WebUrl>,
}

impl Signs {
    /// The headers by which gatekeepers are told. Those that they send with every page of a site are not among them.
    pub const HEADERS: [&'static str; 9] = [
        "cf-mitigated",
        "server",
        "www-authenticate",
        "x-amzn-waf-action",
        "x-datadome",
        "x-dd-b",
        "x-kpsdk-ct",
        "x-sucuri-block",
        "x-vercel-mitigated",
    ];

    /// The value of a header in small letters; empty if it was not sent.
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.iter().find(|(known, _)| *known == name);
        value.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }
}

/// What a request says beyond its address. Nothing of it is ever sent to another origin than that of `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The address that it was written for.
    pub to: WebUrl,
    /// Headers; one that is named here replaces the site's and our own.
    pub headers: Vec<(String, Secret)>,
    /// What is posted; `None`: the page is asked for with `GET`.
    pub post: Option<Posted>,
}

/// The body of a `POST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: Bytes,
}

impl Asking {
    /// Whether it may be sent to `url`.
    pub fn is_for(&self, url: &WebUrl) -> bool {
        self.to.as_url().origin() == url.as_url().origin()
    }
}

/// The validators of a response, to be sent back exactly as received (RFC 9110, section 8.8). They are opaque:
/// compared for equality by the origin, never by us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The value of `ETag`, quotes and weak mark included.
    pub etag: Option<String>,
    /// The value of `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is nothing to ask with.
    pub const fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}
