//! Fetching and reading pages: the network on the async side, parsing off it, few documents at a time.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Engine;
use crate::config::Site;
use crate::extract::{self, ArticleReading, Circumstances, ListingReading};
use crate::fetch::{FetchError, Fetched, Request};
use crate::outcome::Outcome;
use crate::page::{Document, NotAPage};
use crate::rule::Rule;
use crate::webpage::{Asking, Page, Validators};
use crate::weburl::WebUrl;

/// What reading an article came to.
pub(super) enum Article {
    /// It was read.
    Read(Box<ArticleReading>, Validators, WebUrl),
    /// The refresh had no time left for it.
    NoTime,
    /// It has not changed since it was read.
    NotModified(Validators),
    /// It could not be fetched, or is no page.
    Failed {
        /// A sentence for the report.
        why: String,
        /// Whether trying again soon may help.
        is_transient: bool,
    },
}

impl Engine {
    /// Asks for a page.
    pub(super) async fn fetch(
        &self,
        site: &Site,
        url: &WebUrl,
        validators: Option<&Validators>,
        asking: Option<&Asking>,
    ) -> Result<Fetched, FetchError> {
        self.parts.fetcher.get(Request { url, site: &site.url, upstream: &site.upstream, validators, asking }).await
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

    /// Fetches an article and reads it.
    pub(super) async fn article(
        &self,
        site: &Site,
        link: &WebUrl,
        validators: Option<&Validators>,
        now: DateTime<Utc>,
    ) -> Article {
        let page = match self.fetch(site, link, validators, None).await {
            Ok(Fetched::Page(page)) => page,
            Ok(Fetched::NotModified(validators)) => return Article::NotModified(validators),
            Err(error) => {
                return Article::Failed {
                    why: format!("cannot fetch {link}: {error}"),
                    is_transient: error.is_transient(),
                };
            }
        };
        let (validators, found_at, entry_link) = (page.validators.clone(), page.url.clone(), link.clone());
        let circumstances = Circumstances { now, explain: self.parts.explain };
        let read = move |document: &mut Document, rule: &Rule| {
            extract::article(document, rule, Some(&entry_link), circumstances)
        };
        let open = |page: &Page, rule: &Rule| Document::read(page, rule.charset);
        match self.parse(&site.rule, page, open, read).await {
            Ok(reading) => Article::Read(Box::new(reading), validators, found_at),
            Err(error) => Article::Failed { why: format!("{link} is not a page: {error}"), is_transient: false },
        }
    }

    async fn parse<T: Send + 'static>(
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
