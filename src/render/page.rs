//! The feed as a readable page: what browsers show, which know no feeds any longer. One file, without scripts, that
//! loads nothing but the articles' images: it works from a server and opened from a disk.

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use super::valid;
use crate::edition::{Feed, Format};
use crate::item::{Enclosure, Item};
use crate::markup;
use crate::text::{Html, escape};

/// What stands between `<style>` and `</style>`.
pub(super) const STYLE: &str = include_str!("../../templates/style.css");

/// The formats of a feed that a reader subscribes to.
pub(super) const FEEDS: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];

/// The `Content-Security-Policy` of our pages: no scripts, no frames, no forms, our own style and nobody else's.
/// The pages carry it themselves; a server sends it as a header too.
pub fn page_policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        format!(
            "default-src 'none'; style-src 'sha256-{}'; img-src https: http: data:; media-src https: http:; \
             base-uri 'none'; form-action 'none'",
            STANDARD.encode(Sha256::digest(STYLE))
        )
    });
    &POLICY
}

#[derive(Template)]
#[template(path = "feed.html")]
struct Page<'a> {
    title: String,
    description: Option<String>,
    language: Option<String>,
    home: String,
    /// Where the formats lie, side by side with the page.
    links: [(Format, String); 3],
    items: Vec<Article<'a>>,
    policy: &'static str,
    style: &'static str,
}

struct Article<'a> {
    language: Option<String>,
    title: &'a str,
    link: Option<String>,
    date: String,
    machine_date: String,
    authors: Vec<&'a str>,
    image: Option<String>,
    caption: &'a str,
    credit: &'a str,
    text: String,
    /// Address, file name, media type.
    enclosures: Vec<(String, String, String)>,
    comments: Option<String>,
}

/// The feed as a page.
pub(super) fn document(feed: &Feed) -> Vec<u8> {
    // As the address has it, whose last segment may be encoded otherwise than the name: a file's name is, once more.
    let segment = feed.address.as_ref().and_then(|address| address.as_url().path_segments()?.next_back());
    let name = segment.or_else(|| feed.site.rsplit('/').next()).unwrap_or_default();
    let page = Page {
        title: valid::line(&feed.title, &feed.site),
        description: feed.description.as_deref().map(|text| valid::line(text, &feed.site)),
        language: feed.language.as_deref().and_then(valid::language),
        home: valid::uri(&feed.home),
        links: FEEDS.map(|format| (format, feed.with_query(&format!("{name}.{}", format.extension())))),
        items: feed.items.iter().map(|item| article(item, feed)).collect(),
        policy: page_policy(),
        style: STYLE,
    };
    html(&page).into_bytes()
}

/// The page that `template` makes.
pub(super) fn html(template: &impl Template) -> String {
    template.render().expect("writing to memory does not fail")
}

fn article<'a>(item: &'a Item, feed: &Feed) -> Article<'a> {
    let fields = &item.fields;
    let html = fields.content.as_ref().or(fields.summary.as_ref()).map_or("", Html::as_str);
    // Many articles begin with their lead image: one of it is enough.
    let is_within = |url: &str| html.contains(&*escape(url)) || html.contains(url);
    Article {
        language: valid::foreign_language(item, feed),
        title: item.title(),
        link: fields.link.as_ref().map(valid::uri),
        date: valid::date(item.published).format("%Y-%m-%d %H:%M").to_string(),
        machine_date: valid::rfc3339(item.published),
        authors: fields.author.iter().map(AsRef::as_ref).collect(),
        image: fields.image.as_ref().filter(|url| !is_within(url.as_str())).map(valid::uri),
        caption: fields.image_caption.as_ref().map_or("", AsRef::as_ref),
        credit: fields.image_credit.as_ref().map_or("", AsRef::as_ref),
        text: markup::lazily(html),
        enclosures: fields.enclosure.iter().filter_map(file).collect(),
        comments: fields.comments.as_ref().map(valid::uri),
    }
}

fn file(enclosure: &Enclosure) -> Option<(String, String, String)> {
    let path = enclosure.url.as_url().path().trim_end_matches('/');
    let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(enclosure.url.host());
    let name = percent_decode_str(name).decode_utf8_lossy();
    Some((valid::uri(&enclosure.url), valid::line(&name, enclosure.url.host()), valid::media_type(enclosure)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_is_what_the_policy_allows() {
        assert!(!STYLE.contains(['<', '&']), "it stands in a page as it is");
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"), "it loads nothing");
    }
}
