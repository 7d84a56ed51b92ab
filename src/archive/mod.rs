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

use crate::drift::{Drift, Drifted};
use crate::health::{self, Episode, Health};
use crate::host::HostMemory;
use crate::item::{Found, Item};
use crate::kept::KeptPage;
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::report::Report;
use crate::rule::Filter;
use crate::selfmade::SelfMade;
use crate::webpage::Validators;
use crate::weburl::WebUrl;

pub use sqlite::{Copied, SqliteArchive};

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

    /// The records that any of `keys` leads to, each once; among them those of items that were dropped.
    fn find(&self, site: &str, keys: Vec<String>) -> Promise<'_, Vec<Record>>;

    /// Up to `max` records whose article is due at `now`, the longest due first.
    fn due(&self, site: &str, now: DateTime<Utc>, max: usize) -> Promise<'_, Vec<Record>>;

    /// The `max` newest items that are not held back and that `filter` lets through: by `published`, latest first; of equal ones the one archived
    /// last comes first. Contents beyond twice [`crate::limits::EDITION_BYTES`] are left out: no edition has room for
    /// them. A filter looks at no more than [`crate::limits::FILTERED_ITEMS`].
    fn newest(&self, site: &str, max: usize, filter: &Filter) -> Promise<'_, Vec<Item>>;

    /// How many items a site has that are shown: neither dropped nor held back.
    fn count(&self, site: &str) -> Promise<'_, usize>;

    /// Every feed that the archive knows, by name, in one look: for overviews of thousands of them.
    fn known(&self) -> Promise<'_, Vec<Known>>;

    /// How many sites the archive knows whose name begins with `family` and a slash, but for those of `named`.
    fn instances(&self, family: &str, named: Vec<String>) -> Promise<'_, usize>;

    /// Forgets the one of those sites that nobody has asked for the longest, if that was before `before`; never one that is
    /// being refreshed at `now`. The name of the one that is gone.
    fn forget_idle(
        &self,
        family: &str,
        named: Vec<String>,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Promise<'_, Option<String>>;

    /// Drops items that are too many or too old, up to [`crate::limits::DROPPED_AT_ONCE`], and tells how many; nothing if
    /// `holder` no longer has the lease. Who they are stays known: [`Archive::find`] goes on finding them.
    fn retain(&self, site: &str, holder: &str, retention: Retention) -> Promise<'_, usize>;

    /// The date of the last of a site's `keep` newest items: what is dated later than it has room among them. `None` if
    /// there are fewer.
    fn floor(&self, site: &str, keep: usize) -> Promise<'_, Option<DateTime<Utc>>>;

    /// What there is of every site, or of `site`, by name.
    fn holdings(&self, site: Option<String>) -> Promise<'_, Vec<Holding>>;

    /// Deletes a site with all that is known of it, and gives the room back to the disk; nothing if `holder` does not have
    /// the lease.
    fn forget(&self, site: &str, holder: &str) -> Promise<'_, ()>;

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

    /// Up to `max` records with numbers below `below`, the highest first, and the pages that are kept of each, in the order
    /// in which they were fetched.
    fn kept(&self, site: &str, below: i64, max: usize) -> Promise<'_, Vec<(Record, Vec<KeptPage>)>>;

    /// The listing's pages that are kept, the latest first.
    fn kept_listing(&self, site: &str) -> Promise<'_, Vec<KeptPage>>;

    /// Clears kept pages away: those of `site` that were fetched at `fetched` or before (with `all`, those of its listing,
    /// too), whatever is not to be kept at `now` any longer, and the oldest ones beyond [`crate::limits::KEPT_SITE_BYTES`]
    /// and [`crate::limits::KEPT_BYTES`]. No more than [`crate::limits::KEPT_PRUNED`] of each kind at once.
    fn prune(&self, site: &str, fetched: DateTime<Utc>, all: bool, now: DateTime<Utc>) -> Promise<'_, ()>;

    /// Shows the items of `site` that were held back until `now` or before, or for longer than until `latest`, which no
    /// clock that is right can have said: from now on they are like any other. The feed has changed then.
    fn unhold(&self, site: &str, now: DateTime<Utc>, latest: DateTime<Utc>) -> Promise<'_, ()>;

    /// Lets the records that were read by the rule of hash `from` count as read by that of hash `to`.
    fn rename_rule(&self, site: &str, from: &str, to: &str) -> Promise<'_, ()>;

    /// A number that changes when another process has written to the archive.
    fn written(&self) -> Promise<'_, i64>;
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
    /// Pages of the listing to be kept, in the place of those with the same address. Only written: [`Archive::kept_listing`]
    /// reads them.
    pub listing: Vec<KeptPage>,
    /// When the first of the items is shown that are held back now. Only read: it follows from the items.
    pub held: Option<DateTime<Utc>>,
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
    /// The trouble that has not ended since the last refresh without any.
    pub episode: Option<Episode>,
    /// How the site departs from what it was: what the last refresh that could tell saw of it.
    pub drift: Option<Drifted>,
    /// What the site has been so far.
    pub profile: Profile,
    /// The rules that were made for it.
    pub made: SelfMade,
}

impl SiteState {
    /// How the site is doing; `None`: it was never refreshed.
    pub fn health(&self) -> Option<Health> {
        let health = health::health(self.episode.as_ref(), self.tried, self.succeeded);
        // What a repaired rule makes is served, and is to be looked at, however well it goes.
        let is_repaired = self.drift.as_ref().is_some_and(|drift| drift.what == Drift::Repaired);
        health.map(|health| if is_repaired { health.max(Health::Degraded) } else { health })
    }
}

/// What is known of a site without its pages, its report, its profiles and the rule that was found for it, which are large.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// What is known of it; `pages`, `report`, `profile` and what else is large are left empty.
    pub state: SiteState,
    /// How many items it has that are neither dropped nor held back; counted no further than [`crate::limits::SHOW`].
    pub items: usize,
    /// When a reader last asked for its feed, as [`Due::asked`].
    pub asked: Option<DateTime<Utc>>,
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
    /// Whether the item was dropped ([`Archive::retain`]): its id, dates, keys and `digest` are left of it. Written
    /// without this mark, it is an item like any other again.
    pub is_dropped: bool,
    /// Until when it is held back from the feed; `None`: it is shown. What is shown once is shown for ever.
    pub held: Option<DateTime<Utc>>,
    /// Its article's pages, if they are to be kept in the place of those that are. Only written: [`Archive::kept`] reads them.
    pub pages: Vec<KeptPage>,
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

/// What a site's items are to come down to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The newest so many are kept, by `published`.
    pub keep: usize,
    /// Those that were first seen, and are dated, before this are not. `None`: age does not matter.
    pub before: Option<DateTime<Utc>>,
    /// Keys of what stands on the listing, and is not dropped, however old it is and however much there is of it.
    pub listed: Vec<String>,
    /// Numbers of dropped items that stand on the listing again: they are the last ones to be forgotten.
    pub again: Vec<i64>,
    /// The present moment.
    pub now: DateTime<Utc>,
}

/// How much there is of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Its name.
    pub site: String,
    /// Its items.
    pub items: usize,
    /// Items that were dropped and are still known.
    pub dropped: usize,
    /// The date of the oldest item.
    pub oldest: Option<DateTime<Utc>>,
    /// When a refresh of it last ended.
    pub tried: Option<DateTime<Utc>>,
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
    /// The copy could not be made.
    #[error("cannot copy the archive to {place}: {why}")]
    Copy {
        /// Where to.
        place: String,
        /// What went wrong, and what to do.
        why: String,
    },
    /// A statement failed.
    #[error("the archive failed: {0}")]
    Database(String),
    /// What it holds is not what this program wrote.
    #[error("the archive holds something unreadable in {0}")]
    Corrupt(String),
}
