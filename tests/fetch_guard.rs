//! No page, redirect or name can make us talk to an address that the operator did not allow (FAULTS A).

#![cfg(test)]

mod support;

use std::process::Command;

use feedmill::fetch::{FetchError, Fetcher, Request};
use feedmill::rule::{Allowed, Upstream};
use feedmill::weburl::WebUrl;
use support::fetching::Fetching;
use support::names::Names;
use support::origin::Origin;
use support::script::Script;

/// Fetches `url` and asserts that it was refused before anything was sent.
async fn assert_refused(fetching: &Fetching, url: &str) {
    let error = fetching.error(url).await;
    assert!(matches!(error, FetchError::Refused(_)), "{url}: {error:?}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn fault_01_private_literals_and_names_are_refused() {
    let origin = Origin::start();
    let port = origin.address().port();
    let v6 = Origin::start_at(&format!("[::1]:{port}"));
    let fetching = Fetching::knowing(Names::default().with("localhost", &["127.0.0.1", "::1"]));
    for host in ["127.0.0.1", "[::1]", "localhost", "localhost."] {
        let error = fetching.error(&format!("http://{host}:{port}/secret")).await.to_string();
        let expected = if host == "localhost." { "has no address" } else { "not a public address (loopback)" };
        assert!(error.contains(expected), "{host}: {error}");
    }
    assert_eq!(origin.connections() + v6.map_or(0, |origin| origin.connections()), 0);
}

#[tokio::test]
async fn fault_01_the_systems_own_names_are_guarded_too() {
    let origin = Origin::start();
    let url = WebUrl::parse(&origin.url_at("localhost", "/")).unwrap();
    let upstream = Upstream::default();
    let request = Request::plain(&url, &url, &upstream);
    let error = Fetcher::system().unwrap().get(request).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused(_) | FetchError::Dns(_)), "{error:?}");
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn fault_02_every_spelling_of_loopback_is_refused() {
    let origin = Origin::start();
    let fetching = Fetching::public();
    for host in
        ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0x7f000001", "①②⑦.⓪.⓪.①", "127.0.0.1.", "0", "%31%32%37.1"]
    {
        assert_refused(&fetching, &origin.url_at(host, "/")).await;
    }
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn fault_03_ipv6_that_ends_at_a_private_address_is_refused() {
    let origin = Origin::start();
    let fetching = Fetching::public();
    for host in [
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[::]",
    ] {
        assert_refused(&fetching, &origin.url_at(host, "/")).await;
    }
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn fault_04_special_blocks_are_refused() {
    let fetching = Fetching::public();
    for host in [
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
    ] {
        assert_refused(&fetching, &format!("http://{host}/")).await;
    }
}

#[tokio::test]
async fn fault_05_a_redirect_to_a_private_address_is_refused_at_the_second_hop() {
    let (public, private) = (Origin::start(), Origin::start());
    let fetching = Fetching::knowing(Names::default().with("inside.example", &["127.0.0.1"])).allow(&[&public]);
    for target in [private.url("/secret"), private.url_at("127.1", "/secret"), private.url_at("inside.example", "/")] {
        public.on("/", Script::redirect(302, &target));
        assert_refused(&fetching, &public.url("/")).await;
    }
    assert_eq!((public.hits("/"), private.connections()), (3, 0));
}

#[tokio::test]
async fn fault_06_of_a_names_addresses_only_the_permitted_are_dialled() {
    let good = Origin::start_at("127.0.0.2:0").unwrap();
    let bad = Origin::start_at(&format!("127.0.0.3:{}", good.address().port())).unwrap();
    good.on("/", Script::html("good"));
    bad.on("/", Script::html("bad"));
    let names = Names::default().with("mixed.example", &["127.0.0.3", "10.0.0.1", "127.0.0.2", "::1"]);
    let fetching = Fetching::knowing(names).allow(&[&good]);
    assert_eq!(fetching.page(&good.url_at("mixed.example", "/")).await.body, "good");
    assert_eq!((good.connections(), bad.connections()), (1, 0));
}

#[tokio::test]
async fn fault_07_the_address_that_was_judged_is_the_one_dialled() {
    let good = Origin::start_at("127.0.0.2:0").unwrap();
    let bad = Origin::start_at(&format!("127.0.0.3:{}", good.address().port())).unwrap();
    good.on("/", Script::new().head("200 OK", &[("Connection", "close")]).bytes("good").close());
    let names = Names::default().with("rebound.example", &["127.0.0.2"]).with("rebound.example", &["127.0.0.3"]);
    let fetching = Fetching::knowing(names).allow(&[&good]);
    let url = good.url_at("rebound.example", "/");
    assert_eq!(fetching.page(&url).await.body, "good");
    assert_eq!(fetching.names.asked("rebound.example"), 1, "judged and dialled by one look-up");
    assert_refused(&fetching, &url).await;
    assert_eq!((fetching.names.asked("rebound.example"), bad.connections()), (2, 0), "and judged again");
}

#[tokio::test]
async fn fault_08_a_redirect_out_of_the_web_is_refused() {
    let origin = Origin::start();
    let fetching = Fetching::of(&[&origin]);
    for target in ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "data:text/html,x", "javascript:1"]
    {
        origin.on("/", Script::redirect(302, target));
        assert_refused(&fetching, &origin.url("/")).await;
    }
}

#[tokio::test]
async fn fault_09_credentials_are_dropped_and_stay_at_home() {
    let (site, other) = (Origin::start(), Origin::start());
    site.on("/", Script::redirect(302, &format!("http://user:pass@{}/there", other.address())));
    other.on("/there", Script::html("there"));
    let mut fetching = Fetching::of(&[&site, &other]);
    let headers = [("Authorization", "Bearer secret"), ("Cookie", "session=secret"), ("X-Key", "secret")];
    fetching.upstream.headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    fetching.page(&format!("http://user:pass@{}/", site.address())).await;
    let (asked, asked_there) = (&site.requests()[0], &other.requests()[0]);
    assert_eq!(asked.header("authorization"), Some("Bearer secret"), "not the one in the address");
    for name in ["authorization", "cookie", "x-key", "referer"] {
        assert_eq!(asked_there.header(name), None, "{name}");
    }
    // The same of a page that the site links to.
    fetching.site = Some(WebUrl::parse(&site.url("/")).unwrap());
    fetching.page(&other.url("/there")).await;
    assert!(other.requests().iter().all(|seen| seen.header("authorization").is_none()));
    assert_eq!(other.hits("/there"), 2);
}

#[tokio::test]
async fn cookies_of_an_answer_are_not_sent_back() {
    let origin = Origin::start();
    origin.on("/", Script::redirect(302, "/next").header("Set-Cookie", "a=1; Path=/"));
    origin.on("/next", Script::html("page"));
    Fetching::of(&[&origin]).page(&origin.url("/")).await;
    assert!(origin.requests().iter().all(|seen| seen.header("cookie").is_none()));
}

/// Runs in a process of its own, with a proxy in its environment.
#[tokio::test]
#[ignore = "run by fault_10_the_environments_proxy_is_ignored"]
async fn fetch_in_a_process_with_a_proxy_in_its_environment() {
    let Ok(origin) = std::env::var("FEEDMILL_TEST_ORIGIN") else { return };
    let url = WebUrl::parse(&origin).unwrap();
    let allow_private = vec![Allowed::parse("127.0.0.1").unwrap()];
    let upstream = Upstream { allow_private, ..Upstream::default() };
    let request = Request::plain(&url, &url, &upstream);
    Fetcher::system().unwrap().get(request).await.unwrap();
}

#[test]
fn fault_10_the_environments_proxy_is_ignored() {
    let (origin, proxy) = (Origin::start(), Origin::start());
    origin.on("/", Script::html("page"));
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "--include-ignored", "fetch_in_a_process_with_a_proxy_in_its_environment"]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, proxy.url(""));
    }
    let out = child
        .env("FEEDMILL_TEST_ORIGIN", origin.url("/"))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    assert_eq!((origin.hits("/"), proxy.connections()), (1, 0));
}

#[tokio::test]
async fn a_configured_proxy_is_used_and_guards_literals_still() {
    let proxy = Origin::start();
    proxy.on("http://site.example/", Script::html("by proxy"));
    let mut fetching = Fetching::knowing(Names::default().with("proxy.example", &["127.0.0.1"]));
    fetching.upstream.proxy = Some(proxy.url_at("proxy.example", ""));
    assert_eq!(fetching.page("http://site.example/").await.body, "by proxy");
    assert_eq!(fetching.names.asked("site.example"), 0, "the proxy looks it up");
    assert_refused(&fetching, "http://127.0.0.1/").await;
    assert_refused(&fetching, "http://169.254.169.254/latest/meta-data/").await;
    assert_eq!(proxy.requests().len(), 1);
}

#[tokio::test]
async fn an_exception_of_one_site_is_none_of_another() {
    let origin = Origin::start();
    origin.on("/", Script::html("private"));
    let mut fetching = Fetching::knowing(Names::default().with("in.example", &["127.0.0.1"])).allow(&[&origin]);
    for url in [origin.url("/"), origin.url_at("in.example", "/")] {
        fetching.page(&url).await;
    }
    // The same fetcher, with connections to the origin still open, for a site without the exception.
    let before = origin.requests().len();
    fetching.upstream.allow_private.clear();
    for url in [origin.url("/"), origin.url_at("in.example", "/")] {
        assert_refused(&fetching, &url).await;
    }
    // And for one whose exception is for another port.
    fetching.upstream.allow_private = vec![Allowed::parse("127.0.0.1:1").unwrap()];
    for url in [origin.url("/"), origin.url_at("in.example", "/")] {
        assert_refused(&fetching, &url).await;
    }
    assert_eq!(origin.requests().len(), before);
}
