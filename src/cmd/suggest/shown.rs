//! How a suggestion is shown: what the rule yields before it, what to know after it; all of it at once for scripts.

use std::fmt::Write as _;

use serde_json::json;

use super::feeds::Feed;
use super::work::Suggestion;
use crate::clock::{Clock as _, SystemClock};
use crate::cmd::{saved, table};
use crate::rule::Form;

/// Items that are shown.
const ITEMS: usize = 5;

/// What the rule yields.
pub(super) fn before(suggestion: &Suggestion) -> String {
    let Suggestion { site, seen, .. } = suggestion;
    let items = seen.items.iter().take(ITEMS).cloned().collect();
    let feed = saved::feed(site, seen.title.clone(), items, SystemClock.now());
    let mut text = table::items(&feed);
    if let Some(more) = seen.items.len().checked_sub(ITEMS).filter(|more| *more > 0) {
        let _ = writeln!(text, "\n     and {more} more");
    }
    text.push('\n');
    text.push_str(&table::report(&seen.refreshed.report));
    text
}

/// What is to be known, and what to do next.
pub(super) fn after(suggestion: &Suggestion, file: &str, is_written: bool) -> String {
    let mut text = String::new();
    let name = &suggestion.table.name;
    match suggestion.form {
        Form::Html | Form::Json => {
            let _ = writeln!(text, "confidence: {} of 100", suggestion.confidence);
        }
        Form::Feed if suggestion.second.is_none() => {
            text.push_str("this address is a feed itself: a reader can subscribe to it as it is\n");
        }
        Form::Feed => {}
        Form::Sitemap => text.push_str("this is a sitemap: titles and texts come from the articles\n"),
    }
    for feed in &suggestion.feeds {
        let is_it = suggestion.second.is_some() && suggestion.table.url == feed.url;
        let _ = writeln!(text, "{}", about(feed, suggestion, is_it));
    }
    for remark in &suggestion.remarks {
        let _ = writeln!(text, "{remark}");
    }
    if let Some(second) = &suggestion.second {
        let _ = writeln!(text, "\nwithout the feed (--no-feed), this is the rule for the page:\n");
        for line in second.toml().lines() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
    }
    if is_written {
        let _ = write!(text, "\nadded to {file}; `feedmill preview {name}` shows all of it");
    } else {
        let _ = write!(text, "\n--write adds it to {file}");
    }
    text
}

/// A feed that the site has.
fn about(feed: &Feed, suggestion: &Suggestion, is_it: bool) -> String {
    let Feed { url, title, items, common, .. } = feed;
    let title = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    let start = format!("this site has a feed: {url}{title}, {} items", items.len());
    if is_it && suggestion.table.full_text {
        format!(
            "{start}, {common} of the page's among them: a reader can subscribe to it as it is; the rule adds the full text"
        )
    } else if *common == 0 {
        format!("{start}, none of the page's among them")
    } else if feed.is_of_page {
        format!("{start}, {common} of the page's among them: a reader can subscribe to it as it is, without a rule")
    } else {
        format!("{start}, {common} of the page's among them: it is a feed of more than this page")
    }
}

/// For scripts.
pub(super) fn json(suggestion: &Suggestion, written: Option<&str>) -> String {
    let Suggestion { table, second, form, seen, confidence, feeds, remarks, .. } = suggestion;
    let kind = match form {
        Form::Html => "page",
        Form::Json => "json",
        Form::Feed => "feed",
        Form::Sitemap => "sitemap",
    };
    let feeds: Vec<_> = feeds
        .iter()
        .map(|Feed { url, title, items, common, is_of_page, .. }| {
            json!({ "url": url, "title": title, "items": items.len(), "common": common, "of_page": is_of_page })
        })
        .collect();
    let value = json!({
        "name": table.name,
        "url": table.url,
        "kind": kind,
        "toml": table.toml(),
        "confidence": confidence,
        "feeds": feeds,
        "second": second.as_ref().map(super::table::Table::toml),
        "items": seen.items,
        "report": seen.refreshed.report,
        "remarks": remarks,
        "written": written,
    });
    format!("{value:#}")
}
