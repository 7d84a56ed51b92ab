//! Fault 46: every kind of condition, by RFC 9110, section 13.

use crate::client::{Response, ask, get};
use crate::double::{CHANGED, Running};

const FEED: &str = "/feeds/ferris.xml";

fn status(server: &Running, fields: &[&str]) -> u16 {
    get(server.at, FEED, fields).status
}

fn etag(response: &Response) -> String {
    response.get("etag").unwrap().to_owned()
}

#[test]
fn fault_46_if_none_match() {
    let server = Running::new();
    let tag = etag(&get(server.at, FEED, &[]));
    for matching in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}, W/\"y\""), "*".into()] {
        assert_eq!(status(&server, &[&format!("If-None-Match: {matching}")]), 304, "{matching}");
    }
    let unquoted = tag.trim_matches('"');
    for other in ["\"x\"", "W/\"x\"", "\"x\", \"y\"", unquoted, &tag[1..], "", "\"", ",,", "\u{fc}"] {
        assert_eq!(status(&server, &[&format!("If-None-Match: {other}")]), 200, "{other}");
    }
    assert_eq!(status(&server, &["If-None-Match: \"x\"", &format!("If-None-Match: {tag}")]), 304);
}

#[test]
fn fault_46_if_modified_since() {
    let server = Running::new();
    assert_eq!(status(&server, &[&format!("If-Modified-Since: {CHANGED}")]), 304);
    assert_eq!(status(&server, &["If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"]), 200);
    assert_eq!(status(&server, &["If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT"]), 304);
    assert_eq!(status(&server, &["If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"]), 304);
    for malformed in ["1994-11-06", "tomorrow", "", "784111777", "Sun, 06 Nov 1994 08:49:38 CET"] {
        assert_eq!(status(&server, &[&format!("If-Modified-Since: {malformed}")]), 200, "{malformed}");
    }
}

#[test]
fn fault_46_both_conditions_and_the_tag_wins() {
    let server = Running::new();
    let tag = etag(&get(server.at, FEED, &[]));
    let (newer, older) =
        ("If-Modified-Since: Mon, 07 Nov 1994 00:00:00 GMT", "If-Modified-Since: Sat, 05 Nov 1994 00:00:00 GMT");
    assert_eq!(status(&server, &[&format!("If-None-Match: {tag}"), older]), 304);
    assert_eq!(status(&server, &["If-None-Match: \"x\"", newer]), 200);
    assert_eq!(status(&server, &["If-None-Match: malformed", newer]), 200);
}

#[test]
fn fault_46_each_coding_has_its_tag() {
    let server = Running::new();
    let gzip = "Accept-Encoding: gzip";
    let (plain_tag, gzip_tag) = (etag(&get(server.at, FEED, &[])), etag(&get(server.at, FEED, &[gzip])));
    assert_ne!(plain_tag, gzip_tag);
    assert_eq!(status(&server, &[gzip, &format!("If-None-Match: {gzip_tag}")]), 304);
    assert_eq!(status(&server, &[gzip, &format!("If-None-Match: {plain_tag}")]), 200);
    assert_eq!(status(&server, &[&format!("If-None-Match: {gzip_tag}")]), 200);
    assert_eq!(status(&server, &[gzip, &format!("If-None-Match: {plain_tag}, {gzip_tag}")]), 304);
}

#[test]
fn fault_46_a_304_repeats_what_caches_need() {
    let server = Running::new();
    for (target, fields) in
        [(FEED, &[][..]), (FEED, &["Accept-Encoding: gzip"]), ("/feeds/ferris", &["Accept: text/html"])]
    {
        let whole = get(server.at, target, fields);
        let condition = format!("If-None-Match: {}", etag(&whole));
        let same = get(server.at, target, &[fields, &[condition.as_str()]].concat());
        assert_eq!((whole.status, same.status), (200, 304));
        for field in ["etag", "last-modified", "cache-control", "vary", "cache-status", "content-location"] {
            assert_eq!(same.get(field), whole.get(field), "{field}");
        }
        assert!(same.get("date").is_some());
        for field in ["content-type", "content-encoding", "content-length"] {
            assert_eq!(same.get(field), None, "{field}");
        }
    }
}

#[test]
fn fault_46_head_is_get_without_a_body() {
    let server = Running::new();
    let tag = format!("If-None-Match: {}", etag(&get(server.at, FEED, &[])));
    for fields in [&[][..], &[tag.as_str()], &["Accept-Encoding: gzip"]] {
        let (head, get) = (ask(server.at, "HEAD", FEED, fields), get(server.at, FEED, fields));
        assert_eq!((head.status, head.lasting_fields()), (get.status, get.lasting_fields()));
    }
}
