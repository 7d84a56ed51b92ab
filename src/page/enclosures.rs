//! The enclosures of an RSS feed. The feed library forgets them where an item has other media, too.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use crate::limits;

/// For each item, in order, what it encloses. How long an episode is stands beside its enclosure, in the words of
/// podcasts (`32:10`, which the library does not read).
pub(super) fn of_items(text: &str) -> Vec<Vec<Value>> {
    let mut reader = Reader::from_str(text);
    let mut items: Vec<(Vec<Value>, Option<String>)> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if start.name().as_ref() == "itunes:duration" => {
                let text = reader.read_text(start.name()).ok();
                if let (Some((_, duration)), Some(text)) = (items.last_mut(), text) {
                    *duration = Some(text.trim().to_owned());
                }
            }
            Ok(Event::Start(start) | Event::Empty(start)) => match start.name().as_ref() {
                "item" if items.len() < limits::JSON_ROWS => items.push((Vec::new(), None)),
                "enclosure" => {
                    let item = items.last_mut().filter(|(item, _)| item.len() < limits::VALUES);
                    if let Some((item, _)) = item {
                        item.push(enclosure(&start));
                    }
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return items.into_iter().map(with_duration).collect(),
            Ok(_) => {}
        }
    }
}

fn with_duration((mut item, duration): (Vec<Value>, Option<String>)) -> Vec<Value> {
    if let (Some(Value::Object(first)), Some(duration)) = (item.first_mut(), duration) {
        first.insert("duration".to_owned(), duration.into());
    }
    item
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
