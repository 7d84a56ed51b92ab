//! Where a list, or an article, goes on: by the rule, and by itself on pages of ours and on the real ones.

#![cfg(test)]

mod support;

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use feedmill::config;
use feedmill::extract::{self, ArticleReading, Circumstances, ListingReading};
use feedmill::page::Document;
use feedmill::rule::Rule;
use feedmill::weburl::WebUrl;
use support::corpora;

const CIRCUMSTANCES: Circumstances = Circumstances { now: DateTime::UNIX_EPOCH, explain: true };

fn rule(listing: &str, article: &str) -> Arc<Rule> {
    let toml = format!(
        "[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\nitem = \"li\"\n{listing}\n[sites.x.article]\n{article}\n"
    );
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    Arc::clone(&plan.sites["x"].rule)
}

/// What a rule with these lines reads from a page, taken for a listing and for an article.
fn read(listing: &str, article: &str, page: &str) -> (ListingReading, ArticleReading) {
    let rule = &rule(listing, article);
    let document = || Document::parse(page, WebUrl::parse("https://a.example/news/").unwrap()).unwrap();
    (
        extract::listing_with_next(&mut document(), rule, CIRCUMSTANCES),
        extract::article(&mut document(), rule, None, CIRCUMSTANCES),
    )
}

fn next(listing: &str, page: &str) -> Option<String> {
    read(listing, "", page).0.next.first().map(ToString::to_string)
}

#[test]
fn what_nobody_asks_for_is_not_looked_for() {
    let page = "<link rel=next href=/stated>";
    let next = |lines: &str| {
        let mut document = Document::parse(page, WebUrl::parse("https://a.example/news/").unwrap()).unwrap();
        extract::listing(&mut document, &rule(lines, ""), CIRCUMSTANCES).next.first().map(ToString::to_string)
    };
    assert_eq!(next(""), None);
    assert_eq!(next("pages = 2").as_deref(), Some("https://a.example/stated"));
    assert_eq!(next("next = \"link @href\"").as_deref(), Some("https://a.example/stated"));
}

#[test]
fn a_rule_names_the_next_page() {
    let page = "<a class=more href='?page=2#top'>Older than old</a><a data-n=3>x</a><link rel=next href=/stated>";
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

/// What a page of a list says of where it goes on: the link that it calls next, and the one that is followed.
fn onward(page: &str) -> (Option<String>, Option<String>) {
    let reading = read("", "", page).0;
    (reading.named_next.map(String::from), reading.next.first().map(ToString::to_string))
}

#[test]
fn links_that_call_themselves_next() {
    for link in [
        "<a href='?page=2'>Next</a>",
        "<a href='?page=2'>Nächste Seite »</a>",
        "<a href='?page=2'>次のページ</a>",
        "<a href='?page=2'>&rsaquo;</a>",
        "<a href='?page=2' aria-label='Next page'><svg></svg></a>",
        "<a href='?page=2' title='Page suivante'><img src=x.gif></a>",
        "<a href='?page=2'><img src=/img/next.gif></a>",
        "<a href='?page=2'><i class='fa fa-chevron-right'></i></a>",
        "<li class=next><a href='?page=2'></a></li>",
        "<a href='?page=2' class=infinite-btn-next>See more</a>",
        "<a href='?page=2' rel='nofollow next'>2</a>",
        "<nav class=pagination><a href=/archive-of-news>Следующая</a></nav>",
        "<span class=prev_next><a rel=next href='?page=2'><img alt=Next></a></span>",
    ] {
        let (named, followed) = onward(&format!("<p>crabs</p>{link}"));
        assert!(named.is_some(), "{link}");
        assert_eq!(named, followed, "{link}");
    }
}

#[test]
fn links_that_are_no_next_page() {
    for link in [
        "<a href=/next>Next</a>",
        "<a href='?page=9'>Last »</a>",
        "<a href='?page=2' class=next>Next article</a>",
        "<a href=/crabs-walk rel=next>Why crabs walk sideways and like it</a>",
        "<a href='/2'>Next thread</a>",
        "<a href='javascript:load()' class=next>Next</a>",
        "<a href='#' class=next>Next</a>",
        "<a href='https://b.example/?page=2' class=next>Next</a>",
        "<div class=swiper-container><a class=swiper-next href='?slide=2'>Next</a></div>",
        "<table id=wp-calendar><tr><td>1<td><a href='?day=2'>2</a><tfoot><tr><td><a href='?month=4'>Next »</a></table>",
        "<div class=comment-navigation><div class=nav-next><a href='?comments=2'>Next</a></div></div>",
        "<ul class=menu><li><a href=/older-crabs>Older crabs</a></ul>",
        "<a href=/1 class=more>Read more »</a><a href=/2 class=more>Read more »</a>",
        "<nav class=pagination><a class=disabled href='?page=2'>Next</a></nav>",
        "<a href='?page=2'>2</a>",
    ] {
        assert_eq!(onward(link), (None, None), "{link}");
    }
}

#[test]
fn of_two_lists_the_one_that_leads_less_far() {
    let page = "<p class=pager><a href='?p=9'>»</a><a href='?p=2'>›</a></p>";
    assert_eq!(onward(page).0.as_deref(), Some("https://a.example/news/?p=2"));
}

#[test]
fn where_posts_are_older_and_newer_the_older_are_followed() {
    let page = "<nav class=navigation><div class=nav-previous><a href=/news/page/3/>← Older posts</a></div>\
                <div class=nav-next><a href=/>Newer posts →</a></div></nav>";
    let (named, followed) = onward(page);
    assert_eq!(named.as_deref(), Some("https://a.example/"));
    assert_eq!(followed.as_deref(), Some("https://a.example/news/page/3/"));
    // Whatever the words, a page before that has a higher number is older.
    let page = "<div class=nav-previous><a href=/news/page/2/>Wcześniej było</a></div>";
    assert_eq!(onward(page).1.as_deref(), Some("https://a.example/news/page/2/"));
}

#[test]
fn what_the_head_states_and_what_numbers_say_is_followed() {
    assert_eq!(onward("<link rel=next href=/news/page/2>"), (None, Some("https://a.example/news/page/2".to_owned())));
    assert_eq!(onward("<link rel=next href=/crabs title='Why crabs walk'>"), (None, None));
    for row in [
        "<b>1</b>, <a href='?page=2'>2</a>, <a href='?page=3'>3</a>",
        "<a class=active href='/news/?page=1'>1</a> <a href='?page=2'>2</a>",
        "<a aria-current=page href=/x>1</a> | <a href='?page=2'>2</a>",
    ] {
        assert_eq!(onward(row), (None, Some("https://a.example/news/?page=2".to_owned())), "{row}");
    }
}

/// The truth calls next what the page calls so: on five of these pages that is the newer page, which is not followed.
#[test]
fn the_real_pages() {
    let Some(folder) = corpora::folder() else { return };
    let (mut with, mut right, mut without, mut silent) = (0, 0, 0, 0);
    let truth = corpora::truth(&folder, "pagination");
    for (path, truth) in &truth {
        let mut html = String::new();
        let file = std::fs::File::open(folder.join(path)).unwrap();
        let bytes = std::io::Read::bytes(flate2::read::GzDecoder::new(file)).collect::<Result<Vec<u8>, _>>().unwrap();
        html.push_str(&String::from_utf8_lossy(&bytes));
        let url = WebUrl::parse(truth["url"].as_str().unwrap()).unwrap();
        let mut document = Document::parse(&html, url).unwrap();
        let reading = extract::listing_with_next(&mut document, &rule("", ""), CIRCUMSTANCES);
        let found = reading.named_next.map(|url| corpora::address(url.as_str()));
        let expected: Vec<String> = truth["next"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|url| {
                // Two pages have a `<base>` that their truth does not know of.
                corpora::address(&url.as_str().unwrap().replace("/threads/marsh-cm13.405700/threads/", "/threads/"))
            })
            .collect();
        if expected.is_empty() {
            without += 1;
            silent += usize::from(found.is_none());
        } else {
            with += 1;
            right += usize::from(found.as_ref().is_some_and(|found| expected.contains(found)));
        }
        if found.as_ref().map_or(!expected.is_empty(), |found| !expected.contains(found)) {
            eprintln!("{}: found {found:?}, not {expected:?}", truth["id"]);
        }
    }
    eprintln!("next: {right} of {with} right; none on {silent} of {without} that have none");
    assert!(right * 100 >= with * 90, "{right} of {with}");
    assert!(silent * 100 >= without * 95, "{silent} of {without}");
}
