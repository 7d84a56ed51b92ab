//! How the rows of a listing may be written: a text, a table, or a list of them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;

use super::at::At;
use super::extractor::Written;

/// The ways to find rows; the first that finds any is used.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(in crate::config) struct RawRows(pub(in crate::config) Vec<At<RawRow>>);

/// One way to find rows.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(in crate::config) enum RawRow {
    /// A CSS selector, an XPath or a JSONPath.
    Short(String),
    /// A source.
    Table(Box<RawRowTable>),
}

/// One way to find rows: exactly one source (`css`, `xpath` or `json`).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "rows")]
pub(in crate::config) struct RawRowTable {
    /// Source: a CSS selector that matches one element for each entry.
    #[schemars(length(min = 1), example = &"article.post")]
    pub(in crate::config) css: Option<At<String>>,
    /// Source: an XPath 1.0 expression that yields one element for each entry.
    #[schemars(length(min = 1), example = &"//li[h3]")]
    pub(in crate::config) xpath: Option<At<String>>,
    /// Source: a JSONPath (RFC 9535) that yields the list of entries, or each of them. `$.` may be left out.
    #[schemars(length(min = 1), example = &"$.props.pageProps.posts[*]")]
    pub(in crate::config) json: Option<At<String>>,
    /// Where the page holds the JSON that `json` reads: a CSS selector of scripts, perhaps with ` @attribute`.
    #[schemars(length(min = 1), example = &"script#__NEXT_DATA__")]
    pub(in crate::config) script: Option<At<String>>,
}

impl<'de> Deserialize<'de> for RawRows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Written<At<RawRow>, RawRowTable>>::deserialize(deserializer)?;
        let span = spanned.span();
        match spanned.into_inner() {
            Written::Text(text) => Ok(Self(vec![At::new(RawRow::Short(text), span)])),
            Written::Table(table) => Ok(Self(vec![At::new(RawRow::Table(table), span)])),
            Written::List(list) => Ok(Self(list)),
            Written::Switch(_) => Err(D::Error::custom("expected a text, a table or a list")),
        }
    }
}

impl<'de> Deserialize<'de> for RawRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::<At<Self>, RawRowTable>::deserialize(deserializer)? {
            Written::Text(text) => Ok(Self::Short(text)),
            Written::Table(table) => Ok(Self::Table(table)),
            _ => Err(D::Error::custom("expected a text or a table")),
        }
    }
}

impl JsonSchema for RawRows {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RawRows".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<RawRowTable>();
        let short = json_schema!({ "type": "string", "minLength": 1 });
        json_schema!({ "anyOf": [
            short,
            table,
            { "type": "array", "items": { "anyOf": [short, table] }, "minItems": 1 },
        ] })
    }
}
