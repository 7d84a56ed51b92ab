//! Atom 1.0 (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Category, Content, Entry, Feed as Document, Generator, Link, Person, Source, Text, TextType};

use super::{media, valid};
use crate::edition::{Feed, Format};
use crate::item::Item;
use crate::text::{Html, escape};

/// The year that feeds' ids name (RFC 4151 wants a date on which the host had its owner). It never changes: a feed
/// with another id is another feed.
const TAG_YEAR: &str = "2026";

/// The feed as Atom.
pub(super) fn document(feed: &Feed) -> Vec<u8> {
    let home = valid::uri(&feed.home);
    let title = valid::line(&feed.title, &feed.site);
    let mut links = vec![link("alternate", home.clone(), Some("text/html"))];
    links.extend(feed.address_of(Format::Atom).map(|own| link("self", own, Some(Format::Atom.media_type()))));
    // Section 4.1.1: where an entry has no author, the feed must have one.
    let is_anonymous = feed.items.is_empty() || feed.items.iter().any(|item| item.fields.author.is_empty());
    let document = Document {
        id: id(feed),
        updated: valid::date(valid::utc(feed.changed)),
        authors: is_anonymous
            .then(|| Person { name: title.clone(), uri: Some(home), ..Person::default() })
            .into_iter()
            .collect(),
        title: Text::plain(title),
        subtitle: feed.description.as_deref().map(|text| Text::plain(valid::line(text, &feed.site))),
        generator: Some(Generator { value: "Feedmill".to_owned(), ..Generator::default() }),
        links,
        lang: feed.language.as_deref().and_then(valid::language),
        entries: feed.items.iter().map(|item| entry(item, feed)).collect(),
        namespaces: BTreeMap::from([("media".to_owned(), media::NAMESPACE.to_owned())]),
        ..Document::default()
    };
    document.write_to(Vec::new()).expect("writing to memory does not fail")
}

/// The feed's permanent id, a `tag:` URI (RFC 4151). It depends on neither the place nor the time of publication, so
/// that a feed that moves stays the same feed.
fn id(feed: &Feed) -> String {
    let host: String =
        feed.home.host().chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    format!("tag:{},{TAG_YEAR}:feedmill/{}", host.trim_matches('-'), feed.site)
}

fn entry(item: &Item, feed: &Feed) -> Entry {
    let fields = &item.fields;
    let language = valid::foreign_language(item, feed);
    let (summary, content) = match (&fields.content, &fields.link) {
        // Section 4.1.2: an entry with neither a link nor content is none.
        (None, None) => (None, Some(fields.summary.as_ref().map_or("", Html::as_str))),
        (content, _) => (fields.summary.as_ref(), content.as_ref().map(Html::as_str)),
    };
    let text = |value: &str, r#type| Text { value: value.to_owned(), lang: language.clone(), r#type, base: None };
    Entry {
        id: valid::id(&item.id),
        title: text(item.title(), TextType::Text),
        updated: valid::date(item.updated),
        published: Some(valid::date(item.published)),
        authors: fields.author.iter().map(|name| Person { name: name.to_string(), ..Person::default() }).collect(),
        categories: fields
            .category
            .iter()
            .map(|name| Category { term: name.to_string(), ..Category::default() })
            .collect(),
        links: links(item),
        summary: summary.map(|html| text(html.as_str(), TextType::Html)),
        content: content.map(|html| Content {
            value: Some(html.to_owned()),
            content_type: Some("html".to_owned()),
            lang: language.clone(),
            ..Content::default()
        }),
        source: feed.origins.get(&item.id).map(|origin| source(origin)),
        extensions: extensions(item),
        ..Entry::default()
    }
}

/// The feed that an item of a merged one comes from (section 4.2.11).
fn source(origin: &Feed) -> Source {
    let mut links = vec![link("alternate", valid::uri(&origin.home), Some("text/html"))];
    links.extend(origin.address_of(Format::Atom).map(|own| link("self", own, Some(Format::Atom.media_type()))));
    Source {
        id: id(origin),
        title: Text::plain(valid::line(&origin.title, &origin.site)),
        updated: valid::date(valid::utc(origin.changed)),
        links,
        ..Source::default()
    }
}

fn links(item: &Item) -> Vec<Link> {
    let fields = &item.fields;
    let mut links: Vec<Link> = Vec::new();
    links.extend(fields.link.as_ref().map(|url| link("alternate", valid::uri(url), Some("text/html"))));
    links.extend(fields.comments.as_ref().map(|url| link("replies", valid::uri(url), Some("text/html"))));
    links.extend(fields.enclosure.iter().filter_map(|enclosure| {
        let media_type = valid::media_type(enclosure)?;
        let length = (enclosure.length > 0).then(|| enclosure.length.to_string());
        Some(Link { length, ..link("enclosure", valid::uri(&enclosure.url), Some(&media_type)) })
    }));
    links
}

fn link(rel: &str, href: String, mime_type: Option<&str>) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: mime_type.map(str::to_owned), ..Link::default() }
}

fn extensions(item: &Item) -> ExtensionMap {
    let element = |(name, value, attrs, children): media::Element<Extension>| Extension {
        name,
        value,
        // The library writes the attributes of extensions as they are, without escaping them.
        attrs: attrs.into_iter().map(|(name, value)| (name, escape(&value))).collect(),
        children,
    };
    let image = media::content(item, element);
    image.map(|image| ("media".to_owned(), BTreeMap::from([("content".to_owned(), vec![image])]))).into_iter().collect()
}
