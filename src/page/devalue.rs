//! JSON that is folded: each value once, in one array, and all others refer to it by its number. Nuxt 3 puts its state into
//! pages in this way (the format of the `devalue` library). Unfolded it is what its author wrote.

use std::cell::Cell;

use serde_json::{Map, Value};

/// Levels of nesting that are unfolded: what refers to itself, in a circle, ends earlier.
const DEPTH: usize = 64;

/// What a map weighs, as [`crate::limits::JSON_WEIGHT`] counts, and how many bytes of text weigh as much as a number.
const MAP: usize = 8;
const TEXT: usize = 64;

/// The value that is folded in `folded`, paid for with `left`, as [`crate::limits::JSON_WEIGHT`] weighs it; `None`: nothing is, or it
/// would be too large.
pub(super) fn unfolded(folded: &Value, left: &Cell<usize>) -> Option<Value> {
    let values = folded.as_array().filter(|values| values.first().is_some_and(|first| !first.is_number()))?;
    let mut unfolding = Unfolding { values, open: Vec::new(), left };
    unfolding.at(0)
}

struct Unfolding<'v> {
    values: &'v [Value],
    /// The values that are being unfolded: a reference to one of them is a circle.
    open: Vec<usize>,
    left: &'v Cell<usize>,
}

impl Unfolding<'_> {
    /// The value with that number; `None` if it is too much.
    fn at(&mut self, number: usize) -> Option<Value> {
        let Some(value) = self.values.get(number) else { return Some(Value::Null) };
        if self.open.len() >= DEPTH || self.open.contains(&number) {
            return Some(Value::Null);
        }
        self.open.push(number);
        let unfolded = match value {
            Value::Object(object) => {
                self.pay(MAP * (1 + object.len()))?;
                let fields = object.iter().map(|(key, value)| Some((key.clone(), self.referred(value)?)));
                fields.collect::<Option<Map<String, Value>>>().map(Value::Object)
            }
            Value::Array(members) => self.array(members),
            Value::String(text) => self.pay(1 + text.len() / TEXT).map(|()| value.clone()),
            _ => self.pay(1).map(|()| value.clone()),
        };
        self.open.pop();
        unfolded
    }

    /// What a number in an object or an array refers to. Negative ones are values that JSON has not: holes, infinities.
    fn referred(&mut self, reference: &Value) -> Option<Value> {
        match reference.as_u64().and_then(|number| usize::try_from(number).ok()) {
            Some(number) => self.at(number),
            None => Some(Value::Null),
        }
    }

    /// An array, or what begins with the name of its type: a date, a set, something that is wrapped.
    fn array(&mut self, members: &[Value]) -> Option<Value> {
        self.pay(1 + members.len())?;
        let Some((kind, rest)) = members.split_first().and_then(|(first, rest)| Some((first.as_str()?, rest))) else {
            return members.iter().map(|member| self.referred(member)).collect::<Option<Vec<_>>>().map(Value::Array);
        };
        match (kind, rest.first()) {
            ("Date" | "BigInt" | "URL", Some(text @ Value::String(text_of))) => {
                self.pay(1 + text_of.len() / TEXT).map(|()| text.clone())
            }
            ("Set", _) => rest.iter().map(|member| self.referred(member)).collect::<Option<Vec<_>>>().map(Value::Array),
            ("Map", _) => self.map(rest),
            (_, Some(inner)) => self.referred(inner),
            (_, None) => Some(Value::Null),
        }
    }

    fn map(&mut self, pairs: &[Value]) -> Option<Value> {
        let mut map = Map::new();
        for pair in pairs.chunks(2) {
            let (key, value) = (pair.first().map(|key| self.referred(key)), pair.get(1));
            let key = match key?? {
                Value::String(key) => key,
                other => other.to_string(),
            };
            self.pay(MAP + key.len() / TEXT)?;
            map.insert(key, value.map_or(Some(Value::Null), |value| self.referred(value))?);
        }
        Some(Value::Object(map))
    }

    fn pay(&self, weight: usize) -> Option<()> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(weight));
        (left >= weight).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unfolded(folded: &Value) -> Option<Value> {
        super::unfolded(folded, &Cell::new(crate::limits::JSON_WEIGHT))
    }

    #[test]
    fn references_are_followed() {
        let folded = json!([
            ["ShallowReactive", 1], { "data": 2, "none": -1 }, ["Reactive", 3], { "posts": 4 }, [5, 6],
            { "title": 7, "at": 8 }, { "title": 9, "at": 8 }, "Geese", ["Date", "2026-11-02T10:00:00.000Z"], "Crabs"
        ]);
        let at = "2026-11-02T10:00:00.000Z";
        assert_eq!(
            unfolded(&folded).unwrap(),
            json!({ "data": { "posts": [{ "title": "Geese", "at": at }, { "title": "Crabs", "at": at }] }, "none": null })
        );
        let sets = json!([{ "a": 1, "b": 2 }, ["Set", 3], ["Map", 4, 3], 7, "k"]);
        assert_eq!(unfolded(&sets).unwrap(), json!({ "a": [7], "b": { "k": 7 } }));
    }

    #[test]
    fn circles_and_multiplications_come_to_an_end() {
        assert_eq!(unfolded(&json!([{ "a": 0, "b": 1 }, [0, 1]])).unwrap(), json!({ "a": null, "b": [null, null] }));
        let doubled: Vec<Value> = (1..60).map(|n| json!([n, n])).chain([json!("x")]).collect();
        assert_eq!(unfolded(&json!(doubled)), None);
        let long: Vec<Value> = std::iter::once(json!(vec![1; 100_000])).chain([json!("x".repeat(10_000))]).collect();
        assert_eq!(unfolded(&json!(long)), None);
        for no in [json!([1, 2]), json!({}), json!([])] {
            assert_eq!(unfolded(&no), None, "{no}");
        }
    }
}
