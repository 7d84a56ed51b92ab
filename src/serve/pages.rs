//! The pages beside the feeds: the index for people, and the list of subscriptions for readers.

use std::net::SocketAddr;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, REFERRER_POLICY,
};

use super::conditional::is_unmodified;
use super::reply::{Reply, reply, set};
use crate::edition::fingerprint;
use crate::engine::Overview;
use crate::render::{self, IndexEntry};
use crate::weburl::WebUrl;

/// The index page.
pub(super) fn index(headers: &HeaderMap, sites: &[Overview]) -> Reply {
    let entries: Vec<IndexEntry> = sites.iter().map(|site| site.listed(format!("feeds/{}", site.name))).collect();
    let mut reply = document(headers, "text/html; charset=utf-8", render::index(&entries, true));
    protect(reply.headers_mut());
    reply
}

/// Every feed as OPML 2.0, with links under `base`.
pub(super) fn subscriptions(headers: &HeaderMap, sites: &[Overview], base: &str) -> Reply {
    let entries: Vec<IndexEntry> =
        sites.iter().map(|site| site.listed(format!("{base}/feeds/{}", site.name))).collect();
    document(headers, "text/x-opml; charset=utf-8", render::opml("Feedmill", &entries))
}

/// Where absolute links begin, without a slash at the end: where the configuration says that readers reach the server;
/// else the address at which this very connection came in, which is true at least for who asked. What the
/// request's `Host` and `X-Forwarded-*` say is not used: anybody could write anything there.
pub(super) fn base(public_url: Option<&WebUrl>, local: SocketAddr) -> String {
    match public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => format!("http://{}", SocketAddr::new(local.ip().to_canonical(), local.port())),
    }
}

/// Forbids a page what it does not need. Its links and pictures do not tell other sites where it was read.
pub(super) fn protect(headers: &mut HeaderMap) {
    set(headers, CONTENT_SECURITY_POLICY, format!("{}; frame-ancestors 'none'", render::page_policy()));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// A document made for this request: to be asked for each time, and sent only if it is another one.
fn document(asked: &HeaderMap, content_type: &'static str, document: String) -> Reply {
    let etag = format!("\"{}\"", fingerprint(document.as_bytes()));
    let unmodified = is_unmodified(asked, &etag, None);
    let mut reply = if unmodified {
        reply(StatusCode::NOT_MODIFIED, Bytes::new())
    } else {
        reply(StatusCode::OK, Bytes::from(document))
    };
    let headers = reply.headers_mut();
    set(headers, ETAG, etag);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if !unmodified {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_at(local: &str) -> String {
        base(None, local.parse().unwrap())
    }

    #[test]
    fn absolute_links_begin_where_readers_are() {
        let public = WebUrl::parse("https://feeds.example/mill/").unwrap();
        assert_eq!(base(Some(&public), "127.0.0.1:1".parse().unwrap()), "https://feeds.example/mill");
        assert_eq!(base_at("192.0.2.7:8787"), "http://192.0.2.7:8787");
        assert_eq!(base_at("[::ffff:192.0.2.7]:8787"), "http://192.0.2.7:8787");
        assert_eq!(base_at("[2001:db8::7]:8787"), "http://[2001:db8::7]:8787");
    }
}
