//! Compares what is written with the schema: unknown keys, wrong types, values that are not among the possible ones.
//!
//! Whatever is wrong is reported and taken out, so that the rest can be read and checked further. The schema is made
//! from the raw types, so that nothing is listed twice.

mod words;

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::diagnostics::Diagnostic;

/// Takes everything out of `root` that `schema` does not allow. Nothing is called missing if `is_broken`: it may stand
/// in a statement that is no TOML.
pub(super) fn prune(root: &mut DeTable<'_>, schema: &Value, is_broken: bool) -> Vec<Diagnostic> {
    let mut walk = Walk { schemas: schema, is_broken, path: Vec::new(), above: Vec::new(), problems: Vec::new() };
    walk.table(root, None, schema);
    walk.problems
}

struct Walk<'s> {
    /// The whole schema, which holds the definitions that its parts refer to.
    schemas: &'s Value,
    is_broken: bool,
    /// The keys that lead to the value at hand.
    path: Vec<String>,
    /// The schemas of the tables that lead there, the outermost first.
    above: Vec<&'s Value>,
    problems: Vec<Diagnostic>,
}

impl<'s> Walk<'s> {
    fn table(&mut self, table: &mut DeTable<'_>, span: Option<&Range<usize>>, schema: &'s Value) {
        let mut wrong = Vec::new();
        let mut meant = Vec::new();
        for (key, value) in table.iter_mut() {
            let name = key.get_ref().as_ref();
            let is_fine = if let Some(known) = known(schema, name) {
                self.path.push(name.to_owned());
                self.above.push(schema);
                let is_fine = self.value(value, known);
                self.above.pop();
                self.path.pop();
                is_fine
            } else {
                let place = words::Place { schemas: self.schemas, schema, path: &self.path, above: &self.above };
                let (complaint, probably) = place.unknown_key(name);
                self.problems.push(complaint.at(key.span()));
                meant.extend(probably);
                false
            };
            if !is_fine {
                wrong.push(name.to_owned());
            }
        }
        for key in strings(schema, "required") {
            if !self.is_broken && !table.contains_key(key) && !meant.iter().any(|name| name == key) {
                self.problems.push(words::missing(schema, &self.path, key).at(span.cloned()));
            }
        }
        for key in wrong {
            table.remove(key.as_str());
        }
    }

    /// Whether `value` may stay, perhaps without some of its parts.
    fn value(&mut self, value: &mut Spanned<DeValue<'_>>, schema: &'s Value) -> bool {
        let span = value.span();
        let ways = alternatives(self.schemas, schema);
        let kind = kind(value.get_ref());
        let fitting: Vec<&Value> = ways.iter().copied().filter(|way| way["type"] == kind).collect();
        let Some(&way) = fitting.first() else {
            let complaint = words::wrong_type(schema, &ways, &self.path, value.get_ref());
            self.problems.push(complaint.at(span));
            return false;
        };
        if let Some(complaint) = words::unfit(schema, &fitting, &self.path, value.get_ref()) {
            self.problems.push(complaint.at(span));
            return false;
        }
        match value.get_mut() {
            DeValue::Table(table) => self.table(table, Some(&span), way),
            DeValue::Array(array) => {
                if let Some(items) = way.get("items") {
                    let whole = std::mem::replace(array, DeArray::new());
                    *array = whole
                        .into_iter()
                        .filter_map(|mut v| self.value(&mut v, items).then_some(v))
                        .collect::<DeArray<'_>>();
                }
            }
            _ => {}
        }
        true
    }
}

/// What the schema says about a table's key.
fn known<'s>(schema: &'s Value, key: &str) -> Option<&'s Value> {
    schema["properties"].get(key).or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()))
}

/// The ways in which a value may be written: references followed, choices spread out.
pub(super) fn alternatives<'s>(schemas: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    if let Some(definition) =
        schema["$ref"].as_str().and_then(|reference| schemas.pointer(reference.trim_start_matches('#')))
    {
        return alternatives(schemas, definition);
    }
    let choices = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    let ways: Vec<&Value> = choices.flat_map(|choice| alternatives(schemas, choice)).collect();
    if ways.is_empty() { vec![schema] } else { ways }
}

/// JSON Schema's name for the type of a value.
const fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

/// The texts in a list of the schema.
pub(super) fn strings<'s>(schema: &'s Value, key: &str) -> impl Iterator<Item = &'s str> {
    schema[key].as_array().into_iter().flatten().filter_map(Value::as_str)
}
