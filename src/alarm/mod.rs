//! Telling the operator that a site's health has turned: what is told, and the command that tells it.
//!
//! Whoever hears of it gets one JSON object ([`Call`]) in which `text` says all of it in a line, so that chat services
//! take it as it is; the rest is for programs.

mod command;

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use command::{CommandError, run};

use crate::health::Health;
use crate::text::shorten;

/// What turned, as the operator is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// The site's name.
    pub site: String,
    /// Its feed's title.
    pub title: String,
    /// How it is doing now; `healthy`: its trouble is over.
    pub health: Health,
    /// What is wrong, or was.
    pub why: String,
    /// What to do about it; of trouble that is over, nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// When the trouble began.
    pub since: DateTime<Utc>,
    /// Refreshes that were in trouble, in a row.
    pub refreshes: u32,
    /// When a refresh last ended well.
    pub succeeded: Option<DateTime<Utc>>,
}

/// What is told in one call: one alarm, or many that came together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// All of it in a line.
    pub text: String,
    /// The sites.
    pub sites: Vec<Alarm>,
    /// Sites that turned as well, but for which there was no room.
    #[serde(skip_serializing_if = "is_none")]
    pub unnamed: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_none(n: &usize) -> bool {
    *n == 0
}

/// Sites that the line about many names.
const NAMED: usize = 10;
/// Characters of a sentence in a line.
const IN_A_LINE: usize = 300;

impl Call {
    /// A call about one site.
    pub fn one(alarm: Alarm) -> Self {
        let why = shorten(&alarm.why, IN_A_LINE);
        let text = match (alarm.health, &alarm.advice) {
            (Health::Healthy, _) => {
                format!("{} is well again (it was not since {}: {why})", alarm.site, shown(alarm.since))
            }
            (health, None) => format!("{} is {} since {}: {why}", alarm.site, health.name(), shown(alarm.since)),
            (health, Some(advice)) => {
                format!("{} is {} since {}: {why}. What to do: {advice}", alarm.site, health.name(), shown(alarm.since))
            }
        };
        Self { text, sites: vec![alarm], unnamed: 0 }
    }

    /// A call about many, and about `unnamed` more.
    pub fn many(sites: Vec<Alarm>, unnamed: usize) -> Self {
        let (well, ill): (Vec<&Alarm>, Vec<&Alarm>) = sites.iter().partition(|alarm| alarm.health == Health::Healthy);
        let mut text = String::new();
        for (which, what) in [(&ill, "in trouble"), (&well, "well again")] {
            if which.is_empty() {
                continue;
            }
            let names = which.iter().take(NAMED).map(|alarm| alarm.site.as_str()).collect::<Vec<_>>().join(", ");
            let more = if which.len() > NAMED { format!(" and {} more", which.len() - NAMED) } else { String::new() };
            // Writing to a String cannot fail.
            let between = if text.is_empty() { "" } else { "; " };
            let count = if which.len() == 1 { "1 site is".to_owned() } else { format!("{} sites are", which.len()) };
            let _ = write!(text, "{between}{count} {what}: {names}{more}");
        }
        if unnamed > 0 {
            let _ = write!(text, "; {unnamed} more have turned");
        }
        if let Some(first) = ill.first() {
            let _ = write!(text, ". Of {}: {}", first.site, shorten(&first.why, IN_A_LINE));
        }
        Self { text, sites, unnamed }
    }

    /// The sites' names, a space between two.
    fn names(&self) -> String {
        self.sites.iter().map(|alarm| alarm.site.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The worst health among them.
    fn health(&self) -> Health {
        self.sites.iter().map(|alarm| alarm.health).max().unwrap_or(Health::Healthy)
    }
}

fn shown(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(n: usize, health: Health) -> Alarm {
        Alarm {
            site: format!("site-{n}"),
            title: "A site".to_owned(),
            health,
            why: "it answered 500".to_owned(),
            advice: (health != Health::Healthy).then(|| "wait".to_owned()),
            since: DateTime::UNIX_EPOCH,
            refreshes: 3,
            succeeded: None,
        }
    }

    #[test]
    fn a_line_says_all_of_it() {
        assert_eq!(
            Call::one(alarm(1, Health::Degraded)).text,
            "site-1 is degraded since 1970-01-01 00:00 UTC: it answered 500. What to do: wait"
        );
        assert_eq!(
            Call::one(alarm(1, Health::Healthy)).text,
            "site-1 is well again (it was not since 1970-01-01 00:00 UTC: it answered 500)"
        );
    }

    #[test]
    fn many_are_told_in_a_line_too() {
        let ill = (1..=12).map(|n| alarm(n, Health::Broken));
        let call = Call::many(ill.chain([alarm(13, Health::Healthy)]).collect(), 4);
        assert_eq!(
            call.text,
            "12 sites are in trouble: site-1, site-2, site-3, site-4, site-5, site-6, site-7, site-8, site-9, site-10 \
             and 2 more; 1 site is well again: site-13; 4 more have turned. Of site-1: it answered 500"
        );
        assert_eq!(call.health(), Health::Broken);
    }
}
