//! The plan: the whole configuration, checked and compiled. Immutable; a reload replaces it whole.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::family::Family;
use super::lines::Lines;
use crate::health::Tolerance;
use crate::limits;
use crate::rule::{Address, Allowed, AskingRule, Filter, Form, Rule, Secret, Upstream};
use crate::weburl::WebUrl;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Sites by name; among them those feeds of sites with parameters that the configuration itself lists.
    pub sites: BTreeMap<String, Arc<Site>>,
    /// Sites with parameters, by name.
    pub families: BTreeMap<String, Arc<Family>>,
    /// Feeds of several sites, by name.
    pub merged: BTreeMap<String, Arc<Merged>>,
    /// The HTTP server.
    pub server: Server,
    /// Where the archive lies, as `[archive] url` says: a path, or `sqlite:PATH`. `None`: the default place.
    pub archive: Option<Secret>,
    /// When the trouble of a site counts, and who is told.
    pub alarm: Arc<Alarm>,
}

/// When the trouble of a site counts, and who is told.
#[derive(Clone, Debug, Default)]
pub struct Alarm {
    /// When it counts.
    pub tolerance: Tolerance,
    /// The program to run, with its arguments; empty: none.
    pub command: Vec<String>,
    /// Whom to post it to.
    pub webhook: Option<Webhook>,
}

/// An address that alarms are posted to.
#[derive(Clone)]
pub struct Webhook {
    /// The address, which is a secret more often than not.
    pub url: WebUrl,
    /// What it is called in messages.
    pub called: String,
    /// What is sent along.
    pub headers: Vec<(String, Secret)>,
    /// Private addresses that it may be at.
    pub allow_private: Vec<Allowed>,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Webhook").field(&self.called).finish()
    }
}

/// What a name means.
#[derive(Clone, Debug)]
pub enum Named {
    /// One site.
    Site(Arc<Site>),
    /// Several.
    Merged(Arc<Merged>),
    /// A site with parameters, but no values that make a feed.
    Form {
        /// What is wrong with the values, or that they are missing.
        why: String,
        /// How the name of a feed is written: `issues/{owner}/{repo}`.
        form: String,
    },
}

impl Plan {
    /// What a feed's name means. Names of sites with parameters have the values behind them, percent-encoded:
    /// `issues/rust-lang/rust`.
    pub fn named(&self, name: &str) -> Option<Named> {
        if let Some(site) = self.sites.get(name) {
            return Some(Named::Site(Arc::clone(site)));
        }
        if let Some(merged) = self.merged.get(name) {
            return Some(Named::Merged(Arc::clone(merged)));
        }
        let mut segments = name.split('/');
        let family = self.families.get(segments.next()?)?;
        let values: Vec<&str> = segments.collect();
        Some(match family.named(&values) {
            Ok(site) => self.sites.get(&site.name).map_or(Named::Site(site), |own| Named::Site(Arc::clone(own))),
            Err(why) => Named::Form { why, form: family.form() },
        })
    }
}

/// Several sites as one feed.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The name of its table.
    pub name: String,
    /// The feed's title; `None`: its name.
    pub title: Option<String>,
    /// One sentence about the feed.
    pub description: Option<String>,
    /// The language (BCP 47).
    pub language: Option<String>,
    /// The names of its sites, as [`Plan::sites`] has them.
    pub members: Vec<String>,
    /// The page of the first of them.
    pub home: WebUrl,
    /// The shortest time for which an edition of any of them is fresh, before anything is learnt.
    pub refresh: Duration,
    /// Items in the feed.
    pub show: usize,
    /// Which items the feed shows, of those that pass the filters of its sites.
    pub filter: Filter,
    /// Whether readers may filter the feed by a query string.
    pub query_filter: bool,
}

impl Merged {
    /// Whether another plan's table makes the same feed of the same sites.
    pub fn is_alike(&self, other: &Self) -> bool {
        let Self { name, title, description, language, members, home, refresh, show, filter, query_filter } = self;
        (name, title, description, language) == (&other.name, &other.title, &other.description, &other.language)
            && (members, home, refresh) == (&other.members, &other.home, &other.refresh)
            && (show, query_filter) == (&other.show, &other.query_filter)
            && filter.written() == other.filter.written()
    }

    /// The feed's title.
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| self.name.clone())
    }
}

/// One site: one feed.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name of its table.
    pub name: String,
    /// The feed's title; `None`: the listing page's.
    pub title: Option<String>,
    /// One sentence about the feed.
    pub description: Option<String>,
    /// The page for people to go to: the first of the addresses, as far as it does not change from day to day. The
    /// site's own headers are sent to its origin.
    pub url: WebUrl,
    /// Where the listing is asked for; never empty.
    pub addresses: Vec<Address>,
    /// What it is asked with beyond its addresses.
    pub asking: AskingRule,
    /// The language (BCP 47).
    pub language: Option<String>,
    /// How its pages are read.
    pub rule: Arc<Rule>,
    /// The keys of its `listing`, each with its value as TOML: to show what is to be different.
    pub written: Arc<BTreeMap<String, String>>,
    /// Whether its table or `[defaults]` names the zone of its dates.
    pub zone_is_named: bool,
    /// How its host is asked.
    pub upstream: Arc<Upstream>,
    /// Items in the feed.
    pub show: usize,
    /// Items kept in the archive, at least [`Site::show`].
    pub keep: usize,
    /// How long an item is kept after first sight. `None`: its age does not matter.
    pub keep_for: Option<Duration>,
    /// Whether the feed itself says that the site is in trouble.
    pub notice: bool,
    /// What becomes of its rule when that fits no longer.
    pub repair: Repairing,
    /// How long an edition is fresh.
    pub refresh: Refresh,
    /// How long after the last reader's request the site is still asked ahead of the next one.
    pub sleep_after: Sleep,
    /// How long pages are kept after they were fetched; `None`: not at all.
    pub keep_pages: Option<Duration>,
    /// How long an item is held back whose article could not be read; `None`: not at all.
    pub hold: Option<Duration>,
    /// Which items the feed shows.
    pub filter: Filter,
    /// Whether readers may filter the feed by a query string.
    pub query_filter: bool,
    /// Saved pages with what they must yield.
    pub tests: Vec<SavedTest>,
    /// The file that its table stands in, as messages name it.
    pub file: PathBuf,
    /// The lines of that file on which its keys stand.
    pub lines: Lines,
}

impl Site {
    /// Whether its table does not say what finds the rows, and is not meant for what has rows of its own: then a rule is made
    /// from the page, unless it is a feed.
    pub fn is_bare(&self) -> bool {
        let listing = &self.rule.listing;
        listing.item.is_empty() && !matches!(listing.from, Some(Form::Feed | Form::Sitemap))
    }

    /// Whether another plan's table makes the same feed in the same way. Where it stands and how it is tested makes no
    /// difference.
    pub fn is_alike(&self, other: &Self) -> bool {
        // Every field by its name, so that none that is added is forgotten here.
        #[rustfmt::skip]
        let Self {
            name, title, description, url, addresses, asking, language, rule, zone_is_named, upstream, show, notice,
            repair, written: _, refresh, sleep_after: _, keep: _, keep_for: _, keep_pages: _, hold, filter, query_filter, tests: _, file: _,
            lines: _,
        } = self;
        (name, title, description, language) == (&other.name, &other.title, &other.description, &other.language)
            && (url, addresses, asking) == (&other.url, &other.addresses, &other.asking)
            && (&rule.hash, zone_is_named, upstream) == (&other.rule.hash, &other.zone_is_named, &other.upstream)
            && (show, refresh, hold, query_filter) == (&other.show, &other.refresh, &other.hold, &other.query_filter)
            && (notice, repair) == (&other.notice, &other.repair)
            && filter.written() == other.filter.written()
    }
}

/// The HTTP server's settings.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The address under which readers reach it, for links to itself.
    pub public_url: Option<WebUrl>,
    /// Whether sites are asked when they are due, and not only when a reader asks for them.
    pub ahead: bool,
}

/// When a site is no longer asked ahead of its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sleep {
    /// When no reader has asked for so long.
    After(Duration),
    /// It is always asked.
    Never,
}

impl Sleep {
    /// Whether a site is left alone whose feed was last asked for so long ago.
    pub fn is_over(self, since: TimeDelta) -> bool {
        match self {
            Self::Never => false,
            Self::After(time) => TimeDelta::from_std(time).is_ok_and(|time| since > time),
        }
    }
}

/// What becomes of a rule that fits no longer, since its site was redesigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repairing {
    /// Another that finds the known items runs in its place, and the operator is told: readers come first, and nothing
    /// that was archived is at stake.
    #[default]
    Auto,
    /// Another is looked for and shown, and does not run.
    Propose,
    /// Nothing.
    Off,
}

/// How long an edition is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// So long.
    Every(Duration),
    /// As long as the site's rhythm allows; it is learnt from when its items were published.
    Auto,
}

impl Refresh {
    /// How long before anything is learnt. This never changes, so that it can stand in a feed, whose bytes change only
    /// when its items do.
    pub const fn at_first(self) -> Duration {
        match self {
            Self::Every(interval) => interval,
            Self::Auto => limits::AUTO_AT_FIRST,
        }
    }
}

/// What a saved page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A listing.
    Listing,
    /// An article.
    Article,
}

/// One `[[sites.NAME.test]]`: a saved page and what it must yield.
#[derive(Clone, Debug)]
pub struct SavedTest {
    /// The file, made absolute against the folder of the configuration file that the test stands in.
    pub page: PathBuf,
    /// The address that the page was saved from; the site's own if the test names none.
    pub url: WebUrl,
    /// The `Content-Type` that it came with, if the page alone does not tell enough.
    pub content_type: Option<String>,
    /// What the page is.
    pub kind: PageKind,
    /// How many entries a listing must yield.
    pub count: Option<usize>,
    /// Values that fields must have: of the article, or of the listing's first entry. Keys are field names.
    pub expect: BTreeMap<String, String>,
    /// Texts that must stand in the item's title or content.
    pub contains: Vec<String>,
    /// Texts that must not.
    pub lacks: Vec<String>,
    /// The line of the configuration file where the test begins, from 1.
    pub line: usize,
}
