//! What a site keeps: its newest items, up to a number and an age. What stands on its listing is kept in any case, and
//! who the others were stays known, so that none of them comes back as a new one.

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use super::settle::Gathered;
use crate::archive::{ArchiveError, Record, Retention, SiteState};
use crate::config::Site;
use crate::limits;

/// Which dropped items may come back: those that would not be dropped again.
pub(super) struct Room {
    floor: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

impl Room {
    /// Whether a record is to be kept up to date: items are, dropped ones if there is room for them again, as when the
    /// operator keeps more than before. They come back as who they are, under their old date.
    pub(super) fn is_for(&self, record: &Record) -> bool {
        let is_new_enough = self.floor.is_none_or(|floor| record.item.published > floor);
        let is_young_enough = self.before.is_none_or(|before| record.first_seen >= before);
        !record.is_dropped || is_new_enough && is_young_enough
    }
}

impl Engine {
    /// The room for dropped items among `records`.
    pub(super) async fn room(&self, site: &Site, records: &[Record], now: DateTime<Utc>) -> Result<Room, ArchiveError> {
        let before = before(site, now);
        if !records.iter().any(|record| record.is_dropped) {
            return Ok(Room { floor: None, before });
        }
        Ok(Room { floor: self.parts.archive.floor(&site.name, site.keep).await?, before })
    }

    /// Has the listing read in full next time, if it was not now and there is much to drop: only then it is known what
    /// still stands on it.
    pub(super) async fn ask_for_whole_listing(
        &self,
        site: &Site,
        state: &mut SiteState,
        gathered: &Gathered,
    ) -> Result<(), ArchiveError> {
        let much = site.keep.saturating_add((site.keep / 10).max(limits::DROPPED_AT_ONCE));
        if gathered.new > 0 && !gathered.is_whole && self.parts.archive.count(&site.name).await? > much {
            state.pages.clear();
        }
        Ok(())
    }

    /// Drops what a site has too much of, now that its refresh is archived.
    pub(super) async fn retain(&self, site: &Site, gathered: &mut Gathered, now: DateTime<Utc>) {
        if !gathered.is_whole || gathered.listed.is_empty() {
            return;
        }
        let retention = Retention {
            keep: site.keep,
            before: before(site, now),
            listed: std::mem::take(&mut gathered.listed).into_iter().collect(),
            again: std::mem::take(&mut gathered.again),
            now,
        };
        match self.parts.archive.retain(&site.name, &self.holder, retention).await {
            Ok(0) => {}
            Ok(count) => tracing::debug!(site = site.name, count, "old items were dropped"),
            // The refresh itself is archived; the next one tries again.
            Err(error) => tracing::warn!(site = site.name, "old items could not be dropped: {error}"),
        }
    }

    /// Whether a feed that has no edition yet may get one. Values of parameters can be made up without end, and each of
    /// them costs room in the archive: what nobody has asked for in a long time gives way. Those that the configuration
    /// names are always welcome.
    pub(super) async fn has_room_for(&self, site: &Site) -> Result<bool, ArchiveError> {
        let Some((family, _)) = site.name.split_once('/').filter(|_| !self.is_fixed(&site.name)) else {
            return Ok(true);
        };
        let prefix = format!("{family}/");
        let plan = self.plan();
        let named: Vec<String> = plan.sites.keys().filter(|name| name.starts_with(&prefix)).cloned().collect();
        let archive = &self.parts.archive;
        if archive.instances(family, named.clone()).await? < limits::INSTANCES {
            return Ok(true);
        }
        let now = self.parts.clock.now();
        let idle = TimeDelta::from_std(limits::INSTANCE_IDLE).unwrap_or(TimeDelta::MAX);
        let gone = archive.forget_idle(family, named, now - idle, now).await?;
        if let Some(gone) = &gone {
            tracing::info!(site = gone, "forgotten: nobody has asked for it in a long time, and room was needed");
        }
        Ok(gone.is_some())
    }
}

/// What was first seen before this is too old.
fn before(site: &Site, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    now.checked_sub_signed(TimeDelta::from_std(site.keep_for?).ok()?)
}
