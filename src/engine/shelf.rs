//! What a feed keeps in memory: the refresh that is going on, and the edition that is served.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::OnceCell;

use super::Refreshed;
use super::mend::Workbench;
use super::schedule::LastAsked;
use super::source::Source;
use crate::archive::SiteState;
use crate::edition::{Format, Rendering};
use crate::weburl::WebUrl;

/// A refresh that any number of readers may wait for.
pub(super) type Running = Shared<BoxFuture<'static, Arc<Refreshed>>>;

/// One feed's place in memory.
#[derive(Default)]
pub(super) struct Shelf {
    running: Mutex<Option<Running>>,
    current: RwLock<Option<Arc<Current>>>,
    /// When a reader last asked for it.
    pub(super) asked: LastAsked,
    /// What the archive said of other processes when it was last asked.
    written: AtomicI64,
    /// The rule that its site is read by.
    pub(super) workbench: Workbench,
    /// Held while a merged feed is put together: once for everybody who asks for it.
    pub(super) merging: tokio::sync::Mutex<()>,
}

/// What is served until the next refresh: the feed's state, and each format once somebody has asked for it.
pub(super) struct Current {
    /// The table that it is served by: after a reload it may be another one.
    pub(super) source: Source,
    /// Where readers find the feed, up to the extension.
    pub(super) address: Option<WebUrl>,
    pub(super) state: SiteState,
    pub(super) made: Arc<Made>,
}

/// What was made of a feed since its items, or its table, last changed.
#[derive(Default)]
pub(super) struct Made {
    renderings: [OnceCell<Arc<Rendering>>; Format::ALL.len()],
    count: OnceCell<usize>,
}

impl Shelf {
    /// The refresh that is going on, or the one that `start` starts.
    pub(super) fn join(&self, start: impl FnOnce() -> BoxFuture<'static, Arc<Refreshed>>) -> Running {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.as_ref() {
            Some(refresh) if refresh.peek().is_none() => refresh.clone(),
            _ => {
                let refresh = start().shared();
                // Somebody has to wait for it, or it would never count as done: the readers of a stale edition do not.
                tokio::spawn(refresh.clone());
                running.insert(refresh).clone()
            }
        }
    }

    /// Whether a refresh is going on.
    pub(super) fn is_refreshing(&self) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().is_some_and(|refresh| refresh.peek().is_none())
    }

    /// Whether no other process has written to the archive since it was asked for what is served.
    pub(super) fn is_as_written(&self, written: i64) -> bool {
        self.written.load(Ordering::Relaxed) == written
    }

    /// Notes what the archive said about that when it was asked.
    pub(super) fn note_written(&self, written: i64) {
        self.written.store(written, Ordering::Relaxed);
    }

    /// What is served now; `None` until the archive has been asked.
    pub(super) fn current(&self) -> Option<Arc<Current>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves by `state` and the table of `source` from now on. Formats that are rendered already stay, if neither an item
    /// nor the table has changed.
    pub(super) fn put(&self, source: Source, address: Option<WebUrl>, state: SiteState) -> Arc<Current> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let is_as_it_was = |old: &Arc<Current>| {
            old.state.changed == state.changed
                && old.state.title == state.title
                && old.address == address
                && (old.source.is(&source) || old.source.is_alike(&source))
        };
        let made = current.as_ref().filter(|old| is_as_it_was(old)).map(|old| Arc::clone(&old.made));
        let new = Arc::new(Current { source, address, state, made: made.unwrap_or_default() });
        *current = Some(Arc::clone(&new));
        new
    }
}

impl Current {
    /// The place of one format's rendering.
    pub(super) fn rendering(&self, format: Format) -> &OnceCell<Arc<Rendering>> {
        let [rss, atom, json, html] = &self.made.renderings;
        match format {
            Format::Rss => rss,
            Format::Atom => atom,
            Format::Json => json,
            Format::Html => html,
        }
    }

    /// The place of the number of items that the feed shows.
    pub(super) fn count(&self) -> &OnceCell<usize> {
        &self.made.count
    }
}
