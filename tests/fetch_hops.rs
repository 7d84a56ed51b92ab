//! Redirects are followed as far as they make sense, and every wrong one is named (FAULTS 26).

#![cfg(test)]

mod support;

use feedmill::fetch::{FetchError, Fetched};
use feedmill::webpage::{Asking, Posted, Validators};
use feedmill::weburl::WebUrl;
use support::fetching::Fetching;
use support::names::Names;
use support::origin::Origin;
use support::script::Script;

/// What the redirect's error says.
async fn said(fetching: &Fetching, url: &str) -> String {
    match fetching.error(url).await {
        FetchError::Redirect(said) => said,
        other => panic!("{url}: {other:?}"),
    }
}

#[tokio::test]
async fn fault_26_circles_long_ways_and_missing_locations_are_named() {
    let origin = Origin::start();
    origin.on("/self", Script::redirect(302, "/self?again"));
    origin.on("/self?again", Script::redirect(302, "/self"));
    for n in 0..7 {
        origin.on(&format!("/{n}"), Script::redirect(301, &format!("/{}", n + 1)));
    }
    origin.on("/7", Script::html("seven"));
    origin.on("/nowhere", Script::status(302));
    origin.on("/empty", Script::redirect(307, ""));
    origin.on("/garbage", Script::redirect(308, "http://[nonsense/"));
    let fetching = Fetching::of(&[&origin]);
    let circle = format!("the redirects go in a circle, back to {}", origin.url("/self"));
    assert_eq!(said(&fetching, &origin.url("/self")).await, circle);
    let long = format!("more than 5 redirects; the next goes to {}", origin.url("/6"));
    assert_eq!(said(&fetching, &origin.url("/0")).await, long);
    assert_eq!((origin.hits("/5"), origin.hits("/6")), (1, 0));
    assert_eq!(fetching.page(&origin.url("/2")).await.body, "seven", "five are followed");
    assert_eq!(said(&fetching, &origin.url("/nowhere")).await, "the site answered 302 without saying where to go");
    assert_eq!(said(&fetching, &origin.url("/empty")).await, "the site answered 307 without saying where to go");
    assert!(said(&fetching, &origin.url("/garbage")).await.starts_with("redirected to not an address"));
}

#[tokio::test]
async fn fault_26_the_last_address_is_the_pages_own() {
    let (first, second) = (Origin::start(), Origin::start());
    let names = Names::default().with("new.example", &["127.0.0.1"]);
    let fetching = Fetching::knowing(names).allow(&[&first, &second]);
    second.on("/blog/", Script::html("page"));
    let there = second.url_at("new.example", "/blog/");
    let without_scheme = there.trim_start_matches("http:");
    first.on("/a/relative", Script::redirect(301, "there"));
    first.on("/a/there", Script::html("page"));
    for (code, location, expected) in [
        (301, "there".to_owned(), first.url("/a/there")),
        (302, "/a/there".to_owned(), first.url("/a/there")),
        (303, "?page=2".to_owned(), first.url("/a/moved?page=2")),
        (307, without_scheme.to_owned(), there.clone()),
        (308, there.clone(), there),
    ] {
        first.on("/a/moved", Script::redirect(code, &location));
        first.on("/a/moved?page=2", Script::html("page"));
        assert_eq!(fetching.page(&first.url("/a/moved")).await.url.as_str(), expected, "{code} {location}");
    }
}

#[tokio::test]
async fn fault_55_a_page_behind_a_redirect_is_asked_for_conditionally() {
    let origin = Origin::start();
    origin.on("/old", Script::redirect(301, "/new"));
    origin.on("/new", Script::html("page").etag("W/\"odd, \\ one\"").last_modified("Monday, 23-Nov-26 12:00:00 GMT"));
    let fetching = Fetching::of(&[&origin]);
    let validators = fetching.page(&origin.url("/old")).await.validators;
    let moved = WebUrl::parse(&origin.url("/new")).ok();
    let again = fetching.get_if_changed(&origin.url("/old"), Some(&validators)).await.unwrap();
    assert_eq!(again, Fetched::NotModified { validators, fresh_for: None, moved });
    let asked = origin.requests().pop().unwrap();
    assert_eq!(asked.path, "/new");
    assert_eq!(asked.header("if-none-match"), Some("W/\"odd, \\ one\""));
    assert_eq!(asked.header("if-modified-since"), Some("Monday, 23-Nov-26 12:00:00 GMT"));
}

#[tokio::test]
async fn fault_55_validators_of_a_304_replace_the_known_ones() {
    let origin = Origin::start();
    origin.on("/", Script::new().head("304 Not Modified", &[("ETag", "\"b\"")]));
    let known = Validators { etag: Some("\"a\"".into()), last_modified: Some("yesterday".into()) };
    let fetched = Fetching::of(&[&origin]).get_if_changed(&origin.url("/"), Some(&known)).await.unwrap();
    let validators = Validators { etag: Some("\"b\"".into()), ..known };
    assert_eq!(fetched, Fetched::NotModified { validators, fresh_for: None, moved: None });
    assert_eq!(origin.requests()[0].header("if-modified-since"), Some("yesterday"), "odd as it is");
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_an_error() {
    let origin = Origin::start();
    origin.on("/", Script::new().head("304 Not Modified", &[]));
    let fetching = Fetching::of(&[&origin]);
    for validators in [None, Some(&Validators::default())] {
        let answer = fetching.get_if_changed(&origin.url("/"), validators).await;
        assert!(matches!(answer, Err(FetchError::Protocol(_))), "{answer:?}");
    }
}

fn posting(url: &str) -> Asking {
    let posted = Posted { content_type: "application/json", body: "{}".into() };
    let headers = vec![("X-Key".to_owned(), "secret".into())];
    Asking { to: WebUrl::parse(url).unwrap(), headers, post: Some(posted) }
}

#[tokio::test]
async fn what_is_posted_is_posted_again_or_read_elsewhere_as_browsers_do() {
    for (code, method, body) in
        [(301, "GET", ""), (302, "GET", ""), (303, "GET", ""), (307, "POST", "{}"), (308, "POST", "{}")]
    {
        let origin = Origin::start();
        // A form may lead back to its own address, to be read there.
        let to = if method == "GET" { "/form" } else { "/there" };
        origin.once("/form", Script::redirect(code, to));
        origin.on(to, Script::html("<p>there"));
        let url = origin.url("/form");
        assert!(matches!(Fetching::of(&[&origin]).ask(&url, &posting(&url)).await, Ok(Fetched::Page(_))), "{code}");
        let seen = origin.requests();
        assert_eq!((seen[0].method.as_str(), seen[0].body.as_str()), ("POST", "{}"), "{code}");
        assert_eq!((seen[1].method.as_str(), seen[1].body.as_str()), (method, body), "{code}");
        assert_eq!(seen[1].header("content-type").is_some(), method == "POST", "{code}");
    }
}

#[tokio::test]
async fn what_is_posted_stays_at_its_origin() {
    for (code, arrives) in [(302, true), (307, false)] {
        let (origin, other) = (Origin::start(), Origin::start());
        origin.on("/form", Script::redirect(code, &other.url("/there")));
        other.on("/there", Script::html("<p>there"));
        let url = origin.url("/form");
        let fetched = Fetching::of(&[&origin, &other]).ask(&url, &posting(&url)).await;
        assert_eq!(fetched.is_ok(), arrives, "{code}: {fetched:?}");
        assert_eq!(other.requests().len(), usize::from(arrives), "{code}");
        assert!(other.requests().iter().all(|seen| seen.body.is_empty() && seen.header("x-key").is_none()));
        if let Err(error) = fetched {
            assert!(error.to_string().contains("not sent to another host"), "{error}");
        }
    }
}

#[tokio::test]
async fn what_is_posted_is_sent_once() {
    let origin = Origin::start();
    origin.on("/", Script::html("<p>kept open"));
    origin.on("/form", Script::new().close());
    let fetching = Fetching::of(&[&origin]);
    fetching.page(&origin.url("/")).await;
    let url = origin.url("/form");
    assert!(fetching.ask(&url, &posting(&url)).await.is_err());
    assert_eq!(origin.hits("/form"), 1);
}
