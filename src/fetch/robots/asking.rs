//! Asking for a robots.txt, once for everybody who waits for it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::LOCATION;

use super::copy::{Got, Standing, after, is_due, standing};
use super::matching::{Verdict, judge};
use super::parse::read;
use crate::fetch::exchange::{Exchanges, Hop};
use crate::fetch::hops::{Trail, is_redirect};
use crate::fetch::hosts::Host;
use crate::fetch::pace::{self, Pace};
use crate::fetch::{FetchError, Request, body, freshness};
use crate::host::RobotsCopy;
use crate::limits;
use crate::rule::{Patience, Upstream};
use crate::weburl::WebUrl;

/// Asks the robots.txt of `url`'s origin whether `url` may be asked for; the `Crawl-delay` to keep, if so.
pub(in crate::fetch) async fn bidden(
    exchanges: &Exchanges,
    url: &WebUrl,
    upstream: &Upstream,
) -> Result<Option<Duration>, FetchError> {
    let host = exchanges.hosts.of(url);
    let copy = copy(exchanges, &host, url, upstream).await?;
    match standing(&copy, exchanges.now()) {
        Standing::Free => Ok(None),
        Standing::Rules(robots) => match judge(robots, url) {
            Verdict::Allowed => Ok(robots.delay),
            Verdict::Forbidden(rule) => Err(FetchError::Robots(format!(
                "{} forbids it, on line {}: `Disallow: {}`; {OTHERWISE}",
                address(url).as_ref().map_or("robots.txt", WebUrl::as_str),
                rule.line,
                rule.path
            ))),
            Verdict::TooMuch => Err(FetchError::Robots(format!(
                "robots.txt of {} has so many rules that it cannot be told whether it forbids this; {OTHERWISE}",
                url.host()
            ))),
        },
        Standing::Missing(why) => Err(FetchError::RobotsMissing(format!(
            "robots.txt of {} cannot be had ({why}), and as long as nobody knows what it says it forbids everything; \
             {OTHERWISE}",
            url.host()
        ))),
    }
}

/// What to do about it.
const OTHERWISE: &str = "if you may read the site all the same, write `robots = false` in its table";

/// Where the robots.txt of an address is.
fn address(url: &WebUrl) -> Result<WebUrl, FetchError> {
    url.join("/robots.txt").map_err(|why| FetchError::Refused(why.to_string()))
}

/// A copy that holds now: one that is there, or a new one.
async fn copy(
    exchanges: &Exchanges,
    host: &Host,
    url: &WebUrl,
    upstream: &Upstream,
) -> Result<Arc<RobotsCopy>, FetchError> {
    let scheme = url.as_url().scheme();
    let is_good = |copy: &Arc<RobotsCopy>| !is_due(copy, exchanges.now());
    if let Some(copy) = host.robots(scheme).await.filter(is_good) {
        return Ok(copy);
    }
    // Whoever gives up while asking leaves the question to the next one that waits.
    let _asking = host.asking_robots.lock().await;
    let known = host.robots(scheme).await;
    if let Some(copy) = known.clone().filter(is_good) {
        return Ok(copy);
    }
    let got = asked(exchanges, &address(url)?, upstream).await?;
    let copy = host.put_robots(scheme, after(known.as_deref(), got, exchanges.now()));
    host.remember().await;
    Ok(copy)
}

/// Whether an error may be this file's alone, as opposed to the host's.
fn is_about_the_file(error: &FetchError) -> bool {
    match error {
        FetchError::Timeout { phase, .. } => !matches!(*phase, pace::NAME | pace::CONNECTION),
        FetchError::Protocol(_) => true,
        _ => false,
    }
}

/// Asks for it. An error is one that says nothing about the file: the host cannot be reached, or not by this site.
async fn asked(exchanges: &Exchanges, url: &WebUrl, upstream: &Upstream) -> Result<Got, FetchError> {
    let mut patience = upstream.patience;
    patience.total = patience.total.min(limits::ROBOTS_EXCHANGE);
    patience = Patience { first_byte: patience.first_byte.min(patience.total), ..patience };
    let mut pace = Pace::start(patience);
    let mut trail = Trail::new(url, false);
    loop {
        let here = trail.here();
        let is_first = here == url;
        let request = Request::plain(here, here, upstream);
        let hop = Hop { url: here, request: &request, post: None, delay: None, is_page: false };
        let (turn, response) = match exchanges.ask(hop, &mut pace).await {
            Ok(answered) => answered,
            // Somebody else's site may be allowed to go there, or has another proxy.
            Err(error) if is_first && !is_about_the_file(&error) => return Err(error),
            Err(FetchError::Refused(_)) => return Ok(Got::Nothing),
            Err(error) => return Ok(Got::Missing(error.to_string())),
        };
        let code = response.status().as_u16();
        if is_redirect(code) {
            // Redirects that lead nowhere lead to no robots.txt (section 2.3.1.2).
            if trail.follow(code, response.headers().get(LOCATION), false).is_err() {
                return Ok(Got::Nothing);
            }
            continue;
        }
        let got = match code {
            200 | 203 => {
                let fresh = freshness::fresh_for(response.headers(), exchanges.now());
                match body::beginning(response, limits::ROBOTS_BYTES + 1, &pace).await {
                    Ok(bytes) => Got::Rules(read(&bytes), fresh),
                    Err(error) => Got::Missing(error.to_string()),
                }
            }
            429 | 500.. => Got::Missing(format!("the site answered {code}")),
            _ => Got::Nothing,
        };
        drop(turn);
        return Ok(got);
    }
}
