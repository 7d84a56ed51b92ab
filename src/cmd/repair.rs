//! `feedmill repair`: what Feedmill has made of a site's rule, shown, and written down.

mod edited;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, voice, write};
use crate::config::{Named, Plan, Repairing, Site};
use crate::engine::{Accepted, Pending};
use crate::selfmade::{Change, difference, table_of};

/// Show what mends a site's rule since the site was redesigned, and write it down
///
/// Where a table has no rule, it shows the one that was found. Reads the archive, and asks no site.
#[derive(Debug, Args)]
pub(super) struct Mend {
    /// The site's name in the configuration
    #[arg(value_name = "SITE")]
    site: String,
    /// Write it into the file that the site stands in; comments, and whatever else is there, stay
    #[arg(long)]
    write: bool,
    /// Show everything as JSON
    #[arg(long)]
    json: bool,
}

/// What there is, for programs.
#[derive(Serialize)]
struct Shown<'a> {
    site: &'a str,
    changes: &'a [Change],
    difference: Option<String>,
    /// When the repair was found.
    at: Option<chrono::DateTime<chrono::Utc>>,
    /// How many entries it found.
    entries: Option<usize>,
    /// How many of them the archive knew.
    known: Option<usize>,
    written: bool,
}

impl Mend {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let site = site(&plan, &self.site)?;
        // Looking makes nothing: without an archive nothing has happened yet.
        let Some(archive) = mill::archive_that_is_there(common, &plan)? else {
            return self.nothing(&site);
        };
        let engine = mill::engine(Arc::clone(&plan), archive, false)?;
        let Some(pending) = engine.pending(&site).await? else { return self.nothing(&site) };
        if self.write {
            let main = mill::place(common)?;
            match engine.accept(&site, |changes| written(&main, &site, changes)).await? {
                Accepted::Written => {}
                Accepted::Nothing => return self.nothing(&site),
                Accepted::Busy => {
                    voice::tell("another Feedmill process is refreshing it just now: try again in half a minute");
                    return Ok(ExitCode::from(SOME_FAILED));
                }
            }
        }
        self.show(&site, &pending)?;
        Ok(ExitCode::from(ALL_WELL))
    }

    fn nothing(&self, site: &Site) -> Result<ExitCode, Stop> {
        if self.json {
            voice::hand_over(&json(site, &[], None, false))?;
        } else {
            let why = match site.repair {
                _ if site.is_bare() => "its table has no rule, and none has been found",
                Repairing::Off => {
                    "its rule runs as it stands in its table, and no other one is looked for: its `repair` is \"off\""
                }
                Repairing::Auto | Repairing::Propose => {
                    "its rule runs as it stands in its table, and no other one has been found"
                }
            };
            voice::hand_over(&format!("{}: {why}\n", site.name))?;
        }
        Ok(ExitCode::from(ALL_WELL))
    }

    fn show(&self, site: &Site, pending: &Pending) -> Result<(), Stop> {
        if self.json {
            return voice::hand_over(&json(site, &pending.changes, Some(pending), self.write));
        }
        let difference = difference(&site.name, &pending.changes);
        let place = site.file.display();
        let end = if self.write {
            format!("This is written into {place}.\n")
        } else {
            format!("`feedmill repair {} --write` writes this into {place}.\n", site.name)
        };
        let why = match &pending.made.repair {
            Some(repair) => format!(
                "{}: the site was redesigned. On {}, the rule below found {} entries, {} of which were known.\n",
                site.name,
                repair.at.format("%Y-%m-%d %H:%M UTC"),
                repair.entries,
                repair.known
            ),
            None => format!("{}: its table has no rule, and this one was found.\n", site.name),
        };
        voice::hand_over(&format!("{why}\n{difference}\n{end}"))
    }
}

fn json(site: &Site, changes: &[Change], pending: Option<&Pending>, written: bool) -> String {
    let repair = pending.and_then(|pending| pending.made.repair.as_ref());
    let shown = Shown {
        site: &site.name,
        changes,
        difference: (!changes.is_empty()).then(|| difference(&site.name, changes)),
        at: repair.map(|repair| repair.at),
        entries: repair.map(|repair| repair.entries),
        known: repair.map(|repair| repair.known),
        written,
    };
    serde_json::to_string_pretty(&shown).unwrap_or_default()
}

fn site(plan: &Plan, name: &str) -> Result<Arc<Site>, Stop> {
    match plan.named(name) {
        Some(Named::Form { why, form }) if plan.families.contains_key(name) => Err(Stop::Usage(format!(
            "`{name}` makes many feeds ({why}): write which one has been repaired, as {form}; they have one table"
        ))),
        _ => mill::site(plan, name),
    }
}

/// Writes the changes into the file of the site's table, and gives the site as it is then.
fn written(main: &Path, site: &Site, changes: &[Change]) -> Result<Arc<Site>, Stop> {
    let table = table_of(&site.name);
    let cannot = |error| Stop::Io(format!("cannot read {}", site.file.display()), error);
    let _turn = write::turn(&site.file);
    let text = std::fs::read_to_string(&site.file).map_err(cannot)?;
    let by_hand = || {
        Stop::Usage(format!(
            "the table of `{table}` in {} is written in a way that nothing can be changed in it; write it by hand",
            site.file.display()
        ))
    };
    let edited = edited::with(&text, table, changes).ok_or_else(by_hand)?;
    let plan = write::put(main, &site.file, &write::with_endings_of(&text, &edited))?;
    mill::site(&plan, &site.name)
}
