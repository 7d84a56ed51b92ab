//! `feedmill demo`: a small web site inside the binary, and its feed. Everything is real but the news: the site is
//! served over TCP, read by a rule, and its feed served as `feedmill serve` does it.

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
use crate::engine::Engine;
use gazette::Gazette;

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
        let selling = tokio::spawn(newsstand::sell(newsstand, gazette));

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
        let reading = tokio::spawn(keep_reading(Arc::clone(&engine)));
        let result = serve::run(listener, engine).await;
        reading.abort();
        selling.abort();
        result.map(|()| ExitCode::from(ALL_WELL))
    }
}

/// Refreshes the feed now and then without being asked, so that news arrive while one watches.
async fn keep_reading(engine: Arc<Engine>) {
    loop {
        tokio::time::sleep(EVERY).await;
        engine.refresh(SITE).await;
    }
}

fn welcome(paper: SocketAddr, feeds: SocketAddr, pace: u64, toml: &str) -> String {
    let rule: String = toml.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "The Millstream Gazette is open: a newspaper without a feed, and news every {pace} seconds. Feedmill serves its \
         feed.\n\n    \
           begin here  http://{feeds}/\n    \
           the paper   http://{paper}/\n\n    \
           RSS         http://{feeds}/feeds/gazette.xml      (paste this into your feed reader)\n    \
           Atom        http://{feeds}/feeds/gazette.atom\n    \
           JSON Feed   http://{feeds}/feeds/gazette.json\n    \
           to read     http://{feeds}/feeds/gazette.html\n\n\
         This is the rule that makes it:\n\n{rule}\n\
         Ctrl-C ends it; nothing is left behind."
    )
}
