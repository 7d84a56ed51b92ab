//! `feedmill check`: is the configuration right, do its tests hold, and is anything in it odd?

mod doubt;
pub(super) mod trial;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, table, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Plan, Site};
use crate::engine::Refreshed;
use crate::outcome::Outcome;
use crate::report::Report;
use doubt::Doubt;

/// Check the configuration, run the tests in it, and warn of what is odd
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
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
    /// Let warnings count as failures
    #[arg(long)]
    strict: bool,
    /// Show everything as JSON
    #[arg(long)]
    json: bool,
}

/// What was found out about a site.
#[derive(Serialize)]
struct Checked {
    site: String,
    file: String,
    line: usize,
    /// The tests that were run; absent if none were to be.
    tests: Option<usize>,
    failures: Vec<Failure>,
    warnings: Vec<Doubt>,
}

/// What a test asks for and does not get.
#[derive(Serialize)]
struct Failure {
    line: usize,
    page: String,
    what: String,
}

/// How a feed fared when its site was asked.
#[derive(Serialize)]
struct Online {
    feed: String,
    #[serde(flatten)]
    outcome: Outcome,
    report: Report,
}

impl Check {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let now = SystemClock.now();
        let checked: Vec<Checked> = self.tables(&plan)?.iter().map(|site| self.check(site, now)).collect();
        let mut online = Vec::new();
        if self.online {
            let names = self.feeds(&plan)?;
            let engine = mill::forgetful_engine(&plan, false)?;
            for name in names {
                let refreshed = engine.refresh(&name).await;
                online.extend(refreshed.map(|refreshed| Online::new(name, &refreshed)));
            }
        }
        let is_down = online.iter().any(|feed| feed.outcome.why().is_some());
        let is_wrong = is_down || checked.iter().any(|site| site.is_wrong(self.strict));
        let text = if self.json {
            json(&checked, &online, !is_wrong)
        } else {
            text(&checked, |site| common.quiet && !site.is_wrong(self.strict)) + &asked(&online)
        };
        if !text.is_empty() {
            voice::hand_over(&text)?;
        }
        Ok(ExitCode::from(if is_wrong { SOME_FAILED } else { ALL_WELL }))
    }

    /// The tables whose tests are run: those of sites with parameters have them, not each of their feeds.
    fn tables(&self, plan: &Plan) -> Result<Vec<Arc<Site>>, Stop> {
        if !self.sites.is_empty() {
            let members = |name: &'_ String| match plan.merged.get(name) {
                Some(merged) => merged.members.clone(),
                None => vec![name.clone()],
            };
            let mut names: Vec<String> = Vec::new();
            for name in self.sites.iter().flat_map(members) {
                // Unknown values are told about by looking the feed up; known ones are read by their table.
                mill::site(plan, &name)?;
                let table = name.split_once('/').map_or(name.as_str(), |(table, _)| table).to_owned();
                if !names.contains(&table) {
                    names.push(table);
                }
            }
            return names.iter().map(|name| mill::site(plan, name)).collect();
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

    fn check(&self, site: &Site, now: DateTime<Utc>) -> Checked {
        let tests = if self.no_tests { &[][..] } else { &site.tests };
        let failures = tests.iter().flat_map(|test| {
            let place = move |what| Failure { line: test.line, page: test.page.display().to_string(), what };
            trial::failures(site, test, now).into_iter().map(place)
        });
        Checked {
            site: site.name.clone(),
            file: site.file.display().to_string(),
            line: site.lines.of(""),
            tests: (!self.no_tests).then_some(tests.len()),
            failures: failures.collect(),
            warnings: doubt::doubts(site, !self.no_tests, now),
        }
    }
}

impl Checked {
    fn is_wrong(&self, strict: bool) -> bool {
        !self.failures.is_empty() || strict && !self.warnings.is_empty()
    }
}

impl Online {
    fn new(feed: String, refreshed: &Refreshed) -> Self {
        Self { feed, outcome: refreshed.outcome.clone(), report: refreshed.report.clone() }
    }
}

fn json(checked: &[Checked], online: &[Online], ok: bool) -> String {
    #[derive(Serialize)]
    struct Shown<'a> {
        ok: bool,
        sites: &'a [Checked],
        /// Empty unless the sites were to be asked.
        online: &'a [Online],
    }
    serde_json::to_string_pretty(&Shown { ok, sites: checked, online }).unwrap_or_default()
}

fn text(checked: &[Checked], is_silent: impl Fn(&Checked) -> bool) -> String {
    let mut text = String::new();
    for site in checked {
        if is_silent(site) {
            continue;
        }
        let count = match site.tests {
            None => "tests not run".to_owned(),
            Some(0) => "no tests".to_owned(),
            Some(1) => "1 test".to_owned(),
            Some(n) => format!("{n} tests"),
        };
        let mark = if site.failures.is_empty() { "ok  " } else { "FAIL" };
        let _ = writeln!(text, "{mark} {} ({count})", site.site);
        for Failure { line, page, what } in &site.failures {
            let _ = writeln!(text, "       test at line {line} ({page}): {what}");
        }
        for Doubt { file, line, key, what, help } in &site.warnings {
            let _ = writeln!(text, "  warn {file}:{line}: {key}: {what}\n       {help}");
        }
    }
    text
}

/// How the feeds fared that were asked for.
fn asked(online: &[Online]) -> String {
    let mut text = String::new();
    for Online { feed, outcome, report } in online {
        let _ = writeln!(text, "\n{feed}: {}", outcome.why().unwrap_or_else(|| outcome.name()));
        text.push_str(&table::report(report));
    }
    text
}
