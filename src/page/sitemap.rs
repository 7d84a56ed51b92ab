//! XML sitemaps (sitemaps.org), with Google's news and image extensions, and indexes of them.

use chrono::{DateTime, NaiveDate, NaiveTime};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value, json};

use crate::limits;
use crate::weburl::WebUrl;

/// What a sitemap says.
pub(super) struct Sitemap {
    /// The pages, newest first, as rows with the names of fields.
    pub(super) items: Value,
    /// Further sitemaps, newest first.
    pub(super) children: Vec<WebUrl>,
}

/// Reads a sitemap as far as it is XML. References to entities of its own are not followed.
pub(super) fn read(text: &str, url: &WebUrl) -> Sitemap {
    let mut reader = Reader::from_str(text);
    let (mut pages, mut children) = (Vec::new(), Vec::new());
    let mut path: Vec<String> = Vec::new();
    let (mut row, mut value) = (Map::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                path.push(local(start.name().as_ref()).to_owned());
                value.clear();
                if path.len() > limits::DOCUMENT_DEPTH {
                    break;
                }
            }
            Ok(Event::Text(text)) => value.push_str(&text),
            Ok(Event::CData(text)) => value.push_str(&text),
            Ok(Event::GeneralRef(reference)) => value.extend(resolved(&reference)),
            Ok(Event::End(_)) => {
                let Some(name) = path.pop() else { break };
                match (path.last().map(String::as_str), name.as_str()) {
                    (Some("urlset"), "url") => pages.push(std::mem::take(&mut row)),
                    (Some("sitemapindex"), "sitemap") => children.push(std::mem::take(&mut row)),
                    (Some(parent), name) => keep(&mut row, parent, name, value.trim()),
                    (None, _) => break,
                }
                value.clear();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if pages.len().max(children.len()) >= limits::JSON_ROWS {
            break;
        }
    }
    newest_first(&mut pages);
    newest_first(&mut children);
    let children = children.iter().filter_map(|child| url.join(child.get("link")?.as_str()?).ok());
    Sitemap { items: json!({ "items": pages }), children: children.take(limits::SITEMAPS).collect() }
}

/// Which field an element is.
fn keep(row: &mut Map<String, Value>, parent: &str, name: &str, value: &str) {
    let field = match (parent, name) {
        ("url" | "sitemap", "loc") => "link",
        ("url" | "sitemap", "lastmod") => "updated",
        ("news", "title") => "title",
        ("news", "publication_date") => "published",
        ("news", "keywords") => "category",
        ("publication", "language") => "language",
        ("image", "loc") => "image",
        ("image", "caption") => "image_caption",
        _ => return,
    };
    if value.is_empty() || row.contains_key(field) {
        return;
    }
    let value = match field {
        "category" => value.split(',').map(str::trim).filter(|keyword| !keyword.is_empty()).collect(),
        _ => Value::String(value.to_owned()),
    };
    row.insert(field.to_owned(), value);
}

/// Stable: what has the same date, or none, stays in its order.
fn newest_first(rows: &mut [Map<String, Value>]) {
    rows.sort_by_cached_key(|row| {
        let date = |field: &str| row.get(field).and_then(Value::as_str).and_then(moment);
        std::cmp::Reverse(date("published").or_else(|| date("updated")))
    });
}

/// W3C's date and time formats, as far as they can be put into an order.
fn moment(text: &str) -> Option<i64> {
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.timestamp());
    }
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp())
}

fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(character.to_string()),
        _ => resolve_predefined_entity(reference).map(str::to_owned),
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sitemap(text: &str) -> Sitemap {
        read(text, &WebUrl::parse("https://a.example/sitemap.xml").unwrap())
    }

    #[test]
    fn pages_come_newest_first() {
        let read = sitemap(
            "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='n' xmlns:image='i'>
            <url><loc>https://a.example/1?a=1&amp;b=2</loc><lastmod>2026-11-01</lastmod></url>
            <url><loc><![CDATA[https://a.example/2]]></loc><lastmod>2026-11-03T10:00:00+01:00</lastmod>
              <n:news><n:publication><n:name>A</n:name><n:language>en</n:language></n:publication>
              <n:publication_date>2026-11-02T10:00Z</n:publication_date><n:title>Geese &#38; crabs</n:title><n:keywords>a, b</n:keywords></n:news>
              <image:image><image:loc>/i.jpg</image:loc><image:caption>C</image:caption></image:image></url>
            <url><loc>https://a.example/3</loc></url></urlset>",
        );
        assert_eq!(
            read.items["items"],
            json!([
                {"link": "https://a.example/2", "updated": "2026-11-03T10:00:00+01:00", "published": "2026-11-02T10:00Z",
                 "title": "Geese & crabs", "category": ["a", "b"], "language": "en", "image": "/i.jpg", "image_caption": "C"},
                {"link": "https://a.example/1?a=1&b=2", "updated": "2026-11-01"},
                {"link": "https://a.example/3"},
            ])
        );
    }

    #[test]
    fn an_index_names_its_children_newest_first() {
        let read = sitemap(
            "<sitemapindex><sitemap><loc>/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
            <sitemap><loc>/new.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>",
        );
        let children: Vec<&str> = read.children.iter().map(WebUrl::as_str).collect();
        assert_eq!(children, ["https://a.example/new.xml.gz", "https://a.example/old.xml"]);
    }

    #[test]
    fn what_breaks_off_or_blows_up_is_read_as_far_as_it_goes() {
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><urlset><url><loc>/&b;</loc></url><url><loc>/2";
        assert_eq!(sitemap(bomb).items["items"], json!([{"link": "/"}]));
        assert_eq!(sitemap(&"<urlset>".repeat(100_000)).items["items"], json!([]));
        assert_eq!(sitemap("<urlset><url></loc></urlset>").items["items"], json!([]));
        let many = format!("<urlset>{}", "<url><loc>/a</loc></url>".repeat(limits::JSON_ROWS + 10));
        assert_eq!(sitemap(&many).items["items"].as_array().unwrap().len(), limits::JSON_ROWS);
    }
}
