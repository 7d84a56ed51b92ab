//! One rule, many feeds: sites with parameters, and what clients may do to them.

#![cfg(test)]

mod support;

use std::path::Path;
use std::process::Output;

use chrono::TimeDelta;
use feedmill::edition::Format;
use feedmill::engine::{self, Wanted};
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::{Answer, Server};
use support::site::{Article, Site, configure};

/// `[sites.repo]` with two parameters, and what else its table says.
fn toml(origin: &Origin, more: &str) -> String {
    format!(
        "[sites.repo]\nurl = \"{}\"\nparams = {{ owner = '[^/]+', name = '[\\w./ü-]+' }}\n\
         title = \"Issues of {{owner}}/{{name}}\"\nallow_private = [\"{}\"]\n{more}\n\
         [sites.repo.listing]\nitem = \"li.story\"\n\n[fetch]\ngap = \"0s\"\n",
        origin.url("/{owner}/x{name}/list?of={owner}"),
        origin.address(),
    )
}

fn page(count: usize) -> Script {
    Script::html(Site::of(count).listing())
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    feedmill(home).args(arguments).output().expect("the binary")
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn count(answer: &Answer) -> usize {
    assert_eq!(answer.status, 200, "{}", answer.text());
    feed_rs::parser::parse(answer.body.as_slice()).expect("a feed").entries.len()
}

/// Every name in the archive's tables.
fn archived(home: &Path) -> Vec<String> {
    let archive = rusqlite::Connection::open(home.join("data/feedmill/feedmill.db")).expect("an archive");
    let sql =
        "SELECT name FROM sites UNION SELECT site FROM items UNION SELECT site FROM keys UNION SELECT site FROM leases";
    let mut names = archive.prepare(sql).expect("the tables");
    names.query_map([], |row| row.get(0)).expect("names").map(Result::unwrap).collect()
}

#[test]
fn each_set_of_values_is_a_feed_of_its_own() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/rust-lang/xrust/list", page(3));
    origin.on("/rust-lang/xcargo.io/list", page(2));
    configure(home.path(), &format!("{}[server]\npublic_url = \"https://feeds.example/\"\n", toml(&origin, "")));
    let server = Server::start(home.path());
    let rust = server.get("/feeds/repo/rust-lang/rust.xml");
    assert_eq!(count(&rust), 3);
    assert!(rust.text().contains("<title>Issues of rust-lang/rust</title>"), "{}", rust.text());
    let own = "https://feeds.example/feeds/repo/rust-lang/rust.xml";
    assert!(rust.text().contains(own));
    assert_eq!(rust.header("link"), Some(format!("<{own}>; rel=\"self\"").as_str()));
    assert_eq!(count(&server.get("/feeds/repo/rust-lang/cargo.io.json")), 2);
    let negotiated = server.ask("/feeds/repo/rust-lang/cargo.io", &[("Accept", "application/atom+xml")]);
    assert_eq!(count(&negotiated), 2, "`io` is no format");
    assert_eq!(negotiated.header("content-location"), Some("/feeds/repo/rust-lang/cargo.io.atom"));
    assert_eq!(origin.requests()[0].path, "/rust-lang/xrust/list?of=rust-lang");

    let page = server.get("/feeds/repo/rust-lang/rust.html");
    assert!(page.text().contains("href=\"rust.atom\""), "{}", page.text());
    let etag = rust.header("etag").unwrap();
    assert_eq!(server.ask("/feeds/repo/rust-lang/rust.xml", &[("If-None-Match", etag)]).status, 304);
    assert_eq!(origin.requests().len(), 2, "editions are kept");
    drop(server);
    assert_eq!(archived(home.path()), ["repo/rust-lang/cargo.io", "repo/rust-lang/rust"]);
}

#[test]
fn values_stand_in_bodies_too_and_the_sites_headers_go_with_them() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/search/rust", page(2));
    let toml = format!(
        "[sites.search]\nurl = \"{}\"\nparams = {{ find = '.+' }}\nallow_private = [\"{}\"]\n\
         headers = {{ X-Mill = \"yes\" }}\n\
         listing = {{ item = \"li.story\", request = {{ json = {{ q = \"{{find}}\", all = true }} }} }}\n",
        origin.url("/search/{find}"),
        origin.address(),
    );
    configure(home.path(), &toml);
    let server = Server::start(home.path());
    assert_eq!(count(&server.get("/feeds/search/rust.xml")), 2);
    let asked = &origin.requests()[0];
    assert_eq!((asked.method.as_str(), asked.header("x-mill")), ("POST", Some("yes")));
    assert_eq!(asked.body, r#"{"all":true,"q":"rust"}"#);
    server.get("/feeds/search/%22%7D%20%7Bdate:%25Y%7D.xml");
    let body: serde_json::Value = serde_json::from_str(&origin.requests()[1].body).unwrap();
    assert_eq!(body["q"], "\"} {date:%Y}", "a value is no place and ends no text");
}

#[test]
fn without_values_the_form_of_the_address_is_told() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &toml(&origin, ""));
    let server = Server::start(home.path());
    for path in ["/feeds/repo.xml", "/feeds/repo", "/feeds/repo/a.xml", "/feeds/repo/a/b/c.xml", "/feeds/repo/a/b!.xml"]
    {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("/feeds/repo/{owner}/{name}.xml"), "{path}: {}", answer.text());
    }
    assert!(server.get("/feeds/repo/a/b!.xml").text().contains("must match"));
    let index = server.get("/").text();
    assert!(index.contains("feeds/repo/{owner}/{name}.xml") && index.contains("0 feeds"), "{index}");
    assert!(!index.contains("href=\"feeds/repo"), "{index}");
    assert!(!server.get("/feeds.opml").text().contains("{owner}"));
    assert_eq!(origin.requests().len(), 0);
}

#[test]
fn hostile_values_lead_nowhere_and_leave_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &toml(&origin, ""));
    let server = Server::start(home.path());
    let long = "a".repeat(7_000);
    let too_long = "a".repeat(300);
    for values in [
        "../x",
        "%2e%2e/x",
        "x/..",
        "x/%2e%2e",
        "./x",
        "x/.",
        "/x",
        "x/",
        "//",
        "x/%00",
        "%00/x",
        "x%0d%0aA:b/x",
        "%ff/x",
        "x/%c3%28",
        "x/a%5Cb",
        "x/a%20b",
        &format!("{long}/x"),
        &format!("{too_long}/x"),
        "x/%7f",
        "%1b[2J/x",
        "x/%3Cscript%3E",
        "x/%25",
    ] {
        let answer = server.get(&format!("/feeds/repo/{values}.xml"));
        assert_eq!(answer.status, 404, "{values}: {}", answer.text());
        assert!(answer.body.len() < 2_000 && !answer.text().contains("<script"), "{values}");
        assert!(!answer.text().contains(['\u{1b}', '\0']), "{values}");
    }
    let answer = server.get(&format!("/feeds/repo/{}/x.xml", "a".repeat(16 * 1024)));
    assert!(matches!(answer.status, 414 | 431), "{}", answer.status);
    assert_eq!(origin.requests().len(), 0, "{:?}", origin.requests());
    // A pattern may allow slashes and the like: they stay one segment of the address that is asked for.
    for (values, path) in [
        ("x/a%2Fb", "/x/xa%2Fb/list?of=x"),
        ("x/%2e.%2fy", "/x/x..%2Fy/list?of=x"),
        ("a%3fb%23c%26d/%C3%BC", "/a%3Fb%23c%26d/x%C3%BC/list?of=a%3Fb%23c%26d"),
        ("%7Bname%7D/x", "/%7Bname%7D/xx/list?of=%7Bname%7D"),
        ("%2525/x", "/%2525/xx/list?of=%2525"),
        ("@evil.example:80/x", "/%40evil.example%3A80/xx/list?of=%40evil.example%3A80"),
    ] {
        assert_eq!(server.get(&format!("/feeds/repo/{values}.xml")).status, 502, "{values}");
        assert_eq!(origin.requests().last().unwrap().path, path, "{values}");
    }
    drop(server);
    assert_eq!(archived(home.path()), [""; 0], "what fails at first leaves nothing behind");
}

#[tokio::test]
async fn made_up_values_that_failed_are_left_alone_for_a_while() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &toml(&origin, ""));
    let wanted = Wanted { name: "repo/a/b", format: Format::Rss, query: None };
    for (seconds, hits) in [(0, 1), (0, 1), (66, 2)] {
        bench.wait(TimeDelta::seconds(seconds));
        let engine::Answer::Nothing { outcome: Some(Outcome::Failed { status, .. }), wait } =
            bench.engine.answer(wanted).await
        else {
            panic!("there is no such page")
        };
        assert_eq!(status, Some(404));
        assert!(wait.is_some_and(|wait| (60..=66).contains(&wait.as_secs())), "{wait:?}");
        assert_eq!(origin.hits("/a/xb/list"), hits);
    }
    origin.on("/a/xb/list", page(2));
    bench.wait(TimeDelta::seconds(59));
    assert!(matches!(bench.engine.answer(wanted).await, engine::Answer::Nothing { .. }));
    bench.wait(TimeDelta::seconds(7));
    assert!(matches!(bench.engine.answer(wanted).await, engine::Answer::Edition(_)));
    assert_eq!(origin.hits("/a/xb/list"), 3);
}

#[test]
fn a_crowd_asks_once_and_a_failure_later_keeps_the_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/a/xb/list", page(2));
    configure(home.path(), &toml(&origin, "refresh = \"1s\""));
    let server = Server::start(home.path());
    let gate = origin.hold("/a/xb/list");
    std::thread::scope(|scope| {
        // Two spellings of one name.
        let paths = (0..20).map(|n| ["/feeds/repo/a/b.xml", "/feeds/repo/%61/b.xml"][n % 2]);
        let readers: Vec<_> = paths.map(|path| scope.spawn(|| server.get(path))).collect();
        origin.wait_for_hits("/a/xb/list", 1);
        gate.release();
        for reader in readers {
            assert_eq!(count(&reader.join().unwrap()), 2);
        }
    });
    assert_eq!(origin.hits("/a/xb/list"), 1);
    drop(server);
    origin.on("/a/xb/list", Script::status(500));
    let output = run(home.path(), &["build", "repo/a/b", "--out", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(home.path().join("out/repo/a/b.xml").is_file(), "from the archive");
    let server = Server::start(home.path());
    let answer = server.get("/feeds/repo/a/b.xml");
    assert_eq!(count(&answer), 2);
    assert!(answer.header("cache-status").unwrap().contains("stale"), "{answer:?}");
}

#[test]
fn memory_and_archive_hold_a_bounded_number_of_them() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let listing = Site::of(1).listing();
    let bound = feedmill::limits::INSTANCES;
    for number in 0..bound + 5 {
        origin.on(&format!("/o/x{number}/list"), Script::html(listing.clone()));
    }
    origin.on("/o/xlisted/list", Script::html(listing));
    configure(home.path(), &toml(&origin, "feeds = [{ owner = \"o\", name = \"listed\" }]"));
    let server = Server::start(home.path());
    let ask = |number: usize| server.get(&format!("/feeds/repo/o/{number}.json")).status;
    for number in 0..bound {
        assert_eq!(ask(number), 200, "{number}");
    }
    let asked = origin.requests().len();
    for number in bound..bound + 5 {
        let answer = server.get(&format!("/feeds/repo/o/{number}.json"));
        assert_eq!((answer.status, answer.header("retry-after")), (503, None));
        assert!(answer.text().contains("as many feeds of this kind as it may"), "{}", answer.text());
    }
    assert_eq!(origin.requests().len(), asked, "nobody is asked for what is refused");
    assert_eq!((ask(0), ask(bound - 1)), (200, 200), "those that are there stay");
    assert_eq!(count(&server.get("/feeds/repo/o/listed.xml")), 1, "what the configuration lists is always welcome");
    assert!(server.peak_kb() < 200_000, "{} KB", server.peak_kb());
}

#[test]
fn build_makes_those_that_the_table_lists() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/rust-lang/xrust/list", page(3));
    origin.on("/rust-lang/x.github/list", page(2));
    origin.on("/rust-lang/xa%2Fb/list", page(1));
    let feeds = "feeds = [{ owner = \"rust-lang\", name = \"rust\" }, { owner = \"rust-lang\", name = \".github\" }, \
                 { owner = \"rust-lang\", name = \"a/b\" }]";
    let more = "[merged.all]\nsites = [\"repo/rust-lang/rust\", \"repo/rust-lang/extra\"]\n";
    origin.on(
        "/rust-lang/xextra/list",
        Script::html(Site { articles: vec![Article::numbered(9)], ..Site::of(0) }.listing()),
    );
    configure(home.path(), &format!("{}{more}", toml(&origin, feeds)));
    let output = run(home.path(), &["build", "--out", "out", "--base-url", "https://feeds.example/"]);
    assert!(output.status.success(), "{}", talk(&output));
    let files = |folder: &str| {
        let mut names: Vec<String> = std::fs::read_dir(home.path().join(folder))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains(".xml") || !name.contains('.'))
            .collect();
        names.sort();
        names
    };
    assert_eq!(files("out"), ["all.xml", "repo"]);
    assert_eq!(files("out/repo/rust-lang"), ["%2Egithub.xml", "a%2Fb.xml", "extra.xml", "rust.xml"]);
    let text = |file: &str| std::fs::read_to_string(home.path().join("out").join(file)).unwrap();
    assert!(text("repo/rust-lang/a%2Fb.xml").contains("https://feeds.example/repo/rust-lang/a%252Fb.xml"));
    assert!(text("repo/rust-lang/a%2Fb.html").contains("href=\"a%252Fb.atom\""));
    assert!(text("index.html").contains("href=\"repo/rust-lang/a%252Fb.xml\""));
    assert!(text("feeds.opml").contains("https://feeds.example/repo/rust-lang/rust.xml"));
    assert!(!text("index.html").contains("{owner}"), "a folder makes nothing on demand");
    assert_eq!(text("all.atom").matches("<entry").count(), 4);
}

#[test]
fn the_commands_take_them_like_sites() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/a/xb/list", page(2));
    let feeds = "feeds = [{ owner = \"a\", name = \"b\" }]";
    configure(home.path(), &toml(&origin, feeds));
    std::fs::write(home.path().join("page.html"), Site::of(2).listing()).unwrap();
    let said = |arguments: &[&str]| {
        let output = run(home.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", talk(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said(&["preview", "repo/a/b"]).contains("Sack 2"));
    assert!(said(&["preview", "repo", "--page", "page.html"]).contains("Sack 2"), "a rule needs no values");
    assert!(said(&["extract", "listing", "--site", "repo", "page.html"]).contains("Sack 2"));
    assert!(said(&["extract", "listing", "--site", "repo/a/b", "page.html"]).contains("Sack 2"));
    assert!(said(&["check"]).contains("ok   repo (no tests)"));
    assert!(said(&["check", "repo", "--online"]).contains("repo/a/b: fresh"));
    assert!(said(&["opml"]).contains("/feeds/repo/a/b.xml"));
    let output = run(home.path(), &["preview", "repo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(talk(&output).contains("repo/{owner}/{name}"), "{}", talk(&output));
    let output = run(home.path(), &["build", "repo/a/b!", "--out", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(talk(&output).contains("`name` must match"), "{}", talk(&output));
}

#[test]
fn mistakes_are_told_where_they_stand() {
    let mistakes = |url: &str, more: &str| {
        let toml = format!("[sites.x]\nurl = \"https://{url}\"\n{more}\nlisting.item = \"a\"\n");
        let problems = feedmill::config::parse(&toml, Path::new("sites.toml")).expect_err(&toml).to_string();
        assert!(problems.contains("1 problem"), "{problems}");
        problems
    };
    let owner = "params = { owner = 'a+' }";
    for (url, more, words) in [
        ("a.example/{owner}", "", "nothing is known that could be put in for `{owner}`"),
        ("a.example/", owner, "the parameter `owner` stands nowhere in `url`"),
        ("a.example/{date:%Y}", "params = { date = 'a' }", "`date` is the present day"),
        ("a.example/{Owner}", "params = { Owner = 'a' }", "cannot be a parameter's name"),
        ("{owner}.example/", owner, "the host of an address cannot change"),
        ("a.example{owner}/", owner, "the host of an address cannot change"),
        ("a.example/#{owner}", owner, "is never sent to a site"),
        ("a.example/{owner}", "params = { owner = '(' }", "no regular expression"),
        ("a.example/{owner}", "params = { owner = 'a+' }\nfeeds = [{ owner = \"ab\" }]", "`owner` must match a+"),
        ("a.example/{owner}", "params = { owner = '.*' }\nfeeds = [{ owner = \"..\" }]", "`owner` cannot be empty"),
        ("a.example/{owner}", "params = { owner = 'a' }\nfeeds = [{ onwer = \"a\" }]", "did you mean `owner`?"),
        ("a.example/{owner}", "params = { owner = 'a' }\nfeeds = [{}]", "this feed has no `owner`"),
        ("a.example/{owner}", "params = { owner = 'a' }\nfeeds = [{ owner = \"a\" }, { owner = \"a\" }]", "twice"),
        ("a.example/", "feeds = [{ owner = \"a\" }]", "`feeds` without `params`"),
        ("a.example/", "params = {}\nfeeds = [{}]", "`feeds` without `params`"),
    ] {
        let said = mistakes(url, more);
        assert!(said.contains(words), "{url} {more}: {said}");
    }
}
