//! Fetching and reading pages: the network on the async side, parsing off it, few documents at a time.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Engine;
use crate::config::Site;
use crate::extract::{self, Circumstances, ListingReading};
use crate::fetch::{FetchError, Fetched, Request};
use crate::outcome::Outcome;
use crate::page::{Document, NotAPage};
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

    /// Reads a listing off the async threads.
    pub(super) async fn read_listing(
        &self,
        site: &Site,
        page: Page,
        now: DateTime<Utc>,
    ) -> Result<ListingReading, NotAPage> {
        let circumstances = Circumstances { now, explain: self.parts.explain };
        let read = move |document: &mut Document, rule: &Rule| extract::listing(document, rule, circumstances);
        self.parse(&site.rule, page, Document::read_listing, read).await
    }

    /// Does what reads a page off the async threads, a few pages at a time.
    pub(super) async fn parse<T: Send + 'static>(
        &self,
        rule: &Arc<Rule>,
        page: Page,
        open: fn(&Page, &Rule) -> Result<Document, NotAPage>,
        read: impl FnOnce(&mut Document, &Rule) -> T + Send + 'static,
    ) -> Result<T, NotAPage> {
        // The semaphore is never closed; without a permit there would merely be no bound.
        let _permit = self.parsers.acquire().await.ok();
        let rule = Arc::clone(rule);
        let work = tokio::task::spawn_blocking(move || {
            let mut document = open(&page, &rule)?;
            drop(page);
            Ok(read(&mut document, &rule))
        });
        match work.await {
            Ok(result) => result,
            // What a page did to the parser is that page's failure, and nobody else's.
            Err(panic) => Err(NotAPage::BrokenOff(panic.to_string())),
        }
    }
}

/// A failed fetch of the listing, as an outcome.
pub(super) fn failed(url: &WebUrl, error: &FetchError) -> Outcome {
    Outcome::Failed {
        why: format!("cannot fetch {url}: {error}"),
        status: error.status(),
        timed_out: error.timed_out(),
    }
}
