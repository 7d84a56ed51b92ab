//! An edited rule is applied to items that are archived already, without asking anybody.

#![cfg(test)]

mod support;

use std::path::Path;

use feedmill::edition::Feed;
use serde_json::Value;
use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::Server;
use support::site::{Site, configure, sites_toml};

/// Runs `feedmill rebuild`; its exit code, what it says, and what it complains of.
fn rebuild(home: &Path, toml: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    configure(home, toml);
    let run = feedmill(home).args(["--archive", "archive.db", "rebuild"]).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code(), text(run.stdout), text(run.stderr))
}

fn edited(toml: &str) -> String {
    toml.replace("content = \".body\"", "content = \".body > p:first-child\"\nauthor = \"h1\"")
}

fn content(feed: &Feed, item: usize) -> &str {
    feed.items[item].fields.content.as_ref().unwrap().as_str()
}

#[tokio::test]
async fn the_difference_is_shown_and_nothing_is_changed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let before = bench.feed().await;
    drop(origin);
    let (code, said, complaint) = rebuild(home.path(), &edited(&toml), &["mill"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(said.contains("mill: 3 items, 3 read anew, 3 different (3 in title or text)"), "{said}");
    assert!(said.contains("  - author        Ada Miller\n  + author        Sack 3 & its goose\n"), "{said}");
    assert!(
        said.contains("  - content       (70 words) … ") && said.contains("  + content       (14 words) … "),
        "{said}"
    );
    assert!(said.contains("Nothing is changed") && !said.contains('\u{1b}'), "{said}");
    let (code, json, _) = rebuild(home.path(), &edited(&toml), &["mill", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json[0]["read"], &json[0]["written"]), (Some(0), &Value::from(3), &Value::from(false)));
    assert_eq!(json[0]["changed"][0]["fields"]["author"]["before"], "Ada Miller");
    assert_eq!(bench.feed().await, before);
    let (_, said, _) = rebuild(home.path(), &toml, &["mill"]);
    assert!(said.contains("3 read anew, 0 different") && !said.contains("--write"), "the rule as it was: {said}");
}

#[tokio::test]
async fn written_it_is_an_update_and_the_next_refresh_asks_for_no_article() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let before = bench.feed().await;
    let hits = origin.requests().len();
    let (code, said, _) = rebuild(home.path(), &edited(&toml), &["mill", "--write"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("published as updates"), "{said}");
    assert_eq!(origin.requests().len(), hits, "nobody was asked for anything");
    let after = bench.feed().await;
    for (old, new) in before.items.iter().zip(&after.items) {
        assert_eq!((&old.id, old.published), (&new.id, new.published));
        assert!(new.updated > old.updated && new.fields.author != old.fields.author);
    }
    assert!(content(&after, 0).len() < content(&before, 0).len() && after.changed > before.changed);

    let bench = bench.restart(home.path(), &edited(&toml));
    bench.refresh().await;
    assert_eq!(origin.hits("/stories/sack-1"), 1, "they were read by the new rule already");
    assert_eq!(bench.feed().await.items, after.items);
}

#[tokio::test]
async fn in_silence_no_item_counts_as_updated() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let before = bench.feed().await;
    assert_eq!(rebuild(home.path(), &edited(&toml), &["mill", "--silent"]).0, Some(2), "only with --write");
    assert_eq!(rebuild(home.path(), &edited(&toml), &["mill", "--write", "--silent"]).0, Some(0));
    let after = bench.feed().await;
    let dates = |feed: &Feed| -> Vec<_> { feed.items.iter().map(|item| (item.published, item.updated)).collect() };
    assert_eq!(dates(&after), dates(&before));
    assert_ne!(content(&after, 0), content(&before, 0));
    assert!(after.changed > before.changed, "the feed's own validators move");
    let bench = bench.restart(home.path(), &edited(&toml));
    bench.refresh().await;
    assert_eq!(dates(&bench.feed().await), dates(&before), "nor later");
}

#[tokio::test]
async fn rows_of_the_listing_are_read_anew_too() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    site.publish(&origin);
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    site.articles.remove(2);
    site.articles[0].title = "A goose of its own".to_owned();
    site.publish(&origin);
    bench.refresh().await;
    let of_rows = toml.replace("item = \"li.story\"", "item = \"li.story\"\ncategory = \"time\"");
    let (code, said, _) = rebuild(home.path(), &of_rows, &["mill", "--write"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("3 read anew, 2 different (0 in title or text)"), "{said}");
    assert!(said.contains("1 of them is no longer on the listing that is kept"), "{said}");
    let feed = bench.feed().await;
    let categories: Vec<usize> = feed.items.iter().map(|item| item.fields.category.len()).collect();
    assert_eq!(categories, [1, 1, 0]);
    let hits = origin.hits("/stories/sack-2");
    bench.restart(home.path(), &of_rows).refresh().await;
    assert_eq!(origin.hits("/stories/sack-2"), hits);
}

#[tokio::test]
async fn a_site_without_articles_is_rebuilt_from_its_listing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let toml = sites_toml(&origin, "");
    let (site, rest) = toml.split_once("[sites.mill.article]").unwrap();
    let toml = format!("{site}{}", &rest[rest.find("[fetch]").unwrap()..]);
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let shorter =
        toml.replace("item = \"li.story\"", "item = \"li.story\"\ntitle = { css = \"a\", match = \"Sack (\\\\d+)\" }");
    let (code, said, _) = rebuild(home.path(), &shorter, &["mill", "--write"]);
    assert!(code == Some(0) && said.contains("+ title         2\n"), "{said}");
    assert_eq!(bench.feed().await.items[0].title(), "2");
}

#[tokio::test]
async fn every_page_of_an_article_is_kept() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(1);
    site.publish(&origin);
    let page = |text: &str, next: &str| {
        Script::html(format!("<h1>Sack 1 & its goose</h1><div class=body><p>{text}</p><i>{text} too</i></div>{next}"))
    };
    origin.on("/stories/sack-1", page("One", "<a class=next href='/two'>2</a><a class=more href='/three'>3</a>"));
    origin.on("/two", page("Two", ""));
    let toml = sites_toml(&origin, "").replace("content = \".body\"", "content = \".body\"\nnext = \"a.next @href\"");
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let (_, said, _) = rebuild(home.path(), &toml.replace("\".body\"", "\".body i\""), &["mill", "--write"]);
    assert!(said.contains("1 read anew, 1 different"), "{said}");
    let feed = bench.feed().await;
    assert!(content(&feed, 0).contains("One too") && content(&feed, 0).contains("Two too"), "{}", content(&feed, 0));
    let other = toml.replace("a.next @href", "a.more @href");
    let (code, said, _) = rebuild(home.path(), &other, &["mill"]);
    assert!(code == Some(1) && said.contains("/three was not kept"), "{said}");
}

#[tokio::test]
async fn where_no_page_is_kept_it_says_why_and_what_to_do() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(2);
    site.publish(&origin);
    let toml = sites_toml(&origin, "");
    let off = sites_toml(&origin, "keep_pages = \"off\"\n");
    let (code, _, complaint) = rebuild(home.path(), &toml, &["mill"]);
    assert!(code == Some(1) && complaint.contains("the archive has nothing of it"), "{complaint}");
    let bench = Bench::start(home.path(), &off);
    bench.refresh().await;
    let (code, said, _) = rebuild(home.path(), &off, &["mill"]);
    assert!(code == Some(1) && said.contains("its `keep_pages` is off"), "{said}");

    site.articles.insert(0, support::site::Article::numbered(9));
    site.publish(&origin);
    let bench = bench.restart(home.path(), &toml);
    bench.refresh().await;
    let (code, said, _) = rebuild(home.path(), &toml, &["mill"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("3 items, 1 read anew, 0 different") && said.contains("2 items are as before"), "{said}");

    bench.wait(chrono::TimeDelta::days(8));
    site.articles.insert(0, support::site::Article::numbered(10));
    site.publish(&origin);
    bench.refresh().await;
    let (_, said, _) = rebuild(home.path(), &toml, &["mill"]);
    assert!(said.contains("4 items, 1 read anew"), "older pages are gone: {said}");
    bench.restart(home.path(), &off).refresh().await;
    assert_eq!(rebuild(home.path(), &off, &["mill"]).0, Some(1), "switched off, they are gone at once");
}

#[test]
fn names_that_cannot_be_rebuilt_are_told_so() {
    let home = tempfile::tempdir().unwrap();
    let toml = "[sites.mill]\nurl = \"https://a.example/\"\nlisting.item = \"li\"\n\
                [sites.many]\nurl = \"https://a.example/{n}\"\nparams = { n = '\\d+' }\nlisting.item = \"li\"\n\
                [merged.all]\nsites = [\"mill\"]\n";
    for (name, words) in [
        ("mil", "no site is called `mil`"),
        ("all", "`all` is made of several sites, which have the rules: mill"),
        ("many", "`many` makes many feeds"),
        ("many/x", "`n` must match"),
    ] {
        let (code, _, complaint) = rebuild(home.path(), toml, &[name]);
        assert!(code == Some(2) && complaint.contains(words), "{name}: {complaint}");
    }
    let (code, _, complaint) = rebuild(home.path(), toml, &["many/7"]);
    assert!(code == Some(1) && complaint.contains("many/7: the archive has nothing of it"), "{complaint}");
    assert_eq!(rebuild(home.path(), toml, &[]).0, Some(2));
}

#[tokio::test]
async fn another_process_notices_what_was_rebuilt_before_its_next_refresh() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let toml = sites_toml(&origin, "");
    let bench = Bench::start(home.path(), &toml);
    let wanted = || feedmill::engine::Wanted { name: "mill", format: feedmill::edition::Format::Atom, query: None };
    let tag = async || match bench.engine.answer(wanted()).await {
        feedmill::engine::Answer::Edition(edition) => edition.rendering.etag.clone(),
        other => panic!("{other:?}"),
    };
    let first = tag().await;
    let hits = origin.requests().len();
    assert_eq!(rebuild(home.path(), &edited(&toml), &["mill", "--write", "--silent"]).0, Some(0));
    bench.wait(chrono::TimeDelta::seconds(5));
    assert_ne!(tag().await, first);
    assert_eq!(origin.requests().len(), hits, "no refresh was due");
}

#[test]
fn a_server_goes_on_while_its_feed_is_rebuilt() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let toml = format!("{}\n[archive]\nurl = \"archive.db\"\n", sites_toml(&origin, ""));
    configure(home.path(), &toml);
    let server = Server::start(home.path());
    assert!(server.get("/feeds/mill.atom").text().contains("Ada Miller"));
    let (code, _, complaint) = rebuild(home.path(), &edited(&toml), &["mill", "--write"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert_eq!(server.get("/feeds/mill.atom").status, 200);
}
