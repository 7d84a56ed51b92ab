//! RSS 2.0, by its specification and the Best Practices Profile of the RSS Advisory Board.
//!
//! The teaser is the `description`, the full text is `content:encoded`. An item without a teaser has no `description`
//! rather than the full text twice: whoever reads one reads the other.

use std::collections::BTreeMap;

use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Item as Entry, Source};

use super::{media, valid};
use crate::edition::{Feed, Format};
use crate::item::{self, Item};

const ATOM: &str = "http://www.w3.org/2005/Atom";
/// What Apple asks of podcasts; others read it too.
const ITUNES: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";

/// The feed as RSS.
pub(super) fn document(feed: &Feed) -> Vec<u8> {
    let home = valid::uri(&feed.home);
    let changed = valid::rfc822(valid::utc(feed.changed));
    let channel = Channel {
        title: valid::line(&feed.title, &feed.site),
        // It may not be empty, and a sentence of ours might be in the wrong language.
        description: feed.description.as_deref().map_or_else(|| home.clone(), |text| valid::line(text, &home)),
        link: home,
        language: feed.language.as_deref().and_then(valid::language),
        pub_date: Some(changed.clone()),
        last_build_date: Some(changed),
        generator: Some("Feedmill".to_owned()),
        ttl: Some(feed.ttl_minutes.max(1).to_string()),
        items: feed.items.iter().map(|item| entry(item, feed)).collect(),
        extensions: feed.address_of(Format::Rss).as_deref().map(self_link).unwrap_or_default(),
        namespaces: namespaces(feed),
        ..Channel::default()
    };
    channel.write_to(Vec::new()).expect("writing to memory does not fail")
}

/// The namespaces that are used: a feed that is no podcast says nothing of one.
fn namespaces(feed: &Feed) -> BTreeMap<String, String> {
    let podcast = feed.items.iter().any(|item| episode(item).is_some());
    let podcast = podcast.then_some(("itunes", ITUNES));
    let all = [("atom", ATOM), ("media", media::NAMESPACE)].into_iter().chain(podcast);
    all.map(|(name, uri)| (name.to_owned(), uri.to_owned())).collect()
}

/// The one enclosure that an item may have: readers differ in what they make of a second one. Sound and video come
/// before files.
fn enclosure(item: &Item) -> Option<&item::Enclosure> {
    let mut all = item.fields.enclosure.iter().filter(|enclosure| valid::media_type(enclosure).is_some());
    all.clone().find(|enclosure| is_played(enclosure)).or_else(|| all.next())
}

fn is_played(enclosure: &item::Enclosure) -> bool {
    valid::media_type(enclosure).is_some_and(|kind| kind.starts_with("audio/") || kind.starts_with("video/"))
}

/// The sound or video of an item of which there is something to say in a podcast's words.
fn episode(item: &Item) -> Option<&item::Enclosure> {
    let played = enclosure(item).filter(|enclosure| is_played(enclosure))?;
    (played.duration.is_some() || item.fields.image.is_some()).then_some(played)
}

fn entry(item: &Item, feed: &Feed) -> Entry {
    let fields = &item.fields;
    Entry {
        title: Some(item.title().to_owned()),
        link: fields.link.as_ref().map(valid::uri),
        guid: Some(Guid { value: valid::id(&item.id), permalink: item.id_is_link }),
        pub_date: Some(valid::rfc822(item.published)),
        description: fields.summary.as_ref().map(|html| html.as_str().to_owned()),
        content: fields.content.as_ref().map(|html| html.as_str().to_owned()),
        categories: fields.category.iter().map(|name| Category { name: name.to_string(), domain: None }).collect(),
        comments: fields.comments.as_ref().map(valid::uri),
        enclosure: enclosure(item).map(|enclosure| Enclosure {
            url: valid::uri(&enclosure.url),
            length: enclosure.length.to_string(),
            mime_type: valid::media_type(enclosure).unwrap_or_default(),
        }),
        source: feed.origins.get(&item.id).map(|origin| source(origin)),
        dublin_core_ext: dublin_core(item, feed),
        extensions: extensions(item),
        ..Entry::default()
    }
}

/// The feed that an item of a merged one comes from; where it will be published, or at least the page it is made from.
fn source(origin: &Feed) -> Source {
    let url = origin.address_of(Format::Rss).unwrap_or_else(|| valid::uri(&origin.home));
    Source { url, title: Some(valid::line(&origin.title, &origin.site)) }
}

/// RSS's own `author` is an e-mail address; names go to Dublin Core.
fn dublin_core(item: &Item, feed: &Feed) -> Option<DublinCoreExtension> {
    let creators: Vec<String> = item.fields.author.iter().map(ToString::to_string).collect();
    let languages: Vec<String> = valid::foreign_language(item, feed).into_iter().collect();
    let is_needed = !creators.is_empty() || !languages.is_empty();
    is_needed.then(|| DublinCoreExtension { creators, languages, ..DublinCoreExtension::default() })
}

fn extensions(item: &Item) -> ExtensionMap {
    let mut extensions = ExtensionMap::new();
    let mut add = |prefix: &str, name: &str, element| {
        extensions.entry(prefix.to_owned()).or_default().insert(name.to_owned(), vec![element]);
    };
    if item.updated != item.published {
        add(
            "atom",
            "updated",
            element(("atom:updated".to_owned(), Some(valid::rfc3339(item.updated)), BTreeMap::new(), BTreeMap::new())),
        );
    }
    if let Some(image) = media::content(item, element) {
        add("media", "content", image);
    }
    // Apple knows the author of a show, not of an episode; readers would count `dc:creator` and another name as two.
    if let Some(played) = episode(item) {
        if let Some(seconds) = played.duration {
            let duration = ("itunes:duration".to_owned(), Some(seconds.to_string()), BTreeMap::new(), BTreeMap::new());
            add("itunes", "duration", element(duration));
        }
        if let Some(image) = &item.fields.image {
            let href = BTreeMap::from([("href".to_owned(), valid::uri(image))]);
            add("itunes", "image", element(("itunes:image".to_owned(), None, href, BTreeMap::new())));
        }
    }
    extensions
}

fn self_link(address: &str) -> ExtensionMap {
    let attributes = [("href", address), ("rel", "self"), ("type", Format::Rss.media_type())];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let link = element(("atom:link".to_owned(), None, attributes, BTreeMap::new()));
    BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![link])]))])
}

fn element((name, value, attrs, children): media::Element<Extension>) -> Extension {
    Extension { name, value, attrs, children }
}
