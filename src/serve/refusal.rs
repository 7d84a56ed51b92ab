//! Requests that are not answered with what they ask for, and what is said instead.

use hyper::StatusCode;
use hyper::header::{ALLOW, CONNECTION, HeaderValue};

use super::reply::{Reply, text};

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No `Host`, more than one, or one that is no host.
    Host,
    /// A body whose end intermediaries may see elsewhere; nothing here takes a body.
    TransferEncoding,
    /// A target in absolute form of another scheme.
    Target,
    /// A longer target than any feed has.
    LongTarget,
    /// Anything but reading.
    Method,
    /// No such place.
    NotFound,
    /// No such feed.
    NoFeed,
}

impl Refusal {
    /// The response.
    pub(super) fn reply(self) -> Reply {
        let mut reply = text(self.status(), self.sentence());
        if self == Self::Method {
            reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        // After a head that may have been misread, what follows it may be, too.
        if self.status() == StatusCode::BAD_REQUEST {
            reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        reply
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Host | Self::TransferEncoding | Self::Target => StatusCode::BAD_REQUEST,
            Self::LongTarget => StatusCode::URI_TOO_LONG,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotFound | Self::NoFeed => StatusCode::NOT_FOUND,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Host => "A request names its host in one Host field, and this one does not.",
            Self::TransferEncoding => "Nothing here takes a request body: leave Transfer-Encoding out.",
            Self::Target => "Only http and https addresses are served here.",
            Self::LongTarget => "No address here is that long.",
            Self::Method => "Feeds can only be read: use GET or HEAD.",
            Self::NotFound => "There is nothing at this address. The feeds are listed at /.",
            Self::NoFeed => "There is no feed of this name. The feeds are listed at /.",
        }
    }
}
