//! Feeds that are too large for readers: the oldest items give up their text first.

use crate::edition::Feed;
use crate::item::Fields;
use crate::text::Html;

/// What items give up, in this order, the oldest items first.
const DISPENSABLE: [fn(&mut Fields) -> Option<Html>; 2] =
    [|fields| fields.content.take(), |fields| fields.summary.take()];

/// The feed by `document`, with as much left out as it takes to stay within `limit` bytes: the content of the oldest
/// items, then their summaries, then the items themselves.
pub(super) fn fitting(feed: &Feed, document: impl Fn(&Feed) -> Vec<u8>, limit: usize) -> Vec<u8> {
    let mut bytes = document(feed);
    let mut lighter = None;
    while bytes.len() > limit {
        let lighter = lighter.get_or_insert_with(|| feed.clone());
        if !lighten(lighter, bytes.len(), bytes.len() - limit) {
            break;
        }
        bytes = document(lighter);
    }
    bytes
}

/// Leaves out about `excess` of the `size` bytes that the feed has in some format; `false` if there is nothing left to
/// leave out. How much longer escaping made a text is taken from the feed as a whole.
fn lighten(feed: &mut Feed, size: usize, excess: usize) -> bool {
    let length = |html: &Option<Html>| html.as_ref().map_or(0, |html| html.as_str().len());
    let total: usize = feed.items.iter().map(|item| length(&item.fields.content) + length(&item.fields.summary)).sum();
    for leave_out in DISPENSABLE {
        let mut left_out = 0;
        for item in feed.items.iter_mut().rev() {
            if left_out >= excess {
                break;
            }
            let html = leave_out(&mut item.fields);
            left_out += html.map_or(0, |html| (html.as_str().len() * size / total.max(1)).max(1));
        }
        if left_out > 0 {
            return true;
        }
    }
    let count = feed.items.len();
    let superfluous = (excess * count / size.max(1)).max(1);
    feed.items.truncate(count.saturating_sub(superfluous));
    count > 0
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::item::Item;
    use crate::weburl::WebUrl;

    fn feed() -> Feed {
        let home = WebUrl::parse("https://mill.example/").unwrap();
        let published = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap();
        let item = |number: usize| {
            let html = |letter: &str, length| Some(Html::from_clean(letter.repeat(length)));
            let fields = Fields { content: html("c", 100 + number), summary: html("s", 10), ..Fields::default() };
            Item { id: number.to_string(), id_is_link: false, published, updated: published, fields }
        };
        Feed {
            site: "mill".into(),
            title: "Mill".into(),
            description: None,
            home,
            language: None,
            address: None,
            query: None,
            origins: <_>::default(),
            ttl_minutes: 1,
            changed: published.to_utc(),
            items: (0..10).map(item).collect(),
        }
    }

    /// A format in which every letter of a text takes two bytes.
    fn document(feed: &Feed) -> Vec<u8> {
        let texts = feed.items.iter().map(|item| {
            let text = |html: &Option<Html>| html.as_ref().map_or(String::new(), |html| html.as_str().repeat(2));
            format!("{}{}{}\n", item.id, text(&item.fields.content), text(&item.fields.summary))
        });
        texts.collect::<String>().into_bytes()
    }

    #[test]
    fn content_goes_first_then_summaries_then_items_and_the_oldest_always() {
        let whole = document(&feed()).len();
        for limit in 0..=whole {
            let shown = String::from_utf8(fitting(&feed(), document, limit)).unwrap();
            assert!(shown.len() <= limit);
            let items: Vec<&str> = shown.lines().collect();
            let with = |letter: char| items.iter().take_while(|item| item.contains(letter)).count();
            assert!(items.iter().skip(with('c')).all(|item| !item.contains('c')), "no gaps");
            assert!(items.iter().skip(with('s')).all(|item| !item.contains('s')), "no gaps");
            assert!(with('c') == 0 || with('s') == 10, "content before summaries");
            assert!(with('s') == 0 || items.len() == 10, "summaries before items");
            if limit + 210 > whole && limit < whole {
                assert_eq!(with('c'), 9, "no more than it takes");
            }
        }
        assert_eq!(fitting(&feed(), document, whole), document(&feed()));
    }
}
