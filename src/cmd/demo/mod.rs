//! `feedmill demo`: a small web site inside the binary, and its feed. Everything is real but the news: the site is
//! served over TCP, read without a rule, and its feed served as `feedmill serve` does it. It can be redesigned while one
//! watches.

mod gazette;
mod newsstand;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, serve, voice};
use crate::archive::SqliteArchive;
use crate::clock::{Clock as _, SystemClock};
use crate::config::{self, ConfigError};
use crate::engine::{Detail, Engine};
use gazette::Gazette;
use newsstand::Press;

/// The site's name in its `sites.toml`.
const SITE: &str = "gazette";

/// Time between two refreshes.
const EVERY: Duration = Duration::from_secs(10);

/// Run a small web site and its feeds: everything works within a minute, without a network
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Seconds between two pieces of news
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pace: u64,
    /// Redesign the web site after this time, as the button on it does: `90s`, `2m`
    #[arg(long, value_name = "TIME", value_parser = time)]
    redesign_after: Option<Duration>,
}

impl Demo {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let newsstand = serve::listener(anywhere).await?;
        let listener = serve::listener(anywhere).await?;
        let address = |listener: &tokio::net::TcpListener| {
            listener.local_addr().map_err(|error| Stop::Io("cannot tell where the demo listens".to_owned(), error))
        };
        let (paper, feeds) = (address(&newsstand)?, address(&listener)?);
        let gazette = Gazette::new(SystemClock.now(), Duration::from_secs(self.pace));
        let press = Arc::new(Press::new(gazette));
        let selling = tokio::spawn(newsstand::sell(newsstand, Arc::clone(&press)));

        let toml = gazette::sites_toml(paper);
        let plan =
            config::parse(&toml, Path::new("(demo)")).map_err(|mistakes| ConfigError::Wrong(Box::new(mistakes)))?;
        // Forgotten when the demo ends: the next one begins with another paper.
        let engine = mill::engine(Arc::new(plan), Arc::new(SqliteArchive::in_memory()?), false)?;
        // So that the first look at the index shows a feed.
        engine.refresh(SITE).await;
        if !common.quiet {
            voice::tell(&welcome(paper, feeds, self.pace, &toml));
        }
        let redesigning = tokio::spawn(redesign(Arc::clone(&press), self.redesign_after));
        let reading = tokio::spawn(keep_reading(Arc::clone(&engine), press, !common.quiet));
        let result = serve::run(listener, engine).await;
        for task in [redesigning, reading, selling] {
            task.abort();
        }
        result.map(|()| ExitCode::from(ALL_WELL))
    }
}

/// Gives the paper its other design once `after` is over.
async fn redesign(press: Arc<Press>, after: Option<Duration>) {
    if let Some(after) = after {
        tokio::time::sleep(after).await;
        press.redesign();
    }
}

/// Refreshes the feed now and then without being asked, so that news arrive while one watches, and tells what becomes of
/// it when the paper changes its design.
async fn keep_reading(engine: Arc<Engine>, press: Arc<Press>, tells: bool) {
    let mut was_new = false;
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = press.redesigned() => {}
        }
        let is_new = press.paper().is_new();
        engine.refresh(SITE).await;
        if tells
            && is_new != was_new
            && let Ok(Some(detail)) = engine.detail(SITE).await
        {
            voice::tell(&changed(is_new, &detail));
        }
        was_new = is_new;
    }
}

/// What became of the feed when the paper changed its design.
fn changed(is_new: bool, detail: &Detail) -> String {
    let design =
        if is_new { "has a new design: every class, most tags, another order" } else { "has its old design back" };
    let status = &detail.status;
    let lines = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    match (&status.repair, is_new) {
        (Some(repair), true) => format!(
            "\nThe paper {design}. Feedmill knows {} of the stories on it, and has found the list again by them; no \
             reader notices. What is different in how it is read:\n\n{}",
            repair.known,
            lines(&repair.difference)
        ),
        _ => format!("\nThe paper {design}. The feed is {}.", status.health),
    }
}

/// A time, such as `90s`, `2m` or just seconds.
fn time(written: &str) -> Result<Duration, String> {
    let (number, unit) = match written.strip_suffix(['s', 'm']) {
        Some(number) => (number, if written.ends_with('m') { 60 } else { 1 }),
        None => (written, 1),
    };
    let number: u64 = number.parse().map_err(|_| "write it as `90s` or `2m`".to_owned())?;
    Ok(Duration::from_secs(number.saturating_mul(unit)))
}

fn welcome(paper: SocketAddr, feeds: SocketAddr, pace: u64, toml: &str) -> String {
    let told = toml.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rule: String = told.map(|line| format!("    {line}\n")).collect();
    format!(
        "The Millstream Gazette is open: a newspaper without a feed, and news every {pace} seconds. Feedmill serves its \
         feed.\n\n    \
           begin here  http://{feeds}/\n    \
           the paper   http://{paper}/      (with a button that redesigns it)\n\n    \
           RSS         http://{feeds}/feeds/gazette.xml      (paste this into your feed reader)\n    \
           Atom        http://{feeds}/feeds/gazette.atom\n    \
           JSON Feed   http://{feeds}/feeds/gazette.json\n    \
           to read     http://{feeds}/feeds/gazette.html\n\n\
         This is all that it was told:\n\n{rule}\n\
         Press the button on the paper's pages, or start with --redesign-after 1m, and watch what happens, here and at \
         http://{feeds}/: nothing that a reader would notice.\n\n\
         Ctrl-C ends it; nothing is left behind."
    )
}
