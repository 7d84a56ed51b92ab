//! Rules that Feedmill has made itself for a site: the one that it found for a site without any, and the one that it put in
//! the place of a rule that fits no longer. Archived with the site's state.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::profile::Profile;

/// What Feedmill has made for a site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SelfMade {
    /// Hash of the rule in the site's table for which it was made. An edited table makes everything anew.
    pub of: String,
    /// The keys of the `listing` that were found for a table without rows, each with its value as TOML.
    pub found: Option<Vec<(String, String)>>,
    /// What mends the rule, that of the table or the one that was found.
    pub repair: Option<Repair>,
    /// Fingerprint of the page on which no rule was found: looked at again, it would have none again.
    pub tried: Option<String>,
    /// Items first seen before this were read by another listing. What that said of them stays said.
    pub since: Option<DateTime<Utc>>,
}

/// What mends a rule that fits no longer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// What is different in the table of the listing.
    pub changes: Vec<Change>,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// How many of the items that the archive knows it finds on the page.
    pub known: usize,
    /// Of how many entries.
    pub entries: usize,
    /// What the site was by the rule that is mended: should it be so again, that rule counts again.
    pub before: Profile,
}

/// One key of a listing's table that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The key.
    pub key: String,
    /// What the table says, as TOML; `None`: nothing.
    pub from: Option<String>,
    /// What it is to say, as TOML; `None`: nothing.
    pub to: Option<String>,
}

impl SelfMade {
    /// What holds for a table with the rule of this hash: nothing of what was made for another one, but for what was said
    /// of items.
    #[must_use]
    pub fn for_rule(self, hash: &str) -> Self {
        if self.of == hash { self } else { Self { of: hash.to_owned(), ..Self::default() } }
    }
}

/// Keys and their values, as lines.
pub fn lines(keys: &[(String, String)]) -> String {
    keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
}

impl Repair {
    /// The difference to the table of the site called `name`, as programs show differences.
    pub fn difference(&self, name: &str) -> String {
        difference(name, &self.changes)
    }
}

/// What is different in the listing's table of the site called `name`, as programs show differences.
pub fn difference(name: &str, changes: &[Change]) -> String {
    let table = format!("[sites.{}.listing]", table_of(name));
    let changes: String = changes.iter().map(ToString::to_string).collect();
    format!("--- {table}\n+++ {table} repaired\n{changes}")
}

/// The name of the table that makes the feed called `name`: feeds of sites with parameters have their values behind it.
pub fn table_of(name: &str) -> &str {
    name.split_once('/').map_or(name, |(table, _)| table)
}

/// The lines that go and come.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mark, value) in [('-', &self.from), ('+', &self.to)] {
            if let Some(value) = value {
                writeln!(f, "{mark}{} = {value}", self.key)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_reads_as_one() {
        let change = |key: &str, from: Option<&str>, to: Option<&str>| Change {
            key: key.to_owned(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        let repair = Repair {
            changes: vec![
                change("item", Some("\".old\""), Some("\".new\"")),
                change("container", Some("\"#list\""), None),
                change("title", None, Some("\"h2\"")),
            ],
            at: DateTime::UNIX_EPOCH,
            known: 3,
            entries: 4,
            before: Profile::default(),
        };
        assert_eq!(
            repair.difference("issues/rust/cargo"),
            "--- [sites.issues.listing]\n+++ [sites.issues.listing] repaired\n-item = \".old\"\n+item = \".new\"\n\
             -container = \"#list\"\n+title = \"h2\"\n"
        );
    }

    #[test]
    fn another_rule_begins_anew() {
        let made = SelfMade {
            of: "a".to_owned(),
            found: Some(vec![("item".to_owned(), "\"a\"".to_owned())]),
            ..SelfMade::default()
        };
        assert_eq!(made.clone().for_rule("a"), made);
        assert_eq!(made.for_rule("b"), SelfMade { of: "b".to_owned(), ..SelfMade::default() });
    }
}
