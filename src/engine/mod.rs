//! The refresh engine: what happens between a reader's request and the pages of a site.
//!
//! `mod.rs` answers requests, `merged` those for feeds of several sites; `edition` makes what is served, `narrowing`
//! what a query string asks for; `places` and `shelf` are what is in memory. `pass` is one refresh; `listing`, `pages` and
//! `article` follow addresses and pages; `matching` tells which row is which item; `reading` speaks to the network and to
//! the parser; `settle`, `upkeep` and `identity` decide, without any I/O, what becomes of an item, and `drift` whether the
//! site is what it was.

mod answer;
mod article;
mod drift;
mod edition;
mod identity;
mod listing;
mod matching;
mod merged;
mod narrowing;
mod pages;
mod pass;
mod places;
mod reading;
mod settle;
mod shelf;
mod upkeep;

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub use answer::{Answer, Edition, Freshness, Overview, Wanted};
pub use pass::why_empty;

use crate::archive::{Archive, ArchiveError, SiteState};
use crate::clock::Clock;
use crate::config::{Plan, Site};
use crate::edition::Feed;
use crate::extract::Merged;
use crate::fetch::Fetcher;
use crate::item::{Found, Item};
use crate::limits;
use crate::outcome::Outcome;
use crate::report::{Attempt, Choice, Report};
use crate::weburl::WebUrl;
use narrowing::{Narrowed, Narrowing};
use places::{Place, Placeless, Places, Source};
use shelf::{Current, Shelf};

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
}

/// The parts that an engine is made of.
pub struct Parts {
    /// The configuration.
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

/// Refreshes sites and answers for their feeds.
pub struct Engine {
    parts: Parts,
    places: Places,
    parsers: Semaphore,
    narrowed: Narrowed,
    holder: String,
    /// When this process began.
    started: DateTime<Utc>,
}

impl Engine {
    /// An engine for the feeds of the plan.
    pub fn new(parts: Parts) -> Arc<Self> {
        let places = Places::of(&parts.plan);
        let started = parts.clock.now();
        let holder = format!("{}-{}", std::process::id(), started.timestamp_micros());
        let parsers = Semaphore::new(limits::DOCUMENTS);
        Arc::new(Self { parts, places, parsers, narrowed: Narrowed::default(), holder, started })
    }

    /// The configuration.
    pub fn plan(&self) -> &Plan {
        &self.parts.plan
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
            Source::Merged(merged) => match self.merged_standing(merged, &place.shelf, deadline).await {
                Ok(standing) => standing,
                Err((outcome, wait)) => return Answer::Nothing { outcome, wait },
            },
        };
        let rendered = match &narrowing {
            None => {
                let rendering = self.rendering(&place.source, &current, wanted.format).await;
                rendering.map_err(|error| trouble(&error))
            }
            Some(narrowing) => self.narrowed(&place.source, &current, wanted.format, narrowing).await,
        };
        match rendered {
            Ok(rendering) => {
                let query = narrowing.map(|narrowing| narrowing.written);
                Answer::Edition(Edition { rendering, freshness, query })
            }
            Err(outcome) => Answer::Nothing { outcome: Some(outcome), wait: None },
        }
    }

    /// Refreshes a feed's site now, or joins the refresh that is going on; of a merged feed, all of its sites. `None`: no
    /// feed has that name.
    pub async fn refresh(self: &Arc<Self>, name: &str) -> Option<Arc<Refreshed>> {
        let place = self.place(name).ok()?;
        Some(match &place.source {
            Source::Site(site) => self.start(site, &place.shelf).await,
            Source::Merged(merged) => Arc::new(self.refresh_members(merged).await),
        })
    }

    /// A feed as the archive has it; `None` if there is no edition yet, or no such feed. `address` is where its formats
    /// are published, up to the extension.
    pub async fn feed(&self, name: &str, address: Option<WebUrl>) -> Result<Option<Feed>, ArchiveError> {
        let Ok(place) = self.place(name) else { return Ok(None) };
        let state = match &place.source {
            Source::Site(site) => self.parts.archive.state(&site.name).await?,
            Source::Merged(merged) => match self.merged_as_archived(merged, &place.shelf).await? {
                Some(current) => current.state.clone(),
                None => return Ok(None),
            },
        };
        if state.succeeded.is_none() {
            return Ok(None);
        }
        self.feed_of(&place.source, &state, place.source.show(), address).await.map(Some)
    }

    /// Gives back what this process holds, so that the next one need not wait for it: the last thing before it ends.
    pub async fn stop(&self) -> Result<(), ArchiveError> {
        for name in self.places.sites() {
            self.parts.archive.release(&name, &self.holder).await?;
        }
        Ok(())
    }

    fn place(&self, name: &str) -> Result<Place, Placeless> {
        self.places.find(&self.parts.plan, name)
    }

    /// A site's edition, as it is or after the first refresh; a stale one is refreshed behind.
    async fn standing(self: &Arc<Self>, site: &Arc<Site>, shelf: &Arc<Shelf>, deadline: Instant) -> Standing {
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

    /// How long a site is left alone that has no edition yet; `None`: the next request asks it.
    fn wait(&self, site: &Site, state: &SiteState) -> Option<Duration> {
        let due = state.due.filter(|_| !self.is_due(site, state))?;
        (due - self.parts.clock.now()).to_std().ok()
    }

    /// Whether a feed that has no edition yet may get one. Values of parameters can be made up without end, and each of
    /// them costs room in the archive; those that the configuration names are always welcome.
    async fn has_room_for(&self, site: &Site) -> Result<bool, ArchiveError> {
        let Some((family, _)) = site.name.split_once('/').filter(|_| !self.places.are_fixed(&site.name)) else {
            return Ok(true);
        };
        Ok(self.parts.archive.instances(family).await? < limits::INSTANCES)
    }

    fn is_due(&self, site: &Site, state: &SiteState) -> bool {
        let now = self.parts.clock.now();
        // A due time further away than it is ever set was set by a clock that was wrong.
        let furthest = TimeDelta::from_std(site.refresh).ok().and_then(|interval| now.checked_add_signed(interval));
        state.due.is_none_or(|due| due <= now || furthest.is_some_and(|furthest| due > furthest))
    }

    /// What is served now; the archive is asked once, and again before a refresh, since another process may have done
    /// it already.
    async fn current(&self, site: &Site, shelf: &Shelf) -> Result<Arc<Current>, ArchiveError> {
        match shelf.current() {
            Some(current) if !self.is_due(site, &current.state) || shelf.is_refreshing() => Ok(current),
            _ => {
                let mut state = self.parts.archive.state(&site.name).await?;
                if state.succeeded.is_none() && state.tried.is_some_and(|tried| tried < self.started) {
                    // Another process tried it, perhaps by another table: an operator who mended it need not wait.
                    state.due = None;
                }
                if state.succeeded.is_some() && state.head.as_ref() != Some(&pass::head(site, &state)) {
                    // The table was edited: its feed may look different, and must say so.
                    state.due = None;
                }
                Ok(shelf.put(state))
            }
        }
    }

    fn start(self: &Arc<Self>, site: &Arc<Site>, shelf: &Arc<Shelf>) -> shelf::Running {
        let (engine, site, place) = (Arc::clone(self), Arc::clone(site), Arc::clone(shelf));
        shelf.join(|| {
            // A task of its own: it goes on when every reader that waits for it has gone away.
            let task = tokio::spawn(async move {
                let (refreshed, unkept) = engine.pass(&site).await;
                if let Some(state) = unkept {
                    place.put(state);
                } else if let Ok(state) = engine.parts.archive.state(&site.name).await {
                    place.put(state);
                }
                Arc::new(refreshed)
            });
            Box::pin(async move { task.await.unwrap_or_else(|panic| Arc::new(broken_off(&panic))) })
        })
    }

    fn freshness(&self, site: &Site, state: &SiteState, waited: bool) -> Freshness {
        let trouble = state.outcome.as_ref().and_then(Outcome::why).map(str::to_owned);
        // While a site fails, its next refresh is a retry: the edition that is served does not become fresh by that.
        let end = match (&trouble, state.succeeded, TimeDelta::from_std(site.refresh)) {
            (Some(_), Some(succeeded), Ok(interval)) => succeeded.checked_add_signed(interval),
            _ => state.due,
        };
        let ttl = |end: DateTime<Utc>| (end - self.parts.clock.now()).num_seconds();
        let is_partial = matches!(state.outcome, Some(Outcome::Partial { .. }));
        Freshness { ttl_seconds: end.map_or(0, ttl), lifetime: site.refresh, waited, trouble, is_partial }
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
    }
}
