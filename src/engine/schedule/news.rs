//! What the loop that asks ahead hears from requests and refreshes. A request costs one atomic read, and now and then a
//! short lock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::config::{Site, Sleep};
use crate::limits;

/// Where requests and refreshes leave word.
#[derive(Debug, Default)]
pub(in crate::engine) struct News {
    /// Whether anybody reads it: else nothing is kept.
    is_read: AtomicBool,
    told: Mutex<Told>,
    bell: Notify,
}

/// What was told since it was last read.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Sites that readers asked for, and when.
    pub(super) asked: BTreeMap<String, DateTime<Utc>>,
    /// Sites that were refreshed, and when they are due again.
    pub(super) moved: BTreeMap<String, DateTime<Utc>>,
}

impl News {
    /// From now on somebody reads.
    pub(super) fn begin(&self) {
        self.is_read.store(true, Ordering::Relaxed);
    }

    /// What was told since this was called last.
    pub(super) fn take(&self) -> Told {
        std::mem::take(&mut *self.told())
    }

    /// Waits until something is told, or was since this ended last.
    pub(super) async fn wait(&self) {
        self.bell.notified().await;
    }

    /// A reader asks for a site at `now`; it is told only now and then.
    pub(in crate::engine) fn asked(&self, site: &Site, last: &LastAsked, now: DateTime<Utc>) {
        if self.is_read.load(Ordering::Relaxed) && last.is_long_ago(now, coarseness(site.sleep_after)) {
            self.told().asked.insert(site.name.clone(), now);
            self.bell.notify_one();
        }
    }

    /// A site was refreshed and is due at `due`.
    pub(in crate::engine) fn moved(&self, site: &str, due: Option<DateTime<Utc>>) {
        if let Some(due) = due
            && self.is_read.load(Ordering::Relaxed)
        {
            self.told().moved.insert(site.to_owned(), due);
            self.bell.notify_one();
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a reader last asked for a feed, in seconds since 1970; 0: not in this process.
#[derive(Debug, Default)]
pub(in crate::engine) struct LastAsked(AtomicI64);

impl LastAsked {
    /// When that was, about; `None`: not in this process.
    pub(in crate::engine) fn at(&self) -> Option<DateTime<Utc>> {
        let seconds = self.0.load(Ordering::Relaxed);
        DateTime::from_timestamp(seconds, 0).filter(|_| seconds != 0)
    }

    /// Whether that is as long ago as `time`; then it was just now from now on.
    fn is_long_ago(&self, now: DateTime<Utc>, time: Duration) -> bool {
        let (now, last) = (now.timestamp(), self.0.load(Ordering::Relaxed));
        // A clock that went back must not silence a feed.
        let is_recent = now >= last && u64::try_from(now - last).is_ok_and(|since| since < time.as_secs());
        // Of several at once, one is enough.
        !is_recent && self.0.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// How exactly it is known when a reader asked: a small part of the time after which that matters.
fn coarseness(sleep: Sleep) -> Duration {
    match sleep {
        Sleep::After(time) => (time / 8).min(limits::ASKED_COARSENESS),
        Sleep::Never => limits::ASKED_COARSENESS,
    }
}
