//! Subscribers see the items: newsboat, feedparser, feed-rs and a browser, each for real, from the running server.

#![cfg(test)]

mod readers;
mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use feedmill::edition::Format;
use readers::{Seen, feed_rs_sees, python_reads};
use support::newsboat::titles_seen_by_newsboat;
use support::origin::Origin;
use support::server::Server;
use support::site::{Site, configure, sites_toml};

/// Titles with everything that breaks feeds, and what a reader is to see of them.
const TITLES: [(&str, &str); 7] = [
    ("Wheel &amp; water &lt;b&gt;bold&lt;/b&gt;", "Wheel & water <b>bold</b>"),
    ("Ends a section ]]&gt; early ]]&gt;", "Ends a section ]]> early ]]>"),
    ("Bell\u{7} and &#1;&#x1f; and \u{b}\u{fffe}", "Bell and and"),
    ("Lone surrogate &#xD800; here", "Lone surrogate \u{fffd} here"),
    (
        "Goose \u{1f9a2} at the mill \u{1f468}\u{200d}\u{1f33e}",
        "Goose \u{1f9a2} at the mill \u{1f468}\u{200d}\u{1f33e}",
    ),
    (
        "\u{202e}backwards \u{5d8}\u{5d7}\u{5e0}\u{5ea} \u{645}\u{637}\u{62d}\u{646}\u{629}",
        "backwards \u{5d8}\u{5d7}\u{5e0}\u{5ea} \u{645}\u{637}\u{62d}\u{646}\u{629}",
    ),
    ("\"Quotes\" and 'more' &quot;of&quot; them", "\"Quotes\" and 'more' \"of\" them"),
];

fn nasty() -> Site {
    let mut site = Site::of(TITLES.len());
    for (article, (title, _)) in site.articles.iter_mut().zip(TITLES) {
        article.title = title.into();
        article.body = format!("<p>{title}</p><p>And \u{0}\u{8}more ]]&gt; text.</p>");
    }
    site
}

fn titles() -> Vec<String> {
    TITLES.iter().map(|(_, seen)| (*seen).to_owned()).collect()
}

#[test]
fn fault_31_every_reader_sees_the_same_legal_text() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    nasty().publish(&origin);
    configure(home.path(), &sites_toml(&origin, "title = \"Mill <&> \\\"Times\\\"\""));
    let server = Server::start(home.path());
    let get = |format: Format| {
        let answer = server.get(&format!("/feeds/mill.{}", format.extension()));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body
    };
    let (rss, atom, json) = (get(Format::Rss), get(Format::Atom), get(Format::Json));
    let mut all: Vec<(String, Seen)> = vec![
        ("feed-rs, RSS".into(), feed_rs_sees(&rss, Format::Rss)),
        ("feed-rs, Atom".into(), feed_rs_sees(&atom, Format::Atom)),
        ("feed-rs, JSON Feed".into(), feed_rs_sees(&json, Format::Json)),
    ];
    if let Some(seen) = python_reads(&[("rss", &rss), ("atom", &atom)]) {
        for (file, readers) in seen {
            all.extend(readers.into_iter().map(|(reader, saw)| (format!("{reader}, {file}"), saw.expect("a feed"))));
        }
    }
    let (_, first) = all.first().cloned().unwrap();
    for (reader, seen) in &all {
        let saw: Vec<String> = seen.items.iter().map(|item| item.title.clone()).collect();
        assert_eq!(saw, titles(), "{reader}");
        assert_eq!(seen.title, "Mill <&> \"Times\"", "{reader}");
        for (item, of_first) in seen.items.iter().zip(&first.items) {
            assert_eq!(
                (&item.id, &item.link, item.published),
                (&of_first.id, &of_first.link, of_first.published),
                "{reader}"
            );
            assert_eq!((&item.authors, &item.content), (&of_first.authors, &of_first.content), "{reader}");
        }
    }
    assert!(first.items[0].content.as_ref().is_some_and(|content| content.contains("more ]]&gt; text.")), "{first:#?}");
}

#[test]
fn newsboat_subscribes_in_rss_and_in_atom() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(12).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "title = \"The Mill Times\""));
    let server = Server::start(home.path());
    let expected: Vec<String> = (1..=12).rev().map(|n| format!("Sack {n} & its goose")).collect();
    // One newsboat for each: within one, items of the same id are the same item.
    for path in ["/feeds/mill.xml", "/feeds/mill.atom", "/feeds/mill"] {
        let Some(seen) = titles_seen_by_newsboat(&[server.url(path)]) else { return };
        assert_eq!(seen, [("The Mill Times".to_owned(), expected.clone())], "{path}");
    }
}

#[test]
fn the_demo_shows_a_feed_from_its_first_moment_and_news_arrive() {
    let home = tempfile::tempdir().unwrap();
    let demo = Server::start_with(home.path(), &["demo", "--pace", "1"]);
    let index = demo.get("/").text();
    assert!(index.contains("The Millstream Gazette") && index.contains("healthy"), "{index}");
    let first = feed_rs_sees(&demo.get("/feeds/gazette.xml").body, Format::Rss);
    assert!(first.items.len() >= 9, "{}", first.items.len());
    assert!(first.items.iter().all(|item| item.content.is_some()));
    assert_eq!(demo.stop(), Some(0));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn the_demo_s_feed_outlasts_a_redesign_of_its_site() {
    let home = tempfile::tempdir().unwrap();
    let demo = Server::start_with(home.path(), &["demo", "--pace", "86400"]);
    let seen = || feed_rs_sees(&demo.get("/feeds/gazette.xml").body, Format::Rss);
    let before = seen();
    demo.wait_until("the paper is named", |demo| !demo.lines_with("the paper   http://").is_empty());
    let line = demo.lines_with("the paper   http://").remove(0);
    let paper = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    let mut button = TcpStream::connect(&paper).unwrap();
    write!(button, "POST /redesign HTTP/1.1\r\nHost: {paper}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    button.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    demo.wait_until("the repair is told", |demo| !demo.lines_with("found the list again").is_empty());
    assert_eq!((demo.lines_with("-item = ").len(), demo.lines_with("+item = ").len()), (1, 1), "with its difference");
    let after = seen();
    let ids = |seen: &Seen| seen.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&after).len(), ids(&after)), (9, ids(&before)));
    assert_eq!(demo.stop(), Some(0));
}

/// What Chromium makes of a page: the document after loading, and what its console said.
fn browsed(url: &str) -> Option<(String, String)> {
    let profile = tempfile::tempdir().unwrap();
    let mut chromium = Command::new("chromium");
    chromium
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"])
        .args(["--enable-logging=stderr", "--log-level=0", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(url);
    let Ok(output) = chromium.output() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "chromium is not installed; `make tools` installs it");
        eprintln!("SKIPPED: chromium is not installed; `make tools` installs it");
        return None;
    };
    let console = String::from_utf8_lossy(&output.stderr);
    let console = console.lines().filter(|line| line.contains("CONSOLE")).collect::<Vec<_>>().join("\n");
    Some((String::from_utf8_lossy(&output.stdout).into_owned(), console))
}

#[test]
fn a_browser_shows_the_feed_and_the_index() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    nasty().publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let server = Server::start(home.path());
    let Some((page, console)) = browsed(&server.url("/feeds/mill")) else { return };
    assert!(page.contains("The Mill Times"), "a browser asks for a page: {page}");
    assert!(page.contains("Wheel &amp; water &lt;b&gt;bold&lt;/b&gt;"), "{page}");
    assert!(page.contains("more ]]&gt; text."), "{page}");
    assert_eq!(console, "", "nothing that the page wants is forbidden to it");
    let Some((index, console)) = browsed(&server.url("/")) else { return };
    assert!(index.contains("feeds/mill.xml") && index.contains("healthy"), "{index}");
    assert_eq!(console, "");
}
