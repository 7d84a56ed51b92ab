//! How a refresh ended. It is archived and shown; what it says about the site's health, `health` knows.

use serde::{Deserialize, Serialize};

/// How one refresh of one site ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The listing was read.
    Fresh {
        /// Entries on the listing.
        entries: usize,
        /// Items seen for the first time.
        new: usize,
        /// Items that changed in substance.
        changed: usize,
    },
    /// The listing has several addresses, and only some of them could be read: what stands there is in the feed.
    Partial {
        /// Entries on the pages that were read.
        entries: usize,
        /// Items seen for the first time.
        new: usize,
        /// Items that changed in substance.
        changed: usize,
        /// What went wrong with the others, and what to do.
        why: String,
    },
    /// The site said that nothing changed (304), or the page is the same to the byte.
    Unchanged,
    /// A page came, but no entry could be read from it; the last good feed is kept.
    Empty {
        /// What was seen, and what to do.
        why: String,
    },
    /// No page came; the last good feed is kept.
    Failed {
        /// What went wrong, where, and what to do.
        why: String,
        /// The response's status code, if there was a response.
        status: Option<u16>,
        /// Whether it took too long, as opposed to answering wrongly.
        timed_out: bool,
    },
}

impl Outcome {
    /// Whether the site was reached and its listing read, at least in part, or found unchanged.
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Fresh { .. } | Self::Partial { .. } | Self::Unchanged)
    }

    /// The outcome's name in logs, status and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fresh { .. } => "fresh",
            Self::Partial { .. } => "partial",
            Self::Unchanged => "unchanged",
            Self::Empty { .. } => "empty",
            Self::Failed { .. } => "failed",
        }
    }

    /// Why the refresh brought nothing, or not everything.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Fresh { .. } | Self::Unchanged => None,
            Self::Partial { why, .. } | Self::Empty { why } | Self::Failed { why, .. } => Some(why),
        }
    }
}
