//! Dates in the scripts of a page: what its programs know about the article, as analytics and frameworks write it down.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::dates::{self, Reading};
use crate::item::Date;
use crate::limits;
use crate::page::Document;
use crate::rule::{Css, DateHint};
use chrono::{DateTime, Utc};

/// The day that scripts tell as that of publication, if all that do tell the same one: a page's state may hold many
/// articles, and nobody knows which is meant.
pub(super) fn published(document: &Document, hint: &DateHint, now: DateTime<Utc>) -> Option<Date> {
    static SCRIPT: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("script:not([src])").ok());
    static STATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"(?i)\b(?:date_?published|(?:first_?)?publish(?:ed)?_?(?:date|at|time|on)|pub_?date|publication_?date|page_?date|article_?date)\\?["']?\s*[:=,]\s*\\?["'](\d{4}[^"'\\]{4,30})\\?["']"#,
        )
        .ok()
    });
    let mut left = limits::STATE_BYTES;
    let mut days = BTreeSet::new();
    let mut first = None;
    for script in document.select(SCRIPT.as_ref()?) {
        let text: String = script.text().collect();
        let Some(rest) = left.checked_sub(text.len()) else { break };
        left = rest;
        for stated in STATED.as_ref()?.captures_iter(&text).take(limits::VALUES) {
            let Some(stated) = stated.get(1) else { continue };
            if let Reading::Date(date) = dates::read(stated.as_str(), hint, now) {
                days.insert(date.date_naive());
                first = first.or(Some(date));
            }
        }
    }
    first.filter(|_| days.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weburl::WebUrl;

    #[test]
    fn scripts_are_believed_if_they_agree() {
        let read = |html: &str| {
            let document = Document::parse(html, WebUrl::parse("https://mill.example/goose").unwrap()).unwrap();
            let now = "2026-11-23T12:00:00Z".parse().unwrap();
            published(&document, &DateHint::in_zone(chrono_tz::UTC), now).map(|date| date.date_naive().to_string())
        };
        let layer = "<script>dataLayer = [{\"publishDate\":\"2026-02-11\", 'edited': '2026-03-01'}]</script>";
        assert_eq!(read(layer).as_deref(), Some("2026-02-11"));
        let same = "<script>x({\\\"datePublished\\\":\\\"2026-02-11T10:00:00Z\\\"})</script>";
        assert_eq!(read(&format!("{layer}{same}")).as_deref(), Some("2026-02-11"));
        let others = "<script>related = [{\"published_at\": \"2025-01-01\"}]</script>";
        assert_eq!(read(&format!("{layer}{others}")), None);
        assert_eq!(read("<script>published = 'yes', date = '2026-02-11'</script>"), None);
    }
}
