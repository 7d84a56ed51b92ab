//! A feed that calls its items by other ids than before repeats none of them.

#![cfg(test)]

mod support;

use std::fmt::Write as _;

use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;

/// An entry of a feed: guid, link, title, day of November.
type Entry<'a> = (&'a str, &'a str, &'a str, u32);

fn publish(origin: &Origin, entries: &[Entry<'_>]) {
    let mut items = String::new();
    for (guid, link, title, day) in entries {
        let _ = write!(
            items,
            "<item><guid isPermaLink=\"false\">{guid}</guid><link>{}</link><title>{title}</title>\
             <pubDate>{day:02} Nov 2026 08:00:00 GMT</pubDate></item>",
            origin.url(link)
        );
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>Mill</title><link>/</link>{items}</channel></rss>");
    origin.on("/feed", Script::page("application/rss+xml", feed));
}

fn toml(origin: &Origin) -> String {
    format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\nlisting.from = \"feed\"\n[fetch]\ngap = \"0s\"\n",
        origin.url("/feed"),
        origin.address()
    )
}

async fn ids(bench: &Bench) -> Vec<String> {
    bench.feed().await.items.into_iter().map(|item| item.id).collect()
}

#[tokio::test]
async fn a_guid_that_changes_its_form_repeats_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin));
    publish(&origin, &[("http://mill/?p=2", "/two", "Two", 2), ("http://mill/?p=1", "/one", "One", 1)]);
    bench.refresh().await;
    let before = ids(&bench).await;
    for (one, two) in [("https://mill/?p=1", "https://mill/?p=2"), ("1", "2"), ("one", "two")] {
        publish(&origin, &[(two, "/two", "Two", 2), (one, "/one", "One", 1)]);
        bench.refresh().await;
        assert_eq!(ids(&bench).await, before, "{one}");
    }
    publish(&origin, &[("two", "/two", "Two, corrected", 2), ("one", "/one-moved", "One", 1)]);
    bench.refresh().await;
    assert_eq!(ids(&bench).await, before, "they are known by their new ids from now on");
}

#[tokio::test]
async fn another_item_at_the_same_address_is_another_item() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin));
    publish(&origin, &[("1", "/status", "Down", 1)]);
    bench.refresh().await;
    publish(&origin, &[("2", "/status", "Down", 2)]);
    bench.refresh().await;
    assert_eq!(ids(&bench).await.len(), 2, "another date");
    publish(&origin, &[("3", "/status", "Up", 2)]);
    bench.refresh().await;
    assert_eq!(ids(&bench).await.len(), 3, "another title");
    publish(&origin, &[("4", "/status", "Up", 2), ("3", "/status", "Up", 2)]);
    bench.refresh().await;
    assert_eq!(ids(&bench).await.len(), 4, "both stand there at once");
}
