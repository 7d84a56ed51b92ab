//! The engine in this very process, with a clock that stands still until a test moves it.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use feedmill::archive::{Archive, SqliteArchive};
use feedmill::clock::{Clock, ManualClock};
use feedmill::config::{self, Plan};
use feedmill::edition::Feed;
use feedmill::engine::{ArchivedHosts, Engine, Parts, Refreshed, Replaced};
use feedmill::fetch::{Fetcher, SystemResolver};

/// An engine under a test's control.
pub struct Bench {
    pub engine: Arc<Engine>,
    pub clock: Arc<ManualClock>,
    pub archive: Arc<dyn Archive>,
}

impl Bench {
    /// An engine for `toml`, with its archive in `home`, at noon of 23 November 2026.
    pub fn start(home: &Path, toml: &str) -> Self {
        Self::start_at(home, toml, Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().unwrap())))
    }

    /// The same as a new process would be: only the archive and the time go on.
    pub fn restart(self, home: &Path, toml: &str) -> Self {
        let clock = Arc::clone(&self.clock);
        drop(self);
        Self::start_at(home, toml, clock)
    }

    fn start_at(home: &Path, toml: &str, clock: Arc<ManualClock>) -> Self {
        let plan = plan(home, toml);
        let archive: Arc<dyn Archive> = Arc::new(SqliteArchive::open(&home.join("archive.db")).unwrap());
        let clock_of_all: Arc<dyn Clock> = clock.clone();
        let fetcher = Fetcher::new(Arc::new(SystemResolver), Arc::clone(&clock_of_all), Vec::new()).unwrap();
        let hosts = Arc::new(ArchivedHosts::new(Arc::clone(&archive), clock_of_all));
        let parts = Parts {
            plan,
            fetcher: Arc::new(fetcher.remembering(hosts)),
            archive: Arc::clone(&archive),
            clock: Arc::<ManualClock>::clone(&clock),
            explain: false,
        };
        Self { engine: Engine::new(parts), clock, archive }
    }

    /// Puts another configuration in force.
    pub fn reload(&self, home: &Path, toml: &str) -> Replaced {
        self.engine.reload(plan(home, toml))
    }

    /// Refreshes the site `mill`.
    pub async fn refresh(&self) -> Arc<Refreshed> {
        self.engine.refresh("mill").await.expect("a site called mill")
    }

    /// The feed of the site `mill`.
    pub async fn feed(&self) -> Feed {
        self.engine.feed("mill", None).await.unwrap().expect("an edition")
    }

    /// Lets time pass.
    pub fn wait(&self, delta: TimeDelta) {
        self.clock.advance(delta);
    }
}

fn plan(home: &Path, toml: &str) -> Arc<Plan> {
    match config::parse(toml, &home.join("sites.toml")) {
        Ok(plan) => Arc::new(plan),
        Err(mistakes) => panic!("{}", mistakes.render(false)),
    }
}
