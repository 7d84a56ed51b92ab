//! A listing may have several addresses, and several pages behind each: all of them become one feed, none is asked for
//! more often than it must be, and what fails of them loses nothing and is told.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use feedmill::clock::Clock as _;
use feedmill::edition::Feed;
use feedmill::engine::Refreshed;
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::origin::{Origin, Seen};
use support::script::Script;

/// A page of a list: a row for each name, and a link to the next page.
fn page(names: &[&str], next: Option<&str>) -> String {
    let rows: String =
        names.iter().map(|name| format!("<li class=row><a href=\"/{name}\">On {name}</a></li>")).collect();
    let next = next.map(|href| format!("<a rel=next href=\"{href}\">older</a>")).unwrap_or_default();
    format!(
        "<!DOCTYPE html><title>Page of {}</title><ul id=list>{rows}</ul>{next}",
        names.first().unwrap_or(&"nothing")
    )
}

/// Puts a page at `path`, with an entity tag of its bytes.
fn publish(origin: &Origin, path: &str, names: &[&str], next: Option<&str>) {
    let page = page(names, next);
    let sum = page.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    origin.on(path, Script::html(page).etag(&format!("\"{sum:x}\"")));
}

/// The configuration: `url` as TOML, and more for the listing.
fn toml(origin: &Origin, url: &str, more: &str) -> String {
    format!(
        "[sites.mill]\nurl = {}\nallow_private = [\"127.0.0.1\"]\n[sites.mill.listing]\nitem = \"li.row\"\n{more}\n[fetch]\ngap = \"0s\"\n",
        url.replace('~', &origin.url("")),
    )
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.items.iter().map(|item| item.title().trim_start_matches("On ")).collect()
}

fn remarks(refreshed: &Refreshed) -> String {
    refreshed.report.notes.iter().map(|note| note.what.as_str()).collect::<Vec<_>>().join("\n")
}

fn paths(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|seen| seen.path.as_str()).collect()
}

fn fresh(entries: usize, new: usize) -> Outcome {
    Outcome::Fresh { entries, new, changed: 0 }
}

#[tokio::test]
async fn pages_are_read_in_order_up_to_their_number() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/", &["a", "b"], Some("/?page=2"));
    publish(&origin, "/?page=2", &["b", "c"], Some("/?page=3"));
    publish(&origin, "/?page=3", &["d"], Some("/?page=4"));
    publish(&origin, "/?page=4", &["e"], None);
    let bench = Bench::start(home.path(), &toml(&origin, "\"~/\"", "pages = 3"));
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, fresh(4, 4));
    assert_eq!(
        (refreshed.report.rows, remarks(&refreshed).as_str()),
        (Some(5), "entries that stand on more than one page: 1")
    );
    assert_eq!(paths(&origin.requests()), ["/", "/?page=2", "/?page=3"]);
    let feed = bench.feed().await;
    assert_eq!(titles(&feed), ["a", "b", "c", "d"]);
    assert_eq!(feed.title, "Page of a");

    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
    let since = origin.requests().split_off(3);
    assert_eq!(paths(&since), ["/"], "the first page answers for the others");
    assert!(since[0].header("if-none-match").is_some());

    publish(&origin, "/", &["z", "a"], Some("/?page=2"));
    publish(&origin, "/?page=2", &["b", "y"], None);
    assert_eq!(bench.refresh().await.outcome, fresh(4, 2));
    let since = origin.requests().split_off(4);
    assert_eq!(paths(&since), ["/", "/?page=2"]);
    assert!(since[1].header("if-none-match").is_none(), "a page behind the first one is read again");
    assert_eq!(bench.feed().await.items.len(), 6);
}

#[tokio::test]
async fn one_page_is_one_page() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/", &["a"], Some("/?page=2"));
    let bench = Bench::start(home.path(), &toml(&origin, "\"~/\"", ""));
    assert_eq!(bench.refresh().await.outcome, fresh(1, 1));
    assert_eq!(origin.requests().len(), 1);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_or_repeat_themselves_come_to_an_end() {
    for (second, third, asked) in [
        (page(&["b"], Some("/")), page(&["x"], None), 2),
        (page(&["b"], Some("/?page=2#list")), page(&["x"], None), 2),
        // Any number shows the same rows.
        (page(&["a"], Some("/?page=3")), page(&["x"], None), 2),
        (page(&["b"], Some("/?page=3")), page(&["b"], Some("/?page=3")), 3),
        (page(&["b"], Some("/?page=3")), page(&["b"], Some("/?page=4")), 3),
    ] {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        publish(&origin, "/", &["a"], Some("/?page=2"));
        origin.on("/?page=2", Script::html(second));
        origin.on("/?page=3", Script::html(third));
        origin.on("/?page=4", Script::html(page(&["never"], None)));
        let bench = Bench::start(home.path(), &toml(&origin, "\"~/\"", "pages = 20"));
        assert!(bench.refresh().await.outcome.is_good());
        assert_eq!(origin.requests().len(), asked, "{:?}", paths(&origin.requests()));
    }
}

#[tokio::test]
async fn enough_is_enough() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/", &["a", "b"], Some("/2"));
    publish(&origin, "/2", &["c", "d"], Some("/3"));
    publish(&origin, "/3", &["e", "f"], None);
    let bench = Bench::start(home.path(), &toml(&origin, "\"~/\"", "pages = 3\nlimit = 3"));
    assert_eq!(bench.refresh().await.outcome, fresh(3, 3));
    assert_eq!(paths(&origin.requests()), ["/", "/2"], "the limit is that of all pages");
    assert_eq!(titles(&bench.feed().await), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_list_that_begins_with_the_oldest_ends_with_the_newest() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/", &["a", "b"], Some("/2"));
    publish(&origin, "/2", &["c", "d"], None);
    let bench = Bench::start(home.path(), &toml(&origin, "\"~/\"", "pages = 5\nlimit = 3\norder = \"reverse\""));
    assert_eq!(bench.refresh().await.outcome, fresh(3, 3));
    assert_eq!(titles(&bench.feed().await), ["d", "c", "b"]);
}

#[tokio::test]
async fn a_further_page_that_fails_costs_only_its_own_entries_and_is_tried_again() {
    let mishaps =
        [(Script::status(500), "answered 500"), (Script::html(page(&[], None)), "nothing on the page matches")];
    for (script, words) in mishaps {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        publish(&origin, "/", &["a"], Some("/2"));
        origin.on("/2", script);
        let bench = Bench::start(home.path(), &toml(&origin, "\"~/\"", "pages = 2"));
        let refreshed = bench.refresh().await;
        assert_eq!(refreshed.outcome, fresh(1, 1));
        assert!(remarks(&refreshed).contains(words) && remarks(&refreshed).contains("/2"), "{}", remarks(&refreshed));

        publish(&origin, "/2", &["b"], None);
        assert_eq!(bench.refresh().await.outcome, fresh(2, 1), "though the first page is the same");
        assert_eq!(titles(&bench.feed().await), ["b", "a"]);
        assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
    }
}

#[tokio::test]
async fn several_addresses_are_one_feed_and_each_is_asked_conditionally() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/news", &["a", "b"], None);
    publish(&origin, "/blog", &["b", "c"], Some("/blog?page=2"));
    publish(&origin, "/blog?page=2", &["d"], None);
    let config = toml(&origin, "[\"~/news\", \"~/blog\"]", "pages = 2");
    let bench = Bench::start(home.path(), &config);
    assert_eq!(bench.refresh().await.outcome, fresh(4, 4));
    let feed = bench.feed().await;
    assert_eq!((titles(&feed), feed.title.as_str()), (vec!["a", "b", "c", "d"], "Page of a"));
    assert_eq!(feed.home.as_str(), origin.url("/news"), "the first address is the site's home");

    let asked = origin.requests().len();
    let bench = bench.restart(home.path(), &config);
    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
    let since = origin.requests().split_off(asked);
    assert_eq!(since.len(), 2, "{:?}", paths(&since));
    assert!(since.iter().all(|seen| seen.header("if-none-match").is_some()));

    publish(&origin, "/news", &["e", "a", "b"], None);
    assert_eq!(bench.refresh().await.outcome, fresh(3, 1), "the other is as it was");
    assert_eq!(origin.requests().len(), asked + 4);
    assert_eq!(bench.feed().await.title, "Page of e");
}

#[tokio::test]
async fn the_same_bytes_without_validators_are_unchanged_too() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/a", Script::html(page(&["a"], None)));
    origin.on("/b", Script::html(page(&["b"], None)));
    let bench = Bench::start(home.path(), &toml(&origin, "[\"~/a\", \"~/b\"]", ""));
    assert_eq!(bench.refresh().await.outcome, fresh(2, 2));
    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
}

#[tokio::test]
async fn an_address_that_fails_neither_holds_the_others_back_nor_is_hidden() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/news", &["a"], None);
    origin.on("/blog", Script::status(500));
    let bench = Bench::start(home.path(), &toml(&origin, "[\"~/news\", \"~/blog\"]", ""));
    let Outcome::Partial { entries: 1, new: 1, changed: 0, why } = bench.refresh().await.outcome.clone() else {
        panic!("{:?}", bench.refresh().await.outcome)
    };
    assert!(why.contains("/blog") && why.contains("answered 500") && !why.contains("/news"), "{why}");
    assert_eq!(titles(&bench.feed().await), ["a"], "a first edition comes about all the same");
    let state = bench.archive.state("mill").await.unwrap();
    let wait = state.due.unwrap() - bench.clock.now();
    assert!(state.failures == 1 && (60..=66).contains(&wait.num_seconds()), "it is tried again soon: {wait}");

    bench.wait(TimeDelta::hours(5));
    publish(&origin, "/news", &["b", "a"], None);
    assert!(matches!(bench.refresh().await.outcome, Outcome::Partial { new: 1, .. }), "again, and the news are taken");
    assert!(matches!(bench.refresh().await.outcome, Outcome::Partial { entries: 0, .. }));
    assert_eq!(bench.feed().await.items.len(), 2);

    publish(&origin, "/blog", &["c"], None);
    assert_eq!(bench.refresh().await.outcome, fresh(1, 1));
    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
    assert_eq!(bench.archive.state("mill").await.unwrap().failures, 0);

    origin.on("/news", Script::status(503));
    origin.on("/blog", Script::html(page(&[], None)));
    let Outcome::Failed { why, status: Some(503), .. } = bench.refresh().await.outcome.clone() else { panic!() };
    assert!(why.contains("answered 503") && why.contains("nothing on the page matches"), "{why}");
    assert_eq!(bench.feed().await.items.len(), 3, "the last good edition is kept");
    publish(&origin, "/news", &["b", "a"], None);
    publish(&origin, "/blog", &["c"], None);
    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged, "and what was known is known still");
}

#[test]
fn build_names_the_address_that_fails_and_writes_the_others_entries() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/news", &["a"], None);
    origin.on("/blog", Script::status(410));
    std::fs::write(home.path().join("sites.toml"), toml(&origin, "[\"~/news\", \"~/blog\"]", "")).unwrap();
    let output = support::feedmill(home.path()).args(["build", "--out", "out"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // One about the archive, which is new, and one about the address.
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 2), "{said}");
    assert!(said.contains("mill: cannot fetch") && said.contains("/blog: the site answered 410"), "{said}");
    assert!(std::fs::read_to_string(home.path().join("out/mill.xml")).unwrap().contains("On a"));
    assert!(std::fs::read_to_string(home.path().join("out/index.html")).unwrap().contains("degraded"));
}

#[tokio::test]
async fn days_in_addresses_are_those_of_the_sites_zone() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/day/2026/11/23", &["a"], None);
    publish(&origin, "/day/2026/11/22", &["old"], None);
    let url = "[\"~/day/{date:%Y/%m/%d}\", \"~/day/{date-1:%Y/%m/%d}\"]\ntimezone = \"Asia/Tokyo\"";
    let bench = Bench::start(home.path(), &toml(&origin, url, ""));
    assert_eq!(bench.refresh().await.outcome, fresh(2, 2));
    assert_eq!(bench.feed().await.home.as_str(), origin.url("/day/"));

    // 21:00 in London, 6:00 in Tokyo: a new day, and nobody has written anything yet.
    bench.wait(TimeDelta::hours(9));
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, Outcome::Unchanged, "the page of a day that is not there yet is no failure");
    let since = origin.requests().split_off(2);
    let mut paths = paths(&since);
    paths.sort_unstable();
    assert_eq!(paths, ["/day/2026/11/23", "/day/2026/11/24"]);
    assert!(remarks(&refreshed).contains("/day/2026/11/24: the site answered 404"), "{}", remarks(&refreshed));

    bench.wait(TimeDelta::days(1));
    assert!(matches!(bench.refresh().await.outcome, Outcome::Failed { status: Some(404), .. }), "no day at all is one");
}

#[tokio::test]
async fn a_listing_may_be_posted_for() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/search", &["a"], Some("/search?page=2"));
    publish(&origin, "/search?page=2", &["b"], None);
    let request = "pages = 2\nrequest = { form = { q = \"geese & sacks\", day = \"{date-1:%F}\", n = [1, 2] }, headers = { X-Key = \"k\" } }";
    let bench = Bench::start(home.path(), &toml(&origin, "\"~/search\"", request));
    assert_eq!(bench.refresh().await.outcome, fresh(2, 2));
    let asked = origin.requests();
    assert_eq!(
        (asked[0].method.as_str(), asked[0].body.as_str()),
        ("POST", "day=2026-11-22&n=1&n=2&q=geese+%26+sacks")
    );
    assert_eq!(asked[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!((asked[1].method.as_str(), asked[1].body.as_str()), ("GET", ""));
    assert!(asked.iter().all(|seen| seen.header("x-key") == Some("k")));

    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged, "by its bytes");
    let again = &origin.requests()[2];
    assert_eq!((again.method.as_str(), again.header("if-none-match")), ("POST", None));
}

#[tokio::test]
async fn json_is_posted_as_it_is_written() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    publish(&origin, "/api", &["a"], None);
    let request = "request = { json = { query = \"{ posts { title } }\", from = \"{date:%F}\", tags = [\"x\"], deep = { n = 1.5, on = true } } }";
    let bench = Bench::start(home.path(), &toml(&origin, "\"~/api\"", request));
    assert_eq!(bench.refresh().await.outcome, fresh(1, 1));
    let asked = &origin.requests()[0];
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let sent: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    let expected = serde_json::json!({ "query": "{ posts { title } }", "from": "2026-11-23", "tags": ["x"], "deep": { "n": 1.5, "on": true } });
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn lists_without_an_end_are_bounded() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let urls: Vec<String> = (0..50).map(|n| format!("\"~/list{n}\"")).collect();
    for n in 0..50 {
        publish(&origin, &format!("/list{n}"), &[&format!("a{n}")], Some(&format!("/list{n}/2")));
        for page in 2..6 {
            let (name, next) = (format!("a{n}-{page}"), format!("/list{n}/{}", page + 1));
            publish(&origin, &format!("/list{n}/{page}"), &[&name], Some(&next));
        }
    }
    let bench = Bench::start(home.path(), &toml(&origin, &format!("[{}]", urls.join(", ")), "pages = 20"));
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, fresh(150, 150));
    assert_eq!(origin.requests().len(), 150, "a hundred pages behind the first ones, and no more");
    assert!(remarks(&refreshed).contains("only 2 pages behind"), "{}", remarks(&refreshed));
}

/// A sitemap of articles, the newest first, and one of sitemaps.
fn sitemap(origin: &Origin, names: &[&str]) -> String {
    let url = |name: &&str| format!("<url><loc>{}</loc></url>", origin.url(&format!("/{name}")));
    format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{}</urlset>",
        names.iter().map(url).collect::<String>()
    )
}

fn index(origin: &Origin, names: &[&str]) -> String {
    let map = |name: &&str| format!("<sitemap><loc>{}</loc></sitemap>", origin.url(&format!("/{name}.xml")));
    let maps: String = names.iter().map(map).collect();
    format!("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{maps}</sitemapindex>")
}

#[tokio::test]
async fn an_index_of_sitemaps_is_asked_each_time_and_its_children_conditionally() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let xml = |body: String| Script::page("application/xml", body);
    origin.on("/index.xml", xml(index(&origin, &["one", "two", "three"])).etag("\"index\""));
    origin.on("/one.xml", xml(sitemap(&origin, &["a", "b"])).etag("\"one\""));
    origin.on("/two.xml", xml(sitemap(&origin, &["c"])).etag("\"two\""));
    let config = toml(&origin, "\"~/index.xml\"", "pages = 2").replace("item = \"li.row\"", "from = \"sitemap\"");
    let bench = Bench::start(home.path(), &config);
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, fresh(3, 3), "{}", remarks(&refreshed));
    assert_eq!(paths(&origin.requests()), ["/index.xml", "/one.xml", "/two.xml"], "the index is none of the pages");

    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged);
    origin.on("/two.xml", xml(sitemap(&origin, &["d", "c"])).etag("\"two, later\""));
    assert_eq!(bench.refresh().await.outcome, fresh(2, 1), "though the index is the same");
    let since = origin.requests().split_off(3);
    assert_eq!(since.len(), 6);
    for seen in since {
        assert_eq!(seen.header("if-none-match").is_some(), seen.path != "/index.xml", "{}", seen.path);
    }
    origin.on("/one.xml", Script::status(404));
    origin.on("/two.xml", Script::status(404));
    let Outcome::Failed { why, .. } = bench.refresh().await.outcome.clone() else { panic!() };
    assert!(why.contains("/index.xml") && why.contains("/one.xml: the site answered 404"), "{why}");
}

#[tokio::test]
async fn what_is_posted_for_may_be_answered_in_json() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let answer = r#"{"posts": [{"t": "On a", "u": "/a"}, {"t": "On b", "u": "/b"}], "more": "/api?page=2"}"#;
    origin.on("/api", Script::page("application/json", answer));
    origin.on("/api?page=2", Script::page("application/json", r#"{"posts": [{"t": "On c", "u": "/c"}]}"#));
    let rule = "pages = 2\nlink = \"$.u\"\ntitle = \"$.t\"\nnext = \"$.more\"\nrequest = { json = { size = 2 } }";
    let config = toml(&origin, "\"~/api\"", rule).replace("li.row", "$.posts[*]");
    let bench = Bench::start(home.path(), &config);
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, fresh(3, 3), "{}", remarks(&refreshed));
    assert_eq!(titles(&bench.feed().await), ["a", "b", "c"]);
    let asked: Vec<(String, String)> = origin.requests().into_iter().map(|seen| (seen.method, seen.body)).collect();
    assert_eq!(asked, [("POST".to_owned(), "{\"size\":2}".to_owned()), ("GET".to_owned(), String::new())]);
}
