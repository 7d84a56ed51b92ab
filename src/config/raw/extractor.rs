//! How one field may be written: a text, a table, a list of them, or `false`.
//!
//! Read by hand instead of by an untagged enum, which would lose where things stand and say nothing useful.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;

use super::at::At;

/// How one field is read.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(in crate::config) enum RawField {
    /// `false`.
    Off(bool),
    /// The first that yields a value.
    From(Vec<At<RawExtractor>>),
}

/// One way to read a field.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(in crate::config) enum RawExtractor {
    /// A CSS selector, perhaps with ` @attribute`; or XPath, or JSONPath.
    Short(String),
    /// A source with refinements.
    Table(Box<RawTable>),
}

/// One way to read a field: exactly one source (`css`, `xpath`, `json`, `meta`, `jsonld`, `url` or `text`), and what is done with its
/// values.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "extractor")]
pub(in crate::config) struct RawTable {
    /// Source: a CSS selector, looked for in the row on a listing and in the whole page on an article. `:scope` is
    /// the row itself.
    #[schemars(length(min = 1), example = &"h1")]
    pub(in crate::config) css: Option<At<String>>,
    /// Source: an XPath 1.0 expression. `./` begins at the row, `/` at the page.
    #[schemars(length(min = 1), example = &"./td[2]/a/@href")]
    pub(in crate::config) xpath: Option<At<String>>,
    /// Source: a JSONPath (RFC 9535) in a row of JSON, or in the JSON that a page holds. `$.` may be left out.
    #[schemars(length(min = 1), example = &"$.title.rendered")]
    pub(in crate::config) json: Option<At<String>>,
    /// Where the page holds the JSON that `json` reads: a CSS selector of scripts, perhaps with ` @attribute`. Without it,
    /// every script that is JSON is looked into.
    #[schemars(length(min = 1), example = &"script#__NEXT_DATA__")]
    pub(in crate::config) script: Option<At<String>>,
    /// Source: the `<meta>` with this `name`, `property`, `itemprop` or `http-equiv`.
    #[schemars(length(min = 1), example = &"og:title")]
    pub(in crate::config) meta: Option<At<String>>,
    /// Source: this property of the page's JSON-LD, or of its microdata. Dots lead into nested things: `author.name`.
    #[schemars(length(min = 1), example = &"datePublished")]
    pub(in crate::config) jsonld: Option<At<String>>,
    /// Source: a regular expression on the item's link. Its first group that matched is the value, or the whole match.
    #[schemars(length(min = 1), example = &r"/(\d+)\.html$")]
    pub(in crate::config) url: Option<At<String>>,
    /// Source: this very text.
    #[schemars(length(min = 1), example = &"The editors")]
    pub(in crate::config) text: Option<At<String>>,
    /// Reads this attribute of what `css` or `xpath` matched, instead of its text.
    #[schemars(length(min = 1), example = &"datetime")]
    pub(in crate::config) attr: Option<At<String>>,
    /// `true` reads markup where the field would take text, `false` text where it would take markup.
    pub(in crate::config) html: Option<At<bool>>,
    /// `true` takes every match, `false` only the first. Authors, categories and enclosures take every match anyway.
    pub(in crate::config) all: Option<At<bool>>,
    /// Puts every match into one text, with this between them. Needs `all = true` where the field takes one value.
    #[schemars(example = &", ")]
    pub(in crate::config) join: Option<At<String>>,
    /// A regular expression: its first group that matched becomes the value, or the whole match. What does not match
    /// is no value.
    #[serde(rename = "match")]
    #[schemars(length(min = 1), example = &r"by (.+)")]
    pub(in crate::config) matching: Option<At<String>>,
    /// Replaces what a regular expression matches: `["from", "to"]`, or a list of such pairs, done in order. `$1` in
    /// the second is the first group of the first.
    #[schemars(example = [["from", "to"]])]
    pub(in crate::config) replace: Option<At<Pairs>>,
    /// A regular expression of what stands between several authors or categories that are one text on the page.
    #[schemars(length(min = 1), example = &", | and ")]
    pub(in crate::config) split: Option<At<String>>,
    /// Puts the value into a sentence: `{value}` is the value, `{title}`, `{link}` and so on are other fields.
    #[schemars(length(min = 1), example = &"{value} ({category})")]
    pub(in crate::config) template: Option<At<String>>,
    /// The field's value if nothing else yields one.
    #[schemars(length(min = 1), example = &"The editors")]
    pub(in crate::config) default: Option<At<String>>,
    /// How the date is written: `unix` (seconds), `unix-ms` (milliseconds), or strftime directives. Without it, every
    /// usual way of writing is understood.
    #[schemars(length(min = 1), example = &"%d.%m.%Y %H:%M")]
    pub(in crate::config) format: Option<At<String>>,
    /// The zone of dates that name none, if it is not the site's.
    #[schemars(length(min = 1), example = &"Europe/Moscow")]
    pub(in crate::config) timezone: Option<At<String>>,
    /// `true` if the zone that the page's dates name is a lie, and `timezone` is right.
    pub(in crate::config) timezone_override: Option<At<bool>>,
    /// The language, and perhaps the country, that the date is written in, if it is not the site's.
    #[schemars(length(min = 1), example = &"en-GB")]
    pub(in crate::config) locale: Option<At<String>>,
}

/// One pair of texts, or a list of pairs. That every pair has two texts is checked later.
pub(in crate::config) type Pairs = Vec<Pair>;

/// One text of a lone pair, or one pair of a list.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(in crate::config) enum Pair {
    /// `"from"` or `"to"` of a lone pair.
    Half(At<String>),
    /// `["from", "to"]`.
    Whole(At<Vec<At<String>>>),
}

impl<'de> Deserialize<'de> for RawField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Written>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(match spanned.into_inner() {
            Written::Switch(on) => Self::Off(on),
            Written::Text(text) => Self::From(vec![At::new(RawExtractor::Short(text), span)]),
            Written::Table(table) => Self::From(vec![At::new(RawExtractor::Table(table), span)]),
            Written::List(list) => Self::From(list),
        })
    }
}

impl<'de> Deserialize<'de> for RawExtractor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::<At<Self>>::deserialize(deserializer)? {
            Written::Text(text) => Ok(Self::Short(text)),
            Written::Table(table) => Ok(Self::Table(table)),
            _ => Err(D::Error::custom("expected a text or a table")),
        }
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Written<At<String>>>::deserialize(deserializer)?;
        let span = spanned.span();
        match spanned.into_inner() {
            Written::Text(text) => Ok(Self::Half(At::new(text, span))),
            Written::List(texts) => Ok(Self::Whole(At::new(texts, span))),
            _ => Err(D::Error::custom("expected a text or a pair of texts")),
        }
    }
}

/// Whatever stands where a field's rule is expected; `T` is what a list may hold, `B` what a table is.
pub(super) enum Written<T = At<RawExtractor>, B = RawTable> {
    Switch(bool),
    Text(String),
    Table(Box<B>),
    List(Vec<T>),
}

impl<'de, T: Deserialize<'de>, B: Deserialize<'de>> Deserialize<'de> for Written<T, B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T, B>(std::marker::PhantomData<(T, B)>);

        impl<'de, T: Deserialize<'de>, B: Deserialize<'de>> Visitor<'de> for Any<T, B> {
            type Value = Written<T, B>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a table, a list or false")
            }

            fn visit_bool<E: Error>(self, on: bool) -> Result<Self::Value, E> {
                Ok(Written::Switch(on))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Written::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Written::List)
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Self::Value, A::Error> {
                B::deserialize(MapAccessDeserializer::new(table)).map(|table| Written::Table(Box::new(table)))
            }
        }

        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

impl JsonSchema for RawField {
    fn schema_name() -> Cow<'static, str> {
        "field".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<RawTable>();
        let short = json_schema!({
            "description": "A CSS selector, perhaps followed by ` @attribute`; `@attribute` alone reads the row's own element. \
                What begins with `/`, `./`, `../` or `(` is XPath, what begins with `$` JSONPath.",
            "type": "string",
            "minLength": 1,
        });
        json_schema!({
            "description": "How a field is read: a CSS selector, perhaps followed by ` @attribute`; a table with another \
                source or with refinements; a list of these, the first that yields a value wins; or `false`, not at all.",
            "anyOf": [
                short,
                table,
                { "type": "array", "items": { "anyOf": [short, table] }, "minItems": 1 },
                { "description": "The field is not read, not even from the usual places.", "type": "boolean", "enum": [false] },
            ],
        })
    }
}

impl JsonSchema for Pair {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "pair".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 },
        ] })
    }
}
