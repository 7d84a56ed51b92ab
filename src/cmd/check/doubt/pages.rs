//! A site's test pages, and what its rule makes of them when it is changed a little.

use chrono::{DateTime, Utc};

use crate::cmd::saved::{self, Seen};
use crate::config::{PageKind, Site};
use crate::item::Field;
use crate::report::Attempt;
use crate::rule::{FieldRule, FieldRules, Rule};
use crate::webpage::Page;

/// The saved pages of a site's tests that can be read.
pub(super) struct Pages {
    pub(super) listings: Vec<Page>,
    pub(super) articles: Vec<Page>,
    now: DateTime<Utc>,
}

impl Pages {
    /// Reads them. One that cannot be read is a failure of its test, and is told there.
    pub(super) fn of(site: &Site, now: DateTime<Utc>) -> Self {
        let of_kind = |kind| {
            let tests = site.tests.iter().filter(|test| test.kind == kind);
            tests.filter_map(|test| saved::of_test(test).ok()).collect()
        };
        Self { listings: of_kind(PageKind::Listing), articles: of_kind(PageKind::Article), now }
    }

    /// The pages that the rule's table `table` reads.
    pub(super) fn of_table(&self, table: &str) -> &[Page] {
        if table == "article" { &self.articles } else { &self.listings }
    }

    /// What `site` makes of each of these pages.
    pub(super) fn seen(&self, site: &Site, table: &str) -> Vec<Seen> {
        let is_article = table == "article";
        self.of_table(table).iter().map(|page| saved::seen(site, page, is_article, self.now, true)).collect()
    }

    /// What it makes of them when its rule is changed.
    pub(super) fn seen_with(&self, site: &Site, table: &str, change: impl FnOnce(&mut Rule)) -> Vec<Seen> {
        self.seen(&changed(site, change), table)
    }

    /// What a changed rule makes of the pages of articles if they are taken for listings.
    pub(super) fn articles_with(&self, site: &Site, change: impl FnOnce(&mut Rule)) -> Vec<Seen> {
        let site = changed(site, change);
        self.articles.iter().map(|page| saved::seen(&site, page, false, self.now, false)).collect()
    }

    /// How the extractor number `index` of every field fares where it is the only one.
    pub(super) fn attempts(&self, site: &Site, table: &str, index: usize) -> Vec<Attempt> {
        // Without a link nothing else is read of a row, so that the extractors of links have a turn of their own.
        let turns: [fn(Field) -> bool; 2] = [|field| field == Field::Link, |field| field != Field::Link];
        let of_turn = |is_meant: fn(Field) -> bool| {
            let seen = self.seen_with(site, table, |rule| {
                let own = match (&mut rule.article, table) {
                    (Some(article), "article") => &mut article.fields,
                    _ => &mut rule.listing.fields,
                };
                *own = alone(own, index, is_meant);
            });
            let attempts = seen.into_iter().flat_map(|seen| seen.refreshed.attempts);
            attempts.filter(move |attempt| Field::named(attempt.field).is_some_and(is_meant)).collect::<Vec<_>>()
        };
        turns.into_iter().flat_map(of_turn).collect()
    }
}

fn changed(site: &Site, change: impl FnOnce(&mut Rule)) -> Site {
    let mut rule = Rule::clone(&site.rule);
    change(&mut rule);
    Site { rule: rule.into(), ..site.clone() }
}

/// The same rules with one extractor for each of the fields that are meant; the others are left as they are.
fn alone(rules: &FieldRules, index: usize, is_meant: fn(Field) -> bool) -> FieldRules {
    let mut alone = FieldRules::default();
    for (field, rule) in rules.iter() {
        let single = || match rules.extractors(field).get(index) {
            Some(extractor) => FieldRule::From(vec![extractor.clone()]),
            None => FieldRule::Off,
        };
        alone.insert(field, if is_meant(field) { single() } else { rule.clone() });
    }
    alone
}
