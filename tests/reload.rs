//! The plan is replaced while the engine works: what has begun goes on, and what was not edited stays in memory.

#![cfg(test)]

mod support;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::archive::{Archive as _, SqliteArchive};
use feedmill::clock::Clock as _;
use feedmill::edition::{Format, Rendering};
use feedmill::engine::{Answer, Edition, Replaced, Wanted};
use futures_util::FutureExt as _;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, sites_toml};

async fn answer(bench: &Bench, name: &str, query: Option<&str>) -> Answer {
    bench.engine.answer(Wanted { name, format: Format::Rss, query }).await
}

async fn edition(bench: &Bench, name: &str, query: Option<&str>) -> Edition {
    match answer(bench, name, query).await {
        Answer::Edition(edition) => edition,
        other => panic!("{name}: {other:?}"),
    }
}

async fn rendering(bench: &Bench, name: &str) -> Arc<Rendering> {
    edition(bench, name, None).await.rendering
}

fn text(edition: &Edition) -> String {
    String::from_utf8(edition.rendering.plain.to_vec()).unwrap()
}

fn origin() -> Origin {
    let origin = Origin::start();
    Site::of(5).publish(&origin);
    origin
}

/// The site `mill`, and more tables after it.
fn toml(origin: &Origin, keys: &str, more: &str) -> String {
    format!("{}\n{more}", sites_toml(origin, keys))
}

/// Another site at the same origin.
fn other(origin: &Origin, name: &str) -> String {
    let (url, address) = (origin.url("/"), origin.address());
    format!("[sites.{name}]\nurl = \"{url}\"\nallow_private = [\"{address}\"]\nlisting.item = \"li.story\"\n")
}

/// Whether this process holds the site; another takes it otherwise.
async fn is_held(home: &Path, site: &str, now: DateTime<Utc>) -> bool {
    let archive = SqliteArchive::open(&home.join("archive.db")).unwrap();
    !archive.lease(site, "another", now, now + TimeDelta::seconds(1)).await.unwrap()
}

#[tokio::test]
async fn what_was_not_edited_stays_in_memory() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let both = |keys: &str| toml(&origin, keys, &other(&origin, "twin"));
    let bench = Bench::start(home.path(), &both(""));
    let (mill, twin) = (rendering(&bench, "mill").await, rendering(&bench, "twin").await);
    let asked = origin.requests().len();
    // The lines of its table have moved; nothing else.
    let replaced = bench.reload(home.path(), &format!("# a remark\n\n{}", both("description = \"Sacks\"")));
    assert_eq!(replaced, Replaced { new: 0, edited: 1, gone: 0 });
    assert!(Arc::ptr_eq(&rendering(&bench, "twin").await, &twin));
    assert_eq!(origin.requests().len(), asked, "nobody asked for what was not edited");
    let after = edition(&bench, "mill", None).await;
    assert!(!Arc::ptr_eq(&after.rendering, &mill) && text(&after).contains("Sacks"));
}

#[tokio::test]
async fn an_edited_table_shows_what_it_does_without_waiting_for_its_time() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, "", ""));
    assert!(text(&edition(&bench, "mill", None).await).contains("Sack 5"));
    let (hits, changes) = (origin.hits("/"), bench.engine.plan_changes());
    bench.reload(home.path(), &toml(&origin, "show = 2\nrefresh = \"2h\"", ""));
    assert!(changes.has_changed().unwrap(), "whoever plans ahead is told");
    let stale = edition(&bench, "mill", None).await;
    assert!(stale.freshness.ttl_seconds <= 0, "a refresh has begun behind it");
    assert!(text(&stale).contains("Sack 5") && !text(&stale).contains("Sack 2"), "what memory has is shown anew");
    bench.refresh().await;
    assert_eq!(origin.hits("/"), hits + 1, "once");
    assert!(edition(&bench, "mill", None).await.freshness.ttl_seconds > 3600);
}

#[tokio::test]
async fn a_new_site_is_there_and_one_that_went_is_not() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, "", ""));
    assert!(matches!(answer(&bench, "twin", None).await, Answer::Unknown));
    bench.reload(home.path(), &other(&origin, "twin"));
    assert!(matches!(answer(&bench, "mill", None).await, Answer::Unknown));
    edition(&bench, "twin", None).await;
    assert!(bench.engine.plan().sites.contains_key("twin"));
    let last = bench.engine.last_reload().unwrap();
    assert_eq!((last.at, last.error), (bench.clock.now(), None));
}

#[tokio::test]
async fn links_to_the_feed_itself_follow_the_configuration() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let at = |host: &str| toml(&origin, "", &format!("[server]\npublic_url = \"https://{host}/\"\n"));
    let bench = Bench::start(home.path(), &at("old.example"));
    assert!(text(&edition(&bench, "mill", None).await).contains("https://old.example/feeds/mill.xml"));
    bench.reload(home.path(), &at("new.example"));
    let after = text(&edition(&bench, "mill", None).await);
    assert!(after.contains("https://new.example/feeds/mill.xml") && !after.contains("old.example"), "{after}");
}

#[tokio::test]
async fn a_query_is_not_answered_by_what_an_edited_table_has_outdated() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let filtered = |except: &str| {
        let keys = format!("query_filter = true\nfilter = {{ exclude = {{ title = \"{except}\" }} }}");
        toml(&origin, &keys, "[merged.all]\nsites = [\"mill\"]\nquery_filter = true\n")
    };
    let bench = Bench::start(home.path(), &filtered("Sack 5"));
    for name in ["mill", "all"] {
        let before = edition(&bench, name, Some("include.title=Sack")).await;
        let again = edition(&bench, name, Some("utm_source=x&include.title=Sack")).await;
        assert!(Arc::ptr_eq(&before.rendering, &again.rendering), "{name} is kept");
        assert!(text(&before).contains("Sack 4") && !text(&before).contains("Sack 5"), "{name}");
    }
    bench.reload(home.path(), &filtered("Sack 4"));
    for name in ["mill", "all"] {
        let after = text(&edition(&bench, name, Some("include.title=Sack")).await);
        assert!(after.contains("Sack 5") && !after.contains("Sack 4"), "{name}: {after}");
    }
}

#[tokio::test]
async fn a_pattern_that_is_none_is_said_and_nothing_is_kept_of_it() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, "query_filter = true", ""));
    for _ in 0..2 {
        match answer(&bench, "mill", Some("include.title=(")).await {
            Answer::BadQuery { why } => {
                assert!(why.contains("`include.title`: this is no regular expression"), "{why}")
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_goes_on_ends_by_its_table_and_the_edited_one_follows_it() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let titled = |title: &str| toml(&origin, &format!("title = \"{title}\""), "");
    let bench = Bench::start(home.path(), &titled("Old"));
    let gate = origin.hold("/");
    let engine = Arc::clone(&bench.engine);
    let running = tokio::spawn(async move { engine.refresh("mill").await });
    tokio::task::block_in_place(|| origin.wait_for_hits("/", 1));
    bench.reload(home.path(), &titled("New"));
    let mut joined = Box::pin(bench.engine.refresh("mill"));
    assert!((&mut joined).now_or_never().is_none(), "it waits");
    gate.release();
    let (first, second) = (running.await.unwrap().unwrap(), joined.await.unwrap());
    assert!(first.outcome.is_good() && Arc::ptr_eq(&first, &second), "one refresh at a time");
    assert_eq!(origin.hits("/"), 1);
    let after = edition(&bench, "mill", None).await;
    assert!(text(&after).contains("<title>New</title>"), "{}", text(&after));
    assert!(after.freshness.ttl_seconds <= 0, "the edited table's own refresh has begun");
    tokio::task::block_in_place(|| origin.wait_for_hits("/", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_goes_on_is_kept_though_its_site_went_and_came_back() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let with = toml(&origin, "", &other(&origin, "twin"));
    let bench = Bench::start(home.path(), &with);
    let gate = origin.hold("/");
    let engine = Arc::clone(&bench.engine);
    let running = tokio::spawn(async move { engine.refresh("mill").await });
    tokio::task::block_in_place(|| origin.wait_for_hits("/", 1));
    let gone = bench.reload(home.path(), &other(&origin, "twin"));
    assert_eq!((gone.new, gone.gone), (0, 1));
    assert!(bench.engine.refresh("mill").await.is_none());
    bench.reload(home.path(), &other(&origin, "twin"));
    bench.reload(home.path(), &with);
    let mut joined = Box::pin(bench.engine.refresh("mill"));
    assert!((&mut joined).now_or_never().is_none(), "it waits");
    gate.release();
    let (first, second) = (running.await.unwrap().unwrap(), joined.await.unwrap());
    assert!(first.outcome.is_good() && Arc::ptr_eq(&first, &second), "no second refresh beside the first");
    assert_eq!(origin.hits("/"), 1);
    edition(&bench, "mill", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lease_of_a_site_that_went_is_given_back() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, "", &other(&origin, "twin")));
    let now = bench.clock.now();
    let gate = origin.hold("/");
    let engine = Arc::clone(&bench.engine);
    let running = tokio::spawn(async move { engine.refresh("mill").await });
    tokio::task::block_in_place(|| origin.wait_for_hits("/", 1));
    bench.reload(home.path(), &other(&origin, "twin"));
    assert!(is_held(home.path(), "mill", now).await, "for as long as its refresh goes on");
    gate.release();
    assert!(running.await.unwrap().unwrap().outcome.is_good(), "what was read is archived");
    assert!(!is_held(home.path(), "mill", now).await);
    assert_eq!(bench.archive.count("mill").await.unwrap(), 5);
}

#[tokio::test]
async fn values_of_parameters_keep_their_place_and_their_waiting() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    origin.on("/b", Script::status(500));
    origin.on("/a", Script::html(Site::of(3).listing()));
    let family = |keys: &str| {
        let (url, address) = (origin.url("/{page}"), origin.address());
        format!(
            "[sites.pages]\nurl = \"{url}\"\nallow_private = [\"{address}\"]\nparams = {{ page = \"[a-z]\" }}\n\
             listing.item = \"li.story\"\n{keys}\n[fetch]\ngap = \"0s\"\n"
        )
    };
    let bench = Bench::start(home.path(), &family(""));
    let before = rendering(&bench, "pages/a").await;
    assert!(matches!(answer(&bench, "pages/b", None).await, Answer::Nothing { .. }));
    bench.reload(home.path(), &format!("# moved\n{}", family("")));
    assert!(Arc::ptr_eq(&rendering(&bench, "pages/a").await, &before));
    assert!(matches!(answer(&bench, "pages/b", None).await, Answer::Nothing { wait: Some(_), .. }));
    assert_eq!(origin.hits("/b"), 1, "it is left alone as before");
    bench.reload(home.path(), &family("description = \"mended\""));
    assert!(matches!(answer(&bench, "pages/b", None).await, Answer::Nothing { .. }));
    assert_eq!(origin.hits("/b"), 2, "whoever edits its table need not wait");
}
