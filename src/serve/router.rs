//! What a request asks for, or why it is refused. Pure: a request's head in, a route out.
//!
//! The segments of a path are decoded once and compared with names. None of them ever becomes part of a file's path.

use std::borrow::Cow;
use std::fmt::Write as _;

use hyper::header::{HOST, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{Method, Version};
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;
use crate::config::canonical;
use crate::edition::Format;
use crate::limits;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// The page that lists every feed.
    Index,
    /// The same list for readers.
    Subscriptions,
    /// Whether the process is alive.
    Health,
    /// Whether feeds can be served.
    Readiness,
    /// What is counted.
    Metrics,
    /// How every feed is doing.
    Status,
    /// How one feed is doing.
    Detail {
        /// As that of [`Route::Feed`], without an extension.
        name: String,
    },
    /// A feed.
    Feed {
        /// What stands where a feed's name should, and the values behind it, each percent-encoded in its one spelling;
        /// whether there is such a feed, the engine knows.
        name: String,
        /// The format that the extension names; without one, `Accept` decides.
        format: Option<Format>,
        /// What stands behind the `?`.
        query: Option<String>,
    },
}

/// Reads a request's head.
pub(super) fn route(head: &Parts) -> Result<Route, Refusal> {
    check_framing(head)?;
    if head.uri.path_and_query().is_some_and(|target| target.as_str().len() > limits::REQUEST_TARGET_BYTES) {
        return Err(Refusal::LongTarget);
    }
    if !matches!(head.method, Method::GET | Method::HEAD) {
        return Err(Refusal::Method);
    }
    // A target in absolute form counts by its path, and its authority no more than `Host` does (RFC 9112,
    // section 3.2.2).
    if head.uri.scheme_str().is_some_and(|scheme| scheme != "http" && scheme != "https") {
        return Err(Refusal::Target);
    }
    place(head.uri.path(), head.uri.query()).ok_or(Refusal::NotFound)
}

/// Refuses what intermediaries and servers have been known to read differently (RFC 9112, sections 3.2 and 6.1).
fn check_framing(head: &Parts) -> Result<(), Refusal> {
    if head.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Refusal::TransferEncoding);
    }
    let mut hosts = head.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if head.version < Version::HTTP_11 => Ok(()),
        (Some(host), None) if host.is_empty() || is_authority(host.as_bytes()) => Ok(()),
        _ => Err(Refusal::Host),
    }
}

/// Whether `host` is a host with or without a port, and nothing more.
fn is_authority(host: &[u8]) -> bool {
    !host.contains(&b'@') && Authority::try_from(host).is_ok()
}

/// The place that a path leads to.
fn place(path: &str, query: Option<&str>) -> Option<Route> {
    let mut segments = path.strip_prefix('/')?.split('/').map(decoded);
    let first = segments.next()??;
    let rest: Vec<Cow<'_, str>> = segments.collect::<Option<_>>()?;
    match (first.as_ref(), rest.as_slice()) {
        ("", []) => Some(Route::Index),
        ("feeds.opml", []) => Some(Route::Subscriptions),
        ("healthz", []) => Some(Route::Health),
        ("readyz", []) => Some(Route::Readiness),
        ("metrics", []) => Some(Route::Metrics),
        ("api", [what]) if what == "status" => Some(Route::Status),
        ("api", [what, values @ .., last]) if what == "feeds" && values.len() <= limits::PARAMETERS => {
            Some(Route::Detail { name: name(values, last) })
        }
        ("feeds", [values @ .., last]) if values.len() <= limits::PARAMETERS => {
            let (last, format) = without_extension(last);
            Some(Route::Feed { name: name(values, last), format, query: query.map(str::to_owned) })
        }
        _ => None,
    }
}

/// A feed's name in its one spelling.
fn name(values: &[Cow<'_, str>], last: &str) -> String {
    let mut name = String::new();
    for value in values {
        // Writing to a String cannot fail.
        let _ = write!(name, "{}/", canonical(value));
    }
    name.push_str(&canonical(last));
    name
}

/// A segment with its percent-encoding undone; `None` if that is no text.
fn decoded(segment: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(segment).decode_utf8().ok()
}

/// The part behind the last dot is the format, if it is one.
fn without_extension(last: &str) -> (&str, Option<Format>) {
    let by_extension =
        last.rsplit_once('.').and_then(|(name, extension)| Some((name, Some(Format::of_extension(extension)?))));
    by_extension.unwrap_or((last, None))
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn routed(method: &str, target: &str) -> Result<Route, Refusal> {
        let request = Request::builder().method(method).uri(target).header(HOST, "feeds.example").body(()).unwrap();
        route(&request.into_parts().0)
    }

    fn feed(name: &str, format: impl Into<Option<Format>>) -> Route {
        Route::Feed { name: name.into(), format: format.into(), query: None }
    }

    #[test]
    fn every_place_has_its_path() {
        assert_eq!(routed("GET", "/"), Ok(Route::Index));
        assert_eq!(routed("HEAD", "/feeds.opml"), Ok(Route::Subscriptions));
        assert_eq!(routed("GET", "/healthz?verbose"), Ok(Route::Health));
        assert_eq!(routed("GET", "/readyz"), Ok(Route::Readiness));
        assert_eq!(routed("HEAD", "/metrics"), Ok(Route::Metrics));
        assert_eq!(routed("GET", "/api/status"), Ok(Route::Status));
        let detail = |name: &str| Ok(Route::Detail { name: name.into() });
        assert_eq!(routed("GET", "/api/feeds/ferris"), detail("ferris"));
        assert_eq!(routed("GET", "/api/feeds/gh/rust-lang/node.js"), detail("gh/rust-lang/node.js"));
        assert_eq!(routed("GET", "/feeds/ferris.xml"), Ok(feed("ferris", Format::Rss)));
        assert_eq!(routed("GET", "/feeds/ferris.rss"), Ok(feed("ferris", Format::Rss)));
        let query = Some("utm_source=x".to_owned());
        let with_query = Route::Feed { name: "ferris".into(), format: Some(Format::Atom), query };
        assert_eq!(routed("GET", "/feeds/ferris.atom?utm_source=x"), Ok(with_query));
        assert_eq!(routed("GET", "/feeds/ferris.json"), Ok(feed("ferris", Format::Json)));
        assert_eq!(routed("GET", "/feeds/ferris.html"), Ok(feed("ferris", Format::Html)));
        assert_eq!(routed("GET", "/feeds/ferris"), Ok(feed("ferris", None)));
        assert_eq!(routed("GET", "/feeds/ferris.txt"), Ok(feed("ferris.txt", None)));
        assert_eq!(routed("GET", "http://elsewhere.example/feeds/ferris.xml"), Ok(feed("ferris", Format::Rss)));
    }

    #[test]
    fn a_segment_is_decoded_once_and_stays_one_segment() {
        assert_eq!(routed("GET", "/feeds/%66erris.xml"), Ok(feed("ferris", Format::Rss)));
        assert_eq!(routed("GET", "/feeds/%2566erris.xml"), Ok(feed("%2566erris", Format::Rss)));
        assert_eq!(routed("GET", "/feeds/..%2Fetc%2Fpasswd"), Ok(feed("%2E.%2Fetc%2Fpasswd", None)));
        assert_eq!(routed("GET", "/feeds/%ff.xml"), Err(Refusal::NotFound));
    }

    #[test]
    fn values_follow_the_name_and_the_last_known_extension_is_the_format() {
        assert_eq!(routed("GET", "/feeds/gh/rust-lang/rust.xml"), Ok(feed("gh/rust-lang/rust", Format::Rss)));
        assert_eq!(routed("GET", "/feeds/gh/a.xml/node.js"), Ok(feed("gh/a.xml/node.js", None)));
        assert_eq!(routed("GET", "/feeds/gh/a/b.xml.atom"), Ok(feed("gh/a/b.xml", Format::Atom)));
        assert_eq!(
            routed("GET", "/feeds/gh/%2egithub/%c3%bc%2fx.json"),
            Ok(feed("gh/%2Egithub/%C3%BC%2Fx", Format::Json))
        );
        assert_eq!(routed("GET", "/feeds/gh//.xml"), Ok(feed("gh//", Format::Rss)));
        assert_eq!(routed("GET", "/feeds/gh/../x"), Ok(feed("gh/%2E./x", None)), "no path is ever walked");
        let deep = format!("/feeds/{}", "a/".repeat(50));
        assert_eq!(routed("GET", &deep), Err(Refusal::NotFound));
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for target in [
            "/feeds",
            "/api",
            "/api/feeds",
            "/api/status/x",
            "//",
            "/../../etc/passwd",
            "/%2e%2e/",
            "/a%00b",
            "/feeds.opml/",
        ] {
            assert_eq!(routed("GET", target), Err(Refusal::NotFound), "{target}");
        }
        assert_eq!(routed("GET", "ftp://feeds.example/feeds/ferris.xml"), Err(Refusal::Target));
        let long = format!("/feeds/{}", "a".repeat(limits::REQUEST_TARGET_BYTES));
        assert_eq!(routed("GET", &long), Err(Refusal::LongTarget));
    }

    #[test]
    fn reading_is_all_there_is() {
        for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"] {
            assert_eq!(routed(method, "/"), Err(Refusal::Method), "{method}");
        }
        assert_eq!(routed("CONNECT", "feeds.example:443"), Err(Refusal::Method));
        assert_eq!(routed("OPTIONS", "*"), Err(Refusal::Method));
    }

    #[test]
    fn framing_and_host_have_one_reading() {
        let head = |version, fields: &[(&'static str, &str)]| {
            let mut request = Request::builder().version(version).uri("/");
            for (name, value) in fields {
                request = request.header(*name, *value);
            }
            route(&request.body(()).unwrap().into_parts().0)
        };
        assert_eq!(head(Version::HTTP_10, &[]), Ok(Route::Index));
        assert_eq!(head(Version::HTTP_11, &[]), Err(Refusal::Host));
        assert_eq!(head(Version::HTTP_11, &[("host", "")]), Ok(Route::Index));
        assert_eq!(head(Version::HTTP_11, &[("host", "[::1]:8787")]), Ok(Route::Index));
        assert_eq!(head(Version::HTTP_11, &[("host", "a"), ("host", "a")]), Err(Refusal::Host));
        assert_eq!(head(Version::HTTP_10, &[("host", "a"), ("host", "b")]), Err(Refusal::Host));
        for bad in ["a b", "me@a", "a/b", "a?b"] {
            assert_eq!(head(Version::HTTP_11, &[("host", bad)]), Err(Refusal::Host), "{bad}");
        }
        let chunked = [("host", "a"), ("transfer-encoding", "chunked")];
        assert_eq!(head(Version::HTTP_11, &chunked), Err(Refusal::TransferEncoding));
    }
}
