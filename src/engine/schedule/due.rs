//! When a site is asked next, from how its refresh ended. Pure: the same end, the same moment.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::limits;
use crate::outcome::Outcome;

/// How a refresh ended, as far as it matters for when the next one follows.
#[derive(Clone, Debug)]
pub(in crate::engine) struct End<'a> {
    /// The site's name: no two sites are asked at the same moment again and again.
    pub(in crate::engine) site: &'a str,
    /// When it ended.
    pub(in crate::engine) at: DateTime<Utc>,
    /// How.
    pub(in crate::engine) outcome: &'a Outcome,
    /// Refreshes before it that did not end well, since the last one that did.
    pub(in crate::engine) failures: u32,
    /// Since when the site has failed, if that is known.
    pub(in crate::engine) failing_since: Option<DateTime<Utc>>,
    /// How often the site is asked while all is well.
    pub(in crate::engine) interval: Duration,
    /// Whether something is left that there was no time for.
    pub(in crate::engine) is_unfinished: bool,
    /// How long the articles' hosts are to be left alone, if some are left because of that.
    pub(in crate::engine) put_off_for: Option<Duration>,
    /// How long the site itself says that its listing stays as it is (RFC 9111, section 4.2).
    pub(in crate::engine) fresh_for: Option<Duration>,
    /// How long its host is to be left alone, because it said so or does not answer.
    pub(in crate::engine) closed_for: Option<Duration>,
}

/// When the next refresh is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Next {
    /// The moment; `None`: at once, since the calendar has no such moment.
    pub(in crate::engine) due: Option<DateTime<Utc>>,
    /// Refreshes that did not end well since the last one that did.
    pub(in crate::engine) failures: u32,
}

/// When a site is asked again. Never before its interval is over, before its host wants to be asked, or, within
/// bounds, before it says that it may have changed; up to a tenth of the time later, so that sites which were asked
/// together are not asked together for ever.
pub(in crate::engine) fn next(end: &End<'_>) -> Next {
    let failures = if end.outcome.why().is_none() { 0 } else { end.failures.saturating_add(1) };
    let wait = match failures {
        // What was never asked for cannot be as it was, whatever the listing says about itself.
        0 if let Some(time) = end.put_off_for => end.interval.min(time.max(limits::UNFINISHED)),
        0 if end.is_unfinished => end.interval.min(limits::UNFINISHED),
        0 => end.interval.max(end.fresh_for.unwrap_or_default().min(believed(end.interval))),
        failures => back_off(failures, end),
    };
    let wait = wait.max(end.closed_for.unwrap_or_default().min(limits::RETRY_AFTER_MOST));
    let wait = wait.saturating_add(later(end.site, end.at, wait));
    let due = TimeDelta::from_std(wait).ok().and_then(|wait| end.at.checked_add_signed(wait));
    Next { due, failures }
}

/// When a site is really due whose archived due time is `due`, set when its refresh ended at `tried` by an interval of
/// `was`. `None`: at once, since the time was set by a clock that was wrong.
pub(in crate::engine) fn believable(
    due: DateTime<Utc>,
    tried: Option<DateTime<Utc>>,
    was: Option<Duration>,
    interval: Duration,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let after = |moment: DateTime<Utc>, wait: Duration| {
        TimeDelta::from_std(wait)
            .ok()
            .and_then(|wait| moment.checked_add_signed(wait))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    };
    if tried.is_some_and(|tried| tried > after(now, CLOCK_SLIP)) || due > after(now, longest(interval)) {
        return None;
    }
    match (tried, was) {
        // The operator wants it more often by now.
        (Some(tried), Some(was)) if interval < was => Some(due.min(after(tried, interval))),
        _ => Some(due),
    }
}

/// How far ahead of ours the clock of another process may be that wrote the archive.
const CLOCK_SLIP: Duration = Duration::from_mins(1);

/// The longest time that [`next`] leaves a site alone.
fn longest(interval: Duration) -> Duration {
    let wait = interval.max(limits::RETRY_AFTER_MOST).max(limits::FAILING_WAIT);
    wait.saturating_add(wait / LATER)
}

/// What part of a wait is added to it at most.
const LATER: u32 = 10;

/// How long a site is believed that its listing does not change: an operator who wants news each hour does not expect
/// them once a day because a server is set up carelessly.
fn believed(interval: Duration) -> Duration {
    interval.saturating_mul(limits::BELIEVED_TIMES).clamp(limits::BELIEVED_AT_LEAST, limits::BELIEVED_AT_MOST)
}

/// Doubled with each failure up to the interval; a site that has failed for long is left alone for a part of that time.
fn back_off(failures: u32, end: &End<'_>) -> Duration {
    let doubled = limits::RETRY.saturating_mul(1 << (failures - 1).min(16));
    let failing = end.failing_since.and_then(|since| (end.at - since).to_std().ok()).unwrap_or_default();
    let most = (failing / limits::FAILING_PART).min(limits::FAILING_WAIT).max(end.interval);
    doubled.min(most)
}

/// How much later than it might a site is asked: up to a tenth of `wait`, by its name and the time. Nothing random,
/// so that the same history gives the same times.
fn later(site: &str, at: DateTime<Utc>, wait: Duration) -> Duration {
    (wait / LATER).mul_f64(part(site, at.timestamp()))
}

/// A number from 0 to 1 that differs from site to site, and with `turn`.
pub(in crate::engine) fn part(site: &str, turn: i64) -> f64 {
    // Its keys are always the same (`DefaultHasher::new`).
    let mut hasher = DefaultHasher::new();
    (site, turn).hash(&mut hasher);
    let high = u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX);
    f64::from(high) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn at() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn bad() -> Outcome {
        Outcome::Failed { why: "no answer".into(), status: None, timed_out: true }
    }

    fn end<'a>(site: &'a str, outcome: &'a Outcome) -> End<'a> {
        End {
            site,
            at: at(),
            outcome,
            failures: 0,
            failing_since: None,
            interval: HOUR,
            is_unfinished: false,
            put_off_for: None,
            fresh_for: None,
            closed_for: None,
        }
    }

    fn is_about(end: &End<'_>, expected: Duration) {
        let wait = (next(end).due.unwrap() - end.at).to_std().unwrap();
        assert!(wait >= expected && wait <= expected + expected / 10, "{wait:?} instead of {expected:?}: {end:?}");
    }

    #[test]
    fn all_well() {
        is_about(&end("a", &Outcome::Unchanged), HOUR);
        assert_eq!(next(&End { failures: 7, ..end("a", &Outcome::Unchanged) }).failures, 0);
        is_about(&End { is_unfinished: true, ..end("a", &Outcome::Unchanged) }, limits::UNFINISHED);
        for (minutes, expected) in [(0, limits::UNFINISHED), (20, Duration::from_mins(20)), (90, HOUR)] {
            let put_off_for = Some(Duration::from_mins(minutes));
            is_about(&End { put_off_for, ..end("a", &Outcome::Unchanged) }, expected);
        }
        let impatient = End { is_unfinished: true, interval: Duration::from_secs(5), ..end("a", &Outcome::Unchanged) };
        is_about(&impatient, Duration::from_secs(5));
    }

    #[test]
    fn fault_55_a_site_that_says_how_long_it_stays_is_believed_within_bounds() {
        let says = |interval: u64, fresh_for: u64| {
            let (interval, fresh_for) = (Duration::from_mins(interval), Some(Duration::from_mins(fresh_for)));
            next(&End { interval, fresh_for, ..end("a", &Outcome::Unchanged) }).due.unwrap() - at()
        };
        for (interval, fresh_for, expected) in [
            (60, 10, 60),
            (60, 90, 90),
            (60, 24 * 60, 4 * 60),
            (5, 60, 60),
            (5, 24 * 60, 60),
            (12 * 60, 365 * 24 * 60, 24 * 60),
            (48 * 60, 24 * 60, 48 * 60),
        ] {
            let wait = says(interval, fresh_for).num_seconds();
            assert!((expected * 60..=expected * 66).contains(&wait), "{interval} {fresh_for}: {wait}");
        }
    }

    #[test]
    fn a_failing_site_is_asked_less_and_less() {
        let bad = bad();
        for (failures, minutes) in (0..).zip([1, 2, 4, 8, 16, 32, 60, 60, 60]) {
            let end = End { failures, ..end("a", &bad) };
            is_about(&end, Duration::from_mins(minutes));
            assert_eq!(next(&end).failures, failures + 1);
        }
        let failing = |interval: Duration, days: i64, hours: u64| {
            let failing_since = Some(at() - TimeDelta::days(days));
            is_about(&End { failures: 500, failing_since, interval, ..end("a", &bad) }, Duration::from_hours(hours));
        };
        for (days, hours) in [(1, 1), (3, 3), (7, 7), (24, 24), (900, 24)] {
            failing(HOUR, days, hours);
        }
        failing(Duration::from_hours(24 * 30), 60, 24 * 30);
    }

    #[test]
    fn what_is_archived_is_believed_if_it_can_be() {
        let (hour, minute) = (TimeDelta::hours(1), TimeDelta::minutes(1));
        let due = |due, tried, was: Option<Duration>, interval| believable(due, Some(tried), was, interval, at());
        assert_eq!(due(at() + hour, at(), Some(HOUR), HOUR), Some(at() + hour));
        assert_eq!(due(at() + hour * 24, at(), Some(HOUR), HOUR), Some(at() + hour * 24), "a Retry-After");
        assert_eq!(due(at() + hour * 27, at(), Some(HOUR), HOUR), None, "nobody waits that long");
        assert_eq!(due(at() + hour * 24 * 30, at(), None, HOUR * 24 * 30), Some(at() + hour * 24 * 30));
        assert_eq!(due(at() + hour * 6, at() + hour * 5, Some(HOUR), HOUR), None, "that has not happened yet");
        assert_eq!(due(at() + hour, at() + minute, Some(HOUR), HOUR), Some(at() + hour), "a clock beside ours");
        assert_eq!(due(at() + hour * 9, at() - hour, Some(HOUR * 10), HOUR * 2), Some(at() + hour), "edited");
        assert_eq!(due(at() + hour, at(), Some(HOUR), HOUR * 12), Some(at() + hour), "the next one will be later");
    }

    #[test]
    fn a_host_that_wants_to_be_left_alone_is() {
        let bad = bad();
        let of = |minutes| Some(Duration::from_mins(minutes));
        is_about(&End { closed_for: of(180), ..end("a", &bad) }, HOUR * 3);
        is_about(&End { closed_for: of(0), ..end("a", &bad) }, limits::RETRY);
        is_about(&End { closed_for: of(90), ..end("a", &Outcome::Unchanged) }, Duration::from_mins(90));
        is_about(&End { closed_for: of(60 * 24 * 365), ..end("a", &bad) }, limits::RETRY_AFTER_MOST);
    }

    #[test]
    fn sites_that_end_together_spread_out() {
        let names: Vec<String> = (0..1_000).map(|n| format!("site-{n}")).collect();
        let mut minutes = [0; 6];
        for name in &names {
            let wait = next(&end(name, &Outcome::Unchanged)).due.unwrap() - at();
            let extra = usize::try_from(wait.num_minutes() - 60).unwrap();
            minutes[extra] += 1;
            assert_eq!(next(&end(name, &Outcome::Unchanged)), next(&end(name, &Outcome::Unchanged)));
        }
        assert!(minutes.iter().all(|&count| (100..250).contains(&count)), "{minutes:?}");
    }

    proptest! {
        #[test]
        fn never_before_anybody_allows_and_never_beyond_what_is_called_longest(
            failures in 0_u32..200_000,
            interval in 1_u64..40_000_000,
            fresh_for in proptest::option::of(0_u64..u64::MAX),
            failing in proptest::option::of(-100_000_i64..100_000_000),
            closed in proptest::option::of(0_u64..86_400),
            is_unfinished: bool,
            is_good: bool,
        ) {
            let outcome = if is_good { Outcome::Unchanged } else { bad() };
            let interval = Duration::from_secs(interval);
            let moment = |seconds: i64| at() + TimeDelta::seconds(seconds);
            let end = End {
                failures,
                interval,
                is_unfinished,
                fresh_for: fresh_for.map(Duration::from_secs),
                failing_since: failing.map(|seconds| moment(-seconds)),
                closed_for: closed.map(Duration::from_secs),
                ..end("a", &outcome)
            };
            let wait = (next(&end).due.unwrap() - at()).to_std().unwrap();
            let least = if !is_good { interval.min(limits::RETRY) } else if is_unfinished { interval.min(limits::UNFINISHED) } else { interval };
            prop_assert!(wait >= least);
            prop_assert!(end.closed_for.is_none_or(|closed| wait >= closed));
            prop_assert!(believable(next(&end).due.unwrap(), Some(at()), Some(interval), interval, at()).is_some());
        }
    }
}
