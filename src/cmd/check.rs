//! `feedmill check`: is the configuration right, and do its tests hold?

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, saved, table, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{PageKind, Plan, SavedTest, Site};
use crate::extract::text_of;
use crate::item::{Field, Item};
use crate::text::shorten;

/// Check the configuration, and run the tests in it
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The sites to check [default: all]
    #[arg(value_name = "SITE")]
    sites: Vec<String>,
    /// Only check the configuration, where the saved pages of its tests are not at hand
    #[arg(long)]
    no_tests: bool,
    /// Also run every rule against its site, and report what it finds and misses
    #[arg(long)]
    online: bool,
}

impl Check {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let now = SystemClock.now();
        let mut wrong = 0;
        let mut text = String::new();
        for site in self.tables(&plan)? {
            let tests = if self.no_tests { &[][..] } else { &site.tests };
            let failures: Vec<String> = tests.iter().flat_map(|test| failures(&site, test, now)).collect();
            wrong += usize::from(!failures.is_empty());
            if failures.is_empty() && common.quiet {
                continue;
            }
            let count = match tests.len() {
                _ if self.no_tests => "tests not run".to_owned(),
                0 => "no tests".to_owned(),
                1 => "1 test".to_owned(),
                n => format!("{n} tests"),
            };
            let mark = if failures.is_empty() { "ok  " } else { "FAIL" };
            let _ = writeln!(text, "{mark} {} ({count})", site.name);
            for failure in &failures {
                let _ = writeln!(text, "       {failure}");
            }
        }
        if self.online {
            let names = self.feeds(&plan)?;
            let engine = mill::forgetful_engine(plan, false)?;
            for name in &names {
                let Some(refreshed) = engine.refresh(name).await else { continue };
                let _ =
                    writeln!(text, "\n{name}: {}", refreshed.outcome.why().unwrap_or_else(|| refreshed.outcome.name()));
                text.push_str(&table::report(&refreshed.report));
                wrong += usize::from(refreshed.outcome.why().is_some());
            }
        }
        if !text.is_empty() {
            voice::hand_over(&text)?;
        }
        Ok(ExitCode::from(if wrong == 0 { ALL_WELL } else { SOME_FAILED }))
    }
}

impl Check {
    /// The tables whose tests are run: those of sites with parameters have them, not each of their feeds.
    fn tables(&self, plan: &Plan) -> Result<Vec<Arc<Site>>, Stop> {
        if !self.sites.is_empty() {
            let is_merged = |name: &&String| plan.merged.contains_key(*name);
            return self.sites.iter().filter(|name| !is_merged(name)).map(|name| mill::site(plan, name)).collect();
        }
        let plain = plan.sites.values().filter(|site| !site.name.contains('/')).cloned();
        let mut tables: Vec<Arc<Site>> =
            plain.chain(plan.families.values().map(|family| Arc::new(family.site.clone()))).collect();
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(tables)
    }

    /// The feeds that are asked for; of a site with parameters, those that its table lists.
    fn feeds(&self, plan: &Plan) -> Result<Vec<String>, Stop> {
        let names = self.sites.iter().flat_map(|name| match plan.families.get(name) {
            Some(family) => family.feeds.clone(),
            None => vec![name.clone()],
        });
        let names: Vec<String> = names.collect();
        if names.is_empty() && !self.sites.is_empty() { Ok(names) } else { mill::chosen(plan, &names) }
    }
}

/// What a saved page does not yield, though its test says that it must.
fn failures(site: &Site, test: &SavedTest, now: DateTime<Utc>) -> Vec<String> {
    let place = format!("test at line {} ({})", test.line, test.page.display());
    let page = match saved::page(&test.page, test.url.clone()) {
        Ok(page) => page,
        Err(stop) => return vec![format!("{place}: {stop}")],
    };
    let seen = saved::seen(site, &page, test.kind == PageKind::Article, now, false);
    let mut wrong = Vec::new();
    if let Some(count) = test.count
        && count != seen.items.len()
    {
        wrong.push(format!("expected {count} items, found {}", seen.items.len()));
    }
    let Some(first) = seen.items.first() else {
        if test.count != Some(0) {
            wrong.push(seen.refreshed.outcome.why().unwrap_or("no item was found").to_owned());
        }
        return wrong.into_iter().map(|what| format!("{place}: {what}")).collect();
    };
    for (name, expected) in &test.expect {
        let found = Field::named(name).and_then(|field| value(first, field));
        if !found.as_deref().is_some_and(|found| is_expected(name, found, expected)) {
            let found = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{}`", shorten(&found, 200)));
            wrong.push(format!("{name}: expected `{expected}`, found {found}"));
        }
    }
    let text = read_by_a_person(&seen.items);
    wrong
        .extend(test.contains.iter().filter(|part| !text.contains(*part)).map(|part| format!("`{part}` is not there")));
    wrong.extend(test.lacks.iter().filter(|part| text.contains(*part)).map(|part| format!("`{part}` is there")));
    wrong.into_iter().map(|what| format!("{place}: {what}")).collect()
}

fn value(item: &Item, field: Field) -> Option<String> {
    match field {
        Field::Summary => item.fields.summary.as_ref().map(text_of),
        Field::Content => item.fields.content.as_ref().map(text_of),
        _ => crate::extract::shown(&item.fields, field),
    }
}

/// Dates are compared as moments, or as days where the test names only a day; everything else as it is.
fn is_expected(name: &str, found: &str, expected: &str) -> bool {
    if !matches!(name, "published" | "updated") {
        return found == expected;
    }
    match (DateTime::parse_from_rfc3339(found), DateTime::parse_from_rfc3339(expected)) {
        (Ok(found), Ok(expected)) => found == expected,
        (Ok(found), Err(_)) => found.format("%Y-%m-%d").to_string() == expected,
        _ => false,
    }
}

/// Everything that a person would read in the items.
fn read_by_a_person(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        for field in [
            Field::Title,
            Field::Author,
            Field::Category,
            Field::Summary,
            Field::Content,
            Field::ImageCaption,
            Field::ImageCredit,
        ] {
            if let Some(value) = value(item, field) {
                text.push_str(&value);
                text.push('\n');
            }
        }
    }
    text
}
