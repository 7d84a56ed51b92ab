//! When sites are asked.
//!
//! `due` says when the next refresh follows one that has ended.

mod due;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Engine, Freshness};
use crate::archive::SiteState;
use crate::config::Site;
use crate::outcome::Outcome;

pub(super) use due::{End, next};

/// How often a site is asked while all is well.
pub(super) fn interval(site: &Site, _state: &SiteState) -> Duration {
    site.refresh
}

/// When a site is due; `None`: now.
fn due(site: &Site, state: &SiteState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    due::believable(state.due?, state.tried, state.interval, interval(site, state), now).filter(|due| *due > now)
}

impl Engine {
    /// Whether a site may be asked again.
    pub(super) fn is_due(&self, site: &Site, state: &SiteState) -> bool {
        due(site, state, self.parts.clock.now()).is_none()
    }

    /// How long a site is left alone that has no edition yet; `None`: the next request asks it.
    pub(super) fn wait(&self, site: &Site, state: &SiteState) -> Option<Duration> {
        let now = self.parts.clock.now();
        (due(site, state, now)? - now).to_std().ok()
    }

    /// How fresh a site's edition is.
    pub(super) fn freshness(&self, site: &Site, state: &SiteState, waited: bool) -> Freshness {
        let now = self.parts.clock.now();
        let lifetime = interval(site, state);
        let trouble = state.outcome.as_ref().and_then(Outcome::why).map(str::to_owned);
        // While a site fails, its next refresh is a retry: the edition that is served does not become fresh by that.
        let end = match (&trouble, state.succeeded, TimeDelta::from_std(lifetime)) {
            (Some(_), Some(succeeded), Ok(interval)) => succeeded.checked_add_signed(interval),
            _ => due(site, state, now).or(state.due.filter(|due| *due <= now)),
        };
        let ttl = |end: DateTime<Utc>| (end - now).num_seconds();
        let is_partial = matches!(state.outcome, Some(Outcome::Partial { .. }));
        Freshness { ttl_seconds: end.map_or(0, ttl), lifetime, waited, trouble, is_partial }
    }
}
