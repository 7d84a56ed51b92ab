//! For how long a copy of a robots.txt holds, and what holds while none can be had (RFC 9309, sections 2.3.1 and 2.4).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::host::{Robots, RobotsCopy};
use crate::limits;

/// What asking for it brought.
#[derive(Debug)]
pub(super) enum Got {
    /// It is there, and the site says for how long it holds.
    Rules(Robots, Option<Duration>),
    /// There is none: everything is allowed (section 2.3.1.3).
    Nothing,
    /// Nobody knows: nothing is allowed (section 2.3.1.4).
    Missing(String),
}

/// What a copy comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// These rules hold.
    Rules(&'a Robots),
    /// There were never any.
    Free,
    /// Nothing is allowed, because of this.
    Missing(&'a str),
}

/// What is known at `now`, once asking brought this.
pub(super) fn after(known: Option<&RobotsCopy>, got: Got, now: DateTime<Utc>) -> RobotsCopy {
    let read = |robots, time| RobotsCopy { until: now + delta(time), read: Some((now, robots)), missing: None };
    match got {
        Got::Rules(robots, fresh) => {
            let time = fresh.unwrap_or(limits::ROBOTS_MOST).clamp(limits::ROBOTS_LEAST, limits::ROBOTS_MOST);
            read(robots, time)
        }
        Got::Nothing => read(Robots::default(), limits::ROBOTS_MOST),
        Got::Missing(why) => {
            let since = known.and_then(|known| known.missing.as_ref()).map_or(now, |(since, _)| *since);
            RobotsCopy {
                until: now + delta(limits::ROBOTS_RETRY),
                read: known.and_then(|known| known.read.clone()),
                missing: Some((since, why)),
            }
        }
    }
}

/// Whether it is to be asked for. A time further away than it is ever set was set by a clock that was wrong.
pub(super) fn is_due(copy: &RobotsCopy, now: DateTime<Utc>) -> bool {
    copy.until <= now || copy.until > now + delta(limits::ROBOTS_MOST)
}

/// What holds at `now`. A copy holds for as long as one may be kept, also if it cannot be had anew; after a month
/// without, the last one, or none.
pub(super) fn standing(copy: &RobotsCopy, now: DateTime<Utc>) -> Standing<'_> {
    let rules = copy.read.as_ref().map_or(Standing::Free, |(_, robots)| Standing::Rules(robots));
    let is_young = copy.read.as_ref().is_some_and(|(read, _)| now < *read + delta(limits::ROBOTS_MOST));
    match &copy.missing {
        Some((since, why)) if !is_young && now < *since + delta(limits::ROBOTS_GIVEN_UP) => Standing::Missing(why),
        _ => rules,
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

    fn minutes(copy: &RobotsCopy) -> i64 {
        (copy.until - noon()).num_minutes()
    }

    #[test]
    fn fault_53_a_copy_holds_as_long_as_the_site_says_within_bounds() {
        for (fresh, expected) in [(None, 1440), (Some(3600), 60), (Some(0), 10), (Some(1_000_000), 1440)] {
            let copy = after(None, Got::Rules(Robots::default(), fresh.map(Duration::from_secs)), noon());
            assert_eq!(minutes(&copy), expected, "{fresh:?}");
            assert!(!is_due(&copy, noon()) && is_due(&copy, copy.until));
            assert!(is_due(&copy, noon() - TimeDelta::days(2)), "a clock that was wrong");
        }
    }

    #[test]
    fn fault_53_what_cannot_be_had_forbids_for_a_month() {
        let lost = || Got::Missing("the site answered 500".into());
        let first = after(None, lost(), noon());
        assert_eq!(standing(&first, noon()), Standing::Missing("the site answered 500"));
        let later = noon() + TimeDelta::days(29);
        let again = after(Some(&first), lost(), later);
        assert!(matches!(standing(&again, later), Standing::Missing(_)));
        let month = noon() + TimeDelta::days(30);
        assert_eq!(standing(&after(Some(&again), lost(), month), month), Standing::Free);
    }

    #[test]
    fn fault_53_a_copy_outlives_the_file_for_a_day_and_comes_back_after_a_month() {
        let robots = Robots { rules: Vec::new(), delay: Some(Duration::from_secs(1)) };
        let read = after(None, Got::Rules(robots.clone(), Some(Duration::ZERO)), noon());
        let later = noon() + TimeDelta::hours(23);
        let lost = after(Some(&read), Got::Missing(String::new()), later);
        assert_eq!(standing(&lost, later), Standing::Rules(&robots));
        assert!(matches!(standing(&lost, noon() + TimeDelta::hours(24)), Standing::Missing(_)));
        assert_eq!(standing(&lost, later + TimeDelta::days(30)), Standing::Rules(&robots));
    }
}
