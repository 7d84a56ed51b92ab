//! What people most want of a feed of teasers: the same feed with the whole text. The whole way, over the network.

#![cfg(test)]

mod support;

use std::fmt::Write as _;

use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, configure};

/// A feed of teasers for the articles of a site.
fn teasers(site: &Site) -> String {
    let mut items = String::new();
    for (number, article) in site.articles.iter().enumerate() {
        let _ = writeln!(
            items,
            "<item><title>{0}</title><link>/stories/{1}</link><guid isPermaLink=\"false\">{1}</guid>\
             <description>A teaser.</description><category>C{number}</category></item>",
            article.title.replace('&', "&amp;"),
            article.slug,
        );
    }
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>The Mill Wire</title>{items}</channel></rss>")
}

fn rule(origin: &Origin, path: &str, listing: &str) -> String {
    format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n[sites.mill.listing]\n{listing}\n\
         [sites.mill.article]\ncontent = \".body\"\nremove = \".more\"\n[fetch]\ngap = \"0s\"\n",
        origin.url(path),
        origin.address(),
    )
}

/// Builds, and reads the feed again.
fn built(home: &std::path::Path) -> feed_rs::model::Feed {
    let output = feedmill(home).args(["build", "--out", "out"]).output().expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = std::fs::read(home.join("out/mill.atom")).expect("a feed");
    feed_rs::parser::parse(bytes.as_slice()).expect("an Atom feed")
}

fn assert_full(feed: &feed_rs::model::Feed, count: usize) {
    assert_eq!(feed.entries.len(), count);
    for entry in &feed.entries {
        let content = entry.content.as_ref().and_then(|content| content.body.clone()).unwrap_or_default();
        assert!(content.contains("The miller counted sack number"), "{content}");
        assert_eq!(entry.authors[0].name.as_deref(), Some("Ada Miller"));
    }
}

#[test]
fn a_feed_of_teasers_with_an_article_rule() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(4);
    site.publish(&origin);
    origin.on("/feed", Script::page("application/rss+xml", teasers(&site)));
    configure(home.path(), &rule(&origin, "/feed", "from = \"feed\""));
    let feed = built(home.path());
    assert_full(&feed, 4);
    assert_eq!(feed.title.as_ref().unwrap().content, "The Mill Wire");
    assert_eq!(feed.entries[0].title.as_ref().unwrap().content, "Sack 4 & its goose");
    assert_eq!(feed.entries[0].categories[0].term, "C0");
    let ids: Vec<String> = feed.entries.iter().map(|entry| entry.id.clone()).collect();
    // The addresses of articles may change: the feed's own ids do not.
    let moved = teasers(&site).replace("<link>/stories/", "<link>/stories/./../stories/");
    origin.on("/feed", Script::page("application/rss+xml", moved));
    let again = built(home.path());
    assert_eq!(again.entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>(), ids);
    // A page of errors leaves the feed as it is.
    origin.on("/feed", Script::html("<h1>Maintenance</h1>"));
    let output = feedmill(home.path()).args(["build", "--out", "out"]).output().expect("the binary");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("the site sent text/html where a feed was expected"), "{said}");
    let kept = std::fs::read(home.path().join("out/mill.atom")).unwrap();
    assert_eq!(feed_rs::parser::parse(kept.as_slice()).unwrap().entries.len(), 4);
}

#[test]
fn an_index_of_sitemaps() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(3);
    site.publish(&origin);
    let url = |article: &support::site::Article| {
        format!(
            "<url><loc>{}</loc><lastmod>{}</lastmod></url>",
            origin.url(&format!("/stories/{}", article.slug)),
            article.published
        )
    };
    let pages: String = site.articles.iter().map(url).collect();
    let about = format!("<url><loc>{}</loc></url>", origin.url("/about"));
    origin.on("/new.xml", Script::page("application/xml", format!("<urlset>{about}{pages}</urlset>")));
    origin.on("/old.xml", Script::page("application/xml", "<urlset></urlset>"));
    let child =
        |name: &str, day: &str| format!("<sitemap><loc>{}</loc><lastmod>{day}</lastmod></sitemap>", origin.url(name));
    let index =
        format!("<sitemapindex>{}{}</sitemapindex>", child("/old.xml", "2020-01-01"), child("/new.xml", "2026-11-01"));
    origin.on("/sitemap.xml", Script::page("application/xml", index));
    configure(home.path(), &rule(&origin, "/sitemap.xml", "from = \"sitemap\"\nlink_pattern = \"/stories/\""));
    let feed = built(home.path());
    assert_full(&feed, 3);
    assert_eq!(feed.entries[0].title.as_ref().unwrap().content, "Sack 3 & its goose");
    assert_eq!(origin.hits("/old.xml"), 0, "one page of an index is read, the newest");
}

#[test]
fn an_explanation_in_json() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(1);
    site.publish(&origin);
    origin.on("/feed", Script::page("application/rss+xml", teasers(&site)));
    configure(home.path(), &rule(&origin, "/feed", "from = \"feed\"\ntitle = [\"$.headline\", \"$.title\"]"));
    let output = feedmill(home.path()).args(["preview", "mill", "--explain", "--json"]).output().expect("the binary");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let attempts = told["attempts"].as_array().unwrap();
    let title: Vec<_> = attempts.iter().filter(|attempt| attempt["field"] == "title" && attempt["row"] == 1).collect();
    assert_eq!(
        (&title[0]["extractor"], &title[0]["matched"], &title[0]["won"]),
        (&"$.headline".into(), &0.into(), &false.into())
    );
    assert_eq!((&title[1]["matched"], &title[1]["won"]), (&1.into(), &true.into()));
    let choices = told["choices"].as_array().unwrap();
    let author = choices.iter().find(|choice| choice["field"] == "author").unwrap();
    assert_eq!((&author["from"], &author["won"]), (&"the article, usual places".into(), &true.into()));
    let lost = choices.iter().find(|choice| choice["field"] == "title" && choice["won"] == false).unwrap();
    assert_eq!(
        (&lost["from"], &lost["why"]),
        (&"the article, usual places".into(), &"a better source has a value".into())
    );
    let output = feedmill(home.path()).args(["preview", "mill", "--explain"]).output().expect("the binary");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("[the article, usual places: taken]") && text.contains("$.headline  [0 matches, no value]"),
        "{text}"
    );
}
