//! The refresh engine: what happens between a reader's request and the pages of a site.
//!
//! `mod.rs` answers requests; `pass` is one refresh; `listing` follows its addresses and pages; `matching` tells which row is which item; `reading` speaks to the
//! network and to the parser; `settle`, `upkeep` and `identity` decide, without any I/O, what becomes of an item.

mod answer;
mod identity;
mod listing;
mod matching;
mod pass;
mod reading;
mod settle;
mod shelf;
mod upkeep;

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;

pub use answer::{Answer, Edition, Freshness, Overview};
pub use pass::why_empty;

use crate::archive::{Archive, ArchiveError, SiteState};
use crate::clock::Clock;
use crate::config::{Plan, Site};
use crate::edition::{Feed, Format, Rendering};
use crate::extract::Merged;
use crate::fetch::Fetcher;
use crate::item::{Found, Item};
use crate::limits;
use crate::outcome::Outcome;
use crate::report::{Attempt, Choice, Report};
use crate::weburl::WebUrl;
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
    shelves: BTreeMap<String, Shelf>,
    parsers: Semaphore,
    holder: String,
}

impl Engine {
    /// An engine for the sites of the plan.
    pub fn new(parts: Parts) -> Arc<Self> {
        let shelves = parts.plan.sites.keys().map(|name| (name.clone(), Shelf::default())).collect();
        let holder = format!("{}-{}", std::process::id(), parts.clock.now().timestamp_micros());
        Arc::new(Self { parts, shelves, parsers: Semaphore::new(limits::DOCUMENTS), holder })
    }

    /// The configuration.
    pub fn plan(&self) -> &Plan {
        &self.parts.plan
    }

    /// Answers for a feed: from memory if the edition is fresh; as it is, with a refresh behind, if it is stale; after
    /// the first refresh if there has never been one.
    pub async fn answer(self: &Arc<Self>, name: &str, format: Format) -> Answer {
        let Some((site, shelf)) = self.place(name) else { return Answer::Unknown };
        let mut waited = None;
        let current = match self.current(site, shelf).await {
            Ok(current) if current.state.succeeded.is_some() => {
                if self.is_due(site, &current.state) {
                    drop(self.start(site, shelf));
                }
                current
            }
            Ok(_) => {
                let first = tokio::time::timeout(limits::FIRST_ANSWER, self.start(site, shelf)).await;
                waited = Some(first.ok().map(|refreshed| refreshed.outcome.clone()));
                match self.current(site, shelf).await {
                    Ok(current) if current.state.succeeded.is_some() => current,
                    _ => return Answer::Nothing { outcome: waited.flatten() },
                }
            }
            Err(error) => return Answer::Nothing { outcome: Some(trouble(&error)) },
        };
        match self.rendering(site, &current, format).await {
            Ok(rendering) => {
                let freshness = self.freshness(site, &current.state, waited.is_some());
                Answer::Edition(Edition { rendering, freshness })
            }
            Err(error) => Answer::Nothing { outcome: Some(trouble(&error)) },
        }
    }

    /// Refreshes a site now, or joins the refresh that is going on. `None`: no site has that name.
    pub async fn refresh(self: &Arc<Self>, name: &str) -> Option<Arc<Refreshed>> {
        let (site, shelf) = self.place(name)?;
        Some(self.start(site, shelf).await)
    }

    /// A site's feed as the archive has it; `None` if there is no edition yet, or no such site. `address` is where its
    /// formats are published, up to the extension.
    pub async fn feed(&self, name: &str, address: Option<WebUrl>) -> Result<Option<Feed>, ArchiveError> {
        let Some(site) = self.parts.plan.sites.get(name) else { return Ok(None) };
        let state = self.parts.archive.state(name).await?;
        if state.succeeded.is_none() {
            return Ok(None);
        }
        self.feed_by(site, &state, address).await.map(Some)
    }

    /// Every site, as the index page shows it. Reads the archive; never fetches.
    pub async fn overview(&self) -> Result<Vec<Overview>, ArchiveError> {
        let mut all = Vec::with_capacity(self.shelves.len());
        for (name, site) in &self.parts.plan.sites {
            let state = self.parts.archive.state(name).await?;
            let items = self.parts.archive.count(name).await?.min(site.show);
            all.push(Overview {
                name: name.clone(),
                title: title(site, &state),
                description: site.description.clone(),
                home: site.url.clone(),
                health: state.outcome.as_ref().map(|outcome| outcome.health(state.succeeded.is_some())),
                outcome: state.outcome,
                tried: state.tried,
                changed: state.changed,
                items,
            });
        }
        Ok(all)
    }

    fn place(&self, name: &str) -> Option<(&Arc<Site>, &Shelf)> {
        Some((self.parts.plan.sites.get(name)?, self.shelves.get(name)?))
    }

    /// Gives back what this process holds, so that the next one need not wait for it: the last thing before it ends.
    pub async fn stop(&self) -> Result<(), ArchiveError> {
        for name in self.parts.plan.sites.keys() {
            self.parts.archive.release(name, &self.holder).await?;
        }
        Ok(())
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
            _ => Ok(shelf.put(self.parts.archive.state(&site.name).await?)),
        }
    }

    fn start(self: &Arc<Self>, site: &Arc<Site>, shelf: &Shelf) -> shelf::Running {
        let (engine, site) = (Arc::clone(self), Arc::clone(site));
        shelf.join(|| {
            // A task of its own: it goes on when every reader that waits for it has gone away.
            let task = tokio::spawn(async move {
                let refreshed = engine.pass(&site).await;
                if let (Some(shelf), Ok(state)) =
                    (engine.shelves.get(&site.name), engine.parts.archive.state(&site.name).await)
                {
                    shelf.put(state);
                }
                Arc::new(refreshed)
            });
            Box::pin(async move { task.await.unwrap_or_else(|panic| Arc::new(broken_off(&panic))) })
        })
    }

    async fn rendering(&self, site: &Site, current: &Current, format: Format) -> Result<Arc<Rendering>, ArchiveError> {
        let render = async || {
            let address = self.public_address(&site.name);
            let feed = self.feed_by(site, &current.state, address).await?;
            tokio::task::spawn_blocking(move || Arc::new(crate::render::rendering(&feed, format)))
                .await
                .map_err(|panic| ArchiveError::Database(format!("rendering broke off: {panic}")))
        };
        current.rendering(format).get_or_try_init(render).await.cloned()
    }

    fn public_address(&self, name: &str) -> Option<WebUrl> {
        let base = self.parts.plan.server.public_url.as_ref()?;
        WebUrl::parse(&format!("{}/feeds/{name}", base.as_str().trim_end_matches('/'))).ok()
    }

    async fn feed_by(&self, site: &Site, state: &SiteState, address: Option<WebUrl>) -> Result<Feed, ArchiveError> {
        let items = self.parts.archive.newest(&site.name, site.show).await?;
        Ok(Feed {
            site: site.name.clone(),
            title: title(site, state),
            description: site.description.clone(),
            home: site.url.clone(),
            language: site.language.clone(),
            address,
            ttl_minutes: site.refresh.as_secs().div_ceil(60).max(1),
            changed: state.changed.or(state.succeeded).unwrap_or_default(),
            items,
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
