//! Kinds of elements and characters, as people see them.

use scraper::node::Element as Markup;

use crate::page::{attributes, is_block};

/// How much a character says, next to a Latin letter.
pub(super) fn width(c: char) -> usize {
    if matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}') { 2 } else { 1 }
}

/// Whether nobody sees what is in it.
pub(super) fn is_unseen(element: &Markup) -> bool {
    matches!(
        element.name(),
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "select"
            | "textarea"
            | "svg"
            | "math"
            | "canvas"
            | "object"
            | "iframe"
            | "option"
            | "dialog"
    )
}

/// Whether its attributes hide it.
pub(super) fn is_hidden(element: &Markup) -> bool {
    attributes(element).any(|(name, value)| match name {
        "hidden" => true,
        "style" if value.contains("none") || value.contains("hidden") => {
            let style: String = value.to_ascii_lowercase().split_whitespace().collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        }
        _ => false,
    })
}

/// Elements whose text is weighed by itself: those that begin and end a line, if they may hold text of the page, and those
/// around all of it.
pub(super) fn is_box(name: &str) -> bool {
    is_block(name) && !matches!(name, "br" | "dialog" | "option")
        || matches!(name, "body" | "button" | "center" | "hgroup" | "html" | "legend" | "menu")
}
