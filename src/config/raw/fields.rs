//! Tables that hold every field beside keys of their own, without naming the fields one by one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::extractor::RawField;
use crate::item::Field;

/// The keys of `T`, and every field.
#[derive(Clone, Debug, Serialize)]
pub(in crate::config) struct WithFields<T> {
    keys: T,
    /// The fields that the table names.
    pub(in crate::config) fields: BTreeMap<Field, RawField>,
}

impl<T> Deref for WithFields<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.keys
    }
}

/// What a field is, for those who write rules.
const fn meaning(field: Field) -> &'static str {
    match field {
        Field::Id => {
            "What identifies the item within its site, if its address does not: a number, for instance. Changing it \
             makes every item new."
        }
        Field::Link => "The address of the article.",
        Field::Title => "The headline.",
        Field::Published => "When the item was first published.",
        Field::Updated => "When the item last changed in substance.",
        Field::Author => "Who wrote it; every match is an author.",
        Field::Category => "What it is about; every match is a category.",
        Field::Summary => "A teaser, as markup.",
        Field::Content => "The full text, as markup.",
        Field::Image => "The address of the lead image.",
        Field::ImageCaption => "What the lead image shows.",
        Field::ImageCredit => "Whose the lead image is.",
        Field::Enclosure => "The address of sound, video or a file that belongs to the item; every match is one.",
        Field::Comments => "The address of the comments.",
        Field::Language => "The item's language (BCP 47), if it is not the site's.",
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for WithFields<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Table<T> {
            type Value = WithFields<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
                let mut fields = BTreeMap::new();
                let keys = T::deserialize(MapAccessDeserializer::new(Sieve { entries, fields: &mut fields }))?;
                Ok(WithFields { keys, fields })
            }
        }

        deserializer.deserialize_map(Table(PhantomData))
    }
}

/// Keeps the fields of a table, and passes its other keys on.
struct Sieve<'a, A> {
    entries: A,
    fields: &'a mut BTreeMap<Field, RawField>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Sieve<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.entries.next_key::<String>()? {
            let Some(field) = Field::named(&key) else {
                let key: StringDeserializer<A::Error> = key.into_deserializer();
                return seed.deserialize(key).map(Some);
            };
            self.fields.insert(field, self.entries.next_value()?);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.entries.next_value_seed(seed)
    }
}

impl<T: JsonSchema> JsonSchema for WithFields<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let field_schema = generator.subschema_for::<RawField>();
        if let Some(properties) = schema.get_mut("properties").and_then(|p| p.as_object_mut()) {
            for field in Field::ALL {
                let mut property = field_schema.clone();
                property.insert("description".into(), meaning(field).into());
                properties.insert(field.name().into(), property.to_value());
            }
        }
        schema
    }
}

/// What fields must be, in a saved page's test.
pub(super) fn expectations(_: &mut SchemaGenerator) -> Schema {
    let properties: BTreeMap<_, _> = Field::ALL
        .into_iter()
        .map(|field| (field.name(), json_schema!({ "description": meaning(field), "type": "string" })))
        .collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}
