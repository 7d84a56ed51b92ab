//! JSON within pages: in scripts of their own, in assignments of other scripts, in attributes.

use std::rc::Rc;
use std::sync::LazyLock;

use serde_json::Value;

use super::{Document, Element, TooMuchWork, bounds, devalue};
use crate::limits;
use crate::rule::{Css, Json, JsonPath};

/// A JSON document, with what it takes to know what an expression will cost.
#[derive(Debug)]
pub struct Tree {
    /// The JSON.
    pub value: Value,
    values: usize,
    depth: usize,
}

impl Tree {
    /// Measures `value`.
    pub fn new(value: Value) -> Rc<Self> {
        let (mut values, mut deepest) = (0, 0);
        let mut open = vec![(&value, 1_usize)];
        while let Some((value, depth)) = open.pop() {
            values += 1;
            deepest = deepest.max(depth);
            match value {
                Value::Array(inner) => open.extend(inner.iter().map(|value| (value, depth + 1))),
                Value::Object(inner) => open.extend(inner.values().map(|value| (value, depth + 1))),
                _ => {}
            }
        }
        let depth = deepest;
        Rc::new(Self { value, values, depth })
    }

    /// Where `path` leads, at most `most` places, as pointers (RFC 6901).
    pub fn find(&self, path: &JsonPath, most: usize) -> Result<Vec<String>, TooMuchWork> {
        if !path.is_cheap(self.values, self.depth) {
            return Err(TooMuchWork);
        }
        let found = path.compiled().query_located(&self.value);
        Ok(found.locations().take(most).map(serde_json_path::NormalizedPath::to_json_pointer).collect())
    }

    /// The values that `path` yields within the value at `pointer`, at most `most`.
    pub fn get(&self, pointer: &str, path: &JsonPath, most: usize) -> Result<Vec<&Value>, TooMuchWork> {
        if !path.is_cheap(self.values, self.depth) {
            return Err(TooMuchWork);
        }
        let found = self.value.pointer(pointer).map(|value| path.compiled().query(value).all()).unwrap_or_default();
        Ok(found.into_iter().take(most).collect())
    }
}

impl Document {
    /// The JSON that the elements of `json.script` hold, in the row if it has any, else anywhere on the page. Each is
    /// parsed once.
    pub fn embedded(&self, json: &Json, row: Option<Element<'_>>) -> Vec<Rc<Tree>> {
        let Some(script) = &json.script else { return self.scripts() };
        let attr = json.attr.as_deref();
        let of_row: Vec<Element<'_>> = row.into_iter().flat_map(|row| row.select(script.compiled())).collect();
        let own = row.filter(|_| script.is_scope()).into_iter().chain(of_row).take(limits::VALUES);
        let trees: Vec<Rc<Tree>> = own.flat_map(|element| self.parsed(element, attr)).collect();
        if !trees.is_empty() || script.is_scope() {
            return trees;
        }
        self.of_page(script, attr)
    }

    /// The JSON of every script that is nothing but JSON.
    fn scripts(&self) -> Vec<Rc<Tree>> {
        static SCRIPTS: LazyLock<Option<Css>> =
            LazyLock::new(|| Css::parse("script[type$='json' i], script[type*='json;' i], script#__NEXT_DATA__").ok());
        SCRIPTS.as_ref().map(|scripts| self.of_page(scripts, None)).unwrap_or_default()
    }

    /// The JSON of the elements that `css` matches anywhere on the page.
    fn of_page(&self, css: &Css, attr: Option<&str>) -> Vec<Rc<Tree>> {
        let places = self.json_places(css);
        places.iter().filter_map(|id| self.element(*id)).flat_map(|element| self.parsed(element, attr)).collect()
    }

    fn parsed(&self, element: Element<'_>, attr: Option<&str>) -> Vec<Rc<Tree>> {
        let key = (element.id(), attr.map(str::to_owned));
        if let Some(known) = self.known_json().borrow().get(&key) {
            return known.clone();
        }
        let text = match attr {
            Some(attr) => element.attr(attr).unwrap_or_default().to_owned(),
            None => element.text().collect(),
        };
        // All of them stay in memory: together they may weigh as much as a document that is JSON.
        let (weight, left) = (bounds::weight(&text), self.json_left());
        let read = if weight > left.get() { Vec::new() } else { values(&text) };
        if !read.is_empty() {
            left.set(left.get() - weight);
        }
        let meant = |value| if is_folded(element) { devalue::unfolded(&value, left).unwrap_or(value) } else { value };
        let trees: Vec<Rc<Tree>> = read.into_iter().map(meant).map(Tree::new).collect();
        self.known_json().borrow_mut().insert(key, trees.clone());
        trees
    }
}

/// Whether an element holds the state of Nuxt 3, in which each value stands once.
fn is_folded(element: Element<'_>) -> bool {
    element.attr("data-nuxt-data").is_some() || element.attr("id") == Some("__NUXT_DATA__")
}

/// The JSON of a text: the text itself, or what its assignments assign (`window.X = {..};`).
fn values(text: &str) -> Vec<Value> {
    if let Some(value) = parse(text) {
        return vec![value];
    }
    let mut values = Vec::new();
    if bounds::json(text).is_err() {
        return values;
    }
    let mut tries = 0;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('=') {
        rest = after;
        let assigned = after.trim_start();
        let quoted = assigned.strip_prefix("JSON.parse(").map(str::trim_start);
        if !assigned.starts_with(['{', '[']) && quoted.is_none() {
            continue;
        }
        tries += 1;
        if tries > limits::EMBEDDED_JSON_VALUES {
            break;
        }
        let mut stream = serde_json::Deserializer::from_str(quoted.unwrap_or(assigned)).into_iter::<Value>();
        let Some(Ok(value)) = stream.next() else { continue };
        let end = stream.byte_offset();
        rest = quoted.unwrap_or(assigned).get(end..).unwrap_or_default();
        match (quoted, value) {
            (Some(_), Value::String(inner)) => values.extend(parse(&inner)),
            (None, value) => values.push(value),
            _ => {}
        }
    }
    values
}

/// Real pages wrap JSON in comments and leave raw line breaks in its strings.
pub(super) fn parse(json: &str) -> Option<Value> {
    let trimmed =
        json.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let trimmed =
        trimmed.trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    if !trimmed.starts_with(['{', '[']) || bounds::json(trimmed).is_err() {
        return None;
    }
    serde_json::from_str(trimmed).ok().or_else(|| {
        let repaired: String = trimmed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&repaired).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_assign_json() {
        let text = r#"var a = 1; window.X = {"a": [1, "b;}"]}; window.Y=[2];
            window.Z = JSON.parse("{\"c\":\"\\u00e9\"}"); b == {x: 1}; if (a = {}) {}"#;
        let found = values(text);
        assert_eq!(found[0], serde_json::json!({"a": [1, "b;}"]}));
        assert_eq!(found[1], serde_json::json!([2]));
        assert_eq!(found[2], serde_json::json!({"c": "é"}));
        assert!(values("no json = here").is_empty());
        assert!(values(&"= {".repeat(100_000)).is_empty());
        assert!(values(&format!("{}1", "[".repeat(100_000))).is_empty());
    }

    #[test]
    fn each_script_is_parsed_once() {
        let html = "<div data-page='{\"t\":\"attr\"}'></div><script id=__NEXT_DATA__>{\"t\":\"next\"}</script>\
            <script>window.X = {\"t\":\"window\"}</script>";
        let page = Document::parse(html, crate::weburl::WebUrl::parse("https://a.example/").unwrap()).unwrap();
        let text = |script: Option<&str>, attr: Option<&str>| {
            let json = Json {
                path: JsonPath::parse("t").unwrap(),
                script: script.map(|script| Css::parse(script).unwrap()),
                attr: attr.map(str::to_owned),
            };
            let trees = page.embedded(&json, None);
            trees.first().map(|tree| tree.get("", &json.path, 9).unwrap()[0].as_str().unwrap().to_owned())
        };
        assert_eq!(text(None, None).as_deref(), Some("next"));
        assert_eq!(text(Some("script:not([id])"), None).as_deref(), Some("window"));
        assert_eq!(text(Some("div"), Some("data-page")).as_deref(), Some("attr"));
        assert_eq!(text(Some("p"), None), None);
        assert_eq!(page.known_json().borrow().len(), 3);
    }

    #[test]
    fn what_is_cut_is_no_place_of_json_any_more() {
        let url = crate::weburl::WebUrl::parse("https://a.example/").unwrap();
        let mut page = Document::parse("<script type=application/json>[1]</script>", url).unwrap();
        let json = Json { path: JsonPath::parse("$").unwrap(), script: None, attr: None };
        assert_eq!(page.embedded(&json, None).len(), 1);
        let script = page.json_places(&Css::parse("script").unwrap());
        page.cut(&script);
        assert!(page.embedded(&json, None).is_empty());
    }
}
