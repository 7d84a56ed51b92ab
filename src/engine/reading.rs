//! Fetching and reading pages: the network on the async side, parsing off it, few documents at a time.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Engine;
use crate::config::Site;
use crate::drift::Drift;
use crate::extract::{self, Circumstances, ListingReading};
use crate::fetch::{FetchError, Fetched, Request};
use crate::outcome::Outcome;
use crate::page::{self, Document, NotAPage, Wall};
use crate::rule::Rule;
use crate::webpage::{Asking, Page, Validators};
use crate::weburl::WebUrl;

impl Engine {
    /// Asks for a page.
    pub(super) async fn fetch(
        &self,
        site: &Site,
        url: &WebUrl,
        validators: Option<&Validators>,
        asking: Option<&Asking>,
    ) -> Result<Fetched, FetchError> {
        let began = tokio::time::Instant::now();
        let request = Request { url, site: &site.url, upstream: &site.upstream, validators, asking };
        let fetched = self.parts.fetcher.get(request).await;
        let result = match &fetched {
            Ok(Fetched::Page(_)) => "page",
            Ok(Fetched::NotModified { .. }) => "not_modified",
            Err(_) => "failed",
        };
        self.metrics.fetched(result, began.elapsed());
        fetched
    }

    /// Reads a listing that was asked for at `asked` off the async threads.
    pub(super) async fn read_listing(
        &self,
        site: &Site,
        page: Page,
        asked: &WebUrl,
        now: DateTime<Utc>,
    ) -> Result<Read<ListingReading>, Unread> {
        let circumstances = Circumstances { now, explain: self.parts.explain };
        let read = move |document: &mut Document, rule: &Rule| extract::listing(document, rule, circumstances);
        self.parse(&site.rule, page, asked, Document::read_listing, read).await
    }

    /// Does what reads a page off the async threads, a few pages at a time.
    pub(super) async fn parse<T: Send + 'static>(
        &self,
        rule: &Arc<Rule>,
        page: Page,
        asked: &WebUrl,
        open: fn(&Page, &Rule) -> Result<Document, NotAPage>,
        read: impl FnOnce(&mut Document, &Rule) -> T + Send + 'static,
    ) -> Result<Read<T>, Unread> {
        // The semaphore is never closed; without a permit there would merely be no bound.
        let _permit = self.parsers.acquire().await.ok();
        let (rule, asked) = (Arc::clone(rule), asked.clone());
        let work = tokio::task::spawn_blocking(move || {
            let mut document = match open(&page, &rule) {
                Ok(document) => document,
                Err(why) => return Err(Unread { why, wall: page::wall(&page, None, &asked).map(Box::new) }),
            };
            let wall = page::wall(&page, Some(&document), &asked).map(Box::new);
            drop(page);
            Ok(Read { reading: read(&mut document, &rule), wall })
        });
        match work.await {
            Ok(result) => result,
            // What a page did to the parser is that page's failure, and nobody else's.
            Err(panic) => Err(Unread { why: NotAPage::BrokenOff(panic.to_string()), wall: None }),
        }
    }

    /// What a failure to fetch the page at `asked` tells of the site.
    pub(super) async fn wall_of(&self, error: &FetchError, asked: &WebUrl) -> Option<Wall> {
        let FetchError::Status { page, .. } = error else { return None };
        let (page, asked) = (page.clone(), asked.clone());
        let _permit = self.parsers.acquire().await.ok();
        tokio::task::spawn_blocking(move || page::wall(&page, None, &asked)).await.ok().flatten()
    }
}

/// What was read from a page.
pub(super) struct Read<T> {
    pub(super) reading: T,
    /// What the page looks like, if it is not the site's own.
    pub(super) wall: Option<Box<Wall>>,
}

/// A page from which nothing could be read.
pub(super) struct Unread {
    pub(super) why: NotAPage,
    /// What it is instead.
    pub(super) wall: Option<Box<Wall>>,
}

/// A failed fetch of the listing, as an outcome: with what it tells of the site.
pub(super) fn failed(site: &Site, url: &WebUrl, error: &FetchError, drift: Option<&Drift>) -> Outcome {
    let why = match drift {
        Some(drift) => format!("cannot fetch {url}: {error}: {drift}; {}", drift.advice(&site.name)),
        None => format!("cannot fetch {url}: {error}"),
    };
    Outcome::Failed { why, status: error.status(), timed_out: error.timed_out() }
}
