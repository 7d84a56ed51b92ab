//! The paths, and what a good request gets.

use feedmill::edition::Format;

use crate::client::{Connection, ask, get, raw, request};
use crate::double::{CHANGED, Running, document};

#[test]
fn a_feed_comes_with_everything_a_reader_needs() {
    let server = Running::new();
    let rss = get(server.at, "/feeds/ferris.xml", &[]);
    assert_eq!(rss.status, 200);
    assert_eq!(rss.text(), document(Format::Rss));
    assert_eq!(rss.get("content-type"), Some("application/rss+xml; charset=utf-8"));
    assert_eq!(rss.get("last-modified"), Some(CHANGED));
    let cache_control = "public, max-age=1234, stale-while-revalidate=60, stale-if-error=604800";
    assert_eq!(rss.get("cache-control"), Some(cache_control));
    assert_eq!(rss.get("cache-status"), Some("feedmill; hit; ttl=1234"));
    assert_eq!(rss.get("vary"), Some("Accept-Encoding"));
    assert_eq!(rss.get("link"), Some("<https://feeds.example/mill/feeds/ferris.xml>; rel=\"self\""));
    assert_eq!(rss.get("x-content-type-options"), Some("nosniff"));
    let etag = rss.get("etag").unwrap();
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 20, "{etag}");
    for absent in ["content-encoding", "content-location", "content-security-policy", "retry-after", "server"] {
        assert_eq!(rss.get(absent), None, "{absent}");
    }
}

#[test]
fn each_extension_has_its_format() {
    let server = Running::new();
    for (extension, format) in [
        ("xml", Format::Rss),
        ("rss", Format::Rss),
        ("atom", Format::Atom),
        ("json", Format::Json),
        ("html", Format::Html),
    ] {
        let feed = get(server.at, &format!("/feeds/ferris.{extension}?utm_source=x"), &["Accept: image/png"]);
        assert_eq!((feed.status, feed.text()), (200, document(format).as_str()), "{extension}");
        assert_eq!(feed.get("content-type"), Some(format.content_type()));
        assert_eq!(feed.get("content-security-policy").is_some(), format == Format::Html, "{extension}");
    }
}

#[test]
fn without_an_extension_accept_decides() {
    let server = Running::new();
    let browser = get(server.at, "/feeds/ferris", &["Accept: text/html,application/xml;q=0.9,*/*;q=0.8"]);
    assert_eq!(browser.get("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(browser.get("content-location"), Some("/feeds/ferris.html"));
    assert_eq!(browser.get("vary"), Some("Accept, Accept-Encoding"));
    let reader = get(server.at, "/feeds/ferris", &["Accept: application/atom+xml, */*;q=0.1"]);
    assert_eq!(reader.get("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert_eq!(reader.get("link"), Some("<https://feeds.example/mill/feeds/ferris.atom>; rel=\"self\""));
    let whoever = get(server.at, "/feeds/ferris", &[]);
    assert_eq!(whoever.get("content-type"), Some("application/rss+xml; charset=utf-8"));
}

#[test]
fn gzip_goes_to_who_asks_for_it() {
    let server = Running::new();
    let gzip = get(server.at, "/feeds/ferris.xml", &["Accept-Encoding: br, gzip"]);
    assert_eq!(gzip.get("content-encoding"), Some("gzip"));
    assert!(gzip.text().starts_with("gzip of "));
    assert_eq!(gzip.get("vary"), Some("Accept-Encoding"));
    let plain = get(server.at, "/feeds/ferris.xml", &["Accept-Encoding: gzip;q=0"]);
    assert_eq!((plain.get("content-encoding"), plain.text()), (None, document(Format::Rss).as_str()));
    assert_ne!(gzip.get("etag"), plain.get("etag"), "each coding has its own tag");
}

#[test]
fn head_has_the_fields_of_get_and_no_body() {
    let server = Running::new();
    for target in ["/", "/feeds.opml", "/healthz", "/feeds/ferris.html", "/feeds/ferris", "/feeds/broken.xml", "/none"]
    {
        for fields in [&[][..], &["Accept-Encoding: gzip"], &["If-None-Match: *"]] {
            let get = get(server.at, target, fields);
            let mut connection = Connection::open(server.at);
            connection.send(request("HEAD", target, fields));
            let head = connection.response(true);
            assert_eq!((head.status, head.lasting_fields()), (get.status, get.lasting_fields()), "{target}");
            // Had a body come, it would be read as the start of the next response.
            connection.send(request("GET", "/healthz", &[]));
            assert_eq!(connection.response(false).text(), "ok\n", "{target}");
        }
    }
}

#[test]
fn a_stale_feed_is_served_and_says_why() {
    let server = Running::new();
    let stale = get(server.at, "/feeds/stale.atom", &[]);
    assert_eq!((stale.status, stale.text()), (200, document(Format::Atom).as_str()));
    let status = r#"feedmill; hit; ttl=-30; detail="stale: the listing answered 500 \"Internal Server Error\"""#;
    assert_eq!(stale.get("cache-status"), Some(status));
    assert!(stale.get("cache-control").unwrap().contains("max-age=0,"));
}

#[test]
fn the_index_lists_the_feeds_and_escapes_their_titles() {
    let server = Running::new();
    let index = get(server.at, "/", &[]);
    assert_eq!((index.status, index.get("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(index.text().contains("Ferris &#60;&#38;"), "{}", index.text());
    assert!(index.text().contains("feeds/ferris.xml"));
    assert!(!index.text().contains("<&"));
    let policy = index.get("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    let etag = index.get("etag").unwrap();
    assert_eq!(get(server.at, "/", &[&format!("If-None-Match: {etag}")]).status, 304);
}

#[test]
fn subscriptions_are_well_formed_and_absolute() {
    let server = Running::new();
    let opml = get(server.at, "/feeds.opml", &[]);
    assert_eq!(opml.get("content-type"), Some("text/x-opml; charset=utf-8"));
    let mut reader = quick_xml::Reader::from_str(opml.text());
    let mut addresses = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Empty(outline) => {
                let address = outline.try_get_attribute("xmlUrl").unwrap().unwrap();
                addresses.push(address.value.into_owned());
            }
            _ => {}
        }
    }
    let expected = ["https://feeds.example/mill/feeds/ferris.xml", "https://feeds.example/mill/feeds/stale.xml"];
    assert_eq!(addresses, expected);
}

#[test]
fn the_process_says_that_it_lives() {
    let server = Running::new();
    let health = get(server.at, "/healthz", &[]);
    assert_eq!((health.status, health.text()), (200, "ok\n"));
    assert_eq!(health.get("cache-control"), Some("no-store"));
}

#[test]
fn one_connection_serves_many_requests() {
    let server = Running::new();
    let mut connection = Connection::open(server.at);
    let pipelined: String = (0..50).map(|_| request("GET", "/feeds/ferris.xml", &[])).collect();
    connection.send(pipelined);
    for _ in 0..50 {
        assert_eq!(connection.response(false).text(), document(Format::Rss));
    }
    connection.send("GET /healthz HTTP/1.0\r\n\r\n");
    assert_eq!(connection.response(false).status, 200);
    assert!(connection.is_closed(), "HTTP/1.0 closes");
}

#[test]
fn an_offer_of_another_protocol_is_passed_over() {
    let server = Running::new();
    let offer = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"];
    let mut connection = Connection::open(server.at);
    for _ in 0..2 {
        connection.send(request("GET", "/feeds/ferris.xml", &offer));
        assert_eq!(connection.response(false).text(), document(Format::Rss));
    }
}

#[test]
fn an_unknown_feed_is_404_and_says_where_the_feeds_are() {
    let server = Running::new();
    let unknown = ask(server.at, "GET", "/feeds/nobody.xml", &[]);
    assert_eq!((unknown.status, unknown.get("content-type")), (404, Some("text/plain; charset=utf-8")));
    assert!(unknown.text().contains(" at /"), "{}", unknown.text());
    let (http_10, _) = raw(server.at, "GET /feeds/nobody.xml HTTP/1.0\r\n\r\n");
    assert_eq!(http_10.status, 404);
}
