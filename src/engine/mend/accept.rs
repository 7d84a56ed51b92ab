//! The operator takes a rule over that Feedmill has made: it is written down, and the archive goes on as if it had stood
//! there before. No item becomes new or updated by that.

use std::sync::Arc;

use super::super::Engine;
use super::super::reading_rule::reading_rule;
use super::running::{Running, Workbench, unwritten};
use crate::archive::{ArchiveError, SiteState};
use crate::config::Site;
use crate::drift::Drift;
use crate::selfmade::{Change, SelfMade};

/// What is there to be taken over.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What would be different in the site's table; never empty.
    pub changes: Vec<Change>,
    /// What was made.
    pub made: SelfMade,
}

/// What became of taking it over.
#[derive(Clone, Debug)]
pub enum Accepted {
    /// It is written.
    Written,
    /// There was nothing.
    Nothing,
    /// Another process refreshes the site just now.
    Busy,
}

impl Engine {
    /// What Feedmill has made for a site that is not written in its table.
    pub async fn pending(&self, own: &Site) -> Result<Option<Pending>, ArchiveError> {
        let made = self.parts.archive.state(&own.name).await?.made.for_rule(&own.rule.hash);
        let changes = unwritten(own, &made);
        Ok((!changes.is_empty()).then_some(Pending { changes, made }))
    }

    /// Lets `write` put that into the site's table, and notes in the archive that the site is as its table says now. `write`
    /// gives the site as it is then.
    pub async fn accept<E: From<ArchiveError>>(
        &self,
        own: &Arc<Site>,
        write: impl FnOnce(&[Change]) -> Result<Arc<Site>, E>,
    ) -> Result<Accepted, E> {
        if !self.lease(own).await? {
            return Ok(Accepted::Busy);
        }
        // Under the lease: no refresh may read by the edited table what it does not know to be the same rule.
        self.holding_on(own, async { Ok(self.accepted(own, write).await) }).await?
    }

    async fn accepted<E: From<ArchiveError>>(
        &self,
        own: &Arc<Site>,
        write: impl FnOnce(&[Change]) -> Result<Arc<Site>, E>,
    ) -> Result<Accepted, E> {
        let mut state = self.parts.archive.state(&own.name).await?;
        state.made = std::mem::take(&mut state.made).for_rule(&own.rule.hash);
        let changes = unwritten(own, &state.made);
        if changes.is_empty() {
            return Ok(Accepted::Nothing);
        }
        let running = Workbench::default().running(own, &state.made);
        let after = write(&changes)?;
        let (before, name) = (&running.base.rule, &own.name);
        for hash in [&before.item_hash, &before.hash] {
            self.parts.archive.rename_rule(name, hash, &after.rule.item_hash).await?;
        }
        self.take_over(&running, &after, &mut state);
        self.parts.archive.commit(name, &self.holder, state, Vec::new()).await?;
        Ok(Accepted::Written)
    }

    /// The state of a site whose table says from now on what it was read by, or was to be read by.
    fn take_over(&self, running: &Running, after: &Site, state: &mut SiteState) {
        let now = self.parts.clock.now();
        // What a rule read that finds nothing any more says nothing about one that waits for its first refresh.
        let waited = state.made.repair.is_some() && !running.is_mended();
        if !waited && state.rule == Some(reading_rule(&running.site)) {
            state.rule = Some(reading_rule(after));
        }
        if !waited && state.profile.rule == running.site.rule.hash {
            state.profile.rule.clone_from(&after.rule.hash);
        }
        let since = if waited { Some(now) } else { state.made.since };
        state.made = SelfMade { of: after.rule.hash.clone(), since, ..SelfMade::default() };
        state.drift = state.drift.take().filter(|drift| !matches!(drift.what, Drift::Repaired | Drift::Mendable));
        // Whoever wrote it down wants to see what it does.
        state.due = Some(now);
    }
}
