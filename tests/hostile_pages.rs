//! No page can take the server's memory or time: it is refused or read within bounds, and other feeds go on.

#![cfg(test)]

mod support;

use std::path::Path;

use support::origin::Origin;
use support::script::Script;
use support::server::Server;
use support::site::{Site, configure};

/// Most memory that the server may ever have used, in KB: what one document may cost, and the program itself.
const MOST_KB: usize = 150 * 1024;

/// Two sites on one origin: one well, one hostile.
fn configured(home: &Path, origin: &Origin) {
    let site = |name: &str, path: &str| {
        format!(
            "[sites.{name}]\nurl = \"{}\"\nallow_private = [\"{}\"]\n[sites.{name}.listing]\nitem = \"li.story\"\n",
            origin.url(path),
            origin.address()
        )
    };
    configure(home, &format!("{}{}", site("well", "/"), site("hostile", "/hostile")));
}

/// Serves `page` as the hostile listing and returns the answer that a reader gets.
fn asked(server: &Server, origin: &Origin, page: String) -> support::server::Answer {
    origin.on("/hostile", Script::html(page));
    let answer = server.get("/feeds/hostile.xml");
    assert_eq!(server.get("/feeds/well.xml").status, 200);
    assert!(server.peak_kb() < MOST_KB, "{} KB", server.peak_kb());
    answer
}

#[test]
fn fault_19_pages_that_nest_without_end() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configured(home.path(), &origin);
    // A new process each time: one and the same leaves a site alone that has just failed.
    for page in [
        "<div>".repeat(200_000),
        "<ul><li>".repeat(100_000),
        "<template>".repeat(100_000),
        format!("<svg>{}", "<g>".repeat(200_000)),
    ] {
        let start: String = page.chars().take(12).collect();
        let answer = asked(&Server::start(home.path()), &origin, page);
        assert_eq!(answer.status, 502, "{start}");
        assert!(answer.text().contains("nests deeper than 512 levels"), "{start}: {}", answer.text());
    }
    let formatting: String = (0..20_000).map(|n| format!("<p><b a={n}></p>")).collect();
    assert_eq!(asked(&Server::start(home.path()), &origin, formatting).status, 502);
}

#[test]
fn fault_20_pages_that_are_odd_in_other_ways() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configured(home.path(), &origin);
    let server = Server::start(home.path());
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    let row = "<li class=story><a href=/stories/1>a</a></li>";
    for (name, page) in [
        ("one tag with 200,000 attributes", format!("<p{attributes}>{row}")),
        ("5 MB of &amp;", format!("{row}{}", "&amp;".repeat(1_000_000))),
        ("NULs", format!("{row}{}", "\0".repeat(1_000_000))),
        ("a text of 9 MB", format!("{row}{}", "x".repeat(9 * 1024 * 1024))),
        ("a comment without end", format!("{row}<!-- {}", "y".repeat(1_000_000))),
    ] {
        let answer = asked(&server, &origin, page);
        let is_read = answer.status == 200 && answer.text().matches("<item>").count() == 1;
        let is_refused = answer.status == 502 && answer.text().contains("longer than 5s to parse");
        assert!(is_read || is_refused, "{name}: {} {}", answer.status, answer.text());
    }
}
