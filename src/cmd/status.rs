//! `feedmill status`: how every site is doing, from the archive alone.

mod shown;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, voice};
use crate::archive::SqliteArchive;
use crate::clock::{Clock as _, SystemClock};
use crate::engine::{Detail, Status, closed_hosts, survey};

/// Show how every site is doing, and what to do about it; asks no site
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The feeds to show, each with its last report [default: all]
    #[arg(value_name = "SITE")]
    sites: Vec<String>,
    /// Show it as JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let names = if self.sites.is_empty() { Vec::new() } else { mill::chosen(&plan, &self.sites)? };
        let now = SystemClock.now();
        // Looking makes nothing: without an archive nothing has happened yet.
        let archive = if let Some(archive) = mill::archive_that_is_there(common, &plan)? {
            archive
        } else {
            let (_, place) = mill::archive_place(common, &plan)?;
            voice::tell(&format!("there is no archive at {place} yet: `feedmill serve` and `feedmill build` make it"));
            Arc::new(SqliteArchive::in_memory()?)
        };
        let is_well = if names.is_empty() {
            let status = {
                let hosts = closed_hosts(archive.as_ref(), now).await?;
                Status::of(survey(&plan, archive.as_ref(), now).await?, hosts, None, now)
            };
            voice::hand_over(&if self.json { json(&status) } else { shown::all(&status) })?;
            status.sites.iter().all(crate::engine::SiteStatus::is_well)
        } else {
            let mut details = Vec::with_capacity(names.len());
            for name in &names {
                details.extend(Detail::of(&plan, archive.as_ref(), name, now).await?);
            }
            voice::hand_over(&if self.json {
                json(&Chosen { now, sites: &details })
            } else {
                shown::some(&details, now)
            })?;
            details.iter().all(|detail| detail.status.is_well())
        };
        Ok(ExitCode::from(if is_well { ALL_WELL } else { SOME_FAILED }))
    }
}

/// The sites that were asked for.
#[derive(Serialize)]
struct Chosen<'a> {
    now: chrono::DateTime<chrono::Utc>,
    sites: &'a [Detail],
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
