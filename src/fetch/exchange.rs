//! One request and the head of its answer: the guard, a turn at the host, and what it tells us about the host.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Response;
use reqwest::header::HeaderMap;

use crate::webpage::Posted;
use crate::weburl::WebUrl;

use super::client::Clients;
use super::hosts::{Hosts, Manners, Trouble, Turn};
use super::pace::{self, Pace};
use super::retry_after::retry_after;
use super::{FetchError, Request, guard, head, trouble};

/// What every exchange needs.
pub(super) struct Exchanges {
    pub(super) clients: Clients,
    pub(super) hosts: Hosts,
    pub(super) clock: std::sync::Arc<dyn crate::clock::Clock>,
}

/// One hop of a request.
#[derive(Clone, Copy)]
pub(super) struct Hop<'a> {
    /// What is asked for.
    pub(super) url: &'a WebUrl,
    /// What it is a hop of.
    pub(super) request: &'a Request<'a>,
    /// What is posted there.
    pub(super) post: Option<&'a Posted>,
    /// The `Crawl-delay` to keep.
    pub(super) delay: Option<Duration>,
    /// Whether it is a page, as opposed to a robots.txt.
    pub(super) is_page: bool,
}

impl Exchanges {
    /// The present moment.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits for a turn, asks, and returns the head of the answer with the turn, to be held until the body is there.
    pub(super) async fn ask(&self, hop: Hop<'_>, pace: &mut Pace) -> Result<(Turn, Response), FetchError> {
        let (url, upstream) = (hop.url, hop.request.upstream);
        guard::judge_literal(url, &upstream.allow_private)?;
        let delay = hop.delay.filter(|_| !upstream.gap_is_own);
        let manners = Manners { concurrency: upstream.concurrency, gap: upstream.gap, delay, is_page: hop.is_page };
        let host = self.hosts.of(url);
        let mut has_tried_again = false;
        loop {
            let turn = pace.pause(host.turn(manners)).await?;
            let headers = head::of_request(url, hop.request, hop.post)?;
            let client = self.clients.get(url, upstream)?;
            let asking = match hop.post {
                None => client.get(url.as_url().clone()),
                Some(posted) => client.post(url.as_url().clone()).body(posted.body.clone()),
            };
            let error = match pace.answer(asking.headers(headers).send()).await {
                Ok(Ok(response)) => {
                    self.heard(&turn, url, response.status().as_u16(), response.headers()).await;
                    head::check_size(response.headers())?;
                    return Ok((turn, response));
                }
                // A connection that was kept open may be closed by the site just when we use it again (RFC 9112,
                // section 9.3.1). One more try is right; more would be a nuisance to a site in trouble. What is posted
                // may have been taken all the same (RFC 9110, section 9.2.2), and is not sent twice.
                Ok(Err(error)) if !has_tried_again && hop.post.is_none() && trouble::broke_off(&error) => {
                    has_tried_again = true;
                    continue;
                }
                Ok(Err(error)) => trouble::of_request(&error, url, upstream),
                Err(error) => error,
            };
            // What a proxy does is not the host's fault.
            if upstream.proxy.is_none() {
                self.failed(&turn, url, &error).await;
            }
            return Err(error);
        }
    }

    /// Notes what an answer's head says about the host: any answer is a good one that is not about trouble.
    async fn heard(&self, turn: &Turn, url: &WebUrl, code: u16, headers: &HeaderMap) {
        match (code, retry_after(headers, self.clock.as_ref())) {
            (429 | 503, Some(time)) => turn.trouble(Trouble::Asked(code, time)).await,
            (429, None) => turn.trouble(Trouble::TooMuch).await,
            (500..=599, _) => turn.trouble(Trouble::Page(url.clone(), format!("it answers {code}"))).await,
            _ => turn.good().await,
        }
    }

    /// Notes what a failure says about the host, if anything.
    pub(super) async fn failed(&self, turn: &Turn, url: &WebUrl, error: &FetchError) {
        let why = error.to_string();
        match error {
            FetchError::Dns(_) | FetchError::Connect(_) => turn.trouble(Trouble::Unreachable(why)).await,
            FetchError::Timeout { phase, .. } if matches!(*phase, pace::NAME | pace::CONNECTION) => {
                turn.trouble(Trouble::Unreachable(why)).await;
            }
            FetchError::Timeout { .. } => turn.trouble(Trouble::Page(url.clone(), why)).await,
            _ => {}
        }
    }
}
