//! An archive is bounded: old items go, and none of them ever comes back as a new one.

#![cfg(test)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use feedmill::archive::{Record, Retention, SiteState};
use feedmill::clock::Clock as _;
use feedmill::limits;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, sites_toml};

/// The site of the tests, read from its listing alone.
fn toml(origin: &Origin, more: &str) -> String {
    let toml = sites_toml(origin, more);
    let (site, rest) = toml.split_once("[sites.mill.article]").unwrap();
    format!("{site}{}", &rest[rest.find("[fetch]").unwrap()..])
}

/// A listing of undated stories.
fn list(origin: &Origin, numbers: impl IntoIterator<Item = usize>) {
    let row = |n: usize| format!("<li class=story><a href='/stories/{n}'>Story {n}</a></li>");
    origin.on("/", Script::html(numbers.into_iter().map(row).collect::<String>()));
}

async fn ids_and_dates(bench: &Bench) -> Vec<(String, String)> {
    bench.feed().await.items.into_iter().map(|item| (item.id, item.published.to_rfc3339())).collect()
}

fn known(bench: &Bench) -> (i64, i64) {
    let home = bench.home.join("archive.db");
    let connection = rusqlite::Connection::open(home).unwrap();
    let count = |which: &str| {
        let sql = format!("SELECT count(*) FROM items WHERE dropped IS {which}");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    (count("NULL"), count("NOT NULL"))
}

#[tokio::test]
async fn fault_44_the_newest_are_kept_and_what_was_dropped_never_comes_back_as_new() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, "keep = 20\nshow = 20"));
    let mut dates = BTreeMap::new();
    for day in 0..30 {
        list(&origin, (day..day + 5).rev());
        assert!(bench.refresh().await.outcome.is_good());
        for (id, date) in ids_and_dates(&bench).await {
            assert_eq!(*dates.entry(id).or_insert_with(|| date.clone()), date, "a date never changes");
        }
        bench.wait(TimeDelta::days(1));
    }
    assert_eq!((known(&bench), dates.len()), ((20, 14), 34));
    let before = ids_and_dates(&bench).await;
    // A page of the site's own archive, in whatever order: nothing of it is new.
    list(&origin, [3, 0, 33, 1, 12]);
    let refreshed = bench.refresh().await;
    assert!(
        matches!(refreshed.outcome, feedmill::outcome::Outcome::Fresh { new: 0, changed: 0, .. }),
        "{:?}",
        refreshed.outcome
    );
    assert_eq!(ids_and_dates(&bench).await, before);
    assert_eq!(known(&bench), (20, 14));
    // Room for all: they come back as who they were.
    let bench = bench.restart(home.path(), &toml(&origin, "keep = 100\nshow = 100"));
    bench.wait(TimeDelta::hours(2));
    list(&origin, [3, 0, 33, 1, 12, 34]);
    bench.refresh().await;
    let after = ids_and_dates(&bench).await;
    let back: Vec<_> = after.iter().filter(|item| !before.contains(item)).collect();
    assert_eq!(back.len(), 5, "{back:?}");
    assert!(back.iter().filter(|(id, _)| !id.ends_with("/34")).all(|(id, date)| dates[id] == *date), "{back:?}");
    assert_eq!(after.last().unwrap().0, origin.url("/stories/0"), "and stand where they stood, at the end");
}

#[tokio::test]
async fn what_stands_on_the_listing_is_kept_however_much_or_old_it_is() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, "keep = 10\nkeep_for = \"30d\""));
    list(&origin, 0..40);
    bench.refresh().await;
    assert_eq!(known(&bench), (40, 0), "four times what is to be kept");
    bench.wait(TimeDelta::days(400));
    list(&origin, (0..40).chain([99]));
    bench.refresh().await;
    assert_eq!(known(&bench), (41, 0), "and very old by now");
    list(&origin, [99, 0, 1, 2]);
    bench.refresh().await;
    assert_eq!(known(&bench), (4, 37), "those that have left go");
    for _ in 0..3 {
        bench.wait(TimeDelta::hours(2));
        origin.on("/", Script::html("<p>Moving house</p>"));
        bench.refresh().await;
        origin.on("/", Script::status(503));
        bench.refresh().await;
    }
    assert_eq!(known(&bench), (4, 37), "a failure is no reason to drop anything");
}

#[tokio::test]
async fn an_item_that_comes_back_has_its_text_again_and_says_nothing_of_a_change() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(30);
    site.dated = false;
    let all = site.articles.clone();
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, "keep = 40\nkeep_for = \"10d\""));
    bench.refresh().await;
    let whole = bench.feed().await.items.into_iter().map(|item| (item.id.clone(), item)).collect::<BTreeMap<_, _>>();
    bench.wait(TimeDelta::days(11));
    site.articles.truncate(2);
    site.publish(&origin);
    bench.refresh().await;
    assert_eq!(known(&bench), (2, 28));
    let bench = bench.restart(home.path(), &sites_toml(&origin, ""));
    site.articles = all;
    site.publish(&origin);
    bench.refresh().await;
    let again = bench.feed().await.items;
    assert_eq!(again.len(), 30);
    for item in again {
        assert_eq!(item, whole[&item.id]);
    }
}

/// Two addresses, of which one does not change: what stands on that one is not known to be gone.
#[tokio::test]
async fn nothing_is_dropped_by_half_a_listing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let row = |n: usize| format!("<li class=story><a href='/stories/{n}'>Story {n}</a></li>");
    let page = |numbers: std::ops::Range<usize>| Script::html(numbers.map(row).collect::<String>());
    origin.on("/old", page(0..20).etag("\"old\""));
    let address = origin.address();
    let toml = format!(
        "[sites.mill]\nurl = [\"{}\", \"{}\"]\nallow_private = [\"{address}\"]\nkeep = 10\n[sites.mill.listing]\nitem = \"li.story\"\n\
         [fetch]\ngap = \"0s\"\n",
        origin.url("/new"),
        origin.url("/old")
    );
    let bench = Bench::start(home.path(), &toml);
    for round in 0..30 {
        origin.on("/new", page(100 + 10 * round..110 + 10 * round));
        bench.refresh().await;
        bench.wait(TimeDelta::hours(2));
        let (whole, dropped) = known(&bench);
        assert_eq!(usize::try_from(whole + dropped).unwrap(), 30 + 10 * round);
        assert!(whole < 10 + 200 + 40, "{whole} are kept: the whole listing is asked for in time");
    }
    let found =
        bench.archive.find("mill", (0..20).map(|n| format!("link:{}", key(&origin, n))).collect()).await.unwrap();
    assert_eq!(found.len(), 20);
    assert!(found.iter().all(|record| !record.is_dropped), "they stood there all the time");
    assert!(known(&bench).1 > 0);
}

fn key(origin: &Origin, n: usize) -> String {
    format!("{}/stories/{n}", origin.address())
}

fn record(number: usize) -> Record {
    let link = feedmill::weburl::WebUrl::parse(&format!("https://mill.example/{number}")).unwrap();
    let at = chrono::DateTime::from_timestamp(1_700_000_000 + 3_600 * i64::try_from(number).unwrap(), 0).unwrap();
    Record {
        number: None,
        keys: vec![format!("link:{number}")],
        first_seen: at,
        item: feedmill::item::Item {
            id: link.to_string(),
            id_is_link: true,
            published: at.fixed_offset(),
            updated: at.fixed_offset(),
            fields: feedmill::item::Fields {
                content: Some(feedmill::text::Html::from_clean("<p>Grain and geese.</p>".repeat(60))),
                ..Default::default()
            },
        },
        entry: feedmill::item::Found::default(),
        digest: "digest".into(),
        rule: "rule".into(),
        article: feedmill::archive::ArticleState::default(),
        is_dropped: false,
        held: None,
        pages: Vec::new(),
    }
}

/// One with a long text.
fn long_record(number: usize) -> Record {
    let mut record = record(number);
    record.item.fields.content = Some(feedmill::text::Html::from_clean("<p>Grain and geese.</p>".repeat(500)));
    record
}

/// Ten thousand items in a year, and then some: what is left is bounded, in rows and in bytes, and no id is there twice.
#[tokio::test]
async fn fault_44_the_archive_of_a_busy_year_is_bounded() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let archive = &bench.archive;
    let now = bench.clock.now();
    let (each, rounds, keep) = (100, 130, 50);
    let mut largest = 0;
    for round in 0..rounds {
        let numbers = round * each..(round + 1) * each;
        assert!(archive.lease("mill", "me", now, now).await.unwrap());
        archive.commit("mill", "me", SiteState::default(), numbers.clone().map(record).collect()).await.unwrap();
        let listed = numbers.rev().take(30).map(|number| format!("link:{number}")).collect();
        let retention = Retention {
            keep,
            before: None,
            listed,
            again: vec![],
            now: now + TimeDelta::hours(i64::try_from(round).unwrap()),
        };
        archive.retain("mill", "me", retention).await.unwrap();
        if round == 20 {
            largest = file_size(&bench);
        }
    }
    let (whole, dropped) = known(&bench);
    assert_eq!(whole, 50);
    let most = i64::try_from(limits::DROPPED_LEAST.max(keep * limits::DROPPED_TIMES)).unwrap();
    assert_eq!(dropped, most, "and no more than that are known");
    let items = archive.newest("mill", 500, &feedmill::rule::Filter::default()).await.unwrap();
    let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!((ids.len(), items.len()), (50, 50));
    let per_dropped = (file_size(&bench) - largest) / (most - 2_000);
    assert!(per_dropped < 900, "{per_dropped} bytes for each dropped item; its text alone has 1,400");
    assert_eq!(archive.find("mill", vec!["link:0".into()]).await.unwrap(), [], "the longest dropped are forgotten");
    assert!(archive.find("mill", vec!["link:4000".into()]).await.unwrap()[0].is_dropped);
}

/// Bytes in use.
fn file_size(bench: &Bench) -> i64 {
    let connection = rusqlite::Connection::open(bench.home.join("archive.db")).unwrap();
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).unwrap();
    (number("page_count") - number("freelist_count")) * number("page_size")
}

#[tokio::test]
async fn a_file_gets_smaller_when_most_of_it_is_free() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let (archive, now) = (&bench.archive, bench.clock.now());
    for site in ["mill", "other"] {
        assert!(archive.lease(site, "me", now, now).await.unwrap());
        archive.commit(site, "me", SiteState::default(), (0..1_500).map(long_record).collect()).await.unwrap();
    }
    let pages = || {
        let connection = rusqlite::Connection::open(bench.home.join("archive.db")).unwrap();
        connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = pages();
    assert_eq!(archive.holdings(None).await.unwrap().len(), 2);
    archive.forget("other", "me").await.unwrap();
    let after = pages();
    assert!(after < before * 6 / 10, "{before} pages, then {after}");
    assert_eq!((archive.count("other").await.unwrap(), archive.count("mill").await.unwrap()), (0, 1_500));
    for _ in 0..30 {
        let retention = Retention { keep: 10, before: None, listed: vec![], again: vec![], now };
        archive.retain("mill", "me", retention).await.unwrap();
    }
    let last = pages();
    assert!(last < after / 2, "{after} pages, then {last}");
    assert_eq!(archive.count("mill").await.unwrap(), 10);
}

#[tokio::test]
async fn feeds_that_nobody_asks_for_give_way_to_new_ones() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let (archive, now) = (&bench.archive, bench.clock.now());
    for (day, name) in
        [(40, "f/listed"), (39, "f/old"), (38, "f/older-than-new"), (1, "f/new"), (50, "fa/x"), (50, "f")]
    {
        let state = SiteState { tried: Some(now - TimeDelta::days(day)), ..SiteState::default() };
        archive.lease(name, "me", now, now).await.unwrap();
        archive.commit(name, "me", state, vec![record(1)]).await.unwrap();
    }
    let named = || vec!["f/listed".to_owned()];
    assert_eq!(archive.instances("f", named()).await.unwrap(), 3);
    let mut forget = Vec::new();
    for _ in 0..3 {
        forget.push(archive.forget_idle("f", named(), now - TimeDelta::days(30), now).await.unwrap());
    }
    assert_eq!(forget, [Some("f/old".into()), Some("f/older-than-new".into()), None]);
    assert_eq!(archive.count("f/old").await.unwrap(), 0);
    let left: Vec<String> = archive.holdings(None).await.unwrap().into_iter().map(|one| one.site).collect();
    assert_eq!(left, ["f", "f/listed", "f/new", "fa/x"]);
}
