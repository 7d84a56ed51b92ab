//! A host that sites are fetched from: what is remembered of it across restarts, and how it is doing now.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is remembered of a host when the process ends. The default: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostMemory {
    /// Until when it is not asked at all.
    pub closed: Option<Closed>,
    /// How often in a row it was closed without an answer in between that was good.
    pub closings: u32,
    /// What its robots.txt says, by scheme (`http`, `https`): each is an origin of its own (RFC 9309, section 2.3).
    pub robots: BTreeMap<String, RobotsCopy>,
}

impl HostMemory {
    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A time in which nothing is asked of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Its end.
    pub until: DateTime<Utc>,
    /// Why, as a fragment: `it answered 503 and asked for time (Retry-After)`.
    pub why: String,
    /// Whether the host asked for it, as opposed to failing.
    pub is_asked_for: bool,
}

/// What is known of an origin's robots.txt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsCopy {
    /// When it is asked for again.
    pub until: DateTime<Utc>,
    /// What it said when it was last there, and when that was. `None`: it never was.
    pub read: Option<(DateTime<Utc>, Robots)>,
    /// Since when it cannot be had, and why. Then nothing is allowed (RFC 9309, section 2.3.1.4).
    pub missing: Option<(DateTime<Utc>, String)>,
}

/// What a robots.txt says to us. The default: nothing, so that everything is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    /// Its rules for us, those that decide first at the front: the longest, of equals those that allow.
    pub rules: Vec<RobotsRule>,
    /// Its `Crawl-delay`, clamped.
    pub delay: Option<Duration>,
}

/// One rule of a robots.txt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsRule {
    /// The line that it stands on, from 1.
    pub line: u32,
    /// Whether it allows, as opposed to forbids.
    pub allows: bool,
    /// The paths that it is about, in their one spelling: `*` is anything, `$` at its end is the end.
    pub path: String,
}

/// How a host is doing: for status pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostStatus {
    /// Its name, with the port if that is not the scheme's own.
    pub name: String,
    /// Requests that are going on.
    pub in_flight: usize,
    /// Requests that wait for their turn.
    pub waiting: usize,
    /// When the last request started, in this process.
    pub last_request: Option<DateTime<Utc>>,
    /// Until when it is not asked, and why, if that is so now.
    pub closed: Option<Closed>,
    /// Failures since the last good answer, in this process.
    pub failures: u32,
    /// What is known of its robots.txt.
    pub robots: RobotsStatus,
    /// The `Crawl-delay` that its robots.txt asks for.
    pub crawl_delay: Option<Duration>,
}

/// What is known of a host's robots.txt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RobotsStatus {
    /// It was not asked for: nobody needed it yet, or its sites say `robots = false`.
    #[default]
    Unasked,
    /// It has rules for us.
    Rules,
    /// There is none, or it has no rules for us.
    Free,
    /// It cannot be had, so that nothing is allowed.
    Missing,
}

impl RobotsStatus {
    /// The name in pages, status and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unasked => "unasked",
            Self::Rules => "rules",
            Self::Free => "free",
            Self::Missing => "missing",
        }
    }
}
