//! Feeds of several sites: one list of all their items, newest first.
//!
//! A merged feed fetches nothing: its sites do, each by its own refresh, and one that is broken keeps none of the
//! others away. What the archive keeps of it is when it last looked different, for `Last-Modified`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use tokio::time::Instant;

use super::edition::{bare, overview};
use super::shelf::{Current, Shelf};
use super::source::{Blend, Source};
use super::status::SiteStatus;
use super::{Engine, Freshness, Overview, Refreshed, Standing, pass, trouble};
use crate::archive::{ArchiveError, SiteState};
use crate::config::{Merged, Site};
use crate::edition::{Feed, fingerprint};
use crate::item::Item;
use crate::limits;
use crate::outcome::Outcome;
use crate::report::Report;

/// A site that has an edition, and what is known of it.
type Member = (Arc<Site>, SiteState);

impl Engine {
    /// A merged feed's edition, of those sites that have one by the deadline; and how fresh it is. `Err`: no site has one,
    /// why, and how long none of them is tried again.
    pub(super) async fn merged_standing(
        self: &Arc<Self>,
        blend: &Arc<Blend>,
        shelf: &Shelf,
        deadline: Instant,
    ) -> Result<(Arc<Current>, Freshness), (Option<Outcome>, Option<Duration>)> {
        let (merged, members) = (&blend.table, &blend.members);
        let standings = join_all(members.iter().map(|(site, shelf)| self.standing(site, shelf, deadline))).await;
        let mut there: Vec<Member> = Vec::with_capacity(members.len());
        let (mut missing, mut waits) = (Vec::new(), Vec::new());
        let mut whole = Freshness {
            ttl_seconds: i64::MAX,
            lifetime: merged.refresh,
            waited: false,
            trouble: None,
            is_partial: true,
        };
        let mut troubles = Vec::new();
        for ((site, _), standing) in members.iter().zip(standings) {
            match standing {
                Standing::There { current, waited } => {
                    let freshness = self.freshness(site, &current.state, waited);
                    whole.ttl_seconds = whole.ttl_seconds.min(freshness.ttl_seconds);
                    whole.waited |= waited;
                    troubles.extend(freshness.trouble.map(|why| format!("{}: {why}", site.name)));
                    there.push((Arc::clone(site), current.state.clone()));
                }
                Standing::Missing { outcome, wait } => {
                    let why = outcome.as_ref().and_then(Outcome::why).unwrap_or("its first refresh is still going on");
                    troubles.push(format!("{}: {why}", site.name));
                    whole.ttl_seconds = whole.ttl_seconds.min(0);
                    missing.push(outcome);
                    waits.push(wait);
                }
                Standing::Full => {}
            }
        }
        if there.is_empty() {
            // The first of them that may be tried; one that may at once has no wait, which is less than any.
            return Err((missing.into_iter().flatten().next(), waits.into_iter().min().flatten()));
        }
        whole.trouble = Some(troubles.join("; ")).filter(|why| !why.is_empty());
        let current = self.merged_current(blend, shelf, &there).await.map_err(|error| (Some(trouble(&error)), None))?;
        Ok((current, whole))
    }

    /// A merged feed's edition as the archive has it; `None` if none of its sites has one.
    pub(super) async fn merged_as_archived(
        &self,
        blend: &Arc<Blend>,
        shelf: &Shelf,
    ) -> Result<Option<Arc<Current>>, ArchiveError> {
        let there = self.members_as_archived(blend).await?;
        if there.is_empty() {
            return Ok(None);
        }
        self.merged_current(blend, shelf, &there).await.map(Some)
    }

    /// The sites of a merged feed that have an edition.
    pub(super) async fn members_as_archived(&self, blend: &Blend) -> Result<Vec<Member>, ArchiveError> {
        let mut there = Vec::new();
        for (site, shelf) in &blend.members {
            let current = self.current(site, shelf).await?;
            if current.state.succeeded.is_some() {
                there.push((Arc::clone(site), current.state.clone()));
            }
        }
        Ok(there)
    }

    /// Refreshes every site of a merged feed, or joins the refreshes that are going on.
    pub(super) async fn refresh_members(self: &Arc<Self>, blend: &Blend) -> Refreshed {
        let members = &blend.members;
        let refreshed = join_all(members.iter().map(|(site, shelf)| self.start(site, shelf))).await;
        let (outcome, report) = (Outcome::Unchanged, Report::default());
        let mut whole = Refreshed { outcome, report, attempts: Vec::new(), choices: Vec::new(), rule: None };
        let (mut entries, mut new, mut changed, mut failures) = (0, 0, 0, Vec::new());
        let is_any_good = refreshed.iter().any(|of_site| of_site.outcome.is_good());
        for ((site, _), of_site) in members.iter().zip(refreshed) {
            if let Outcome::Fresh { entries: e, new: n, changed: c }
            | Outcome::Partial { entries: e, new: n, changed: c, .. } = &of_site.outcome
            {
                (entries, new, changed) = (entries + e, new + n, changed + c);
            }
            failures.extend(of_site.outcome.why().map(|why| format!("{}: {why}", site.name)));
            whole.report.absorb(of_site.report.clone());
            whole.attempts.extend(of_site.attempts.iter().cloned());
            whole.choices.extend(of_site.choices.iter().cloned());
        }
        whole.outcome = match failures.join("; ") {
            why if !why.is_empty() && is_any_good => Outcome::Partial { entries, new, changed, why },
            why if !why.is_empty() => Outcome::Failed { why, status: None, timed_out: false },
            _ if entries > 0 => Outcome::Fresh { entries, new, changed },
            _ => Outcome::Unchanged,
        };
        whole
    }

    pub(super) async fn overview_of_merged(
        &self,
        blend: &Arc<Blend>,
        shelf: &Shelf,
        status: SiteStatus,
    ) -> Result<Overview, ArchiveError> {
        let merged = &blend.table;
        let members = self.members_as_archived(blend).await?;
        let current = self.merged_as_archived(blend, shelf).await?;
        let items = match &current {
            Some(current) => {
                let count = async || {
                    let feed = self.merged_feed(merged, &members, merged.show).await?;
                    Ok::<_, ArchiveError>(feed.items.len())
                };
                *current.count().get_or_try_init(count).await?
            }
            None => 0,
        };
        let changed = current.and_then(|current| current.state.changed).or(status.changed);
        Ok(Overview { changed, ..overview(status, merged.description.clone(), items) })
    }

    /// The items of all sites, newest first, each once: of two with the same link, that of the site named first.
    pub(super) async fn merged_feed(
        &self,
        merged: &Merged,
        members: &[Member],
        show: usize,
    ) -> Result<Feed, ArchiveError> {
        let mut items: Vec<(Item, usize)> = Vec::new();
        // As many as there may be doubles.
        let of_each = show.saturating_mul(2).min(limits::FILTERED_ITEMS);
        for (number, (site, _)) in members.iter().enumerate() {
            let filter = site.filter.and(&merged.filter);
            let of_site = self.parts.archive.newest(&site.name, of_each, &filter).await?;
            items.extend(of_site.into_iter().map(|item| (item, number)));
            let mut seen = HashSet::new();
            items.retain(|(item, _)| seen.insert(essence(item)));
            items.sort_by_key(|(item, number)| (std::cmp::Reverse(item.published), *number));
            items.truncate(of_each);
        }
        items.truncate(show);
        let origin = |(number, (site, state)): (usize, &Member)| {
            let shown = items.iter().filter(|(_, of)| *of == number);
            // What is seen of it here, and no more: an item that this feed does not show must not change its bytes.
            let changed = shown.map(|(item, _)| item.updated.to_utc()).max().unwrap_or_default();
            Arc::new(Feed { changed, ..bare(site, state, self.public_address(&site.name)) })
        };
        let origins: Vec<Arc<Feed>> = members.iter().enumerate().map(origin).collect();
        let origin_of = |(item, number): &(Item, usize)| Some((item.id.clone(), Arc::clone(origins.get(*number)?)));
        Ok(Feed {
            site: merged.name.clone(),
            title: merged.title(),
            description: merged.description.clone(),
            home: merged.home.clone(),
            language: merged.language.clone(),
            address: None,
            query: None,
            ttl_minutes: merged.refresh.as_secs().div_ceil(60).max(1),
            changed: <_>::default(),
            origins: items.iter().filter_map(origin_of).collect::<BTreeMap<_, _>>(),
            items: items.into_iter().map(|(item, _)| item).collect(),
        })
    }

    /// What is served of a merged feed now that its sites are as `there` says: put together anew only if one of them has
    /// changed, and said to have changed only if it looks different.
    async fn merged_current(
        &self,
        blend: &Arc<Blend>,
        shelf: &Shelf,
        there: &[Member],
    ) -> Result<Arc<Current>, ArchiveError> {
        let (merged, source) = (&blend.table, Source::Merged(Arc::clone(blend)));
        let stamps = there.iter().map(|(site, state)| format!("{} {:?} {:?}", site.name, state.changed, state.title));
        let stamps = fingerprint(stamps.collect::<Vec<_>>().join("\n").as_bytes());
        let is_as_it_was =
            |current: &Arc<Current>| current.source.is(&source) && current.state.rule.as_ref() == Some(&stamps);
        let as_it_was = || shelf.current().filter(is_as_it_was);
        if let Some(current) = as_it_was() {
            return Ok(current);
        }
        let _alone = shelf.merging.lock().await;
        if let Some(current) = as_it_was() {
            return Ok(current);
        }
        let feed = self.merged_feed(merged, there, merged.show).await?;
        let mut state = self.parts.archive.state(&merged.name).await?;
        // All of its texts are gone through: not on a thread that answers readers.
        let looks = tokio::task::spawn_blocking(move || looks(&feed)).await;
        let head = Some(looks.map_err(|panic| ArchiveError::Database(format!("merging broke off: {panic}")))?);
        let now = self.parts.clock.now();
        if state.head != head || state.changed.is_none() {
            state.head = head;
            state.changed = Some(pass::later(state.changed, now));
        }
        // What it was made of, in the place of what a site is read by.
        state.rule = Some(stamps);
        state.succeeded = Some(now);
        if let Err(error) = self.note(merged, &state).await {
            // It is served all the same: the next process to look at it merely takes it for a change.
            tracing::warn!(feed = merged.name, "{error}");
        }
        let address = self.public_address(&merged.name);
        Ok(shelf.put(source, address, state))
    }

    async fn note(&self, merged: &Merged, state: &SiteState) -> Result<(), ArchiveError> {
        let archive = &self.parts.archive;
        let now = self.parts.clock.now();
        let until = now + TimeDelta::from_std(limits::LEASE).unwrap_or(TimeDelta::MAX);
        if archive.lease(&merged.name, &self.holder, now, until).await? {
            archive.commit(&merged.name, &self.holder, state.clone(), Vec::new()).await?;
            archive.release(&merged.name, &self.holder).await?;
        }
        Ok(())
    }
}

/// Fingerprint of everything that a reader sees of a feed.
fn looks(feed: &Feed) -> String {
    let of_origins: Vec<_> = feed.origins.iter().map(|(id, origin)| (id, &origin.site, &origin.title)).collect();
    let items = serde_json::to_string(&feed.items).unwrap_or_default();
    let head = (&feed.title, &feed.description, &feed.language, &feed.home, of_origins);
    fingerprint(format!("{head:?}\n{items}").as_bytes())
}

/// What two members' items have in common if they are the same.
fn essence(item: &Item) -> String {
    item.fields.link.as_ref().map_or_else(|| item.id.clone(), crate::weburl::WebUrl::essence)
}
