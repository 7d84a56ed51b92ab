//! The things that a page describes in schema.org's words: in JSON-LD (`<script type="application/ld+json">`), or in its
//! markup.

use std::sync::LazyLock;

use scraper::ElementRef;
use serde_json::Value;

use super::allowance::Allowance;
use super::embedded::parse;
use super::media::{self, Media, Picture};
use super::{Document, microdata, microformats};
use crate::limits;
use crate::rule::Css;

/// Levels of nesting that are looked into.
const DEPTH: usize = 16;

/// What a nested thing stands for, in this order.
const TELLING: [&str; 4] = ["name", "url", "contentUrl", "@value"];

/// The same where an address is wanted.
const ADDRESS: [&str; 3] = ["url", "contentUrl", "@value"];

/// The things that a page, or a part of it, describes, the one that the page is about first.
#[derive(Debug, Default)]
pub struct Things(Vec<Value>);

impl Things {
    /// What the JSON-LD within `root` describes.
    pub(super) fn json_ld(document: &Document) -> Self {
        static SCRIPT: LazyLock<Option<Css>> =
            LazyLock::new(|| Css::parse("script[type^='application/ld+json' i]").ok());
        let mut things = Vec::new();
        let Some(css) = SCRIPT.as_ref() else { return Self::default() };
        let mut left = limits::JSON_LD_BYTES;
        for script in document.select(css) {
            let json: String = script.text().collect();
            let Some(rest) = left.checked_sub(json.len()) else { break };
            left = rest;
            if let Some(value) = parse(&json) {
                flatten(value, &mut things, DEPTH);
            }
        }
        Self::sorted(things)
    }

    /// What the markup of `root` itself describes, as far as `allowance` reaches: microdata, else microformats.
    pub(super) fn in_markup(root: ElementRef<'_>, allowance: &Allowance) -> Self {
        let mut things = microdata::things(root, allowance);
        things.extend(microformats::things(root, allowance));
        Self::sorted(things)
    }

    /// Stable: of equally telling things the page's first comes first.
    fn sorted(mut things: Vec<Value>) -> Self {
        things.sort_by_key(|thing| std::cmp::Reverse(rank(thing)));
        Self(things)
    }

    /// The texts at `path` (dots lead into nested things) of the first thing that has any. A nested thing stands for
    /// its `name`, or for its address if `address` is wanted.
    pub fn get(&self, path: &str, address: bool) -> Vec<String> {
        self.0
            .iter()
            .map(|thing| self.texts_at(thing, path, address))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// Like [`Things::get`], but only of the first of the things that articles are marked up as.
    pub fn of_article(&self, path: &str, address: bool) -> Vec<String> {
        let Some(thing) = self.0.first().filter(|thing| rank(thing) > 1) else { return Vec::new() };
        self.texts_at(thing, path, address)
    }

    /// What is told about the sound, video or file whose address `is_it` knows.
    pub fn media(&self, is_it: impl Fn(&str) -> bool) -> Media {
        media::media(&self.0, &is_it)
    }

    /// What is told about the image whose address `is_it` knows.
    pub fn picture(&self, is_it: impl Fn(&str) -> bool) -> Picture {
        media::picture(&self.0, &is_it)
    }

    fn texts_at(&self, thing: &Value, path: &str, address: bool) -> Vec<String> {
        let mut found = Vec::new();
        self.descend(thing, path, address, &mut found);
        found
    }

    fn descend(&self, value: &Value, path: &str, address: bool, found: &mut Vec<String>) {
        if let Value::Array(values) = value {
            values.iter().take(limits::VALUES).for_each(|value| self.descend(value, path, address, found));
            return;
        }
        let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
        match (self.meant(value).get(step), rest) {
            (Some(inner), Some(rest)) => self.descend(inner, rest, address, found),
            (Some(inner), None) => self.texts(inner, address, found),
            (None, _) => {}
        }
    }

    fn texts(&self, value: &Value, address: bool, found: &mut Vec<String>) {
        match value {
            Value::String(text) if !text.trim().is_empty() => found.push(text.clone()),
            Value::Number(number) => found.push(number.to_string()),
            Value::Array(values) => {
                values.iter().take(limits::VALUES).for_each(|value| self.texts(value, address, found));
            }
            Value::Object(object) => {
                let meant = self.meant(value);
                // One thing with several names is several, as in `"author": {"name": ["Ada", "Bo"]}`.
                if !address && let Some(names @ Value::Array(_)) = meant.get("name") {
                    return self.texts(names, address, found);
                }
                // An address of the data alone is a name within it, and leads nowhere.
                let id = object.get("@id").filter(|_| object.len() > 1);
                let keys = if address { &ADDRESS[..] } else { &TELLING[..] };
                let text = keys.iter().find_map(|key| meant.get(key)?.as_str());
                let text = text.or_else(|| meant.get("name")?.get("name")?.as_str()).or(id.and_then(Value::as_str));
                found.extend(text.filter(|text| !text.trim().is_empty()).map(str::to_owned));
            }
            _ => {}
        }
    }

    /// What `value` stands for: one that tells nothing but its `@id` refers to a thing that is told elsewhere on the
    /// page (JSON-LD 1.1, section 3.3).
    fn meant<'v>(&'v self, value: &'v Value) -> &'v Value {
        let tells = |thing: &Value| TELLING.iter().any(|key| thing.get(key).is_some());
        match value.get("@id") {
            Some(id) if !tells(value) => {
                self.0.iter().find(|thing| thing.get("@id") == Some(id) && tells(thing)).unwrap_or(value)
            }
            _ => value,
        }
    }
}

/// Arrays and `@graph`s become single things.
fn flatten(value: Value, things: &mut Vec<Value>, depth: usize) {
    if depth == 0 || things.len() >= limits::LISTING_ROWS {
        return;
    }
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| flatten(value, things, depth - 1)),
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph") {
                flatten(graph, things, depth - 1);
            }
            if let Some(entity @ Value::Object(_)) = object.get("mainEntity").cloned() {
                flatten(entity, things, depth - 1);
            }
            things.push(Value::Object(object));
        }
        _ => {}
    }
}

/// How likely a thing is to be what the page is about.
fn rank(thing: &Value) -> u8 {
    let is = |test: fn(&str) -> bool| match thing.get("@type") {
        Some(Value::String(name)) => test(local(name)),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(|name| test(local(name))),
        _ => false,
    };
    if is(|name| name.ends_with("Article") || name.ends_with("Posting") || name == "Report") {
        3
    } else if is(|name| {
        matches!(
            name,
            "Recipe"
                | "Event"
                | "Review"
                | "VideoObject"
                | "PodcastEpisode"
                | "Book"
                | "Course"
                | "Question"
                | "Product"
                | "CreativeWork"
                | "Dataset"
                | "SoftwareApplication"
                | "HowTo"
                | "Movie"
                | "Episode"
        )
    }) {
        2
    } else {
        u8::from(is(|name| matches!(name, "WebPage" | "ItemPage" | "AboutPage")))
    }
}

/// `http://schema.org/NewsArticle` is a `NewsArticle`.
fn local(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use crate::page::Document;
    use crate::weburl::WebUrl;

    fn things(json: &str) -> Document {
        let html = format!("<script type='application/ld+json'>{json}</script>");
        Document::parse(&html, WebUrl::parse("https://a.example/").unwrap()).unwrap()
    }

    #[test]
    fn the_article_is_found_in_a_graph() {
        let page = things(
            r#"{"@context":"https://schema.org","@graph":[
                {"@type":"WebSite","name":"The site"},
                {"@type":["NewsArticle","Thing"],"headline":"Goose escapes","author":[{"@type":"Person","name":"Ada"},"Bo"],
                 "image":{"@type":"ImageObject","url":"/goose.jpg"}}]}"#,
        );
        assert_eq!(page.things().get("headline", false), ["Goose escapes"]);
        assert_eq!(page.things().get("author", false), ["Ada", "Bo"]);
        let page = things(r#"{"@type":"Article","author":{"@type":"Person","name":["Ada","Bo"],"url":"/staff"}}"#);
        assert_eq!(page.things().get("author", false), ["Ada", "Bo"]);
    }

    #[test]
    fn nested_things_are_read_by_path() {
        let page = things(
            r#"[{"@type":"WebSite","name":"The site"},{"@type":"NewsArticle","headline":"Goose escapes",
                 "author":[{"@type":"Person","name":"Ada"},"Bo"],"image":{"@type":"ImageObject","url":"/goose.jpg"}}]"#,
        );
        assert_eq!(page.things().get("author.name", false), ["Ada"]);
        assert_eq!(page.things().get("image", true), ["/goose.jpg"]);
        assert_eq!(page.things().get("name", false), ["The site"]);
        assert!(page.things().of_article("name", false).is_empty());
    }

    #[test]
    fn references_lead_to_what_they_mean() {
        let page = things(
            r##"{"@context":"https://schema.org","@graph":[
                {"@type":"Article","headline":"Goose","author":{"@id":"#ada"},"image":{"@type":"ImageObject","@id":"#photo"},
                 "publisher":{"@id":"#gone"},"mainEntityOfPage":{"@type":"WebPage","@id":"https://a.example/goose"}},
                {"@type":"Person","@id":"#ada","name":"Ada"},
                {"@type":"ImageObject","@id":"#photo","url":"/goose.jpg"}]}"##,
        );
        assert_eq!(page.things().get("author", false), ["Ada"]);
        assert_eq!(page.things().get("author.name", false), ["Ada"]);
        assert_eq!(page.things().get("image", true), ["/goose.jpg"]);
        assert!(page.things().of_article("publisher", false).is_empty());
        // A name within the data is no address, even where an address is wanted.
        assert!(page.things().of_article("publisher", true).is_empty());
        assert_eq!(page.things().get("mainEntityOfPage", false), ["https://a.example/goose"]);
    }

    #[test]
    fn broken_json_is_repaired_or_ignored() {
        assert_eq!(
            things("<!-- {\"@type\":\"Article\",\"headline\":\"a\n b\"} -->").things().get("headline", false),
            ["a  b"]
        );
        assert!(things("{ not json").things().get("headline", false).is_empty());
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(things(&deep).things().get("headline", false).is_empty());
    }
}
