//! When sites are asked.
//!
//! `due` says when the next refresh follows one that has ended, `rhythm` how often a site is worth asking that is to find
//! that out by itself.
//! `ahead` is the loop that asks before readers do, `queue` what it goes by, `news` what it hears of requests.

mod ahead;
mod due;
mod news;
mod queue;
mod rhythm;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Engine, Freshness};
use crate::archive::{ArchiveError, Post, Record, SiteState};
use crate::config::{Refresh, Site};
use crate::limits;
use crate::outcome::Outcome;

pub use ahead::Ahead;
pub(super) use due::{End, next};
pub(super) use news::{LastAsked, News};

/// How often a site is asked while all is well.
pub(super) fn interval(site: &Site, state: &SiteState) -> Duration {
    interval_by(site, state.interval)
}

/// The same for one that was to be asked so often when its due time was set.
fn interval_by(site: &Site, was: Option<Duration>) -> Duration {
    match site.refresh {
        Refresh::Every(interval) => interval,
        Refresh::Auto => was.unwrap_or(limits::AUTO_AT_FIRST).clamp(limits::AUTO_LEAST, limits::AUTO_MOST),
    }
}

/// How long a listing stays as it is: until the first of its pages may change. `None`: not all of them say.
pub(super) fn fresh_for(state: &SiteState) -> Option<Duration> {
    let pages = state.pages.values().map(|page| page.fresh_for);
    pages.reduce(|least, of_page| Some(least?.min(of_page?))).flatten()
}

/// When a site is due; `None`: now.
fn due(site: &Site, state: &SiteState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    due::believable(state.due?, state.tried, state.interval, interval(site, state), now).filter(|due| *due > now)
}

/// Whether a site that is due is not asked ahead, since no reader has asked for its feed in so long.
pub(super) fn is_asleep(
    site: &Site,
    due: Option<DateTime<Utc>>,
    asked: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    due.is_some_and(|due| due <= now) && asked.is_some_and(|asked| site.sleep_after.is_over(now - asked))
}

/// A site's state as it is in memory after a refresh of which nothing could be written down: it is left alone for a
/// moment all the same.
pub(super) fn held_off(site: &Site, state: SiteState, outcome: &Outcome, now: DateTime<Utc>) -> SiteState {
    if outcome.is_good() || due(site, &state, now).is_some() {
        return state;
    }
    let soon = TimeDelta::from_std(interval(site, &state).min(limits::RETRY)).unwrap_or_default();
    SiteState { due: Some(now + soon), outcome: Some(outcome.clone()), ..state }
}

impl Engine {
    /// How often a site is to be asked from now on, `new` being the records that a refresh has found.
    pub(super) async fn learnt(
        &self,
        site: &Site,
        new: &[Record],
        now: DateTime<Utc>,
    ) -> Result<Duration, ArchiveError> {
        if let Refresh::Every(interval) = site.refresh {
            return Ok(interval);
        }
        let mut posts = self.parts.archive.rhythm(&site.name, limits::RHYTHM_ITEMS).await?;
        posts.extend(
            new.iter()
                .filter(|record| record.number.is_none())
                .map(|record| Post { published: record.item.published.to_utc(), first_seen: record.first_seen }),
        );
        posts.sort_by_key(|post| std::cmp::Reverse(post.published));
        posts.truncate(limits::RHYTHM_ITEMS);
        Ok(rhythm::learnt(&posts, now))
    }

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
        // What is held back is shown without a refresh.
        let end = end.into_iter().chain(state.held).min();
        let ttl = |end: DateTime<Utc>| (end - now).num_seconds();
        let is_partial = matches!(state.outcome, Some(Outcome::Partial { .. }));
        Freshness { ttl_seconds: end.map_or(0, ttl), lifetime, waited, trouble, is_partial }
    }
}
