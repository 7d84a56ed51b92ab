//! Microdata (HTML, section 5): things that a page's own elements describe, mostly in schema.org's words.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::{Map, Value};

use super::allowance::{Allowance, most};
use super::attribute;
use super::text::line_start;
use crate::limits;

/// Levels of nesting of things within things.
const DEPTH: usize = 8;
/// Properties whose value is an address even where the element has a text, too.
const ADDRESSES: [&str; 7] = ["url", "mainEntityOfPage", "sameAs", "image", "thumbnailUrl", "contentUrl", "logo"];

/// The things that are described within `top`, or by it, in the order of the page, as far as `allowance` reaches.
pub(super) fn things(top: ElementRef<'_>, allowance: &Allowance) -> Vec<Value> {
    let mut things = Vec::new();
    let mut reading = Reading { top, read: HashSet::new(), ids: OnceCell::new(), allowance };
    for element in top.descendent_elements().take_while(|_| allowance.spend(1)) {
        let has = |name: &str| attribute(element.value(), name).is_some();
        let is_first = has("itemscope") && !has("itemprop");
        // A row may be the property of a thing around it (a list's `itemListElement`).
        let is_row = element == top && has("itemscope");
        if (is_first || is_row) && things.len() < limits::LISTING_ROWS {
            things.push(reading.thing(element, DEPTH));
        }
    }
    things
}

struct Reading<'a> {
    top: ElementRef<'a>,
    /// Each element tells something of one thing only, so that references in a circle come to an end.
    read: HashSet<NodeId>,
    ids: OnceCell<HashMap<&'a str, ElementRef<'a>>>,
    allowance: &'a Allowance,
}

impl<'a> Reading<'a> {
    fn thing(&mut self, scope: ElementRef<'a>, depth: usize) -> Value {
        let mut object = Map::new();
        if let Some(kind) = scope.attr("itemtype").and_then(|kinds| kinds.split_ascii_whitespace().next()) {
            object.extend(self.allowance.stated("@type", kind).map(|kind| ("@type".to_owned(), kind.into())));
        }
        if let Some(id) = scope.attr("itemid") {
            object.extend(self.allowance.stated("@id", id).map(|id| ("@id".to_owned(), id.into())));
        }
        self.read.insert(scope.id());
        let mut open: Vec<ElementRef<'a>> = children(scope);
        for id in scope.attr("itemref").into_iter().flat_map(str::split_ascii_whitespace).take(limits::VALUES) {
            open.extend(self.with_id(id));
        }
        open.reverse();
        while let Some(element) = open.pop() {
            if !self.read.insert(element.id()) || !self.allowance.spend(1) {
                continue;
            }
            let is_thing = attribute(element.value(), "itemscope").is_some();
            if let Some(names) = attribute(element.value(), "itemprop") {
                if is_thing && depth > 0 {
                    self.add_thing(&mut object, names, element, depth - 1);
                } else {
                    // A thing that is copied once too often on each level of many fills the memory.
                    let most = if is_thing { 2 } else { limits::VALUES };
                    for name in names.split_ascii_whitespace().take(most) {
                        add(&mut object, name, value_of(element, name, self.allowance));
                    }
                }
            }
            if !is_thing {
                open.extend(children(element).into_iter().rev());
            }
        }
        Value::Object(object)
    }

    /// Adds the thing that `element` is under the first two of its `names`. The second one's copy is paid for as the
    /// thing was: on each level of many, copies fill the memory.
    fn add_thing(&mut self, object: &mut Map<String, Value>, names: &str, element: ElementRef<'a>, depth: usize) {
        let before = self.allowance.left();
        let thing = self.thing(element, depth);
        let cost = before - self.allowance.left();
        let mut names = names.split_ascii_whitespace();
        let (first, second) = (names.next(), names.next().filter(|_| self.allowance.spend(cost)));
        for name in first.into_iter().chain(second) {
            add(object, name, thing.clone());
        }
    }

    fn with_id(&self, id: &str) -> Option<ElementRef<'a>> {
        let elements = || self.top.descendent_elements().filter_map(|element| Some((element.attr("id")?, element)));
        // Of two with the same id the first is meant.
        self.ids.get_or_init(|| elements().collect::<Vec<_>>().into_iter().rev().collect()).get(id).copied()
    }
}

fn children(element: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    element.child_elements().collect()
}

/// The last word of a property's full address.
fn short(name: &str) -> &str {
    name.rsplit(['/', '#']).next().unwrap_or(name)
}

/// Adds to what is known by that name. Full addresses of properties are shortened to their last word.
fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    let name = short(name);
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
/// as search engines have it. Nothing is left of it once the allowance is spent.
fn value_of(element: ElementRef<'_>, name: &str, allowance: &Allowance) -> Value {
    let attr = |attrs: &[&str]| {
        let value = attrs.iter().find_map(|attr| element.attr(attr)).filter(|value| !value.trim().is_empty());
        value.map(|value| allowance.stated(short(name), value))
    };
    let text = || match line_start(element, most(short(name)), allowance) {
        text if allowance.left() == 0 && text.is_empty() => Value::Null,
        text => text.into(),
    };
    if let Some(content) = attr(&["content"]) {
        return content.into();
    }
    match element.value().name() {
        "audio" | "embed" | "iframe" | "img" | "source" | "track" | "video" => {
            attr(&["data-src", "src"]).flatten().into()
        }
        "a" | "area" | "link" => match attr(&["href"]) {
            Some(href) if ADDRESSES.contains(&name) => href.into(),
            // `<a itemprop=author href=/ada>Ada</a>` names Ada, whatever the letter says.
            Some(href) => Map::from_iter([("name".to_owned(), text()), ("url".to_owned(), href.into())]).into(),
            None => text(),
        },
        "object" => attr(&["data"]).flatten().into(),
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
        things(document.root(), &Allowance::default())
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
