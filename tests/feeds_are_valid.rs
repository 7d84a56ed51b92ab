//! Whatever stands in an item: the feeds are valid, and every reader sees the same in each of them.

#![cfg(test)]

mod readers;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use feedmill::edition::{Feed, Format};
use feedmill::health::Health;
use feedmill::item::{Enclosure, Item};
use feedmill::limits;
use feedmill::render::{IndexEntry, index, opml, page_policy, rendering};
use proptest::prelude::*;
use readers::samples::{feed, html, item, mill, nasty, text, titled, url};
use readers::tree::{Node, tree};
use readers::{Seen, expected, feed_rs_sees, python_reads};
use sha2::{Digest, Sha256};

const FEEDS: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];
const ATOM: &str = "{http://www.w3.org/2005/Atom}";
const MEDIA: &str = "{http://search.yahoo.com/mrss/}";

fn document(feed: &Feed, format: Format) -> Vec<u8> {
    rendering(feed, format).plain.to_vec()
}

/// Every format, read by every reader: what each sees is what the feed says.
fn all_see_the_same(feed: &Feed) {
    let (rss, atom) = (document(feed, Format::Rss), document(feed, Format::Atom));
    for format in FEEDS {
        assert_same(&feed_rs_sees(&document(feed, format), format), &expected(feed, format), format.name());
    }
    holds_the_rules_of_rss(&tree(&rss));
    holds_the_rules_of_atom(&tree(&atom));
    holds_the_rules_of_json_feed(&document(feed, Format::Json));
    holds_no_active_content(&document(feed, Format::Html));
    let Some(seen) = python_reads(&[("feed.xml", &rss), ("feed.atom", &atom)]) else { return };
    for (name, format) in [("feed.xml", Format::Rss), ("feed.atom", Format::Atom)] {
        for (reader, saw) in &seen[name] {
            let saw = saw.as_ref().expect("a feed");
            assert_same(saw, &expected(feed, format), &format!("{reader} in {}", format.name()));
        }
    }
}

/// Item by item, so that a difference can be found.
fn assert_same(saw: &Seen, expected: &Seen, who: &str) {
    assert_eq!((&saw.title, &saw.home), (&expected.title, &expected.home), "{who}");
    for (saw, expected) in saw.items.iter().zip(&expected.items) {
        assert_eq!(saw, expected, "{who}");
    }
    assert_eq!(saw.items.len(), expected.items.len(), "{who}");
}

/// RSS 2.0, the Best Practices Profile, and Media RSS.
fn holds_the_rules_of_rss(rss: &Node) {
    assert_eq!((rss.name.as_str(), rss.attribute("version")), ("rss", Some("2.0")));
    let channel = rss.one("channel").unwrap();
    for required in ["title", "link", "description"] {
        assert!(!channel.text_of(required).is_empty(), "{required}");
    }
    assert!(channel.text_of("ttl").parse::<u64>().unwrap() >= 1, "minutes");
    is_rfc822(channel.text_of("lastBuildDate"));
    let own = channel.all(&format!("{ATOM}link")).into_iter().find(|link| link.attribute("rel") == Some("self"));
    if let Some(own) = own {
        is_address(own.attribute("href").unwrap());
        assert_eq!(own.attribute("type"), Some("application/rss+xml"));
    }
    let mut guids = std::collections::BTreeSet::new();
    for item in channel.all("item") {
        let guid = item.one("guid").unwrap();
        assert!(guids.insert(&guid.text), "{} twice", guid.text);
        let is_link = guid.attribute("isPermaLink") != Some("false");
        assert_eq!(is_link, guid.text.starts_with("http"), "{}", guid.text);
        assert!(item.one("title").is_some() || item.one("description").is_some());
        is_rfc822(item.text_of("pubDate"));
        for link in ["link", "comments"].into_iter().filter_map(|name| item.one(name)) {
            is_address(&link.text);
        }
        if let Some(enclosure) = item.one("enclosure") {
            is_address(enclosure.attribute("url").unwrap());
            is_media_type(enclosure.attribute("type").unwrap());
            enclosure.attribute("length").unwrap().parse::<u64>().expect("a length in bytes");
        }
        holds_the_rules_of_media_rss(item);
    }
}

/// RFC 4287, sections 4.1.1, 4.1.2, 4.2.6 and 4.2.7.
fn holds_the_rules_of_atom(feed: &Node) {
    let name = |local: &str| format!("{ATOM}{local}");
    assert_eq!(feed.name, name("feed"));
    let mut ids = std::collections::BTreeSet::new();
    let feed_author = feed.one(&name("author")).map(|author| author.text_of(&name("name")).to_owned());
    assert_ne!(feed_author.as_deref(), Some(""));
    for part in std::iter::once(feed).chain(feed.all(&name("entry"))) {
        let id = part.text_of(&name("id"));
        assert!(ids.insert(id.to_owned()), "{id} twice");
        assert!(id.split_once(':').is_some_and(|(scheme, rest)| scheme.len() > 2 && !rest.contains(' ')), "{id}");
        assert!(!part.text_of(&name("title")).is_empty());
        is_rfc3339(part.text_of(&name("updated")));
        assert!(feed_author.is_some() || !part.all(&name("author")).is_empty() || part == feed, "an author somewhere");
        let mut alternates = 0;
        for link in part.all(&name("link")) {
            is_address(link.attribute("href").unwrap());
            link.attribute("type").into_iter().for_each(is_media_type);
            alternates += usize::from(link.attribute("rel") == Some("alternate"));
        }
        assert!(alternates <= 1);
        assert!(part == feed || alternates == 1 || part.one(&name("content")).is_some(), "a link or content");
        holds_the_rules_of_media_rss(part);
    }
}

fn holds_the_rules_of_media_rss(item: &Node) {
    if let Some(content) = item.one(&format!("{MEDIA}content")) {
        is_address(content.attribute("url").unwrap());
        assert_eq!(content.attribute("medium"), Some("image"));
        content.attribute("type").into_iter().for_each(is_media_type);
    }
}

/// JSON Feed 1.1.
fn holds_the_rules_of_json_feed(document: &[u8]) {
    let feed: serde_json::Value = serde_json::from_slice(document).expect("JSON");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert!(feed["title"].as_str().is_some_and(|title| !title.is_empty()));
    for item in feed["items"].as_array().expect("items") {
        assert!(item["id"].is_string());
        assert!(item["content_html"].is_string() != item["content_text"].is_string());
        for date in ["date_published", "date_modified"] {
            is_rfc3339(item[date].as_str().unwrap());
        }
        for address in ["url", "image"].into_iter().filter_map(|name| item[name].as_str()) {
            is_address(address);
        }
        for attachment in item["attachments"].as_array().into_iter().flatten() {
            is_address(attachment["url"].as_str().unwrap());
            is_media_type(attachment["mime_type"].as_str().unwrap());
        }
        assert!(!item["summary"].as_str().unwrap_or_default().contains("<p>"), "text, not HTML");
    }
}

/// The pages' own markup; what articles hold has been cleaned before.
fn holds_no_active_content(page: &[u8]) {
    let page = std::str::from_utf8(page).expect("UTF-8");
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).unwrap().0;
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(page_policy().contains(&format!("style-src 'sha256-{hash}';")), "the policy lets the style in");
    let page = page.to_lowercase();
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>"));
    assert!(page.contains("content-security-policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-"));
    for active in ["<script", "<iframe", "<object", "<link rel=\"stylesheet", "onload=", "onclick="] {
        assert!(!page.contains(active), "{active}");
    }
}

fn is_rfc822(date: &str) {
    let parsed = DateTime::parse_from_rfc2822(date).unwrap_or_else(|why| panic!("{date}: {why}"));
    let year = date.split(' ').nth(3).unwrap();
    assert!(year.len() == 4 && !parsed.to_string().is_empty(), "{date}");
}

fn is_rfc3339(date: &str) {
    DateTime::parse_from_rfc3339(date).unwrap_or_else(|why| panic!("{date}: {why}"));
}

/// An absolute URI by the characters of RFC 3986.
fn is_address(address: &str) {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).expect(address);
    assert!(rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&b)), "{address}");
}

fn is_media_type(media_type: &str) {
    let (kind, rest) = media_type.split_once('/').expect(media_type);
    assert!(!kind.is_empty() && !rest.is_empty() && !rest.contains([';', ' ', '*', '"']), "{media_type}");
}

#[test]
fn fault_31_no_text_breaks_a_feed() {
    all_see_the_same(&nasty());
    let megabyte = nasty().items.last().unwrap().title().len();
    assert!((limits::FIELD_BYTES - 5..=limits::FIELD_BYTES).contains(&megabyte), "{megabyte}");
    let page = String::from_utf8(document(&nasty(), Format::Html)).unwrap();
    assert!(page.contains("&#60;b&#62;bold") && !page.contains("<b>bold"), "titles are text in a page");
}

#[test]
fn fault_37_enclosures_have_a_type_and_pages_are_none() {
    let enclosure = |name: &str, media_type: &str, length| Enclosure {
        url: url(&format!("https://mill.example/{name}?a[]=1|2")),
        media_type: media_type.into(),
        length,
        duration: None,
    };
    let mut item = item(0);
    item.fields.enclosure = vec![
        enclosure("typeless", "", 0),
        enclosure("page.html", "text/html; charset=utf-8", 9),
        enclosure("talk.mp3", "audio/mpeg; charset=x", 0),
        enclosure("wheel.webp", "image/webp", 7),
    ];
    let feed = feed(vec![item]);
    all_see_the_same(&feed);

    let rss = tree(&document(&feed, Format::Rss));
    let one = rss.children[0].one("item").unwrap().one("enclosure").unwrap();
    assert_eq!(one.attribute("url"), Some("https://mill.example/talk.mp3?a%5B%5D=1%7C2"));
    assert_eq!((one.attribute("type"), one.attribute("length")), (Some("audio/mpeg"), Some("0")));
    let atom = tree(&document(&feed, Format::Atom));
    let entry = atom.one(&format!("{ATOM}entry")).unwrap();
    let links = entry.all(&format!("{ATOM}link")).into_iter().filter(|link| link.attribute("rel") == Some("enclosure"));
    let seen: Vec<_> = links.map(|link| (link.attribute("type").unwrap(), link.attribute("length"))).collect();
    assert_eq!(seen, [("audio/mpeg", None), ("image/webp", Some("7"))]);
    let json: serde_json::Value = serde_json::from_slice(&document(&feed, Format::Json)).unwrap();
    assert_eq!(json["items"][0]["attachments"].as_array().unwrap().len(), 2);
}

#[test]
fn podcasts_say_what_is_known_and_nothing_else() {
    const ITUNES: &str = "{http://www.itunes.com/dtds/podcast-1.0.dtd}";
    let enclosure = |name: &str, media_type: &str, duration| Enclosure {
        url: url(&format!("https://mill.example/{name}")),
        media_type: media_type.into(),
        length: 7,
        duration,
    };
    let mut told = item(0);
    told.fields.author = vec![text("Ada"), text("Bo & Co")];
    told.fields.image = Some(url("https://mill.example/cover.jpg?a=1&b=2"));
    told.fields.enclosure = vec![
        enclosure("recipe.pdf", "application/pdf", None),
        enclosure("talk.mp3", "audio/mpeg", Some(1930)),
        enclosure("talk.mp4", "video/mp4", Some(1931)),
    ];
    let mut bare = item(1);
    bare.fields.enclosure = vec![enclosure("bare.mp3", "audio/mpeg", None)];
    let podcast = feed(vec![told, bare]);
    all_see_the_same(&podcast);

    let rss = tree(&document(&podcast, Format::Rss));
    let channel = rss.one("channel").unwrap();
    let items = channel.all("item");
    assert_eq!(items[0].one("enclosure").unwrap().attribute("url"), Some("https://mill.example/talk.mp3"));
    assert_eq!(items[0].text_of(&format!("{ITUNES}duration")), "1930");
    let image = items[0].one(&format!("{ITUNES}image")).unwrap();
    assert_eq!(image.attribute("href"), Some("https://mill.example/cover.jpg?a=1&b=2"));
    assert!(["duration", "image"].iter().all(|name| items[1].one(&format!("{ITUNES}{name}")).is_none()));
    let json: serde_json::Value = serde_json::from_slice(&document(&podcast, Format::Json)).unwrap();
    assert_eq!(json["items"][0]["attachments"][1]["duration_in_seconds"], 1930);
    assert!(json["items"][1]["attachments"][0].get("duration_in_seconds").is_none());

    let text = String::from_utf8(document(&feed(vec![item(0)]), Format::Rss)).unwrap();
    assert!(!text.contains("itunes"), "a feed without sound is no podcast");
}

#[test]
fn fault_38_feeds_of_any_size_are_valid() {
    for count in [0, 1, 500] {
        all_see_the_same(&feed((0..count).map(item).collect()));
    }
}

#[test]
fn fault_38_a_feed_that_is_too_large_loses_its_oldest_content() {
    let large = |number| {
        let mut item = item(number);
        item.fields.content = Some(html(&format!("<p>{}</p>", "grain &amp; ".repeat(15_000))));
        item
    };
    let mut whole = feed((0..40).map(large).collect());
    for format in Format::ALL {
        let bytes = document(&whole, format);
        assert!(bytes.len() <= limits::EDITION_BYTES, "{}: {} bytes", format.name(), bytes.len());
        assert!(bytes.len() > limits::EDITION_BYTES / 2, "{}: no more than it takes", format.name());
    }
    for format in [Format::Rss, Format::Atom] {
        let seen = feed_rs_sees(&document(&whole, format), format);
        let kept = seen.items.iter().take_while(|item| item.content.is_some()).count();
        assert!((8..40).contains(&kept), "{kept}");
        let mut lighter = whole.clone();
        lighter.items.iter_mut().skip(kept).for_each(|item| item.fields.content = None);
        assert_same(&seen, &expected(&lighter, format), format.name());
    }
    for item in &mut whole.items {
        item.fields.summary = item.fields.content.clone();
        item.fields.author = vec![text(&"x".repeat(limits::FIELD_BYTES)); 4];
    }
    for format in FEEDS {
        let bytes = document(&whole, format);
        assert!(bytes.len() <= limits::EDITION_BYTES);
        let seen = feed_rs_sees(&bytes, format);
        assert_eq!(seen.items[0].title, "News number 0", "the newest items are the last to go");
    }
}

fn entries() -> Vec<IndexEntry> {
    let entry = |name: &str, title: &str, health, trouble: Option<&str>| IndexEntry {
        is_form: false,
        name: name.into(),
        title: title.into(),
        description: Some(format!("About {title}")),
        home: url("https://mill.example/news/?a[]=1&b='2'"),
        health,
        trouble: trouble.map(str::to_owned),
        advice: trouble.map(|_| "look at <it> & mend the `rule`".to_owned()),
        due: DateTime::from_timestamp(1_795_516_800, 0),
        changed: DateTime::from_timestamp(1_795_516_200, 0),
        items: 1,
        address: format!("https://feeds.example/feeds/{name}"),
    };
    vec![
        entry("mill", "Mill & <Sons> \"of\" 'flour' ]]>", Some(Health::Healthy), None),
        entry("quern", "\u{7}", Some(Health::Degraded), Some("the site answered <503> & went away")),
        entry("new", "New", None, None),
    ]
}

#[test]
fn fault_39_words_of_the_configuration_break_nothing() {
    let mut feed = mill();
    feed.title = "Mill & <Sons> \"of\" 'flour' ]]>".into();
    feed.description = Some("<script>alert('&')</script> \"]]>\" \u{0}\u{7}.".into());
    feed.language = Some("en\"><x".into());
    all_see_the_same(&feed);
    feed.title = "\u{0}\u{1}".into();
    feed.description = Some(" ".into());
    assert_eq!(tree(&document(&feed, Format::Rss)).children[0].text_of("title"), "mill", "its name instead");

    let opml = opml("All & \"<mine>\" \u{1}", &entries());
    let list = tree(opml.as_bytes());
    assert_eq!((list.name.as_str(), list.attribute("version")), ("opml", Some("2.0")));
    assert_eq!(list.one("head").unwrap().text_of("title"), "All & \"<mine>\"");
    let outlines: Vec<_> = list.one("body").unwrap().all("outline");
    assert_eq!(outlines.len(), 3);
    assert_eq!(outlines[0].attribute("text"), Some("Mill & <Sons> \"of\" 'flour' ]]>"));
    assert_eq!(outlines[1].attribute("text"), Some("quern"));
    for outline in outlines {
        assert_eq!(outline.attribute("type"), Some("rss"));
        is_address(outline.attribute("xmlUrl").unwrap());
        is_address(outline.attribute("htmlUrl").unwrap());
    }
    python_reads(&[("feeds.opml", opml.as_bytes())]);

    let page = index(&entries(), true);
    holds_no_active_content(page.as_bytes());
    assert!(!page.contains("<Sons>") && !page.contains("<503>") && page.contains("Sons"));
    let page = index(&[], false);
    assert!(page.contains("No feeds yet") && !page.contains("feeds.opml"));
}

/// `FEEDMILL_BLESS=1` writes the golden files anew; what changed is then read in the diff.
#[test]
fn fault_40_the_golden_editions_hold_every_rule() {
    all_see_the_same(&mill());
    let mut goldens: Vec<(String, Vec<u8>)> =
        Format::ALL.map(|format| (format!("mill.{}", format.extension()), document(&mill(), format))).into();
    goldens.push(("index.html".into(), index(&entries(), true).into()));
    goldens.push(("feeds.opml".into(), opml("Feedmill", &entries()).into()));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    for (name, document) in goldens {
        let path = folder.join(name);
        if std::env::var_os("FEEDMILL_BLESS").is_some() {
            std::fs::write(&path, &document).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(golden == String::from_utf8(document).unwrap(), "{} is not what is rendered", path.display());
    }
}

#[test]
fn the_same_feed_is_the_same_bytes() {
    for format in Format::ALL {
        let (one, other) = (rendering(&mill(), format), rendering(&mill().clone(), format));
        assert_eq!(one, other);
        assert_ne!(one.etag, one.etag_gzip);
        let mut moved = mill();
        moved.items[0].updated += chrono::TimeDelta::minutes(1);
        if format != Format::Html {
            assert_ne!(rendering(&moved, format).etag, one.etag);
        }
    }
}

#[test]
fn a_feed_without_an_address_links_to_itself_nowhere() {
    let feed = Feed { address: None, ..mill() };
    all_see_the_same(&feed);
    for format in FEEDS {
        assert!(!String::from_utf8(document(&feed, format)).unwrap().contains("feeds.example"));
    }
}

fn any_item() -> impl Strategy<Value = (String, String, String, i64, i32)> {
    (any::<String>(), any::<String>(), "[<>&;a-z#x0-9\"' /=\\]]{0,60}", any::<i64>(), -50_000..50_000)
}

fn made((title, author, markup, seconds, offset): &(String, String, String, i64, i32), number: usize) -> Item {
    let mut item = titled(i64::try_from(number).unwrap(), title);
    let offset = chrono::FixedOffset::east_opt(*offset).unwrap();
    let moment = DateTime::from_timestamp(seconds % 253_402_000_000, 0).unwrap().with_timezone(&offset);
    (item.published, item.updated) = (moment, moment);
    item.fields.author = feedmill::text::Text::new(author).into_iter().collect();
    item.fields.category = feedmill::text::Text::new(markup).into_iter().collect();
    item.fields.summary = Some(html(markup));
    item.fields.content = Some(html(&format!("{title}{markup}")));
    item
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_items_make_readable_feeds(items in proptest::collection::vec(any_item(), 0..4), title in any::<String>()) {
        let items: Vec<Item> = items.iter().enumerate().map(|(number, item)| made(item, number)).collect();
        let count = items.len();
        let feed = Feed { title, ..feed(items) };
        for format in FEEDS {
            let document = document(&feed, format);
            prop_assert_eq!(feed_rs_sees(&document, format).items.len(), count);
        }
        holds_the_rules_of_rss(&tree(&document(&feed, Format::Rss)));
        holds_the_rules_of_atom(&tree(&document(&feed, Format::Atom)));
        holds_the_rules_of_json_feed(&document(&feed, Format::Json));
        prop_assert!(std::str::from_utf8(&document(&feed, Format::Html)).is_ok());
    }
}
