//! The main job: a listing and its articles become feeds, from cron and from the server, and stay good feeds when the
//! site does not.

#![cfg(test)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::SystemTime;

use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::Server;
use support::site::{Article, Site, configure, sites_toml};
use support::tls::{Authority, Identity};

fn build(home: &Path) -> Output {
    feedmill(home).args(["build", "--out", "out"]).output().expect("the binary")
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of the output folder, with its bytes and the moment of its last change.
fn files(home: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(home.join("out")).expect("the output folder");
    let entry = |entry: fs::DirEntry| {
        let changed = entry.metadata().and_then(|metadata| metadata.modified()).expect("a file");
        (entry.file_name().to_string_lossy().into_owned(), (fs::read(entry.path()).expect("a file"), changed))
    };
    entries.map(|file| entry(file.expect("a file"))).collect()
}

fn text(home: &Path, file: &str) -> String {
    fs::read_to_string(home.join("out").join(file)).expect("a feed")
}

#[test]
fn build_writes_every_format_and_then_leaves_it_alone() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(30).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let first = build(home.path());
    assert!(first.status.success(), "{}", talk(&first));
    assert!(talk(&first).starts_with("feedmill: there was no archive at ") && talk(&first).lines().count() == 1);
    let before = files(home.path());
    let names: Vec<&str> = before.keys().map(String::as_str).collect();
    assert_eq!(names, ["index.html", "mill.atom", "mill.html", "mill.json", "mill.xml"]);

    for (file, parsed) in ["mill.xml", "mill.atom", "mill.json"].map(|file| (file, text(home.path(), file))) {
        let feed = feed_rs::parser::parse(parsed.as_bytes()).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(feed.entries.len(), 30, "{file}");
        for entry in &feed.entries {
            let content = entry.content.as_ref().and_then(|content| content.body.clone()).unwrap_or_default();
            assert!(content.contains("The miller counted sack number"), "{file}: {content}");
            assert!(!content.contains("READ MORE"), "{file}");
            assert_eq!(entry.authors[0].name.as_deref(), Some("Ada Miller"), "{file}");
        }
        assert_eq!(feed.entries[0].title.as_ref().unwrap().content, "Sack 30 & its goose", "{file}");
    }

    let asked = origin.requests().len();
    assert_eq!(asked, 31);
    let second = build(home.path());
    assert!(second.status.success(), "{}", talk(&second));
    let since: Vec<_> = origin.requests().into_iter().skip(asked).collect();
    assert_eq!(since.len(), 1, "{since:?}");
    assert_eq!(since[0].path, "/");
    assert!(since[0].header("if-none-match").is_some());
    assert_eq!(files(home.path()), before, "the same bytes and the same mtimes");
}

#[test]
fn subscriptions_are_whole_addresses_or_none() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let run = |more: &[&str]| feedmill(home.path()).args(["build", "--out", "out"]).args(more).output().unwrap();
    let without = run(&["-v"]);
    assert!(talk(&without).contains("no feeds.opml") && talk(&without).contains("--base-url"), "{}", talk(&without));
    assert!(!home.path().join("out/feeds.opml").exists());
    assert!(!text(home.path(), "index.html").contains("feeds.opml"));
    run(&["--base-url", "https://feeds.example/mill"]);
    assert!(text(home.path(), "feeds.opml").contains("xmlUrl=\"https://feeds.example/mill/mill.xml\""));
    assert!(text(home.path(), "index.html").contains("feeds.opml"));
}

#[test]
fn build_writes_missing_files_again_though_nothing_changed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    build(home.path());
    let before = files(home.path());
    fs::remove_file(home.path().join("out/mill.atom")).unwrap();
    assert!(build(home.path()).status.success());
    let after = files(home.path());
    assert_eq!(after["mill.atom"].0, before["mill.atom"].0);
    assert_eq!(after["mill.xml"], before["mill.xml"]);
}

/// Everything that may come instead of a listing, with what the operator must be told.
fn mishaps() -> Vec<(&'static str, Script, &'static str)> {
    let page = |content_type: &str, body: &str| Script::page(content_type, body);
    let mut all = vec![
        ("an empty body", Script::html(""), "the body is empty"),
        ("a PDF", page("application/pdf", "%PDF-1.7"), "a PDF"),
        ("a PDF that says it is HTML", page("text/html", "%PDF-1.7"), "a PDF"),
        ("JSON", page("application/json", "{}"), "application/json"),
        ("an image", page("image/jpeg", "\u{fffd}"), "image/jpeg"),
        ("plain text", page("text/plain", "hello"), "text/plain"),
        ("a log-in page", Script::html("<form><input type=password></form>"), "the site asks for a log-in"),
        ("a challenge", Script::html("<title>Just a moment...</title>"), "a challenge"),
    ];
    for code in [500, 502, 503, 504, 404, 410, 403, 401, 418, 299, 999] {
        let words: &'static str = format!("answered {code}").leak();
        all.push((words, Script::status(code), words));
    }
    all
}

#[test]
fn fault_18_fault_21_fault_23_build_keeps_the_files_and_says_why() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    build(home.path());
    let before = files(home.path());
    for (name, script, words) in mishaps() {
        origin.on("/", script);
        let output = build(home.path());
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(talk(&output).contains(words), "{name}: {}", talk(&output));
        assert_eq!(talk(&output).lines().count(), 1, "{name}: one line for cron");
        let after = files(home.path());
        for file in ["mill.xml", "mill.atom", "mill.json", "mill.html"] {
            assert_eq!(after[file], before[file], "{name}: {file}");
        }
    }
}

#[test]
fn fault_18_fault_21_fault_23_readers_get_the_last_good_edition() {
    for (name, script, words) in mishaps() {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        Site::of(3).publish(&origin);
        configure(home.path(), &sites_toml(&origin, "refresh = \"1s\""));
        build(home.path());
        origin.on("/", script);
        // The refresh that fails: what it came to is archived, and the server starts from that.
        build(home.path());
        let server = Server::start(home.path());
        let answer = server.get("/feeds/mill.xml");
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.text().matches("<item>").count(), 3, "{name}");
        let cache_status = answer.header("cache-status").unwrap_or_default().to_owned();
        assert!(cache_status.contains("stale") && cache_status.contains(words), "{name}: {cache_status}");
    }
}

#[test]
fn a_site_that_hangs_costs_readers_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "refresh = \"1ms\""));
    build(home.path());
    let server = Server::start(home.path());
    let held = origin.hold("/");
    for _ in 0..5 {
        let answer = server.get("/feeds/mill.xml");
        assert_eq!((answer.status, answer.text().matches("<item>").count()), (200, 3));
    }
    origin.wait_for_hits("/", 2);
    assert_eq!(origin.hits("/"), 2, "one refresh behind, however many ask");
    held.release();
}

#[test]
fn a_stale_edition_is_refreshed_behind_again_and_again() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    site.publish(&origin);
    configure(home.path(), &sites_toml(&origin, "refresh = \"1ms\""));
    let server = Server::start(home.path());
    assert_eq!(server.get("/feeds/mill.xml").status, 200);
    for n in 4..8 {
        site.articles.insert(0, Article::numbered(n));
        site.publish(&origin);
        let title = format!("Sack {n} &amp; its goose");
        let is_there = || server.get("/feeds/mill.xml").text().contains(&title);
        // Each request that finds the edition stale starts a refresh; sooner or later one of them shows the news.
        assert!((0..100_000).any(|_| is_there()), "{title} never came");
    }
}

#[test]
fn fault_29_the_first_time_ever_there_is_no_empty_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &sites_toml(&origin, ""));
    for (name, script, words) in mishaps() {
        origin.on("/", script);
        // An operator who mends something starts anew, and then it is tried at once.
        let server = Server::start(home.path());
        let answer = server.get("/feeds/mill.xml");
        assert_eq!(answer.status, 502, "{name}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        assert_eq!(answer.header("retry-after"), None, "{name}");
        assert!(answer.text().contains(words), "{name}: {}", answer.text());
        let connections = origin.connections();
        let again = server.get("/feeds/mill.json");
        assert_eq!((again.status, origin.connections()), (502, connections), "{name}: it is left alone for a while");
        assert!(again.text().contains(words) && again.text().contains("from now or later"), "{}", again.text());
    }
    Site::of(3).publish(&origin);
    let answer = Server::start(home.path()).get("/feeds/mill.xml");
    assert_eq!((answer.status, answer.text().matches("<item>").count()), (200, 3), "no error outlives its cause");
}

#[test]
fn a_first_fetch_that_takes_too_long_is_a_504() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", Script::new().hang());
    let toml = sites_toml(&origin, "").replace("[fetch]", "[fetch]\nfirst_byte_timeout = \"100ms\"");
    configure(home.path(), &toml);
    let answer = Server::start(home.path()).get("/feeds/mill.atom");
    assert_eq!(answer.status, 504);
    assert!(answer.text().contains("no answer within 100ms"), "{}", answer.text());
    let output = build(home.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(!home.path().join("out/mill.xml").exists());
}

#[test]
fn a_process_that_is_stopped_keeps_no_site_for_itself() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let held = origin.hold("/");
    let server = Server::start(home.path());
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            std::net::TcpStream::connect(server.address).map(|mut socket| {
                use std::io::Write as _;
                socket.write_all(b"GET /feeds/mill.xml HTTP/1.1\r\nHost: x\r\n\r\n").map(|()| socket)
            })
        });
        let socket = reader.join().expect("a thread");
        origin.wait_for_hits("/", 1);
        drop(socket);
    });
    assert_eq!(server.stop(), Some(0));
    held.release();
    let output = build(home.path());
    assert!(output.status.success(), "{}", talk(&output));
}

#[test]
fn fault_57_a_wrong_configuration_is_refused_before_anything_is_fetched() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let wrong = sites_toml(&origin, "tilte = \"x\"\nshow = 0").replace("li.story", "li..story");
    configure(home.path(), &wrong);
    for arguments in [&["build", "--out", "out"][..], &["serve"], &["preview", "mill"], &["check"], &["opml"]] {
        let output = feedmill(home.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(talk(&output).ends_with("3 problems in ./sites.toml\n"), "{}", talk(&output));
    }
    assert_eq!(origin.connections(), 0);
    assert!(!home.path().join("out").exists() && !home.path().join("data").exists(), "and nothing is made");
}

#[test]
fn fault_27_each_failure_of_a_connection_has_its_own_sentence() {
    let home = tempfile::tempdir().unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let authority = Authority::new();
    let secure = Origin::start_tls(&Identity::self_signed("localhost"));
    let expired = Origin::start_tls(&authority.expired("localhost"));
    let nowhere = "http://no-such-host.invalid/".to_owned();
    for (url, words) in [
        (format!("http://{closed}/"), "refuses connections"),
        (format!("https://localhost:{}/", secure.address().port()), "certificate"),
        (format!("https://localhost:{}/", expired.address().port()), "certificate"),
        (nowhere, "no-such-host.invalid"),
    ] {
        let toml = format!(
            "[sites.mill]\nurl = \"{url}\"\nallow_private = [\"127.0.0.1\"]\n[sites.mill.listing]\nitem = \"li\"\n"
        );
        configure(home.path(), &toml);
        let output = build(home.path());
        assert_eq!(output.status.code(), Some(1), "{url}");
        assert!(talk(&output).contains(words) && talk(&output).contains(&url), "{url}: {}", talk(&output));
        assert!(!home.path().join("out/mill.xml").exists());
    }
}

#[test]
fn sixty_four_readers_cost_one_refresh() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(30).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let server = Server::start(home.path());
    let held = origin.hold("/");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..64).map(|_| scope.spawn(|| server.get("/feeds/mill.xml"))).collect();
        origin.wait_for_hits("/", 1);
        held.release();
        readers.into_iter().map(|reader| reader.join().expect("an answer")).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    assert_eq!(answers[0].text().matches("<item>").count(), 30);
    assert_eq!(origin.hits("/"), 1);
    assert_eq!(origin.requests().len(), 31, "one for the listing, one for each article");
}

#[test]
fn fault_01_fault_05_fault_08_links_to_private_addresses_are_never_followed() {
    let (origin, secret, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    let port = secret.address().port();
    let rows: String = [
        format!("http://127.0.0.1:{port}/a"),
        format!("http://[::1]:{port}/b"),
        format!("http://localhost:{port}/c"),
        format!("http://2130706433:{port}/d"),
        format!("http://[::ffff:127.0.0.1]:{port}/e"),
        origin.url("/redirected"),
        "file:///etc/passwd".to_owned(),
        "javascript:alert(1)".to_owned(),
    ]
    .iter()
    .map(|link| format!("<li class=story><a href=\"{link}\">{link}</a></li>"))
    .collect();
    origin.on("/", Script::html(format!("<ul>{rows}</ul>")));
    origin.on("/redirected", Script::redirect(302, &secret.url("/secret")));
    configure(home.path(), &sites_toml(&origin, ""));
    let output = feedmill(home.path()).args(["preview", "mill", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", talk(&output));
    assert_eq!(secret.connections(), 0);
    let seen: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["items"].as_array().unwrap().len(), 6, "kept from the listing: {seen:#}");
    let notes = seen["report"]["notes"].to_string();
    assert_eq!(notes.matches("not a public address (loopback)").count(), 6, "{notes}");
    assert_eq!(seen["report"]["dropped"], 2, "neither file: nor javascript: is a link");
}
