//! With `hold`, an item whose article cannot be read yet appears when it is complete, or when it has taken too long.

#![cfg(test)]

mod support;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::archive::{Archive as _, SqliteArchive};
use feedmill::clock::Clock as _;
use feedmill::edition::{Feed, Format};
use feedmill::engine::{Answer, Wanted};
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;
use support::site::{Article, Site, sites_toml};

const HELD: &str = "hold = \"30m\"\n";

fn titles(feed: &Feed) -> Vec<&str> {
    feed.items.iter().map(feedmill::item::Item::title).collect()
}

/// A site with two articles that everybody has read, and a third, new one whose page fails.
async fn with_a_failing_one(home: &std::path::Path, toml: &str, origin: &Origin) -> (Bench, Site) {
    let mut site = Site::of(2);
    site.publish(origin);
    let bench = Bench::start(home, toml);
    bench.refresh().await;
    bench.wait(TimeDelta::minutes(5));
    site.articles.insert(0, Article::numbered(3));
    site.publish(origin);
    origin.on("/stories/sack-3", Script::status(503));
    bench.refresh().await;
    (bench, site)
}

async fn answer(bench: &Bench, name: &str) -> (usize, i64) {
    match bench.engine.answer(Wanted { name, format: Format::Json, query: None }).await {
        Answer::Edition(edition) => {
            let json: serde_json::Value = serde_json::from_slice(&edition.rendering.plain).unwrap();
            (json["items"].as_array().unwrap().len(), edition.freshness.ttl_seconds)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_item_appears_when_its_article_can_be_read() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let (bench, site) = with_a_failing_one(home.path(), &sites_toml(&origin, HELD), &origin).await;
    let seen = bench.clock.now();
    let before = bench.feed().await;
    assert_eq!(titles(&before), ["Sack 2 & its goose", "Sack 1 & its goose"]);
    assert_eq!(bench.archive.count("mill").await.unwrap(), 2);
    let due = bench.archive.state("mill").await.unwrap().due.unwrap();
    assert_eq!((due - seen).num_minutes(), 10, "the article is tried again soon");

    bench.wait(TimeDelta::minutes(10));
    site.publish(&origin);
    bench.refresh().await;
    let after = bench.feed().await;
    assert_eq!(titles(&after)[0], "Sack 3 & its goose");
    assert!(after.items[0].fields.content.is_some() && after.changed > before.changed);
    assert_eq!(after.items[0].published.to_rfc3339(), site.articles[0].published, "its own date");
}

#[tokio::test]
async fn without_hold_it_appears_at_once() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let (bench, _) = with_a_failing_one(home.path(), &sites_toml(&origin, ""), &origin).await;
    assert_eq!(bench.feed().await.items.len(), 3);
}

#[tokio::test]
async fn when_the_hold_ends_it_is_published_with_what_is_there() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = sites_toml(&origin, HELD);
    let (bench, site) = with_a_failing_one(home.path(), &toml, &origin).await;
    let first = bench.clock.now();
    let (items, ttl) = answer(&bench, "mill").await;
    assert!(items == 2 && ttl <= 600, "{ttl}");
    bench.wait(TimeDelta::minutes(9));
    let bench = bench.restart(home.path(), &toml);
    assert_eq!(answer(&bench, "mill").await.0, 2, "a restart changes nothing");
    bench.wait(TimeDelta::minutes(11));
    bench.refresh().await;
    assert_eq!(answer(&bench, "mill").await.0, 2, "it failed again");
    let changed = bench.archive.state("mill").await.unwrap().changed;
    bench.wait(TimeDelta::seconds(599));
    assert_eq!(answer(&bench, "mill").await, (2, 1));
    bench.wait(TimeDelta::seconds(1));
    assert_eq!(answer(&bench, "mill").await.0, 3, "to the second, whether the site can be asked or not");
    let feed = bench.feed().await;
    assert!(feed.items[0].fields.content.is_none() && bench.archive.state("mill").await.unwrap().changed > changed);
    assert_eq!(feed.items[0].published.to_rfc3339(), site.articles[0].published);
    let keys = vec![format!("link:{}", feed.items[0].fields.link.as_ref().unwrap().essence())];
    assert_eq!(bench.archive.find("mill", keys).await.unwrap()[0].first_seen, first, "and it was seen before");

    for _ in 0..4 {
        bench.wait(TimeDelta::minutes(20));
        bench.refresh().await;
        assert_eq!(bench.feed().await.items.len(), 3, "what was published stays");
    }
    site.publish(&origin);
    bench.wait(TimeDelta::hours(3));
    bench.refresh().await;
    let whole = bench.feed().await;
    assert!(whole.items[0].fields.content.is_some() && whole.items[0].id == feed.items[0].id);
}

#[tokio::test]
async fn a_merged_feed_waits_as_well() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = format!("{}\n[merged.all]\nsites = [\"mill\"]\n", sites_toml(&origin, HELD));
    let (bench, _) = with_a_failing_one(home.path(), &toml, &origin).await;
    let (items, ttl) = answer(&bench, "all").await;
    assert!(items == 2 && ttl <= 600, "{ttl}");
    bench.wait(TimeDelta::minutes(30));
    assert_eq!(answer(&bench, "all").await.0, 3);
}

/// Another process shows what was held back while a refresh of ours is on its way, and half a second later that comes to
/// its end. When the feed changed, before and after.
async fn shown_by_another_process_meanwhile(change: impl FnOnce(&mut Site)) -> (DateTime<Utc>, DateTime<Utc>) {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let (bench, mut site) = with_a_failing_one(home.path(), &sites_toml(&origin, HELD), &origin).await;
    bench.wait(TimeDelta::seconds(30 * 60 - 1));
    let (gate, before) = (origin.hold("/"), origin.hits("/"));
    let engine = Arc::clone(&bench.engine);
    let refresh = tokio::spawn(async move { engine.refresh("mill").await });
    tokio::task::block_in_place(|| origin.wait_for_hits("/", before + 1));
    bench.wait(TimeDelta::seconds(1));
    let now = bench.clock.now();
    let other = SqliteArchive::open(&home.path().join("archive.db")).unwrap();
    other.unhold("mill", now, now + TimeDelta::minutes(30)).await.unwrap();
    let shown = other.state("mill").await.unwrap().changed.unwrap();
    assert_eq!(shown, now);
    bench.wait(TimeDelta::milliseconds(500));
    change(&mut site);
    site.publish(&origin);
    origin.on("/stories/sack-3", Script::status(503));
    gate.release();
    assert!(refresh.await.unwrap().unwrap().outcome.is_good());
    assert_eq!(bench.feed().await.items.len(), site.articles.len());
    (shown, bench.archive.state("mill").await.unwrap().changed.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_shows_during_a_refresh_stays_a_change() {
    let (shown, after) = shown_by_another_process_meanwhile(|_| {}).await;
    assert!(after >= shown, "{after} is before {shown}");
    let (shown, after) = shown_by_another_process_meanwhile(|site| site.articles.insert(0, Article::numbered(4))).await;
    assert!(after.timestamp() > shown.timestamp(), "{after} and {shown} are one Last-Modified, and two feeds");
}

#[tokio::test]
async fn a_first_edition_is_never_empty_for_it() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    origin.on("/stories/sack-1", Script::status(503));
    let bench = Bench::start(home.path(), &sites_toml(&origin, HELD));
    bench.refresh().await;
    assert_eq!(titles(&bench.feed().await), ["Sack 2 & its goose"]);

    let home = tempfile::tempdir().unwrap();
    origin.on("/stories/sack-2", Script::status(503));
    let bench = Bench::start(home.path(), &sites_toml(&origin, HELD));
    bench.refresh().await;
    assert_eq!(bench.feed().await.items.len(), 2);
}

#[tokio::test]
async fn who_switches_it_off_sees_everything() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let (bench, _) = with_a_failing_one(home.path(), &sites_toml(&origin, HELD), &origin).await;
    let bench = bench.restart(home.path(), &sites_toml(&origin, "hold = \"off\"\n"));
    assert_eq!(answer(&bench, "mill").await.0, 3);
}

#[tokio::test]
async fn half_an_article_waits_for_its_other_half() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = sites_toml(&origin, HELD).replace("content = \".body\"", "content = \".body\"\nnext = \"a.next @href\"");
    let (bench, _) = with_a_failing_one(home.path(), &toml, &origin).await;
    let page = "<h1>Sack 3</h1><div class=body>One</div><a class=next href='/two'>2</a>";
    origin.on("/stories/sack-3", Script::html(page));
    origin.on("/two", Script::status(503));
    bench.wait(TimeDelta::minutes(10));
    bench.refresh().await;
    assert_eq!(bench.feed().await.items.len(), 2);
    origin.on("/two", Script::html("<div class=body>Two</div>"));
    bench.wait(TimeDelta::minutes(20));
    bench.refresh().await;
    let feed = bench.feed().await;
    assert!(feed.items[0].fields.content.as_ref().unwrap().as_str().contains("Two"));
}
