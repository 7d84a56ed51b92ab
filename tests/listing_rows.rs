//! What a row tells without being asked, and how far a selector sees.

#![cfg(test)]

use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::weburl::WebUrl;

/// The entries that `[sites.x.listing]` with these lines reads from a page, and what it remarks.
fn read(lines: &str, page: &str) -> (Vec<Fields>, Vec<String>) {
    let toml = format!("[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\n{lines}\n");
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let rule = &plan.sites["x"].rule;
    let mut document = Document::parse(page, WebUrl::parse("https://a.example/").unwrap()).unwrap();
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let reading = extract::listing(&mut document, rule, Circumstances { now, explain: false });
    let rows = reading.entries.iter().map(|entry| extract::merge(&entry.found, None, rule, now).fields).collect();
    (rows, reading.findings.report.notes.into_iter().map(|note| note.what).collect())
}

fn titles(lines: &str, page: &str) -> Vec<String> {
    read(lines, page).0.into_iter().map(|fields| fields.title.map(String::from).unwrap_or_default()).collect()
}

#[test]
fn a_row_that_is_a_link_tells_its_title() {
    let page = r"<a class=x href=/crabs>Crabs walk</a> <a class=x href=/shells><h2>Shells</h2> a review</a>";
    assert_eq!(titles(r#"item = "a.x""#, page), ["Crabs walk", "Shells"]);
}

#[test]
fn a_selector_with_scope_may_match_the_row_itself() {
    let page = r"<li class=hot title=Crabs><a href=/crabs>1</a></li><li title=Shells><a href=/shells>2</a></li>";
    assert_eq!(titles("item = \"li\"\ntitle = [\":scope.hot @title\", \"a\"]", page), ["Crabs", "2"]);
}

#[test]
fn where_the_named_link_is_the_title_is() {
    let page = "<li><a href=/ada>Ada</a> <a class=t href=/crabs>Crabs walk</a></li>";
    assert_eq!(titles("item = \"li\"\nlink = \"a.t\"", page), ["Crabs walk"]);
    assert_eq!(titles("item = \"li\"\nlink = \"a.t @href\"", page), ["Crabs walk"]);
    let page = "<li><h3>Crabs walk</h3> <a class=t href=/crabs>Read more</a></li>";
    assert_eq!(titles("item = \"li\"\nlink = \"a.t\"", page), ["Crabs walk"], "a heading is better than `more`");
}

#[test]
fn entries_beyond_the_limit_are_not_left_out_silently() {
    let page = "<a class=x href=/1>One</a> <a class=x href=/2>Two</a> <a class=x href=/3>Three</a>";
    let (rows, remarks) = read("item = \"a.x\"\nlimit = 2", page);
    assert_eq!(rows.len(), 2);
    assert_eq!(remarks, ["the page has 3 entries; the first 2 are taken, as `limit` says"]);
    assert!(read("item = \"a.x\"\nlimit = 3", page).1.is_empty());
}

#[test]
fn a_date_beside_the_title_comes_before_one_within() {
    let page = "<li><a href=/1>The council of 3 November 2026</a> (20 November 2026)</li>\
        <li><a href=/2>Open from 1 June 2026</a></li><li>21 November 2026 <a href=/3>Geese</a></li>";
    let days = |lines: &str| {
        let (rows, _) = read(lines, page);
        rows.iter().map(|row| row.published.map(|date| date.format("%d.%m.").to_string())).collect::<Vec<_>>()
    };
    let expected = ["20.11.", "01.06.", "21.11."].map(|day| Some(day.to_owned()));
    assert_eq!(days("item = \"li\"\npublished = \":scope\""), expected);
    assert_eq!(days("item = \"li\"\ntitle = \"a\"\npublished = \":scope\""), expected);
}
