//! One fetch from end to end: hop by hop to a page, or to one sentence about why there is none.

use std::fmt;
use std::sync::Arc;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use rustls::pki_types::CertificateDer;

use crate::clock::{Clock, SystemClock};
use crate::limits;
use crate::rule::Upstream;
use crate::webpage::{Asking, Page, Signs, Validators};
use crate::weburl::WebUrl;

use super::client::Clients;
use super::freshness::fresh_for;
use super::hops::{Trail, is_redirect, keeps_method};
use super::hosts::Hosts;
use super::pace::Pace;
use super::resolver::{Resolver, SystemResolver};
use super::retry_after::retry_after;
use super::{FetchError, Fetched, body, guard, head, trouble};

/// Fetches pages. One for the whole process: it knows how often each host was asked.
pub struct Fetcher {
    clients: Clients,
    hosts: Hosts,
    clock: Arc<dyn Clock>,
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
        Ok(Self { clients: Clients::new(resolver, roots)?, hosts: Hosts::default(), clock })
    }

    /// One that uses the system's resolver and clock.
    pub fn system() -> Result<Self, FetchError> {
        Self::new(Arc::new(SystemResolver), Arc::new(SystemClock), Vec::new())
    }

    /// Fetches a page. Waits for its turn at each host; follows redirects; ends within the site's patience.
    pub async fn get(&self, request: Request<'_>) -> Result<Fetched, FetchError> {
        let upstream = request.upstream;
        let mut pace = Pace::start(upstream.patience);
        let mut post = request.asking.and_then(|asking| asking.post.as_ref());
        let mut trail = Trail::new(request.url, post.is_some());
        let mut has_tried_again = false;
        loop {
            let here = trail.here();
            guard::judge_literal(here, &upstream.allow_private)?;
            let turn = pace.pause(self.hosts.turn(here, upstream.concurrency, upstream.gap)).await;
            let headers = head::of_request(here, &request, post)?;
            let client = self.clients.get(here, upstream)?;
            let asking = match post {
                None => client.get(here.as_url().clone()),
                Some(posted) => client.post(here.as_url().clone()).body(posted.body.clone()),
            };
            let response = match pace.answer(asking.headers(headers).send()).await? {
                Ok(response) => response,
                // A connection that was kept open may be closed by the site just when we use it again (RFC 9112,
                // section 9.3.1). One more try is right; more would be a nuisance to a site in trouble. What is posted
                // may have been taken all the same (RFC 9110, section 9.2.2), and is not sent twice.
                Err(error) if !has_tried_again && post.is_none() && trouble::broke_off(&error) => {
                    has_tried_again = true;
                    continue;
                }
                Err(error) => return Err(trouble::of_request(&error, here, upstream)),
            };
            head::check_size(response.headers())?;
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
            let fetched = self.take(here, response, &request, &pace, trail.moved()).await;
            drop(turn);
            return fetched;
        }
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
        let fresh_for = fresh_for(headers, self.clock.now());
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
                Ok(Fetched::NotModified { validators, fresh_for })
            }
            (304, None) => Err(FetchError::Protocol("the site answered 304 though nothing was known before".into())),
            (code, _) => {
                let retry_after = retry_after(headers, self.clock.as_ref());
                let content_type = head::received(headers, &CONTENT_TYPE);
                let body = body::beginning(response, pace).await;
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
