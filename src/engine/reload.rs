//! Another plan in the stead of the one that is in force, while requests and refreshes go on.
//!
//! Whoever has found a place goes on with the table that it found there. What is in memory of a feed that stays is kept
//! with it, and each looks by itself, when it is next asked for, whether its table has become another one.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLockReadGuard};

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::watch;

use super::places::{Place, Placeless, Places};
use super::shelf::Shelf;
use super::{ArchiveError, Engine};
use crate::config::{Family, Merged, Plan, Site};
use crate::limits;

/// The last attempt to replace the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reload {
    /// When.
    pub at: DateTime<Utc>,
    /// Why the plan that was there is still in force, as a person reads it, perhaps on many lines; `None`: it was
    /// replaced.
    pub error: Option<String>,
}

/// What a new plan changes, in feeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// Feeds that were not there before.
    pub new: usize,
    /// Feeds whose tables say something else now.
    pub edited: usize,
    /// Feeds that are no longer there.
    pub gone: usize,
}

impl Engine {
    /// The plan that is in force now.
    pub fn plan(&self) -> Arc<Plan> {
        Arc::clone(self.places().plan())
    }

    /// Puts another plan in force. Requests and refreshes that have begun go on as they began; a site is refreshed by its
    /// new table after the refresh that is going on, never beside it.
    pub fn reload(&self, plan: Arc<Plan>) -> Replaced {
        let replaced = difference(&self.plan(), &plan);
        let before = {
            let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
            let instead = places.instead(plan);
            std::mem::replace(&mut *places, instead)
        };
        // Nobody waits while thousands of places are thrown away.
        drop(before);
        self.note_reload(None);
        self.replaced.send_replace(());
        replaced
    }

    /// Notes that there is no other plan to put in force, and why.
    pub fn refuse_reload(&self, why: String) {
        self.note_reload(Some(why));
    }

    /// The last attempt to replace the plan; `None`: there was none.
    pub fn last_reload(&self) -> Option<Reload> {
        self.last_reload.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes whenever the plan was replaced: for whoever keeps a list of what it says.
    pub fn plan_changes(&self) -> watch::Receiver<()> {
        self.replaced.subscribe()
    }

    /// Gives back what this process holds, so that the next one need not wait for it: the last thing before it ends. Takes
    /// no longer than [`limits::LAST_WORDS`]; what was not given back by then runs out by itself.
    pub async fn stop(&self) -> Result<(), ArchiveError> {
        let refreshing = self.places().refreshing();
        let release = async {
            for name in refreshing {
                self.parts.archive.release(&name, &self.holder).await?;
            }
            Ok(())
        };
        tokio::time::timeout(limits::LAST_WORDS, release).await.unwrap_or_else(|_| {
            let why = "it is busy, and what this process held is given back half a minute late";
            Err(ArchiveError::Database(why.to_owned()))
        })
    }

    pub(super) fn place(&self, name: &str) -> Result<Place, Placeless> {
        self.places().find(name)
    }

    /// Whether the configuration itself names the feed.
    pub(super) fn is_fixed(&self, name: &str) -> bool {
        self.places().are_fixed(name)
    }

    /// Whether a feed's site is being refreshed in this process.
    pub(super) fn shelf(&self, name: &str) -> Option<Arc<Shelf>> {
        self.places().shelf(name)
    }

    pub(super) fn is_refreshing(&self, name: &str) -> bool {
        self.places().is_refreshing(name)
    }

    fn places(&self) -> RwLockReadGuard<'_, Places> {
        self.places.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_reload(&self, error: Option<String>) {
        let reload = Reload { at: self.parts.clock.now(), error };
        *self.last_reload.lock().unwrap_or_else(PoisonError::into_inner) = Some(reload);
    }
}

fn difference(before: &Plan, after: &Plan) -> Replaced {
    let sites = compared(&before.sites, &after.sites, Site::is_alike);
    let merged = compared(&before.merged, &after.merged, Merged::is_alike);
    let families = compared(&before.families, &after.families, Family::is_alike);
    [sites, merged, families].into_iter().fold(Replaced::default(), |sum, one| Replaced {
        new: sum.new + one.new,
        edited: sum.edited + one.edited,
        gone: sum.gone + one.gone,
    })
}

fn compared<T>(
    before: &BTreeMap<String, Arc<T>>,
    after: &BTreeMap<String, Arc<T>>,
    is_alike: impl Fn(&T, &T) -> bool,
) -> Replaced {
    let stays = |(name, table): (&String, &Arc<T>)| before.get(name).map(|old| is_alike(old, table));
    let stay: Vec<bool> = after.iter().filter_map(stays).collect();
    Replaced {
        new: after.len() - stay.len(),
        edited: stay.iter().filter(|is_alike| !**is_alike).count(),
        gone: before.len() - stay.len(),
    }
}
