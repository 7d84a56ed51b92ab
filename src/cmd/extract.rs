//! `feedmill extract`: extraction on saved pages, JSON out; one by one, or in bulk for measuring.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};

use super::saved::{self, Kind};
use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Site;
use crate::extract;
use crate::item::Item;
use crate::weburl::WebUrl;

/// Read saved pages, by a site's rule or without one, JSON out
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// What the pages are
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// Saved pages (`.gz` too)
    #[arg(value_name = "FILE", required_unless_present = "jsonl")]
    files: Vec<PathBuf>,
    /// The address that the page came from [default: the site's]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The site whose rule to use; without it lists are found, and articles read, by looking at the pages
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Read `{"id", "url", "path"}` lines from stdin, and write a line for each
    #[arg(long, conflicts_with = "files")]
    jsonl: bool,
}

/// A line of `--jsonl`.
#[derive(serde::Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    url: Option<String>,
    path: PathBuf,
}

impl Extract {
    pub(super) fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let site = self.site(common)?;
        let mut all_well = true;
        if self.jsonl {
            for line in std::io::stdin().lock().lines() {
                let line = line.map_err(|error| Stop::Io("cannot read stdin".to_owned(), error))?;
                if line.trim().is_empty() {
                    continue;
                }
                let said = match serde_json::from_str::<Line>(&line) {
                    Ok(line) => {
                        self.one(&site, &line.path, &line.id, line.url.as_deref()).map_err(|error| (line.id, error))
                    }
                    Err(error) => {
                        Err((Value::Null, format!("not a line of the form {{\"id\", \"url\", \"path\"}}: {error}")))
                    }
                };
                all_well &= said.is_ok();
                voice::hand_over(&said.unwrap_or_else(|(id, error)| json!({ "id": id, "error": error })).to_string())?;
            }
        } else {
            for path in &self.files {
                let id = path.file_name().map(|name| name.to_string_lossy().into_owned());
                let said = self.one(&site, path, &id.into(), None);
                all_well &= said.is_ok();
                match said {
                    Ok(value) => voice::hand_over(&format!("{value:#}"))?,
                    Err(error) => voice::tell(&error),
                }
            }
        }
        Ok(ExitCode::from(if all_well { ALL_WELL } else { SOME_FAILED }))
    }

    /// The site whose rule reads the pages, or one that has none.
    fn site(&self, common: &Common) -> Result<Site, Stop> {
        match (&self.site, self.kind) {
            (Some(name), _) => {
                let plan = mill::plan(common)?;
                let site = mill::site(&plan, name)?;
                Ok(Site::clone(&site))
            }
            (None, kind) => {
                let article = if matches!(kind, Kind::Article) { "[sites.page.article]\n" } else { "" };
                let bare = format!("[sites.page]\nurl = \"http://localhost/\"\n{article}");
                let plan = crate::config::parse(&bare, Path::new("(built in)"))
                    .map_err(|mistakes| crate::config::ConfigError::Wrong(Box::new(mistakes)))?;
                plan.sites.get("page").map(|site| Site::clone(site)).ok_or_else(|| Stop::Usage("no rule".to_owned()))
            }
        }
    }

    fn one(&self, site: &Site, path: &Path, id: &Value, url: Option<&str>) -> Result<Value, String> {
        let url = match url.or(self.url.as_deref()) {
            Some(url) => WebUrl::parse(url).map_err(|error| format!("{url}: {error}"))?,
            None => site.url.clone(),
        };
        let page = saved::page(path, url).map_err(|stop| stop.to_string())?;
        let started = Instant::now();
        let is_article = matches!(self.kind, Kind::Article);
        let seen = saved::seen(site, &page, is_article, SystemClock.now(), false);
        let millis = started.elapsed().as_secs_f64() * 1000.0;
        if let Some(why) = seen.refreshed.outcome.why()
            && seen.items.is_empty()
            && is_article
        {
            return Err(why.to_owned());
        }
        let items: Vec<Value> = seen.items.iter().map(shown).collect();
        let mut value = serde_json::Map::new();
        value.insert("id".to_owned(), id.clone());
        value.insert("next".to_owned(), json!(seen.next));
        value.insert("followed".to_owned(), json!(seen.followed));
        value.insert("report".to_owned(), json!(seen.refreshed.report));
        value.insert("ms".to_owned(), millis.into());
        if is_article {
            let item = items.into_iter().next().unwrap_or_default();
            // The scripts that score articles read the fields beside `id`.
            for (name, field) in item.as_object().into_iter().flatten() {
                value.entry(name.clone()).or_insert_with(|| field.clone());
            }
            value.insert("item".to_owned(), item);
        } else {
            value.insert("items".to_owned(), items.into());
            value.insert("rule".to_owned(), seen.refreshed.rule.into());
            value.insert("error".to_owned(), seen.refreshed.outcome.why().into());
        }
        Ok(value.into())
    }
}

/// An item as scripts want it: the fields that the page told, flat.
fn shown(item: &Item) -> Value {
    let mut value = serde_json::to_value(&item.fields).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        let text = item.fields.content.as_ref().map(extract::running_text_of);
        object.insert("text".to_owned(), text.into());
        object.insert("date".to_owned(), object.get("published").cloned().unwrap_or_default());
    }
    value
}
