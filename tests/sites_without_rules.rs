//! A site's table needs no rule: its address makes a feed. What the page says of itself is taken as it is said; else its list is
//! found once, and the rule that finds it runs from then on.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use feedmill::outcome::Outcome;
use feedmill::selfmade::SelfMade;
use support::bench::Bench;
use support::origin::Origin;
use support::press::{self, Generation, listing, publish};
use support::script::Script;

fn toml(origin: &Origin, more: &str) -> String {
    format!(
        "[fetch]\ngap = \"0s\"\n[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n{more}",
        origin.url("/world/"),
        origin.address()
    )
}

async fn outcome(bench: &Bench) -> Outcome {
    bench.wait(TimeDelta::minutes(15));
    bench.refresh().await.outcome.clone()
}

async fn made(bench: &Bench) -> SelfMade {
    bench.archive.state("mill").await.unwrap().made
}

async fn rule(bench: &Bench) -> Option<String> {
    bench.engine.detail("mill").await.unwrap().unwrap().rule
}

fn fresh(entries: usize, new: usize) -> Outcome {
    Outcome::Fresh { entries, new, changed: 0 }
}

#[tokio::test]
async fn an_address_makes_a_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, Generation::Second, 20..=34);
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, fresh(15, 15));
    assert_eq!(origin.hits("/world/"), 1, "the page is not asked for again for that");
    let feed = bench.feed().await;
    assert_eq!(feed.title, "World: The Quay");
    let titles: Vec<&str> = feed.items.iter().map(feedmill::item::Item::title).collect();
    let expected: Vec<String> = (20..=34).rev().map(press::title).collect();
    assert_eq!(titles, expected);
    let shown = rule(&bench).await.unwrap();
    assert_eq!(refreshed.rule.as_ref(), Some(&shown));
    assert!(shown.starts_with("item = "), "{shown}");
    let status = bench.engine.detail("mill").await.unwrap().unwrap().status;
    assert_eq!((status.health, status.repair.is_none()), ("healthy", true));
    // Written down, it makes the same feed.
    let ruled = toml(&origin, &format!("[sites.mill.listing]\n{shown}"));
    let other = tempfile::tempdir().unwrap();
    let ruled = Bench::start(other.path(), &ruled);
    ruled.refresh().await;
    assert_eq!(ruled.feed().await.items, feed.items);
}

#[tokio::test]
async fn the_rule_runs_from_then_on_and_not_the_guess() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, Generation::Second, 20..=34);
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    bench.refresh().await;
    let found = rule(&bench).await;
    // A longer list of the same site above the one that was found.
    let other: String = (0..40)
        .map(|n| format!("<div class=\"offer\"><h2><a class=\"offer__name\" href=\"/offers/a-mug-for-every-day-{n}\">A mug for every day, number {n}, with a handle</a></h2></div>"))
        .collect();
    let page = listing(Generation::Second, 21..=35)
        .replace("<div class=\"layout\">", &format!("<div class=\"layout\">{other}"));
    origin.on("/world/", Script::html(page));
    assert_eq!(outcome(&bench).await, fresh(15, 1));
    let bench = bench.restart(home.path(), &toml(&origin, ""));
    publish(&origin, Generation::Second, 22..=36);
    assert_eq!(outcome(&bench).await, fresh(15, 1));
    assert_eq!(outcome(&bench).await, Outcome::Unchanged);
    bench.reload(home.path(), &toml(&origin, "title = \"Another\"\n"));
    assert_eq!(outcome(&bench).await, Outcome::Unchanged);
    assert_eq!(rule(&bench).await, found);
    assert_eq!(bench.feed().await.title, "Another");
}

#[tokio::test]
async fn an_edited_table_makes_the_rule_anew() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, Generation::Second, 20..=34);
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    bench.refresh().await;
    let before = made(&bench).await;
    bench.reload(home.path(), &toml(&origin, "listing.limit = 5\nlisting.summary = { text = \"From the quay\" }\n"));
    assert_eq!(outcome(&bench).await, Outcome::Fresh { entries: 5, new: 0, changed: 5 });
    let after = made(&bench).await;
    assert_ne!(before.of, after.of);
    assert_eq!(before.found, after.found);
    let shown = rule(&bench).await.unwrap();
    assert!(shown.contains("limit = 5\n") && shown.contains("summary = { text = \"From the quay\" }\n"), "{shown}");
    assert_eq!(bench.feed().await.items[0].fields.summary.as_ref().unwrap().as_str(), "From the quay");
}

#[tokio::test]
async fn a_feed_is_taken_as_a_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let rss = "<rss version=\"2.0\"><channel><title>The Quay</title><item><title>One</title><link>/1</link></item>\
               <item><title>Two</title><link>/2</link></item></channel></rss>";
    let json = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"The Quay\", \"items\": [{\"id\": \"3\", \"url\": \"/3\", \"title\": \"Three\"}]}";
    let sitemap = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>/4</loc></url></urlset>";
    for (kind, page, entries) in
        [("application/rss+xml", rss, 2), ("application/feed+json", json, 1), ("application/xml", sitemap, 1)]
    {
        let home = if entries == 2 { home.path().to_owned() } else { home.path().join(kind.replace('/', "-")) };
        std::fs::create_dir_all(&home).unwrap();
        origin.on("/world/", Script::page(kind, page));
        let bench = Bench::start(&home, &toml(&origin, ""));
        assert_eq!(outcome(&bench).await, fresh(entries, entries), "{kind}");
        assert_eq!((made(&bench).await.found, rule(&bench).await), (None, None));
    }
}

#[tokio::test]
async fn a_page_that_becomes_a_feed_is_taken_as_one() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, Generation::Second, 20..=34);
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    bench.refresh().await;
    let link = origin.url(&press::path(Generation::Second, 34));
    let rss = format!(
        "<rss version=\"2.0\"><channel><title>The Quay</title><item><title>{}</title><link>{link}</link></item>\
         <item><title>News</title><link>/news</link></item></channel></rss>",
        press::title(34)
    );
    for kind in ["application/rss+xml", "text/html"] {
        origin.on("/world/", Script::page(kind, format!("{rss}<!-- {kind} -->")));
        let expected = fresh(2, usize::from(kind != "text/html"));
        assert_eq!(outcome(&bench).await, expected);
        assert_eq!((made(&bench).await.found, rule(&bench).await), (None, None));
    }
}

#[tokio::test]
async fn a_site_of_which_nothing_is_left_is_begun_with_anew_after_a_day() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, Generation::First, 20..=34);
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    bench.refresh().await;
    publish(&origin, Generation::Second, 40..=54);
    for round in 1..24 {
        assert!(matches!(outcome(&bench).await, Outcome::Empty { .. }), "{round}");
    }
    assert_eq!(outcome(&bench).await, fresh(15, 15));
    assert_eq!(bench.feed().await.items.len(), 30);
    assert_eq!(outcome(&bench).await, Outcome::Unchanged);
}

#[tokio::test]
async fn where_there_is_no_list_it_is_said_what_to_write() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/world/", Script::html("<title>Soon</title><body><h1>Soon</h1><p>There will be news here.</p>"));
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    for _ in 0..2 {
        let Outcome::Empty { why } = outcome(&bench).await else { panic!("a list on a page without one") };
        assert!(why.starts_with(&origin.url("/world/")), "{why}");
        assert!(
            why.ends_with("write what finds its rows: `item = \"CSS selector of one row\"` under [sites.mill.listing]"),
            "{why}"
        );
        assert!(made(&bench).await.tried.is_some());
    }
    publish(&origin, Generation::First, 20..=34);
    assert_eq!(outcome(&bench).await, fresh(15, 15));
    origin.on("/world/", Script::html("<title>Just a moment...</title><a href=/privacy>Privacy</a>"));
    let home = tempfile::tempdir().unwrap();
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let Outcome::Empty { why } = outcome(&bench).await else { panic!("a challenge is no list") };
    assert!(why.contains("Cloudflare"), "{why}");
    assert_eq!(made(&bench).await.found, None);
}

#[tokio::test]
async fn a_redesign_makes_the_rule_anew_by_what_is_archived() {
    for mode in ["auto", "propose", "off"] {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        publish(&origin, Generation::First, 20..=34);
        let bench = Bench::start(home.path(), &toml(&origin, &format!("repair = \"{mode}\"\n")));
        bench.refresh().await;
        let (before, found) = (bench.feed().await.items, rule(&bench).await.unwrap());
        // The addresses have changed, too: only by their titles are the items known.
        publish(&origin, Generation::Second, 22..=36);
        let after = outcome(&bench).await;
        let status = bench.engine.detail("mill").await.unwrap().unwrap().status;
        if mode != "auto" {
            assert!(matches!(after, Outcome::Empty { .. }), "{after:?}");
            assert_eq!((bench.feed().await.items, status.repair.is_some()), (before, mode == "propose"));
            continue;
        }
        assert_eq!(after, fresh(15, 2));
        let items = bench.feed().await.items;
        assert_eq!(items.len(), 17);
        assert!(before.iter().all(|item| items.contains(item)));
        assert_ne!(rule(&bench).await.unwrap(), found);
        assert_eq!(status.health, "healthy", "there is no rule of the operator's that wants mending");
        publish(&origin, Generation::Second, 23..=37);
        assert_eq!(outcome(&bench).await, fresh(15, 1));
    }
}

#[tokio::test]
async fn each_feed_of_a_family_has_a_rule_of_its_own_and_merged_feeds_take_them() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    for (section, generation, articles) in
        [("north", Generation::First, 20..=25), ("south", Generation::Second, 30..=37)]
    {
        publish(&origin, generation, articles.clone());
        origin.on(&format!("/{section}/"), Script::html(listing(generation, articles)));
    }
    let toml = format!(
        "[fetch]\ngap = \"0s\"\n[sites.quay]\nurl = \"{}{{section}}/\"\nallow_private = [\"{}\"]\nparams = {{ section = '\\w+' }}\n\
         feeds = [{{ section = \"north\" }}, {{ section = \"south\" }}]\n[merged.mill]\nsites = [\"quay/north\", \"quay/south\"]\n",
        origin.url("/"),
        origin.address()
    );
    let bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    assert_eq!(bench.feed().await.items.len(), 14);
    let rule = async |name: &str| bench.engine.detail(name).await.unwrap().unwrap().rule.unwrap();
    assert_ne!(rule("quay/north").await, rule("quay/south").await);
}

#[test]
fn build_preview_and_status_know_such_sites() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, Generation::Second, 20..=34);
    support::site::configure(home.path(), &toml(&origin, ""));
    let run = |arguments: &[&str]| {
        let output = support::feedmill(home.path()).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    };
    run(&["build", "--out", "out"]);
    let feed = std::fs::read_to_string(home.path().join("out/mill.xml")).unwrap();
    assert_eq!(feed.matches("<item>").count(), 15);
    publish(&origin, Generation::Second, 21..=35);
    run(&["build", "--out", "out"]);
    let feed = std::fs::read_to_string(home.path().join("out/mill.xml")).unwrap();
    assert_eq!(feed.matches("<item>").count(), 16);
    for (arguments, wanted) in [
        (&["status", "mill"][..], "item = "),
        (&["preview", "mill", "--explain"], "item = "),
        (&["preview", "mill"], "Harbour Master"),
        (&["check", "--online"], "mill: fresh"),
        (&["rebuild", "mill"], "15 read anew, 0 different"),
        (&["record", "mill"], "count = 15"),
    ] {
        let text = run(arguments);
        assert!(text.contains(wanted), "{arguments:?}: {text}");
    }
}
