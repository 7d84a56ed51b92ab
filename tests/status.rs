//! How every site is doing, for people, programs and Prometheus. Looking never asks a site, and makes nothing.

#![cfg(test)]

mod support;

use std::path::Path;
use std::process::Output;

use chrono::TimeDelta;
use feedmill::clock::Clock as _;
use serde_json::Value;
use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::{Answer, Server};
use support::site::{Site, configure, sites_toml};

fn status(home: &Path, arguments: &[&str]) -> Output {
    feedmill(home).arg("status").args(arguments).output().expect("the binary")
}

fn build(home: &Path) -> Output {
    feedmill(home).args(["build", "--out", "out"]).output().expect("the binary")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), Some("application/json"), "{}", answer.text());
    serde_json::from_slice(&answer.body).expect("JSON")
}

const MORE: &str = "[merged.both]\nsites = [\"mill\", \"issues/a/b\"]\n";

/// The site `mill`, `issues` with parameters, of which one feed is named, and a merged feed.
fn toml(origin: &Origin) -> String {
    format!(
        "{}[sites.issues]\nurl = \"{}\"\nparams = {{ owner = '\\w+', repo = '\\w+' }}\nfeeds = [{{ owner = \"a\", repo = \"b\" }}]\n\
         allow_private = [\"{}\"]\nlisting.item = \"li.story\"\n{MORE}",
        sites_toml(origin, ""),
        origin.url("/issues/{owner}/{repo}"),
        origin.address()
    )
}

#[test]
fn looking_asks_no_site_and_makes_no_archive() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &toml(&origin));
    let output = status(home.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("there is no archive at "), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("3 feeds: 3 new"), "{}", text(&output.stdout));
    assert!(!home.path().join("data").exists(), "nothing is made");
    std::fs::write(home.path().join("lost.db-wal"), "the log of an archive").unwrap();
    let output = status(home.path(), &["--archive", "lost.db"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("the file is gone, but its log"), "{}", text(&output.stderr));

    let server = Server::start(home.path());
    for path in
        ["/api/status", "/api/feeds/mill", "/api/feeds/issues/x/y", "/api/feeds/both", "/", "/metrics", "/readyz"]
    {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    assert_eq!(status(home.path(), &[]).status.code(), Some(0));
    assert_eq!(status(home.path(), &["mill", "issues/x/y"]).status.code(), Some(0));
    assert_eq!(origin.requests().len(), 0);
}

#[test]
fn people_see_what_is_wrong_and_what_to_do() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    origin.on("/issues/a/b", Script::status(404));
    configure(home.path(), &toml(&origin));
    build(home.path());
    let output = status(home.path(), &[]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{shown}"));
    let mill: Vec<&str> = line("mill").split_whitespace().collect();
    assert_eq!(mill[..3], ["mill", "healthy", "fresh"], "{shown}");
    assert!(line("mill").ends_with("3 items") && line("mill").contains("next in "), "{shown}");
    assert!(line("issues/a/b").contains("broken") && line("issues/a/b").contains("failed"), "{shown}");
    assert!(shown.contains("404") && shown.contains("-> look for the list's new address"), "{shown}");
    assert!(line("issues/a/b").contains("(gone)") && shown.contains("drift: gone, since "), "{shown}");
    assert_eq!(shown.matches("look for the list's new address").count(), 1, "{shown}");
    assert!(line("both").contains("degraded"), "{shown}");
    assert!(shown.ends_with("\n3 feeds: 1 broken, 1 degraded, 1 healthy\n"), "{shown}");

    let one = status(home.path(), &["mill"]);
    assert_eq!(one.status.code(), Some(0));
    assert!(text(&one.stdout).contains("3 rows") && text(&one.stdout).contains("title"), "{}", text(&one.stdout));
    assert_eq!(status(home.path(), &["nobody"]).status.code(), Some(2));
    let asked = origin.requests().len();

    let server = Server::start(home.path());
    let beside = status(home.path(), &["--json"]);
    assert_eq!(beside.status.code(), Some(1), "while a server runs");
    let told: Value = serde_json::from_slice(&beside.stdout).expect("JSON");
    let served = json(&server.get("/api/status"));
    assert_eq!(told["sites"], served["sites"], "the same, whoever is asked");
    let page = server.get("/").text();
    assert!(page.contains("What to do: look for the list"), "{page}");
    assert_eq!(origin.requests().len(), asked);
}

#[tokio::test]
async fn the_json_has_the_shape_that_is_documented() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, "refresh = \"1h\""));
    bench.refresh().await;
    origin.on("/", Script::status(503));
    for _ in 0..3 {
        bench.wait(TimeDelta::minutes(10));
        bench.refresh().await;
    }
    let address = origin.address().to_string();
    let shown = |value: Value| {
        let mut text = serde_json::to_string_pretty(&value).unwrap().replace(&address, "HOST");
        text.push('\n');
        text
    };
    let mut whole = serde_json::to_value(bench.engine.status().await.unwrap()).unwrap();
    whole["version"] = "VERSION".into();
    // When exactly the next refresh is due is another promise.
    whole["sites"][0]["due"] = "DUE".into();
    golden("status.json", &shown(whole));
    let mut detail = serde_json::to_value(bench.engine.detail("mill").await.unwrap()).unwrap();
    detail["due"] = "DUE".into();
    // The origin's port is in them.
    for hashed in ["rule", "links"] {
        detail["profile"][hashed] = "HASHED".into();
    }
    golden("status_of_one.json", &shown(detail));
    assert!(bench.engine.detail("nobody").await.unwrap().is_none());
}

/// Compares with a file in `tests/goldens`; `FEEDMILL_BLESS=1` writes it.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name);
    if std::env::var_os("FEEDMILL_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "FEEDMILL_BLESS=1 writes {name} anew");
}

#[test]
fn feeds_with_values_are_found_and_strangers_get_a_404_in_json() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(2);
    site.publish(&origin);
    for path in ["/issues/a/b", "/issues/c/d"] {
        origin.on(path, Script::html(site.listing()));
    }
    configure(home.path(), &toml(&origin));
    let server = Server::start(home.path());
    assert_eq!(server.get("/feeds/issues/c/d.xml").status, 200);
    let all = json(&server.get("/api/status"));
    let names: Vec<&str> = all["sites"].as_array().unwrap().iter().map(|site| site["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["both", "issues/a/b", "issues/c/d", "mill"]);
    let one = json(&server.get("/api/feeds/issues/c/d"));
    assert_eq!((one["health"].as_str(), one["report"]["rows"].as_u64()), (Some("healthy"), Some(2)));
    assert_eq!(one["feeds"]["atom"].as_str(), Some("/feeds/issues/c/d.atom"));
    for path in ["/api/feeds/nobody", "/api/feeds/issues", "/api/feeds/issues/-/d"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("cache-control")), (404, Some("no-store")), "{path}");
        assert!(json(&answer)["error"].as_str().is_some());
    }
}

#[test]
fn prometheus_sees_what_happens() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    origin.on("/issues/a/b", Script::status(404));
    configure(home.path(), &toml(&origin));
    let server = Server::start(home.path());
    server.get("/feeds/mill.xml");
    server.get("/feeds/mill.atom");
    server.get("/feeds/issues/a/b.xml");
    let answer = server.get("/metrics");
    let (text, content_type) = (answer.text(), answer.header("content-type"));
    assert_eq!(content_type, Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    for line in [
        "feedmill_refreshes_total{outcome=\"fresh\"} 1",
        "feedmill_refreshes_total{outcome=\"failed\"} 1",
        "feedmill_items_new_total 3",
        "feedmill_fetches_total{result=\"page\"} 4",
        "feedmill_answers_total{status=\"200\"} 2",
        "feedmill_answers_total{status=\"502\"} 1",
        "feedmill_sites{health=\"healthy\"} 1",
        "feedmill_sites{health=\"broken\"} 1",
        "feedmill_site_trouble{site=\"issues/a/b\"} 1",
        "feedmill_drift{drift=\"gone\"} 1",
        "feedmill_drift{drift=\"redesign\"} 0",
    ] {
        assert!(text.lines().any(|told| told == line), "{line} is missing in\n{text}");
    }
    let head = server.get("/healthz");
    assert_eq!((head.status, server.get("/readyz").text().as_str()), (200, "ready\n"));
}

#[tokio::test]
async fn a_reload_that_was_refused_shows_nothing_of_the_file() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &sites_toml(&origin, "refresh = \"1h\""));
    assert!(bench.engine.status().await.unwrap().reload.is_none());
    bench.engine.refuse_reload("error: no\n  2 | token = \"hush\"\n\n2 problems in sites.toml\n".to_owned());
    let reload = bench.engine.status().await.unwrap().reload.unwrap();
    assert_eq!((reload.at, reload.error.as_deref()), (bench.clock.now(), Some("2 problems in sites.toml")));
}
