//! Where a document of JSON has lists: what stands in its arrays, and in maps that are used as such.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use crate::limits;

/// Rows of a list at least: two of anything may be chance.
pub(super) const FEWEST: usize = 3;

/// Kinds of things that are told apart among the members of one array.
const KINDS: usize = 16;

/// What things in JSON call their kind: JSON-LD, GraphQL.
const KIND: [&str; 2] = ["@type", "__typename"];

/// Lists of what no article is: the way to a page, and menus.
const MENUS: [&str; 2] = ["BreadcrumbList", "SiteNavigationElement"];

/// A list.
pub(super) struct List<'v> {
    /// The expression that leads to its rows, or to the array of them.
    pub(super) path: String,
    pub(super) rows: Vec<&'v Value>,
    /// The kind of its rows, if they say it.
    pub(super) kind: Option<&'v str>,
}

/// All values that one expression leads to.
struct Place<'v> {
    path: String,
    values: Vec<&'v Value>,
    depth: usize,
}

/// Every list of objects, those that lie less deep first. Each value is at one place, or two where kinds are told apart.
pub(super) fn lists(root: &Value) -> Vec<List<'_>> {
    let mut found = Vec::new();
    let mut open = VecDeque::from([Place { path: "$".to_owned(), values: vec![root], depth: 0 }]);
    let mut left = limits::JSON_PLACES;
    while let Some(place) = open.pop_front() {
        if place.depth > limits::JSON_LIST_DEPTH || found.len() >= limits::JSON_LISTS || left == 0 {
            continue;
        }
        left -= 1;
        let (members, fields) = place.opened();
        if !members.is_empty() {
            place.list(&members, &mut found);
            open.extend(place.among(members));
        }
        open.extend(fields.into_iter().map(|(key, values)| Place {
            path: step(&place.path, key),
            values,
            depth: place.depth + 1,
        }));
    }
    found.truncate(limits::JSON_LISTS);
    found
}

impl<'v> Place<'v> {
    /// What is in its arrays and maps, and what is in the fields of its objects.
    fn opened(&self) -> (Vec<&'v Value>, BTreeMap<&'v str, Vec<&'v Value>>) {
        let (mut members, mut fields): (_, BTreeMap<&str, Vec<&Value>>) = (Vec::new(), BTreeMap::new());
        for value in &self.values {
            match value {
                Value::Array(inner) => members.extend(inner.iter().filter(|value| holds_values(value))),
                Value::Object(_) if kind_of(value).is_some_and(|kind| MENUS.contains(&kind)) => {}
                Value::Object(inner) if is_map(inner) => members.extend(inner.values()),
                Value::Object(inner) => {
                    for (key, value) in inner.iter().filter(|(_, value)| holds_values(value)) {
                        fields.entry(key).or_default().push(value);
                    }
                }
                _ => {}
            }
        }
        (members, fields)
    }

    /// Whether it is one array, which can be named by itself.
    fn is_one(&self) -> bool {
        self.values.len() == 1 && self.values.iter().all(|value| value.is_array()) && !self.path.contains(['*', '?'])
    }

    /// Adds the lists that its members are: all of them, and those of each kind.
    fn list(&self, members: &[&'v Value], found: &mut Vec<List<'v>>) {
        let objects: Vec<&Value> = members.iter().copied().filter(|member| member.is_object()).collect();
        // What GraphQL calls edges has each row one step deeper.
        let nodes: Vec<&Value> = objects.iter().filter_map(|row| row.get("node")).collect();
        let (path, rows) = match objects.len() {
            all if all < FEWEST => return,
            all if all == nodes.len() => (format!("{}[*].node", self.path), nodes),
            _ if self.is_one() => (self.path.clone(), objects),
            _ => (format!("{}[*]", self.path), objects),
        };
        let kinds = kinds(&rows);
        let only = kinds.keys().next().copied().flatten().filter(|_| kinds.len() == 1);
        let is_menu = only.is_some_and(|kind| MENUS.contains(&kind));
        if !is_menu {
            found.push(List { path, rows: first(rows), kind: only });
        }
        for (kind, rows) in kinds.into_iter().filter(|_| only.is_none()) {
            let Some(kind) = kind.filter(|kind| rows.len() >= FEWEST && !MENUS.contains(kind)) else { continue };
            let path = self.of_kind(kind, &rows);
            found.push(List { path, rows: first(rows), kind: Some(kind) });
        }
    }

    /// The places where its members go on; of several kinds each is a place of its own.
    fn among(&self, members: Vec<&'v Value>) -> Vec<Self> {
        let depth = self.depth + 1;
        let kinds = kinds(&members);
        if kinds.len() == 1 {
            return vec![Self { path: format!("{}[*]", self.path), values: members, depth }];
        }
        let of_kind = |(kind, values): (Option<&str>, Vec<&'v Value>)| {
            let path = kind.map_or_else(|| format!("{}[*]", self.path), |kind| self.of_kind(kind, &values));
            Self { path, values, depth }
        };
        kinds.into_iter().map(of_kind).collect()
    }

    fn of_kind(&self, kind: &str, rows: &[&Value]) -> String {
        let names = KIND.iter().find(|name| rows.first().is_some_and(|row| row.get(**name).is_some()));
        let name = names.map_or_else(String::new, |name| step("@", name));
        format!("{}[?{name}=={}]", self.path, quoted(kind))
    }
}

/// As many rows as a listing may have.
fn first<T>(mut rows: Vec<T>) -> Vec<T> {
    rows.truncate(limits::LISTING_ROWS);
    rows
}

fn holds_values(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Values by what they say of their kind. Of more kinds than a page has, none is told apart.
fn kinds<'v>(values: &[&'v Value]) -> BTreeMap<Option<&'v str>, Vec<&'v Value>> {
    let mut kinds: BTreeMap<Option<&str>, Vec<&Value>> = BTreeMap::new();
    for value in values {
        kinds.entry(kind_of(value)).or_default().push(value);
    }
    if kinds.len() > KINDS {
        return BTreeMap::from([(None, values.to_vec())]);
    }
    kinds
}

fn kind_of(value: &Value) -> Option<&str> {
    KIND.iter().find_map(|name| value.get(name)?.as_str())
}

/// Whether an object is a list whose members have names: states keep things by their ids.
fn is_map(object: &serde_json::Map<String, Value>) -> bool {
    let Some(Value::Object(first)) = object.values().next() else { return false };
    if object.len() < FEWEST || first.is_empty() {
        return false;
    }
    let is_alike = |value: &Value| {
        let Value::Object(other) = value else { return false };
        let common = first.keys().take(limits::VALUES).filter(|key| other.contains_key(*key)).count();
        kind_of(value).is_some() || common * 2 > first.len().min(limits::VALUES)
    };
    object.values().take(limits::LISTING_ROWS).all(is_alike)
}

/// A step of JSONPath (RFC 9535).
pub(super) fn step(path: &str, key: &str) -> String {
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { format!("{path}.{key}") } else { format!("{path}[{}]", quoted(key)) }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rule::JsonPath;

    /// The lists of a document, each with the number of its rows, which its expression must find, too.
    fn found(value: &Value) -> Vec<(String, usize)> {
        let counted = |list: List<'_>| {
            let path = JsonPath::parse(&list.path).unwrap();
            let found = path.compiled().query(value).all();
            let only = found.as_slice().first().filter(|_| found.len() == 1).and_then(|only| only.as_array());
            assert_eq!(only.map_or(found.len(), Vec::len), list.rows.len(), "{}", list.path);
            (list.path, list.rows.len())
        };
        lists(value).into_iter().map(counted).collect()
    }

    fn rows(key: &str, count: usize) -> Vec<Value> {
        (0..count).map(|n| json!({ key: n })).collect()
    }

    #[test]
    fn lists_may_lie_in_lists_and_in_maps() {
        let sections = json!({ "sections": [{ "posts": rows("a", 2) }, { "posts": rows("a", 3) }, { "name": "x" }] });
        assert_eq!(found(&sections), [("$.sections".to_owned(), 3), ("$.sections[*].posts[*]".to_owned(), 5)]);
        let by_id = json!({ "by": { "7": { "t": 1, "u": 2 }, "8": { "t": 1, "u": 2 }, "9": { "t": 1, "u": 2 } } });
        assert_eq!(found(&by_id), [("$.by[*]".to_owned(), 3)]);
        let parts = json!({ "page": { "a": { "x": 1 }, "b": { "y": 1 }, "c": { "z": rows("q", 3) } } });
        assert_eq!(found(&parts), [("$.page.c.z".to_owned(), 3)]);
    }

    #[test]
    fn kinds_are_told_apart() {
        let item = |kind: &str, n: usize| json!({ "@type": kind, "n": n });
        let graph = json!({ "@graph": [
            { "@type": "BreadcrumbList", "itemListElement": rows("a", 4) },
            { "@type": "ItemList", "itemListElement": [item("ListItem", 1), item("ListItem", 2), item("ListItem", 3)] },
            { "@type": "It's", "x": rows("a", 3) },
        ] });
        let lists: Vec<String> = found(&graph).into_iter().map(|(path, _)| path).collect();
        let of = |kind: &str, rest: &str| format!("$['@graph'][?@['@type']=='{kind}'].{rest}");
        assert_eq!(lists, ["$['@graph']".to_owned(), of("It\\'s", "x[*]"), of("ItemList", "itemListElement[*]")]);
    }

    #[test]
    fn hostile_documents_are_bounded() {
        let deep = (0..100).fold(json!(rows("a", 3)), |inner, _| json!([inner, { "b": 1 }]));
        assert!(lists(&deep).len() <= limits::JSON_LISTS);
        let wide: serde_json::Map<String, Value> =
            (0..100_000).map(|n| (format!("k{n}"), json!([{ "a": n }, { "b": n }, { "c": n }]))).collect();
        assert_eq!(lists(&Value::Object(wide)).len(), limits::JSON_LISTS);
        assert_eq!(lists(&json!(rows("a", 10_000)))[0].rows.len(), limits::LISTING_ROWS);
    }
}
