//! Who an item is: the keys that lead to it, and the id that it keeps for ever.
//!
//! The scheme is part of every reader's memory: changing it would make every item of every feed new again.

use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::archive::Record;
use crate::item::Fields;
use crate::weburl::WebUrl;

/// What a key by the rule's `id` begins with, and what one by a link.
pub(super) const BY_ID: &str = "id:";
const BY_LINK: &str = "link:";

/// What may stand as it is in the specific part of a tag URI (RFC 4151, section 2.1).
const SPECIFIC: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@')
    .remove(b'=')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

/// What is known of an item's identity from its listing's row, before its article has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    /// By the rule's `id`.
    pub(super) id: Option<String>,
    /// By the canonical link.
    pub(super) link: Option<String>,
}

impl Identity {
    /// Of fields: the rule's `id`, and the link without what does not tell pages apart.
    pub(super) fn of(fields: &Fields) -> Self {
        Self { id: fields.id.as_ref().map(|id| format!("{BY_ID}{id}")), link: fields.link.as_ref().map(key_of) }
    }

    /// The keys, the telling one first.
    pub(super) fn keys(&self) -> Vec<String> {
        self.id.iter().chain(&self.link).cloned().collect()
    }

    /// Whether `record` is this item. An id decides; a link alone only where the record has no id of its own, as when
    /// the rule was given its `id` later.
    pub(super) fn is(&self, record: &Record) -> bool {
        let has = |key: &Option<String>| key.as_ref().is_some_and(|key| record.keys.contains(key));
        match self.id {
            Some(_) => has(&self.id) || has(&self.link) && !record.keys.iter().any(|key| key.starts_with(BY_ID)),
            None => has(&self.link),
        }
    }
}

/// The key that a link is.
pub(super) fn key_of(link: &WebUrl) -> String {
    format!("{BY_LINK}{}", link.essence())
}

/// The permanent id of an item first seen at `first_seen`, and whether it is the item's address: the canonical link,
/// or, by an `id` rule, a tag URI (RFC 4151).
pub(super) fn permanent_id(fields: &Fields, site: &str, home: &WebUrl, first_seen: DateTime<Utc>) -> (String, bool) {
    match (&fields.id, &fields.link) {
        (None, Some(link)) => (link.canonical().into(), true),
        (id, _) => {
            let key = id.as_ref().map(ToString::to_string).unwrap_or_default();
            let key = utf8_percent_encode(&key, SPECIFIC);
            (format!("tag:{},{}:{site}/{key}", home.host(), first_seen.format("%Y-%m-%d")), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn ids_are_links_or_tags() {
        let home = WebUrl::parse("https://a.example/news/").unwrap();
        let seen = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut fields = Fields { link: home.join("goose?utm_source=x").ok(), ..Fields::default() };
        assert_eq!(permanent_id(&fields, "geese", &home, seen), ("https://a.example/news/goose".into(), true));
        fields.id = Text::new("no 7 / ü");
        let tag = "tag:a.example,2026-11-23:geese/no%207%20/%20%C3%BC";
        assert_eq!(permanent_id(&fields, "geese", &home, seen), (tag.into(), false));
    }
}
