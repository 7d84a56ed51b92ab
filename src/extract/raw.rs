//! What a source yields, before it is refined: texts, with what they stood in.

use std::collections::HashSet;
use std::rc::Rc;

use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::Value;

use super::enclosures::Media;
use super::images;
use super::refine::first_group;
use crate::item::{Field, Kind};
use crate::limits;
use crate::page::{Document, JsonTree, TooMuchWork, XPathValue, line_within, plain};
use crate::rule::{Css, Extractor, Json, Source, Telling, XPath};
use crate::weburl::WebUrl;

/// A row of a listing.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its number in the listing, from 1.
    pub(super) number: usize,
    /// Where it stands.
    pub(super) at: At,
    /// All rows: what stands between two of them may belong to the first.
    pub(super) all: Rc<HashSet<NodeId>>,
}

/// Where a row stands.
#[derive(Clone, Debug)]
pub(super) enum At {
    /// It is an element of the page.
    Element(NodeId),
    /// It is a value in a JSON document: the document, and a pointer to the value (RFC 6901).
    Json(Rc<JsonTree>, String),
}

/// A value as a source yields it.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    /// The text. Of an element that is read as markup there is none yet: it is prepared first.
    pub(super) text: String,
    /// The element that it stood in.
    pub(super) node: Option<NodeId>,
    /// The element itself is the value.
    pub(super) is_element: bool,
    /// The text is markup.
    pub(super) is_markup: bool,
    /// What stands beside an address.
    pub(super) media: Media,
}

/// From where a field is read.
pub(super) struct Whence<'a> {
    pub(super) document: &'a Document,
    /// The row; `None`: the whole page.
    pub(super) row: Option<&'a Row>,
    /// The item's link, for `url` sources.
    pub(super) link: Option<&'a WebUrl>,
}

impl<'a> Whence<'a> {
    /// What the extractor's source yields for `field`, in order.
    pub(super) fn raws(&self, field: Field, extractor: &Extractor) -> Result<Vec<Raw>, TooMuchWork> {
        let texts =
            |texts: Vec<String>| texts.into_iter().take(limits::VALUES).map(|text| stated(text, field, extractor));
        Ok(match &extractor.source {
            Source::Css(css) => self
                .css(css, most(field))
                .into_iter()
                .filter_map(|element| of_element(element, field, extractor))
                .collect(),
            Source::XPath(xpath) => self.xpath(xpath, field, extractor)?,
            Source::Json(json) => self.json(json, field, extractor)?,
            Source::Meta(name) => texts(self.document.meta(name).to_vec()).collect(),
            Source::JsonLd(path) => texts(self.thing(path, field.kind() == Kind::Link)).collect(),
            Source::Thing(telling, path) => texts(self.told_thing(*telling, path, field)).collect(),
            Source::Url(regex) => {
                let found = self.link.and_then(|link| first_group(regex, link.as_str()));
                found.map(|text| Raw { text: text.to_owned(), ..Raw::default() }).into_iter().collect()
            }
            Source::Text(text) => vec![stated(text.clone(), Field::Id, extractor)],
        })
    }

    /// The row's element; on an article, the page's.
    fn top(&self) -> Option<ElementRef<'a>> {
        match self.row.map(|row| &row.at) {
            Some(At::Element(id)) => self.document.element(*id),
            Some(At::Json(..)) => None,
            None => Some(self.document.root()),
        }
    }

    /// A property of what the row describes, else of what the page does: in JSON-LD or in its markup.
    fn thing(&self, path: &str, address: bool) -> Vec<String> {
        let row = self.row.and(self.top());
        let of_row = row.map(|row| self.document.marked(Some(row)).get(path, address)).unwrap_or_default();
        [of_row, self.document.things().get(path, address)]
            .into_iter()
            .find(|found| !found.is_empty())
            .unwrap_or_else(|| self.document.marked(None).get(path, address))
    }

    /// A property of the article that JSON-LD, or that the markup of the row or the page describes.
    fn told_thing(&self, telling: Telling, path: &str, field: Field) -> Vec<String> {
        let address = field.kind() == Kind::Link;
        match telling {
            Telling::JsonLd => self.document.things().get(path, address),
            Telling::Markup => {
                self.top().map(|top| self.document.marked(Some(top)).of_article(path, address)).unwrap_or_default()
            }
        }
    }

    fn css(&self, css: &Css, most: usize) -> Vec<ElementRef<'a>> {
        let Some(top) = self.top() else { return Vec::new() };
        if css.is_scope() {
            return vec![top];
        }
        let is_itself = css.names_scope() && css.compiled().matches_with_scope(&top, Some(top));
        if self.row.is_none() {
            return is_itself.then_some(top).into_iter().chain(self.document.select(css)).take(most).collect();
        }
        let within = is_itself.then_some(top).into_iter().chain(top.select(css.compiled()));
        let Some(row) = self.row.filter(|_| css.leaves_row()) else {
            return within.take(most).collect();
        };
        let after = top.next_siblings().filter_map(ElementRef::wrap);
        let until_next_row = after.take_while(|sibling| !row.all.contains(&sibling.id()));
        let below = until_next_row.flat_map(|sibling| sibling.descendent_elements());
        let beyond = below.filter(|element| css.compiled().matches_with_scope(element, Some(top)));
        within.chain(beyond).take(most).collect()
    }

    fn xpath(&self, xpath: &XPath, field: Field, extractor: &Extractor) -> Result<Vec<Raw>, TooMuchWork> {
        if matches!(self.row.map(|row| &row.at), Some(At::Json(..))) {
            return Ok(Vec::new());
        }
        let context = self.row.and(self.top()).map(|row| row.id());
        let raw = |value| match value {
            XPathValue::Element(id) => of_element(self.document.element(id)?, field, extractor),
            XPathValue::Attribute { of, name, value } => {
                let element = self.document.element(of)?;
                // As with `img @src`: the real address may stand elsewhere.
                let lazy = (field == Field::Image && name == "src").then(|| images::source(element.value())).flatten();
                of_text(&lazy.unwrap_or(value), Some(of), extractor)
            }
            XPathValue::Text(text) => of_text(&text, None, extractor),
        };
        Ok(self.document.xpath(xpath, context, most(field))?.into_iter().filter_map(raw).collect())
    }

    fn json(&self, json: &Json, field: Field, extractor: &Extractor) -> Result<Vec<Raw>, TooMuchWork> {
        let mut raws = Vec::new();
        let mut take =
            |values: Vec<&Value>| values.into_iter().for_each(|value| of_json(value, field, extractor, &mut raws));
        match (self.row.map(|row| &row.at), &json.script) {
            (Some(At::Json(tree, pointer)), None) => take(tree.get(pointer, &json.path, limits::VALUES)?),
            (None, None) if self.document.told().is_some() => {
                let told = self.document.told().map(|told| &told.tree);
                take(told.map(|tree| tree.get("", &json.path, limits::VALUES)).transpose()?.unwrap_or_default());
            }
            (row, _) => {
                let trees = self.document.embedded(json, row.and(self.top()));
                for tree in &trees {
                    let found = tree.get("", &json.path, limits::VALUES)?;
                    if !found.is_empty() {
                        take(found);
                        break;
                    }
                }
            }
        }
        raws.truncate(limits::VALUES);
        Ok(raws)
    }
}

/// How many elements one extractor yields at most.
fn most(field: Field) -> usize {
    if field.kind() == Kind::Html { limits::PIECES } else { limits::VALUES }
}

/// A text that the page states somewhere: markup and entities in it are read, unless markup is wanted.
fn stated(text: String, field: Field, extractor: &Extractor) -> Raw {
    let is_markup = extractor.refine.html == Some(true);
    let text = match field.kind() {
        _ if is_markup => text,
        // `&copy=1` in an address is no copyright sign.
        Kind::Link => text.trim().replace("&amp;", "&"),
        _ => plain(&text),
    };
    Raw { text, is_markup, ..Raw::default() }
}

/// A text node, an attribute or a number.
fn of_text(text: &str, node: Option<NodeId>, extractor: &Extractor) -> Option<Raw> {
    let text =
        if node.is_some() { text.trim().to_owned() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") };
    let is_markup = extractor.refine.html == Some(true);
    (!text.is_empty()).then(|| Raw { text, node, is_markup, ..Raw::default() })
}

/// An element as `field` wants it. Without `attr`, a link is the element's own address and a date its machine-readable
/// one.
fn of_element(element: ElementRef<'_>, field: Field, extractor: &Extractor) -> Option<Raw> {
    let node = Some(element.id());
    let refine = &extractor.refine;
    if field.kind() == Kind::Html && refine.html != Some(false) && refine.attr.is_none() {
        return Some(Raw { node, is_element: true, ..Raw::default() });
    }
    let value = element.value();
    let attr = |names: &[&str]| names.iter().find_map(|name| value.attr(name)).map(str::to_owned);
    let image = || images::source(value).or_else(|| images::of_picture(element));
    let text = match refine.attr.as_deref() {
        Some("src") if field == Field::Image => image(),
        Some(name) => attr(&[name]),
        None if refine.html == Some(true) => Some(element.inner_html()),
        None => match field.kind() {
            Kind::Link if value.name() == "img" => image(),
            Kind::Link => attr(&["href", "src", "content", "data-src"]),
            Kind::Date => attr(&["datetime", "content"]),
            Kind::Text | Kind::Html => attr(&["content"]).filter(|_| value.name() == "meta"),
        }
        .or_else(|| Some(line_within(element, limits::FIELD_BYTES + 1))),
    };
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
    Some(Raw { text, node, ..Raw::default() })
}

/// What nested things stand for, in this order.
const TELLING: [&str; 4] = ["name", "url", "contentUrl", "@value"];
/// The same where an address is wanted.
const ADDRESS: [&str; 5] = ["url", "href", "src", "contentUrl", "link"];

/// A JSON value as `field` wants it: a list is its members, an object what tells most of it.
fn of_json(value: &Value, field: Field, extractor: &Extractor, raws: &mut Vec<Raw>) {
    let is_html = field.kind() == Kind::Html && extractor.refine.html != Some(false);
    let mut push = |text: &str, media: Media| {
        let raw = if is_html {
            Raw { text: text.to_owned(), is_markup: true, ..Raw::default() }
        } else {
            stated(text.to_owned(), field, extractor)
        };
        raws.extend((!raw.text.trim().is_empty()).then_some(Raw { media, ..raw }));
    };
    match value {
        Value::String(text) => push(text, Media::default()),
        Value::Number(number) => push(&number.to_string(), Media::default()),
        Value::Bool(truth) => push(if *truth { "true" } else { "false" }, Media::default()),
        Value::Array(values) => {
            for value in values.iter().take(limits::VALUES) {
                // Lists of lists are no field's value.
                if !value.is_array() {
                    of_json(value, field, extractor, raws);
                }
            }
        }
        Value::Object(object) => {
            let keys = if field.kind() == Kind::Link { &ADDRESS[..] } else { &TELLING[..] };
            if let Some(text) = keys.iter().find_map(|key| object.get(*key)?.as_str()) {
                push(text, Media::of_object(value));
            }
        }
        Value::Null => {}
    }
}
