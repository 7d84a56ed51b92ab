//! Whatever keeps a page from us has its own sentence, and none of them tells a secret (FAULTS 21, 22, 27).

#![cfg(test)]

mod support;

use std::time::Duration;

use feedmill::fetch::FetchError;
use feedmill::rule::Allowed;
use support::fetching::Fetching;
use support::names::Names;
use support::origin::Origin;
use support::script::Script;
use support::tls::{Authority, Identity};

#[tokio::test]
async fn fault_21_only_200_and_203_carry_a_page() {
    let origin = Origin::start();
    let fetching = Fetching::of(&[&origin]);
    for code in [201, 204, 205, 206, 226, 299, 300, 305, 400, 401, 403, 404, 410, 418, 500, 502, 503, 504, 999] {
        origin.on("/", Script::status(code));
        let error = fetching.error(&origin.url("/")).await;
        let FetchError::Status { retry_after, page, .. } = &error else { panic!("{error:?}") };
        assert_eq!((*retry_after, page.signs.status), (None, code));
        assert_eq!((error.status(), error.is_transient()), (Some(code), matches!(code, 500..=599)), "{code}");
        assert_eq!(error.to_string(), format!("the site answered {code}"));
    }
    origin.on("/", Script::new().head("203 Non-Authoritative Information", &[("Content-Type", "text/html; x")]));
    let page = fetching.page(&origin.url("/")).await;
    assert_eq!((page.content_type.as_deref(), page.body.len()), (Some("text/html; x"), 0));
}

#[tokio::test]
async fn fault_22_what_a_busy_site_asks_for_is_handed_on() {
    let origin = Origin::start();
    for (code, said, expected) in [
        (429, "120", Some(120)),
        (503, "Mon, 23 Nov 2026 12:05:00 GMT", Some(300)),
        (503, "Mon, 23 Nov 2020 12:05:00 GMT", Some(1)),
        (429, "-5", Some(1)),
        (429, "999999999", Some(86_400)),
        (429, "soon", None),
    ] {
        // Each knows nothing of the others: who was told would not ask again.
        let fetching = Fetching::of(&[&origin]);
        origin.on("/", Script::status(code).header("Retry-After", said));
        let error = fetching.error(&origin.url("/")).await;
        let FetchError::Status { retry_after, .. } = error else { panic!("{error:?}") };
        assert_eq!(retry_after, expected.map(Duration::from_secs), "{said}");
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn fault_27_each_failure_to_connect_has_its_own_sentence() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut fetching = Fetching::knowing(Names::default().with("empty.example", &[]));
    fetching.upstream.allow_private = vec![Allowed::parse("127.0.0.1").unwrap()];
    let refused = FetchError::Connect(format!("127.0.0.1 refuses connections at port {port}"));
    assert_eq!(fetching.error(&format!("http://127.0.0.1:{port}/?token=secret")).await, refused);
    let unknown = FetchError::Dns("gone.example has no address (nobody is called so)".into());
    assert_eq!(fetching.error("http://gone.example/").await, unknown);
    assert_eq!(fetching.error("http://empty.example/").await, FetchError::Dns("empty.example has no address".into()));
    assert!(refused.is_transient() && unknown.is_transient());
}

#[tokio::test]
async fn fault_27_each_wrong_certificate_has_its_own_sentence() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let names = Names::default().with("site.example", &["127.0.0.1"]);
    let mut fetching = Fetching::trusting(names, &authority);
    fetching.upstream.allow_private = vec![Allowed::parse("127.0.0.1").unwrap()];
    let untrusted = "the certificate of site.example is signed by itself or by nobody that this machine trusts";
    for (identity, expected) in [
        (authority.expired("site.example"), "the certificate of site.example has expired"),
        (authority.identity("other.example"), "the certificate is for another host than site.example"),
        (stranger.identity("site.example"), untrusted),
        (Identity::self_signed("site.example"), untrusted),
    ] {
        let origin = Origin::start_tls(&identity);
        let error = fetching.error(&origin.url_at("site.example", "/?token=secret")).await;
        assert_eq!(error, FetchError::Tls(expected.into()));
        assert_eq!((origin.requests().len(), error.is_transient()), (0, false));
    }
    let right = Origin::start_tls(&authority.identity("site.example"));
    right.on("/", Script::html("page"));
    assert_eq!(fetching.page(&right.url_at("site.example", "/")).await.body, "page");
    let plain = Origin::start();
    let error = fetching.error(&plain.url_at("site.example", "/").replace("http:", "https:")).await;
    assert_eq!(error, FetchError::Connect("site.example broke the connection off before it answered".into()));
}

#[tokio::test]
async fn a_proxy_that_fails_is_named_without_its_password() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut fetching = Fetching::public();
    for (scheme, target) in [("http", "http"), ("http", "https"), ("socks5h", "https")] {
        fetching.upstream.proxy = Some(format!("{scheme}://me:secret@127.0.0.1:{port}").into());
        let error = fetching.error(&format!("{target}://site.example/?token=secret")).await;
        assert!(matches!(error, FetchError::Connect(_)), "{error:?}");
        let said = error.to_string();
        assert!(said.contains(&format!("the proxy {scheme}://127.0.0.1:{port}")) && !said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn no_error_tells_what_stands_in_a_query() {
    let origin = Origin::start();
    let fetching = Fetching::of(&[&origin]);
    for script in [
        Script::status(500),
        Script::raw("garbage\r\n\r\n"),
        Script::redirect(302, "?token=secret"),
        Script::redirect(302, "http://10.0.0.1/?token=secret"),
        Script::redirect(302, "http://gone.example/?token=secret"),
        Script::redirect(302, "http://[?token=secret"),
        Script::redirect(302, "secret:token"),
        Script::new().head("200 OK", &[("Content-Length", "9")]).bytes("x").close(),
        Script::new().close(),
    ] {
        origin.on("/", script.clone());
        let error = fetching.error(&origin.url("/?token=secret")).await;
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let said = format!("{error} {error:?} {source:?}");
        assert!(!said.contains("token=secret"), "{said}");
    }
}

#[tokio::test]
async fn an_error_tells_who_answered_and_costs_no_more_than_a_glance() {
    let origin = Origin::start();
    let fetching = Fetching::of(&[&origin]);
    let gate = "<title>Just a moment...</title>".repeat(10_000);
    let head = [("CF-Mitigated", "challenge"), ("Content-Length", "5000000000"), ("Set-Cookie", "a=secret")];
    origin.on("/", Script::new().head("403 Forbidden", &head).bytes(gate.clone()).hang());
    let FetchError::Status { page, .. } = fetching.error(&origin.url("/")).await else { panic!("no status") };
    assert_eq!(page.signs.header("cf-mitigated"), "challenge");
    assert_eq!(page.signs.headers.len(), 1);
    assert_eq!(page.body, gate.as_bytes()[..feedmill::limits::REFUSAL_BYTES]);
}

#[tokio::test]
async fn what_moved_for_good_is_told_from_what_is_elsewhere_today() {
    let origin = Origin::start();
    let fetching = Fetching::of(&[&origin]);
    origin.on("/end", Script::html("x"));
    for (hops, moved) in [
        (&[301][..], Some("/end")),
        (&[308, 301], Some("/end")),
        (&[302], None),
        (&[301, 302], Some("/hop-1")),
        (&[302, 301], None),
    ] {
        for (number, code) in hops.iter().enumerate() {
            let to = if number + 1 == hops.len() { "/end".to_owned() } else { format!("/hop-{}", number + 1) };
            origin.on(&format!("/hop-{number}"), Script::redirect(*code, &to));
        }
        let page = fetching.page(&origin.url("/hop-0")).await;
        assert_eq!(page.signs.moved.map(|url| url.to_string()), moved.map(|path| origin.url(path)), "{hops:?}");
    }
}
