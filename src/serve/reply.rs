//! The small parts that responses are put together from.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

/// A response. Its body is whole, so that its length is known; for `HEAD`, hyper keeps the length and drops the body.
pub(super) type Reply = Response<Full<Bytes>>;

/// A response with a body and no fields yet.
pub(super) fn reply(status: StatusCode, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    reply
}

/// A line of text that nobody is to keep.
pub(super) fn text(status: StatusCode, line: &str) -> Reply {
    let mut reply = reply(status, Bytes::from(format!("{line}\n")));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// Sets a field to a value made while running. What may not stand in a field (RFC 9110, section 5.5) is left out.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: impl TryInto<HeaderValue>) {
    if let Ok(value) = value.try_into() {
        headers.insert(name, value);
    }
}
