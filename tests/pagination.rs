//! Where a list, or an article, goes on: by the rule, and by itself on pages of ours and on the real ones.

#![cfg(test)]

use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, ArticleReading, Circumstances, ListingReading};
use feedmill::page::Document;
use feedmill::weburl::WebUrl;

/// What a rule with these lines reads from a page, taken for a listing and for an article.
fn read(listing: &str, article: &str, page: &str) -> (ListingReading, ArticleReading) {
    let toml = format!(
        "[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\nitem = \"li\"\n{listing}\n[sites.x.article]\n{article}\n"
    );
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let rule = &plan.sites["x"].rule;
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: true };
    let document = || Document::parse(page, WebUrl::parse("https://a.example/news/").unwrap()).unwrap();
    (
        extract::listing(&mut document(), rule, circumstances),
        extract::article(&mut document(), rule, None, circumstances),
    )
}

fn next(listing: &str, page: &str) -> Option<String> {
    read(listing, "", page).0.next.first().map(ToString::to_string)
}

#[test]
fn a_rule_names_the_next_page() {
    let page = "<a class=more href='?page=2#top'>More</a><a data-n=3>x</a><link rel=next href=/stated>";
    for (rule, expected) in [
        (r#"next = "a.more @href""#, Some("https://a.example/news/?page=2#top")),
        (r#"next = ".more""#, Some("https://a.example/news/?page=2#top")),
        (
            r#"next = ["a.gone", { css = "a[data-n]", attr = "data-n", template = "/news/{value}" }]"#,
            Some("https://a.example/news/3"),
        ),
        (r#"next = "a.gone""#, None),
        ("next = false", None),
        ("pages = 3", Some("https://a.example/stated")),
    ] {
        assert_eq!(next(rule, page).as_deref(), expected, "{rule}");
    }
}

#[test]
fn an_article_goes_on_only_by_its_rule() {
    let page = "<link rel=next href=/the-next-article><p class=pages><a href='?p=2'>2</a></p>";
    assert_eq!(read("", "", page).1.next, None);
    let ruled = read("", "next = \".pages a\"", page).1;
    assert_eq!(ruled.next.map(String::from).as_deref(), Some("https://a.example/news/?p=2"));
}

#[test]
fn the_page_itself_is_never_its_next_one() {
    for href in ["", "#more", "/news", "http://a.example/news/?utm_source=x", "javascript:more()", "mailto:x@a.example"]
    {
        let page = format!("<a class=more rel=next href='{href}'>Next</a>");
        let (listing, article) = read("next = \".more\"", "next = \".more\"", &page);
        assert_eq!((listing.next, article.next), (Vec::new(), None), "{href}");
        assert_eq!(next("", &page), None, "{href}");
    }
}

#[test]
fn the_search_for_the_next_page_is_explained() {
    let (listing, article) =
        read("next = [\".gone\", \".more\"]", "next = \".more\"", "<a class=more href='?p=2'>More</a>");
    let seen: Vec<_> = listing.findings.attempts.iter().filter(|attempt| attempt.field == "next").collect();
    assert_eq!(
        seen.iter().map(|attempt| (attempt.extractor.as_str(), attempt.won)).collect::<Vec<_>>(),
        [(".gone", false), (".more", true)]
    );
    assert!(article.findings.attempts.iter().any(|attempt| attempt.field == "next" && attempt.won));
}

#[test]
fn more_pages_than_may_be_read_are_a_mistake() {
    let toml =
        |lines: &str| format!("[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\nitem = \"li\"\n{lines}\n");
    for (lines, part) in [
        ("pages = 0", "pages"),
        ("pages = 1000", "20"),
        ("next = { text = \"https://a.example/2\" }", "every page would have the same"),
        ("next = { css = \"a\", default = \"https://a.example/2\" }", "the last page would have a next one, too"),
        ("next = { css = \"a\", format = \"%Y\" }", "`next` is no date"),
    ] {
        let said = config::parse(&toml(lines), Path::new("sites.toml")).unwrap_err().render(false);
        assert!(said.contains(part), "{lines}: {said}");
    }
}
