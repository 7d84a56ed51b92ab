//! The archive: the only state. Items, and for each site what the last refresh came to.
//!
//! Methods are asynchronous because a database may be across the network; an implementation on a local file does its
//! work off the async threads. One process at a time refreshes a site (see [`Archive::lease`]), so that what it reads
//! stays true until it commits. Moments are kept to the microsecond.

mod sqlite;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::drift::Drifted;
use crate::host::HostMemory;
use crate::item::{Found, Item};
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::report::Report;
use crate::rule::Filter;
use crate::webpage::Validators;
use crate::weburl::WebUrl;

pub use sqlite::SqliteArchive;

/// The result of every archive operation, later.
pub type Promise<'a, T> = BoxFuture<'a, Result<T, ArchiveError>>;

/// Where items and states of sites are kept.
pub trait Archive: Send + Sync {
    /// Takes the right to refresh `site` until `until`, unless another holder has it at `now`. The same holder may
    /// take it again. A hold that ends more than a minute after `until` was taken by a clock that was wrong, and counts
    /// for nothing.
    fn lease(&self, site: &str, holder: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Promise<'_, bool>;

    /// Gives the right back.
    fn release(&self, site: &str, holder: &str) -> Promise<'_, ()>;

    /// What is known of a site; the default for one never refreshed.
    fn state(&self, site: &str) -> Promise<'_, SiteState>;

    /// The records that any of `keys` leads to, each once.
    fn find(&self, site: &str, keys: Vec<String>) -> Promise<'_, Vec<Record>>;

    /// Up to `max` records whose article is due at `now`, the longest due first.
    fn due(&self, site: &str, now: DateTime<Utc>, max: usize) -> Promise<'_, Vec<Record>>;

    /// The `max` newest items that `filter` lets through: by `published`, latest first; of equal ones the one archived
    /// last comes first. Contents beyond twice [`crate::limits::EDITION_BYTES`] are left out: no edition has room for
    /// them. A filter looks at no more than [`crate::limits::FILTERED_ITEMS`].
    fn newest(&self, site: &str, max: usize, filter: &Filter) -> Promise<'_, Vec<Item>>;

    /// How many items a site has.
    fn count(&self, site: &str) -> Promise<'_, usize>;

    /// How many sites the archive knows whose name begins with `family` and a slash.
    fn instances(&self, family: &str) -> Promise<'_, usize>;

    /// When each site of the archive is due, and when readers asked: of all sites, in one question.
    fn dues(&self) -> Promise<'_, Vec<Due>>;

    /// Notes when readers asked for the feeds of sites; what is archived never goes back.
    fn note_asked(&self, asked: Vec<(String, DateTime<Utc>)>) -> Promise<'_, ()>;

    /// The dates of the `max` newest items, by `published`: the latest first.
    fn rhythm(&self, site: &str, max: usize) -> Promise<'_, Vec<Post>>;

    /// What is remembered of a host; the default for one never heard of.
    fn host(&self, name: &str) -> Promise<'_, HostMemory>;

    /// Remembers a host, as it is at `now`. Beyond [`crate::limits::HOSTS`] of them and
    /// [`crate::limits::HOSTS_ARCHIVED_BYTES`], those not heard of for longest are forgotten, and those that are to be
    /// left alone after `now` last.
    fn put_host(&self, name: &str, memory: HostMemory, now: DateTime<Utc>) -> Promise<'_, ()>;

    /// Every host that is remembered, by name.
    fn hosts(&self) -> Promise<'_, Vec<(String, HostMemory)>>;

    /// Writes a site's state and its new and changed records in one transaction: all of it or nothing, and nothing if
    /// `holder` no longer has the lease, since another process may have seen the same items meanwhile. Records without
    /// a number are new and are numbered in the order given, unless their first key leads to a record already: then they
    /// are that one seen again, and are left out; a key that leads to another record already is left
    /// where it is.
    fn commit(&self, site: &str, holder: &str, state: SiteState, records: Vec<Record>) -> Promise<'_, ()>;
}

/// What is known of a site beside its items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteState {
    /// The listing's pages that were read, by their addresses.
    pub pages: BTreeMap<WebUrl, PageState>,
    /// Hash of the rule that the pages were read by.
    pub rule: Option<String>,
    /// The listing page's own title, for feeds that are given none.
    pub title: Option<String>,
    /// Fingerprint of what the feed says about itself: `changed` moves with it, too.
    pub head: Option<String>,
    /// When a refresh last ended, well or not.
    pub tried: Option<DateTime<Utc>>,
    /// When a refresh last ended well. `None`: there is no edition yet.
    pub succeeded: Option<DateTime<Utc>>,
    /// When an item was last added or changed, or what the feed says about itself.
    pub changed: Option<DateTime<Utc>>,
    /// When the next refresh is due.
    pub due: Option<DateTime<Utc>>,
    /// How often the site was to be asked when [`Self::due`] was set: by its table, or as it was learnt by then.
    pub interval: Option<Duration>,
    /// Refreshes that did not end well since the last one that did.
    pub failures: u32,
    /// How the last refresh ended.
    pub outcome: Option<Outcome>,
    /// What the last reading of the listing found and missed.
    pub report: Option<Report>,
    /// How the site departs from what it was: what the last refresh that could tell saw of it.
    pub drift: Option<Drifted>,
    /// What the site has been so far.
    pub profile: Profile,
}

/// When a site is due, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub site: String,
    /// See [`SiteState::due`].
    pub due: Option<DateTime<Utc>>,
    /// See [`SiteState::tried`].
    pub tried: Option<DateTime<Utc>>,
    /// See [`SiteState::interval`].
    pub interval: Option<Duration>,
    /// See [`SiteState::failures`].
    pub failures: u32,
    /// Whether there is an edition.
    pub has_edition: bool,
    /// When a reader last asked for its feed, to the hour; `None`: nobody ever has, as far as is known.
    pub asked: Option<DateTime<Utc>>,
}

/// When an item came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its own date.
    pub published: DateTime<Utc>,
    /// The moment of first sight.
    pub first_seen: DateTime<Utc>,
}

/// What is known of one page of a listing, so that it is not read again before it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageState {
    /// What it is asked with.
    pub validators: Validators,
    /// Fingerprint of its bytes: equal bytes need no reading.
    pub fingerprint: String,
    /// For how long it stays as it is, as it said when it was last asked for, or before.
    #[serde(default)]
    pub fresh_for: Option<Duration>,
}

/// One archived item with what is needed to keep it up to date.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its number in the archive: later items have higher ones. `None`: not archived yet.
    pub number: Option<i64>,
    /// Everything that leads to it: keys by the rule, links.
    pub keys: Vec<String>,
    /// The moment of first sight. Never changes.
    pub first_seen: DateTime<Utc>,
    /// What is published.
    pub item: Item,
    /// What its row in the listing said when last seen.
    pub entry: Found,
    /// Fingerprint of the title and the text: `updated` moves with it.
    pub digest: String,
    /// Hash of the rule that read it.
    pub rule: String,
    /// Its article's page.
    pub article: ArticleState,
}

/// What is known of an item's article page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleState {
    /// What it is asked with.
    pub validators: Validators,
    /// When it is to be fetched again; `None`: never.
    pub due: Option<DateTime<Utc>>,
    /// Fetches that failed since the last good one.
    pub failures: u32,
    /// Whether it was ever read.
    pub read: bool,
}

/// Why the archive could not do it.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file could not be opened or made.
    #[error("cannot open the archive {place}: {why}")]
    Open {
        /// Its path.
        place: String,
        /// What went wrong, and what to do.
        why: String,
    },
    /// It was written by a later version of Feedmill.
    #[error(
        "the archive {place} is of version {found}, and this Feedmill knows versions up to {known}: use the newer Feedmill, or another archive"
    )]
    Newer {
        /// Its path.
        place: String,
        /// The version of its schema.
        found: i64,
        /// The latest version that this program knows.
        known: i64,
    },
    /// The lease has gone to another process.
    #[error("another process has taken over the site `{0}`, since this refresh took too long: what it read is dropped")]
    LeaseLost(String),
    /// A statement failed.
    #[error("the archive failed: {0}")]
    Database(String),
    /// What it holds is not what this program wrote.
    #[error("the archive holds something unreadable in {0}")]
    Corrupt(String),
}
