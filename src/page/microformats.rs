//! Microformats (microformats.org): posts that a page marks by classes, as things in schema.org's words. `h-entry` and the
//! old `hentry` that themes of blogs still have.

use scraper::ElementRef;
use serde_json::{Map, Value};

use super::text::line_text;
use crate::limits;

/// What a class says about a post: its name in both formats, and schema.org's. The letter before the name says how the
/// value is read.
const PROPERTIES: [(&str, &str, &str); 16] = [
    ("p-name", "headline", "text"),
    ("entry-title", "headline", "text"),
    ("p-summary", "description", "text"),
    ("entry-summary", "description", "text"),
    ("e-content", "articleBody", "text"),
    ("entry-content", "articleBody", "text"),
    ("dt-published", "datePublished", "date"),
    ("published", "datePublished", "date"),
    ("dt-updated", "dateModified", "date"),
    ("updated", "dateModified", "date"),
    ("p-author", "author", "text"),
    ("author", "author", "text"),
    ("p-category", "articleSection", "text"),
    ("u-url", "url", "address"),
    ("u-photo", "image", "address"),
    ("u-featured", "image", "address"),
];

/// The posts within `top`, or the post that it is, in the order of the page.
pub(super) fn things(top: ElementRef<'_>) -> Vec<Value> {
    let posts = top.descendent_elements().filter(|element| is_post(*element) && !is_within(*element, top));
    posts.take(limits::LISTING_ROWS).map(thing).collect()
}

fn classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    element.value().classes()
}

fn is_post(element: ElementRef<'_>) -> bool {
    classes(element).any(|class| matches!(class, "h-entry" | "hentry"))
}

/// Whether it is a post within a post: a comment, a quotation.
fn is_within(element: ElementRef<'_>, top: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap);
    element != top && around.take_while(|outer| outer.id() != top.id()).chain([top]).any(is_post)
}

fn thing(post: ElementRef<'_>) -> Value {
    let is_new = classes(post).any(|class| class == "h-entry");
    let mut object = Map::from_iter([("@type".to_owned(), Value::from("BlogPosting"))]);
    let mut open: Vec<ElementRef<'_>> = post.child_elements().collect();
    open.reverse();
    while let Some(element) = open.pop() {
        let mut is_foreign = false;
        for class in classes(element) {
            // In the new format the bare words are nobody's.
            let is_known = class.contains('-') && !class.starts_with("entry-") || !is_new;
            if let Some((_, name, kind)) = PROPERTIES.iter().find(|(known, ..)| *known == class && is_known) {
                add(&mut object, name, value(element, kind));
            }
            is_foreign |= class.starts_with("h-") || class == "hentry" || class == "vcard";
        }
        if element.attr("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "bookmark")) {
            add(&mut object, "url", value(element, "address"));
        }
        if !is_foreign {
            open.extend(element.child_elements().collect::<Vec<_>>().into_iter().rev());
        }
    }
    Value::Object(object)
}

/// The first of each, but of authors and categories.
fn add(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    let Some(value) = value else { return };
    let is_many = matches!(name, "author" | "articleSection");
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), if is_many { Value::Array(vec![value]) } else { value });
        }
        Some(Value::Array(values)) if values.len() < limits::VALUES && !values.contains(&value) => values.push(value),
        Some(_) => {}
    }
}

fn value(element: ElementRef<'_>, kind: &str) -> Option<Value> {
    let name = element.value().name();
    let stated = match (kind, name) {
        ("date", "time" | "ins" | "del") => element.attr("datetime"),
        ("address", "a" | "area" | "link") => element.attr("href"),
        ("address", "img" | "audio" | "video" | "source") => element.attr("data-src").or_else(|| element.attr("src")),
        ("text", "img") => element.attr("alt"),
        (_, "abbr") => element.attr("title"),
        (_, "data") => element.attr("value"),
        _ => None,
    };
    // A card within (`h-card`, `vcard`) has the name apart from the rest.
    let card =
        || element.descendent_elements().skip(1).find(|inner| classes(*inner).any(|c| matches!(c, "p-name" | "fn")));
    let text = || line_text(card().filter(|_| kind == "text").unwrap_or(element));
    let value = stated.map_or_else(text, |stated| stated.trim().to_owned());
    (!value.is_empty()).then(|| value.into())
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
    fn posts_in_both_formats() {
        let new = read(
            "<div class=h-feed><article class='h-entry post'><h2 class=p-name>A goose</h2><a class=u-url href=/goose>#</a>
            <time class=dt-published datetime=2026-11-02>x</time><span class='p-author h-card'><img alt=i><b class=p-name>Ada</b></span>
            <i class=p-category>a</i><i class=p-category>b</i><div class=published>never</div><p class='h-entry'><b class=p-name>comment</b></p></article></div>",
        );
        assert_eq!(
            new,
            [
                json!({"@type": "BlogPosting", "headline": "A goose", "url": "/goose", "datePublished": "2026-11-02", "author": ["Ada"],
                "articleSection": ["a", "b"]})
            ]
        );
        let old = read(
            "<div class=hentry><h2 class=entry-title><a rel=bookmark href=/goose>A goose</a></h2><abbr class=published title=2026-11-02>x</abbr>
            <span class='author vcard'><a class=fn href=/ada>Ada</a></span><div class=entry-summary>s</div></div>",
        );
        assert_eq!(
            old,
            [
                json!({"@type": "BlogPosting", "headline": "A goose", "url": "/goose", "datePublished": "2026-11-02", "author": ["Ada"],
                "description": "s"})
            ]
        );
    }
}
