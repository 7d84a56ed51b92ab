//! How a site departs from what it has been, and what a refresh says of it. Archived, and shown to the operator.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::item::Field;
use crate::outcome::Outcome;
use crate::weburl::WebUrl;

/// Refreshes for which a small departure must last before anybody is called: lists vary.
const LASTING: u32 = 3;

/// Refreshes after which a list that is empty is more likely gone: many are empty for a day.
const LASTING_EMPTY: u32 = 24;

/// How a site departs from what it has been so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "drift")]
pub enum Drift {
    /// A page that wants to know whether a person is there stands before the site.
    Challenge {
        /// Whose it is.
        by: String,
    },
    /// The site wants to know who is there.
    LogIn,
    /// A page that asks for consent (to cookies, say) stands before the site.
    Consent,
    /// The site answers, and refuses to show the page (403, 451).
    Refused {
        /// The status.
        status: u16,
    },
    /// The site said for good (301, 308) that the listing has another address.
    Moved {
        /// The new address.
        to: WebUrl,
        /// Whether the entries stand there.
        works: bool,
    },
    /// The address is for sale, or shows nothing but advertisements.
    Parked,
    /// The listing's page is not there any more (404, 410).
    Gone {
        /// The status.
        status: u16,
    },
    /// The page is another one than the rule was written for.
    Redesign,
    /// The same, and a rule was found that finds the known items on the new page; it waits for the operator.
    Mendable,
    /// The same, and such a rule runs.
    Repaired,
    /// The page is the one that it was, but for its list: that has no entries.
    EmptyList,
    /// Some fields are found for far fewer entries than before.
    Thinner {
        /// Which, with how many entries in a hundred have them, and had them.
        fields: Vec<Thinned>,
    },
    /// There are far fewer entries than there ever were.
    Fewer {
        /// How many there are.
        entries: usize,
        /// How many there usually were.
        usual: usize,
    },
}

/// A field that is found more rarely than before, in entries of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thinned {
    /// The field.
    pub field: Field,
    /// How many have it now.
    pub now: u8,
    /// How many had it.
    pub before: u8,
}

impl Drift {
    /// The drift's name in status and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Challenge { .. } => "challenge",
            Self::LogIn => "log-in",
            Self::Consent => "consent",
            Self::Refused { .. } => "refused",
            Self::Moved { .. } => "moved",
            Self::Parked => "parked",
            Self::Gone { .. } => "gone",
            Self::Redesign | Self::Mendable => "redesign",
            Self::Repaired => "repaired",
            Self::EmptyList => "empty-list",
            Self::Thinner { .. } => "thinner",
            Self::Fewer { .. } => "fewer",
        }
    }

    /// Every name that [`Drift::name`] may give.
    pub const NAMES: [&'static str; 12] = [
        "challenge",
        "log-in",
        "consent",
        "refused",
        "moved",
        "parked",
        "gone",
        "redesign",
        "repaired",
        "empty-list",
        "thinner",
        "fewer",
    ];

    /// What the operator of the site called `site` should do: a sentence without a full stop.
    pub fn advice(&self, site: &str) -> String {
        match self {
            Self::Challenge { .. } => {
                "ask less often (`refresh`), ask the site's owner for access or for a feed, or look for an address of the same \
                 list that is open"
                    .to_owned()
            }
            Self::LogIn => "if you have an account, give its cookie or token in `headers` or `cookies`; else look for an \
                            address that is open"
                .to_owned(),
            Self::Consent => "agree in a browser and give the cookie that it gets in `cookies`".to_owned(),
            Self::Refused { .. } => {
                "open the address in a browser: if it works there, the site refuses programs or this machine's address; \
                 ask less often, or ask its owner"
                    .to_owned()
            }
            Self::Moved { to, works: true } => format!("write `url = \"{to}\"`"),
            Self::Moved { to, works: false } => {
                format!("look whether {to} is the list; then write it as `url`, and mend the rule")
            }
            Self::Parked => "the site has lost its name: look for it elsewhere, or take it out of the configuration".to_owned(),
            Self::Gone { .. } => {
                "look for the list's new address on the site and write it as `url`, or take the site out of the \
                 configuration"
                    .to_owned()
            }
            Self::Redesign => format!("look at the page with `feedmill preview {site} --explain`, and mend the rule"),
            Self::Mendable => format!(
                "see with `feedmill repair {site}` what mends the rule, and write it down with `feedmill repair {site} --write`"
            ),
            Self::Repaired => format!(
                "see with `feedmill repair {site}` what is different, and write it down with `feedmill repair {site} --write`"
            ),
            Self::EmptyList => format!(
                "if an empty list is nothing unusual here, name what stays on the page in `container`; else look at the \
                 page with `feedmill preview {site} --explain`"
            ),
            Self::Thinner { .. } => format!("look with `feedmill preview {site} --explain` where the fields stand now"),
            Self::Fewer { .. } => "look whether `item` still matches all of the list".to_owned(),
        }
    }

    /// Whether the operator should hear of it after `refreshes` in a row that brought it. An address that was changed
    /// by the site but works calls nobody; an empty list, and what makes the feed poorer, does so once it lasts.
    pub const fn is_alarm(&self, refreshes: u32) -> bool {
        match self {
            Self::Moved { works: true, .. } => false,
            Self::EmptyList => refreshes >= LASTING_EMPTY,
            Self::Thinner { .. } | Self::Fewer { .. } => refreshes >= LASTING,
            Self::Gone { status } => *status == 410 || refreshes >= LASTING,
            Self::Challenge { .. }
            | Self::LogIn
            | Self::Consent
            | Self::Refused { .. }
            | Self::Moved { works: false, .. }
            | Self::Parked
            | Self::Redesign
            | Self::Mendable
            | Self::Repaired => true,
        }
    }
}

impl fmt::Display for Drift {
    /// What was seen, as a fragment: "a challenge page of Cloudflare".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Challenge { by } => write!(f, "a challenge page of {by} stands before the site"),
            Self::LogIn => f.write_str("the site asks for a log-in"),
            Self::Consent => f.write_str("a page that asks for consent stands before the site"),
            Self::Refused { status } => write!(f, "the site refuses to show the page ({status})"),
            Self::Moved { to, .. } => write!(f, "the site has moved the list to {to}"),
            Self::Parked => f.write_str("the address is for sale"),
            Self::Gone { status } => write!(f, "the page is gone ({status})"),
            Self::Redesign => f.write_str("the site was redesigned: the rule was written for another page"),
            Self::Mendable => {
                f.write_str("the site was redesigned: another rule finds the known items, and waits to be accepted")
            }
            Self::Repaired => f.write_str("the site was redesigned: the feed is made by a repaired rule"),
            Self::EmptyList => f.write_str("the page is as it was, but its list is empty"),
            Self::Thinner { fields } => {
                f.write_str("fewer entries than before have ")?;
                for (number, Thinned { field, now, before }) in fields.iter().enumerate() {
                    let comma = if number == 0 { "" } else { ", " };
                    write!(f, "{comma}`{}` ({now} % instead of {before} %)", field.name())?;
                }
                Ok(())
            }
            Self::Fewer { entries, usual } => write!(f, "there are {entries} entries instead of some {usual}"),
        }
    }
}

/// A drift, and since when it has been so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drifted {
    /// What it is.
    #[serde(flatten)]
    pub what: Drift,
    /// The refresh that saw it first.
    pub since: DateTime<Utc>,
    /// Refreshes in a row that saw it.
    pub refreshes: u32,
}

impl Drifted {
    /// What was seen at `now`, after `before`: the same kind of drift goes on.
    pub fn after(before: Option<&Self>, what: Drift, now: DateTime<Utc>) -> Self {
        match before.filter(|before| before.what.name() == what.name()) {
            Some(before) => Self { what, since: before.since, refreshes: before.refreshes.saturating_add(1) },
            None => Self { what, since: now, refreshes: 1 },
        }
    }

    /// Whether the operator should hear of it.
    pub const fn is_alarm(&self) -> bool {
        self.what.is_alarm(self.refreshes)
    }
}

/// What the last refresh says of a site, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// There was news: items that are new or changed.
    News,
    /// All is well, and there is nothing new.
    NothingNew,
    /// All is well, and the list is empty: its container is there.
    Vacant,
    /// The site departs from what it was.
    Drift(&'a Drift),
    /// The site could not be reached, or what it sent could not be read: nothing can be said of it.
    Trouble,
}

impl<'a> Verdict<'a> {
    /// The verdict on a refresh that ended so, and saw this drift.
    pub const fn of(outcome: &Outcome, drift: Option<&'a Drifted>) -> Self {
        match (drift, outcome) {
            (Some(drift), _) => Self::Drift(&drift.what),
            (None, Outcome::Unchanged | Outcome::Fresh { entries: 1.., new: 0, changed: 0 }) => Self::NothingNew,
            (None, Outcome::Fresh { entries: 0, new: 0, changed: 0 }) => Self::Vacant,
            (None, Outcome::Fresh { .. } | Outcome::Partial { .. }) => Self::News,
            (None, Outcome::Empty { .. } | Outcome::Failed { .. }) => Self::Trouble,
        }
    }

    /// The verdict's name in status and metrics: that of the drift, if it is one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::NothingNew => "nothing-new",
            Self::Vacant => "vacant",
            Self::Drift(drift) => drift.name(),
            Self::Trouble => "trouble",
        }
    }
}
