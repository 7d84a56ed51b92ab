//! One host: whose turn it is, whether it may be asked at all, and what is known of its robots.txt.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, OnceCell};
use tokio::time::Instant;

use super::Common;
use super::breaker::{Breaker, Trouble};
use super::turns::{Manners, Step, Turns};
use crate::fetch::FetchError;
use crate::host::{Closed, HostMemory, HostStatus, RobotsCopy, RobotsStatus};
use crate::limits;

/// One host.
pub(in crate::fetch) struct Host {
    pub(super) name: String,
    pub(super) common: Arc<Common>,
    pub(super) state: Mutex<State>,
    /// Held by whoever asks for its robots.txt; all others wait for that.
    pub(in crate::fetch) asking_robots: tokio::sync::Mutex<()>,
    recalled: OnceCell<()>,
    /// What is known later is remembered later.
    remembering: tokio::sync::Mutex<()>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) turns: Turns,
    pub(super) breaker: Breaker,
    robots: BTreeMap<String, Arc<RobotsCopy>>,
    last_request: Option<DateTime<Utc>>,
    /// The number of the last use, among those of all hosts.
    pub(super) used: u64,
    /// Whether something is known that is not remembered yet.
    has_news: bool,
}

/// The right to one request. Dropping it, at the end of the exchange, passes it on.
pub(in crate::fetch) struct Turn(Arc<Host>);

/// A place in the queue, given up when it is dropped.
struct Waiting<'a> {
    host: &'a Host,
    ticket: Arc<Notify>,
}

impl Host {
    pub(super) fn new(name: String, common: Arc<Common>) -> Self {
        Self {
            name,
            common,
            state: Mutex::default(),
            asking_robots: tokio::sync::Mutex::default(),
            recalled: OnceCell::new(),
            remembering: tokio::sync::Mutex::default(),
        }
    }

    /// Waits for a turn. Fails at once if the host is closed, or as soon as it is closed while this one waits.
    pub(in crate::fetch) async fn turn(self: &Arc<Self>, manners: Manners) -> Result<Turn, FetchError> {
        self.recall().await;
        self.is_open()?;
        let Some(ticket) = self.state().turns.join() else {
            let most = limits::HOST_QUEUE;
            return Err(FetchError::Crowded(format!("{most} requests wait for their turn at {} already", self.name)));
        };
        let waiting = Waiting { host: self, ticket };
        loop {
            self.is_open()?;
            let step = {
                let chance = self.common.chance();
                let mut state = self.state();
                let manners = if state.breaker.is_on_trial() { Manners { concurrency: 1, ..manners } } else { manners };
                let step = state.turns.step(&waiting.ticket, Instant::now(), manners, chance);
                if step == Step::Start {
                    state.last_request = Some(self.common.clock.now());
                }
                step
            };
            match step {
                Step::Start => return Ok(Turn(Arc::clone(self))),
                Step::Called => waiting.ticket.notified().await,
                Step::Until(start) => {
                    let _ = tokio::time::timeout_at(start, waiting.ticket.notified()).await;
                }
            }
        }
    }

    fn is_open(&self) -> Result<(), FetchError> {
        match self.closed() {
            None => Ok(()),
            Some(Closed { until, why, is_asked_for, .. }) => {
                let host = self.name.clone();
                Err(FetchError::Closed { host, why, until, is_asked_for })
            }
        }
    }

    pub(super) fn closed(&self) -> Option<Closed> {
        self.state().breaker.closed(self.common.clock.now()).cloned()
    }

    /// What is known of the robots.txt of the origin with this scheme.
    pub(in crate::fetch) async fn robots(&self, scheme: &str) -> Option<Arc<RobotsCopy>> {
        self.recall().await;
        self.state().robots.get(scheme).cloned()
    }

    /// Notes what is known of it from now on.
    pub(in crate::fetch) fn put_robots(&self, scheme: &str, copy: RobotsCopy) -> Arc<RobotsCopy> {
        let copy = Arc::new(copy);
        let mut state = self.state();
        state.robots.insert(scheme.to_owned(), Arc::clone(&copy));
        state.has_news = true;
        copy
    }

    /// Remembers what is new, if anything is.
    pub(in crate::fetch) async fn remember(&self) {
        if !self.state().has_news {
            return;
        }
        let _turn = self.remembering.lock().await;
        let memory = {
            let mut state = self.state();
            state.has_news = false;
            let robots = state.robots.iter().map(|(scheme, copy)| (scheme.clone(), RobotsCopy::clone(copy)));
            HostMemory {
                closed: state.breaker.closed.clone(),
                closings: state.breaker.closings,
                robots: robots.collect(),
            }
        };
        self.common.memory.keep(&self.name, memory).await;
    }

    async fn recall(&self) {
        let recall = async {
            let memory = self.common.memory.recall(&self.name).await;
            let mut state = self.state();
            state.breaker = Breaker::recalled(memory.closed, memory.closings, !self.common.asks_anew);
            state.robots = memory.robots.into_iter().map(|(scheme, copy)| (scheme, Arc::new(copy))).collect();
        };
        self.recalled.get_or_init(|| recall).await;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn status(&self) -> HostStatus {
        let closed = self.closed();
        let state = self.state();
        let robots = state.robots.values().map(|copy| robots_status(copy)).max_by_key(|(robots, _)| *robots as u8);
        let (robots, crawl_delay) = robots.unwrap_or_default();
        HostStatus {
            name: self.name.clone(),
            in_flight: state.turns.in_flight,
            waiting: state.turns.waiting(),
            last_request: state.last_request,
            closed,
            failures: state.breaker.failures(),
            robots,
            crawl_delay,
        }
    }
}

impl State {
    /// Bytes of its robots.txt, about.
    pub(super) fn bytes(&self) -> usize {
        let of_rules = |copy: &Arc<RobotsCopy>| {
            let rules = copy.read.iter().flat_map(|(_, robots)| &robots.rules);
            rules.map(|rule| rule.path.len() + size_of_val(rule)).sum::<usize>()
        };
        self.robots.values().map(of_rules).sum()
    }
}

fn robots_status(copy: &RobotsCopy) -> (RobotsStatus, Option<std::time::Duration>) {
    let robots = copy.read.as_ref().map(|(_, robots)| robots);
    let status = match (&copy.missing, robots) {
        (Some(_), _) => RobotsStatus::Missing,
        (None, Some(robots)) if !robots.rules.is_empty() || robots.delay.is_some() => RobotsStatus::Rules,
        (None, _) => RobotsStatus::Free,
    };
    (status, robots.and_then(|robots| robots.delay))
}

impl Turn {
    /// A good answer came: the host is well.
    pub(in crate::fetch) async fn good(&self) {
        let host = &self.0;
        {
            let mut state = host.state();
            let was_on_trial = state.breaker.is_on_trial();
            let is_news = state.breaker.good(host.common.clock.now());
            state.has_news |= is_news;
            if was_on_trial {
                state.turns.call();
            }
        }
        host.remember().await;
    }

    /// Something went wrong, and the host may be to blame.
    pub(in crate::fetch) async fn trouble(&self, trouble: Trouble) {
        let host = &self.0;
        {
            let chance = host.common.chance();
            let mut state = host.state();
            if state.breaker.trouble(trouble, host.common.clock.now(), chance) {
                state.has_news = true;
                if let Some(Closed { until, why, .. }) = &state.breaker.closed {
                    tracing::warn!(host = host.name, %until, "left alone: {why}");
                }
                state.turns.call_all();
            }
        }
        host.remember().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.turns.in_flight -= 1;
        state.turns.call();
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.host.state().turns.leave(&self.ticket);
    }
}
