//! The rows of a listing: where they are, before anything is read from them.

use std::collections::HashSet;
use std::rc::Rc;

use ego_tree::NodeId;
use serde_json::Value;

use super::raw::{At, Row};
use crate::limits;
use crate::page::{Document, JsonTree, TooMuchWork, XPathValue};
use crate::report::Report;
use crate::rule::{Elements, Json, JsonPath, ListingRule, Rows};

/// The rows by the first way that finds any: of too many the newest, wherever the page has them.
pub(super) fn rows(document: &Document, rule: &ListingRule, report: &mut Report) -> Vec<Row> {
    let mut found = Vec::new();
    for way in &rule.item {
        match places(document, way) {
            Ok(places) => found = places,
            Err(error) => report.note_once(None, format!("{way}: {error}")),
        }
        if !found.is_empty() {
            break;
        }
    }
    if let Some(told) = document.told().filter(|told| rule.item.is_empty() && told.is_a_feed()) {
        found = of_told(&told.tree, rule);
    }
    if rule.reverse {
        found.drain(..found.len().saturating_sub(limits::LISTING_ROWS));
    }
    found.truncate(limits::LISTING_ROWS);
    let elements = found.iter().filter_map(|at| if let At::Element(id) = at { Some(*id) } else { None });
    let all: Rc<HashSet<NodeId>> = Rc::new(elements.collect());
    found.into_iter().enumerate().map(|(index, at)| Row { number: index + 1, at, all: Rc::clone(&all) }).collect()
}

/// The rows of a feed or a sitemap. A sitemap lists everything: what the rule does not want must not crowd out the rest.
fn of_told(tree: &Rc<JsonTree>, rule: &ListingRule) -> Vec<At> {
    let items = tree.value.get("items").and_then(Value::as_array).into_iter().flatten().enumerate();
    let is_wanted = |item: &Value| match (&rule.link_pattern, item.get("link").and_then(Value::as_str)) {
        (Some(pattern), Some(link)) => pattern.is_match(link),
        _ => true,
    };
    let wanted = items.filter(|(_, item)| is_wanted(item));
    wanted.map(|(index, _)| At::Json(Rc::clone(tree), format!("/items/{index}"))).collect()
}

/// Whether the container is there, empty or not.
pub(super) fn stands(document: &Document, container: &Rows) -> bool {
    match container {
        // An empty list has no rows, and is there.
        Rows::Json(json) => {
            trees(document, json).iter().any(|tree| tree.find(&json.path, 1).is_ok_and(|at| !at.is_empty()))
        }
        Rows::Elements(_) => places(document, container).is_ok_and(|places| !places.is_empty()),
    }
}

/// Whether the rows of a page are looked for in its JSON alone, and that does not have even the list that they would be in.
pub(super) fn are_displaced(document: &Document, rule: &ListingRule) -> bool {
    let lacks = |way: &Rows| {
        let Rows::Json(json) = way else { return false };
        let written = json.path.as_str();
        let end = ["[*]", "[?"].into_iter().filter_map(|members| written.rfind(members)).max();
        let list = end.and_then(|end| JsonPath::parse(written.get(..end)?).ok()).unwrap_or_else(|| json.path.clone());
        !stands(document, &Rows::Json(Json { path: list, ..json.clone() }))
    };
    document.told().is_none() && !rule.item.is_empty() && rule.item.iter().all(lacks)
}

/// The elements that are meant.
pub(super) fn elements(document: &Document, what: &Elements) -> Result<Vec<NodeId>, TooMuchWork> {
    Ok(match what {
        Elements::Css(css) => document.select(css).map(|element| element.id()).collect(),
        Elements::XPath(xpath) => {
            let values = document.xpath(xpath, None, limits::DOCUMENT_NODES)?.into_iter();
            values.filter_map(|value| if let XPathValue::Element(id) = value { Some(id) } else { None }).collect()
        }
    })
}

fn places(document: &Document, way: &Rows) -> Result<Vec<At>, TooMuchWork> {
    match way {
        Rows::Elements(what) => Ok(elements(document, what)?.into_iter().map(At::Element).collect()),
        Rows::Json(json) => {
            for tree in trees(document, json) {
                let found = values(&tree, json)?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            Ok(Vec::new())
        }
    }
}

fn trees(document: &Document, json: &Json) -> Vec<Rc<JsonTree>> {
    match document.told() {
        Some(told) => vec![Rc::clone(&told.tree)],
        None => document.embedded(json, None),
    }
}

/// The values that are rows. Who names the list means what is in it.
fn values(tree: &Rc<JsonTree>, json: &Json) -> Result<Vec<At>, TooMuchWork> {
    let mut pointers = tree.find(&json.path, limits::JSON_ROWS)?;
    if let [only] = pointers.as_slice()
        && let Some(list) = tree.value.pointer(only).and_then(Value::as_array)
    {
        pointers = (0..list.len().min(limits::JSON_ROWS)).map(|index| format!("{only}/{index}")).collect();
    }
    Ok(pointers.into_iter().map(|pointer| At::Json(Rc::clone(tree), pointer)).collect())
}
