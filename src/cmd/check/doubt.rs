//! What is allowed in a rule, works, and is still most likely a mistake.

mod alike;
mod fallbacks;
mod pages;
mod tried;
mod zone;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::Site;
use crate::rule::{FieldRules, Rule};
use pages::Pages;

/// One thing to look at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Doubt {
    /// The file that says it.
    pub(super) file: String,
    /// The line, from 1.
    pub(super) line: usize,
    /// The key that says it, seen from the site's table.
    pub(super) key: String,
    /// What is odd about it.
    pub(super) what: String,
    /// What to do.
    pub(super) help: String,
}

/// Everything that is odd about a site's rule, in the order of its file. Without `with_tests`, its saved pages are left
/// alone.
pub(super) fn doubts(site: &Site, with_tests: bool, now: DateTime<Utc>) -> Vec<Doubt> {
    let mut found = Found { site, doubts: Vec::new() };
    fallbacks::look(&mut found);
    zone::look_at_formats(&mut found);
    if with_tests {
        let pages = Pages::of(site, now);
        tried::look(&mut found, &pages);
        alike::look(&mut found, &pages);
        zone::look_at_values(&mut found, &pages);
    }
    found.doubts.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
    found.doubts
}

struct Found<'s> {
    site: &'s Site,
    doubts: Vec<Doubt>,
}

impl Found<'_> {
    fn add(&mut self, key: &str, what: impl Into<String>, help: impl Into<String>) {
        self.doubts.push(Doubt {
            file: self.site.file.display().to_string(),
            line: self.site.lines.of(key),
            key: key.to_owned(),
            what: what.into(),
            help: help.into(),
        });
    }
}

/// The tables of a rule that name fields, by their keys.
fn tables(rule: &Rule) -> impl Iterator<Item = (&'static str, &FieldRules)> {
    let article = rule.article.as_ref().map(|article| ("article", &article.fields));
    std::iter::once(("listing", &rule.listing.fields)).chain(article)
}

/// The key of one of `count` values: a lone one has no number.
fn numbered(key: &str, index: usize, count: usize) -> String {
    if count == 1 { key.to_owned() } else { format!("{key}.{index}") }
}
