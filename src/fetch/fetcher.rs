//! One fetch from end to end: hop by hop to a page, or to one sentence about why there is none.

use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use rustls::pki_types::CertificateDer;

use crate::clock::{Clock, SystemClock};
use crate::host::HostStatus;
use crate::limits;
use crate::rule::Upstream;
use crate::webpage::{Asking, Page, Signs, Validators};
use crate::weburl::WebUrl;

use super::client::Clients;
use super::exchange::{Exchanges, Hop};
use super::freshness::fresh_for;
use super::hops::{Trail, is_redirect, keeps_method};
use super::hosts::{Common, Hosts, Memory};
use super::pace::Pace;
use super::resolver::{Resolver, SystemResolver};
use super::retry_after::retry_after;
use super::{FetchError, Fetched, body, guard, head, robots, trouble};

/// Fetches pages. One for the whole process: it knows how often each host was asked.
pub struct Fetcher {
    pub(super) exchanges: Exchanges,
}

/// What to fetch, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What to fetch.
    pub url: &'a WebUrl,
    /// The address of the site that it is fetched for. Only requests to its origin carry the site's own headers.
    pub site: &'a WebUrl,
    /// How the site's pages are asked for.
    pub upstream: &'a Upstream,
    /// The validators of the page that is known already. With them the answer may be [`Fetched::NotModified`].
    pub validators: Option<&'a Validators>,
    /// What to say beyond the address. A page that is posted for is never asked for conditionally.
    pub asking: Option<&'a Asking>,
}

impl<'a> Request<'a> {
    /// One that says nothing but where, and for whom.
    pub const fn plain(url: &'a WebUrl, site: &'a WebUrl, upstream: &'a Upstream) -> Self {
        Self { url, site, upstream, validators: None, asking: None }
    }
}

impl Fetcher {
    /// One that looks names up with `resolver`, and reads dates in `Retry-After` against `clock`. Certificates are
    /// believed that the platform believes, or Mozilla, or that one of `roots` has signed.
    pub fn new(
        resolver: Arc<dyn Resolver>,
        clock: Arc<dyn Clock>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<Self, FetchError> {
        let hosts = Hosts::new(Common::new(Arc::clone(&clock)));
        Ok(Self { exchanges: Exchanges { clients: Clients::new(resolver, roots)?, hosts, clock } })
    }

    /// The same with a memory for what it learns about hosts: robots.txt, and who wants to be left alone.
    #[must_use]
    pub fn remembering(self, memory: Arc<dyn Memory>) -> Self {
        self.with(|common| Common { memory, ..common })
    }

    /// The same for a process that somebody waits for, or that is started for each round: that a host failed in another
    /// process is but a hint, and one request finds out. What a host asked for itself binds as ever.
    #[must_use]
    pub fn asking_anew(self) -> Self {
        self.with(|common| Common { asks_anew: true, ..common })
    }

    /// The same with chances that can be foreseen.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        self.with(|common| Common { chances: Mutex::new(fastrand::Rng::with_seed(seed)), ..common })
    }

    fn with(mut self, change: impl FnOnce(Common) -> Common) -> Self {
        self.exchanges.hosts = self.exchanges.hosts.with(change);
        self
    }

    /// One that uses the system's resolver and clock.
    pub fn system() -> Result<Self, FetchError> {
        Self::new(Arc::new(SystemResolver), Arc::new(SystemClock), Vec::new())
    }

    /// Fetches a page. Asks the site's robots.txt before, unless the site is told not to; waits for its turn at each
    /// host; follows redirects; ends within the site's patience.
    pub async fn get(&self, request: Request<'_>) -> Result<Fetched, FetchError> {
        let upstream = request.upstream;
        let mut pace = Pace::start(upstream.patience);
        let mut post = request.asking.and_then(|asking| asking.post.as_ref());
        let mut trail = Trail::new(request.url, post.is_some());
        loop {
            let url = trail.here();
            guard::judge_literal(url, &upstream.allow_private)?;
            let delay =
                if upstream.robots { pace.pause(robots::bidden(&self.exchanges, url, upstream)).await? } else { None };
            let hop = Hop { url, request: &request, post, delay, is_page: true };
            let (turn, response) = self.exchanges.ask(hop, &mut pace).await?;
            let code = response.status().as_u16();
            if is_redirect(code) {
                if !keeps_method(code) {
                    post = None;
                }
                trail.follow(code, response.headers().get(LOCATION), post.is_some())?;
                if post.is_some() && request.asking.is_some_and(|asking| !asking.is_for(trail.here())) {
                    return Err(FetchError::Redirect(format!(
                        "the site redirected to {}, and what is posted is not sent to another host: write that address as `url`",
                        trouble::shown(trail.here())
                    )));
                }
                continue;
            }
            let fetched = self.take(url, response, &request, &pace, trail.moved()).await;
            if let Err(error @ FetchError::Timeout { .. }) = &fetched {
                self.exchanges.failed(&turn, url, error).await;
            }
            drop(turn);
            return fetched;
        }
    }

    /// Until when the host of `url` is left alone; `None`: it may be asked now, or was not asked by this process yet.
    /// A site that is due before has nothing to gain from trying.
    pub fn closed_until(&self, url: &WebUrl) -> Option<DateTime<Utc>> {
        self.exchanges.hosts.closed_until(url)
    }

    /// How every host is doing that was asked of late, by name.
    pub fn hosts(&self) -> Vec<HostStatus> {
        self.exchanges.hosts.statuses()
    }

    /// Makes something of an answer that is no redirect.
    async fn take(
        &self,
        url: &WebUrl,
        response: Response,
        request: &Request<'_>,
        pace: &Pace,
        moved: Option<WebUrl>,
    ) -> Result<Fetched, FetchError> {
        let headers = response.headers();
        let validators = head::validators(headers);
        let fresh_for = fresh_for(headers, self.exchanges.clock.now());
        let code = response.status().as_u16();
        let signs = Signs { status: code, headers: head::signs(headers), moved };
        match (code, head::conditions(request)) {
            (200 | 203, _) => {
                let content_type = head::received(headers, &CONTENT_TYPE);
                let limit = request.upstream.body_bytes.min(limits::BODY_BYTES);
                let body = body::read(response, limit, pace).await?;
                Ok(Fetched::Page(Page { url: url.clone(), content_type, body, validators, fresh_for, signs }))
            }
            (304, Some(known)) => {
                let validators = Validators {
                    etag: validators.etag.or_else(|| known.etag.clone()),
                    last_modified: validators.last_modified.or_else(|| known.last_modified.clone()),
                };
                Ok(Fetched::NotModified { validators, fresh_for, moved: signs.moved })
            }
            (304, None) => Err(FetchError::Protocol("the site answered 304 though nothing was known before".into())),
            (code, _) => {
                let retry_after = retry_after(headers, self.exchanges.clock.as_ref());
                let content_type = head::received(headers, &CONTENT_TYPE);
                let body = body::glimpse(response, pace).await;
                // An error may be shown, and a query may be secret.
                let signs = Signs { moved: signs.moved.as_ref().map(trouble::bare), ..signs };
                let url = trouble::bare(url);
                let validators = Validators::default();
                let page = Page { url, content_type, body, validators, fresh_for: None, signs };
                Err(FetchError::Status { code, retry_after, page: Box::new(page) })
            }
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").finish_non_exhaustive()
    }
}
