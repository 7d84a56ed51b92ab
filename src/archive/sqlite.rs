//! The archive in one `SQLite` file beside the program: a write-ahead log, one connection, work done off the async
//! threads.
//!
//! One connection is enough: readers are served from memory, and what a refresh asks of the archive takes a
//! millisecond or two. Other processes (`build` beside a running `serve`) are waited for up to
//! [`limits::ARCHIVE_BUSY`].

mod backup;
mod check;
mod demand;
mod forget;
mod guard;
mod held;
mod hosts;
mod kept;
mod open;
mod retention;
mod rows;
mod schema;
mod statements;
mod trouble;
mod vacuum;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

pub use self::backup::Copied;
use self::guard::Guard;
use self::trouble::Trouble;
use super::{Archive, ArchiveError, Due, Holding, Known, Post, Promise, Record, Retention, SiteState};
use crate::host::HostMemory;
use crate::item::Item;
use crate::kept::KeptPage;
use crate::limits;
use crate::rule::Filter;

/// An archive in a file of this machine.
pub struct SqliteArchive {
    connection: Arc<Mutex<Connection>>,
    guard: Arc<Guard>,
    place: String,
    is_new: bool,
}

impl SqliteArchive {
    /// Opens the archive at `path`; makes it, and its folder, if there is none. What is no archive of this version or
    /// an earlier one is refused, never replaced.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        Self::open_called(path, &path.display().to_string())
    }

    /// The same with another name for it in messages, where its path is nobody's business.
    pub fn open_called(path: &Path, place: &str) -> Result<Self, ArchiveError> {
        let (connection, is_new) = open::connection(path, place, limits::ARCHIVE_BUSY)?;
        Ok(Self { is_new, ..Self::new(connection, Guard::of(path), place.to_owned()) })
    }

    /// The archive at `path`, if there is one. That it is gone while its log is still there is an error.
    pub fn open_if_there(path: &Path, place: &str) -> Result<Option<Self>, ArchiveError> {
        open::refuse_headless(path).map_err(|trouble| trouble.on_opening(place))?;
        path.exists().then(|| Self::open_called(path, place)).transpose()
    }

    /// An empty archive that is gone with this value.
    pub fn in_memory() -> Result<Self, ArchiveError> {
        let place = "in memory";
        let connection = open::in_memory().map_err(|trouble| trouble.on_opening(place))?;
        Ok(Self::new(connection, Guard::default(), place.to_owned()))
    }

    /// Copies the archive at `path`, whatever else is going on in it, and looks the copy over before it replaces an
    /// earlier one at `to`. Messages call the archive `place`.
    pub fn copy(path: &Path, place: &str, to: &Path) -> Result<Copied, ArchiveError> {
        backup::copy(path, place, to, limits::ARCHIVE_BUSY)
    }

    /// Whether there was none before it was opened: then every item is new to it.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// What messages call it.
    pub fn place(&self) -> &str {
        &self.place
    }

    fn new(connection: Connection, guard: Guard, place: String) -> Self {
        Self { connection: Arc::new(Mutex::new(connection)), guard: Arc::new(guard), place, is_new: false }
    }

    /// Does `job`, which reads, on a thread that may block. Once begun it is done to its end, even if nobody waits any
    /// longer.
    fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Promise<'_, T> {
        Box::pin(async move {
            // Waiting in an async queue, in turn, keeps a crowd from filling the pool of blocking threads.
            let mut connection = Arc::clone(&self.connection).lock_owned().await;
            let done = spawn_blocking(move || job(&mut connection)).await;
            done.unwrap_or_else(|error| Err(Trouble::Cancelled(error.to_string()))).map_err(|trouble| {
                self.guard.learn(&trouble);
                trouble.at(&self.place)
            })
        })
    }

    /// The same for a job that writes, if the file may still be written.
    fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Promise<'_, T> {
        let guard = Arc::clone(&self.guard);
        self.work(move |connection| {
            guard.check()?;
            job(connection)
        })
    }
}

impl Archive for SqliteArchive {
    fn lease(&self, site: &str, holder: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Promise<'_, bool> {
        let (site, holder) = (site.to_owned(), holder.to_owned());
        self.write(move |connection| statements::lease(connection, &site, &holder, now, until))
    }

    fn release(&self, site: &str, holder: &str) -> Promise<'_, ()> {
        let (site, holder) = (site.to_owned(), holder.to_owned());
        self.write(move |connection| statements::release(connection, &site, &holder))
    }

    fn state(&self, site: &str) -> Promise<'_, SiteState> {
        let site = site.to_owned();
        self.work(move |connection| statements::state(connection, &site))
    }

    fn find(&self, site: &str, keys: Vec<String>) -> Promise<'_, Vec<Record>> {
        let site = site.to_owned();
        self.work(move |connection| statements::find(connection, &site, &keys))
    }

    fn due(&self, site: &str, now: DateTime<Utc>, max: usize) -> Promise<'_, Vec<Record>> {
        let site = site.to_owned();
        self.work(move |connection| statements::due(connection, &site, now, max))
    }

    fn newest(&self, site: &str, max: usize, filter: &Filter) -> Promise<'_, Vec<Item>> {
        let (site, filter) = (site.to_owned(), filter.clone());
        self.work(move |connection| statements::newest(connection, &site, max, &filter))
    }

    fn count(&self, site: &str) -> Promise<'_, usize> {
        let site = site.to_owned();
        self.work(move |connection| statements::count(connection, &site))
    }

    fn known(&self) -> Promise<'_, Vec<Known>> {
        self.work(|connection| statements::known(connection))
    }

    fn instances(&self, family: &str, named: Vec<String>) -> Promise<'_, usize> {
        let family = family.to_owned();
        self.work(move |connection| forget::instances(connection, &family, &named))
    }

    fn forget_idle(
        &self,
        family: &str,
        named: Vec<String>,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Promise<'_, Option<String>> {
        let family = family.to_owned();
        self.write(move |connection| forget::idle_instance(connection, &family, &named, before, now))
    }

    fn retain(&self, site: &str, holder: &str, retention: Retention) -> Promise<'_, usize> {
        let (site, holder) = (site.to_owned(), holder.to_owned());
        self.write(move |connection| retention::retain(connection, &site, &holder, &retention))
    }

    fn floor(&self, site: &str, keep: usize) -> Promise<'_, Option<DateTime<Utc>>> {
        let site = site.to_owned();
        self.work(move |connection| retention::floor(connection, &site, keep))
    }

    fn holdings(&self, site: Option<String>) -> Promise<'_, Vec<Holding>> {
        self.work(move |connection| forget::holdings(connection, site.as_deref()))
    }

    fn forget(&self, site: &str, holder: &str) -> Promise<'_, ()> {
        let (site, holder) = (site.to_owned(), holder.to_owned());
        self.write(move |connection| forget::forget(connection, &site, &holder))
    }

    fn dues(&self) -> Promise<'_, Vec<Due>> {
        self.work(|connection| demand::dues(connection))
    }

    fn note_asked(&self, asked: Vec<(String, DateTime<Utc>)>) -> Promise<'_, ()> {
        self.write(move |connection| demand::note_asked(connection, &asked))
    }

    fn rhythm(&self, site: &str, max: usize) -> Promise<'_, Vec<Post>> {
        let site = site.to_owned();
        self.work(move |connection| demand::rhythm(connection, &site, max))
    }

    fn host(&self, name: &str) -> Promise<'_, HostMemory> {
        let name = name.to_owned();
        self.work(move |connection| hosts::host(connection, &name))
    }

    fn put_host(&self, name: &str, memory: HostMemory, now: DateTime<Utc>) -> Promise<'_, ()> {
        let name = name.to_owned();
        self.write(move |connection| hosts::put_host(connection, &name, &memory, now))
    }

    fn hosts(&self) -> Promise<'_, Vec<(String, HostMemory)>> {
        self.work(|connection| hosts::hosts(connection))
    }

    fn commit(&self, site: &str, holder: &str, state: SiteState, records: Vec<Record>) -> Promise<'_, ()> {
        let (site, holder) = (site.to_owned(), holder.to_owned());
        self.write(move |connection| statements::commit(connection, &site, &holder, &state, &records))
    }

    fn kept(&self, site: &str, below: i64, max: usize) -> Promise<'_, Vec<(Record, Vec<KeptPage>)>> {
        let site = site.to_owned();
        self.work(move |connection| kept::kept(connection, &site, below, max))
    }

    fn kept_listing(&self, site: &str) -> Promise<'_, Vec<KeptPage>> {
        let site = site.to_owned();
        self.work(move |connection| kept::listing(connection, &site))
    }

    fn prune(&self, site: &str, fetched: DateTime<Utc>, all: bool, now: DateTime<Utc>) -> Promise<'_, ()> {
        let site = site.to_owned();
        self.write(move |connection| kept::prune(connection, &site, fetched, all, now))
    }

    fn unhold(&self, site: &str, now: DateTime<Utc>, latest: DateTime<Utc>) -> Promise<'_, ()> {
        let site = site.to_owned();
        self.write(move |connection| held::unhold(connection, &site, now, latest))
    }

    fn rename_rule(&self, site: &str, from: &str, to: &str) -> Promise<'_, ()> {
        let (site, from, to) = (site.to_owned(), from.to_owned(), to.to_owned());
        self.write(move |connection| held::rename_rule(connection, &site, &from, &to))
    }

    fn written(&self) -> Promise<'_, i64> {
        self.work(|connection| held::written(connection))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn fault_60_a_locked_archive_is_named_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feedmill.db");
        let patient = Duration::from_millis(1);
        let (connection, _) = open::connection(&path, "the-archive", patient).unwrap();
        let archive = SqliteArchive::new(connection, Guard::of(&path), "the-archive".into());
        let now = DateTime::UNIX_EPOCH;
        assert!(archive.lease("mill", "me", now, now).await.unwrap());
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let error = archive.commit("mill", "me", SiteState::default(), vec![]).await.unwrap_err().to_string();
        assert!(error.contains("keeps it locked") && error.contains("the-archive"), "{error}");
        assert_eq!(archive.state("mill").await.unwrap(), SiteState::default(), "reading goes on");

        other.execute_batch("ROLLBACK").unwrap();
        archive.commit("mill", "me", SiteState { failures: 1, ..SiteState::default() }, vec![]).await.unwrap();
        assert_eq!(archive.state("mill").await.unwrap().failures, 1);
    }
}
