//! What a site's robots.txt forbids is left alone (RFC 9309; FAULTS 53).

#![cfg(test)]

mod support;

use std::time::Duration;

use chrono::TimeDelta;
use feedmill::fetch::FetchError;
use feedmill::host::RobotsStatus;
use futures_util::future::join_all;
use support::bench::Bench;
use support::fetching::Fetching;
use support::names::Names;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, sites_toml};

/// An origin with a page, and one that asks its robots.txt before.
fn fetching() -> (Origin, Fetching) {
    let origin = Origin::start();
    origin.on("/page", Script::html("page"));
    let mut fetching = Fetching::of(&[&origin]);
    fetching.upstream.robots = true;
    (origin, fetching)
}

fn robots(text: &str) -> Script {
    Script::page("text/plain", text)
}

#[tokio::test]
async fn fault_53_what_is_forbidden_is_not_asked_for_and_the_line_is_named() {
    let (origin, fetching) = fetching();
    origin
        .on("/robots.txt", robots("User-agent: *\nDisallow: /\n\nUser-agent: FeedMill\nDisallow: /p*e$\nAllow: /pa\n"));
    let error = fetching.error(&origin.url("/page")).await;
    assert!(matches!(error, FetchError::Robots(_)) && !error.is_transient(), "{error:?}");
    let expected = format!(
        "{} forbids it, on line 5: `Disallow: /p*e$`; if you may read the site all the same, write `robots = false` in its table",
        origin.url("/robots.txt")
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!((origin.hits("/page"), origin.hits("/robots.txt")), (0, 1));
    fetching.page(&origin.url("/page?all")).await;
    assert_eq!(origin.hits("/page?all"), 1, "what is not forbidden is asked for");
    let [host] = &fetching.fetcher.hosts()[..] else { panic!("one host") };
    assert_eq!((host.robots, host.failures), (RobotsStatus::Rules, 0));
}

#[tokio::test]
async fn fault_53_answers_without_a_file_allow_and_broken_ones_forbid() {
    for (script, is_allowed) in [
        (Script::status(404), true),
        (Script::status(401), true),
        (Script::status(403), true),
        (Script::status(410), true),
        (Script::status(204), true),
        (Script::html("<!DOCTYPE html>\nUser-agent: *\nDisallow: /"), true),
        (Script::page("application/octet-stream", vec![0_u8, 255, 254]), true),
        (Script::status(302), true),
        (Script::redirect(302, "/robots.txt"), true),
        (Script::redirect(302, "http://10.0.0.1/robots.txt"), true),
        (Script::status(500), false),
        (Script::status(502), false),
        (Script::new().head("200 OK", &[("Content-Length", "100")]).bytes("User-agent: *\n"), false),
        (Script::raw("no HTTP at all\r\n\r\n"), false),
    ] {
        let (origin, fetching) = fetching();
        let what = format!("{script:?}");
        origin.on("/robots.txt", script);
        let got = fetching.get(&origin.url("/page")).await;
        match (&got, is_allowed) {
            (Ok(_), true) => {}
            (Err(error @ FetchError::RobotsMissing(said)), false) => {
                assert!(said.contains("cannot be had") && said.contains("robots = false"), "{said}");
                assert!(error.is_transient());
            }
            _ => panic!("{what}: {got:?}"),
        }
        assert_eq!(origin.hits("/page"), usize::from(is_allowed), "{what}");
    }
}

#[tokio::test]
async fn fault_53_a_robots_txt_that_never_comes_forbids_too() {
    let (origin, mut fetching) = fetching();
    fetching.upstream.patience.first_byte = Duration::from_millis(50);
    origin.on("/robots.txt", Script::new().hang());
    let error = fetching.error(&origin.url("/page")).await;
    assert!(matches!(&error, FetchError::RobotsMissing(said) if said.contains("no answer within")), "{error:?}");
    fetching.upstream.robots = false;
    fetching.page(&origin.url("/page")).await;
}

#[tokio::test]
async fn fault_53_redirects_of_the_file_are_followed() {
    let (origin, fetching) = fetching();
    let other = Origin::start();
    let fetching = fetching.allow(&[&other]);
    origin.on("/robots.txt", Script::redirect(301, "/1"));
    for n in 1..4 {
        origin.on(&format!("/{n}"), Script::redirect(302, &format!("/{}", n + 1)));
    }
    origin.on("/4", Script::redirect(307, &other.url("/there")));
    other.on("/there", robots("User-agent: *\nDisallow: /page"));
    assert!(matches!(fetching.error(&origin.url("/page")).await, FetchError::Robots(_)));
}

#[tokio::test]
async fn fault_53_each_hop_is_judged_by_its_own_file() {
    let (origin, fetching) = fetching();
    let other = Origin::start();
    let fetching = fetching.allow(&[&other]);
    origin.on("/moved", Script::redirect(301, &other.url("/there")));
    other.on("/there", Script::html("page"));
    other.on("/robots.txt", robots("User-agent: *\nDisallow: /there"));
    assert!(matches!(fetching.error(&origin.url("/moved")).await, FetchError::Robots(_)));
    assert_eq!((origin.hits("/moved"), other.hits("/there")), (1, 0));
}

#[tokio::test]
async fn fault_53_the_file_is_asked_for_once_by_all_and_again_when_it_is_old() {
    let (origin, fetching) = fetching();
    origin.on("/robots.txt", robots("User-agent: *\nAllow: /").header("Cache-Control", "max-age=3600"));
    let url = origin.url("/page");
    join_all((0..20).map(|_| fetching.page(&url))).await;
    assert_eq!((origin.hits("/robots.txt"), origin.hits("/page")), (1, 20));
    fetching.clock.advance(TimeDelta::minutes(59));
    fetching.page(&url).await;
    assert_eq!(origin.hits("/robots.txt"), 1);
    origin.on("/robots.txt", robots("User-agent: *\nDisallow: /"));
    fetching.clock.advance(TimeDelta::minutes(1));
    assert!(matches!(fetching.error(&url).await, FetchError::Robots(_)));
    assert_eq!(origin.hits("/robots.txt"), 2);
}

#[tokio::test]
async fn fault_53_who_gives_up_leaves_the_question_to_the_next() {
    let (origin, fetching) = fetching();
    origin.on("/robots.txt", robots("User-agent: *\nAllow: /"));
    let gate = origin.hold("/robots.txt");
    let url = origin.url("/page");
    let mut first = Box::pin(fetching.page(&url));
    let asked = async {
        while origin.hits("/robots.txt") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = &mut first => panic!("it is held"),
        () = asked => {}
    }
    let second = fetching.page(&url);
    drop(first);
    gate.release();
    second.await;
    assert_eq!(origin.hits("/robots.txt"), 2);
}

#[tokio::test]
async fn fault_53_no_refused_address_is_asked_for_its_file() {
    let origin = Origin::start();
    let mut fetching = Fetching::knowing(Names::default().with("inside.example", &["127.0.0.1"]));
    fetching.upstream.robots = true;
    for url in [origin.url("/page"), origin.url_at("inside.example", "/page")] {
        assert!(matches!(fetching.error(&url).await, FetchError::Refused(_)));
    }
    assert_eq!((origin.connections(), origin.strays()), (0, 0));
    let fetching = fetching.allow(&[&origin]);
    origin.on("/page", Script::html("page"));
    fetching.page(&origin.url_at("inside.example", "/page")).await;
    assert_eq!(origin.strays(), 1, "what one site may not says nothing about another");
}

#[tokio::test]
async fn the_file_is_asked_for_without_what_is_the_sites_own() {
    let (origin, mut fetching) = fetching();
    fetching.upstream.headers = vec![("Authorization".to_owned(), "Bearer secret".into())];
    origin.on("/robots.txt", robots(""));
    fetching.page(&origin.url("/page")).await;
    let [file, page] = &origin.requests()[..] else { panic!("two requests") };
    assert_eq!((file.header("authorization"), page.header("authorization")), (None, Some("Bearer secret")));
}

#[tokio::test]
async fn fault_53_copies_outlive_the_process() {
    let (home, origin) = (tempfile::tempdir().unwrap(), Origin::start());
    Site::of(2).publish(&origin);
    origin.on("/robots.txt", robots("User-agent: *\nDisallow: /stories/sack-1"));
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    assert!(bench.refresh().await.outcome.is_good());
    assert_eq!((origin.hits("/stories/sack-2"), origin.hits("/stories/sack-1")), (1, 0));
    assert_eq!(bench.feed().await.items.len(), 2, "what the listing says of an article is no secret");
    let bench = bench.restart(home.path(), &toml);
    bench.refresh().await;
    assert_eq!((origin.hits("/robots.txt"), origin.hits("/")), (1, 2));
    bench.wait(TimeDelta::hours(24));
    bench.refresh().await;
    assert_eq!(origin.hits("/robots.txt"), 2, "never older than a day");
    origin.on("/robots.txt", robots("User-agent: *\nDisallow: /"));
    bench.wait(TimeDelta::hours(24));
    let refreshed = bench.refresh().await;
    let why = refreshed.outcome.why().unwrap();
    assert!(why.contains("robots.txt forbids it, on line 2") && why.contains("`robots = false`"), "{why}");
    assert_eq!(bench.feed().await.items.len(), 2, "the feed is kept");
    let bench = bench.restart(home.path(), &sites_toml(&origin, "robots = false"));
    assert!(bench.refresh().await.outcome.is_good());
    assert_eq!(origin.hits("/robots.txt"), 3);
}
