//! Politeness: how often and how much at a time one host is asked, across all sites, and when it is left alone.
//!
//! `host` is one host; `turns` says whose turn it is there, `breaker` when nobody's is; `memory` is what outlives the
//! process.

mod breaker;
mod host;
mod memory;
mod turns;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::host::HostStatus;
use crate::limits;
use crate::weburl::WebUrl;

pub(super) use breaker::Trouble;
pub(super) use host::{Host, Turn};
pub(super) use memory::Forgetful;
pub use memory::Memory;
pub(super) use turns::Manners;

/// Every host that was asked of late.
pub(super) struct Hosts {
    common: Arc<Common>,
    known: Mutex<Known>,
}

/// What all hosts have in common.
pub(super) struct Common {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) memory: Arc<dyn Memory>,
    /// Whether a host that failed in another process is asked again at once.
    pub(super) asks_anew: bool,
    pub(super) chances: Mutex<fastrand::Rng>,
}

#[derive(Default)]
struct Known {
    hosts: HashMap<String, Arc<Host>>,
    uses: u64,
}

impl Common {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, memory: Arc::new(Forgetful), asks_anew: false, chances: Mutex::new(fastrand::Rng::new()) }
    }

    /// A number from 0 to 1.
    fn chance(&self) -> f64 {
        self.chances.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }
}

impl Hosts {
    pub(super) fn new(common: Common) -> Self {
        Self { common: Arc::new(common), known: Mutex::default() }
    }

    /// The same with something else in common; what was known is gone.
    pub(super) fn with(self, change: impl FnOnce(Common) -> Common) -> Self {
        let common = Arc::try_unwrap(self.common);
        let common = common.unwrap_or_else(|shared| Common::new(Arc::clone(&shared.clock)));
        Self::new(change(common))
    }

    /// The host of `url`.
    pub(super) fn of(&self, url: &WebUrl) -> Arc<Host> {
        let name = name(url);
        let mut known = self.known();
        known.uses += 1;
        let now = known.uses;
        if !known.hosts.contains_key(&name) {
            known.make_room(Instant::now(), self.common.clock.now());
        }
        let host = known.hosts.entry(name);
        let host = host.or_insert_with_key(|name| Arc::new(Host::new(name.clone(), Arc::clone(&self.common))));
        host.state().used = now;
        Arc::clone(host)
    }

    /// Until when the host of `url` is not asked, as far as it is in memory.
    pub(super) fn closed_until(&self, url: &WebUrl) -> Option<DateTime<Utc>> {
        let host = self.known().hosts.get(&name(url)).cloned()?;
        host.closed().map(|closed| closed.until)
    }

    /// How every host in memory is doing, by name.
    pub(super) fn statuses(&self) -> Vec<HostStatus> {
        let hosts: Vec<_> = self.known().hosts.values().cloned().collect();
        let mut statuses: Vec<_> = hosts.iter().map(|host| host.status()).collect();
        statuses.sort_by(|one, other| one.name.cmp(&other.name));
        statuses
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a host is called. `http` and `https` at their own ports are one server; another port is another one.
fn name(url: &WebUrl) -> String {
    match url.as_url().port() {
        Some(port) => format!("{}:{port}", url.host()),
        None => url.host().to_owned(),
    }
}

impl Known {
    /// Makes room for one more: the hosts whose loss costs least are forgotten, an eighth of them at a time. Those that
    /// somebody asks or waits for stay; those that are to be left alone go last, and a memory has them still.
    fn make_room(&mut self, now: Instant, date: DateTime<Utc>) {
        let bytes: usize = self.hosts.values().map(|host| host.state().bytes()).sum();
        if self.hosts.len() < limits::HOSTS && bytes <= limits::ROBOTS_IN_MEMORY {
            return;
        }
        let worth = |host: &Arc<Host>| {
            let state = host.state();
            let is_idle = Arc::strong_count(host) == 1 && state.turns.are_over(now);
            is_idle.then(|| (state.breaker.closed(date).map(|closed| closed.until), state.used))
        };
        let mut idle: Vec<_> =
            self.hosts.iter().filter_map(|(name, host)| Some((worth(host)?, name.clone()))).collect();
        idle.sort();
        for (_, name) in idle.into_iter().take((self.hosts.len() / 8).max(1)) {
            self.hosts.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests;
