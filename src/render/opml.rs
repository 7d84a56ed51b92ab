//! OPML 2.0: a list of subscriptions that readers import.

use std::fmt::Write as _;

use super::index::IndexEntry;
use super::valid;
use crate::edition::Format;
use crate::text::escape;

/// The list of all feeds, each in RSS, which every reader knows.
pub fn opml(title: &str, entries: &[IndexEntry]) -> String {
    let title = escape(&valid::line(title, "Feedmill"));
    // The form of an address is none that a reader could ask for.
    let outlines = entries.iter().filter(|entry| !entry.is_form).fold(String::new(), |mut outlines, entry| {
        let name = escape(&valid::line(&entry.title, &entry.name));
        let (feed, home) = (escape(&entry.address_of(Format::Rss)), escape(&valid::uri(&entry.home)));
        // Writing to a String cannot fail.
        let _ = writeln!(
            outlines,
            r#"<outline type="rss" text="{name}" title="{name}" xmlUrl="{feed}" htmlUrl="{home}"/>"#
        );
        outlines
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n<head><title>{title}</title></head>\n\
         <body>\n{outlines}</body>\n</opml>\n"
    )
}
