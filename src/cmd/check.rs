//! `feedmill check`: is the configuration right, do its tests hold, and is anything in it odd?

mod doubt;
pub(super) mod trial;

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, table, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Site;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    online: Option<Online>,
}

/// What a test asks for and does not get.
#[derive(Serialize)]
struct Failure {
    line: usize,
    page: String,
    what: String,
}

/// How the site fared when it was asked.
#[derive(Serialize)]
struct Online {
    #[serde(flatten)]
    outcome: Outcome,
    report: Report,
}

impl Check {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let names = mill::chosen(&plan, &self.sites)?;
        let now = SystemClock.now();
        let sites = names.iter().filter_map(|name| plan.sites.get(name));
        let mut checked: Vec<Checked> = sites.map(|site| self.check(site, now)).collect();
        if self.online {
            let engine = mill::forgetful_engine(plan, false)?;
            for site in &mut checked {
                site.online = engine.refresh(&site.site).await.map(|refreshed| Online::new(&refreshed));
            }
        }
        let is_wrong = checked.iter().any(|site| site.is_wrong(self.strict));
        let text = if self.json {
            json(&checked, !is_wrong)
        } else {
            text(&checked, |site| common.quiet && !site.is_wrong(self.strict))
        };
        if !text.is_empty() {
            voice::hand_over(&text)?;
        }
        Ok(ExitCode::from(if is_wrong { SOME_FAILED } else { ALL_WELL }))
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
            online: None,
        }
    }
}

impl Checked {
    fn is_wrong(&self, strict: bool) -> bool {
        let is_down = self.online.as_ref().is_some_and(|online| online.outcome.why().is_some());
        !self.failures.is_empty() || is_down || strict && !self.warnings.is_empty()
    }
}

impl Online {
    fn new(refreshed: &Refreshed) -> Self {
        Self { outcome: refreshed.outcome.clone(), report: refreshed.report.clone() }
    }
}

fn json(checked: &[Checked], ok: bool) -> String {
    #[derive(Serialize)]
    struct Shown<'a> {
        ok: bool,
        sites: &'a [Checked],
    }
    serde_json::to_string_pretty(&Shown { ok, sites: checked }).unwrap_or_default()
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
    for site in checked {
        let Some(Online { outcome, report }) = &site.online else { continue };
        let _ = writeln!(text, "\n{}: {}", site.site, outcome.why().unwrap_or_else(|| outcome.name()));
        text.push_str(&table::report(report));
    }
    text
}
