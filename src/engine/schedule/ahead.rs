//! The loop that refreshes sites when they are due, so that readers find news that are there already.
//!
//! The archive is asked once for all sites. What each of them is to do is in [`Queue`], in the order of time; between
//! two moments at which something is due the loop sleeps. A refresh is the same as one that a reader starts, and the
//! one that a reader has started is joined.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::queue::{Entry, Queue, Stage};
use super::{due, interval_by};
use crate::archive::{ArchiveError, Due};
use crate::config::{Named, Plan, Site};
use crate::engine::Engine;
use crate::engine::places::Place;
use crate::engine::source::Source;
use crate::limits;

/// A site whose refresh has ended, and when it is due again; `None`: it is no longer a site.
type Ended = (String, Option<DateTime<Utc>>);

/// Refreshes sites when they are due.
pub struct Ahead {
    engine: Arc<Engine>,
    plan: Arc<Plan>,
    changes: watch::Receiver<()>,
    queue: Queue,
    running: JoinSet<Ended>,
    /// When readers asked, as far as the archive does not know yet.
    unsaved: BTreeMap<String, DateTime<Utc>>,
    saved: DateTime<Utc>,
}

impl Ahead {
    /// Takes up what the archive says is due. Sites that are overdue, or were never asked, are spread out: see
    /// [`limits::AHEAD_APART`].
    pub async fn begin(engine: Arc<Engine>) -> Result<Self, ArchiveError> {
        engine.news.begin();
        let (plan, changes) = (engine.plan(), engine.plan_changes());
        let saved = engine.parts.clock.now();
        let (queue, running) = (Queue::default(), JoinSet::new());
        let mut ahead = Self { engine, plan, changes, queue, running, unsaved: BTreeMap::new(), saved };
        ahead.fill(None).await?;
        Ok(ahead)
    }

    /// Runs until it is dropped.
    pub async fn run(&mut self) {
        loop {
            let wait = self.look();
            self.turn(wait).await;
            self.save(false).await;
        }
    }

    /// The last thing before the program ends: what is still to be written down.
    pub async fn close(mut self) {
        self.hear();
        self.save(true).await;
    }

    /// Starts what is due, as far as there is room; returns how long nothing else has to be started if nothing happens.
    pub fn look(&mut self) -> Duration {
        let now = self.engine.parts.clock.now();
        while let Some(name) = self.queue.take(now) {
            let (engine, again) = (Arc::clone(&self.engine), name.clone());
            // A task within the task: whatever becomes of it, its place in the queue is given back.
            let refresh = tokio::spawn(async move { engine.refresh_ahead(&again).await });
            let in_an_hour = now + TimeDelta::hours(1);
            self.running.spawn(async move { (name, refresh.await.unwrap_or(Some(in_an_hour))) });
        }
        // Looking now and then all the same: the machine may have slept, or its clock may have been set.
        let next = self.queue.next().map(|next| (next - now).to_std().unwrap_or_default());
        next.unwrap_or(limits::AHEAD_LOOK).min(limits::AHEAD_LOOK)
    }

    /// Waits until a refresh has ended, a reader has asked, or the plan was replaced, and takes note of it; no longer than
    /// `wait`.
    pub async fn turn(&mut self, wait: Duration) {
        let is_other_plan = tokio::select! {
            // What has happened comes before the end of the wait.
            biased;
            Ok(()) = self.changes.changed() => true,
            Some(ended) = self.running.join_next() => {
                if let Ok((name, due)) = ended {
                    self.queue.ended(&name, due.filter(|_| self.plan.server.ahead));
                }
                false
            }
            () = self.engine.news.wait() => false,
            () = tokio::time::sleep(wait) => false,
        };
        self.hear();
        if is_other_plan {
            self.follow().await;
        }
    }

    /// How many refreshes are going on.
    pub fn running(&self) -> usize {
        self.running.len()
    }

    /// Writes down when readers asked, once in [`limits::ASKED_SAVED`], or `now`.
    pub async fn save(&mut self, now: bool) {
        let at = self.engine.parts.clock.now();
        let is_time =
            TimeDelta::from_std(limits::ASKED_SAVED).is_ok_and(|time| at - self.saved >= time || at < self.saved);
        if self.unsaved.is_empty() || !(now || is_time) {
            return;
        }
        self.saved = at;
        let asked = std::mem::take(&mut self.unsaved);
        if let Err(error) = self.engine.parts.archive.note_asked(asked.clone().into_iter().collect()).await {
            tracing::warn!("cannot note which feeds are read: {error}");
            self.unsaved = asked;
        }
    }

    fn hear(&mut self) {
        let told = self.engine.news.take();
        for (name, due) in told.moved {
            self.queue.moved(&name, due);
        }
        let mut instances = None;
        for (name, at) in told.asked {
            if self.queue.get(&name).is_some() {
                self.queue.asked(&name, at);
            } else if let Some(Named::Site(site)) = self.plan.named(&name)
                && self.plan.server.ahead
            {
                // One of a site with parameters, which was not there before.
                let count =
                    instances.get_or_insert_with(|| self.queue.names().filter(|name| name.contains('/')).count());
                if *count < limits::AHEAD_INSTANCES {
                    *count += 1;
                    self.queue.put(&name, entry(&site, at, at));
                }
            }
            self.unsaved.insert(name, at);
        }
    }

    /// Takes up another plan.
    async fn follow(&mut self) {
        let before = std::mem::replace(&mut self.plan, self.engine.plan());
        if let Err(error) = self.fill(Some(&before)).await {
            tracing::warn!("cannot tell when the sites of the new configuration are due: {error}");
        }
    }

    /// Puts into the queue what the plan has and the queue has not, or not so; takes out what is gone.
    async fn fill(&mut self, before: Option<&Plan>) -> Result<(), ArchiveError> {
        let plan = Arc::clone(&self.plan);
        let is_wanted = |name: &String| {
            plan.server.ahead && (plan.sites.contains_key(name) || matches!(plan.named(name), Some(Named::Site(_))))
        };
        let gone: Vec<String> = self.queue.names().filter(|name| !is_wanted(name)).cloned().collect();
        for name in &gone {
            self.queue.remove(name);
        }
        if !plan.server.ahead {
            return Ok(());
        }
        let now = self.engine.parts.clock.now();
        let mut dues = self.engine.parts.archive.dues().await?;
        let instances = instances(&plan, &mut dues);
        let dues: BTreeMap<String, Due> = dues.into_iter().map(|due| (due.site.clone(), due)).collect();
        let mut late = Vec::new();
        for site in plan.sites.values().chain(&instances) {
            let is_as_before = before
                .and_then(|plan| plan.named(&site.name))
                .is_some_and(|named| matches!(named, Named::Site(own) if own.is_alike(site)));
            if let (true, Some(known)) = (is_as_before, self.queue.get(&site.name)) {
                let entry = entry(site, known.due, known.asked);
                if known.stage == Stage::Waiting || known.sleep != site.sleep_after {
                    self.queue.put(&site.name, entry);
                }
                continue;
            }
            let known = dues.get(&site.name);
            let asked = known.and_then(|due| due.asked).unwrap_or_else(|| {
                // The operator has just asked for it.
                self.unsaved.insert(site.name.clone(), now);
                now
            });
            // One that never had an edition was perhaps mended by now; an edited table is to show what it does.
            let known = known.filter(|known| known.has_edition && (before.is_none() || is_as_before));
            match known.and_then(|known| is_due_at(site, known, now)) {
                Some(due) => self.queue.put(&site.name, entry(site, due, asked)),
                None => late.push((Arc::clone(site), asked)),
            }
        }
        self.spread(late, now);
        self.save(true).await;
        Ok(())
    }

    /// Puts sites into the queue that are due already: one after the other, in an order that has nothing to do with their
    /// hosts.
    fn spread(&mut self, mut late: Vec<(Arc<Site>, DateTime<Utc>)>, now: DateTime<Utc>) {
        late.sort_by(|(a, _), (b, _)| due::part(&a.name, 0).total_cmp(&due::part(&b.name, 0)));
        let count = u32::try_from(late.len()).unwrap_or(u32::MAX).max(1);
        for (number, (site, asked)) in (0_u32..).zip(late) {
            let apart = limits::AHEAD_APART.min(site.refresh.at_first() / count);
            let due = now + TimeDelta::from_std(apart.saturating_mul(number)).unwrap_or_default();
            self.queue.put(&site.name, entry(&site, due, asked));
        }
    }
}

impl Engine {
    /// Refreshes a site if it is due, or joins the refresh that is going on; returns when it is due again. `None`: it is
    /// no longer a site.
    async fn refresh_ahead(self: &Arc<Self>, name: &str) -> Option<DateTime<Utc>> {
        let Ok(Place { source: Source::Site(site), shelf }) = self.place(name) else { return None };
        // Another process may have done it already: then the archive knows.
        let mut current = self.current(&site, &shelf).await;
        if current.as_ref().is_ok_and(|current| self.is_due(&site, &current.state)) {
            self.start(&site, &shelf).await;
            current = self.current(&site, &shelf).await;
        }
        let now = self.parts.clock.now();
        let state = current.as_ref().ok().map(|current| &current.state);
        let due = state.and_then(|state| due(&site, state, now));
        // If nothing could be written, it is not tried again at once.
        let soon = site.refresh.at_first().min(limits::RETRY);
        Some(due.unwrap_or_else(|| now + TimeDelta::from_std(soon).unwrap_or_default()))
    }
}

fn entry(site: &Site, due: DateTime<Utc>, asked: DateTime<Utc>) -> Entry {
    // As `fetch` tells hosts apart: another port is another server.
    let host = site
        .url
        .as_url()
        .port()
        .map_or_else(|| site.url.host().into(), |port| format!("{}:{port}", site.url.host()).into());
    Entry { host, due, asked, sleep: site.sleep_after, stage: Stage::Waiting }
}

/// When the archive says that a site is due; `None`: now.
fn is_due_at(site: &Site, known: &Due, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let interval = interval_by(site, known.interval);
    due::believable(known.due?, known.tried, known.interval, interval, now).filter(|due| *due > now)
}

/// Those of sites with parameters that readers asked for last, beside those that the plan names.
fn instances(plan: &Plan, dues: &mut [Due]) -> Vec<Arc<Site>> {
    dues.sort_by_key(|due| std::cmp::Reverse(due.asked));
    let asked = dues.iter().filter(|due| due.asked.is_some() && due.has_edition && due.site.contains('/'));
    let made_up = asked.filter(|due| !plan.sites.contains_key(&due.site));
    let site = |due: &Due| match plan.named(&due.site)? {
        Named::Site(site) => Some(site),
        _ => None,
    };
    made_up.filter_map(site).take(limits::AHEAD_INSTANCES).collect()
}
