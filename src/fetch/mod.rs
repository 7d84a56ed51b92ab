//! The one door to the network: every request of the program goes through [`Fetcher`], and reaches no refused address.

mod address;
mod body;
mod client;
mod coding;
mod deliver;
mod exchange;
mod fetcher;
mod freshness;
mod guard;
mod head;
mod hops;
mod hosts;
mod pace;
mod resolver;
mod retry_after;
pub mod robots;
mod trouble;

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

pub use deliver::Delivery;
pub use fetcher::{Fetcher, Request};
pub use hosts::Memory;
pub use resolver::{Resolver, SystemResolver};

use crate::webpage::{Page, Validators};
use crate::weburl::WebUrl;

/// What a fetch brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// A page (200 or 203).
    Page(Page),
    /// 304: what the validators stand for is still so.
    NotModified {
        /// What to ask with next time: what came with the answer, else what was asked with.
        validators: Validators,
        /// For how long it stays so, as [`Page::fresh_for`].
        fresh_for: Option<Duration>,
        /// Where the address has moved to for good, as [`crate::webpage::Signs::moved`].
        moved: Option<WebUrl>,
    },
}

/// Why a fetch brought nothing. Messages are fragments that fit behind "cannot fetch ADDRESS: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It was not even tried.
    #[error("refused: {0}")]
    Refused(String),
    /// The name has no address.
    #[error("{0}")]
    Dns(String),
    /// No connection came about, or it ended before an answer.
    #[error("{0}")]
    Connect(String),
    /// The certificate or the handshake is wrong.
    #[error("{0}")]
    Tls(String),
    /// A phase took too long.
    #[error("no {phase} within {limit:?}")]
    Timeout {
        /// What was waited for: `address for the name`, `connection`, `answer`, `next part of the body`, `end of the
        /// exchange`.
        phase: &'static str,
        /// How long it was waited for.
        limit: Duration,
    },
    /// The answer is neither a page nor a redirect.
    #[error("the site answered {code}")]
    Status {
        /// The status code.
        code: u16,
        /// What `Retry-After` asks for, clamped to 1 second .. 24 hours.
        retry_after: Option<Duration>,
        /// The beginning of the page that came with it: it tells who answered.
        page: Box<Page>,
    },
    /// The redirects lead nowhere.
    #[error("{0}")]
    Redirect(String),
    /// The body is larger than allowed.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body is broken, incomplete or in an unknown encoding.
    #[error("{0}")]
    Body(String),
    /// The answer is not HTTP, or not acceptable HTTP.
    #[error("{0}")]
    Protocol(String),
    /// The site's robots.txt forbids it.
    #[error("{0}")]
    Robots(String),
    /// The site's robots.txt cannot be had, so that nobody knows what it forbids.
    #[error("{0}")]
    RobotsMissing(String),
    /// The host asked to be left alone, or does not answer: it was not even tried.
    #[error("{host} is left alone until {}: {why}", until.to_rfc3339_opts(SecondsFormat::Secs, true))]
    Closed {
        /// The host.
        host: String,
        /// Why it is left alone.
        why: String,
        /// Until when.
        until: DateTime<Utc>,
        /// Whether it asked for that itself.
        is_asked_for: bool,
    },
    /// More requests wait for the host than there is room for.
    #[error("{0}")]
    Crowded(String),
}

impl FetchError {
    /// Whether the same request may well succeed a little later, without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Dns(_)
            | Self::Connect(_)
            | Self::Timeout { .. }
            | Self::Body(_)
            | Self::RobotsMissing(_)
            | Self::Closed { .. }
            | Self::Crowded(_) => true,
            Self::Status { code, .. } => matches!(code, 408 | 425 | 429 | 500..=599),
            Self::Refused(_)
            | Self::Tls(_)
            | Self::Redirect(_)
            | Self::TooLarge { .. }
            | Self::Protocol(_)
            | Self::Robots(_) => false,
        }
    }

    /// The status that the site answered with, if it answered.
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Status { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether it took too long.
    pub const fn timed_out(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Until when the host asked to be left alone, so that this request was not even made.
    pub const fn put_off(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Closed { until, is_asked_for: true, .. } => Some(*until),
            _ => None,
        }
    }

    /// How long the host is to be left alone from `now`, because it said so (`Retry-After`) or does not answer.
    pub fn closed_for(&self, now: DateTime<Utc>) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Closed { until, .. } => (*until - now).to_std().ok(),
            _ => None,
        }
    }
}
