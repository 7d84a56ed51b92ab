//! Without a rule, an article's fields are found where pages usually have them.

#![cfg(test)]

use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::weburl::WebUrl;

fn found(page: &str) -> Fields {
    let toml = "[sites.x]\nurl = \"https://mill.example/\"\n[sites.x.listing]\nitem = \"li\"\n[sites.x.article]\n";
    let plan = config::parse(toml, std::path::Path::new("sites.toml")).unwrap();
    let mut document = Document::parse(page, WebUrl::parse("https://mill.example/news/goose").unwrap()).unwrap();
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: false };
    extract::article(&mut document, &plan.sites["x"].rule, None, circumstances).found.automatic
}

fn authors(page: &str) -> String {
    found(page).author.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("; ")
}

#[test]
fn authors_are_people_where_there_are_any() {
    let ours = r#"<meta property="og:site_name" content="The Daily Mill">"#;
    let json = |author: &str| {
        let head = r#"{"@type":"NewsArticle","publisher":{"name":"Mill Press"},"author":"#;
        format!("{ours}<script type='application/ld+json'>{head}{author}}}</script>")
    };
    for (page, expected) in [
        (json(r#"[{"@type":"Person","name":"Ada"},"By Bo Ek"]"#), "Ada; Bo Ek"),
        (json(r#""Mill Press""#) + "<p class=byline><a href=/staff/1>Cy Dee</a></p>", "Cy Dee"),
        (json(r#""Mill Press""#) + "<meta name=author content='The Daily Mill'>", "Mill Press"),
        (json(r#"{"@type":"Person","url":"/authors/ada"}"#) + "<a rel=author href=/authors/ada>Ada</a>", "Ada"),
        (format!("{ours}<meta name=author content='https://mill.example/ada'><p class=author>By Ada"), "Ada"),
        (format!("{ours}<a href=/author/ada>All posts by Ada</a><a href=/author/bo>Bo</a>"), "Ada"),
        (format!("{ours}<a rel=author href=/ada>Ada</a> and <a rel=author href=/bo>Bo</a>"), "Ada; Bo"),
        (format!("{ours}<h1>Goose</h1><p>Posted by <a href=/x>Ada Ek</a> and <a href=/y>Bo Dee</a>"), "Ada Ek; Bo Dee"),
        (format!("{ours}<meta name=author content='The Daily Mill'><h1>Goose</h1><p>By Ada Ek | 3 May"), "Ada Ek"),
        (format!("{ours}<meta name=author content='Ada Ek, Bo Dee and Cy Fay'>"), "Ada Ek; Bo Dee; Cy Fay"),
        (
            format!("{ours}<meta name=author content='The Ek Group'><meta property=article:author content='Ada Ek'>"),
            "Ada Ek",
        ),
        (format!("{ours}<h1>Goose</h1><p>Photo by Bo Dee</p><div class=author-name>Ada Ek</div>"), "Ada Ek"),
        (format!("{ours}<div class=byline>Ada has written for us since 1998, mostly about geese and mills.</div>"), ""),
    ] {
        assert_eq!(authors(&page), expected, "{page}");
    }
}

#[test]
fn dates_are_found_where_people_see_them() {
    for (page, expected) in [
        (
            "<meta property=og:published_time content=2026-02-11T10:30:00Z><time datetime=2025-01-01>x</time>",
            "2026-02-11",
        ),
        ("<p class=teaser-time>3 hours ago</p><p class=post-date>11 February 2026</p>", "2026-02-11"),
        ("<p class=updated-date>12 February 2026</p><p class=date>Published 11 February 2026 by Ada</p>", "2026-02-11"),
        (
            "<p>1 May 2020</p><h1>Goose</h1><div><span>Farm</span><i>Feb 11, 2026</i></div><p>Since 1 June 2021</p>",
            "2026-02-11",
        ),
        ("<html lang=de><h1>Gans</h1><p>11. Februar 2026</p>", "2026-02-11"),
        // A label may stand above, and a list of what else is new says nothing.
        (
            "<h1>Goose</h1><dl><dt>Published<dd>11.02.2026</dl><div class=related><p class=date>1 March 2026</div>",
            "2026-02-11",
        ),
        (
            "<h1>Goose</h1><p>Joined 3 May 2019</p><p>Posted 11 February 2026</p><p>Updated 12 February 2026</p>",
            "2026-02-11",
        ),
        // Data that is written anew with each change tells the last one.
        (
            "<meta property=article:published_time content=2026-03-01><h1>Goose</h1><p class=date>Published 11 February 2026",
            "2026-02-11",
        ),
        ("<meta name=date content=2026-03-01><h1>Goose</h1><p class=date>11 February 2026</p>", "2026-02-11"),
        ("<meta name=date content=2026-02-11><h1>Goose</h1><p>A goose.</p>", "2026-02-11"),
        // What only scripts tell, and a last change, are better than the moment at which somebody came by.
        ("<h1>Goose</h1><script>page = {publishDate: '2026-02-11'}</script>", "2026-02-11"),
        ("<h1>Goose</h1><p>A goose.</p><footer><p>Last updated: 11 February 2026</footer>", "2026-02-11"),
        ("<h1>Goose</h1><p>A goose.</p><footer>© 11 February 2026 The Mill</footer>", ""),
        ("<html lang=ar><h1>وزة</h1><p>نشر 11 شباط / فبراير 2026</p>", "2026-02-11"),
        ("<html xml:lang=en-GB><h1>Goose</h1><p class=date>02/03/2026</p>", "2026-03-02"),
        (
            "<h1>Goose</h1><p class=date>11 February</p><p>A long story of a goose that began on 1 June 2021, when nobody had thought of any harm.</p>",
            "",
        ),
    ] {
        let date = found(page).published.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default();
        assert_eq!(date, expected, "{page}");
    }
}

#[test]
fn a_title_is_the_headline_alone() {
    let title = |page: &str| found(page).title.map(String::from).unwrap_or_default();
    assert_eq!(title("<meta property=og:title content='Goose escapes | Mill.example'>"), "Goose escapes");
    assert_eq!(title("<title>Goose escapes - Farm - The Mill</title><h1>Goose escapes</h1>"), "Goose escapes");
    assert_eq!(title("<title>Goose - what we know</title>"), "Goose - what we know");
    let heading =
        "<meta property=og:title content='You will not believe what a goose did'><h1>Goose escapes from the mill</h1>";
    assert_eq!(title(heading), "Goose escapes from the mill");
}

#[test]
fn the_language_is_what_the_page_says_it_is_in() {
    let language = |page: &str| found(page).language.map(String::from).unwrap_or_default();
    assert_eq!(language("<html lang=de-AT><meta http-equiv=content-language content=en><h1>Die Gans</h1>"), "de-AT");
    assert_eq!(language("<meta name=content-language content=fr><h1>L'oie</h1>"), "fr");
}
