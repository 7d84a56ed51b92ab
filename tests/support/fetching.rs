//! A fetcher for tests, and what it is asked for.

use std::sync::Arc;
use std::time::Duration;

use feedmill::clock::ManualClock;
use feedmill::fetch::{FetchError, Fetched, Fetcher, Request};
use feedmill::rule::{Allowed, Upstream};
use feedmill::webpage::{Asking, Page, Validators};
use feedmill::weburl::WebUrl;

use super::names::Names;
use super::origin::Origin;
use super::tls::Authority;

/// A fetcher with the settings of one site.
pub struct Fetching {
    pub fetcher: Fetcher,
    pub names: Arc<Names>,
    pub upstream: Upstream,
    /// Whose headers are sent; the address that is asked for, if a test does not say.
    pub site: Option<WebUrl>,
}

impl Fetching {
    /// One that may reach public addresses only, and knows no names.
    pub fn public() -> Self {
        Self::build(Names::default(), None)
    }

    /// One that may reach `origins` as well.
    pub fn of(origins: &[&Origin]) -> Self {
        Self::public().allow(origins)
    }

    /// One that knows `names`.
    pub fn knowing(names: Names) -> Self {
        Self::build(names, None)
    }

    /// One that knows `names` and trusts `authority`.
    pub fn trusting(names: Names, authority: &Authority) -> Self {
        Self::build(names, Some(authority))
    }

    fn build(names: Names, authority: Option<&Authority>) -> Self {
        let names = Arc::new(names);
        let clock = Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().expect("a moment")));
        let roots = authority.map(|authority| authority.der().into()).into_iter().collect();
        let fetcher = Fetcher::new(names.clone(), clock, roots).expect("a fetcher");
        // Tests are about pages; those about robots.txt say so.
        let upstream = Upstream { gap: Duration::ZERO, robots: false, ..Upstream::default() };
        Self { fetcher, names, upstream, site: None }
    }

    /// Opens the guard for exactly these origins, as a user would in `allow_private`.
    pub fn allow(mut self, origins: &[&Origin]) -> Self {
        let written = origins.iter().map(|origin| origin.address().to_string());
        self.upstream.allow_private.extend(written.map(|entry| Allowed::parse(&entry).expect("an address")));
        self
    }

    /// Fetches `url`.
    pub async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        self.get_if_changed(url, None).await
    }

    /// Fetches `url` unless what `validators` stand for is still so.
    pub async fn get_if_changed(&self, url: &str, validators: Option<&Validators>) -> Result<Fetched, FetchError> {
        let url = WebUrl::parse(url).expect("an address of the web");
        self.fetch(&url, validators, None).await
    }

    /// Fetches `url`, saying more than that.
    pub async fn ask(&self, url: &str, asking: &Asking) -> Result<Fetched, FetchError> {
        let url = WebUrl::parse(url).expect("an address of the web");
        self.fetch(&url, None, Some(asking)).await
    }

    async fn fetch(
        &self,
        url: &WebUrl,
        validators: Option<&Validators>,
        asking: Option<&Asking>,
    ) -> Result<Fetched, FetchError> {
        let site = self.site.as_ref().unwrap_or(url);
        self.fetcher.get(Request { url, site, upstream: &self.upstream, validators, asking }).await
    }

    /// Fetches a page that must be there.
    pub async fn page(&self, url: &str) -> Page {
        match self.get(url).await {
            Ok(Fetched::Page(page)) => page,
            other => panic!("{url} brought {other:?}"),
        }
    }

    /// Fetches what must fail.
    pub async fn error(&self, url: &str) -> FetchError {
        match self.get(url).await {
            Err(error) => error,
            Ok(fetched) => panic!("{url} brought {fetched:?}"),
        }
    }
}
