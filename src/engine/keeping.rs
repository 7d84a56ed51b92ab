//! Pages are kept after they were read, for as long as the site says, so that an edited rule can be applied to them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use crate::config::Site;
use crate::kept::KeptPage;
use crate::limits;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// For how long one refresh keeps pages, and how many bytes of them it may still keep.
pub(super) struct Keeping {
    time: TimeDelta,
    room: AtomicUsize,
}

/// The pages of one article while it is read.
pub(super) struct Keeper<'a> {
    keeping: &'a Keeping,
    pages: Mutex<Vec<KeptPage>>,
}

impl Keeping {
    /// What a site asks for; `None`: it keeps none.
    pub(super) fn of(site: &Site) -> Option<Self> {
        let time = TimeDelta::from_std(site.keep_pages?).ok()?;
        Some(Self { time, room: AtomicUsize::new(limits::KEPT_SITE_BYTES) })
    }

    /// When a page that was fetched at `now` is no longer kept.
    pub(super) fn until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_add_signed(self.time).unwrap_or(now)
    }

    fn has_room_for(&self, page: &KeptPage) -> bool {
        let less = |left: usize| left.checked_sub(page.bytes.len());
        self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

impl<'a> Keeper<'a> {
    pub(super) fn new(keeping: &'a Keeping) -> Self {
        Self { keeping, pages: Mutex::default() }
    }

    /// What makes a kept page of one that was just fetched; to be called where blocking does no harm.
    pub(super) fn packing(
        &self,
        asked: &WebUrl,
        page: &Page,
        now: DateTime<Utc>,
    ) -> impl FnOnce() -> Option<KeptPage> + use<> {
        let (asked, page, until) = (asked.clone(), page.clone(), self.keeping.until(now));
        move || KeptPage::of(asked, &page, now, until)
    }

    pub(super) fn add(&self, page: KeptPage) {
        if self.keeping.has_room_for(&page) {
            self.pages.lock().unwrap_or_else(PoisonError::into_inner).push(page);
        }
    }

    pub(super) fn take(&self) -> Vec<KeptPage> {
        std::mem::take(&mut self.pages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Engine {
    /// A page of the listing, to be kept.
    pub(super) async fn kept_listing_page(
        &self,
        asked: &WebUrl,
        page: Page,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Option<KeptPage> {
        let asked = asked.clone();
        tokio::task::spawn_blocking(move || KeptPage::of(asked, &page, now, until)).await.ok().flatten()
    }

    /// Clears away what is to be kept no longer, now that the refresh is archived.
    pub(super) async fn prune_pages(&self, site: &Site, now: DateTime<Utc>) {
        let keep = site.keep_pages.and_then(|keep| TimeDelta::from_std(keep).ok());
        let fetched = keep.map_or(Some(now), |keep| now.checked_sub_signed(keep)).unwrap_or_default();
        if let Err(error) = self.parts.archive.prune(&site.name, fetched, keep.is_none(), now).await {
            // What stays too long does no harm; the next refresh tries again.
            tracing::warn!(site = site.name, "old pages could not be cleared away: {error}");
        }
    }
}
