//! JSON Feed 1.0 and 1.1 (jsonfeed.org), told as rows with the names of fields.

use serde_json::{Map, Value, json};

use super::bounds;
use crate::limits;
use crate::text::escape;

/// Reads a JSON feed. The error says what is wrong with it.
pub(super) fn read(text: &str) -> Result<Value, String> {
    bounds::json(text)?;
    let feed: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let Some(items) = at(&feed, "items").as_array() else { return Err("this JSON has no list of `items`".to_owned()) };
    let people = people(&feed);
    let rows: Vec<Value> = items.iter().take(limits::JSON_ROWS).map(|item| row(item, &people)).collect();
    Ok(json!({ "title": at(&feed, "title"), "language": at(&feed, "language"), "items": rows }))
}

fn row(item: &Value, people_of_feed: &[Value]) -> Value {
    let mut row = Map::new();
    let mut set = |field: &str, value: Value| {
        let is_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        row.extend((!is_nothing).then(|| (field.to_owned(), value)));
    };
    let first = |keys: &[&str]| keys.iter().map(|key| at(item, key)).find(|value| !value.is_null()).cloned();
    let link = first(&["url", "external_url"]).unwrap_or_default();
    if *at(item, "id") != link {
        set("id", at(item, "id").clone());
    }
    set("link", link);
    set("title", plain(at(item, "title")));
    set("published", at(item, "date_published").clone());
    set("updated", at(item, "date_modified").clone());
    let own = people(item);
    set("author", if own.is_empty() { people_of_feed.to_vec() } else { own }.into());
    set("category", at(item, "tags").clone());
    set("summary", plain(at(item, "summary")));
    set("content", first(&["content_html"]).unwrap_or_else(|| plain(at(item, "content_text"))));
    set("image", first(&["image", "banner_image"]).unwrap_or_default());
    let attachments = at(item, "attachments").as_array().into_iter().flatten().map(|attachment| {
        json!({
            "url": at(attachment, "url"),
            "type": at(attachment, "mime_type"),
            "length": at(attachment, "size_in_bytes"),
            "duration": at(attachment, "duration_in_seconds"),
        })
    });
    set("enclosure", attachments.collect());
    set("language", at(item, "language").clone());
    Value::Object(row)
}

fn at<'v>(value: &'v Value, key: &str) -> &'v Value {
    value.get(key).unwrap_or(&Value::Null)
}

/// What the format says is text: no markup in it.
fn plain(text: &Value) -> Value {
    // Lines of a text without signs of markup become paragraphs later.
    text.as_str()
        .map_or(Value::Null, |text| if text.contains(['<', '&']) { escape(text) } else { text.to_owned() }.into())
}

fn people(of: &Value) -> Vec<Value> {
    let many = at(of, "authors").as_array().into_iter().flatten();
    many.chain([at(of, "author")]).map(|person| at(person, "name").clone()).filter(|name| !name.is_null()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_becomes_rows() {
        let told = read(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","authors":[{"name":"Ada"}],"items":[
            {"id":"1","url":"https://a.example/1","title":"a < b","content_html":"<p>x","date_published":"2026-11-02T10:00:00Z",
             "tags":["x"],"image":"/i.jpg","attachments":[{"url":"/1.mp3","mime_type":"audio/mpeg","size_in_bytes":7,"duration_in_seconds":60}]},
            {"id":"https://a.example/2","url":"https://a.example/2","author":{"name":"Bo"},"content_text":"one\n\ntwo"}]}"#,
        )
        .unwrap();
        assert_eq!(told["items"][0]["title"], "a &lt; b");
        assert_eq!(
            told["items"][0]["enclosure"],
            json!([{"url": "/1.mp3", "type": "audio/mpeg", "length": 7, "duration": 60}])
        );
        assert_eq!(told["items"][0]["author"], json!(["Ada"]));
        assert_eq!(told["items"][1], json!({"link": "https://a.example/2", "author": ["Bo"], "content": "one\n\ntwo"}));
        assert!(read("{}").is_err() && read("[").is_err());
    }
}
