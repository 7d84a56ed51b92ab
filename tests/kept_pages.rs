//! Pages that are kept never take more room than they may, go when their time is over, and with their items.

#![cfg(test)]

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::archive::{Archive, ArticleState, Record, SiteState, SqliteArchive};
use feedmill::item::{Fields, Found, Item};
use feedmill::kept::KeptPage;
use feedmill::limits;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use support::bench::Bench;
use support::origin::Origin;
use support::site::{Site, sites_toml};

fn at(hour: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_900_000, 0).unwrap() + TimeDelta::hours(hour)
}

fn url(name: &str) -> WebUrl {
    WebUrl::parse(&format!("https://mill.example/{name}")).unwrap()
}

/// A page fetched at one hour and kept until another.
fn page(name: &str, fetched: i64, until: i64) -> KeptPage {
    let validators = Validators::default();
    let page = Page {
        url: url(name),
        content_type: Some("text/html".into()),
        body: name.to_owned().into(),
        validators,
        fresh_for: None,
        signs: Signs::default(),
    };
    KeptPage::of(url(name), &page, at(fetched), at(until)).unwrap()
}

fn record(name: &str, pages: Vec<KeptPage>) -> Record {
    let fields = Fields { link: Some(url(name)), ..Fields::default() };
    let date = at(0).fixed_offset();
    let item = Item { id: name.to_owned(), id_is_link: false, published: date, updated: date, fields };
    Record {
        number: None,
        keys: vec![name.to_owned()],
        first_seen: at(0),
        item,
        entry: Found::default(),
        digest: String::new(),
        rule: "old".to_owned(),
        article: ArticleState::default(),
        held: None,
        is_dropped: false,
        pages,
    }
}

async fn write(archive: &SqliteArchive, site: &str, listing: Vec<KeptPage>, records: Vec<Record>) {
    assert!(archive.lease(site, "me", at(0), at(1)).await.unwrap());
    archive.commit(site, "me", SiteState { listing, ..SiteState::default() }, records).await.unwrap();
}

async fn kept(archive: &SqliteArchive, site: &str) -> Vec<Vec<String>> {
    let all = archive.kept(site, i64::MAX, 99).await.unwrap();
    let names = |pages: &[KeptPage]| {
        pages.iter().map(|page| String::from_utf8(page.page().unwrap().body.to_vec()).unwrap()).collect()
    };
    all.iter().map(|(_, pages)| names(pages)).collect()
}

#[tokio::test]
async fn pages_come_with_their_record_and_in_the_place_of_older_ones() {
    let archive = SqliteArchive::in_memory().unwrap();
    write(&archive, "mill", vec![], vec![record("a", vec![page("a", 0, 9), page("a2", 0, 9)]), record("b", vec![])])
        .await;
    assert_eq!(kept(&archive, "mill").await, [vec![], vec!["a".to_owned(), "a2".to_owned()]]);
    let (mut a, pages) = archive.kept("mill", 2, 9).await.unwrap().remove(0);
    assert_eq!((pages, a.pages.len()), (vec![page("a", 0, 9), page("a2", 0, 9)], 0), "they come back whole");
    write(&archive, "mill", vec![], vec![a.clone()]).await;
    assert_eq!(kept(&archive, "mill").await[1].len(), 2, "a record without new ones keeps those it has");
    a.pages = vec![page("a3", 1, 9)];
    write(&archive, "mill", vec![], vec![a]).await;
    assert_eq!(kept(&archive, "mill").await[1], ["a3"]);
}

#[tokio::test]
async fn a_listing_that_brings_nothing_is_not_written_again() {
    let archive = SqliteArchive::in_memory().unwrap();
    let fetched = async || archive.kept_listing("mill").await.unwrap().first().map(|page| page.fetched);
    write(&archive, "mill", vec![page("", 0, 9)], vec![]).await;
    write(&archive, "mill", vec![page("", 1, 9)], vec![]).await;
    assert_eq!(fetched().await, Some(at(0)));
    write(&archive, "mill", vec![page("", 2, 9)], vec![record("a", vec![])]).await;
    assert_eq!(fetched().await, Some(at(2)));
    assert_eq!(archive.kept_listing("mill").await.unwrap().len(), 1);
    archive.prune("mill", at(3), false, at(3)).await.unwrap();
    assert_eq!(fetched().await, Some(at(2)), "it stays while pages of articles go");
    archive.prune("mill", at(3), true, at(3)).await.unwrap();
    assert_eq!(fetched().await, None);
}

#[tokio::test]
async fn whatever_is_over_goes_of_every_site() {
    let archive = SqliteArchive::in_memory().unwrap();
    write(&archive, "mill", vec![], vec![record("a", vec![page("a", 0, 5)]), record("b", vec![page("b", 1, 9)])]).await;
    write(&archive, "gone", vec![], vec![record("c", vec![page("c", 0, 5)])]).await;
    archive.prune("mill", at(0) - TimeDelta::hours(1), false, at(6)).await.unwrap();
    assert_eq!(kept(&archive, "mill").await, [vec!["b".to_owned()], vec![]]);
    assert_eq!(kept(&archive, "gone").await, [Vec::<String>::new()], "a site that nobody asks for any more");
}

#[tokio::test]
async fn the_oldest_give_way_to_what_a_site_may_keep() {
    let archive = SqliteArchive::in_memory().unwrap();
    // Compressed bytes are compressed no further.
    let large =
        |name: &str, fetched: i64| KeptPage { bytes: vec![7; limits::KEPT_SITE_BYTES / 4], ..page(name, fetched, 99) };
    let records = (0..6).map(|n| record(&n.to_string(), vec![large(&n.to_string(), n)])).collect();
    write(&archive, "mill", vec![], records).await;
    write(&archive, "other", vec![], vec![record("x", vec![large("x", 0)])]).await;
    archive.prune("mill", at(-1), false, at(9)).await.unwrap();
    let left: Vec<usize> =
        archive.kept("mill", i64::MAX, 9).await.unwrap().iter().map(|(_, pages)| pages.len()).collect();
    assert_eq!(left, [1, 1, 1, 1, 0, 0], "the latest first");
    assert_eq!(archive.kept("other", i64::MAX, 9).await.unwrap()[0].1.len(), 1, "and no other site's");
}

#[tokio::test]
async fn pages_go_with_their_item_and_what_they_take_is_counted_rightly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let archive = SqliteArchive::open(&path).unwrap();
    write(
        &archive,
        "mill",
        vec![page("", 0, 9)],
        vec![record("a", vec![page("a", 0, 9)]), record("b", vec![page("b", 0, 9)])],
    )
    .await;
    let database = rusqlite::Connection::open(&path).unwrap();
    database.execute_batch("PRAGMA foreign_keys = on; DELETE FROM items WHERE number = 1").unwrap();
    let sum = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(sum("SELECT count(*) FROM kept_pages"), 2);
    let size = sum("SELECT sum(length(bytes)) FROM kept_pages");
    assert_eq!(
        (sum("SELECT size FROM kept_bytes WHERE site = 'mill'"), sum("SELECT size FROM kept_bytes WHERE site = ''")),
        (size, size)
    );
}

#[tokio::test]
async fn what_cannot_be_cleared_away_spoils_no_refresh() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let bench = bench.restart(home.path(), &sites_toml(&origin, "keep_pages = \"off\""));
    let connection = rusqlite::Connection::open(home.path().join("archive.db")).unwrap();
    let nothing_goes = "CREATE TRIGGER nothing_goes BEFORE DELETE ON kept_pages BEGIN SELECT RAISE(ABORT, 'no'); END";
    connection.execute(nothing_goes, []).unwrap();
    let pages = |connection: &rusqlite::Connection| -> i64 {
        connection.query_row("SELECT count(*) FROM kept_pages", [], |row| row.get(0)).unwrap()
    };
    Site::of(3).publish(&origin);
    let refreshed = bench.refresh().await;
    assert!(refreshed.outcome.is_good(), "{:?}", refreshed.outcome);
    assert_eq!(bench.feed().await.items.len(), 3);
    assert!(pages(&connection) > 0, "the test is about something");
    connection.execute("DROP TRIGGER nothing_goes", []).unwrap();
    bench.refresh().await;
    assert_eq!(pages(&connection), 0, "the next one tries again");
}
