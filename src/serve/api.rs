//! How the feeds are doing, for programs: `/api/status`, `/api/feeds/NAME`, `/readyz`, `/metrics`. Reading any of it
//! never asks a site.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::json;

use super::Mill;
use super::reply::{Reply, reply, text};
use crate::metrics;

/// How every feed is doing.
pub(super) async fn status(mill: &dyn Mill) -> Reply {
    match mill.status().await {
        Ok(status) => json(StatusCode::OK, &status),
        Err(why) => trouble(&why),
    }
}

/// How one feed is doing, and what its last reading came to.
pub(super) async fn feed(mill: &dyn Mill, name: &str) -> Reply {
    match mill.detail(name).await {
        Ok(Some(detail)) => json(StatusCode::OK, &detail),
        Ok(None) => {
            json(StatusCode::NOT_FOUND, &json!({ "error": "There is no feed of this name. /api/status lists them." }))
        }
        Err(why) => trouble(&why),
    }
}

/// Whether feeds can be served.
pub(super) async fn readiness(mill: &dyn Mill) -> Reply {
    match mill.readiness().await {
        Ok(()) => text(StatusCode::OK, "ready"),
        Err(why) => text(StatusCode::SERVICE_UNAVAILABLE, &why),
    }
}

/// What is counted.
pub(super) async fn metrics(mill: &dyn Mill) -> Reply {
    match mill.metrics().await {
        Ok(text) => fresh(StatusCode::OK, metrics::CONTENT_TYPE, text),
        Err(why) => text(StatusCode::SERVICE_UNAVAILABLE, &why),
    }
}

fn trouble(why: &str) -> Reply {
    json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": why }))
}

fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    let mut document = serde_json::to_string(value).unwrap_or_default();
    document.push('\n');
    fresh(status, "application/json", document)
}

/// A document that is of this moment, and that nobody is to keep.
fn fresh(status: StatusCode, content_type: &'static str, document: String) -> Reply {
    let mut reply = reply(status, Bytes::from(document));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
