//! Microdata (HTML, section 5): things that a page's own elements describe, mostly in schema.org's words.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::{Map, Value};

use super::text::line_text;
use crate::limits;

/// Levels of nesting of things within things.
const DEPTH: usize = 8;
/// Properties whose value is an address even where the element has a text, too.
const ADDRESSES: [&str; 7] = ["url", "mainEntityOfPage", "sameAs", "image", "thumbnailUrl", "contentUrl", "logo"];

/// The things that are described within `top`, or by it, in the order of the page.
pub(super) fn things(top: ElementRef<'_>) -> Vec<Value> {
    let mut things = Vec::new();
    let mut read = HashSet::new();
    for element in top.descendent_elements() {
        let is_first = element.attr("itemscope").is_some() && element.attr("itemprop").is_none();
        // A row may be the property of a thing around it (a list's `itemListElement`).
        let is_row = element == top && element.attr("itemscope").is_some();
        if (is_first || is_row) && things.len() < limits::LISTING_ROWS {
            things.push(thing(element, top, DEPTH, &mut read));
        }
    }
    things
}

/// One thing. Each element tells something of one thing only, so that references in a circle come to an end.
fn thing(scope: ElementRef<'_>, top: ElementRef<'_>, depth: usize, read: &mut HashSet<NodeId>) -> Value {
    let mut object = Map::new();
    if let Some(kind) = scope.attr("itemtype").and_then(|kinds| kinds.split_ascii_whitespace().next()) {
        object.insert("@type".to_owned(), kind.into());
    }
    if let Some(id) = scope.attr("itemid") {
        object.insert("@id".to_owned(), id.trim().into());
    }
    read.insert(scope.id());
    let mut open: Vec<ElementRef<'_>> = children(scope);
    for id in scope.attr("itemref").into_iter().flat_map(str::split_ascii_whitespace).take(limits::VALUES) {
        open.extend(top.descendent_elements().find(|element| element.attr("id") == Some(id)));
    }
    open.reverse();
    while let Some(element) = open.pop() {
        if !read.insert(element.id()) {
            continue;
        }
        let is_thing = element.attr("itemscope").is_some();
        if let Some(names) = element.attr("itemprop") {
            let value = if is_thing && depth > 0 { thing(element, top, depth - 1, read) } else { Value::Null };
            for name in names.split_ascii_whitespace() {
                let value = if value.is_null() { value_of(element, name) } else { value.clone() };
                add(&mut object, name, value);
            }
        }
        if !is_thing {
            open.extend(children(element).into_iter().rev());
        }
    }
    Value::Object(object)
}

fn children(element: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    element.child_elements().collect()
}

/// Adds to what is known by that name. Full addresses of properties are shortened to their last word.
fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    let name = name.rsplit(['/', '#']).next().unwrap_or(name);
    match object.get_mut(name) {
        _ if value.is_null() => {}
        Some(Value::Array(values)) if values.len() < limits::VALUES => values.push(value),
        Some(Value::Array(_)) => {}
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None => {
            object.insert(name.to_owned(), value);
        }
    }
}

/// What an element says: an attribute, according to its kind, or its text. A `content` attribute counts on any element,
/// as search engines have it.
fn value_of(element: ElementRef<'_>, name: &str) -> Value {
    let attr = |names: &[&str]| {
        names.iter().find_map(|name| element.attr(name)).map(str::trim).filter(|value| !value.is_empty())
    };
    let text = || Value::from(line_text(element));
    if let Some(content) = attr(&["content"]) {
        return content.into();
    }
    match element.value().name() {
        "audio" | "embed" | "iframe" | "img" | "source" | "track" | "video" => attr(&["data-src", "src"]).into(),
        "a" | "area" | "link" => match attr(&["href"]) {
            Some(href) if ADDRESSES.contains(&name) => href.into(),
            // `<a itemprop=author href=/ada>Ada</a>` names Ada, whatever the letter says.
            Some(href) => Map::from_iter([("name".to_owned(), text()), ("url".to_owned(), href.into())]).into(),
            None => text(),
        },
        "object" => attr(&["data"]).into(),
        "data" | "meter" => attr(&["value"]).map_or_else(text, Value::from),
        "time" => attr(&["datetime"]).map_or_else(text, Value::from),
        _ => text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Document;
    use crate::weburl::WebUrl;
    use serde_json::json;

    fn read(html: &str) -> Vec<Value> {
        let document = Document::parse(html, WebUrl::parse("https://a.example/").unwrap()).unwrap();
        things(document.root())
    }

    #[test]
    fn an_article_with_its_author() {
        let found = read(
            "<article itemscope itemtype='https://schema.org/NewsArticle' itemref=far><h1 itemprop='headline name'>A <b>goose</b></h1>
            <time itemprop=datePublished datetime=2026-11-02>today</time><meta itemprop=dateModified content=2026-11-03>
            <p itemprop=author itemscope itemtype='https://schema.org/Person'><a itemprop=name href=/ada>Ada</a></p>
            <img itemprop=image src=/i.jpg><a itemprop=url href=/goose>more</a><div><i itemprop=keywords>a</i><i itemprop=keywords>b</i></div></article>
            <p id=far><span itemprop=articleSection>Geese</span></p>",
        );
        assert_eq!(
            found,
            [
                json!({"@type": "https://schema.org/NewsArticle", "headline": "A goose", "name": "A goose", "datePublished": "2026-11-02",
                "dateModified": "2026-11-03", "author": {"@type": "https://schema.org/Person", "name": {"name": "Ada", "url": "/ada"}},
                "image": "/i.jpg", "url": "/goose", "keywords": ["a", "b"], "articleSection": "Geese"})
            ]
        );
    }

    #[test]
    fn circles_and_depths_come_to_an_end() {
        read("<div itemscope id=a itemref='a b'><p itemprop=x id=b itemscope itemref=a></p></div>");
        let deep = "<div itemscope itemprop=x>".repeat(400);
        assert!(read(&format!("<div itemscope>{deep}")).len() == 1);
        let wide = "<p itemscope itemref='a a a a'>".repeat(1_000);
        assert_eq!(read(&format!("{wide}<p id=a itemprop=x>")).len(), limits::LISTING_ROWS);
    }
}
