//! The list in a JSON document: the array whose members have links and titles.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::{Draft, NoList, Proposal, Way};
use crate::extract::{JSON_DATES as DATES, JSON_LINKS as LINKS, JSON_TITLES as TITLES};
use crate::limits;
use crate::page::Document;
use crate::weburl::WebUrl;

/// Rows of a list at least: two of anything may be chance.
const FEWEST: usize = 3;
/// Of a hundred rows, as many have a field that the list is known by: a row may be an advertisement.
const MOST: usize = 80;

/// Proposes a rule for a document that is JSON.
pub(super) fn listing(document: &Document) -> Result<Proposal, NoList> {
    let Some(told) = document.told() else { return Err(NoList::Nothing) };
    let mut lists = Vec::new();
    arrays(&told.tree.value, "$", 0, &mut lists);
    let mut best: Option<(usize, Proposal)> = None;
    for (path, rows) in lists {
        let Some((score, proposal)) = proposal(document, &path, &rows) else { continue };
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, proposal));
        }
    }
    best.map(|(_, proposal)| proposal).ok_or(NoList::Nothing)
}

/// Every array whose members are objects, with the expression that leads to them. Arrays within arrays are lists of
/// something else than articles.
fn arrays<'v>(value: &'v Value, path: &str, depth: usize, found: &mut Vec<(String, Vec<&'v Value>)>) {
    if depth > limits::JSON_LIST_DEPTH || found.len() == limits::JSON_LISTS {
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                arrays(inner, &step(path, key), depth + 1, found);
            }
        }
        Value::Array(rows) => {
            let objects: Vec<&Value> = rows.iter().filter(|row| row.is_object()).take(limits::LISTING_ROWS).collect();
            // What GraphQL calls edges has each row one step deeper.
            let nodes: Vec<&Value> = objects.iter().filter_map(|row| row.get("node")).collect();
            if objects.len() >= FEWEST && nodes.len() == objects.len() {
                found.push((format!("{path}[*].node"), nodes));
            } else if objects.len() >= FEWEST {
                found.push((path.to_owned(), objects));
            }
        }
        _ => {}
    }
}

/// A step of JSONPath (RFC 9535).
fn step(path: &str, key: &str) -> String {
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name {
        format!("{path}.{key}")
    } else {
        format!("{path}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

/// What the rows of a list tell, as a rule, and how good a list it is; `None`: it is none of articles.
fn proposal(document: &Document, path: &str, rows: &[&Value]) -> Option<(usize, Proposal)> {
    let columns = Columns::of(rows);
    let link = columns.best(&LINKS, |value| as_link(document, value).is_some(), true)?;
    let title = columns.best(&TITLES, is_title, false)?;
    let date = columns.best(&DATES, is_date, false);
    let mut draft = Draft::default();
    draft.set("item", vec![Way::Short(path.to_owned())]);
    if !link.is_usual {
        draft.set("link", vec![Way::Short(link.path.clone())]);
    }
    if !title.is_usual {
        draft.set("title", vec![Way::Short(title.path.clone())]);
    }
    if let Some(date) = &date {
        match date.values.iter().find_map(|value| unix(value)) {
            Some(format) => {
                let table = vec![("json".to_owned(), date.path.clone()), ("format".to_owned(), format.to_owned())];
                draft.set("published", vec![Way::Table(table)]);
            }
            None if !date.is_usual => draft.set("published", vec![Way::Short(date.path.clone())]),
            None => {}
        }
    }
    let mut known = HashSet::new();
    let links = link.values.iter().filter_map(|value| as_link(document, value));
    let links: Vec<WebUrl> = links.filter(|link| known.insert(link.essence())).collect();
    // Menus have links and names, too; what has dates has news.
    let score = links.len() * if date.is_some() { 4 } else { 1 };
    let sure = 60 + 10 * u8::from(link.is_usual) + 10 * u8::from(title.is_usual) + 15 * u8::from(date.is_some());
    (links.len() >= FEWEST).then_some((score, Proposal { draft, confidence: sure, links }))
}

/// The values of rows by the places where they stand, at most one step deep.
struct Columns<'v> {
    rows: usize,
    by_place: BTreeMap<String, (String, Vec<&'v Value>)>,
}

/// Where a field stands in rows.
struct Column<'v> {
    path: String,
    values: Vec<&'v Value>,
    is_usual: bool,
}

impl<'v> Columns<'v> {
    fn of(rows: &[&'v Value]) -> Self {
        let mut columns = Self { rows: rows.len(), by_place: BTreeMap::new() };
        for row in rows {
            for (key, value) in row.as_object().into_iter().flatten() {
                columns.add(key.clone(), step("$", key), value);
                for (inner, below) in value.as_object().into_iter().flatten() {
                    columns.add(format!("{key}.{inner}"), step(&step("$", key), inner), below);
                }
            }
        }
        columns
    }

    fn add(&mut self, place: String, path: String, value: &'v Value) {
        let is_plain = value.is_string() || value.is_number();
        if is_plain && (self.by_place.len() < limits::JSON_COLUMNS || self.by_place.contains_key(&place)) {
            self.by_place.entry(place).or_insert_with(|| (path, Vec::new())).1.push(value);
        }
    }

    /// The column whose values are of the kind: by its usual name, else the one with most different values; `apart` if
    /// all of them must differ.
    fn best(&self, usual: &[&str], is_one: impl Fn(&Value) -> bool, apart: bool) -> Option<Column<'v>> {
        let fits = |values: &[&Value]| {
            let different = different(values);
            values.iter().filter(|value| is_one(value)).count() * 100 >= self.rows * MOST
                && (different * 100 >= self.rows * MOST || !apart && different > 1)
        };
        let named = usual.iter().find_map(|name| self.by_place.get(*name).filter(|(_, values)| fits(values)));
        let other = || {
            let fitting = self.by_place.values().filter(|(_, values)| fits(values));
            // Of two that are as good, the one that is less deep.
            fitting.max_by_key(|(path, values)| (different(values), std::cmp::Reverse(path.len())))
        };
        let is_usual = named.is_some();
        let (path, values) = named.or_else(other)?;
        Some(Column { path: path.clone(), values: values.clone(), is_usual })
    }
}

fn different(values: &[&Value]) -> usize {
    values.iter().map(ToString::to_string).collect::<HashSet<_>>().len()
}

fn as_link(document: &Document, value: &Value) -> Option<WebUrl> {
    const FILES: [&str; 8] = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".avif", ".mp4"];
    let written = value.as_str()?.trim();
    let is_address = written.starts_with("http://") || written.starts_with("https://") || written.starts_with('/');
    let path = written.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    if !is_address || written.contains(char::is_whitespace) || FILES.iter().any(|file| path.ends_with(file)) {
        return None;
    }
    document.base().join(written).ok()
}

/// Whether it reads as a title: a few words, no markup, no address, no date.
fn is_title(value: &Value) -> bool {
    let Some(text) = value.as_str().map(str::trim) else { return false };
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_code = !text.contains(' ') && text.is_ascii() && text.contains(['/', '_', '-']);
    (3..=300).contains(&text.chars().count())
        && letters * 2 > text.chars().count()
        && !text.starts_with('<')
        && !is_code
}

fn is_date(value: &Value) -> bool {
    let is_written = value.as_str().is_some_and(|text| {
        let mut parts = text.splitn(3, '-');
        let mut number = |digits: usize| {
            parts
                .next()
                .is_some_and(|part| part.len() >= digits && part.bytes().take(digits).all(|b| b.is_ascii_digit()))
        };
        number(4) && number(2) && number(2)
    });
    is_written || unix(value).is_some()
}

/// How a number tells a moment, if it does: those of this century.
fn unix(value: &Value) -> Option<&'static str> {
    match value.as_i64()? {
        946_684_800..=4_102_444_800 => Some("unix"),
        946_684_800_000..=4_102_444_800_000 => Some("unix-ms"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rule::{ListingRule, Rule};
    use crate::webpage::Page;

    fn document(value: &Value) -> Document {
        let page = Page {
            url: WebUrl::parse("https://mill.example/api/").unwrap(),
            content_type: Some("application/json".to_owned()),
            body: value.to_string().into_bytes().into(),
            validators: <_>::default(),
            fresh_for: None,
            signs: <_>::default(),
        };
        Document::read_listing(&page, &bare()).unwrap()
    }

    fn bare() -> Rule {
        Rule {
            listing: ListingRule {
                from: None,
                item: Vec::new(),
                container: None,
                fields: <_>::default(),
                limit: 100,
                link_pattern: None,
                reverse: false,
                next: None,
                pages: 1,
            },
            article: None,
            timezone: chrono_tz::UTC,
            locale: None,
            charset: None,
            hash: String::new(),
            item_hash: String::new(),
        }
    }

    fn draft(value: &Value) -> Option<String> {
        listing(&document(value)).ok().map(|proposal| proposal.draft.to_string())
    }

    #[test]
    fn usual_names_need_no_words() {
        let posts: Vec<Value> = (1..=4)
            .map(|n| json!({ "link": format!("/p/{n}"), "title": { "rendered": format!("Story {n}") }, "date": "2026-02-03T10:00:00" }))
            .collect();
        assert_eq!(draft(&json!(posts)).as_deref(), Some("item = \"$\"\n"));
        let menu = [
            json!({ "url": "/a", "name": "News" }),
            json!({ "url": "/b", "name": "Sport" }),
            json!({ "url": "/c", "name": "Arts" }),
        ];
        let nested = json!({ "menu": menu, "data": { "all-posts": posts } });
        assert_eq!(draft(&nested).as_deref(), Some("item = \"$.data['all-posts']\"\n"));
    }

    #[test]
    fn other_names_are_told_by_their_values() {
        let row = |n: usize| {
            json!({ "node": { "slug": format!("story-{n}"), "path": format!("/news/story-{n}"), "picture": format!("/i/{n}.jpg"),
                "heading": format!("The mill, part {n}"), "section": "News", "time": 1_770_000_000 + n } })
        };
        let value = json!({ "data": { "edges": [row(1), row(2), row(3)] } });
        let proposal = listing(&document(&value)).unwrap();
        assert_eq!(
            proposal.draft.to_string(),
            "item = \"$.data.edges[*].node\"\nlink = \"$.path\"\ntitle = \"$.heading\"\n\
             published = { json = \"$.time\", format = \"unix\" }\n"
        );
        assert_eq!(proposal.links[0].as_str(), "https://mill.example/news/story-1");
    }

    #[test]
    fn what_has_no_links_or_no_titles_is_no_list() {
        let rows = |row: Value| json!({ "rows": [row, row, row] });
        assert_eq!(draft(&json!({ "status": "ok", "value": [1, 2, 3] })), None);
        assert_eq!(draft(&rows(json!({ "url": "/same", "title": "Same" }))), None);
        assert_eq!(
            draft(&json!([{ "id": 1, "title": "A b" }, { "id": 2, "title": "B c" }, { "id": 3, "title": "C d" }])),
            None
        );
    }
}
