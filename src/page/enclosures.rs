//! The enclosures of an RSS feed. The feed library forgets them where an item has other media, too.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use crate::limits;

/// For each item, in order, what it encloses.
pub(super) fn of_items(text: &str) -> Vec<Vec<Value>> {
    let mut reader = Reader::from_str(text);
    let mut items: Vec<Vec<Value>> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => match start.name().as_ref() {
                "item" if items.len() < limits::JSON_ROWS => items.push(Vec::new()),
                "enclosure" => {
                    let item = items.last_mut().filter(|item| item.len() < limits::VALUES);
                    if let Some(item) = item {
                        item.push(enclosure(&start));
                    }
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return items,
            Ok(_) => {}
        }
    }
}

fn enclosure(start: &BytesStart<'_>) -> Value {
    let mut enclosure = Map::new();
    for attribute in start.attributes().flatten() {
        let name = attribute.key.as_ref();
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { continue };
        let value = match name {
            "url" | "type" => Value::from(value.trim()),
            "length" => value.trim().parse::<u64>().map_or(Value::Null, Value::from),
            _ => continue,
        };
        enclosure.insert(name.to_owned(), value);
    }
    Value::Object(enclosure)
}
