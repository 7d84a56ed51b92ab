//! Whose turn it is at a host: who came first goes first, with as much distance and as few at a time as its site was
//! told. Pure, but for the moments that it is given.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::limits;

/// How one request wants to be made.
#[derive(Clone, Copy, Debug)]
pub(in crate::fetch) struct Manners {
    /// Requests in flight to the host at a time.
    pub(in crate::fetch) concurrency: usize,
    /// Least time after the start of the request before.
    pub(in crate::fetch) gap: Duration,
    /// Least time after the start of the page before, as `Crawl-delay` asks; a robots.txt is no page.
    pub(in crate::fetch) delay: Option<Duration>,
    /// Whether it is a page.
    pub(in crate::fetch) is_page: bool,
}

/// Who waits at a host, and what goes on there.
#[derive(Default)]
pub(super) struct Turns {
    pub(super) in_flight: usize,
    queue: VecDeque<Arc<Notify>>,
    last_start: Option<Instant>,
    last_page: Option<Instant>,
    /// The moment from which the next request may start, as the last one's site has it.
    rested: Option<Instant>,
    /// How much longer than asked for the time before the next request is: a part of it, from 0 to 1.
    chance: f64,
}

/// What one that waits is to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Start: the turn is taken.
    Start,
    /// Wait for this moment, or to be called.
    Until(Instant),
    /// Wait to be called.
    Called,
}

impl Turns {
    /// Joins the end of the queue; `None` if it is full.
    pub(super) fn join(&mut self) -> Option<Arc<Notify>> {
        if self.queue.len() >= limits::HOST_QUEUE {
            return None;
        }
        let ticket = Arc::new(Notify::new());
        self.queue.push_back(Arc::clone(&ticket));
        Some(ticket)
    }

    /// Leaves the queue, wherever in it, and calls whoever is first now.
    pub(super) fn leave(&mut self, ticket: &Arc<Notify>) {
        self.queue.retain(|other| !Arc::ptr_eq(other, ticket));
        self.call();
    }

    /// Calls the first one.
    pub(super) fn call(&self) {
        self.queue.front().inspect(|first| first.notify_one());
    }

    /// Calls everybody: something happened that concerns all.
    pub(super) fn call_all(&self) {
        self.queue.iter().for_each(|ticket| ticket.notify_one());
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// What the holder of `ticket` is to do at `now`. `chance` is for the one after it.
    pub(super) fn step(&mut self, ticket: &Arc<Notify>, now: Instant, manners: Manners, chance: f64) -> Step {
        if !self.queue.front().is_some_and(|first| Arc::ptr_eq(first, ticket))
            || self.in_flight >= manners.concurrency.max(1)
        {
            return Step::Called;
        }
        let start = self.start(manners);
        if let Some(start) = start.filter(|start| *start > now) {
            return Step::Until(start);
        }
        self.queue.pop_front();
        self.in_flight += 1;
        self.last_start = Some(now);
        if manners.is_page {
            self.last_page = Some(now);
        }
        self.chance = chance;
        self.rested = Some(now + longer(manners.gap.max(manners.delay.unwrap_or_default()), 1.0));
        self.call();
        Step::Start
    }

    /// The earliest moment for a request; `None`: any.
    fn start(&self, manners: Manners) -> Option<Instant> {
        let after = |last: Option<Instant>, gap: Duration| Some(last? + longer(gap, self.chance));
        let delayed = manners.delay.and_then(|delay| after(self.last_page, delay));
        after(self.last_start, manners.gap).max(delayed)
    }

    /// Whether forgetting all of it would change nothing.
    pub(super) fn are_over(&self, now: Instant) -> bool {
        self.in_flight == 0 && self.queue.is_empty() && self.rested.is_none_or(|at| at <= now)
    }
}

/// A gap, and up to [`limits::GAP_JITTER`] of it more: who asks like clockwork is taken for an attack, and many sites'
/// clocks would fall into step.
fn longer(gap: Duration, chance: f64) -> Duration {
    gap.mul_f64(1.0 + limits::GAP_JITTER * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Duration = Duration::from_millis(100);
    const PAGE: Manners = Manners { concurrency: 9, gap: GAP, delay: None, is_page: true };

    /// Starts as many as may start one after the other; when each did.
    fn starts(turns: &mut Turns, now: Instant, count: usize, manners: Manners, chance: f64) -> Vec<Duration> {
        let mut at = now;
        let mut starts = Vec::new();
        for _ in 0..count {
            let ticket = turns.join().unwrap();
            if let Step::Until(start) = turns.step(&ticket, at, manners, chance) {
                at = start;
                assert_eq!(turns.step(&ticket, at, manners, chance), Step::Start);
            }
            starts.push(at - now);
        }
        starts
    }

    #[test]
    fn fault_54_requests_start_a_gap_apart_and_a_little_more() {
        let (mut turns, now) = (Turns::default(), Instant::now());
        assert_eq!(starts(&mut turns, now, 4, PAGE, 0.0), [Duration::ZERO, GAP, 2 * GAP, 3 * GAP]);
        let later = now + 60 * GAP;
        assert_eq!(starts(&mut turns, later, 1, PAGE, 0.0), [Duration::ZERO], "a host at rest waits for nobody");
        assert_eq!(
            starts(&mut turns, later, 1, Manners { gap: 5 * GAP, ..PAGE }, 0.0),
            [5 * GAP],
            "each as its site says"
        );
        let mut turns = Turns::default();
        let spread = starts(&mut turns, now, 3, PAGE, 1.0);
        assert_eq!(spread, [Duration::ZERO, GAP * 5 / 4, GAP * 5 / 2]);
    }

    #[test]
    fn a_crawl_delay_is_between_pages_and_not_behind_the_robots_txt() {
        let (mut turns, now) = (Turns::default(), Instant::now());
        let robots = Manners { is_page: false, ..PAGE };
        assert_eq!(starts(&mut turns, now, 1, robots, 0.0), [Duration::ZERO]);
        let delayed = Manners { delay: Some(GAP * 50), ..PAGE };
        assert_eq!(starts(&mut turns, now, 2, delayed, 0.0), [GAP, GAP * 51]);
        turns.in_flight = 0;
        assert!(!turns.are_over(now + GAP * 52), "even once they have ended");
    }

    #[test]
    fn fault_54_no_more_are_in_flight_than_a_site_allows_and_nobody_is_overtaken() {
        let (mut turns, now) = (Turns::default(), Instant::now());
        let at_most = |concurrency| Manners { concurrency, gap: Duration::ZERO, ..PAGE };
        let tickets: Vec<_> = (0..5).map(|_| turns.join().unwrap()).collect();
        assert_eq!(turns.step(&tickets[1], now, at_most(9), 0.0), Step::Called, "the first goes first");
        assert_eq!(turns.step(&tickets[0], now, at_most(0), 0.0), Step::Start, "none at all would wait for ever");
        assert_eq!(turns.step(&tickets[1], now, at_most(1), 0.0), Step::Called);
        assert_eq!(turns.step(&tickets[2], now, at_most(9), 0.0), Step::Called, "behind one that may not");
        turns.leave(&tickets[1]);
        assert_eq!(turns.step(&tickets[2], now, at_most(2), 0.0), Step::Start);
        assert_eq!((turns.in_flight, turns.waiting()), (2, 2));
        turns.in_flight = 0;
        assert!(!turns.are_over(now));
    }

    #[test]
    fn the_queue_has_an_end() {
        let mut turns = Turns::default();
        let tickets: Vec<_> = std::iter::from_fn(|| turns.join()).collect();
        assert_eq!(tickets.len(), limits::HOST_QUEUE);
        turns.leave(&tickets[7]);
        assert!(turns.join().is_some() && turns.join().is_none());
    }
}
