//! Microformats (microformats.org): posts that a page marks by classes, as things in schema.org's words. `h-entry` and the
//! old `hentry` that themes of blogs still have.

use scraper::ElementRef;
use serde_json::{Map, Value};

use super::allowance::{Allowance, most};
use super::attribute;
use super::text::line_start;
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

/// The posts within `top`, or the post that it is, in the order of the page, as far as `allowance` reaches.
pub(super) fn things(top: ElementRef<'_>, allowance: &Allowance) -> Vec<Value> {
    let posts = top.descendent_elements().take_while(|_| allowance.spend(1));
    let posts = posts.filter(|element| is_post(*element) && !is_within(*element, top));
    posts.take(limits::LISTING_ROWS).map(|post| thing(post, allowance)).collect()
}

fn classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    // Not `Element::classes`, which makes an atom of each.
    attribute(element.value(), "class").into_iter().flat_map(str::split_ascii_whitespace)
}

fn is_post(element: ElementRef<'_>) -> bool {
    classes(element).any(|class| matches!(class, "h-entry" | "hentry"))
}

/// Whether it is a post within a post: a comment, a quotation.
fn is_within(element: ElementRef<'_>, top: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap);
    element != top && around.take_while(|outer| outer.id() != top.id()).chain([top]).any(is_post)
}

fn thing(post: ElementRef<'_>, allowance: &Allowance) -> Value {
    let is_new = classes(post).any(|class| class == "h-entry");
    let mut object = Map::from_iter([("@type".to_owned(), Value::from("BlogPosting"))]);
    let mut open: Vec<ElementRef<'_>> = post.child_elements().collect();
    open.reverse();
    while let Some(element) = open.pop().filter(|_| allowance.spend(1)) {
        let mut is_foreign = false;
        for class in classes(element) {
            // In the new format the bare words are nobody's.
            let is_known = class.contains('-') && !class.starts_with("entry-") || !is_new;
            if let Some((_, name, kind)) = PROPERTIES.iter().find(|(known, ..)| *known == class && is_known) {
                add(&mut object, name, || value(element, name, kind, allowance));
            }
            is_foreign |= class.starts_with("h-") || class == "hentry" || class == "vcard";
        }
        if attribute(element.value(), "rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "bookmark"))
        {
            add(&mut object, "url", || value(element, "url", "address", allowance));
        }
        if !is_foreign {
            open.extend(element.child_elements().collect::<Vec<_>>().into_iter().rev());
        }
    }
    Value::Object(object)
}

/// Adds the first of each, but all authors and categories. What is not wanted is not read.
fn add(object: &mut Map<String, Value>, name: &str, value: impl FnOnce() -> Option<Value>) {
    let is_many = matches!(name, "author" | "articleSection");
    let is_wanted = object.get(name).is_none_or(|known| known.as_array().is_some_and(|all| all.len() < limits::VALUES));
    let Some(value) = is_wanted.then(value).flatten() else { return };
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), if is_many { Value::Array(vec![value]) } else { value });
        }
        Some(Value::Array(values)) if !values.contains(&value) => values.push(value),
        Some(_) => {}
    }
}

/// What an element says of the property `property`, read as its `kind` is.
fn value(element: ElementRef<'_>, property: &str, kind: &str, allowance: &Allowance) -> Option<Value> {
    let stated = match (kind, element.value().name()) {
        ("date", "time" | "ins" | "del") => element.attr("datetime"),
        ("address", "a" | "area" | "link") => element.attr("href"),
        ("address", "img" | "audio" | "video" | "source") => element.attr("data-src").or_else(|| element.attr("src")),
        ("text", "img") => element.attr("alt"),
        (_, "abbr") => element.attr("title"),
        (_, "data") => element.attr("value"),
        _ => None,
    };
    // A card within (`h-card`, `vcard`) has the name apart from the rest.
    let is_name = |inner: &ElementRef<'_>| classes(*inner).any(|class| matches!(class, "p-name" | "fn"));
    let card = || element.descendent_elements().skip(1).take_while(|_| allowance.spend(1)).find(is_name);
    let named = || if kind == "text" { card() } else { None };
    let value = match stated {
        Some(stated) => allowance.stated(property, stated)?,
        None => line_start(named().unwrap_or(element), most(property), allowance),
    };
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
        things(document.root(), &Allowance::default())
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
