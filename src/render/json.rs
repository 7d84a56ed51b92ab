//! JSON Feed 1.1 (jsonfeed.org).

use serde::Serialize;

use super::valid;
use crate::edition::{Feed, Format};
use crate::item::{Enclosure, Item};
use crate::markup;
use crate::text::Html;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Attachment {
    url: String,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

/// The feed as JSON.
pub(super) fn document(feed: &Feed) -> Vec<u8> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: valid::line(&feed.title, &feed.site),
        home_page_url: valid::uri(&feed.home),
        feed_url: feed.address_of(Format::Json),
        description: feed.description.as_deref(),
        language: feed.language.as_deref().and_then(valid::language),
        items: feed.items.iter().map(entry).collect(),
    };
    serde_json::to_vec(&document).expect("strings and numbers are always JSON")
}

fn entry(item: &Item) -> Entry<'_> {
    let fields = &item.fields;
    let html = fields.content.as_ref().or(fields.summary.as_ref()).map(Html::as_str);
    Entry {
        id: valid::id(&item.id),
        url: fields.link.as_ref().map(valid::uri),
        title: item.title(),
        content_html: html,
        // One of the two is required.
        content_text: html.is_none().then(|| item.title()),
        summary: fields.summary.as_ref().map(|html| markup::text(html.as_str())).filter(|text| !text.is_empty()),
        image: fields.image.as_ref().map(valid::uri),
        date_published: valid::rfc3339(item.published),
        date_modified: valid::rfc3339(item.updated),
        authors: fields.author.iter().map(|name| Author { name: name.as_str() }).collect(),
        tags: fields.category.iter().map(AsRef::as_ref).collect(),
        language: fields.language.as_ref().and_then(|text| valid::language(text.as_str())),
        attachments: fields.enclosure.iter().filter_map(attachment).collect(),
    }
}

fn attachment(enclosure: &Enclosure) -> Option<Attachment> {
    Some(Attachment {
        url: valid::uri(&enclosure.url),
        mime_type: valid::media_type(enclosure)?,
        size_in_bytes: (enclosure.length > 0).then_some(enclosure.length),
        duration_in_seconds: enclosure.duration,
    })
}
