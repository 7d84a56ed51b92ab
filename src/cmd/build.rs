//! `feedmill build`: one refresh of every site, and static files.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use futures_util::StreamExt as _;

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, signals, voice};
use crate::clock::{Clock as _, SystemClock};
use crate::edition::Format;
use crate::engine::{Engine, Overview};
use crate::limits;
use crate::outcome::Outcome;
use crate::publish::Folder;
use crate::render::{self, IndexEntry};
use crate::weburl::WebUrl;

/// Refresh once and write static files: for cron
#[derive(Debug, Args)]
pub(super) struct Build {
    /// The feeds to build [default: all]
    #[arg(value_name = "SITE")]
    sites: Vec<String>,
    /// The folder to write to; made if it is not there
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// The address under which the folder is published: for the feeds' links to themselves, and for `feeds.opml`, which is
    /// not written without it [default: `feeds/` under `[server] public_url`]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

impl Build {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let names = mill::chosen(&plan, &self.sites)?;
        let base = self.base(&plan.server)?;
        let folder = Folder::open(&self.out)?;
        let folders: BTreeSet<&str> =
            names.iter().map(|name| name.rsplit_once('/').map_or("", |(below, _)| below)).collect();
        for below in folders {
            folder.sweep(below, SystemClock.now());
        }
        let archive = mill::archive(common, &plan)?;
        let engine = mill::engine_of_one_round(plan, archive)?;
        let mut signals = signals::listen()?;
        tokio::select! {
            failed = all(&engine, &folder, &names, base.as_ref(), common) => {
                let overview = overview(&engine, &folder, base.as_ref()).await;
                // The next run need not wait for what this one holds.
                engine.stop().await?;
                engine.tell_the_last(limits::ALARMS_END).await;
                overview?;
                if base.is_none() && common.verbose > 0 {
                    voice::tell("no feeds.opml: its links must be whole addresses, which begin with --base-url");
                }
                Ok(ExitCode::from(if failed? == 0 { ALL_WELL } else { SOME_FAILED }))
            }
            () = signals.recv() => {
                engine.stop().await?;
                voice::tell("stopped; the sites that were done are written");
                Ok(ExitCode::from(SOME_FAILED))
            }
        }
    }

    fn base(&self, server: &crate::config::Server) -> Result<Option<WebUrl>, Stop> {
        let Some(written) = &self.base_url else {
            let feeds = server.public_url.as_ref().map(|url| format!("{}/feeds/", url.as_str().trim_end_matches('/')));
            return Ok(feeds.and_then(|feeds| WebUrl::parse(&feeds).ok()));
        };
        let with_slash = format!("{}/", written.trim_end_matches('/'));
        WebUrl::parse(&with_slash).map(Some).map_err(|error| {
            Stop::Usage(format!(
                "--base-url {written}: {error}; write the whole address, such as https://feeds.example/"
            ))
        })
    }
}

/// Builds every site, and then what is merged of them; tells how many sites failed.
async fn all(
    engine: &Arc<Engine>,
    folder: &Folder,
    names: &[String],
    base: Option<&WebUrl>,
    common: &Common,
) -> Result<usize, Stop> {
    let plan = engine.plan();
    let (merged, sites): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| plan.merged.contains_key(*name));
    let mut failed = every(engine, folder, sites.iter().map(|name| (name.as_str(), true)), base, common).await?;
    // Sites that are not to be built themselves are refreshed all the same, each once.
    let members = merged.iter().filter_map(|name| plan.merged.get(*name)).flat_map(|one| &one.members);
    let others: BTreeSet<&String> = members.filter(|name| !sites.contains(name)).collect();
    failed += every(engine, folder, others.into_iter().map(|name| (name.as_str(), false)), base, common).await?;
    for name in merged {
        write(engine, folder, name, base).await?;
    }
    Ok(failed)
}

/// Refreshes sites, several at a time, writes the files of those that are to be written, and tells how many failed.
async fn every(
    engine: &Arc<Engine>,
    folder: &Folder,
    names: impl Iterator<Item = (&str, bool)>,
    base: Option<&WebUrl>,
    common: &Common,
) -> Result<usize, Stop> {
    let mut built = futures_util::stream::iter(names)
        .map(async |(name, is_written)| {
            let refreshed = engine.refresh(name).await;
            // A site that fails keeps the files that it has; what is missing is written again from the archive.
            let written = if is_written { write(engine, folder, name, base).await } else { Ok(()) };
            let outcome = refreshed.map_or(Outcome::Unchanged, |refreshed| refreshed.outcome.clone());
            (name.to_owned(), outcome, written)
        })
        .buffered(limits::SITES_AT_ONCE);
    let (mut failed, mut unwritten) = (0, None);
    while let Some((name, outcome, written)) = built.next().await {
        if let Err(stop) = written {
            // The others are written all the same.
            unwritten.get_or_insert(stop);
        }
        match outcome.why() {
            Some(why) => {
                failed += 1;
                voice::tell(&format!("{name}: {why}"));
            }
            None if common.verbose > 0 => voice::tell(&format!("{name}: {}", outcome.name())),
            None => {}
        }
    }
    unwritten.map_or(Ok(failed), Err)
}

/// Writes a feed's files, if there is an edition of it.
async fn write(engine: &Arc<Engine>, folder: &Folder, name: &str, base: Option<&WebUrl>) -> Result<(), Stop> {
    let address = base.and_then(|base| base.join(&link_to(name)).ok());
    let Some(feed) = engine.feed(name, address).await? else { return Ok(()) };
    let changed = feed.changed;
    let documents = move || Format::ALL.map(|format| (format, render::document(&feed, format)));
    let documents = tokio::task::spawn_blocking(documents).await;
    let broken_off = |panic| Stop::Io(format!("{name}: rendering broke off"), std::io::Error::other(panic));
    for (format, document) in documents.map_err(broken_off)? {
        folder.write(&format!("{name}.{}", format.extension()), &document, Some(changed))?;
    }
    Ok(())
}

/// The relative link to a file: what is percent-encoded in its name stays so when the link is decoded.
fn link_to(name: &str) -> String {
    name.replace('%', "%25")
}

/// Writes what lists every feed there is. Nobody can subscribe to a list of file names: without `base` there is none.
async fn overview(engine: &Arc<Engine>, folder: &Folder, base: Option<&WebUrl>) -> Result<(), Stop> {
    let sites = engine.overview().await?;
    let built: Vec<&Overview> = sites.iter().filter(|site| site.changed.is_some()).collect();
    // A file that is the same is left alone: it does not tell when the next run may come.
    let index = built.iter().map(|site| IndexEntry { due: None, ..site.listed(link_to(&site.name)) });
    let index: Vec<IndexEntry> = index.collect();
    folder.write("index.html", render::index(&index, base.is_some()).as_bytes(), None)?;
    if let Some(base) = base {
        let listed = built.iter().map(|site| site.listed(format!("{base}{}", link_to(&site.name))));
        let subscriptions: Vec<IndexEntry> = listed.collect();
        folder.write("feeds.opml", render::opml("Feedmill", &subscriptions).as_bytes(), None)?;
    }
    Ok(())
}
