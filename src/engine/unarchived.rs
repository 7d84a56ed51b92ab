//! A refresh that could not be archived: the disk is full, say. It is as if it had not been, but for one thing: its site
//! is not to be asked again and again for what cannot be kept.

use std::time::Duration;

use chrono::TimeDelta;

use super::Engine;
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
        Some(SiteState {
            outcome: Some(Outcome::Failed { why: error.to_string(), status: None, timed_out: false }),
            tried: Some(now),
            due: now.checked_add_signed(pause),
            failures: state.failures.saturating_add(1),
            ..state
        })
    }
}
