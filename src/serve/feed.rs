//! What the engine answered, as a response.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, LINK, VARY,
};

use super::cache;
use super::conditional::{http_date, is_unmodified};
use super::negotiate::takes_gzip;
use super::pages::protect;
use super::refusal::Refusal;
use super::reply::{Reply, reply, set, text};
use crate::edition::Format;
use crate::engine::{Answer, Edition};
use crate::outcome::Outcome;
use crate::weburl::WebUrl;

/// RFC 9211.
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// At least as many fields as an edition's response has, so that the map is made once.
const FIELDS: usize = 16;

/// The request that an answer is for.
pub(super) struct Asked<'a> {
    /// Its fields.
    pub(super) headers: &'a HeaderMap,
    /// The feed that it names.
    pub(super) name: &'a str,
    /// Whether `Accept` chose the format.
    pub(super) negotiated: bool,
    /// Where readers reach the server.
    pub(super) public_url: Option<&'a WebUrl>,
}

/// The response to `asked`.
pub(super) fn reply_to(asked: &Asked<'_>, answer: Answer) -> Reply {
    match answer {
        Answer::Edition(edition) => edition_reply(asked, &edition),
        Answer::Nothing { outcome, wait } => nothing_reply(asked.name, outcome.as_ref(), wait),
        Answer::Unknown => Refusal::NoFeed.reply(),
        Answer::Form { why, form } => text(
            StatusCode::NOT_FOUND,
            &format!(
                "There is no such feed: {why}. The address is /feeds/{form}.xml, with values in the braces' place."
            ),
        ),
        Answer::BadQuery { why } => text(StatusCode::BAD_REQUEST, &format!("This query cannot be answered: {why}.")),
        Answer::Full => text(
            StatusCode::SERVICE_UNAVAILABLE,
            "This server keeps as many feeds of this kind as it may, and this would be a new one. Those that are \
             listed at / and those that were read here before go on.",
        ),
    }
}

/// 200 with the edition, or 304 with the fields that RFC 9110, section 15.4.5, repeats. The document is not copied.
fn edition_reply(asked: &Asked<'_>, edition: &Edition) -> Reply {
    let rendering = &edition.rendering;
    let gzip = takes_gzip(asked.headers);
    let (body, etag) = if gzip { (&rendering.gzip, &rendering.etag_gzip) } else { (&rendering.plain, &rendering.etag) };
    let last_modified = http_date(rendering.last_modified);
    let unmodified = is_unmodified(asked.headers, etag, last_modified);
    let mut reply =
        if unmodified { reply(StatusCode::NOT_MODIFIED, <_>::default()) } else { reply(StatusCode::OK, body.clone()) };
    let headers = reply.headers_mut();
    headers.reserve(FIELDS);
    set(headers, ETAG, etag.as_str());
    if let Some(date) = last_modified {
        set(headers, LAST_MODIFIED, date.to_string());
    }
    set(headers, CACHE_CONTROL, cache::control(&edition.freshness));
    set(headers, CACHE_STATUS, cache::status_of_edition(&edition.freshness));
    let vary = if asked.negotiated { "Accept, Accept-Encoding" } else { "Accept-Encoding" };
    headers.insert(VARY, HeaderValue::from_static(vary));
    let query = edition.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let file = format!("feeds/{}.{}{query}", asked.name, rendering.format.extension());
    if asked.negotiated {
        set(headers, CONTENT_LOCATION, format!("/{file}"));
    }
    if let Some(public_url) = asked.public_url {
        set(headers, LINK, format!("<{}/{file}>; rel=\"self\"", public_url.as_str().trim_end_matches('/')));
    }
    if !unmodified {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(rendering.format.content_type()));
        if gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if rendering.format == Format::Html {
            protect(headers);
        }
    }
    reply
}

/// 502 or 504 with a sentence that a person can act on. There is no `Retry-After`: readers block the whole host on it.
fn nothing_reply(site: &str, outcome: Option<&Outcome>, wait: Option<Duration>) -> Reply {
    let status = match outcome {
        None | Some(Outcome::Failed { timed_out: true, .. }) => StatusCode::GATEWAY_TIMEOUT,
        Some(_) => StatusCode::BAD_GATEWAY,
    };
    let sentence = match outcome {
        None => format!(
            "The feed {site} is being made for the first time, and that takes longer than expected. Ask again in a \
             minute; if it stays so, `feedmill preview {site}` shows where the time goes."
        ),
        Some(outcome) => format!(
            "There is no feed {site} yet: {}. {}; `feedmill preview {site} --explain` shows what a refresh comes to.",
            outcome.why().unwrap_or("its first refresh brought nothing to serve"),
            when(wait),
        ),
    };
    let mut reply = text(status, &sentence);
    set(reply.headers_mut(), CACHE_STATUS, cache::status_of_nothing(outcome));
    reply
}

/// When a site is tried again that has no feed yet.
fn when(wait: Option<Duration>) -> String {
    match wait.map(|wait| wait.as_secs().max(1)) {
        None => "Once that is mended, the next request tries again".to_owned(),
        Some(1) => "The first request a second from now tries again".to_owned(),
        Some(seconds) => format!("The first request {seconds} seconds from now or later tries again"),
    }
}
