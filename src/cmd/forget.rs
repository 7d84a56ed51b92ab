//! `feedmill forget`: what the archive holds, and how to get rid of it. A site that is no longer in the configuration
//! keeps its items until somebody says so: it may be a typing mistake.

use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, voice};
use crate::archive::{Archive, ArchiveError, Holding};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Named, Plan};
use crate::limits;

/// List what the archive holds, or delete a site from it
#[derive(Debug, Args)]
pub(super) struct Forget {
    /// The site to delete, in the configuration or not [default: none, everything is listed]
    #[arg(value_name = "SITE")]
    site: Option<String>,
    /// Really do it; without, it is told what would go
    #[arg(long, requires = "site")]
    yes: bool,
}

impl Forget {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let (path, called) = mill::archive_place(common, &plan)?;
        if !path.exists() {
            return Err(Stop::Usage(format!("there is no archive at {called}")));
        }
        let archive = mill::archive(common, &plan)?;
        let Some(site) = &self.site else {
            let holdings = archive.holdings(None).await?;
            voice::hand_over(&holdings.iter().map(|holding| row(holding, &plan)).collect::<String>())?;
            return Ok(ExitCode::from(ALL_WELL));
        };
        let holding = archive.holdings(Some(site.clone())).await?.into_iter().next();
        let holding = holding.ok_or_else(|| {
            Stop::Usage(format!("the archive has nothing of a site `{site}`; `feedmill forget` lists what it has"))
        })?;
        voice::hand_over(&row(&holding, &plan))?;
        if !self.yes {
            voice::tell("nothing was deleted: `--yes` deletes it, for ever");
            return Ok(ExitCode::from(ALL_WELL));
        }
        delete(archive.as_ref(), site, SystemClock.now()).await?;
        voice::tell(&format!("{site}: deleted with all of its items"));
        if is_known(&plan, site) {
            voice::tell(
                "it is still in the configuration: its next refresh begins anew, and every item is new to readers",
            );
        }
        Ok(ExitCode::from(ALL_WELL))
    }
}

/// Nobody else may be refreshing the site meanwhile.
async fn delete(archive: &dyn Archive, site: &str, now: DateTime<Utc>) -> Result<(), ArchiveError> {
    let holder = format!("forget-{}-{}", std::process::id(), now.timestamp_micros());
    let until = now + TimeDelta::from_std(limits::LEASE).unwrap_or(TimeDelta::MAX);
    if !archive.lease(site, &holder, now, until).await? {
        let why = format!("the site `{site}` is being refreshed; try again in half a minute");
        return Err(ArchiveError::Database(why));
    }
    let done = archive.forget(site, &holder).await;
    archive.release(site, &holder).await?;
    done
}

fn is_known(plan: &Plan, site: &str) -> bool {
    matches!(plan.named(site), Some(Named::Site(_) | Named::Merged(_)))
}

fn row(holding: &Holding, plan: &Plan) -> String {
    let day = |moment: Option<DateTime<Utc>>| moment.map_or("never".to_owned(), |at| at.format("%Y-%m-%d").to_string());
    format!(
        "{}\t{} items\toldest {}\tlast tried {}{}\n",
        holding.site,
        holding.items,
        day(holding.oldest),
        day(holding.tried),
        if is_known(plan, &holding.site) { "" } else { "\tnot in the configuration" },
    )
}
