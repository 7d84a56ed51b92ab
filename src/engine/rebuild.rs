//! An edited rule is applied to what is archived, by the pages that are kept, without asking anybody.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::identity::Identity;
use super::reading::{Read, Unread};
use super::settle::shows;
use super::{Engine, pass, upkeep};
use crate::archive::{ArchiveError, Record};
use crate::config::Site;
use crate::extract::{Entry, joined, merge};
use crate::item::{Found, Item};
use crate::limits;

/// What is to become of items that are different by the edited rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publishing {
    /// Nothing: they are only shown.
    Nothing,
    /// They are archived and published as updates.
    Updates,
    /// They are archived, and readers are not told.
    Silent,
}

/// What applying an edited rule came to.
#[derive(Clone, Debug, Default)]
pub struct Rebuilt {
    /// Items of the site.
    pub items: usize,
    /// Items that were read anew.
    pub read: usize,
    /// Those of them that are different now, the latest first.
    pub changed: Vec<Changed>,
    /// Items of which no page is kept: they are as they were.
    pub without_page: usize,
    /// Items read anew whose row on the listing was not kept: what it said is as it was.
    pub without_row: usize,
    /// Why kept pages of other items could not be read; those are as they were.
    pub unreadable: Vec<String>,
    /// Why listings that were kept could not be read, or yield nothing.
    pub listing: Vec<String>,
}

/// One item that is different.
#[derive(Clone, Debug)]
pub struct Changed {
    /// As archived.
    pub before: Item,
    /// By the rule as it is now.
    pub after: Item,
    /// Whether its title or text is different, so that an update says that it is a new version.
    pub in_substance: bool,
}

/// Why nothing was rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum NotRebuilt {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Another process has the site.
    #[error("another Feedmill process is refreshing it just now: try again in half a minute")]
    Busy,
    /// It was never refreshed, or has no items.
    #[error(
        "the archive has nothing of it: `feedmill build` or a reader of `feedmill serve` fetches it for the first time"
    )]
    Nothing,
}

/// The rows of the listing as it was last kept, read by the rule as it is now.
#[derive(Default)]
struct Rows {
    entries: Vec<(Identity, Found, DateTime<Utc>)>,
    by_key: HashMap<String, usize>,
}

impl Rows {
    fn add(&mut self, entry: Entry, fetched: DateTime<Utc>) {
        let identity = Identity::of(&entry.found.ruled.clone().or(entry.found.automatic.clone()));
        for key in identity.keys() {
            self.by_key.entry(key).or_insert(self.entries.len());
        }
        self.entries.push((identity, entry.found, fetched));
    }

    /// The row of a record. A row that leads to several belongs to none of them but the one that it made.
    fn of(&self, record: &Record) -> Option<(Found, DateTime<Utc>)> {
        let rows = record.keys.iter().filter_map(|key| self.entries.get(*self.by_key.get(key)?));
        let (_, found, fetched) = rows.into_iter().find(|(identity, ..)| identity.is(record))?;
        Some((found.clone(), *fetched))
    }
}

impl Engine {
    /// Applies the rule of `site` as it is now to what is archived of it.
    pub async fn rebuild(&self, site: &Site, publishing: Publishing) -> Result<Rebuilt, NotRebuilt> {
        let site = &*self.as_it_runs(site).await?;
        if publishing == Publishing::Nothing {
            return Box::pin(self.rebuilt(site, publishing)).await;
        }
        if !self.lease(site).await? {
            return Err(NotRebuilt::Busy);
        }
        let rebuilt = Box::pin(self.rebuilt(site, publishing));
        self.holding_on(site, async { Ok(rebuilt.await) }).await?
    }

    async fn rebuilt(&self, site: &Site, publishing: Publishing) -> Result<Rebuilt, NotRebuilt> {
        let mut rebuilt = Rebuilt::default();
        let rows = self.kept_rows(site, &mut rebuilt).await?;
        let boilerplate = self.parts.archive.state(&site.name).await?.profile.boilerplate;
        let mut records = Vec::new();
        let (mut below, mut is_other) = (i64::MAX, false);
        loop {
            let batch = self.parts.archive.kept(&site.name, below, limits::REBUILT_AT_ONCE).await?;
            let Some(last) = batch.last().and_then(|(record, _)| record.number) else { break };
            below = last;
            for (before, pages) in batch {
                rebuilt.items += 1;
                let article = match pages.first() {
                    Some(page) if site.rule.article.is_some() => match self.kept_article(site, &pages).await {
                        Ok(read) => Some((self.left_out(&boilerplate, read).await.reading.found, page.fetched)),
                        Err(why) => {
                            rebuilt.unreadable.push(format!("{}: {why}", before.item.title()));
                            continue;
                        }
                    },
                    _ => None,
                };
                let Some(mut after) = self.again(site, &before, article, rows.of(&before), &mut rebuilt) else {
                    rebuilt.without_page += 1;
                    continue;
                };
                rebuilt.read += 1;
                if publishing == Publishing::Silent {
                    after.item.updated = before.item.updated.max(after.item.published);
                }
                is_other |= shows(site, Some(&before)) != shows(site, Some(&after));
                if after.item != before.item {
                    let in_substance = after.digest != before.digest;
                    rebuilt.changed.push(Changed {
                        before: before.item.clone(),
                        after: after.item.clone(),
                        in_substance,
                    });
                }
                if after != before && publishing != Publishing::Nothing {
                    records.push(after);
                }
            }
        }
        if rebuilt.items == 0 {
            return Err(NotRebuilt::Nothing);
        }
        if !records.is_empty() {
            let mut state = self.parts.archive.state(&site.name).await?;
            if is_other {
                state.changed = Some(pass::later(state.changed, self.parts.clock.now()));
            }
            self.parts.archive.commit(&site.name, &self.holder, state, records).await?;
        }
        Ok(rebuilt)
    }

    /// A record by the rule as it is now; `None` if nothing is kept that it could be read from.
    fn again(
        &self,
        site: &Site,
        before: &Record,
        article: Option<(Found, DateTime<Utc>)>,
        row: Option<(Found, DateTime<Utc>)>,
        rebuilt: &mut Rebuilt,
    ) -> Option<Record> {
        // Without its article, an item that has one would lose what it has from there.
        let needs_article = site.rule.article.is_some() && before.article.read;
        if article.is_none() && (needs_article || row.is_none()) {
            return None;
        }
        rebuilt.without_row += usize::from(row.is_none());
        let (entry, of_row) = row.map_or((before.entry.clone(), None), |(found, fetched)| (found, Some(fetched)));
        let (found, of_article) = article.map_or((None, None), |(found, fetched)| (Some(found), Some(fetched)));
        // Dates are judged by the day on which the pages said them.
        let then = of_article.or(of_row).unwrap_or(before.first_seen);
        let mut merged = merge(&entry, found.as_ref(), &site.rule, then);
        // What only leads to the item is no part of the edit: a page that is kept may name itself in another way.
        merged.fields.link = merged.fields.link.or_else(|| before.item.fields.link.clone());
        let mut after = before.clone();
        upkeep::again(&mut after, site, entry, merged, self.parts.clock.now());
        Some(after)
    }

    /// The rows of the kept listing.
    async fn kept_rows(&self, site: &Site, rebuilt: &mut Rebuilt) -> Result<Rows, ArchiveError> {
        let mut rows = Rows::default();
        let mut seen = HashSet::new();
        for kept in self.parts.archive.kept_listing(&site.name).await? {
            let Some(page) = kept.page().filter(|_| seen.insert(kept.asked.clone())) else { continue };
            match self.read_listing(site, page, &kept.asked, kept.fetched).await {
                Ok(Read { reading, .. }) => {
                    let whole = joined(vec![reading], &site.rule, limits::ENTRIES);
                    if whole.entries.is_empty() {
                        rebuilt.listing.push(super::why_empty(site, &kept.asked, &whole.findings.report));
                    }
                    whole.entries.into_iter().for_each(|entry| rows.add(entry, kept.fetched));
                }
                Err(Unread { why, .. }) => rebuilt.listing.push(format!("{} is not a page: {why}", kept.asked)),
            }
        }
        Ok(rows)
    }
}
