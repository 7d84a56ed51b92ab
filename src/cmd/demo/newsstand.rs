//! The demo's web server: hands out the paper. Small, because only the demo and its one visitor come here.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::gazette::{Gazette, Reply};
use crate::clock::{Clock as _, SystemClock};
use crate::limits;

/// Where the paper's form for its redesign leads.
const REDESIGN: &str = "/redesign";

/// The paper as it looks at present.
pub(super) struct Press {
    paper: Mutex<Gazette>,
    changed: Notify,
}

impl Press {
    pub(super) fn new(gazette: Gazette) -> Self {
        Self { paper: Mutex::new(gazette), changed: Notify::new() }
    }

    /// The paper.
    pub(super) fn paper(&self) -> Gazette {
        *self.paper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the paper its other design.
    pub(super) fn redesign(&self) {
        let mut paper = self.paper.lock().unwrap_or_else(PoisonError::into_inner);
        *paper = paper.redesigned(SystemClock.now());
        self.changed.notify_one();
    }

    /// Waits until it gets its other design.
    pub(super) async fn redesigned(&self) {
        self.changed.notified().await;
    }
}

/// Serves the paper until the task is ended.
pub(super) async fn sell(listener: TcpListener, press: Arc<Press>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(limits::ACCEPT_PAUSE).await;
            continue;
        };
        let press = Arc::clone(&press);
        let answer = service_fn(move |request: Request<hyper::body::Incoming>| {
            let press = Arc::clone(&press);
            async move {
                if request.method() == Method::POST && request.uri().path() == REDESIGN {
                    press.redesign();
                    return Ok::<_, Infallible>(back_to_the_front());
                }
                let reply = press.paper().reply(request.uri().path(), SystemClock.now());
                Ok(response(request.method(), request.headers(), reply))
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits::REQUEST_HEAD);
        let connection = http.serve_connection(TokioIo::new(stream), answer);
        // Whatever happens on a connection of the demo happens to the demo's one visitor, who sees it.
        tokio::spawn(async move { drop(tokio::time::timeout(limits::CONNECTION_AGE, connection).await) });
    }
}

/// The answer to a form (RFC 9110, section 15.4.4).
fn back_to_the_front() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
    response
}

fn response(method: &Method, asked: &HeaderMap, reply: Reply) -> Response<Full<Bytes>> {
    let modified = reply.last_modified.map(|date| httpdate::fmt_http_date(date.into()));
    let is_known = match asked.get(IF_NONE_MATCH) {
        Some(tag) => reply.etag.as_deref().is_some_and(|etag| tag.as_bytes() == etag.as_bytes()),
        None => asked.get(IF_MODIFIED_SINCE).is_some_and(|date| modified.as_deref().is_some_and(|own| date == own)),
    };
    let body = if is_known || method == Method::HEAD { Bytes::new() } else { reply.body };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = match (is_known, reply.status) {
        (true, _) => StatusCode::NOT_MODIFIED,
        (false, status) => StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    for (name, value) in [(ETAG, reply.etag), (LAST_MODIFIED, modified)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    response
}
