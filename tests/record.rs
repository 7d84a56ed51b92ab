//! `feedmill record` saves a site's pages byte for byte, with the tests that they pass, and `check` replays them without
//! a network.

#![cfg(test)]

mod support;

use std::fs;
use std::path::Path;

use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, configure, sites_toml};

/// The exit code, stdout and stderr.
fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = feedmill(home).args(arguments).output().expect("the binary");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_recorded_site_is_checked_without_a_network() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(5);
    site.publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let (code, tests, talk) = run(home.path(), &["record", "mill"]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(talk.contains("3 pages are saved in ./tests/pages/mill; add the tests to ./sites.toml."), "{talk}");
    let folder = home.path().join("tests/pages/mill");
    assert_eq!(files(&folder), ["article-1.html", "article-2.html", "listing.html"]);
    assert_eq!(fs::read_to_string(folder.join("listing.html")).unwrap(), site.listing(), "byte for byte");
    assert_eq!(origin.requests().len(), 3);
    assert!(!home.path().join("data").exists(), "the archive is not touched");
    let root = origin.url("/");
    assert!(
        tests.starts_with(&format!(
            "[[sites.mill.test]]\npage = \"tests/pages/mill/listing.html\"\nkind = \"listing\"\ncount = 5\n\
             expect = {{ link = \"{root}stories/sack-5\", "
        )),
        "{tests}"
    );
    assert!(tests.contains(&format!("\nurl = \"{root}stories/sack-5\"\nkind = \"article\"\n")), "{tests}");
    assert!(tests.contains("title = \"Sack 5 & its goose\"") && tests.contains("author = \"Ada Miller\""), "{tests}");
    assert!(tests.contains("\ncontains = [\"The miller counted sack number 5"), "{tests}");

    let toml = format!("{}\n{tests}", fs::read_to_string(home.path().join("sites.toml")).unwrap());
    configure(home.path(), &toml);
    drop(origin);
    let (code, said, _) = run(home.path(), &["check"]);
    assert_eq!((code, said.lines().next()), (Some(0), Some("ok   mill (3 tests)")), "{said}");
    fs::write(folder.join("article-1.html"), site.listing()).unwrap();
    assert_eq!(run(home.path(), &["check"]).0, Some(1), "and the tests do test");
}

#[test]
fn tests_are_added_to_the_file_that_the_site_stands_in() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    fs::create_dir(home.path().join("sites.d")).unwrap();
    let own = sites_toml(&origin, "# mine").replace("\n[fetch]\ngap = \"0s\"\n", "");
    fs::write(home.path().join("sites.d/mill.toml"), &own).unwrap();
    configure(home.path(), "include = 'sites.d/*.toml'\n[fetch]\ngap = \"0s\"\n");
    let (code, said, talk) = run(home.path(), &["record", "mill", "--write", "--articles", "1"]);
    assert_eq!((code, said.as_str()), (Some(0), ""), "{talk}");
    assert!(talk.contains("their tests are in sites.d/mill.toml"), "{talk}");
    assert_eq!(files(&home.path().join("sites.d/tests/pages/mill")), ["article-1.html", "listing.html"]);
    let written = fs::read_to_string(home.path().join("sites.d/mill.toml")).unwrap();
    assert!(written.starts_with(&own) && written.contains("page = \"tests/pages/mill/listing.html\""), "{written}");
    assert!(run(home.path(), &["check"]).1.starts_with("ok   mill (2 tests)\n"));

    let (code, _, talk) = run(home.path(), &["record", "mill", "--write"]);
    assert_eq!(code, Some(2));
    assert!(talk.contains("sites.d/tests/pages/mill has files already: --force writes over them"), "{talk}");
    let (code, _, talk) = run(home.path(), &["record", "mill", "--write", "--articles", "1", "--force"]);
    assert_eq!(code, Some(0), "{talk}");
    assert_eq!(fs::read_to_string(home.path().join("sites.d/mill.toml")).unwrap(), written, "again is not more");
}

#[test]
fn what_only_the_header_tells_about_a_page_is_noted() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    // One letter beyond ASCII, which could be any.
    let mut page = b"<li class=story><h2><a href=/1>".to_vec();
    page.extend(b"M\xb9ka");
    page.extend(b"</a></h2></li>");
    origin.on("/", Script::redirect(302, "/list"));
    origin.on("/list", Script::page("text/html; charset=windows-1250", page.clone()));
    let toml = sites_toml(&origin, "");
    let (start, _) = toml.split_once("[sites.mill.article]").unwrap();
    configure(home.path(), start);
    let (code, tests, talk) = run(home.path(), &["record", "mill", "--out", "saved"]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(tests.contains("page = \"saved/listing.html\"\n"), "{tests}");
    assert!(tests.contains(&format!("url = \"{}\"\n", origin.url("/list"))), "{tests}");
    assert!(tests.contains("content_type = \"text/html; charset=windows-1250\"\n"), "{tests}");
    assert!(tests.contains("title = \"Mąka\""), "{tests}");
    assert_eq!(fs::read(home.path().join("saved/listing.html")).unwrap(), page);
    configure(home.path(), &format!("{start}\n{tests}"));
    assert_eq!(run(home.path(), &["check"]).0, Some(0));
}

#[test]
fn what_cannot_be_had_is_told_and_leaves_nothing_behind() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &sites_toml(&origin, ""));
    origin.on("/", Script::status(500));
    let (code, _, talk) = run(home.path(), &["record", "mill"]);
    assert_eq!(code, Some(1));
    assert!(talk.contains("the site answered 500; nothing is recorded"), "{talk}");
    origin.on("/", Script::html("<p>We have moved."));
    let (code, _, talk) = run(home.path(), &["record", "mill"]);
    assert_eq!(code, Some(1));
    assert!(talk.contains("nothing on the page matches"), "{talk}");
    assert!(!home.path().join("tests").exists());
    assert_eq!(run(home.path(), &["record", "nobody"]).0, Some(2));

    // An article that is gone is left out, and the next one taken.
    Site::of(3).publish(&origin);
    origin.on("/stories/sack-3", Script::status(404));
    let (code, tests, talk) = run(home.path(), &["record", "mill", "--articles", "1"]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(talk.contains("/stories/sack-3: the site answered 404; it is left out"), "{talk}");
    assert!(tests.contains("/stories/sack-2\""), "{tests}");
}

#[test]
fn listings_that_are_no_pages_are_replayed_too() {
    let feed = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Mill</title>
        <item><title>Wheel mended</title><link>https://mill.example/1</link></item>
        <item><title>Goose found</title><link>https://mill.example/2</link></item></channel></rss>"#;
    let json = r#"{"posts": [{"name": "Wheel mended", "href": "/1"}, {"name": "Goose found", "href": "/2"}]}"#;
    for (content_type, body, rule, file) in [
        ("application/rss+xml", feed, "from = 'feed'", "listing.xml"),
        ("text/xml; charset=utf-8", feed, "from = 'feed'\nlimit = 5", "listing.xml"),
        ("application/json", json, "item = '$.posts[*]'\ntitle = '$.name'\nlink = '$.href'", "listing.json"),
    ] {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        origin.on("/", Script::page(content_type, body));
        let site = format!("[sites.mill]\nurl = '{}'\nallow_private = ['{}']\n", origin.url("/"), origin.address());
        configure(home.path(), &format!("{site}[sites.mill.listing]\n{rule}\n"));
        let (code, tests, talk) = run(home.path(), &["record", "mill", "--write"]);
        assert_eq!(code, Some(0), "{content_type}: {tests}{talk}");
        assert_eq!(files(&home.path().join("tests/pages/mill")), [file]);
        let (code, said, _) = run(home.path(), &["check"]);
        assert_eq!((code, said.lines().next()), (Some(0), Some("ok   mill (1 test)")), "{content_type}: {said}");
    }
}

#[test]
fn a_listing_is_recorded_as_the_site_asks_for_it() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/search", Script::html("<li class=story><h2><a href=/1>Wheel mended</a></h2></li>"));
    let toml = format!(
        "[sites.mill]\nurl = ['{}', '{}']\nallow_private = ['{}']\n[sites.mill.listing]\nitem = '.story'\n\
         request = {{ form = {{ q = 'wheel' }}, headers = {{ X-Token = '$${{x}}' }} }}\n",
        origin.url("/search"),
        origin.url("/more"),
        origin.address()
    );
    configure(home.path(), &toml);
    let (code, tests, talk) = run(home.path(), &["record", "mill", "--write"]);
    assert_eq!(code, Some(0), "{tests}{talk}");
    let asked = origin.requests();
    assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].header("x-token")), (1, "POST", Some("${x}")));
    assert_eq!(run(home.path(), &["check"]).0, Some(0));
}
