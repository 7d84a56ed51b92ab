//! An article that stands on several pages is one item, and a version of the page that the rule prefers is read in its
//! place; what fails of them neither costs the rest nor stays missing.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use feedmill::engine::Refreshed;
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;

/// A listing with one article, `/story`, and the rule for it.
fn start(origin: &Origin, home: &std::path::Path, more: &str) -> Bench {
    origin.on("/", Script::html("<ul><li><a href=/story>The goose</a></ul>").etag("\"1\""));
    let toml = format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\n[sites.mill.listing]\nitem = \"li\"\n\
         [sites.mill.article]\ncontent = \".text\"\n{more}\n[fetch]\ngap = \"0s\"\n",
        origin.url("/"),
    );
    Bench::start(home, &toml)
}

/// A page of the story, with more in its head.
fn page(text: &str, next: Option<&str>, head: &str) -> Script {
    let next = next.map(|href| format!("<a class=next href=\"{href}\">next</a>")).unwrap_or_default();
    let html =
        format!("<!DOCTYPE html><head>{head}</head><h1>Page {text}</h1><div class=text><p>{text}</p></div>{next}");
    Script::html(html)
}

async fn content(bench: &Bench) -> String {
    let feed = bench.feed().await;
    assert_eq!(feed.items.len(), 1);
    feed.items[0].fields.content.as_ref().map(|content| content.as_str().replace('\n', "")).unwrap_or_default()
}

fn remarks(refreshed: &Refreshed) -> String {
    refreshed.report.notes.iter().map(|note| note.what.as_str()).collect::<Vec<_>>().join("\n")
}

const NEXT: &str = "next = \"a.next @href\"";

#[tokio::test]
async fn pages_of_an_article_are_joined_in_their_order() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/story", page("one", Some("/story/2"), "").etag("\"one\""));
    origin.on("/story/2", page("two", Some("/story?page=3"), ""));
    origin.on("/story?page=3", page("three", None, ""));
    let bench = start(&origin, home.path(), NEXT);
    assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 1, new: 1, changed: 0 });
    assert_eq!(content(&bench).await, "<p>one</p><p>two</p><p>three</p>");
    let feed = bench.feed().await;
    assert_eq!(feed.items[0].title(), "Page one", "everything else is what the first page says");
    assert_eq!(feed.items[0].id, origin.url("/story"));
    assert_eq!(origin.requests().len(), 4);

    bench.wait(TimeDelta::hours(2));
    assert!(bench.refresh().await.outcome.is_good());
    let last = origin.requests().pop().unwrap();
    assert_eq!((last.path.as_str(), last.header("if-none-match")), ("/story", Some("\"one\"")));
    assert_eq!(origin.requests().len(), 6, "the first page answers for the others");
    assert_eq!(content(&bench).await, "<p>one</p><p>two</p><p>three</p>");
}

#[tokio::test]
async fn without_a_rule_no_article_goes_on() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/story", page("one", Some("/next-story"), "<link rel=next href=/next-story>"));
    let bench = start(&origin, home.path(), "");
    bench.refresh().await;
    assert_eq!((content(&bench).await.as_str(), origin.requests().len()), ("<p>one</p>", 2));
}

#[tokio::test]
async fn no_text_stands_twice_and_no_circle_is_run() {
    let other = Origin::start();
    other.on("/story/2", page("elsewhere", None, ""));
    let elsewhere = other.url("/story/2").replace("127.0.0.1", "localhost");
    let long = "The miller counted the sacks. ".repeat(10);
    for (second, third, expected, asked) in [
        (page("two", Some("/story"), ""), page("x", None, ""), "<p>one</p><p>two</p>", 3),
        (page("two", Some("/story/2#end"), ""), page("x", None, ""), "<p>one</p><p>two</p>", 3),
        (page("one", Some("/story/3"), ""), page("x", None, ""), "<p>one</p>", 3),
        (page("two", Some("/story/3"), ""), page("two", Some("/story/4"), ""), "<p>one</p><p>two</p>", 4),
        (page(&long, Some("/story/3"), ""), page(&long, Some("/story/4"), ""), "long", 4),
        (page("two", Some(&elsewhere), ""), page("x", None, ""), "<p>one</p><p>two</p>", 3),
    ] {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        origin.on("/story", page("one", Some("/story/2"), ""));
        origin.on("/story/2", second);
        origin.on("/story/3", third);
        let bench = start(&origin, home.path(), NEXT);
        bench.refresh().await;
        let expected = expected.replace("long", &format!("<p>one</p><p>{long}</p>"));
        assert_eq!((content(&bench).await, origin.requests().len()), (expected, asked));
    }
    assert_eq!(other.connections(), 0, "an article stays on its host");
}

#[tokio::test]
async fn an_article_has_so_many_pages_and_no_more() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/story", page("day 1", Some("/story/2"), ""));
    for n in 2..40 {
        origin.on(&format!("/story/{n}"), page(&format!("day {n}"), Some(&format!("/story/{}", n + 1)), ""));
    }
    let bench = start(&origin, home.path(), NEXT);
    let refreshed = bench.refresh().await;
    assert_eq!(origin.requests().len(), 21);
    assert_eq!(content(&bench).await.matches("<p>").count(), 20);
    assert!(remarks(&refreshed).contains("only 20 pages"), "{}", remarks(&refreshed));
}

#[tokio::test]
async fn a_page_that_is_missing_is_asked_for_again_and_costs_nothing_that_was_there() {
    for mishap in [Script::status(503), Script::html("<p>no text of ours"), Script::page("application/pdf", "%PDF-1.7")]
    {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        origin.on("/story", page("one", Some("/story/2"), "").etag("\"one\""));
        origin.on("/story/2", mishap.clone());
        let bench = start(&origin, home.path(), NEXT);
        let refreshed = bench.refresh().await;
        assert_eq!(refreshed.outcome, Outcome::Fresh { entries: 1, new: 1, changed: 0 });
        assert_eq!(content(&bench).await, "<p>one</p>", "what is there is published");
        assert!(remarks(&refreshed).contains("/story/2"), "{}", remarks(&refreshed));

        bench.wait(TimeDelta::minutes(9));
        assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
        origin.on("/story/2", page("two", None, ""));
        bench.wait(TimeDelta::minutes(2));
        assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 0, new: 0, changed: 1 });
        assert_eq!(content(&bench).await, "<p>one</p><p>two</p>");

        origin.on("/story", page("one, edited", Some("/story/2"), "").etag("\"edited\""));
        origin.on("/story/2", mishap);
        bench.wait(TimeDelta::hours(2));
        assert!(bench.refresh().await.outcome.is_good());
        assert_eq!(content(&bench).await, "<p>one</p><p>two</p>", "half of it is no news");
        origin.on("/story/2", page("two", None, ""));
        bench.wait(TimeDelta::minutes(11));
        assert!(bench.refresh().await.outcome.is_good());
        assert_eq!(content(&bench).await, "<p>one, edited</p><p>two</p>");
    }
}

#[tokio::test]
async fn the_version_that_a_rule_prefers_is_read_instead() {
    for (prefer, head) in
        [("amp", "<link rel=amphtml href=/story/amp>"), ("print", "<link rel=alternate media=print href=/story/amp>")]
    {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        let canonical = format!("<link rel=canonical href=\"{}\">", origin.url("/story"));
        origin
            .on("/story", page("cluttered", Some("/story/clutter"), &format!("{head}<meta name=author content=Ada>")));
        origin.on("/story/amp", page("clean", Some("/story/amp/2"), &canonical));
        origin.on("/story/amp/2", page("cleaner", None, &canonical));
        let bench = start(&origin, home.path(), &format!("{NEXT}\nprefer = \"{prefer}\""));
        bench.refresh().await;
        assert_eq!(content(&bench).await, "<p>clean</p><p>cleaner</p>", "{prefer}");
        let feed = bench.feed().await;
        let item = &feed.items[0];
        assert_eq!((item.title(), item.id.as_str()), ("Page clean", origin.url("/story").as_str()));
        assert_eq!(item.fields.link.as_ref().map(|link| link.as_str().to_owned()), Some(origin.url("/story")));
        assert_eq!(item.fields.author[0].to_string(), "Ada", "what only the page itself says");
        assert_eq!(origin.hits("/story/clutter"), 0);
        assert_eq!(origin.requests().len(), 4);
    }
}

#[tokio::test]
async fn the_page_itself_is_read_where_there_is_no_other_version() {
    let head = "<link rel=amphtml href=/story/amp>";
    for (head, amp) in [
        ("", page("never", None, "")),
        (head, Script::status(404)),
        (head, Script::html("<p>no text of ours")),
        (head, Script::redirect(302, "http://10.0.0.1/")),
    ] {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        origin.on("/story", page("one", Some("/story/2"), head));
        origin.on("/story/2", page("two", None, head));
        origin.on("/story/amp", amp);
        let bench = start(&origin, home.path(), &format!("{NEXT}\nprefer = \"amp\""));
        let refreshed = bench.refresh().await;
        assert_eq!(content(&bench).await, "<p>one</p><p>two</p>");
        assert_eq!(remarks(&refreshed).contains("was read instead"), !head.is_empty(), "{}", remarks(&refreshed));
    }
}
