//! When a host is left alone: because it asked for that, or because nothing good comes from it. Pure.
//!
//! Closed for a time, then on trial: one request goes through, and what becomes of it decides. Each closing that
//! follows another is twice as long.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::host::Closed;
use crate::limits;
use crate::weburl::WebUrl;

/// What went wrong with a request, as far as it says something about the host.
#[derive(Clone, Debug)]
pub(in crate::fetch) enum Trouble {
    /// The host could not be reached.
    Unreachable(String),
    /// It was, and had no good answer for this address: that may be the page's own fault, so only several of them count.
    Page(WebUrl, String),
    /// It said that it is asked too much (429), and not for how long it wants peace.
    TooMuch,
    /// It asked to be left alone for a time, with an answer of this status.
    Asked(u16, Duration),
}

/// The state of a host's health.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    pub(super) closed: Option<Closed>,
    pub(super) closings: u32,
    /// Whether it was closed, and no good answer has come since.
    is_on_trial: bool,
    /// Failures in a row to reach it.
    unreached: u32,
    /// The addresses that failed since the last good answer.
    pages: Vec<u64>,
}

impl Breaker {
    /// As it was when another process ended. `binds`: what that process found out by failing is more than a hint.
    pub(super) fn recalled(closed: Option<Closed>, closings: u32, binds: bool) -> Self {
        let is_on_trial = closed.is_some();
        Self { closed: closed.filter(|closed| binds || closed.is_asked_for), closings, is_on_trial, ..Self::default() }
    }

    /// Whether, until when, and why it is not to be asked.
    pub(super) fn closed(&self, now: DateTime<Utc>) -> Option<&Closed> {
        // A time further away than it is ever set was set by a clock that was wrong.
        let furthest = now + delta(limits::RETRY_AFTER_MOST);
        self.closed.as_ref().filter(|closed| now < closed.until && closed.until <= furthest)
    }

    /// Whether only one request may be on its way.
    pub(super) fn is_on_trial(&self) -> bool {
        self.is_on_trial
    }

    pub(super) fn failures(&self) -> u32 {
        self.unreached.saturating_add(u32::try_from(self.pages.len()).unwrap_or(u32::MAX))
    }

    /// A good answer came; whether there is something new to remember.
    pub(super) fn good(&mut self, now: DateTime<Utc>) -> bool {
        // One that was on its way when the host asked for peace does not end it.
        if self.closed(now).is_some_and(|closed| closed.is_asked_for) {
            return false;
        }
        let is_news = self.closed.is_some() || self.closings > 0;
        *self = Self::default();
        is_news
    }

    /// Something went wrong; whether the host is closed for it. `chance`, from 0 to 1, spreads the ends of closings.
    pub(super) fn trouble(&mut self, trouble: Trouble, now: DateTime<Utc>, chance: f64) -> bool {
        // After a peace that it asked for, one failure is nothing.
        let is_last_chance = self.is_on_trial && self.closings > 0;
        let why = match trouble {
            Trouble::Asked(code, time) => {
                let why = format!("it answered {code} and asked for time (Retry-After)");
                return self.close(now + delta(time), why, true);
            }
            Trouble::TooMuch => "it answered 429: it is asked too much".to_owned(),
            Trouble::Unreachable(why) => {
                self.unreached = self.unreached.saturating_add(1);
                if self.failures() < limits::HOST_FAILURES && !is_last_chance {
                    return false;
                }
                why
            }
            Trouble::Page(url, why) => {
                let mut hasher = DefaultHasher::new();
                url.essence().hash(&mut hasher);
                let page = hasher.finish();
                if !self.pages.contains(&page) && self.pages.len() < limits::HOST_FAILURES as usize {
                    self.pages.push(page);
                }
                if self.failures() < limits::HOST_FAILURES && !is_last_chance {
                    return false;
                }
                why
            }
        };
        if self.closed(now).is_some() {
            // Several were on their way when it was closed: that is one failure, not many.
            return false;
        }
        self.closings = self.closings.saturating_add(1);
        let doubled = limits::HOST_CLOSED.saturating_mul(1 << (self.closings - 1).min(16));
        let time = doubled.min(limits::HOST_CLOSED_MOST).mul_f64(1.0 + chance.clamp(0.0, 1.0) / 4.0);
        self.close(now + delta(time.min(limits::HOST_CLOSED_MOST)), why, false)
    }

    fn close(&mut self, until: DateTime<Utc>, why: String, is_asked_for: bool) -> bool {
        self.is_on_trial = true;
        if self.closed.as_ref().is_some_and(|closed| closed.is_asked_for && closed.until >= until) {
            return false;
        }
        self.closed = Some(Closed { until, why, is_asked_for });
        true
    }
}

fn delta(time: Duration) -> TimeDelta {
    TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn dead() -> Trouble {
        Trouble::Unreachable("nobody is there".into())
    }

    fn page(n: u32) -> Trouble {
        Trouble::Page(WebUrl::parse(&format!("https://a.example/{n}")).unwrap(), "the site answered 500".into())
    }

    fn seconds(breaker: &Breaker, now: DateTime<Utc>) -> Option<i64> {
        breaker.closed(now).map(|closed| (closed.until - now).num_seconds())
    }

    #[test]
    fn a_host_that_is_not_there_is_closed_for_longer_and_longer() {
        let (mut breaker, mut now) = (Breaker::default(), noon());
        for n in 1..limits::HOST_FAILURES {
            assert!(!breaker.trouble(dead(), now, 0.0), "{n} failures are not enough");
        }
        let mut times = Vec::new();
        for _ in 0..9 {
            assert!(breaker.trouble(dead(), now, 0.0) && breaker.is_on_trial());
            assert!(!breaker.trouble(dead(), now, 0.0), "those that were on their way do not count");
            times.extend(seconds(&breaker, now));
            now = breaker.closed.as_ref().unwrap().until;
            assert_eq!(breaker.closed(now), None, "on trial, and one failure is enough now");
        }
        assert_eq!(times, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        assert!(breaker.good(now));
        assert!(!breaker.is_on_trial() && !breaker.trouble(dead(), now, 0.0), "one good answer, and all is forgotten");
    }

    #[test]
    fn chance_makes_it_longer_and_never_longer_than_the_most() {
        for (chance, expected) in [(0.0, 60), (0.5, 67), (1.0, 75), (7.0, 75), (-1.0, 60)] {
            let mut breaker = Breaker::default();
            let closings = (0..limits::HOST_FAILURES).filter(|_| breaker.trouble(dead(), noon(), chance));
            assert_eq!(closings.count(), 1);
            assert_eq!(seconds(&breaker, noon()), Some(expected), "{chance}");
        }
        let mut breaker = Breaker { closings: 40, is_on_trial: true, ..Breaker::default() };
        breaker.trouble(dead(), noon(), 1.0);
        assert_eq!(seconds(&breaker, noon()), Some(3600));
    }

    #[test]
    fn one_broken_page_closes_no_host_but_several_do() {
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            assert!(!breaker.trouble(page(1), noon(), 0.0));
        }
        assert_eq!(breaker.failures(), 1);
        for n in 2..limits::HOST_FAILURES {
            assert!(!breaker.trouble(page(n), noon(), 0.0));
        }
        assert!(breaker.trouble(page(99), noon(), 0.0));
        assert_eq!(seconds(&breaker, noon()), Some(60));
    }

    #[test]
    fn fault_22_peace_that_was_asked_for_is_kept() {
        let mut breaker = Breaker::default();
        assert!(breaker.trouble(Trouble::Asked(503, Duration::from_mins(2)), noon(), 1.0));
        assert_eq!(seconds(&breaker, noon()), Some(120), "to the second");
        assert!(!breaker.good(noon()), "by a page that was on its way, too");
        assert!(!breaker.trouble(Trouble::Asked(503, Duration::from_secs(5)), noon(), 0.0), "nor does it get shorter");
        assert!(!breaker.trouble(Trouble::TooMuch, noon(), 0.0));
        assert_eq!(seconds(&breaker, noon()), Some(120));
        let later = noon() + TimeDelta::seconds(120);
        assert!(breaker.closed(later).is_none() && breaker.is_on_trial());
        assert!(!breaker.trouble(page(1), later, 0.0), "one broken page is nothing");
        assert!(!breaker.trouble(dead(), later, 0.0), "nor is one connection that breaks off");
        assert!(breaker.good(later) && breaker.closed.is_none());
    }

    #[test]
    fn fault_22_asked_too_much_without_a_time_is_a_time_of_our_own() {
        let mut breaker = Breaker::default();
        assert!(breaker.trouble(Trouble::TooMuch, noon(), 0.0));
        assert_eq!(seconds(&breaker, noon()), Some(60));
        let later = noon() + TimeDelta::seconds(60);
        assert!(breaker.trouble(Trouble::TooMuch, later, 0.0));
        assert_eq!(seconds(&breaker, later), Some(120));
    }

    #[test]
    fn what_another_process_found_out() {
        let until = noon() + TimeDelta::seconds(60);
        let closed = |is_asked_for| Some(Closed { until, why: String::new(), is_asked_for });
        assert!(Breaker::recalled(closed(false), 3, true).closed(noon()).is_some());
        let hint = Breaker::recalled(closed(false), 3, false);
        assert!(hint.closed(noon()).is_none() && hint.is_on_trial());
        assert!(Breaker::recalled(closed(true), 0, false).closed(noon()).is_some(), "Retry-After binds everybody");
        let wrong = noon() - TimeDelta::days(400);
        assert!(Breaker::recalled(closed(true), 0, true).closed(wrong).is_none(), "a clock that was wrong");
    }
}
