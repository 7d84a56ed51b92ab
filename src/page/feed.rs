//! Feeds (RSS 0.9x to 2.0, RSS 1.0, Atom, JSON Feed), told as rows with the names of fields.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, FeedType, Link, LinkTarget, MediaContent, Text};
use feed_rs::parser::{Builder, ParseFeedError};
use regex::Regex;
use serde_json::{Map, Value, json};

use super::{bounds, enclosures, json_feed};
use crate::limits;
use crate::text::escape;
use crate::weburl::WebUrl;

/// Reads a feed that was found at `url`. The error says what is wrong with it.
pub(super) fn read(text: &str, url: &WebUrl) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') {
        return json_feed::read(text);
    }
    bounds::feed(text)?;
    let text = without_declaration(text);
    let (feed, dates) = match parse(&text, url) {
        // Only the versions that there ever were are known; a feed of another is one all the same.
        Err(_) => parse(&version(&text), url).map_err(|error| error.to_string())?,
        Ok(read) => read,
    };
    let people: Vec<String> = feed.authors.iter().filter_map(name_of).collect();
    let is_atom = feed.feed_type == FeedType::Atom;
    let mut of_items = enclosures::of_items(&text).into_iter();
    let entries = feed.entries.into_iter().take(limits::JSON_ROWS);
    let row = |entry| Row { entry, dates: &dates, is_atom, of_item: of_items.next().unwrap_or_default() };
    let rows: Vec<Value> = entries.map(row).map(|row| row.told(&people)).collect();
    Ok(json!({ "title": feed.title.map(|title| title.content), "language": feed.language, "items": rows }))
}

/// The texts of dates, as written. The library would read them and forget their zones; it is given their numbers
/// instead, as seconds.
type Dates = Arc<Mutex<Vec<String>>>;

fn parse(text: &str, url: &WebUrl) -> Result<(feed_rs::model::Feed, Dates), ParseFeedError> {
    let dates = Dates::default();
    let texts = Arc::clone(&dates);
    let parser = Builder::new()
        .base_uri(Some(url.as_str()))
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let mut texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
            texts.push(text.trim().to_owned());
            DateTime::from_timestamp(i64::try_from(texts.len()).ok()?, 0)
        })
        .build();
    parser.parse(text.as_bytes()).map(|feed| (feed, dates))
}

/// The text is decoded already: what it says about its encoding is no longer true.
fn without_declaration(text: &str) -> Cow<'_, str> {
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => Cow::Borrowed(rest),
        None => Cow::Borrowed(text),
    }
}

/// The feed as one of RSS 2.0, if it says that it is RSS at all.
fn version(text: &str) -> Cow<'_, str> {
    static RSS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"<rss\b([^>]*?)(\sversion\s*=\s*["'][^"']*["'])?([^>]*)>"#).ok());
    RSS.as_ref().map_or(Cow::Borrowed(text), |rss| rss.replacen(text, 1, "<rss version=\"2.0\"$1$3>"))
}

struct Row<'d> {
    entry: Entry,
    dates: &'d Dates,
    is_atom: bool,
    /// What RSS itself encloses.
    of_item: Vec<Value>,
}

impl Row<'_> {
    fn told(self, people: &[String]) -> Value {
        let mut row = Map::new();
        let mut set = |field: &str, value: Option<Value>| {
            row.extend(value.filter(|value| !value.is_null()).map(|value| (field.to_owned(), value)));
        };
        let entry = &self.entry;
        let link = self.link();
        let own_id = Some(entry.id.trim()).filter(|id| !id.is_empty() && Some(*id) != link.as_deref().map(str::trim));
        set("id", own_id.map(Value::from));
        set("link", link.map(Value::from));
        set("title", entry.title.as_ref().map(|title| self.text(title).into()));
        let published = self.date(entry.published);
        let updated = self.date(entry.updated).filter(|updated| published.as_ref() != Some(updated));
        set("published", published.or_else(|| updated.clone()).map(Value::from));
        set("updated", updated.map(Value::from));
        let authors: Vec<String> = entry.authors.iter().filter_map(name_of).collect();
        let authors = if authors.is_empty() { people.to_vec() } else { authors };
        set("author", (!authors.is_empty()).then(|| authors.into()));
        let categories = entry.categories.iter().map(|category| category.label.as_ref().unwrap_or(&category.term));
        let categories: Vec<Value> = categories.map(|term| term.as_str().into()).collect();
        set("category", (!categories.is_empty()).then(|| categories.into()));
        set("summary", entry.summary.as_ref().map(|summary| self.text(summary).into()));
        let content = entry.content.as_ref().and_then(|content| {
            let body = content.body.as_deref()?;
            Some(if content.content_type.essence().to_string() == "text/plain" {
                escape(body)
            } else {
                body.to_owned()
            })
        });
        set("content", content.map(Value::from));
        set("image", self.image().map(Value::from));
        let enclosures = self.enclosures();
        set("enclosure", (!enclosures.is_empty()).then(|| enclosures.into()));
        let is_comments =
            |link: &&Link| link.target == Some(LinkTarget::Comments) || link.rel.as_deref() == Some("replies");
        set("comments", entry.links.iter().find(is_comments).map(|link| link.href.as_str().into()));
        set("language", entry.language.as_deref().map(Value::from));
        Value::Object(row)
    }

    /// The article's address; at last an id that is one, as RSS means it.
    fn link(&self) -> Option<String> {
        let is_page = |link: &&Link| {
            link.target.is_none()
                && link.rel.as_deref().is_none_or(|rel| rel == "alternate")
                && link.media_type.as_deref().is_none_or(|media| media.contains("html"))
        };
        let link = self.entry.links.iter().find(is_page).map(|link| link.href.clone());
        link.or_else(|| Some(self.entry.id.clone()).filter(|id| WebUrl::parse(id).is_ok()))
    }

    /// Atom says whether a text is markup; RSS never does, and it mostly is.
    fn text(&self, text: &Text) -> String {
        if self.is_atom && text.content_type.essence().to_string() == "text/plain" {
            escape(&text.content)
        } else {
            text.content.clone()
        }
    }

    fn date(&self, number: Option<DateTime<Utc>>) -> Option<String> {
        let texts = self.dates.lock().unwrap_or_else(PoisonError::into_inner);
        texts.get(usize::try_from(number?.timestamp()).ok()?.checked_sub(1)?).cloned()
    }

    fn contents(&self) -> impl Iterator<Item = &MediaContent> {
        self.entry.media.iter().flat_map(|media| &media.content)
    }

    fn image(&self) -> Option<String> {
        let image = self.contents().find(|content| is_image(content)).and_then(|content| content.url.as_ref());
        let thumbnail = || Some(self.entry.media.iter().flat_map(|media| &media.thumbnails).next()?.image.uri.clone());
        let enclosed = || {
            let image = self.of_item.iter().find(|enclosure| says_image(enclosure))?;
            Some(image.get("url")?.as_str()?.to_owned())
        };
        image.map(ToString::to_string).or_else(thumbnail).or_else(enclosed)
    }

    fn enclosures(&self) -> Vec<Value> {
        let links = self.entry.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure"));
        let links = links.map(|link| json!({ "url": link.href, "type": link.media_type, "length": link.length }));
        let media = self.contents().filter(|content| !is_image(content)).filter_map(|content| {
            let kind = content.content_type.as_ref().map(|kind| kind.essence().to_string());
            let duration = content.duration.map(|duration| duration.as_secs());
            Some(
                json!({ "url": content.url.as_ref()?.as_str(), "type": kind, "length": content.size, "duration": duration }),
            )
        });
        let mut all: Vec<Value> = Vec::new();
        for enclosure in self.of_item.iter().cloned().chain(links).chain(media) {
            let is_known = all.iter().any(|known| known.get("url") == enclosure.get("url"));
            if !is_known && !says_image(&enclosure) {
                all.push(enclosure);
            }
        }
        all
    }
}

fn is_image(content: &MediaContent) -> bool {
    content.content_type.as_ref().is_some_and(|kind| kind.ty() == "image")
}

fn says_image(enclosure: &Value) -> bool {
    enclosure.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("image/"))
}

fn name_of(person: &feed_rs::model::Person) -> Option<String> {
    person.name.clone().filter(|name| !name.is_empty() && name != "unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Value {
        read(text, &WebUrl::parse("https://a.example/feed.xml").unwrap()).unwrap()["items"].clone()
    }

    #[test]
    fn rss_with_its_extensions() {
        let told = rows(
            r#"<?xml version="1.0" encoding="windows-1251"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
            xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
            <channel><title>T</title><item><title>Geese &amp;amp; crabs</title><link>https://a.example/1</link><guid>17</guid>
            <pubDate>Mon, 02 Nov 2026 10:00:00 +0300</pubDate><dc:creator>Ada</dc:creator><category>x</category><category>y</category>
            <description>teaser</description><content:encoded><![CDATA[<p>full</p>]]></content:encoded>
            <enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="99"/><media:content url="https://a.example/1.jpg" type="image/jpeg"/>
            <comments>https://a.example/1#c</comments></item>
            <item><guid isPermaLink="true">https://a.example/2</guid></item></channel></rss>"#,
        );
        assert_eq!(
            told,
            json!([
                {"id": "17", "link": "https://a.example/1", "title": "Geese &amp; crabs", "published": "Mon, 02 Nov 2026 10:00:00 +0300",
                 "author": ["Ada"], "category": ["x", "y"], "summary": "teaser", "content": "<p>full</p>",
                 "image": "https://a.example/1.jpg", "enclosure": [{"url": "https://a.example/1.mp3", "type": "audio/mpeg", "length": 99}],
                 "comments": "https://a.example/1#c"},
                {"link": "https://a.example/2"},
            ])
        );
    }

    #[test]
    fn atom_says_what_is_markup() {
        let told = rows(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><author><name>Ada</name></author>
            <entry><id>tag:a,1</id><title>a &lt;b&gt;</title><link rel="enclosure" href="/1.mp3" type="audio/mpeg" length="5"/>
            <link href="/1"/><updated>2026-11-02T10:00:00Z</updated><content type="html">&lt;p&gt;x</content></entry></feed>"#,
        );
        assert_eq!(
            told,
            json!([{"id": "tag:a,1", "link": "https://a.example/1", "title": "a &lt;b&gt;", "published": "2026-11-02T10:00:00Z",
                "updated": "2026-11-02T10:00:00Z", "author": ["Ada"], "content": "<p>x",
                "enclosure": [{"url": "https://a.example/1.mp3", "type": "audio/mpeg", "length": 5}]}])
        );
    }

    #[test]
    fn other_versions_and_what_is_no_feed() {
        assert_eq!(rows("<rss><channel><item><title>a</title></item></channel></rss>")[0]["title"], "a");
        assert_eq!(
            rows("<rss version='2.0.1'><channel><item><title>a</title></item></channel></rss>")[0]["title"],
            "a"
        );
        let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
            <item><title>a</title><link>https://a.example/1</link></item></rdf:RDF>";
        assert_eq!(rows(rdf)[0]["link"], "https://a.example/1");
        let url = WebUrl::parse("https://a.example/").unwrap();
        for hostile in
            ["", "<html></html>", "<rss", "{}", &"<rss>".repeat(100_000), "<rss version='2.0'><channel><item>"]
        {
            let _ = read(hostile, &url);
        }
        assert!(read("<html></html>", &url).is_err());
    }
}
