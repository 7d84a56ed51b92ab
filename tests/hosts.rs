//! Hosts are asked no more often than they allow, and left alone when they say so or are not there (FAULTS 22, 30, 54).

#![cfg(test)]

mod support;

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use feedmill::fetch::FetchError;
use feedmill::limits;
use futures_util::future::join_all;
use support::bench::Bench;
use support::fetching::Fetching;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, sites_toml};

#[tokio::test]
async fn fault_22_nobody_asks_a_host_before_the_time_that_it_asked_for() {
    for (code, said, seconds) in [
        (503, "120", 120),
        (429, "120", 120),
        (503, "Mon, 23 Nov 2026 12:02:00 GMT", 120),
        (503, "Mon, 23 Nov 2026 11:00:00 GMT", 1),
        (429, "-5", 1),
        (503, "1000000000", 24 * 60 * 60),
    ] {
        let origin = Origin::start();
        origin.on("/a", Script::html("page"));
        origin.on("/b", Script::html("page"));
        origin.once("/a", Script::status(code).header("Retry-After", said));
        let fetching = Fetching::of(&[&origin]);
        assert_eq!(fetching.error(&origin.url("/a")).await.status(), Some(code));
        let until = fetching.clock_now() + TimeDelta::seconds(seconds);
        let url = feedmill::weburl::WebUrl::parse(&origin.url("/b")).unwrap();
        assert_eq!(fetching.fetcher.closed_until(&url), Some(until), "{said}");
        fetching.clock.advance(TimeDelta::seconds(seconds) - TimeDelta::milliseconds(1));
        for path in ["/a", "/b", "/a"] {
            let error = fetching.error(&origin.url(path)).await;
            assert!(matches!(&error, FetchError::Closed { until: end, .. } if *end == until), "{said}: {error:?}");
            assert!(error.is_transient() && error.to_string().contains(&format!("answered {code}")), "{error}");
        }
        assert_eq!(origin.requests().len(), 1, "{said}");
        fetching.clock.advance(TimeDelta::milliseconds(1));
        fetching.page(&origin.url("/b")).await;
        fetching.page(&origin.url("/a")).await;
    }
}

#[tokio::test]
async fn fault_22_what_makes_no_sense_is_no_time_but_429_has_one_of_ours() {
    for said in ["1e9", "soon", ""] {
        let origin = Origin::start();
        origin.on("/a", Script::status(503).header("Retry-After", said));
        origin.on("/b", Script::status(429).header("Retry-After", said));
        let fetching = Fetching::of(&[&origin]);
        fetching.error(&origin.url("/a")).await;
        assert_eq!(fetching.error(&origin.url("/b")).await.status(), Some(429), "{said}: not closed yet");
        assert!(matches!(fetching.error(&origin.url("/a")).await, FetchError::Closed { .. }));
        fetching.clock.advance(TimeDelta::from_std(limits::HOST_CLOSED * 2).unwrap());
        assert_eq!(fetching.error(&origin.url("/a")).await.status(), Some(503));
    }
}

#[tokio::test]
async fn fault_22_a_restart_does_not_end_it() {
    let (home, origin) = (tempfile::tempdir().unwrap(), Origin::start());
    Site::of(1).publish(&origin);
    origin.once("/", Script::status(503).header("Retry-After", "7200"));
    let toml = sites_toml(&origin, "robots = false");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let bench = bench.restart(home.path(), &toml);
    bench.wait(TimeDelta::minutes(119));
    let refreshed = bench.refresh().await;
    let why = refreshed.outcome.why().unwrap();
    assert!(why.contains("is left alone until 2026-11-23T14:00:00Z") && why.contains("Retry-After"), "{why}");
    assert_eq!(origin.requests().len(), 1);
    let remembered = bench.archive.hosts().await.unwrap();
    assert!(remembered[0].1.closed.as_ref().unwrap().is_asked_for);
    bench.wait(TimeDelta::minutes(1));
    assert!(bench.refresh().await.outcome.is_good());
    assert!(bench.archive.hosts().await.unwrap()[0].1.is_empty(), "all is well and nothing to remember");
}

#[tokio::test]
async fn fault_30_a_dead_host_costs_nothing_after_a_few_failures_and_a_probe_finds_it_again() {
    let (origin, other) = (Origin::start(), Origin::start());
    origin.on("/", Script::new().reset());
    other.on("/", Script::html("page"));
    let fetching = Fetching::of(&[&origin, &other]);
    let url = origin.url("/");
    for _ in 0..limits::HOST_FAILURES {
        assert!(matches!(fetching.error(&url).await, FetchError::Connect(_)));
    }
    let before = origin.hits("/");
    for error in join_all((0..20).map(|_| fetching.error(&url))).await {
        assert!(
            matches!(&error, FetchError::Closed { why, .. } if why.contains("broke the connection off")),
            "{error:?}"
        );
    }
    fetching.page(&other.url("/")).await;
    assert_eq!(origin.hits("/"), before);
    let down = fetching.fetcher.hosts().into_iter().find(|host| url.contains(&host.name)).unwrap();
    assert!(down.closed.is_some() && down.failures >= limits::HOST_FAILURES);

    fetching.clock.advance(TimeDelta::seconds(75));
    let errors = join_all((0..20).map(|_| fetching.error(&url))).await;
    let probes = errors.iter().filter(|error| matches!(error, FetchError::Connect(_))).count();
    assert_eq!(probes, 1, "one goes through, the others learn from it");

    fetching.clock.advance(TimeDelta::seconds(119));
    assert!(matches!(fetching.error(&url).await, FetchError::Closed { .. }), "twice as long");
    fetching.clock.advance(TimeDelta::seconds(31));
    origin.on("/", Script::html("page"));
    let pages = join_all((0..20).map(|_| fetching.page(&url))).await;
    assert_eq!(pages.len(), 20, "they wait for the probe, and it is good");
}

#[tokio::test]
async fn pages_that_are_not_there_are_no_failures_of_the_host() {
    let origin = Origin::start();
    let mut fetching = Fetching::of(&[&origin]);
    fetching.upstream.robots = true;
    origin.on("/robots.txt", Script::page("text/plain", "User-agent: *\nDisallow: /no"));
    for n in 0..3 * limits::HOST_FAILURES {
        assert_eq!(fetching.error(&origin.url(&format!("/{n}"))).await.status(), Some(404));
        assert!(matches!(fetching.error(&origin.url(&format!("/no/{n}"))).await, FetchError::Robots(_)));
    }
    assert_eq!(fetching.fetcher.hosts()[0].failures, 0);
}

#[tokio::test]
async fn fault_54_twenty_articles_are_asked_for_a_gap_apart_and_few_at_a_time() {
    const GAP: Duration = Duration::from_millis(20);
    let (origin, other) = (Origin::start(), Origin::start());
    let mut fetching = Fetching::of(&[&origin, &other]);
    fetching.upstream.gap = GAP;
    fetching.upstream.concurrency = 2;
    let urls: Vec<_> = (0..20).map(|n| format!("/{n}")).collect();
    for path in &urls {
        origin.on(path, Script::html("page"));
    }
    other.on("/", Script::html("page"));
    let held: Vec<_> = urls.iter().map(|path| origin.hold(path)).collect();
    let before = Instant::now();
    let all = join_all(urls.iter().map(async |path| drop(fetching.page(&origin.url(path)).await)));
    let watch = async {
        while origin.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        fetching.page(&other.url("/")).await;
        fetching.page(&other.url("/")).await;
        assert_eq!(origin.requests().len(), 2, "the two that are held; other hosts run in parallel");
        drop(held);
    };
    futures_util::future::join(all, watch).await;
    let seen = origin.requests();
    assert_eq!(seen.len(), 20);
    // An answer may be late on a busy machine, but a request that was too early stays too early.
    for (n, request) in seen.iter().enumerate() {
        let least = GAP * u32::try_from(n).unwrap();
        assert!(request.at - before >= least, "request {n} came after {:?}", request.at - before);
    }
    let paths: Vec<_> = seen.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths.iter().collect::<std::collections::BTreeSet<_>>().len(), 20);
}

#[tokio::test]
async fn a_crawl_delay_is_kept_unless_the_site_has_a_gap_of_its_own() {
    let (home, origin) = (tempfile::tempdir().unwrap(), Origin::start());
    Site::of(2).publish(&origin);
    origin.on("/robots.txt", Script::page("text/plain", "User-agent: *\nCrawl-delay: 0.2"));
    let gap = |seen: &[support::origin::Seen]| seen.last().unwrap().at - seen.first().unwrap().at;
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    let start = Instant::now();
    bench.refresh().await;
    assert_eq!(origin.requests().len(), 4);
    assert!(start.elapsed() >= Duration::from_millis(400), "three pages, two delays: {:?}", gap(&origin.requests()));
    let host = &bench.engine.hosts()[0];
    assert_eq!(host.crawl_delay, Some(Duration::from_millis(200)));
    origin.on("/robots.txt", Script::page("text/plain", "User-agent: *\nCrawl-delay: 30"));
    bench.wait(TimeDelta::hours(25));
    let bench = bench.restart(home.path(), &sites_toml(&origin, "gap = \"0s\""));
    let start = Instant::now();
    bench.refresh().await;
    bench.refresh().await;
    assert!(start.elapsed() < Duration::from_secs(30), "its own gap counts");
}
