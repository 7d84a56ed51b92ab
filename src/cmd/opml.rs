//! `feedmill opml`.

use std::process::ExitCode;

use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, voice};
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
        let sites = plan.sites.values().map(|site| {
            let title = site.title.clone().unwrap_or_else(|| site.name.clone());
            listed(&site.name, title, site.description.clone(), &site.url, &base)
        });
        let merged = plan
            .merged
            .values()
            .map(|merged| listed(&merged.name, merged.title(), merged.description.clone(), &merged.home, &base));
        let mut entries: Vec<IndexEntry> = sites.chain(merged).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        voice::hand_over(&render::opml("Feedmill", &entries))?;
        Ok(ExitCode::from(ALL_WELL))
    }
}

fn listed(name: &str, title: String, description: Option<String>, home: &WebUrl, base: &WebUrl) -> IndexEntry {
    IndexEntry {
        name: name.to_owned(),
        title,
        description,
        home: home.clone(),
        health: None,
        trouble: None,
        advice: None,
        due: None,
        changed: None,
        items: 0,
        is_form: false,
        address: format!("{base}{name}"),
    }
}
