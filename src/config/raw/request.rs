//! How a listing is asked for, where its address alone does not do.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::at::At;

/// How the listing is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "request")]
pub(in crate::config) struct RawRequest {
    /// The method; `POST` if there is a `form` or `json`.
    pub(in crate::config) method: Option<RawMethod>,
    /// The fields of a form that is posted: texts, numbers, truth values, or lists of them. `{date:%Y-%m-%d}` in a text
    /// is the present day, as in `url`.
    #[schemars(example = example_form())]
    pub(in crate::config) form: Option<At<BTreeMap<String, At<RawFormValue>>>>,
    /// JSON that is posted, written as TOML. `{date:%Y-%m-%d}` in a text is the present day, as in `url`.
    pub(in crate::config) json: Option<At<RawJson>>,
    /// Headers for every page of the listing; sent to the host of its address, and to no other.
    #[schemars(with = "Option<BTreeMap<String, String>>", example = BTreeMap::from([("X-Requested-With", "XMLHttpRequest")]))]
    pub(in crate::config) headers: Option<BTreeMap<Spanned<String>, At<String>>>,
}

fn example_form() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([("search", "crabs"), ("from", "{date-7:%Y-%m-%d}")])
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(rename = "method")]
pub(in crate::config) enum RawMethod {
    /// Asks for the page.
    Get,
    /// Sends something to it.
    Post,
}

/// A field of a form.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "form_value", inline)]
pub(in crate::config) enum RawFormValue {
    /// One value.
    One(RawScalar),
    /// The field once for each value.
    Several(Vec<RawScalar>),
}

/// A value of a form.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "scalar", inline)]
pub(in crate::config) enum RawScalar {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Truth(bool),
}

/// Any JSON that TOML can write.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::config) struct RawJson(pub(in crate::config) serde_json::Value);

impl JsonSchema for RawJson {
    fn schema_name() -> Cow<'static, str> {
        "json".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<Self>();
        json_schema!({ "anyOf": [
            { "type": "object", "additionalProperties": inner },
            { "type": "array", "items": inner },
            { "type": "string" },
            { "type": "integer" },
            { "type": "number" },
            { "type": "boolean" },
        ] })
    }
}
