//! A refresh that could not be archived: the disk is full, say. It is as if it had not been, but for two things: its site
//! is not to be asked again and again for what cannot be kept, and the operator hears of it as of any trouble.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use super::shelf::Current;
use crate::archive::{ArchiveError, SiteState};
use crate::config::Site;
use crate::outcome::Outcome;

/// How long a site is left alone then: soon after there is room again, all is well again.
const PAUSE: Duration = Duration::from_mins(5);

impl Engine {
    /// What is known of a site from now on, in memory alone: what was, and that it failed. `None`: another process has
    /// refreshed it.
    pub(super) async fn unarchived(&self, site: &Site, error: &ArchiveError) -> Option<SiteState> {
        if matches!(error, ArchiveError::LeaseLost(_)) {
            return None;
        }
        let served = self.place(&site.name).ok().and_then(|place| place.shelf.current());
        let state = match served {
            Some(served) => served.state.clone(),
            None => self.parts.archive.state(&site.name).await.unwrap_or_default(),
        };
        let now = self.parts.clock.now();
        let pause = TimeDelta::from_std(PAUSE).unwrap_or(TimeDelta::MAX);
        let outcome = Outcome::Failed { why: error.to_string(), status: None, timed_out: false };
        let failures = state.failures.saturating_add(1);
        let due = now.checked_add_signed(pause);
        let mut state = SiteState { tried: Some(now), due, failures, ..state };
        let turn = self.health_after(site, &mut state, &outcome);
        state.outcome = Some(outcome);
        if let Some(turn) = turn {
            self.tell(site, &state, turn);
        }
        Some(state)
    }

    /// What is known of a site in memory alone, where that is newer than `tried`, as archived.
    pub(super) fn in_memory(&self, name: &str, tried: Option<DateTime<Utc>>) -> Option<Arc<Current>> {
        self.shelf(name)?.current().filter(|current| current.state.tried > tried)
    }
}
