//! Items that are held back until their articles are read, or until it has taken too long (`hold`).

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use super::settle::Gathered;
use super::upkeep;
use crate::archive::{ArchiveError, Record, SiteState};
use crate::config::Site;
use crate::limits;

/// How long a site holds items back at most.
fn hold(site: &Site) -> TimeDelta {
    site.hold.and_then(|hold| TimeDelta::from_std(hold).ok()).unwrap_or(TimeDelta::zero())
}

/// Whether items of a site are to be shown now that were held back before. A hold that is longer than the site allows was
/// made by a clock that was wrong, or before its table was edited.
pub(super) fn is_over(site: &Site, state: &SiteState, now: DateTime<Utc>) -> bool {
    state.held.is_some_and(|until| until <= now || until > now + hold(site))
}

/// Decides whether an item is held back, after a refresh that may have read its article. One that was shown is not.
pub(super) fn settle(site: &Site, before: Option<&Record>, record: &mut Record, awaits: bool, now: DateTime<Utc>) {
    let is_known = before.is_some_and(|before| before.held.is_none());
    record.held = match before {
        _ if !awaits || is_known || site.hold.is_none() => None,
        Some(before) => before.held,
        None => record.first_seen.checked_add_signed(hold(site)),
    };
    record.held = record.held.filter(|until| *until > now);
    if record.held.is_some() && record.article.due.is_none_or(|due| due > now) {
        // It may well come in time, however unlikely it is later.
        let retry = upkeep::retry(record.article.failures.max(1), now);
        record.article.due = record.article.due.into_iter().chain(retry).chain(record.held).min();
    }
}

impl Gathered {
    /// A site's first refresh shows something in any case: a feed that has nothing is none.
    pub(super) fn show_something(&mut self) {
        if self.is_first && self.records.iter().all(|record| record.held.is_some()) {
            self.records.iter_mut().for_each(|record| record.held = None);
        }
    }

    /// When the next refresh is due at the latest: when a hold ends, or the article is to be tried again.
    pub(super) fn no_later(
        &self,
        state: &SiteState,
        due: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        // A site that is slow is not asked all the time.
        let soon = TimeDelta::from_std(limits::UNFINISHED).map_or(now, |soon| now + soon);
        let held = self.records.iter().filter(|record| record.held.is_some());
        let ends = held.flat_map(|record| record.held.into_iter().chain(record.article.due.map(|due| due.max(soon))));
        ends.chain(state.held).chain(due).min()
    }
}

impl Engine {
    /// Shows what was held back for long enough, whether there is a refresh or not; whether there was anything.
    pub(super) async fn unhold(&self, site: &Site, state: &SiteState) -> Result<bool, ArchiveError> {
        let now = self.parts.clock.now();
        let is_over = is_over(site, state, now);
        if is_over {
            self.parts.archive.unhold(&site.name, now, now + hold(site)).await?;
        }
        Ok(is_over)
    }
}
