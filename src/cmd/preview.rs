//! `feedmill preview`: one refresh, nothing kept; of a site, or of a page that no rule speaks of.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::home::Home;
use super::saved::{self, Kind};
use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::suggest::{self, table::Table};
use super::{Common, mill, table, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Plan;
use crate::edition::{Feed, Format};
use crate::engine::Refreshed;
use crate::report::Report;
use crate::weburl::WebUrl;

/// Refresh one site, or a page that has no rule, keep nothing, and show its items
#[derive(Debug, Args)]
pub(super) struct Preview {
    /// The site's name in the configuration, or the address of a page: then a rule is made for it on the spot
    #[arg(value_name = "SITE|URL")]
    site: String,
    /// Read this saved page instead of asking the site (`.gz` too)
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// What the saved page is
    #[arg(long = "as", value_name = "KIND", default_value = "listing", requires = "page")]
    kind: Kind,
    /// The address that the saved page came from [default: the site's]
    #[arg(long, value_name = "URL", requires = "page")]
    url: Option<String>,
    /// With an address: a private address that may be asked, as `allow_private` in the configuration says it
    #[arg(long, value_name = "IP:PORT", value_parser = suggest::private)]
    allow_private: Vec<String>,
    /// Show for each field which extractor won, what it matched and what each step made of it
    #[arg(long)]
    explain: bool,
    /// Rows and articles that `--explain` shows
    #[arg(long, value_name = "N", default_value_t = 1, requires = "explain")]
    rows: usize,
    /// Show the feed itself
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["json", "explain"])]
    format: Option<FeedFormat>,
    /// Show everything as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FeedFormat {
    Rss,
    Atom,
    Json,
}

/// What there is to show.
struct Seen {
    feed: Option<Feed>,
    refreshed: Refreshed,
}

impl Preview {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let (plan, name) = self.subject(common)?;
        let seen = match &self.page {
            Some(path) => self.saved(&plan, &name, path)?,
            None => {
                let name = mill::feed(&plan, &name)?;
                let engine = mill::forgetful_engine(&plan, self.explain)?;
                let refreshed = engine.refresh(&name).await;
                let refreshed = refreshed.ok_or_else(|| Stop::Usage(format!("no site is called `{name}`")))?;
                Seen { feed: engine.feed(&name, None).await?, refreshed: (*refreshed).clone() }
            }
        };
        self.show(&seen)?;
        if let Some(why) = seen.refreshed.outcome.why() {
            voice::tell(&format!("{}: {why}", self.site));
            return Ok(ExitCode::from(SOME_FAILED));
        }
        Ok(ExitCode::from(ALL_WELL))
    }

    /// The configuration, and the name of what is to be shown in it: of a page that it does not speak of, a site that is
    /// nothing but its address.
    fn subject(&self, common: &Common) -> Result<(Arc<Plan>, String), Stop> {
        if !is_address(&self.site) {
            return Ok((mill::plan(common)?, self.site.clone()));
        }
        let home = Home::find(common)?;
        let (url, _) = suggest::address(&self.site)?;
        let name = suggest::name::name(&url, |name| home.has(name));
        let article =
            if matches!(self.kind, Kind::Article) { format!("\n[sites.{name}.article]\n") } else { String::new() };
        let table = Table::of(&name, &url, &self.allow_private).toml();
        Ok((Arc::new(home.with(&format!("{table}{article}"))?), name))
    }

    fn saved(&self, plan: &Plan, name: &str, path: &std::path::Path) -> Result<Seen, Stop> {
        let site = &mill::site(plan, name)?;
        let url = match &self.url {
            Some(url) => WebUrl::parse(url).map_err(|error| Stop::Usage(format!("--url {url}: {error}")))?,
            None => site.url.clone(),
        };
        let page = saved::page(path, url)?;
        let now = SystemClock.now();
        let is_article = matches!(self.kind, Kind::Article);
        let mut seen = saved::seen(site, &page, is_article, now, self.explain);
        // A list is shown as its feed would be; who looks at one article wants to see that one.
        seen.items.retain(|item| is_article || site.filter.passes(&item.fields));
        Ok(Seen { feed: Some(saved::feed(site, seen.title, seen.items, now)), refreshed: seen.refreshed })
    }

    fn show(&self, seen: &Seen) -> Result<(), Stop> {
        let Seen { feed, refreshed } = seen;
        if self.json {
            return voice::hand_over(&json(feed.as_ref(), refreshed, self.explain));
        }
        if let Some(format) = self.format {
            let format = match format {
                FeedFormat::Rss => Format::Rss,
                FeedFormat::Atom => Format::Atom,
                FeedFormat::Json => Format::Json,
            };
            let Some(feed) = feed else { return Ok(()) };
            return voice::hand_over(&String::from_utf8_lossy(&crate::render::rendering(feed, format).plain));
        }
        let mut text = String::new();
        if self.explain {
            text.push_str(&table::explanation(&refreshed.attempts, self.rows));
            text.push_str(&table::choices(&refreshed.choices, self.rows));
            text.push('\n');
        }
        if let Some(feed) = feed {
            text.push_str(&table::items(feed));
            text.push('\n');
        }
        text.push_str(&table::report(&refreshed.report));
        if let Some(rule) = &refreshed.rule {
            let lines: String = rule.lines().map(|line| format!("    {line}\n")).collect();
            let _ = write!(text, "\nfound without a rule, as this one says it (`listing`):\n\n{lines}");
        }
        voice::hand_over(&text)
    }
}

fn json(feed: Option<&Feed>, refreshed: &Refreshed, explain: bool) -> String {
    #[derive(serde::Serialize)]
    struct Shown<'a> {
        site: Option<&'a str>,
        title: Option<&'a str>,
        #[serde(flatten)]
        outcome: &'a crate::outcome::Outcome,
        items: &'a [crate::item::Item],
        report: &'a Report,
        #[serde(skip_serializing_if = "Option::is_none")]
        attempts: Option<&'a [crate::report::Attempt]>,
        #[serde(skip_serializing_if = "Option::is_none")]
        choices: Option<&'a [crate::report::Choice]>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rule: Option<&'a str>,
    }
    let shown = Shown {
        site: feed.map(|feed| feed.site.as_str()),
        title: feed.map(|feed| feed.title.as_str()),
        outcome: &refreshed.outcome,
        items: feed.map(|feed| feed.items.as_slice()).unwrap_or_default(),
        report: &refreshed.report,
        attempts: explain.then_some(refreshed.attempts.as_slice()),
        choices: explain.then_some(refreshed.choices.as_slice()),
        rule: refreshed.rule.as_deref(),
    };
    serde_json::to_string_pretty(&shown).unwrap_or_default()
}

/// Whether an address is meant: no site's name has a dot or a colon before its values.
fn is_address(subject: &str) -> bool {
    subject.contains("://") || subject.split('/').next().is_some_and(|host| host.contains(['.', ':']))
}
