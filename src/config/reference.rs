//! The reference of `sites.toml` as a page of the documentation, made of the same schema as everything else that is said
//! about its keys.

use std::fmt::Write as _;

use serde::Serialize as _;
use serde_json::Value;

use super::schema::INCLUDING as SCHEMA;
use super::shape::{alternatives, strings};

const HEAD: &str = "# Reference\n\n\
    Every key of `sites.toml`. The guide is [rules.md](rules.md); [sites.toml](../sites.toml) shows the keys at work. This\n\
    page is made by `feedmill schema --markdown`, as the schema for editors is by `feedmill schema`.\n";

/// The page, as Markdown.
pub fn reference() -> String {
    let mut page = Page { text: HEAD.to_owned(), sections: Vec::new(), open: Vec::new() };
    page.link("The top of the file".to_owned(), &SCHEMA, "");
    let mut next = 0;
    while let Some(section) = page.sections.get(next).cloned() {
        next += 1;
        page.tell(&section);
    }
    page.text
}

/// What is told under a heading of its own.
#[derive(Clone)]
struct Section {
    title: String,
    schema: &'static Value,
    /// The path that its keys are seen from.
    path: String,
}

struct Page {
    text: String,
    /// Those that are told and those that will be.
    sections: Vec<Section>,
    /// The definitions that are just being told in place: one may hold itself.
    open: Vec<&'static str>,
}

impl Page {
    fn tell(&mut self, Section { title, schema, path }: &Section) {
        let _ = write!(self.text, "\n## {title}\n");
        if let Some(meaning) = schema["description"].as_str() {
            let _ = write!(self.text, "\n{meaning}\n");
        }
        let Some(properties) = schema["properties"].as_object() else {
            let value = self.ways(schema, "", path);
            let _ = write!(self.text, "\nIt is written as {value}.\n");
            return;
        };
        let required: Vec<&str> = strings(schema, "required").collect();
        self.text.push_str("\n| key | value | meaning |\n|---|---|---|\n");
        for (key, property) in properties {
            let value = self.value(property, key, path);
            let mut meaning = property["description"].as_str().unwrap_or_default().to_owned();
            if required.contains(&key.as_str()) {
                meaning.push_str(" Required.");
            }
            if let Some(default) = property.get("default").and_then(written) {
                let _ = write!(meaning, " Default: `{default}`.");
            }
            if let Some(example) = property["examples"].get(0).and_then(written) {
                let _ = write!(meaning, " Example: `{key} = {example}`.");
            }
            let _ = writeln!(self.text, "| `{key}` | {} | {} |", cell(&value), cell(&meaning));
        }
    }

    /// What may be written as the value of `key`.
    fn value(&mut self, schema: &'static Value, key: &str, path: &str) -> String {
        let inner = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        if let Some(definition) = schema["$ref"].as_str().map(|reference| reference.trim_start_matches('#')) {
            let name = definition.rsplit('/').next().unwrap_or_default();
            let Some(schema) = SCHEMA.pointer(definition) else { return "table".to_owned() };
            return match (&schema["properties"], holds_table(schema)) {
                // These stand in many places: the path of the first would mislead.
                (Value::Object(keys), _) if keys.contains_key("css") => {
                    self.link(format!("A table as {name}"), schema, "")
                }
                (Value::Null, true) => self.link(format!("A {name}"), schema, path),
                _ if self.open.contains(&definition) => "any of these".to_owned(),
                _ => {
                    self.open.push(definition);
                    let value = self.value(schema, key, path);
                    self.open.pop();
                    value
                }
            };
        }
        match schema["type"].as_str() {
            Some("array") => match self.value(&schema["items"], &format!("[{key}]"), path) {
                list if list.contains(" or ") => format!("list of ({list})"),
                list => format!("list of {list}"),
            },
            Some("object")
                if schema["additionalProperties"].get("$ref").is_some()
                    || schema["additionalProperties"].get("allOf").is_some() =>
            {
                self.value(&schema["additionalProperties"], "NAME", &inner)
            }
            // What a test expects is said of the fields themselves.
            Some("object") if schema["properties"].is_object() && key != "expect" => {
                let inner = inner.replace(['[', ']'], "");
                let title = if key.starts_with('[') { format!("`[[{inner}]]`") } else { format!("`[{inner}]`") };
                self.link(title, schema, &inner)
            }
            _ => self.ways(schema, key, path),
        }
    }

    /// What may be written: one way or several.
    fn ways(&mut self, schema: &'static Value, key: &str, path: &str) -> String {
        let or = |ways: Vec<String>| ways.join(" or ");
        if let Some(ways) = ["anyOf", "oneOf", "allOf"].into_iter().find_map(|choice| schema[choice].as_array()) {
            return or(ways.iter().map(|way| self.value(way, key, path)).collect());
        }
        if let Some(values) = schema["enum"].as_array() {
            return or(values.iter().filter_map(written).map(|value| format!("`{value}`")).collect());
        }
        if let Some(only) = schema.get("const").and_then(written) {
            return format!("`{only}`");
        }
        match schema["type"].as_str() {
            Some("string") => "text".to_owned(),
            Some("integer") => number(schema),
            Some("boolean") => "`true` or `false`".to_owned(),
            _ => "table".to_owned(),
        }
    }

    /// A link to the section of a schema, which is told once.
    fn link(&mut self, title: String, schema: &'static Value, path: &str) -> String {
        let known = self.sections.iter().find(|section| std::ptr::eq(section.schema, schema));
        let anchor = anchor(known.map_or(&title, |section| &section.title));
        let word = if schema["properties"].is_object() { "table".to_owned() } else { title.to_lowercase() };
        if known.is_none() {
            self.sections.push(Section { title, schema, path: path.to_owned() });
        }
        format!("[{word}](#{anchor})")
    }
}

/// Whether one of the ways to write a value is a table with keys of its own.
fn holds_table(schema: &Value) -> bool {
    alternatives(&SCHEMA, schema).iter().any(|way| way["properties"].is_object())
}

fn number(schema: &Value) -> String {
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!("whole number, {least} to {most}"),
        (Some(least), None) => format!("whole number, {least} or more"),
        _ => "whole number".to_owned(),
    }
}

/// A value as TOML writes it.
fn written(value: &Value) -> Option<String> {
    let mut text = String::new();
    value.serialize(toml::ser::ValueSerializer::new(&mut text)).ok()?;
    Some(text)
}

/// A text as it may stand in a table of Markdown.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// How the usual renderers of Markdown call a heading.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_has_one_section_and_every_link_leads_to_one() {
        let page = reference();
        let titles: Vec<String> = page.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor).collect();
        let unique: BTreeSet<&String> = titles.iter().collect();
        assert_eq!(unique.len(), titles.len(), "{titles:?}");
        for link in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(titles.iter().any(|title| title == link), "{link}: {titles:?}");
        }
        for part in
            ["## `[sites.NAME.listing]`", "## `[[sites.NAME.test]]`", "## `[defaults]`", "| `timezone_override` |"]
        {
            assert!(page.contains(part), "{part}");
        }
    }
}
