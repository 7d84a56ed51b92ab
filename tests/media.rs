//! Pictures, sound and video: what pages say about them without a rule, and by one.

#![cfg(test)]

use std::path::Path;

use chrono::DateTime;
use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::item::{Enclosure, Fields, Found};
use feedmill::page::Document;
use feedmill::weburl::WebUrl;

const CIRCUMSTANCES: Circumstances = Circumstances { now: DateTime::UNIX_EPOCH, explain: false };

/// What a rule with these lines reads from a page, as an article and as the first row of a listing.
fn read(article: &str, page: &str) -> (Found, Found) {
    let toml = format!(
        "[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\nitem = \"li\"\n[sites.x.article]\n{article}\n"
    );
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let rule = &plan.sites["x"].rule;
    let document = || Document::parse(page, WebUrl::parse("https://a.example/shows/7").unwrap()).unwrap();
    let listing = extract::listing(&mut document(), rule, CIRCUMSTANCES);
    (
        extract::article(&mut document(), rule, None, CIRCUMSTANCES).found,
        listing.entries.into_iter().next().map(|entry| entry.found).unwrap_or_default(),
    )
}

fn automatic(page: &str) -> Fields {
    read("", page).0.automatic
}

fn shown(enclosures: &[Enclosure]) -> Vec<(&str, &str, u64, Option<u64>)> {
    enclosures.iter().map(|e| (e.url.as_str(), e.media_type.as_str(), e.length, e.duration)).collect()
}

const TALK: &str = "https://a.example/talk.mp3";

#[test]
fn sound_and_video_are_found_in_the_usual_places() {
    for (page, expected) in [
        ("<main><audio src=/talk.mp3></audio></main>", (TALK, "audio/mpeg", 0, None)),
        (
            "<article><audio data-duration=32:10><source src=/talk type=audio/mpeg data-size=99><source src=/talk.ogg></audio></article>",
            ("https://a.example/talk", "audio/mpeg", 99, Some(1930)),
        ),
        (
            "<article><video poster=p.jpg><source src=/v.mp4></video></article>",
            ("https://a.example/v.mp4", "video/mp4", 0, None),
        ),
        ("<meta property=og:audio content=/talk.mp3>", (TALK, "audio/mpeg", 0, None)),
        (
            "<meta property=og:audio content=/talk?id=7><meta property=og:audio:type content=audio/mp4>",
            ("https://a.example/talk?id=7", "audio/mp4", 0, None),
        ),
        (
            r#"<script type=application/ld+json>{"@type":"PodcastEpisode","timeRequired":"PT1H2M3S","associatedMedia":
               {"@type":"MediaObject","contentUrl":"https://a.example/get/7","encodingFormat":"audio/mpeg","contentSize":"4711"}}</script>"#,
            ("https://a.example/get/7", "audio/mpeg", 4711, Some(3723)),
        ),
        (
            r#"<script type=application/ld+json>{"@type":"NewsArticle","video":[{"@type":"VideoObject","embedUrl":"https://a.example/e",
               "contentUrl":"/v.mp4","duration":"PT90S","contentSize":"12.3 MB"}]}</script>"#,
            ("https://a.example/v.mp4", "video/mp4", 0, Some(90)),
        ),
        (
            "<main><a href='/talk.mp3?from=web' data-length=12>Download</a></main>",
            ("https://a.example/talk.mp3?from=web", "audio/mpeg", 12, None),
        ),
    ] {
        assert_eq!(shown(&automatic(page).enclosure), [expected], "{page}");
    }
}

#[test]
fn what_is_decoration_or_a_page_is_no_enclosure() {
    for page in [
        "<article><video autoplay muted loop src=/waves.mp4></video></article>",
        "<header><video src=/advert.mp4></video></header>",
        "<meta property=og:video content=https://a.example/embed/7><meta property=og:video:type content=text/html>",
        r#"<script type=application/ld+json>{"@type":"Article","associatedMedia":{"@type":"ImageObject","contentUrl":"/a.jpg"}}</script>"#,
        "<footer><a href=/jingle.mp3>listen</a></footer>",
    ] {
        assert_eq!(shown(&automatic(page).enclosure), [], "{page}");
    }
}

#[test]
fn rows_of_podcasts_have_their_sound() {
    let page = "<ul><li><h3><a href=/7>Crabs</a></h3><a href=/talk.mp3>mp3</a><a href=/talk.mp3>again</a></li>";
    assert_eq!(shown(&read("", page).1.automatic.enclosure), [(TALK, "audio/mpeg", 0, None)]);
}

#[test]
fn a_rule_names_enclosures() {
    let page =
        "<audio><source src=/talk.mp3></audio><a class=download data-file=/talk.m4a data-duration=61 length=5>x</a>";
    for (rule, expected) in [
        ("enclosure = \"audio source @src\"", (TALK, "audio/mpeg", 0, None)),
        (
            "enclosure = { css = \"a.download\", attr = \"data-file\" }",
            ("https://a.example/talk.m4a", "audio/mp4", 5, Some(61)),
        ),
    ] {
        assert_eq!(shown(&read(rule, page).0.ruled.enclosure), [expected], "{rule}");
    }
    assert_eq!(read("enclosure = false", page).0, read("enclosure = \".none\"", page).0);
}

/// Caption and credit of the lead image.
fn about(page: &str) -> (Option<String>, Option<String>) {
    let fields = automatic(page);
    (fields.image_caption.map(String::from), fields.image_credit.map(String::from))
}

#[test]
fn what_is_said_about_the_lead_image_is_found() {
    let both = (Some("A crab at rest".to_owned()), Some("Ada Müller".to_owned()));
    let meta = "<meta property=og:image content='https://a.example/pictures/crab-at-rest.jpg?w=1200'>";
    for page in [
        "<figure><img src=/pictures/crab-at-rest-300x200.jpg><figcaption>A crab at rest <span class=credit>Ada Müller</span></figcaption></figure>",
        "<figure><div><img data-src=/pictures/crab-at-rest.jpg src=data:x></div><figcaption>A crab at rest</figcaption><p class=photo-credit>Ada Müller</p></figure>",
        "<div class=wp-caption><img src=/pictures/crab-at-rest.jpg><p class=wp-caption-text>A crab at rest</p><span itemprop=copyrightHolder>Ada Müller</span></div>",
        r#"<script type=application/ld+json>{"@type":"NewsArticle","image":{"@type":"ImageObject","url":"/pictures/crab-at-rest.jpg",
           "caption":"A crab at rest","creditText":"Ada M&uuml;ller"}}</script>"#,
        r#"<script type=application/ld+json>{"@graph":[{"@type":"ImageObject","contentUrl":"/pictures/crab-at-rest.jpg",
           "caption":"A crab at rest","creator":[{"@type":"Person","name":"Ada Müller"}]}]}</script>"#,
    ] {
        assert_eq!(about(&format!("{meta}{page}")), both, "{page}");
    }
    let page =
        format!("{meta}<figure><img src=/pictures/crab-at-rest.jpg><figcaption>(Photo: Ada)</figcaption></figure>");
    assert_eq!(about(&page), (None, Some("Photo: Ada".to_owned())));
    for page in [
        "<figure><img src=/pictures/another.jpg><figcaption>A whale</figcaption></figure>",
        "<div><img src=/pictures/crab-at-rest.jpg><img src=/b.jpg><p class=caption>A whale</p></div>",
        "<article><img src=/pictures/crab-at-rest.jpg><p>Text.</p><p class=caption>A whale</p></article>",
    ] {
        assert_eq!(about(&format!("{meta}{page}")), (None, None), "{page}");
    }
    let page = format!("{meta}<figure><img src=/pictures/crab-at-rest.jpg><figcaption>A crab</figcaption></figure>");
    let found = read("image_caption = false", &page).0;
    assert_eq!((found.automatic.image_caption, found.automatic.image_credit), (None, None));
}

#[test]
fn enclosures_archived_before_durations_were_known_can_be_read() {
    let archived = r#"{"url":"https://a.example/talk.mp3","media_type":"audio/mpeg","length":7}"#;
    let enclosure: Enclosure = serde_json::from_str(archived).unwrap();
    assert_eq!(shown(std::slice::from_ref(&enclosure)), [(TALK, "audio/mpeg", 7, None)]);
    assert_eq!(serde_json::to_string(&enclosure).unwrap(), archived);
}

#[test]
fn a_podcast_that_is_a_feed_keeps_its_durations() {
    let feed = r#"<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>t</title>
        <link>https://a.example/</link><description>d</description><item><title>Crabs</title><link>https://a.example/7</link>
        <enclosure url="https://a.example/talk.mp3" type="audio/mpeg" length="99"/><itunes:duration>32:10</itunes:duration>
        </item></channel></rss>"#;
    let plan = config::parse(
        "[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\nfrom = \"feed\"\n",
        Path::new("sites.toml"),
    );
    let plan = plan.unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let page = feedmill::webpage::Page {
        url: WebUrl::parse("https://a.example/feed.xml").unwrap(),
        content_type: Some("application/rss+xml".to_owned()),
        body: feed.as_bytes().to_vec().into(),
        validators: feedmill::webpage::Validators::default(),
        signs: feedmill::webpage::Signs::default(),
        fresh_for: None,
    };
    let rule = &plan.sites["x"].rule;
    let mut document = Document::read_listing(&page, rule).unwrap();
    let reading = extract::listing(&mut document, rule, CIRCUMSTANCES);
    let found = &reading.entries[0].found.ruled.enclosure;
    assert_eq!(shown(found), [(TALK, "audio/mpeg", 99, Some(1930))]);
}
