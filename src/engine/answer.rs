//! What the engine answers when it is asked for a feed.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::edition::Rendering;
use crate::outcome::{Health, Outcome};
use crate::render::IndexEntry;
use crate::weburl::WebUrl;

/// The answer to a request for a feed.
#[derive(Clone, Debug)]
pub enum Answer {
    /// There is an edition, fresh or not.
    Edition(Edition),
    /// There has never been one, and the refresh that was waited for did not bring one, or is not done yet.
    Nothing {
        /// How the refresh ended; `None`: it is still going on.
        outcome: Option<Outcome>,
    },
    /// No site has that name.
    Unknown,
}

/// One format of an edition, and how fresh it is.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The bytes with their validators.
    pub rendering: Arc<Rendering>,
    /// How fresh it is.
    pub freshness: Freshness,
}

/// How fresh an edition is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Seconds until the next refresh is due; negative: overdue, and being refreshed behind.
    pub ttl_seconds: i64,
    /// How long a new edition of this site is fresh.
    pub lifetime: Duration,
    /// Whether this very request had to wait for the first refresh.
    pub waited: bool,
    /// Why the last refresh brought nothing, or not everything.
    pub trouble: Option<String>,
    /// Whether the trouble is that some addresses of the site could not be read: then the edition is fresh all the same.
    pub is_partial: bool,
}

/// A site as the index page shows it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Its name.
    pub name: String,
    /// Its feed's title.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// The page that it is made from.
    pub home: WebUrl,
    /// How it is doing; `None`: never refreshed.
    pub health: Option<Health>,
    /// How the last refresh ended.
    pub outcome: Option<Outcome>,
    /// When the last refresh ended.
    pub tried: Option<DateTime<Utc>>,
    /// When an item was last added or changed.
    pub changed: Option<DateTime<Utc>>,
    /// Items in the feed.
    pub items: usize,
}

impl Overview {
    /// The site's place in an index or a list of subscriptions; `address` is where its formats live, up to the extension.
    pub fn listed(&self, address: String) -> IndexEntry {
        IndexEntry {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            home: self.home.clone(),
            health: self.health,
            trouble: self.outcome.as_ref().and_then(Outcome::why).map(str::to_owned),
            changed: self.changed,
            items: self.items,
            address,
        }
    }
}
