//! How a site is doing, and when that is worth telling somebody. Pure.
//!
//! One refresh that fails says little: the web fails all the time. So a site stays healthy, with its trouble shown,
//! until the trouble has lasted; what has not ended since the last refresh without any is an episode. Whoever runs
//! Feedmill hears of an episode once, and once when it is over. All of it goes by what refreshes came to and when, never
//! by the time at which somebody looks: a site that nobody asks for does not fall ill by that.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::drift::Drifted;
use crate::limits;
use crate::outcome::Outcome;
use crate::text::{Text, shorten};

/// How long after its last good refresh a site that is in trouble counts as broken, although its last good edition is
/// still served: what was news then is none any more.
const STALE: TimeDelta = TimeDelta::days(7);

/// How a site is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// The last refresh was good, or its trouble is too young to count.
    Healthy,
    /// It has been in trouble for some time; the last good edition, or what could be read, is served.
    Degraded,
    /// There is nothing to serve, or nothing but an edition that is a week old.
    Broken,
}

impl Health {
    /// Every health, the best first.
    pub const ALL: [Self; 3] = [Self::Healthy, Self::Degraded, Self::Broken];

    /// The name in pages, status and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Broken => "broken",
        }
    }
}

/// How much trouble is nothing unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// As many refreshes in a row in trouble count.
    pub failures: u32,
    /// So does trouble that has lasted this long, if it was seen more than once.
    pub time: Duration,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { failures: 3, time: Duration::from_hours(6) }
    }
}

/// Trouble that has not ended since a site's last refresh without any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// The end of the first refresh that was in trouble.
    pub since: DateTime<Utc>,
    /// How many were, in a row.
    pub refreshes: u32,
    /// The alarm that was raised; `None`: it may pass yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<Alarmed>,
}

/// An alarm that was raised: as it was, however the trouble goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarmed {
    /// When.
    pub at: DateTime<Utc>,
    /// The trouble.
    pub why: String,
    /// What to do about it.
    pub advice: String,
}

/// What a refresh changed about a site's health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Its trouble counts from now on.
    Alarm,
    /// The trouble that counted is over: what it was.
    AllClear(Episode),
}

/// What one refresh says about a site's health.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// What is wrong; `None`: nothing is.
    pub trouble: Option<&'a str>,
    /// What to do about it.
    pub advice: &'a str,
    /// Refreshes in a row, this one included, that did not end well.
    pub failures: u32,
    /// Whether it is trouble that may well be none, and is shown without calling anybody.
    pub is_calm: bool,
}

/// The episode after one more refresh, and whether the site's health turned by it.
pub fn after(before: Option<Episode>, seen: Seen<'_>, tolerance: Tolerance) -> (Option<Episode>, Option<Turn>) {
    let Some(trouble) = seen.trouble else {
        let over = before.filter(|episode| episode.alarm.is_some()).map(Turn::AllClear);
        return (None, over);
    };
    let mut episode = match before {
        Some(before) => Episode { refreshes: before.refreshes.saturating_add(1), ..before },
        // An archive that an earlier version wrote may know of failures, but not since when.
        None => Episode { since: seen.at, refreshes: seen.failures.max(1), alarm: None },
    };
    let lasted = (seen.at - episode.since).to_std().unwrap_or_default();
    let lasts = episode.refreshes >= tolerance.failures || episode.refreshes > 1 && lasted >= tolerance.time;
    let counts = lasts && !seen.is_calm;
    if episode.alarm.is_some() || !counts {
        return (Some(episode), None);
    }
    let bounded = |text: &str| shorten(Text::new(text).as_ref().map_or("", Text::as_str), limits::WHY_CHARS);
    episode.alarm = Some(Alarmed { at: seen.at, why: bounded(trouble), advice: bounded(seen.advice) });
    (Some(episode), Some(Turn::Alarm))
}

/// How a site is doing that was last refreshed at `tried` and last well at `succeeded`; `None`: never refreshed.
pub fn health(
    episode: Option<&Episode>,
    tried: Option<DateTime<Utc>>,
    succeeded: Option<DateTime<Utc>>,
) -> Option<Health> {
    let tried = tried?;
    let Some(succeeded) = succeeded else { return Some(Health::Broken) };
    Some(match episode {
        Some(Episode { alarm: Some(_), .. }) if tried - succeeded >= STALE => Health::Broken,
        Some(Episode { alarm: Some(_), .. }) => Health::Degraded,
        _ => Health::Healthy,
    })
}

/// What is wrong with a site whose last refresh ended so; `None`: nothing that matters. A drift that calls for the operator
/// counts also where entries were read.
pub fn trouble(site: &str, outcome: &Outcome, drift: Option<&Drifted>) -> Option<String> {
    match (outcome.why(), drift) {
        // What to do stands behind what was seen, for those who read nothing else; here it is told apart.
        (Some(why), Some(drift)) => {
            let seen = why.strip_suffix(drift.what.advice(site).as_str()).and_then(|seen| seen.strip_suffix("; "));
            Some(seen.unwrap_or(why).to_owned())
        }
        (Some(why), None) => Some(why.to_owned()),
        (None, drift) => drift.filter(|drift| drift.is_alarm()).map(|drift| drift.what.to_string()),
    }
}

/// Whether a refresh is one in trouble that calls nobody yet: its page was read, and what was seen of it may well be
/// nothing unusual.
pub fn is_calm(outcome: &Outcome, drift: Option<&Drifted>) -> bool {
    matches!(outcome, Outcome::Empty { .. }) && drift.is_some_and(|drift| !drift.is_alarm())
}

/// What the operator can do about it; `None`: nothing has to be done.
pub fn advice(site: &str, outcome: &Outcome, drift: Option<&Drifted>) -> Option<String> {
    trouble(site, outcome, drift)?;
    match drift {
        Some(drift) => Some(drift.what.advice(site)),
        None => of_outcome(site, outcome),
    }
}

fn of_outcome(site: &str, outcome: &Outcome) -> Option<String> {
    let look = format!("`feedmill preview {site} --explain` shows what a refresh comes to");
    Some(match outcome {
        Outcome::Fresh { .. } | Outcome::Unchanged => return None,
        Outcome::Partial { .. } => {
            format!(
                "see whether the addresses that failed still exist, and take those out of `url` that do not; {look}"
            )
        }
        Outcome::Empty { .. } => {
            format!("open the page in a browser: if it shows a list, the rule wants mending, or writing; {look}")
        }
        Outcome::Failed { status: Some(401 | 403 | 407), .. } => {
            "open the page in a browser: if it opens there, the site wants `headers`, `cookies` or another \
             `user_agent`; if it does not want programs at all, take it out"
                .to_owned()
        }
        Outcome::Failed { status: Some(404 | 410), .. } => {
            "the page has moved or is gone: find its new address, and write it as `url`".to_owned()
        }
        Outcome::Failed { status: Some(429), .. } => {
            "the site is asked too often: a longer `refresh`, or fewer sites of the same host, will do".to_owned()
        }
        Outcome::Failed { status: Some(500..=599), .. } => {
            "the site itself is in trouble: wait; Feedmill asks again by itself".to_owned()
        }
        Outcome::Failed { timed_out: true, .. } => {
            "the site is slow or cannot be reached from here: wait, or see whether this machine's network is up"
                .to_owned()
        }
        Outcome::Failed { .. } => look,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::Drift;

    const TOLERANCE: Tolerance = Tolerance { failures: 3, time: Duration::from_hours(6) };

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    /// What a row of refreshes leads to: each at its minute, in trouble or not.
    fn turns(refreshes: &[(i64, bool)]) -> Vec<(i64, &'static str)> {
        let (mut episode, mut turns) = (None, Vec::new());
        for (minute, is_bad) in refreshes {
            let trouble = is_bad.then_some("it answered 500");
            let seen = Seen { at: at(*minute), trouble, advice: "wait", failures: 1, is_calm: false };
            let (next, turn) = after(episode, seen, TOLERANCE);
            episode = next;
            turns.extend(turn.map(|turn| (*minute, if turn == Turn::Alarm { "alarm" } else { "all-clear" })));
        }
        turns
    }

    #[test]
    fn trouble_counts_after_so_many_refreshes_or_so_long() {
        assert_eq!(turns(&[(0, true), (1, true)]), []);
        assert_eq!(turns(&[(0, true), (1, true), (2, true)]), [(2, "alarm")]);
        assert_eq!(turns(&[(0, true), (359, true)]), []);
        assert_eq!(turns(&[(0, true), (360, true)]), [(360, "alarm")]);
        assert_eq!(turns(&[(0, true), (1, false), (2, true), (3, true), (4, false), (5, true)]), [], "blips");
        assert_eq!(turns(&[(-9, false), (0, true), (-999, true)]), [], "a clock that was set back");
    }

    #[test]
    fn an_episode_is_told_once_and_its_end_once() {
        let bad = |from: i64, to: i64| (from..to).map(|minute| (minute, true));
        let episodes: Vec<_> = bad(0, 99).chain([(99, false), (100, false)]).chain(bad(101, 110)).collect();
        assert_eq!(turns(&episodes), [(2, "alarm"), (99, "all-clear"), (103, "alarm")]);
    }

    #[test]
    fn an_alarm_stays_what_it_was() {
        let mut episode = None;
        for n in 0..5 {
            let trouble = format!("trouble {n}");
            let seen = Seen { at: at(n), trouble: Some(&trouble), advice: "wait", failures: 1, is_calm: false };
            (episode, _) = after(episode, seen, TOLERANCE);
        }
        let episode = episode.unwrap();
        let alarm = episode.alarm.unwrap();
        assert_eq!((episode.since, episode.refreshes, alarm.at), (at(0), 5, at(2)));
        assert_eq!(alarm.why, "trouble 2");
    }

    #[test]
    fn what_an_earlier_version_counted_counts() {
        let seen = Seen { at: at(0), trouble: Some("x"), advice: "", failures: 7, is_calm: false };
        assert_eq!(after(None, seen, TOLERANCE).1, Some(Turn::Alarm));
    }

    #[test]
    fn a_page_does_not_get_into_an_alarm() {
        let page = "<html>\0\u{1b}[31m\n".repeat(100_000);
        let seen = Seen { at: at(0), trouble: Some(&page), advice: "", failures: 3, is_calm: false };
        let why = after(None, seen, TOLERANCE).0.unwrap().alarm.unwrap().why;
        assert!(why.chars().count() <= limits::WHY_CHARS + 1 && !why.contains(['\0', '\u{1b}', '\n']));
    }

    #[test]
    fn a_drift_that_calls_is_trouble_though_entries_were_read() {
        let fresh = Outcome::Fresh { entries: 9, new: 0, changed: 0 };
        let drifted = |what: Drift, refreshes| Drifted { what, since: at(0), refreshes };
        let thinner = |refreshes| drifted(Drift::Fewer { entries: 2, usual: 20 }, refreshes);
        assert_eq!(trouble("mill", &fresh, None), None);
        assert_eq!(trouble("mill", &fresh, Some(&thinner(1))), None, "lists vary");
        assert_eq!(
            trouble("mill", &fresh, Some(&thinner(9))).as_deref(),
            Some("there are 2 entries instead of some 20")
        );
        assert!(
            advice("mill", &fresh, Some(&thinner(9))).is_some() && advice("mill", &fresh, Some(&thinner(1))).is_none()
        );
        let empty = Outcome::Empty { why: "nothing matches".to_owned() };
        let redesign = drifted(Drift::Redesign, 1);
        let told = Outcome::Empty { why: format!("nothing matches; {}", redesign.what.advice("mill")) };
        assert_eq!(trouble("mill", &told, Some(&redesign)).as_deref(), Some("nothing matches"), "advice is told once");
        assert_eq!(trouble("mill", &empty, Some(&redesign)).as_deref(), Some("nothing matches"));
        let advice = advice("mill", &empty, Some(&redesign)).unwrap();
        assert!(advice.contains("`feedmill preview mill --explain`"), "{advice}");
    }

    #[test]
    fn health_goes_by_the_alarm_and_by_what_there_is_to_serve() {
        let alarm = Some(Alarmed { at: at(0), why: String::new(), advice: String::new() });
        let young = Episode { since: at(0), refreshes: 1, alarm: None };
        let old = Episode { since: at(0), refreshes: 9, alarm };
        let week = 7 * 24 * 60;
        assert_eq!(health(None, None, None), None);
        assert_eq!(health(None, Some(at(0)), Some(at(0))), Some(Health::Healthy));
        assert_eq!(health(Some(&young), Some(at(9)), Some(at(0))), Some(Health::Healthy));
        assert_eq!(health(Some(&young), Some(at(9)), None), Some(Health::Broken), "there is nothing to serve");
        assert_eq!(health(Some(&old), Some(at(week - 1)), Some(at(0))), Some(Health::Degraded));
        assert_eq!(health(Some(&old), Some(at(week)), Some(at(0))), Some(Health::Broken));
        assert_eq!(health(Some(&old), Some(at(week)), Some(at(week))), Some(Health::Degraded), "in part");
    }
}
