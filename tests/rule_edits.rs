//! An edited rule costs no more requests than it must: articles are read again if the edit is about what items are made
//! of, and only then.

#![cfg(test)]

mod support;

use support::bench::Bench;
use support::origin::Origin;
use support::site::{Site, sites_toml};

fn edited(toml: &str, from: &str, to: &str) -> String {
    let edited = toml.replace(from, to);
    assert_ne!(toml, edited);
    edited
}

#[tokio::test]
async fn an_edit_of_how_many_rows_are_taken_asks_for_the_listing_and_no_article() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let toml = sites_toml(&origin, "");
    let mut bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    for more in [
        "limit = 50",
        "pages = 3",
        "container = \"ul\"",
        "link_pattern = \"stories\"",
        "order = \"reverse\"",
        "next = false",
    ] {
        let item = "item = \"li.story\"";
        bench = bench.restart(home.path(), &edited(&toml, item, &format!("{item}\n{more}")));
        let listings = origin.hits("/");
        bench.refresh().await;
        assert!(origin.hits("/") > listings);
        let last = origin.requests().into_iter().rev().find(|seen| seen.path == "/").unwrap();
        assert!(!last.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("if-none-match")), "{more}");
        assert_eq!(origin.hits("/stories/sack-1"), 1, "{more}");
    }
}

#[tokio::test]
async fn an_edit_of_what_items_are_made_of_asks_for_every_article_once() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let toml = sites_toml(&origin, "");
    let mut bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let edits = [
        ("content = \".body\"", "content = \"article\""),
        ("item = \"li.story\"", "item = \"ul > li.story\""),
        ("item = \"li.story\"", "item = \"li.story\"\ntitle = \"h2 a\""),
        ("[sites.mill]\n", "[sites.mill]\ntimezone = \"Asia/Tokyo\"\n"),
        ("[sites.mill]\n", "[sites.mill]\nlanguage = \"de\"\n"),
        ("[sites.mill]\n", "[sites.mill]\nheaders = { X-Subscriber = \"7\" }\n"),
    ];
    for (number, (from, to)) in edits.into_iter().enumerate() {
        bench = bench.restart(home.path(), &edited(&toml, from, to));
        bench.refresh().await;
        bench.refresh().await;
        assert_eq!(origin.hits("/stories/sack-1"), number + 2, "{to}");
    }
}

/// What an earlier version left behind: it noted the whole rule's hash, of the listing and of each item.
fn as_version_2(home: &std::path::Path, hash: &str) {
    let database = rusqlite::Connection::open(home.join("archive.db")).unwrap();
    database.execute("UPDATE items SET rule = ?1", [hash]).unwrap();
    database.execute("UPDATE sites SET rule = ?1", [hash]).unwrap();
}

#[tokio::test]
async fn an_archive_of_an_earlier_version_makes_no_article_be_fetched_again() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let before = bench.feed().await;
    let hash = bench.engine.plan().sites["mill"].rule.hash.clone();
    let bench = {
        as_version_2(home.path(), &hash);
        bench.restart(home.path(), &toml)
    };
    bench.refresh().await;
    let listing = origin.requests().into_iter().rev().find(|seen| seen.path == "/").unwrap();
    assert!(listing.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("if-none-match")), "the same rule");
    let bench = bench.restart(home.path(), &edited(&toml, "item = \"li.story\"", "item = \"li.story\"\nlimit = 9"));
    bench.refresh().await;
    assert_eq!(origin.hits("/stories/sack-1"), 1, "what it noted was rewritten in passing");
    assert_eq!(bench.feed().await, before);

    as_version_2(home.path(), &hash);
    let bench = bench.restart(home.path(), &edited(&toml, "content = \".body\"", "content = \"article\""));
    bench.refresh().await;
    assert_eq!(origin.hits("/stories/sack-1"), 2, "an edited rule is another one");
}
