//! `feedmill record`: saves the pages of a site as a test folder, with the tests that they pass now.

mod expected;
mod folder;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, check, mill, saved, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{PageKind, Site};
use crate::fetch::{Fetched, Fetcher, Request};
use crate::item::Item;
use crate::webpage::{Asking, Page};
use crate::weburl::WebUrl;
use expected::Recorded;

/// Save the pages of a site as tests of its rule
#[derive(Debug, Args)]
pub(super) struct Record {
    /// The site's name in the configuration
    #[arg(value_name = "SITE")]
    site: String,
    /// The folder for the pages [default: `tests/pages/SITE` beside the file that the site stands in]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Articles to save
    #[arg(long, value_name = "N", default_value_t = 2)]
    articles: usize,
    /// Write into a folder that has files already
    #[arg(long)]
    force: bool,
    /// Add the tests to the file that the site stands in, instead of printing them
    #[arg(long)]
    write: bool,
}

impl Record {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        if let Some(family) = plan.families.get(&self.site) {
            let what = format!("`{}` has parameters: name one of its feeds, as {}", self.site, family.form());
            return Err(Stop::Usage(what));
        }
        let site = &*mill::site(&plan, &self.site)?;
        let folder = folder::Folder::open(site, self.out.as_deref(), self.force)?;
        let fetcher = Fetcher::system()?;
        let pages = match self.pages(site, &fetcher).await {
            Ok(pages) => pages,
            Err(why) => {
                voice::tell(&format!("{}: {why}; nothing is recorded", site.name));
                return Ok(ExitCode::from(SOME_FAILED));
            }
        };
        let mut tests = Vec::with_capacity(pages.len());
        for (kind, name, page) in pages {
            let path = folder.save(&name, &page)?;
            tests.push(Recorded::new(site, kind, path, &page, SystemClock.now()));
        }
        if self.write {
            write::add(site, &tests)?;
        } else {
            voice::hand_over(&tests.iter().map(|test| test.toml(site)).collect::<Vec<_>>().join("\n"))?;
        }
        let failures = tests.iter().flat_map(|test| check::trial::failures(site, &test.test, SystemClock.now()));
        let failures: Vec<String> = failures.collect();
        for failure in &failures {
            voice::tell(&format!("{}: what was recorded is read differently the second time: {failure}", site.name));
        }
        if !common.quiet {
            voice::tell(&said(site, &folder, &tests, self.write));
        }
        Ok(ExitCode::from(if failures.is_empty() { ALL_WELL } else { SOME_FAILED }))
    }

    /// Fetches the listing, and the first articles that it leads to; the error says why there is nothing to record.
    async fn pages(&self, site: &Site, fetcher: &Fetcher) -> Result<Vec<(PageKind, String, Page)>, String> {
        let now = SystemClock.now();
        let address = site.addresses.first().map(|address| address.at(now, site.rule.timezone));
        let url = address.transpose().map_err(|error| error.to_string())?.unwrap_or_else(|| site.url.clone());
        let asking = site.asking.first(&url, now, site.rule.timezone);
        let listing = fetched(site, fetcher, &url, Some(&asking)).await?;
        let seen = saved::seen(site, &listing, false, SystemClock.now(), false);
        if let Some(why) = seen.refreshed.outcome.why() {
            return Err(why.to_owned());
        }
        let mut pages = vec![(PageKind::Listing, format!("listing.{}", folder::extension(&listing)), listing)];
        if site.rule.article.is_none() {
            return Ok(pages);
        }
        let mut number = 0;
        for link in seen.items.iter().filter_map(link).take(self.articles.saturating_mul(2)) {
            if number == self.articles {
                break;
            }
            // One article that is gone is no reason to have no tests.
            match fetched(site, fetcher, link, None).await {
                Ok(page) if saved::seen(site, &page, true, SystemClock.now(), false).items.is_empty() => {
                    voice::tell(&format!("{link} is no page, and is left out"));
                }
                Ok(page) => {
                    number += 1;
                    pages.push((PageKind::Article, format!("article-{number}.{}", folder::extension(&page)), page));
                }
                Err(why) => voice::tell(&format!("{why}; it is left out")),
            }
        }
        Ok(pages)
    }
}

fn link(item: &Item) -> Option<&WebUrl> {
    item.fields.link.as_ref()
}

async fn fetched(site: &Site, fetcher: &Fetcher, url: &WebUrl, asking: Option<&Asking>) -> Result<Page, String> {
    let request = Request { url, site: &site.url, upstream: &site.upstream, validators: None, asking };
    match fetcher.get(request).await {
        Ok(Fetched::Page(page)) => Ok(page),
        Ok(Fetched::NotModified { .. }) => Err(format!("{url} was answered without a page")),
        Err(error) => Err(format!("cannot fetch {url}: {error}")),
    }
}

fn said(site: &Site, folder: &folder::Folder, tests: &[Recorded], is_written: bool) -> String {
    let pages = if tests.len() == 1 { "1 page is".to_owned() } else { format!("{} pages are", tests.len()) };
    let place = site.file.display();
    let where_to = if is_written { format!("their tests are in {place}") } else { format!("add the tests to {place}") };
    format!(
        "{pages} saved in {}; {where_to}.\nRead them: they say what the rule yields now, right or wrong. \
         `feedmill check {}` runs them without a network.",
        folder.shown(),
        site.name
    )
}
