//! What a value of JSON looks like: an address, a title, a date.

use serde_json::Value;

use crate::page::Document;
use crate::weburl::WebUrl;

/// Bytes from which on a text is no address, and no title.
const LONG: usize = 1_500;

/// Endings of addresses that lead to no page.
const FILES: [&str; 8] = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".avif", ".mp4"];

/// The page that a value leads to.
pub(super) fn as_link(document: &Document, value: &Value) -> Option<WebUrl> {
    let written = short(value)?.trim();
    let is_address = written.starts_with("http://") || written.starts_with("https://") || written.starts_with('/');
    let path = written.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    if !is_address || written.contains(char::is_whitespace) || FILES.iter().any(|file| path.ends_with(file)) {
        return None;
    }
    document.base().join(written).ok()
}

/// Whether it reads as a title: a few words, no markup, no address, no date.
pub(super) fn is_title(value: &Value) -> bool {
    let Some(text) = short(value).map(str::trim) else { return false };
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_code = !text.contains(' ') && text.is_ascii() && text.contains(['/', '_', '-']);
    (3..=300).contains(&text.chars().count())
        && letters * 2 > text.chars().count()
        && !text.starts_with('<')
        && !is_code
}

pub(super) fn is_date(value: &Value) -> bool {
    let is_written = value.as_str().is_some_and(|text| {
        let mut parts = text.splitn(3, '-');
        let mut number = |digits: usize| {
            parts
                .next()
                .is_some_and(|part| part.len() >= digits && part.bytes().take(digits).all(|b| b.is_ascii_digit()))
        };
        number(4) && number(2) && number(2)
    });
    is_written || unix(value).is_some()
}

/// How a number tells a moment, if it does: those of this century.
pub(super) fn unix(value: &Value) -> Option<&'static str> {
    match value.as_i64()? {
        946_684_800..=4_102_444_800 => Some("unix"),
        946_684_800_000..=4_102_444_800_000 => Some("unix-ms"),
        _ => None,
    }
}

/// What an address may end in instead of being one: `goose-escapes`, `2026/11/goose-escapes`, `4711`.
pub(super) fn as_slug(value: &Value) -> Option<String> {
    if let Some(number) = value.as_u64() {
        return Some(number.to_string());
    }
    let text = short(value)?.trim_matches('/');
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '~');
    ((1..=200).contains(&text.len()) && text.chars().all(is_plain)).then(|| text.to_owned())
}

fn short(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| text.len() <= LONG)
}
