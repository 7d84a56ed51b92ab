//! `feedmill check` warns of what works and is still most likely a mistake: with the line of the rule, and what to do.

#![cfg(test)]

mod support;

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;
use support::feedmill;
use support::site::configure;

/// A list in which every title ends alike, every row has the same date and the same picture.
const LIST: &str = r#"<ul id=list>
<li class=row><a href=/news/1><h2>Wheel mended | Mill News</h2></a><time datetime="2026-02-11T10:30:00">11 Feb</time><img src=/logo.png><p class=by>Ada</p></li>
<li class=row><a href=/news/2><h2>Goose found | Mill News</h2></a><time datetime="2026-02-11T10:30:00">11 Feb</time><img src=/logo.png><p class=by>Bo</p></li>
<li class=row><a href=/news/3><h2>Flour sold | Mill News</h2></a><time datetime="2026-02-11T10:30:00">11 Feb</time><img src=/logo.png><p class=by>Cy</p></li>
</ul>"#;
const ARTICLE: &str = "<h1>Wheel mended</h1><div class=body><p>It turns.</p><p class=ad>Buy!</p></div>";

const ODD: &str = r#"[sites.odd]
url = "https://mill.example/"

[sites.odd.listing]
item      = [".row", ".old-row", ".row"]
container = "\u0023feed"
title     = ["h2", "h2"]
author    = [
  { css = ".by", match = '(.+)' },
  { css = ".by", match = 'by (.+)' },
  { text = "The mill", default = "Nobody" },
  { css = ".writer", default = "Somebody" },
]
published = ["time", { css = "time", attr = "title", format = "%d.%m.%Y %H:%M" }]

[sites.odd.article]
content = [".body", ".text"]
remove  = [".ad", ".promo"]

[[sites.odd.test]]
page  = "list.html"
count = 3

[[sites.odd.test]]
page = "article.html"
url  = "https://mill.example/news/1"
kind = "article"
contains = ["It turns."]
"#;

/// The exit code, and what stands on stdout.
fn check(home: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = feedmill(home).arg("check").args(arguments).output().expect("the binary");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn home(toml: &str, pages: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), toml);
    for (name, page) in pages {
        fs::write(home.path().join(name), page).unwrap();
    }
    home
}

#[test]
fn what_is_odd_is_told_with_its_line_and_what_to_do() {
    let home = home(ODD, &[("list.html", LIST), ("article.html", ARTICLE)]);
    let (code, said) = check(home.path(), &[]);
    assert_eq!(code, Some(0), "warnings are no failures");
    assert_snapshot!(said, @r#"
ok   odd (2 tests)
  warn ./sites.toml:4: listing: all 3 rows have the same `image`: `https://mill.example/logo.png`
       if it is a logo or a placeholder, write `image = false`
  warn ./sites.toml:5: listing.item.1: `.old-row` matches nothing on the test page
       mend it, take it out, or add a test page that needs it
  warn ./sites.toml:5: listing.item.2: `.row` stands in this list twice
       take the second one out
  warn ./sites.toml:6: listing.container: `#feed` matches nothing on the test page
       mend it, take it out, or add a test page that needs it
  warn ./sites.toml:7: listing.title: all 3 titles end in `| Mill News`
       if it belongs to the site and not to the titles, cut it off: `replace = [' \| Mill News$', ""]`
  warn ./sites.toml:7: listing.title.1: `h2` stands in this list twice
       take the second one out
  warn ./sites.toml:9: listing.author.0: its `match`, `(.+)`, takes every value whole on the test page
       take it out, or put a group around the part that is meant, as in `by (.+)`
  warn ./sites.toml:10: listing.author.1: its `match`, `by (.+)`, fits none of the values on the test page
       one of the values is `Ada`
  warn ./sites.toml:12: listing.author.3: it is never tried: `{ text = "The mill", default = "Nobody" }` before it always has a value
       put what always has a value last
  warn ./sites.toml:12: listing.author.3: its `default` is never used: another one stands before it
       a field has one `default`, anywhere in its list
  warn ./sites.toml:12: listing.author.3: `{ css = ".writer", default = "Somebody" }` matches nothing on the test page
       mend it, take it out, or add a test page that needs it
  warn ./sites.toml:14: listing.published: all 3 rows have the same `published`: `2026-02-11T10:30:00+00:00`
       if they are not all of one day, the date is read from outside of the row
  warn ./sites.toml:14: listing.published.0: `2026-02-11T10:30:00` names no zone, nor does the site: it is read as UTC
       say whose time it is: `timezone = "Europe/Berlin"` in the site's table; `"UTC"` if it is that
  warn ./sites.toml:14: listing.published.1: `%d.%m.%Y %H:%M` has a time and no zone, and the site names none: it is read as UTC
       say whose time it is: `timezone = "Europe/Berlin"` in the site's table; `"UTC"` if it is that
  warn ./sites.toml:14: listing.published.1: `{ css = "time", attr = "title", format = "%d.%m.%Y %H:%M" }` matches nothing on the test page
       mend it, take it out, or add a test page that needs it
  warn ./sites.toml:17: article.content.1: `.text` matches nothing on the test page
       mend it, take it out, or add a test page that needs it
  warn ./sites.toml:18: article.remove.1: `.promo` matches nothing on the test page
       mend it, take it out, or add a test page that needs it
"#);
    assert_eq!(check(home.path(), &["--strict"]).0, Some(1));
    assert_eq!(check(home.path(), &["--quiet"]), (Some(0), String::new()));
    assert!(check(home.path(), &["--quiet", "--strict"]).1.contains("warn"));
}

#[test]
fn without_pages_only_the_rule_itself_is_judged() {
    let home = home(ODD, &[]);
    let (code, said) = check(home.path(), &["--no-tests"]);
    assert_eq!(code, Some(0));
    assert_eq!(said.matches("  warn ").count(), 5, "{said}");
    assert!(!said.contains("test page matches"), "{said}");
}

#[test]
fn a_good_rule_is_not_doubted() {
    let good = r#"[defaults]
timezone = "Europe/Berlin"

[sites.good]
url = "https://mill.example/"

[sites.good.listing]
item      = ".row"
container = "\u0023list"
title     = { css = "h2", replace = [' \| Mill News$', ""] }
author    = [{ css = ".by", match = 'by (.+)' }, ".by", { text = "The mill" }]
image     = false
link_pattern = '/news/\d'

[[sites.good.test]]
page  = "list.html"
count = 3
"#;
    // The dates differ, as they mostly do.
    let list = LIST.replacen("2026-02-11", "2026-02-12", 1).replacen("class=by>Ada", "class=by>by Ada", 1);
    let home = home(good, &[("list.html", &list)]);
    assert_eq!(check(home.path(), &["--strict"]), (Some(0), "ok   good (1 test)\n".to_owned()));
}

#[test]
fn a_pattern_that_no_link_fits_and_rows_that_lead_to_one_page() {
    let toml = |keys: &str| {
        format!(
            "[sites.a]\nurl = 'https://mill.example/'\n[sites.a.listing]\nitem = '.row'\n{keys}\n\
             [[sites.a.test]]\npage = 'list.html'\nlacks = ['?']\n"
        )
    };
    let home = home(&toml(r"link_pattern = '/story/\d+'"), &[("list.html", LIST)]);
    let (code, said) = check(home.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains(r"sites.toml:5: listing.link_pattern: `/story/\d+` matches no link on the test page"),
        "{said}"
    );
    assert!(said.contains("one of the links is https://mill.example/news/1"), "{said}");

    let list = LIST.replace("/news/1", "/news").replace("/news/2", "/news").replace("/news/3", "/news");
    fs::write(home.path().join("list.html"), list).unwrap();
    configure(home.path(), &toml(""));
    let (_, said) = check(home.path(), &[]);
    assert!(said.contains("all 3 rows lead to the same page"), "{said}");
}

#[test]
fn scripts_read_it_as_json() {
    let home = home(&ODD.replace("count = 3", "count = 4"), &[("list.html", LIST), ("article.html", ARTICLE)]);
    let (code, said) = check(home.path(), &["--json"]);
    assert_eq!(code, Some(1));
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["ok"], &said["sites"][0]["site"], &said["sites"][0]["tests"]),
        (&false.into(), &"odd".into(), &2.into())
    );
    assert_eq!(said["sites"][0]["failures"][0]["what"], "expected 4 items, found 3");
    assert_eq!(said["sites"][0]["failures"][0]["line"], 20);
    let warnings = said["sites"][0]["warnings"].as_array().unwrap();
    let warning = warnings.iter().find(|warning| warning["key"] == "listing.item.1").unwrap();
    assert_eq!(warning["line"], 5);
    assert!(warning["what"].as_str().unwrap().contains(".old-row") && warning["help"].is_string(), "{warning}");
}
