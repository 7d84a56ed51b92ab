//! What the engine answers when it is asked for a feed.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::edition::{Format, Rendering};
use crate::health::Health;
use crate::outcome::Outcome;
use crate::render::IndexEntry;
use crate::weburl::WebUrl;

/// What a request asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The feed's name: a site's, a merged feed's, or a site's with the values of its parameters behind it, in
    /// [`canonical`](crate::config::canonical) segments.
    pub name: &'a str,
    /// The format.
    pub format: Format,
    /// What stands behind the `?`; counts only where the feed's table allows it.
    pub query: Option<&'a str>,
}

/// The answer to a request for a feed.
#[derive(Clone, Debug)]
pub enum Answer {
    /// There is an edition, fresh or not.
    Edition(Edition),
    /// There has never been one, and the refresh that was waited for did not bring one, or is not done yet.
    Nothing {
        /// How the refresh ended; `None`: it is still going on.
        outcome: Option<Outcome>,
        /// How long no request makes the site be asked again; `None`: the next one does.
        wait: Option<Duration>,
    },
    /// No feed has that name.
    Unknown,
    /// The name is that of a site with parameters, and their values are missing or wrong.
    Form {
        /// What is wrong.
        why: String,
        /// How the name is written: `issues/{owner}/{repo}`.
        form: String,
    },
    /// The feed would be a new one of a site with parameters, and there are as many of those as may be.
    Full,
    /// The query string says something that cannot be.
    BadQuery {
        /// What is wrong, and what to write.
        why: String,
    },
}

/// One format of an edition, and how fresh it is.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The bytes with their validators.
    pub rendering: Arc<Rendering>,
    /// How fresh it is.
    pub freshness: Freshness,
    /// The part of the query string that the edition was made by, in its one spelling.
    pub query: Option<String>,
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

/// A feed as the index page shows it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Its name; that of a site with parameters has their places in it (`issues/{owner}/{repo}`).
    pub name: String,
    /// Its feed's title.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// The page that it is made from.
    pub home: WebUrl,
    /// How it is doing; `None`: never refreshed.
    pub health: Option<Health>,
    /// What is wrong with it.
    pub trouble: Option<String>,
    /// What to do about that.
    pub advice: Option<String>,
    /// When the next refresh is due.
    pub due: Option<DateTime<Utc>>,
    /// When an item was last added or changed.
    pub changed: Option<DateTime<Utc>>,
    /// Items in the feed.
    pub items: usize,
    /// Whether this is no feed, but the form of the addresses of many.
    pub is_form: bool,
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
            trouble: self.trouble.clone(),
            advice: self.advice.clone(),
            due: self.due,
            changed: self.changed,
            items: self.items,
            is_form: self.is_form,
            address,
        }
    }
}
