//! The demo's web server: hands out the paper. Small, because only the demo and its one visitor come here.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use super::gazette::{Gazette, Reply};
use crate::clock::{Clock as _, SystemClock};
use crate::limits;

/// Serves the paper until the task is ended.
pub(super) async fn sell(listener: TcpListener, gazette: Gazette) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(limits::ACCEPT_PAUSE).await;
            continue;
        };
        let answer = service_fn(move |request: Request<hyper::body::Incoming>| async move {
            let reply = gazette.reply(request.uri().path(), SystemClock.now());
            Ok::<_, Infallible>(response(request.method(), request.headers(), reply))
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits::REQUEST_HEAD);
        let connection = http.serve_connection(TokioIo::new(stream), answer);
        // Whatever happens on a connection of the demo happens to the demo's one visitor, who sees it.
        tokio::spawn(async move { drop(tokio::time::timeout(limits::CONNECTION_AGE, connection).await) });
    }
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
