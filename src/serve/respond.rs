//! From a request to its response: the only place that knows the order of the steps.

use std::net::SocketAddr;

use hyper::body::{Body, Incoming};
use hyper::header::{CONNECTION, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::{Request, StatusCode};

use super::feed::{self, Asked};
use super::negotiate::format_for;
use super::reply::{Reply, text};
use super::router::{Route, route};
use super::{Mill, api, pages};
use crate::engine::Wanted;

/// Answers one request that came in at the address `local`.
pub(super) async fn respond(mill: &dyn Mill, request: Request<Incoming>, local: SocketAddr) -> Reply {
    let (head, body) = request.into_parts();
    let mut reply = match route(&head) {
        Err(refusal) => refusal.reply(),
        Ok(Route::Health) => text(StatusCode::OK, "ok"),
        Ok(Route::Readiness) => api::readiness(mill).await,
        Ok(Route::Metrics) => api::metrics(mill).await,
        Ok(Route::Status) => api::status(mill).await,
        Ok(Route::Detail { name }) => api::feed(mill, &name).await,
        Ok(Route::Index) => pages::index(&head.headers, &mill.overview().await),
        Ok(Route::Subscriptions) => {
            let base = pages::base(mill.public_url().as_ref(), local);
            pages::subscriptions(&head.headers, &mill.overview().await, &base)
        }
        Ok(Route::Feed { name, format, query }) => {
            let negotiated = format.is_none();
            let format = format.unwrap_or_else(|| format_for(&head.headers));
            let answer = mill.answer(Wanted { name: &name, format, query: query.as_deref() }).await;
            let public_url = mill.public_url();
            let asked = Asked { headers: &head.headers, name: &name, negotiated, public_url: public_url.as_ref() };
            feed::reply_to(&asked, answer)
        }
    };
    reply.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !body.is_end_stream() {
        // Nothing reads the body, so nothing behind it can be found.
        reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    mill.answered(reply.status().as_u16());
    tracing::debug!(method = %head.method, target = %head.uri, status = reply.status().as_u16(), "answered");
    reply
}
