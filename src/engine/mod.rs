//! The refresh engine: what happens between a reader's request and the pages of a site.
//!
//! `mod.rs` answers requests, `merged` those for feeds of several sites; `edition` makes what is served, `narrowing`
//! what a query string asks for, `notice` what a feed says of its site's trouble; `places`, `shelf` and `source` are what
//! is in memory, and `reload` replaces the plan. `pass` is one refresh; `listing`, `pages` and `article` follow addresses
//! and pages; `matching` tells which row is which item; `reading` speaks to the network and to the parser; `settle`,
//! `upkeep`, `holding` and `identity` decide, without any I/O, what becomes of an item, and `drift` whether the site is
//! what it was; `mend` makes rules where there is none, or none that fits any more; `retention` drops what is too old.
//! `boilerplate` learns what all articles of a site say. `keeping` keeps pages, `rebuild` reads them by an edited rule; `outside` notices what other processes write. `schedule`
//! says when a site is asked, and asks those that are due before a reader does. `status` tells how every site is doing,
//! `alarms` tell the operator when that turns.

mod alarms;
mod answer;
mod article;
mod boilerplate;
mod drift;
mod edition;
mod holding;
mod hosts;
mod identity;
mod keeping;
mod listing;
mod matching;
mod mend;
mod merged;
mod narrowing;
mod notice;
mod outside;
mod pages;
mod pass;
mod places;
mod reading;
mod reading_rule;
mod rebuild;
mod reload;
mod retention;
mod schedule;
mod settle;
mod shelf;
mod source;
mod status;
mod unarchived;
mod upkeep;

use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

pub use answer::{Answer, Edition, Freshness, Overview, Wanted};
pub use hosts::ArchivedHosts;
pub use mend::{Accepted, FoundRule, Pending, found_on, no_list, rehearsed};
pub use pass::why_empty;
pub use rebuild::{Changed, NotRebuilt, Publishing, Rebuilt};
pub use reload::{Reload, Replaced};
pub use schedule::Ahead;
pub use status::{ClosedHost, Departure, Detail, Mended, SiteStatus, Status, Trouble, closed_hosts, survey};

use crate::archive::{Archive, ArchiveError, SiteState};
use crate::clock::Clock;
use crate::config::{Plan, Site};
use crate::edition::Feed;
use crate::extract::Merged;
use crate::fetch::Fetcher;
use crate::host::HostStatus;
use crate::item::{Found, Item};
use crate::limits;
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::report::{Attempt, Choice, Report};
use crate::weburl::WebUrl;
use alarms::Alarms;
use narrowing::{Narrowed, Narrowing};
use outside::Outside;
use places::{Placeless, Places};
use shelf::{Current, Shelf};
use source::Source;

/// What one refresh came to.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// How it ended.
    pub outcome: Outcome,
    /// What the readings found and missed.
    pub report: Report,
    /// Every attempt of every extractor, if the engine explains.
    pub attempts: Vec<Attempt>,
    /// Where the values of its items come from, if the engine explains.
    pub choices: Vec<Choice>,
    /// The lines of the `listing` that it was read by, if they are not those of the site's table.
    pub rule: Option<String>,
}

/// The parts that an engine is made of.
pub struct Parts {
    /// The configuration, until [`Engine::reload`] replaces it.
    pub plan: Arc<Plan>,
    /// The one door to the network.
    pub fetcher: Arc<Fetcher>,
    /// The only state.
    pub archive: Arc<dyn Archive>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Whether to record every attempt, for `--explain`.
    pub explain: bool,
}

/// Those of the parts that stay.
struct Lasting {
    fetcher: Arc<Fetcher>,
    archive: Arc<dyn Archive>,
    clock: Arc<dyn Clock>,
    explain: bool,
}

/// Refreshes sites and answers for their feeds.
pub struct Engine {
    parts: Lasting,
    /// The plan with its places; never locked for longer than it takes to find one, or to put others in their stead.
    places: RwLock<Places>,
    /// Told when the plan was replaced.
    replaced: watch::Sender<()>,
    /// What the last reload came to.
    last_reload: Mutex<Option<Reload>>,
    parsers: Semaphore,
    narrowed: Narrowed,
    /// What the loop hears that asks sites ahead of readers.
    news: schedule::News,
    outside: Outside,
    alarms: Alarms,
    metrics: Arc<Metrics>,
    holder: String,
    /// When this process began.
    started: DateTime<Utc>,
}

impl Engine {
    /// An engine for the feeds of the plan.
    pub fn new(parts: Parts) -> Arc<Self> {
        let Parts { plan, fetcher, archive, clock, explain } = parts;
        let started = clock.now();
        let holder = format!("{}-{}", std::process::id(), started.timestamp_micros());
        let parsers = Semaphore::new(limits::DOCUMENTS);
        Arc::new(Self {
            parts: Lasting { fetcher, archive, clock, explain },
            places: RwLock::new(Places::of(plan)),
            replaced: watch::Sender::default(),
            last_reload: Mutex::default(),
            parsers,
            narrowed: Narrowed::default(),
            news: schedule::News::default(),
            outside: Outside::default(),
            alarms: Alarms::default(),
            metrics: Arc::default(),
            holder,
            started,
        })
    }

    /// Answers for a feed: from memory if the edition is fresh; as it is, with a refresh behind, if it is stale; after
    /// the first refresh if there has never been one.
    pub async fn answer(self: &Arc<Self>, wanted: Wanted<'_>) -> Answer {
        let place = match self.place(wanted.name) {
            Ok(place) => place,
            Err(Placeless::Unknown) => return Answer::Unknown,
            Err(Placeless::Form { why, form }) => return Answer::Form { why, form },
            Err(Placeless::Full) => return Answer::Full,
        };
        let narrowing = match wanted.query.filter(|_| place.source.takes_queries()).map(Narrowing::read) {
            None => None,
            Some(Ok(narrowing)) => narrowing,
            Some(Err(why)) => return Answer::BadQuery { why },
        };
        let deadline = Instant::now() + limits::FIRST_ANSWER;
        let (current, freshness) = match &place.source {
            Source::Site(site) => match self.standing(site, &place.shelf, deadline).await {
                Standing::There { current, waited } => {
                    let freshness = self.freshness(site, &current.state, waited);
                    (current, freshness)
                }
                Standing::Missing { outcome, wait } => return Answer::Nothing { outcome, wait },
                Standing::Full => return Answer::Full,
            },
            Source::Merged(blend) => match self.merged_standing(blend, &place.shelf, deadline).await {
                Ok(standing) => standing,
                Err((outcome, wait)) => return Answer::Nothing { outcome, wait },
            },
        };
        let rendered = match &narrowing {
            None => {
                let rendering = self.rendering(&current, wanted.format).await;
                rendering.map_err(|error| Answer::Nothing { outcome: Some(trouble(&error)), wait: None })
            }
            Some(narrowing) => self.narrowed(&current, wanted.format, narrowing).await,
        };
        match rendered {
            Ok(rendering) => {
                let query = narrowing.map(|narrowing| narrowing.written);
                Answer::Edition(Edition { rendering, freshness, query })
            }
            Err(answer) => answer,
        }
    }

    /// Refreshes a feed's site now, or joins the refresh that is going on; of a merged feed, all of its sites. `None`: no
    /// feed has that name.
    pub async fn refresh(self: &Arc<Self>, name: &str) -> Option<Arc<Refreshed>> {
        let place = self.place(name).ok()?;
        Some(match &place.source {
            Source::Site(site) => self.start(site, &place.shelf).await,
            Source::Merged(blend) => Arc::new(self.refresh_members(blend).await),
        })
    }

    /// A feed as the archive has it; `None` if there is no edition yet, or no such feed. `address` is where its formats
    /// are published, up to the extension.
    pub async fn feed(&self, name: &str, address: Option<WebUrl>) -> Result<Option<Feed>, ArchiveError> {
        let Ok(place) = self.place(name) else { return Ok(None) };
        let state = match &place.source {
            Source::Site(site) => self.parts.archive.state(&site.name).await?,
            Source::Merged(blend) => match self.merged_as_archived(blend, &place.shelf).await? {
                Some(current) => current.state.clone(),
                None => return Ok(None),
            },
        };
        if state.succeeded.is_none() {
            return Ok(None);
        }
        self.feed_of(&place.source, &state, place.source.show(), address).await.map(Some)
    }

    /// How every host is doing that this process asked of late, by name.
    pub fn hosts(&self) -> Vec<HostStatus> {
        self.parts.fetcher.hosts()
    }

    /// A site's edition, as it is or after the first refresh; a stale one is refreshed behind.
    async fn standing(self: &Arc<Self>, site: &Arc<Site>, shelf: &Arc<Shelf>, deadline: Instant) -> Standing {
        self.news.asked(site, &shelf.asked, self.parts.clock.now());
        match self.current(site, shelf).await {
            Ok(current) if current.state.succeeded.is_some() => {
                if self.is_due(site, &current.state) {
                    drop(self.start(site, shelf));
                }
                Standing::There { current, waited: false }
            }
            // It failed a short while ago: whoever asks now learns why, and the site is left alone until it is due.
            Ok(current) if current.state.outcome.is_some() && !self.is_due(site, &current.state) => {
                Standing::Missing { outcome: current.state.outcome.clone(), wait: self.wait(site, &current.state) }
            }
            Ok(_) => self.first_standing(site, shelf, deadline).await,
            Err(error) => Standing::Missing { outcome: Some(trouble(&error)), wait: None },
        }
    }

    /// A site's first edition, or why there is none by the deadline.
    async fn first_standing(self: &Arc<Self>, site: &Arc<Site>, shelf: &Arc<Shelf>, deadline: Instant) -> Standing {
        match self.has_room_for(site).await {
            Ok(true) => {}
            Ok(false) => return Standing::Full,
            Err(error) => return Standing::Missing { outcome: Some(trouble(&error)), wait: None },
        }
        let first = tokio::time::timeout_at(deadline, self.start(site, shelf)).await;
        let outcome = first.ok().map(|refreshed| refreshed.outcome.clone());
        match self.current(site, shelf).await {
            Ok(current) if current.state.succeeded.is_some() => Standing::There { current, waited: true },
            Ok(current) => Standing::Missing { outcome, wait: self.wait(site, &current.state) },
            Err(_) => Standing::Missing { outcome, wait: None },
        }
    }

    /// What is served now; the archive is asked once, and again before a refresh, since another process may have done
    /// it already, and after a reload.
    async fn current(&self, site: &Arc<Site>, shelf: &Shelf) -> Result<Arc<Current>, ArchiveError> {
        let source = Source::Site(Arc::clone(site));
        let written = self.written_outside().await;
        let before = shelf.current();
        let stands = |state: &SiteState| {
            let now = self.parts.clock.now();
            shelf.is_as_written(written) && !self.is_due(site, state) && !holding::is_over(site, state, now)
        };
        if let Some(current) = before.as_ref().filter(|current| current.source.is(&source))
            && (shelf.is_refreshing() || stands(&current.state))
        {
            return Ok(Arc::clone(current));
        }
        let mut state = match (self.parts.archive.state(&site.name).await, &before) {
            (Ok(state), _) => state,
            // What is in memory is as good as it was.
            (Err(_), Some(before)) if before.source.is(&source) => return Ok(Arc::clone(before)),
            (Err(error), _) => return Err(error),
        };
        if self.unhold(site, &state).await? {
            state = self.parts.archive.state(&site.name).await?;
        }
        if state.succeeded.is_none() && state.tried.is_some_and(|tried| tried < self.started) {
            // Another process tried it, perhaps by another table: an operator who mended it need not wait.
            state.due = None;
        }
        if state.succeeded.is_some() && state.head.as_ref() != Some(&pass::head(site, &state)) {
            // The table was edited: its feed may look different, and must say so.
            state.due = None;
        }
        match before {
            // What is in memory came about by another table: whoever edited it waits to see what it does.
            Some(before) if !before.source.is_alike(&source) => state.due = None,
            // The same table in another plan, or another process has written. A state that is in memory alone is not lost by
            // that.
            Some(before) if state.tried.is_none() => state = before.state.clone(),
            _ => {}
        }
        shelf.note_written(written);
        Ok(shelf.put(source, self.public_address(&site.name), state))
    }

    fn start(self: &Arc<Self>, site: &Arc<Site>, shelf: &Arc<Shelf>) -> shelf::Running {
        let (engine, site, place) = (Arc::clone(self), Arc::clone(site), Arc::clone(shelf));
        shelf.join(|| {
            // A task of its own: it goes on when every reader that waits for it has gone away.
            let task = tokio::spawn(async move {
                let (refreshed, unkept) = engine.pass(&site, &place.workbench).await;
                let state = match unkept {
                    Some(state) => Some(state),
                    None => engine.parts.archive.state(&site.name).await.ok(),
                };
                if let Some(state) = state {
                    let state = schedule::held_off(&site, state, &refreshed.outcome, engine.parts.clock.now());
                    engine.news.moved(&site.name, state.due);
                    let address = engine.public_address(&site.name);
                    place.put(Source::Site(site), address, state);
                }
                Arc::new(refreshed)
            });
            Box::pin(async move { task.await.unwrap_or_else(|panic| Arc::new(broken_off(&panic))) })
        })
    }
}

/// How a site's edition stands.
enum Standing {
    /// It is there.
    There {
        current: Arc<Current>,
        /// Whether it was waited for.
        waited: bool,
    },
    /// There is none yet.
    Missing {
        /// How the last attempt ended; `None`: the first refresh is still going on.
        outcome: Option<Outcome>,
        /// How long it is not tried again; `None`: the next request tries.
        wait: Option<Duration>,
    },
    /// There is no room for another feed of its kind.
    Full,
}

/// The item that a reading would become if it were seen for the first time now.
pub fn new_item(site: &Site, merged: Merged, now: DateTime<Utc>) -> Item {
    upkeep::first(site, Found::default(), merged, now).item
}

/// The feed's title: the operator's, else the page's, else the site's name.
fn title(site: &Site, state: &SiteState) -> String {
    site.title.clone().or_else(|| state.title.clone()).unwrap_or_else(|| site.name.clone())
}

fn trouble(error: &ArchiveError) -> Outcome {
    Outcome::Failed { why: error.to_string(), status: None, timed_out: false }
}

fn broken_off(panic: &tokio::task::JoinError) -> Refreshed {
    let why = format!("the refresh broke off ({panic}): this is a fault of Feedmill, please report it");
    Refreshed {
        outcome: Outcome::Failed { why, status: None, timed_out: false },
        report: Report::default(),
        attempts: Vec::new(),
        choices: Vec::new(),
        rule: None,
    }
}
