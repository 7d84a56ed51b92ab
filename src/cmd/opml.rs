//! `feedmill opml`.

use std::process::ExitCode;

use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, voice};
use crate::config::Site;
use crate::render::{self, IndexEntry};
use crate::weburl::WebUrl;

/// Print an OPML file with every feed, for readers to import
#[derive(Debug, Args)]
pub(super) struct Opml {
    /// The address under which the feeds lie, such as <https://feeds.example/feeds/> [default: `feeds/` under `[server]
    /// public_url`, then where `serve` listens]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

impl Opml {
    pub(super) fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let base = match (&self.base_url, &plan.server.public_url) {
            (Some(written), _) => format!("{}/", written.trim_end_matches('/')),
            (None, Some(url)) => format!("{}/feeds/", url.as_str().trim_end_matches('/')),
            (None, None) => format!("http://{}/feeds/", plan.server.listen),
        };
        let base = WebUrl::parse(&base).map_err(|error| {
            Stop::Usage(format!(
                "--base-url {base}: {error}; write the whole address, such as https://feeds.example/feeds/"
            ))
        })?;
        let entries: Vec<IndexEntry> = plan.sites.values().map(|site| listed(site, &base)).collect();
        voice::hand_over(&render::opml("Feedmill", &entries))?;
        Ok(ExitCode::from(ALL_WELL))
    }
}

fn listed(site: &Site, base: &WebUrl) -> IndexEntry {
    IndexEntry {
        name: site.name.clone(),
        title: site.title.clone().unwrap_or_else(|| site.name.clone()),
        description: site.description.clone(),
        home: site.url.clone(),
        health: None,
        trouble: None,
        changed: None,
        items: 0,
        address: format!("{base}{}", site.name),
    }
}
