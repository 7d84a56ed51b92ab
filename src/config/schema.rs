//! The JSON Schema of `sites.toml`: what editors complete keys with, and what files are checked against.

use std::sync::LazyLock;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use serde_json::{Value, json};

use super::raw::Root;

/// Made once: it is the same for every file.
pub(super) static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    // Draft 7 is what the TOML plugins of editors know.
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Root>();
    tidy(&mut schema);
    schema.to_value()
});

/// The same for a file that includes others: its sites may all be there.
pub(super) static INCLUDING: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = SCHEMA.clone();
    schema.as_object_mut().and_then(|root| root.remove("required"));
    schema
});

/// The same for a file that is included.
pub(super) static INCLUDED: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = INCLUDING.clone();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| INCLUDABLE.contains(&name.as_str()));
    }
    schema
});

/// The tables that an included file may have.
pub(super) const INCLUDABLE: [&str; 2] = ["sites", "merged"];

/// The JSON Schema (draft 7) of `sites.toml`.
pub fn schema() -> Value {
    let mut schema = SCHEMA.clone();
    if let Some(root) = schema.as_object_mut() {
        // Either will do: the sites, or the files that have them.
        root.remove("required");
        root.insert("anyOf".into(), json!([{ "required": ["sites"] }, { "required": ["include"] }]));
    }
    schema
}

/// What the raw types say, as TOML and its editors see it.
fn tidy(schema: &mut Schema) {
    if let Some(object) = schema.as_object_mut() {
        // TOML has no null: a key is there or it is not.
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".into(), only);
            }
        }
        if let Some(Value::Array(ways)) = object.get_mut("anyOf") {
            ways.retain(|way| way.get("type").is_none_or(|name| name != "null"));
            if let [only] = ways.as_slice() {
                // Beside `$ref` draft 7 reads nothing else, so that it needs `allOf` around it.
                let only = only.clone();
                object.remove("anyOf");
                object.insert("allOf".into(), Value::Array(vec![only]));
            }
        }
        // Sizes of Rust's numbers mean nothing to TOML.
        if object.get("format").is_some_and(|format| format == "int64") {
            object.remove("format");
        }
        // Where a comment in the source was broken into lines.
        if let Some(Value::String(description)) = object.get_mut("description") {
            *description = description.replace('\n', " ");
        }
    }
    transform_subschemas(&mut tidy, schema);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
        match value {
            Value::Object(object) => {
                look(object);
                object.values().for_each(|value| walk(value, look));
            }
            Value::Array(values) => values.iter().for_each(|value| walk(value, look)),
            _ => {}
        }
    }

    #[test]
    fn every_key_is_explained() {
        let mut keys = 0;
        walk(&schema(), &mut |object| {
            for (key, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                keys += 1;
                let text = property["description"].as_str().unwrap_or_default();
                assert!(text.ends_with('.') && text.len() > 8, "`{key}` has no description: {property}");
            }
        });
        assert!(keys > 80, "{keys}");
    }

    #[test]
    fn nothing_is_ever_null() {
        assert!(!schema().to_string().contains("\"null\""));
    }

    #[test]
    fn editors_can_complete_keys_everywhere() {
        let schema = schema();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert_eq!(schema["title"], "Feedmill's sites.toml");
        let mut tables = 0;
        walk(&schema, &mut |object| {
            if object.get("type").is_some_and(|name| name == "object") {
                tables += 1;
                assert!(object.contains_key("additionalProperties"), "{object:?}");
            }
        });
        assert!(tables > 8, "{tables}");
    }
}
