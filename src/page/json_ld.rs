//! The JSON-LD of a page (`<script type="application/ld+json">`, schema.org's words).

use std::sync::LazyLock;

use scraper::{ElementRef, Selector};
use serde_json::Value;

use super::embedded::parse;
use crate::limits;

/// Levels of nesting that are looked into.
const DEPTH: usize = 16;

/// What a nested thing stands for, in this order.
const TELLING: [&str; 4] = ["name", "url", "contentUrl", "@value"];

/// The things that a page's JSON-LD describes, the one that the page is about first.
#[derive(Debug, Default)]
pub struct Things(Vec<Value>);

impl Things {
    pub(super) fn of(root: ElementRef<'_>) -> Self {
        static SCRIPT: LazyLock<Option<Selector>> =
            LazyLock::new(|| Selector::parse("script[type^='application/ld+json' i]").ok());
        let mut things = Vec::new();
        let Some(selector) = SCRIPT.as_ref() else { return Self::default() };
        let mut left = limits::JSON_LD_BYTES;
        for script in root.select(selector) {
            let json: String = script.text().collect();
            let Some(rest) = left.checked_sub(json.len()) else { break };
            left = rest;
            if let Some(value) = parse(&json) {
                flatten(value, &mut things, DEPTH);
            }
        }
        // Stable: of equally telling things the page's first comes first.
        things.sort_by_key(|thing| std::cmp::Reverse(rank(thing)));
        Self(things)
    }

    /// The texts at `path` (dots lead into nested things) of the first thing that has any. A nested thing stands for
    /// its `name`, an image or a page for its address.
    pub fn get(&self, path: &str) -> Vec<String> {
        self.0.iter().map(|thing| self.texts_at(thing, path)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Like [`Things::get`], but only of things that articles are marked up as.
    pub fn of_article(&self, path: &str) -> Vec<String> {
        let Some(thing) = self.0.first().filter(|thing| rank(thing) > 1) else { return Vec::new() };
        self.texts_at(thing, path)
    }

    fn texts_at(&self, thing: &Value, path: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.descend(thing, path, &mut found);
        found
    }

    fn descend(&self, value: &Value, path: &str, found: &mut Vec<String>) {
        if let Value::Array(values) = value {
            values.iter().take(limits::VALUES).for_each(|value| self.descend(value, path, found));
            return;
        }
        let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
        match (self.meant(value).get(step), rest) {
            (Some(inner), Some(rest)) => self.descend(inner, rest, found),
            (Some(inner), None) => self.texts(inner, found),
            (None, _) => {}
        }
    }

    fn texts(&self, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if !text.trim().is_empty() => found.push(text.clone()),
            Value::Number(number) => found.push(number.to_string()),
            Value::Array(values) => values.iter().take(limits::VALUES).for_each(|value| self.texts(value, found)),
            Value::Object(object) => {
                let meant = self.meant(value);
                // One thing with several names is several, as in `"author": {"name": ["Ada", "Bo"]}`.
                if let Some(names @ Value::Array(_)) = meant.get("name") {
                    return self.texts(names, found);
                }
                // An address of the data alone is a name within it, and leads nowhere.
                let address = object.get("@id").filter(|_| object.len() > 1);
                let text = TELLING.iter().find_map(|key| meant.get(key)?.as_str()).or(address.and_then(Value::as_str));
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
        assert_eq!(page.things().get("headline"), ["Goose escapes"]);
        assert_eq!(page.things().get("author"), ["Ada", "Bo"]);
        let page = things(r#"{"@type":"Article","author":{"@type":"Person","name":["Ada","Bo"],"url":"/staff"}}"#);
        assert_eq!(page.things().get("author"), ["Ada", "Bo"]);
    }

    #[test]
    fn nested_things_are_read_by_path() {
        let page = things(
            r#"[{"@type":"WebSite","name":"The site"},{"@type":"NewsArticle","headline":"Goose escapes",
                 "author":[{"@type":"Person","name":"Ada"},"Bo"],"image":{"@type":"ImageObject","url":"/goose.jpg"}}]"#,
        );
        assert_eq!(page.things().get("author.name"), ["Ada"]);
        assert_eq!(page.things().get("image"), ["/goose.jpg"]);
        assert_eq!(page.things().get("name"), ["The site"]);
        assert!(page.things().of_article("name").is_empty());
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
        assert_eq!(page.things().get("author"), ["Ada"]);
        assert_eq!(page.things().get("author.name"), ["Ada"]);
        assert_eq!(page.things().get("image"), ["/goose.jpg"]);
        assert!(page.things().of_article("publisher").is_empty());
        assert_eq!(page.things().get("mainEntityOfPage"), ["https://a.example/goose"]);
    }

    #[test]
    fn broken_json_is_repaired_or_ignored() {
        assert_eq!(
            things("<!-- {\"@type\":\"Article\",\"headline\":\"a\n b\"} -->").things().get("headline"),
            ["a  b"]
        );
        assert!(things("{ not json").things().get("headline").is_empty());
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(things(&deep).things().get("headline").is_empty());
    }
}
