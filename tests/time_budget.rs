//! Slow articles hold nobody up: readers have what is there within the time, and the rest follows. The time is moved by hand.

#![cfg(test)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use feedmill::clock::Clock as _;
use feedmill::edition::{Feed, Format};
use feedmill::engine::{Answer, Wanted};
use feedmill::limits;
use support::bench::Bench;
use support::origin::{Gate, Origin};
use support::script::Script;
use support::site::{Article, Site, sites_toml};

/// One request at a time: an article is asked for when those above it were answered.
fn toml(origin: &Origin, more: &str) -> String {
    format!("{}concurrency = 1\n", sites_toml(origin, more))
}

/// Waits until `path` was asked for `n` times. The engine goes on meanwhile, though it has only one thread.
async fn asked_for(origin: &Arc<Origin>, path: &'static str, n: usize) {
    let origin = Arc::clone(origin);
    tokio::task::spawn_blocking(move || origin.wait_for_hits(path, n)).await.unwrap();
}

/// Lets as much time pass as the waits of a refresh can see.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

fn whole(feed: &Feed) -> Vec<(&str, bool)> {
    feed.items.iter().map(|item| (item.title(), item.fields.content.is_some())).collect()
}

/// What a reader sees: the items, and whether each has its text.
async fn read(bench: &Bench) -> Vec<bool> {
    match bench.engine.answer(Wanted { name: "mill", format: Format::Json, query: None }).await {
        Answer::Edition(edition) => {
            let json: serde_json::Value = serde_json::from_slice(&edition.rendering.plain).unwrap();
            json["items"].as_array().unwrap().iter().map(|item| item["content_html"].is_string()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_first_reader_has_what_is_there_in_time_and_the_other_texts_follow() {
    let (origin, home) = (Arc::new(Origin::start()), tempfile::tempdir().unwrap());
    Site::of(4).publish(&origin);
    let gate: Gate = origin.hold("/stories/sack-2");
    let bench = Arc::new(Bench::start(home.path(), &toml(&origin, "")));
    let reader = tokio::spawn({
        let bench = Arc::clone(&bench);
        async move { (read(&bench).await, bench) }
    });
    asked_for(&origin, "/stories/sack-2", 1).await;
    assert!(limits::ARTICLES_TIME_FIRST < limits::FIRST_ANSWER);
    pass(limits::ARTICLES_TIME_FIRST).await;
    let (seen, _) = reader.await.unwrap();
    assert_eq!(seen.len(), 4, "every entry of the listing is there");
    assert_eq!(
        seen,
        [true, true, false, false],
        "those above the one that hangs are whole, it and those below are not"
    );
    assert_eq!(origin.hits("/stories/sack-1"), 0);
    let due = bench.archive.state("mill").await.unwrap().due.unwrap();
    assert!(due <= bench.clock.now() + TimeDelta::seconds(75), "{due}: the rest is not left for the next hour");

    gate.release();
    let before = bench.feed().await;
    bench.wait(due - bench.clock.now());
    bench.refresh().await;
    let after = bench.feed().await;
    assert!(whole(&after).iter().all(|(_, is_whole)| *is_whole), "{:?}", whole(&after));
    assert!(before.items.iter().zip(&after.items).all(|(one, two)| one.id == two.id) && after.changed > before.changed);
    assert_eq!(origin.hits("/stories/sack-4"), 1, "what is there is not asked for again");
}

#[tokio::test]
async fn fault_22_articles_of_a_host_that_asks_for_time_follow_when_that_is_over() {
    let (origin, home) = (Arc::new(Origin::start()), tempfile::tempdir().unwrap());
    Site::of(7).publish(&origin);
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let busy = || Script::new().head("429 Too Many Requests", &[("Retry-After", "120"), ("Content-Length", "0")]);
    // Two at a time is all that it allows: at first the newest, then those that have waited longest.
    for (round, busy_at) in [(1, "/stories/sack-5"), (2, "/stories/sack-3")] {
        origin.once(busy_at, busy());
        bench.refresh().await;
        let state = bench.archive.state("mill").await.unwrap();
        let wait = (state.due.unwrap() - bench.clock.now()).num_seconds();
        assert!((120..=132).contains(&wait), "as soon as the host allows, and no sooner: {wait}");
        assert_eq!(whole(&bench.feed().await).iter().filter(|(_, is_whole)| *is_whole).count(), 2 * round);
        let notes = state.report.unwrap().notes;
        assert_eq!(notes.iter().filter(|note| note.what.contains("is left alone until")).count(), 1, "{notes:?}");
        bench.wait(TimeDelta::seconds(wait));
    }
    bench.wait(TimeDelta::minutes(10));
    bench.refresh().await;
    assert!(whole(&bench.feed().await).iter().all(|(_, is_whole)| *is_whole));
    let asked: Vec<usize> = (1..=7).map(|n| origin.hits(&format!("/stories/sack-{n}"))).collect();
    assert_eq!(asked, [1, 1, 2, 1, 2, 1, 1]);
}

/// A site that two articles are added to which both hang: the upper one times out, and the other is cut short, whether it
/// was asked for in the moment that was left or not.
async fn with_slow_ones(origin: &Arc<Origin>, home: &std::path::Path) -> (Bench, [Gate; 2]) {
    let mut site = Site::of(2);
    site.publish(origin);
    let bench = Bench::start(home, &toml(origin, "hold = \"30m\"\n"));
    bench.refresh().await;
    bench.wait(TimeDelta::minutes(5));
    site.articles.splice(0..0, [Article::numbered(4), Article::numbered(3)]);
    site.publish(origin);
    let gates = ["/stories/sack-4", "/stories/sack-3"].map(|path| origin.hold(path));
    let engine = Arc::clone(&bench.engine);
    let refresh = tokio::spawn(async move { engine.refresh("mill").await });
    asked_for(origin, "/stories/sack-4", 1).await;
    pass(limits::ARTICLES_TIME).await;
    assert!(refresh.await.unwrap().unwrap().outcome.is_good());
    (bench, gates)
}

#[tokio::test]
async fn slow_articles_are_held_back_until_they_are_complete() {
    let (origin, home) = (Arc::new(Origin::start()), tempfile::tempdir().unwrap());
    let (bench, gates) = with_slow_ones(&origin, home.path()).await;
    assert_eq!(bench.feed().await.items.len(), 2, "neither of them is shown by halves");
    gates.into_iter().for_each(Gate::release);
    for _ in 0..11 {
        bench.wait(TimeDelta::minutes(1));
        bench.refresh().await;
    }
    let feed = bench.feed().await;
    assert_eq!(whole(&feed)[..2], [("Sack 4 & its goose", true), ("Sack 3 & its goose", true)]);
    assert_eq!(feed.items.len(), 4);
}

#[tokio::test]
async fn slow_articles_are_shown_without_their_text_when_the_hold_ends() {
    let (origin, home) = (Arc::new(Origin::start()), tempfile::tempdir().unwrap());
    let (bench, _gates) = with_slow_ones(&origin, home.path()).await;
    bench.wait(TimeDelta::seconds(30 * 60 - 1));
    assert_eq!(bench.feed().await.items.len(), 2);
    bench.wait(TimeDelta::seconds(1));
    // Any question for the feed shows it: no refresh is needed, and this one hangs.
    assert_eq!(read(&bench).await, [false, false, true, true]);
}
