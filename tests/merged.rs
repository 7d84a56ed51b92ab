//! Several sites as one feed: newest first, each item once, and nobody waits for a broken one longer than they must.

#![cfg(test)]

mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Output;

use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::{Answer, Server};
use support::site::{Article, Site, configure};

/// Sites `a` and `b` at two origins, and `more` after their tables.
fn toml(origins: &[&Origin], of_sites: &str, more: &str) -> String {
    let mut toml = String::new();
    for (origin, name) in origins.iter().zip(["a", "b", "c"]) {
        let _ = write!(
            toml,
            "[sites.{name}]\nurl = \"{}\"\ntitle = \"Site {name}\"\nallow_private = [\"{}\"]\n{of_sites}\n\
             [sites.{name}.listing]\nitem = \"li.story\"\n\n",
            origin.url("/"),
            origin.address(),
        );
    }
    format!("{toml}{more}\n[fetch]\ngap = \"0s\"\n")
}

const BOTH: &str = "[merged.both]\nsites = [\"a\", \"b\"]\ntitle = \"Both\"\n";

/// A site whose articles have these numbers.
fn site(numbers: &[usize]) -> Site {
    Site { articles: numbers.iter().map(|n| Article::numbered(*n)).collect(), tail: String::new(), dated: true }
}

fn build(home: &Path, names: &[&str]) -> Output {
    feedmill(home).args(["build", "--out", "out"]).args(names).output().expect("the binary")
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sacks(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| Article::numbered(n).title).collect()
}

fn parsed(bytes: &[u8]) -> feed_rs::model::Feed {
    feed_rs::parser::parse(bytes).expect("a feed")
}

fn titles(bytes: &[u8]) -> Vec<String> {
    parsed(bytes).entries.into_iter().map(|entry| entry.title.expect("a title").content).collect()
}

fn seen(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    titles(&answer.body)
}

fn out(home: &Path, file: &str) -> Vec<u8> {
    std::fs::read(home.join("out").join(file)).expect(file)
}

#[test]
fn items_of_all_sites_stand_by_date_with_the_ids_that_they_have() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[9, 5, 1]).publish(&one);
    site(&[8, 6, 2]).publish(&two);
    configure(home.path(), &toml(&[&one, &two], "", &format!("{BOTH}show = 5\n")));
    let output = build(home.path(), &[]);
    assert!(output.status.success(), "{}", talk(&output));
    let both = out(home.path(), "both.xml");
    assert_eq!(titles(&both), sacks([9, 8, 6, 5, 2]));
    let ids = |bytes: &[u8]| parsed(bytes).entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>();
    let (of_a, of_b) = (ids(&out(home.path(), "a.xml")), ids(&out(home.path(), "b.xml")));
    assert_eq!(ids(&both), [&of_a[0], &of_b[0], &of_b[1], &of_a[1], &of_b[2]].map(Clone::clone));
    assert_eq!(parsed(&both).title.unwrap().content, "Both");
    let index = String::from_utf8(out(home.path(), "index.html")).unwrap();
    assert!(index.contains("both.xml") && index.contains("3 feeds"), "{index}");

    let rss = String::from_utf8(both).unwrap();
    assert!(rss.contains(&format!("<source url=\"{}\">Site a</source>", one.url("/"))), "{rss}");
    let atom = String::from_utf8(out(home.path(), "both.atom")).unwrap();
    assert_eq!(atom.matches("<source>").count(), 5, "{atom}");
    assert!(atom.contains("<title>Site b</title>"), "{atom}");
}

#[test]
fn what_two_sites_list_appears_once() {
    let (one, home) = (Origin::start(), tempfile::tempdir().unwrap());
    site(&[3, 2, 1]).publish(&one);
    configure(home.path(), &toml(&[&one, &one], "", BOTH));
    assert!(build(home.path(), &["both"]).status.success());
    assert_eq!(titles(&out(home.path(), "both.json")), sacks([3, 2, 1]));
    assert!(!home.path().join("out/a.xml").exists(), "only what was named is written");
}

#[test]
fn filters_of_the_sites_and_of_the_feed_add_up() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[9, 7, 5, 3, 1]).publish(&one);
    site(&[8, 6, 4, 2]).publish(&two);
    let of_sites = "filter = { exclude = { title = \"Sack [98]\" } }";
    let more = format!("{BOTH}show = 3\nquery_filter = true\nfilter = {{ exclude = {{ title = \"Sack 7\" }} }}\n");
    configure(home.path(), &toml(&[&one, &two], of_sites, &more));
    let server = Server::start(home.path());
    assert_eq!(seen(&server.get("/feeds/both.xml")), sacks([6, 5, 4]));
    assert_eq!(seen(&server.get("/feeds/both.xml?exclude.title=5&show=4")), sacks([6, 4, 3, 2]));
    assert_eq!(seen(&server.get("/feeds/a.xml")), sacks([7, 5, 3, 1]));
}

#[test]
fn a_broken_site_keeps_the_others_from_nothing() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[3, 1]).publish(&one);
    two.on("/", Script::status(500));
    configure(home.path(), &toml(&[&one, &two], "", BOTH));
    let server = Server::start(home.path());
    let partial = server.get("/feeds/both.xml");
    assert_eq!(seen(&partial), sacks([3, 1]));
    let status = partial.header("cache-status").unwrap();
    assert!(status.contains("b: cannot fetch") && status.contains("500"), "{status}");
    assert!(partial.header("cache-control").unwrap().contains("max-age=0"), "it will be better soon");
    assert_eq!(partial.header("retry-after"), None);

    site(&[2]).publish(&two);
    assert_eq!(seen(&server.get("/feeds/both.xml")), sacks([3, 1]));
    assert_eq!((one.hits("/"), two.hits("/")), (1, 1), "the broken one is left alone for a while");
    drop(server);
    let server = Server::start(home.path());
    let whole = server.get("/feeds/both.xml");
    assert_eq!(seen(&whole), sacks([3, 2, 1]));
    assert!(!whole.header("cache-status").unwrap().contains("detail"));
    assert_ne!(whole.header("last-modified"), partial.header("last-modified"));
    assert_eq!((one.hits("/"), two.hits("/")), (1, 2));

    let output = build(home.path(), &["both"]);
    assert!(output.status.success(), "{}", talk(&output));
    two.on("/", Script::status(500));
    let output = build(home.path(), &["both"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        talk(&output).starts_with("feedmill: b: ") || talk(&output).contains("b: cannot fetch"),
        "{}",
        talk(&output)
    );
    assert_eq!(titles(&out(home.path(), "both.xml")), sacks([3, 2, 1]), "the last good state of each");
}

#[tokio::test]
async fn a_refresh_that_only_some_sites_come_through_is_partial() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[3, 1]).publish(&one);
    two.on("/", Script::status(500));
    let bench = Bench::start(home.path(), &toml(&[&one, &two], "", BOTH));
    let outcome = bench.engine.refresh("both").await.unwrap().outcome.clone();
    let Outcome::Partial { entries: 2, new: 2, changed: 0, why } = outcome else { panic!("{outcome:?}") };
    assert!(why.starts_with("b: ") && why.contains("500"), "{why}");
    one.on("/", Script::status(500));
    let outcome = bench.engine.refresh("both").await.unwrap().outcome.clone();
    assert!(matches!(&outcome, Outcome::Failed { why, .. } if why.contains("a: ")), "{outcome:?}");
}

#[test]
fn without_any_site_there_is_no_feed() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &toml(&[&one, &two], "", BOTH));
    let server = Server::start(home.path());
    let nothing = server.get("/feeds/both.xml");
    assert_eq!(nothing.status, 502);
    assert!(nothing.text().contains("404"), "{}", nothing.text());
}

#[test]
fn a_crowd_makes_each_site_be_asked_once() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[1]).publish(&one);
    site(&[2]).publish(&two);
    configure(home.path(), &toml(&[&one, &two], "", BOTH));
    let server = Server::start(home.path());
    let gate = one.hold("/");
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..20)
            .map(|n| ["/feeds/both.xml", "/feeds/a.xml"][n % 2])
            .map(|path| scope.spawn(|| server.get(path)))
            .collect();
        one.wait_for_hits("/", 1);
        gate.release();
        for (n, reader) in readers.into_iter().enumerate() {
            let expected = if n % 2 == 0 { sacks([2, 1]) } else { sacks([1]) };
            assert_eq!(seen(&reader.join().unwrap()), expected);
        }
    });
    assert_eq!((one.hits("/"), two.hits("/")), (1, 1));
}

#[test]
fn conditions_hold_until_something_is_to_be_seen() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[3, 1]).publish(&one);
    site(&[2]).publish(&two);
    let of_sites = "refresh = \"1s\"";
    let more = format!("{BOTH}filter = {{ exclude = {{ title = \"Sack [789]\" }} }}\n");
    configure(home.path(), &toml(&[&one, &two], of_sites, &more));
    build(home.path(), &[]);
    let mtime = || std::fs::metadata(home.path().join("out/both.xml")).unwrap().modified().unwrap();
    let before = (mtime(), out(home.path(), "both.atom"));
    site(&[9, 2]).publish(&two);
    build(home.path(), &[]);
    assert_eq!(titles(&out(home.path(), "b.xml")), sacks([9, 2]));
    assert!((mtime(), out(home.path(), "both.atom")) == before, "what it does not show does not move it");
    site(&[4, 2]).publish(&two);
    build(home.path(), &[]);
    assert!(mtime() > before.0);
    assert_eq!(titles(&out(home.path(), "both.xml")), sacks([4, 3, 2, 1]));

    let server = Server::start(home.path());
    let answer = server.get("/feeds/both.atom");
    let (etag, date) = (answer.header("etag").unwrap(), answer.header("last-modified").unwrap());
    assert_eq!(server.ask("/feeds/both.atom", &[("If-None-Match", etag)]).status, 304);
    assert_eq!(server.ask("/feeds/both.atom", &[("If-Modified-Since", date)]).status, 304);
    drop(server);
    let more = format!("{BOTH}filter = {{ exclude = {{ title = \"Sack 3\" }} }}\n");
    configure(home.path(), &toml(&[&one, &two], of_sites, &more));
    let server = Server::start(home.path());
    let edited = server.ask("/feeds/both.atom", &[("If-Modified-Since", date)]);
    assert_eq!(seen(&edited), sacks([9, 4, 2, 1]));
}

#[test]
fn it_is_listed_and_previewed_like_a_site() {
    let (one, two, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    site(&[1]).publish(&one);
    site(&[2]).publish(&two);
    configure(home.path(), &toml(&[&one, &two], "", BOTH));
    let server = Server::start(home.path());
    server.get("/feeds/both.xml");
    let index = server.get("/").text();
    assert!(index.contains("href=\"feeds/both.xml\"") && index.contains("2 items"), "{index}");
    assert!(server.get("/feeds.opml").text().contains("/feeds/both.xml"));
    drop(server);
    let run = |arguments: &[&str]| {
        let output = feedmill(home.path()).args(arguments).output().expect("the binary");
        assert!(output.status.success(), "{arguments:?}: {}", talk(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(titles(run(&["preview", "both", "--format", "atom"]).as_bytes()), sacks([2, 1]));
    assert!(run(&["opml"]).contains("/feeds/both.xml"));
    assert!(run(&["check"]).contains("ok   a"));
    run(&["check", "both", "--online"]);
}

#[test]
fn mistakes_are_told_where_they_stand() {
    let mistakes = |merged: &str| {
        let sites = "[sites.ferris]\nurl = \"https://a.example/\"\nlisting.item = \"a\"\n";
        let toml = format!("{sites}[merged.{merged}\n");
        let problems = feedmill::config::parse(&toml, Path::new("sites.toml")).expect_err(merged).to_string();
        assert!(problems.contains("--> sites.toml:") && problems.contains("1 problem"), "{problems}");
        problems
    };
    assert!(mistakes("x]\nsites = [\"feris\"]").contains("did you mean `ferris`?"));
    assert!(mistakes("x]\nsites = [\"ferris\", \"ferris\"]").contains("twice"));
    assert!(mistakes("x]\nsites = []").contains("`sites` is empty"));
    assert!(mistakes("x]\nsites = [\"x\"]").contains("no site is called `x`"));
    assert!(mistakes("ferris]\nsites = [\"ferris\"]").contains("is a site already"));
    assert!(mistakes("X]\nsites = [\"ferris\"]").contains("cannot be a merged feed's name"));
    assert!(mistakes("x]").contains("`merged.x` has no `sites`"));

    let names: Vec<String> = (0..=feedmill::limits::MERGED_SITES).map(|n| format!("s{n}")).collect();
    let table = |name: &String| format!("[sites.{name}]\nurl = \"https://a.example/\"\nlisting.item = \"a\"\n");
    let toml = format!("[merged.all]\nsites = {names:?}\n{}", names.iter().map(table).collect::<String>());
    let problems = feedmill::config::parse(&toml, Path::new("sites.toml")).expect_err("too many").to_string();
    assert!(problems.contains("more than 100 sites"), "{problems}");
}
