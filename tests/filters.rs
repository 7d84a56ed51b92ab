//! A filter decides what a feed shows, never what is remembered; readers may filter too, where the site allows it.

#![cfg(test)]

mod support;

use std::path::Path;

use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::{Answer, Server};
use support::site::{Article, Site, configure, sites_toml};

fn build(home: &Path) {
    let output = feedmill(home).args(["build", "--out", "out"]).output().expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn built(home: &Path) -> feed_rs::model::Feed {
    feed_rs::parser::parse(std::fs::File::open(home.join("out/mill.xml")).expect("a feed")).expect("a feed")
}

fn titles(feed: &feed_rs::model::Feed) -> Vec<String> {
    feed.entries.iter().map(|entry| entry.title.clone().expect("a title").content).collect()
}

fn titles_in(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    titles(&feed_rs::parser::parse(answer.body.as_slice()).expect("a feed"))
}

fn sacks(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| Article::numbered(n).title).collect()
}

#[test]
fn a_feed_shows_what_its_filter_lets_through_and_as_many_as_it_is_told() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(40).publish(&origin);
    let filter = "show = 3\nfilter = { include = { title = ['^Sack 1', '^Sack 2'] }, exclude = { title = \"9 &\" } }";
    configure(home.path(), &sites_toml(&origin, filter));
    build(home.path());
    assert_eq!(titles(&built(home.path())), sacks([28, 27, 26]), "`show` counts what is left");
}

#[test]
fn a_saved_list_is_previewed_as_its_feed_would_be() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &sites_toml(&origin, "filter = { include = { title = 'Sack 1' } }"));
    std::fs::write(home.path().join("page.html"), Site::of(3).listing()).unwrap();
    let output = feedmill(home.path()).args(["preview", "mill", "--page", "page.html"]).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("Sack 1") && !shown.contains("Sack 2"), "{shown}");
}

#[test]
fn articles_that_their_rows_rule_out_are_not_asked_for() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(10).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "filter = { exclude = { title = 'Sack [2-9]' } }"));
    build(home.path());
    assert_eq!(titles(&built(home.path())), sacks([10, 1]));
    assert_eq!(origin.requests().len(), 3, "the listing and two articles");
    build(home.path());
    assert_eq!(origin.requests().len(), 4, "they are not asked for later either");
}

#[test]
fn an_edited_filter_loses_nothing_repeats_nothing_and_moves_the_validators() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(6).publish(&origin);
    let toml = |filter: &str| sites_toml(&origin, filter);
    configure(home.path(), &toml(""));
    build(home.path());
    let whole = built(home.path());
    let modified = || std::fs::metadata(home.path().join("out/mill.xml")).unwrap().modified().unwrap();
    let first = modified();

    configure(home.path(), &toml("filter = { include = { title = 'Sack [56]' } }"));
    build(home.path());
    let narrow = built(home.path());
    assert_eq!(titles(&narrow), sacks([6, 5]));
    let second = modified();
    assert!(second > first, "what Last-Modified says moves");
    build(home.path());
    assert_eq!(modified(), second, "and moves once");

    configure(home.path(), &toml(""));
    build(home.path());
    let again = built(home.path());
    assert!(modified() > second);
    let identity = |feed: &feed_rs::model::Feed| -> Vec<_> {
        feed.entries.iter().map(|entry| (entry.id.clone(), entry.published, entry.content.clone())).collect()
    };
    assert_eq!(identity(&again), identity(&whole));
    assert_eq!(identity(&narrow), identity(&whole)[..2]);
}

#[test]
fn what_a_filter_kept_unread_is_read_once_it_passes() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(4).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "filter = { exclude = { title = 'Sack [12]' } }"));
    build(home.path());
    assert_eq!(origin.hits("/stories/sack-1"), 0);
    configure(home.path(), &sites_toml(&origin, ""));
    build(home.path());
    assert_eq!((origin.hits("/stories/sack-1"), origin.hits("/stories/sack-4")), (1, 1), "each once");
    let feed = built(home.path());
    assert_eq!(titles(&feed), sacks([4, 3, 2, 1]));
    assert!(feed.entries.iter().all(|entry| entry.content.is_some()));
}

#[test]
fn news_that_are_not_shown_do_not_move_the_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "filter = { exclude = { title = 'Sack 4' } }"));
    build(home.path());
    let bytes = || std::fs::read(home.path().join("out/mill.atom")).unwrap();
    let before = bytes();
    Site::of(4).publish(&origin);
    build(home.path());
    assert!(bytes() == before);
    Site::of(5).publish(&origin);
    build(home.path());
    assert_eq!(titles(&built(home.path())), sacks([5, 3, 2, 1]));
}

/// A server for ten sacks, with `more` in the site's table.
fn serving(more: &str) -> (Origin, tempfile::TempDir, Server) {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(10).publish(&origin);
    let public = "[server]\npublic_url = \"https://feeds.example/\"\n";
    configure(home.path(), &format!("{}{public}", sites_toml(&origin, more)));
    let server = Server::start(home.path());
    (origin, home, server)
}

#[test]
fn readers_filter_where_the_site_allows_it() {
    let (_origin, _home, server) = serving("query_filter = true\nfilter = { exclude = { title = 'Sack 9' } }");
    let one = server.get("/feeds/mill.xml?utm_source=x&show=3&include.title=Sack+[0-9]%20&exclude.title=8");
    assert_eq!(titles_in(&one), sacks([7, 6, 5]), "on top of the site's own filter");
    let own = "https://feeds.example/feeds/mill.xml?exclude.title=8&amp;include.title=Sack+%5B0-9%5D+&amp;show=3";
    assert!(one.text().contains(own), "{}", one.text());
    assert_eq!(one.header("link"), Some(format!("<{}>; rel=\"self\"", own.replace("&amp;", "&")).as_str()));

    let etag = one.header("etag").unwrap().to_owned();
    let same = "/feeds/mill.xml?include.title=Sack%20[0-9]+&exclude.title=8&show=3";
    assert_eq!(server.ask(same, &[("If-None-Match", &etag)]).status, 304, "one query, one spelling");
    let whole = server.get("/feeds/mill.xml");
    assert_eq!(titles_in(&whole), sacks([10, 8, 7, 6, 5, 4, 3, 2, 1]));
    assert_ne!(whole.header("etag"), Some(etag.as_str()));
    assert_eq!(whole.header("last-modified"), one.header("last-modified"));
    let html = server.get("/feeds/mill.html?include.title=10");
    assert!(html.text().contains("mill.atom?include.title=10"), "{}", html.text());
    assert!(titles_in(&server.get("/feeds/mill.xml?include.title=nothing")).is_empty(), "an empty feed is one");
    let negotiated = server.ask("/feeds/mill?show=1", &[("Accept", "application/atom+xml")]);
    assert_eq!(negotiated.header("content-location"), Some("/feeds/mill.atom?show=1"));
}

#[test]
fn queries_that_cannot_be_answered_say_why() {
    let (_origin, _home, server) = serving("query_filter = true");
    for (query, words) in [
        ("include.title=(", "unclosed group"),
        ("include.titel=x", "`titel` is no field"),
        ("exclude.title=(a{1000}){1000}", "too much memory"),
        ("include.title=((((((((((\\w{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})", "too much memory"),
        ("show=0", "from 1 to 500"),
        ("show=501", "from 1 to 500"),
    ] {
        let answer = server.get(&format!("/feeds/mill.xml?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text().contains(words), "{query}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    // Neither text nor anything else that is known: passed over, or matched as it is.
    for query in ["%ff%00", "=&=", "&&&", "include", "include.title=%ff", "show.x=1"] {
        assert_eq!(server.get(&format!("/feeds/mill.xml?{query}")).status, 200, "{query}");
    }
}

#[test]
fn elsewhere_a_query_means_nothing() {
    let (_origin, _home, server) = serving("");
    let plain = server.get("/feeds/mill.xml");
    let with_query = server.get("/feeds/mill.xml?include.title=(&show=1");
    assert_eq!((with_query.status, &with_query.body), (200, &plain.body));
    assert_eq!(with_query.header("link"), plain.header("link"));
}

#[test]
fn any_number_of_different_queries_costs_no_more_memory_than_a_few() {
    let (origin, _home, server) = serving("query_filter = true");
    for number in 0..50 {
        server.get(&format!("/feeds/mill.xml?include.title={number}"));
    }
    let before = server.peak_kb();
    for number in 0..500 {
        assert_eq!(server.get(&format!("/feeds/mill.json?exclude.title=x{number}")).status, 200);
    }
    assert!(server.peak_kb() < before + 20_000, "{} KB after {before} KB", server.peak_kb());
    assert_eq!(origin.hits("/"), 1, "nobody asks the site for them");
}

#[test]
fn a_site_that_fails_still_shows_an_edited_filter() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    build(home.path());
    origin.on("/", Script::status(500));
    configure(home.path(), &sites_toml(&origin, "filter = { include = { title = 'Sack 2' } }"));
    let server = Server::start(home.path());
    let first = server.get("/feeds/mill.xml");
    assert_eq!(titles_in(&first), sacks([2]));
    origin.wait_for_hits("/", 2);
}
