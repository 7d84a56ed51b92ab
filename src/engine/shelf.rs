//! What a feed keeps in memory: the refresh that is going on, and the edition that is served.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::OnceCell;

use super::Refreshed;
use crate::archive::SiteState;
use crate::edition::{Format, Rendering};

/// A refresh that any number of readers may wait for.
pub(super) type Running = Shared<BoxFuture<'static, Arc<Refreshed>>>;

/// One feed's place in memory.
#[derive(Default)]
pub(super) struct Shelf {
    running: Mutex<Option<Running>>,
    current: RwLock<Option<Arc<Current>>>,
    /// Held while a merged feed is put together: once for everybody who asks for it.
    pub(super) merging: tokio::sync::Mutex<()>,
}

/// What is served until the next refresh: the feed's state, and each format once somebody has asked for it.
#[derive(Default)]
pub(super) struct Current {
    pub(super) state: SiteState,
    /// What the archive said of other processes when it was asked for the state.
    pub(super) written: i64,
    made: Arc<Made>,
}

/// What was made of a feed since its items last changed.
#[derive(Default)]
struct Made {
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

    /// What is served now; `None` until the archive has been asked.
    pub(super) fn current(&self) -> Option<Arc<Current>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves by `state` from now on. Formats that are rendered already stay, if no item has changed.
    pub(super) fn put(&self, state: SiteState) -> Arc<Current> {
        let written = self.current().map_or(0, |current| current.written);
        self.put_seen(state, written)
    }

    /// The same, when the archive was asked anew.
    pub(super) fn put_seen(&self, state: SiteState, written: i64) -> Arc<Current> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let made = match current.as_ref() {
            Some(old) if old.state.changed == state.changed && old.state.title == state.title => Arc::clone(&old.made),
            _ => Arc::default(),
        };
        let new = Arc::new(Current { state, written, made });
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
