//! What all articles of a site say is none of theirs: texts that are found without a rule do without it, from the first
//! refresh on, and nothing counts as changed for it.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;

const PLEA: &str =
    "<p>You have read one of our stories, and the mill grinds on because readers like you bring their corn.</p>";
const ABOUT: &str =
    "<p>The Mill Times has been printed above the wheel since the flood, and is read in both valleys.</p>";

/// A configuration, with a listing of stories by their numbers, the newest first.
fn list(origin: &Origin, numbers: &[usize]) -> String {
    let rows: String = numbers.iter().map(|n| format!("<li><a href=/story-{n}>Sack {n}</a>")).collect();
    origin.on("/", Script::html(format!("<ul>{rows}</ul>")));
    format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\nfull_text = true\nlisting.item = \"li\"\n\
         [fetch]\ngap = \"0s\"\n",
        origin.url("/")
    )
}

/// A story of its own, with what stands under every one.
fn story(origin: &Origin, n: usize, below: &str) {
    let prose = |what: &str| {
        format!(
            "<p>On day {n} the miller carried {what} sack number {n}, and the goose, who had seen it, told {n} others.</p>"
        )
    };
    let text: String = ["in", "out", "up", "down"].into_iter().map(prose).collect();
    let page =
        format!("<title>Sack {n}</title><article><h1>Sack {n}</h1><div class=text>{text}{below}</div></article>");
    origin.on(&format!("/story-{n}"), Script::html(page));
}

async fn texts(bench: &Bench) -> Vec<String> {
    let feed = bench.feed().await;
    feed.items.iter().map(|item| item.fields.content.as_ref().unwrap().as_str().to_owned()).collect()
}

#[tokio::test]
async fn what_three_stories_say_is_in_none_of_them() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = list(&origin, &[3, 2, 1]);
    (1..=3).for_each(|n| story(&origin, n, PLEA));
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    for text in texts(&bench).await {
        assert_eq!((text.matches("<p>").count(), text.contains("corn")), (4, false), "{text}");
    }

    // One article alone, after a restart: it is known by now.
    let bench = bench.restart(home.path(), &list(&origin, &[4, 3, 2, 1]));
    story(&origin, 4, PLEA);
    bench.refresh().await;
    let texts = texts(&bench).await;
    assert_eq!((texts.len(), texts[0].matches("<p>").count()), (4, 4), "{texts:?}");
}

#[tokio::test]
async fn two_stories_may_say_the_same() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = list(&origin, &[3, 2, 1]);
    (1..=3).for_each(|n| story(&origin, n, if n == 3 { "" } else { PLEA }));
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    assert_eq!(texts(&bench).await.iter().filter(|text| text.contains("corn")).count(), 2);
}

#[tokio::test]
async fn what_is_learnt_later_is_no_update_of_what_was_there() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut bench = None;
    // One story a day: the third one shows what they have in common.
    for n in 1..=3 {
        let toml = list(&origin, &(1..=n).rev().collect::<Vec<_>>());
        story(&origin, n, ABOUT);
        let running = bench.get_or_insert_with(|| Bench::start(home.path(), &toml));
        assert!(matches!(running.refresh().await.outcome, Outcome::Fresh { new: 1, changed: 0, .. }));
        running.wait(TimeDelta::minutes(10));
    }
    let bench = bench.unwrap();
    let before = bench.feed().await;
    let with: Vec<bool> = texts(&bench).await.iter().map(|text| text.contains("both valleys")).collect();
    assert_eq!(with, [false, true, true], "the first two were archived before it was known");

    bench.wait(TimeDelta::hours(2));
    bench.refresh().await;
    let after = bench.feed().await;
    assert!(texts(&bench).await.iter().all(|text| !text.contains("both valleys")), "looked at again, they do without");
    for (before, after) in before.items.iter().zip(&after.items) {
        assert_eq!((&before.id, before.updated), (&after.id, after.updated));
    }
    assert!(after.changed > before.changed, "readers get the better text");
}

#[tokio::test]
async fn who_writes_a_rule_says_himself_what_goes() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = list(&origin, &[3, 2, 1]).replace("[fetch]", "[sites.mill.article]\ncontent = \".text\"\n[fetch]");
    (1..=3).for_each(|n| story(&origin, n, PLEA));
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    assert!(texts(&bench).await.iter().all(|text| text.contains("corn")));
}
