//! A site that is not what it was: the feed is kept, the cause is told, and a page that is fine is taken.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use feedmill::drift::{Drift, Drifted};
use feedmill::outcome::Outcome;
use feedmill::weburl::WebUrl;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, sites_toml};

async fn drift(bench: &Bench) -> Option<Drifted> {
    bench.archive.state("mill").await.unwrap().drift
}

fn any_link(origin: &Origin, item: &str) -> String {
    format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\nlisting.item = \"{item}\"\n\n[fetch]\ngap = \"0s\"\n",
        origin.url("/"),
        origin.address()
    )
}

#[tokio::test]
async fn fault_23_a_challenge_whose_links_match_the_rule_adds_none_of_them() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(6).publish(&origin);
    let bench = Bench::start(home.path(), &any_link(&origin, "a"));
    bench.refresh().await;
    let before = bench.feed().await.items;
    assert_eq!(before.len(), 7);
    for status in [200, 403, 503] {
        let page =
            "<title>Just a moment...</title><a href=/privacy>Privacy</a><a href=https://cloudflare.example/>Why?</a>";
        origin.on("/", Script::error(status, page));
        bench.wait(TimeDelta::hours(2));
        let outcome = bench.refresh().await.outcome.clone();
        assert!(!outcome.is_good() && outcome.why().unwrap().contains("challenge page of Cloudflare"), "{outcome:?}");
        assert_eq!(bench.feed().await.items, before);
    }
    let seen = drift(&bench).await.unwrap();
    assert_eq!((seen.refreshes, seen.is_alarm(), seen.what.name()), (3, true, "challenge"));
    Site::of(6).publish(&origin);
    bench.wait(TimeDelta::hours(2));
    assert!(bench.refresh().await.outcome.is_good());
    assert_eq!(drift(&bench).await, None);
}

#[tokio::test]
async fn fault_23_a_challenge_is_no_first_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", Script::html("<title>Just a moment...</title><a href=/privacy>Privacy</a>"));
    let bench = Bench::start(home.path(), &any_link(&origin, "a"));
    let outcome = bench.refresh().await.outcome.clone();
    assert!(matches!(&outcome, Outcome::Empty { why } if why.contains("Cloudflare")), "{outcome:?}");
    assert_eq!(bench.archive.count("mill").await.unwrap(), 0);
}

#[tokio::test]
async fn entries_that_are_nothing_like_before_stay_out_until_the_rule_is_edited() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(12).publish(&origin);
    let bench = Bench::start(home.path(), &any_link(&origin, "li > h2 > a, .menu a"));
    bench.refresh().await;
    let menu =
        "<body class=new><div class=menu><a href=/shop>Shop</a><a href=/team>Team</a></div><p class=lead>New!</p>";
    origin.on("/", Script::html(menu));
    for _ in 0..2 {
        bench.wait(TimeDelta::hours(2));
        let outcome = bench.refresh().await.outcome.clone();
        assert!(matches!(&outcome, Outcome::Empty { why } if why.contains("nothing like those before")), "{outcome:?}");
        assert_eq!(bench.archive.count("mill").await.unwrap(), 12);
    }
    assert_eq!(drift(&bench).await.unwrap().what, Drift::Redesign);
    let bench = bench.restart(home.path(), &any_link(&origin, ".menu > a"));
    assert!(bench.refresh().await.outcome.is_good());
    assert_eq!(bench.archive.count("mill").await.unwrap(), 14);
    assert_eq!(drift(&bench).await, None);
}

#[tokio::test]
async fn dates_that_are_gone_alarm_once_they_stay_away() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(12);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    site.dated = false;
    for (round, is_alarm) in [(1, false), (2, false), (3, true)] {
        site.tail = format!("round={round}");
        origin.on("/", Script::html(site.listing() + &"<!-- x -->".repeat(round)));
        bench.wait(TimeDelta::hours(2));
        let outcome = bench.refresh().await.outcome.clone();
        let seen = drift(&bench).await.unwrap_or_else(|| panic!("{outcome:?}"));
        assert!(outcome.is_good() && matches!(seen.what, Drift::Thinner { .. }), "{outcome:?} {seen:?}");
        assert_eq!(seen.is_alarm(), is_alarm, "{round}");
        assert!(bench.feed().await.items.len() >= 12);
    }
    Site::of(12).publish(&origin);
    bench.wait(TimeDelta::hours(2));
    bench.refresh().await;
    assert_eq!(drift(&bench).await, None);
}

#[tokio::test]
async fn a_move_is_told_also_by_a_page_that_is_as_it_was_and_is_over_when_it_is_undone() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let listing = || Script::html(Site::of(6).listing()).etag("\"six\"");
    Site::of(6).publish(&origin);
    origin.on("/", listing());
    origin.on("/new", listing());
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    for moved in [true, true, false] {
        origin.on("/", if moved { Script::redirect(301, "/new") } else { listing() });
        bench.wait(TimeDelta::minutes(10));
        assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
        let seen = drift(&bench).await.map(|drift| drift.what);
        let to = WebUrl::parse(&origin.url("/new")).unwrap();
        assert_eq!(seen, moved.then_some(Drift::Moved { to, works: true }));
    }
    assert_eq!(origin.hits("/new"), 2);
}
