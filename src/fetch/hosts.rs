//! Politeness: how often and how much at a time one host is asked, across all sites.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::limits;
use crate::weburl::WebUrl;

/// Every host that was asked of late.
#[derive(Default)]
pub(super) struct Hosts(Mutex<HashMap<String, Arc<Host>>>);

#[derive(Default)]
struct Host {
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Default)]
struct State {
    in_flight: usize,
    /// When the last request started or is to start.
    last_start: Option<Instant>,
    /// The moment from which the next one may start, as the last request's site has it.
    rested: Option<Instant>,
}

/// The right to one request. Dropping it, at the end of the exchange, passes it on.
pub(super) struct Turn(Arc<Host>);

impl Hosts {
    /// Waits until one more request may start at the host of `url`: fewer than `concurrency` are in flight, and `gap`
    /// has passed since the last one started. Sites of one host may differ in both; each waits as it was told.
    pub(super) async fn turn(&self, url: &WebUrl, concurrency: usize, gap: Duration) -> Turn {
        let host = self.host(url);
        loop {
            let freed = host.freed.notified();
            let now = Instant::now();
            let taken = host.state().take(now, concurrency, gap);
            if let Some(start) = taken {
                let turn = Turn(Arc::clone(&host));
                // The timer counts in whole milliseconds, so it is not asked for nothing.
                if start > now {
                    tokio::time::sleep_until(start).await;
                }
                return turn;
            }
            freed.await;
        }
    }

    fn host(&self, url: &WebUrl) -> Arc<Host> {
        // `http` and `https` at their own ports are one server; another port is another one.
        let name = match url.as_url().port() {
            Some(port) => format!("{}:{port}", url.host()),
            None => url.host().to_owned(),
        };
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= limits::HOSTS && !hosts.contains_key(&name) {
            forget(&mut hosts, Instant::now());
        }
        Arc::clone(hosts.entry(name).or_default())
    }
}

/// Forgets the hosts that nobody asks or waits for: their one reference is the map's own.
fn forget(hosts: &mut HashMap<String, Arc<Host>>, now: Instant) {
    hosts.retain(|_, host| Arc::strong_count(host) > 1 || !host.state().is_at_rest(now));
}

impl Host {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes a place, if one is free: the moment at which the request may start.
    fn take(&mut self, now: Instant, concurrency: usize, gap: Duration) -> Option<Instant> {
        if self.in_flight >= concurrency.max(1) {
            return None;
        }
        let start = self.last_start.map_or(now, |last| now.max(last + gap));
        self.in_flight += 1;
        self.last_start = Some(start);
        self.rested = Some(start + gap);
        Some(start)
    }

    /// Whether forgetting the host would change nothing.
    fn is_at_rest(&self, now: Instant) -> bool {
        self.in_flight == 0 && self.rested.is_none_or(|at| at <= now)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
        // Everyone looks again: those who wait may have different limits.
        self.0.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;

    const GAP: Duration = Duration::from_millis(100);

    fn url(raw: &str) -> WebUrl {
        WebUrl::parse(raw).unwrap()
    }

    #[test]
    fn requests_start_a_gap_apart() {
        let (mut state, now) = (State::default(), Instant::now());
        let starts: Vec<_> = (0..4).map(|_| state.take(now, 9, GAP).unwrap() - now).collect();
        assert_eq!(starts, [Duration::ZERO, GAP, 2 * GAP, 3 * GAP]);
        assert_eq!(state.take(now + 60 * GAP, 9, GAP), Some(now + 60 * GAP), "a host at rest waits for nobody");
        assert_eq!(state.take(now + 60 * GAP, 9, 5 * GAP), Some(now + 65 * GAP), "each waits as its site says");
    }

    #[test]
    fn no_more_are_in_flight_than_a_site_allows() {
        let (mut state, now) = (State::default(), Instant::now());
        assert!(state.take(now, 2, Duration::ZERO).is_some());
        assert!(state.take(now, 2, Duration::ZERO).is_some());
        assert_eq!(state.take(now, 2, Duration::ZERO), None);
        assert!(state.take(now, 3, Duration::ZERO).is_some());
        state.in_flight = 0;
        assert!(state.take(now, 0, Duration::ZERO).is_some(), "none at all would wait for ever");
    }

    #[tokio::test]
    async fn a_turn_is_passed_on_when_it_ends() {
        let (hosts, a) = (Hosts::default(), url("http://a.example/"));
        let first = hosts.turn(&a, 1, Duration::ZERO).await;
        let second = hosts.turn(&a, 1, Duration::ZERO);
        let given_up = hosts.turn(&a, 1, Duration::ZERO);
        assert!(given_up.now_or_never().is_none());
        let end_first = async {
            tokio::task::yield_now().await;
            drop(first);
        };
        drop(futures_util::future::join(second, end_first).await);
        let turns = join_all((0..50).map(|_| async { drop(hosts.turn(&a, 1, Duration::ZERO).await) })).await;
        assert_eq!(turns.len(), 50);
    }

    #[tokio::test]
    async fn hosts_do_not_wait_for_each_other() {
        let hosts = Hosts::default();
        let mut turns = Vec::new();
        for raw in ["http://a.example/", "http://b.example/", "http://a.example:8080/"] {
            turns.push(hosts.turn(&url(raw), 1, GAP * 1000).await);
        }
        let same = url("https://a.example:443/");
        assert!(hosts.turn(&same, 1, GAP * 1000).now_or_never().is_none(), "https at its own port is the same host");
    }

    #[tokio::test]
    async fn hosts_at_rest_are_forgotten() {
        let hosts = Hosts::default();
        let _busy = hosts.turn(&url("http://busy.example/"), 1, Duration::ZERO).await;
        drop(hosts.turn(&url("http://resting.example/"), 1, GAP * 1000).await);
        for n in 0..limits::HOSTS * 2 {
            drop(hosts.turn(&url(&format!("http://h{n}.example/")), 1, Duration::ZERO).await);
        }
        let known = hosts.0.lock().unwrap();
        assert!(known.len() <= limits::HOSTS, "{}", known.len());
        assert!(known.contains_key("busy.example") && known.contains_key("resting.example"));
    }
}
