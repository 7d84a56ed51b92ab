//! The full text of articles without a rule: `full_text = true` asks for it, a rule that finds nothing falls back on it,
//! and neither makes an item out of a log-in, or an old item look changed.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;

/// A listing with one article, `/story`.
fn start(origin: &Origin, home: &std::path::Path, site: &str, article: &str) -> Bench {
    origin.on("/", Script::html("<ul><li><a href=/story>The goose</a></ul>").etag("\"1\""));
    let toml = format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\n{site}\n[sites.mill.listing]\nitem = \"li\"\n\
         {article}\n[fetch]\ngap = \"0s\"\n",
        origin.url("/"),
    );
    Bench::start(home, &toml)
}

/// The story's page, with the text in a box of that class.
fn story(class: &str, more: &str) -> String {
    let prose =
        "<p>The miller counted the sacks twice on Monday, and the goose, of course, counted them once more.</p>";
    format!(
        "<!DOCTYPE html><title>The goose</title><nav><a href=/>Home</a> <a href=/about>About</a></nav><article>\
         <h1>The goose</h1><div class={class}>{}{more}</div></article><footer><p>© The mill</p></footer>",
        prose.repeat(4)
    )
}

async fn content(bench: &Bench) -> String {
    let feed = bench.feed().await;
    assert_eq!(feed.items.len(), 1);
    feed.items[0].fields.content.as_ref().map(|content| content.as_str().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn one_line_asks_for_it() {
    for (site, article, is_there) in [
        ("full_text = true", "", true),
        ("", "[sites.mill.article]", true),
        ("", "[sites.mill.article]\ncontent = false", false),
        ("full_text = false", "[sites.mill.article]", false),
        ("", "", false),
    ] {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        origin.on("/story", Script::html(story("body", "")));
        let bench = start(&origin, home.path(), site, article);
        bench.refresh().await;
        let text = content(&bench).await;
        assert_eq!(text.contains("counted the sacks"), is_there, "{site} {article}: {text}");
        assert!(!text.contains("© The mill") && !text.contains("About"), "{text}");
    }
}

#[tokio::test]
async fn a_rule_that_finds_nothing_falls_back_on_it_and_says_so() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/story", Script::html(story("text", "")));
    let bench = start(&origin, home.path(), "", "[sites.mill.article]\ncontent = \".body\"");
    let refreshed = bench.refresh().await;
    assert!(content(&bench).await.contains("counted the sacks"));
    let remarks: Vec<_> = refreshed.report.notes.iter().map(|note| note.what.as_str()).collect();
    assert!(remarks.iter().any(|what| what.contains("found without the rule")), "{remarks:?}");
}

#[tokio::test]
async fn an_item_does_not_change_when_its_text_moves_within_the_page() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let more = "<div class=share><a href=/s>Share</a></div>";
    origin.on("/story", Script::html(story("body", more)));
    let bench = start(&origin, home.path(), "", "[sites.mill.article]\ncontent = \".body\"");
    bench.refresh().await;
    let before = (content(&bench).await, bench.feed().await.items[0].updated);
    origin.on("/story", Script::html(story("text", more)));
    bench.wait(TimeDelta::hours(2));
    bench.refresh().await;
    assert_eq!((content(&bench).await, bench.feed().await.items[0].updated), before);
}

#[tokio::test]
async fn a_page_that_has_lost_its_text_leaves_the_item_as_it_is() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/story", Script::html(story("body", "")));
    let bench = start(&origin, home.path(), "full_text = true", "");
    assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 1, new: 1, changed: 0 });
    let before = content(&bench).await;
    origin.on("/story", Script::html("<h1>Log in</h1><form><input type=password></form>"));
    bench.wait(TimeDelta::hours(2));
    bench.refresh().await;
    assert_eq!(content(&bench).await, before);
}

#[tokio::test]
async fn a_page_that_lacks_all_that_its_rule_names_has_no_text() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/story", Script::html(story("text", "")));
    let bench =
        start(&origin, home.path(), "", "[sites.mill.article]\ncontent = \".body\"\nauthor = \".who\"\ntitle = \"h5\"");
    bench.refresh().await;
    assert_eq!(content(&bench).await, "");
}
