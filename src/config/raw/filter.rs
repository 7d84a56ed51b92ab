//! Which items a feed shows.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::at::Texts;
use crate::item::Field;

/// Which of the archived items a feed shows. Patterns are regular expressions; of several for a field any may match.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "filter")]
pub(in crate::config) struct RawFilter {
    /// Fields that must match: an item is shown only if each of them has a value that matches.
    #[serde(default)]
    #[schemars(schema_with = "patterns")]
    pub(in crate::config) include: Option<BTreeMap<Field, Texts>>,
    /// Fields that must not match: an item is not shown if any of them has a value that matches.
    #[serde(default)]
    #[schemars(schema_with = "patterns")]
    pub(in crate::config) exclude: Option<BTreeMap<Field, Texts>>,
}

/// Patterns by field.
fn patterns(generator: &mut SchemaGenerator) -> Schema {
    let properties: BTreeMap<_, _> = Field::ALL
        .into_iter()
        .map(|field| {
            let mut schema = Texts::json_schema(generator);
            let description = format!("Regular expressions for `{}`: one of them must match.", field.name());
            schema.insert("description".into(), description.into());
            (field.name(), schema)
        })
        .collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}
