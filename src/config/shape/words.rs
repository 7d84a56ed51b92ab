//! What is said about keys and values that the schema does not allow. What the schema knows about them (description,
//! example, default) becomes the advice.

use serde::Serialize;
use serde_json::Value;
use toml::de::DeValue;

use super::alternatives;
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::near::{listed, nearest};

/// Characters of a line of advice.
const WIDTH: usize = 100;

/// Keys that do not exist yet but that one may expect, and what does their work.
const INSTEAD: [(&str, &str); 1] = [(
    "full_text",
    "Feedmill cannot find the text of an article by itself yet;\nwrite `article.content = \"CSS selector of the text\"`",
)];

/// A table of the file, with its schema and all that are around it.
pub(super) struct Place<'a> {
    pub(super) schemas: &'a Value,
    pub(super) schema: &'a Value,
    pub(super) path: &'a [String],
    pub(super) above: &'a [&'a Value],
}

impl Place<'_> {
    /// What to say about a key that is not known here; and the keys of this table that were probably meant.
    pub(super) fn unknown_key(&self, key: &str) -> (Complaint, Vec<String>) {
        let known: Vec<&str> = properties(self.schema).collect();
        let complaint = Complaint::new(format!("unknown key {}{}", quoted(key), within(self.path)));
        if let Some((_, instead)) = INSTEAD.iter().find(|(name, _)| *name == key) {
            return (complaint.help(*instead), Vec::new());
        }
        let complaint = complaint.help(wrapped("known keys: ", &known));
        if let Some(outer) = self.outer_table_with(key) {
            return (complaint.label(format!("it belongs to {outer}, before the next `[header]`")), Vec::new());
        }
        let below: Vec<(&str, String)> =
            known.iter().filter_map(|name| Some((*name, self.table_below_with(name, key)?))).collect();
        if !below.is_empty() {
            let label = format!("it belongs to {}", listed(below.iter().map(|(_, table)| table.as_str()), "or"));
            // At the top of the file, it remains to be said that there are no sites.
            let meant = below.iter().filter(|_| !self.path.is_empty()).map(|(name, _)| (*name).to_owned()).collect();
            return (complaint.label(label), meant);
        }
        match nearest(key, known.iter().copied()) {
            Some(name) => (complaint.label(format!("did you mean `{name}`?")), vec![name.to_owned()]),
            None => (complaint, Vec::new()),
        }
    }

    /// The name of the nearest table around this one that knows `key`.
    fn outer_table_with(&self, key: &str) -> Option<String> {
        let at = self.above.iter().rposition(|schema| properties(schema).any(|name| name == key))?;
        match self.path.get(..at) {
            Some([]) | None => Some("the top of the file".to_owned()),
            Some(path) => Some(format!("`[{}]`", path.join("."))),
        }
    }

    /// The path of the table `name` below this one, or of any table in it, if `key` is known there.
    fn table_below_with(&self, name: &str, key: &str) -> Option<String> {
        let has = |schema: &Value| properties(schema).any(|name| name == key);
        let table = dotted(self.path, name);
        match alternatives(self.schemas, property(self.schema, name)).as_slice() {
            [only] if has(only) => Some(table),
            [only] => {
                let each = alternatives(self.schemas, &only["additionalProperties"]);
                each.into_iter().any(has).then(|| format!("{table}.NAME"))
            }
            _ => None,
        }
    }
}

/// A key that must be there and is not.
pub(super) fn missing(schema: &Value, path: &[String], key: &str) -> Complaint {
    let table = path.join(".");
    match key {
        "sites" if path.is_empty() => Complaint::new("there are no sites")
            .help("the smallest file is\n[sites.ferris]\nurl = \"https://ferris.example/blog/\""),
        _ => {
            let property = property(schema, key);
            let complaint = Complaint::new(format!("`{table}` has no `{key}`"));
            match (property["description"].as_str(), example(property)) {
                (Some(meaning), Some(example)) => {
                    let first = meaning.split_once(". ").map_or(meaning, |(first, _)| first);
                    let mut meaning = first.trim_end_matches('.').to_owned();
                    if let Some(first) = meaning.get_mut(..1) {
                        first.make_ascii_lowercase();
                    }
                    complaint.help(format!("{meaning}: `{key} = {example}`"))
                }
                _ => complaint,
            }
        }
    }
}

/// A value of a type that cannot stand here.
pub(super) fn wrong_type(schema: &Value, ways: &[&Value], path: &[String], found: &DeValue<'_>) -> Complaint {
    let mut expected: Vec<&str> = ways.iter().map(|way| name_of_type(way)).collect();
    expected.dedup();
    let last = expected.pop().unwrap_or_default();
    let expected = if expected.is_empty() { last.to_owned() } else { format!("{} or {last}", expected.join(", ")) };
    let complaint = Complaint::new(format!("expected {expected}, found {}", name_of_value(found)));
    match (path, example(schema), found) {
        ([sites, _], ..) if sites == "sites" => {
            complaint.help("sites have names: their keys stand under a header `[sites.NAME]`")
        }
        ([.., key], Some(example), _) => complaint.help(format!("for example `{key} = {example}`")),
        (_, None, DeValue::Integer(number)) if ways.iter().any(|way| way["type"] == "string") => {
            complaint.help(format!("with quotes it is a text: `\"{number}\"`"))
        }
        _ => complaint,
    }
}

/// A value of the right type that still cannot stand here: too small, too large, not among the possible ones.
pub(super) fn unfit(schema: &Value, ways: &[&Value], path: &[String], found: &DeValue<'_>) -> Option<Complaint> {
    let size = |limit: &str| ways.iter().find_map(|way| way[limit].as_i64());
    let key = path.last().map_or("the value", String::as_str);
    let empty = || {
        let complaint = Complaint::new(format!("`{key}` is empty"));
        match example(schema) {
            Some(example) => complaint.help(format!("for example `{key} = {example}`")),
            None => complaint,
        }
    };
    match found {
        DeValue::String(text) => {
            let possible: Vec<&str> = ways.iter().filter_map(|way| way["const"].as_str()).collect();
            if !possible.is_empty() && !possible.contains(&text.as_ref()) {
                let complaint = Complaint::new(format!("`{key}` cannot be {}", quoted(text)))
                    .help(format!("write {}", listed(possible.iter().copied(), "or")));
                return Some(match nearest(text, possible) {
                    Some(name) => complaint.label(format!("did you mean `{name}`?")),
                    None => complaint,
                });
            }
            (size("minLength").is_some_and(|least| least > 0) && text.trim().is_empty()).then(empty)
        }
        DeValue::Boolean(written) => {
            let possible = ways.iter().find_map(|way| way["enum"].get(0)?.as_bool())?;
            (possible != *written).then(|| Complaint::new(format!("`{key}` cannot be `{written}`, only `{possible}`")))
        }
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
            let (least, most) = (size("minimum").unwrap_or(i64::MIN), size("maximum").unwrap_or(i64::MAX));
            match number {
                Some(number) if number < least => Some(Complaint::new(format!("`{key}` must be at least {least}"))),
                Some(number) if number <= most => None,
                _ if most == i64::MAX => Some(Complaint::new(format!("`{key}` is too large"))),
                _ => Some(Complaint::new(format!("`{key}` must be at most {most}"))),
            }
        }
        DeValue::Array(values) => {
            let length = i64::try_from(values.len()).unwrap_or(i64::MAX);
            match (size("minItems"), size("maxItems")) {
                (Some(2), Some(2)) if length != 2 => {
                    Some(Complaint::new(format!("expected two texts, found {length}")))
                }
                (Some(1..), _) if length == 0 => Some(empty()),
                _ => None,
            }
        }
        DeValue::Table(table) if size("minProperties").is_some() && table.is_empty() => {
            Some(missing(&Value::Null, &[], key))
        }
        _ => None,
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = &str> {
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str())
}

fn property<'s>(schema: &'s Value, name: &str) -> &'s Value {
    schema["properties"].get(name).unwrap_or(&Value::Null)
}

fn within(path: &[String]) -> String {
    if path.is_empty() { String::new() } else { format!(" in {}", quoted(&path.join("."))) }
}

fn dotted(path: &[String], name: &str) -> String {
    path.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".")
}

/// Names after a heading, on as many lines as they need.
fn wrapped(heading: &str, names: &[&str]) -> String {
    let mut lines = vec![heading.to_owned()];
    for (position, name) in names.iter().enumerate() {
        let piece = if position + 1 < names.len() { format!("{name}, ") } else { (*name).to_owned() };
        match lines.last_mut() {
            Some(line) if line.len() + piece.len() <= WIDTH => line.push_str(&piece),
            _ => lines.push(piece),
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The schema's example of a value, or its default, as one writes it.
fn example(schema: &Value) -> Option<String> {
    let value = schema["examples"].get(0).or_else(|| schema.get("default"))?;
    let mut written = String::new();
    value.serialize(toml::ser::ValueSerializer::new(&mut written)).ok()?;
    Some(written)
}

fn name_of_type(schema: &Value) -> &'static str {
    match schema["type"].as_str() {
        Some("string") => "a text",
        Some("integer") => "a whole number",
        Some("number") => "a number with a fraction",
        Some("boolean") if schema.get("enum").is_some() => "`false`",
        Some("boolean") => "`true` or `false`",
        Some("array") => "a list",
        _ => "a table",
    }
}

fn name_of_value(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::Boolean(true) => "`true`",
        DeValue::Boolean(false) => "`false`",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Integer(_) => "a number",
        DeValue::String(_) => "a text",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
        DeValue::Datetime(_) => "a date",
    }
}
