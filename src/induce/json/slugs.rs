//! Addresses that rows of JSON tell only the end of. What stands before it is believed if the page leads to one of them.

use std::collections::HashMap;

use serde_json::Value;

use super::columns::Column;
use super::values::as_slug;
use crate::limits;
use crate::page::Document;
use crate::weburl::WebUrl;

/// Folders of an address that its end may consist of: `2026/11/30/goose-escapes`.
const FOLDERS: usize = 4;

/// Letters from which on an end is no word that other addresses end in by chance.
const TELLING: usize = 8;

/// What rows call the end of their address.
const SLUGS: [&str; 6] = ["slug", "path", "uri", "handle", "permalink", "route"];

/// The addresses that a page leads to, by their ends: what stands before each, and behind it. Or a guess instead.
pub(super) enum Addresses {
    Known(HashMap<String, Vec<(String, String)>>),
    Guessed(String),
}

impl Addresses {
    pub(super) fn of(document: &Document) -> Self {
        Self::with(document, std::iter::empty())
    }

    /// The same, with addresses that are known otherwise.
    pub(super) fn with<'u>(document: &Document, known: impl Iterator<Item = &'u WebUrl>) -> Self {
        let mut ends: HashMap<String, Vec<(String, String)>> = HashMap::new();
        let links = document.root().descendent_elements().filter(|element| {
            let is_page = element.attr("rel").is_none_or(|rel| !rel.contains("stylesheet"));
            matches!(element.value().name(), "a" | "link") && is_page
        });
        let hrefs = links.filter_map(|link| link.attr("href")).take(limits::LINKS);
        for url in hrefs.filter_map(|href| document.base().join(href).ok()).chain(known.cloned()) {
            for (before, end, behind) in divided(document, &url) {
                ends.entry(end).or_default().push((before, behind));
            }
        }
        Self::Known(ends)
    }

    /// How addresses are made of the values of a column, as a template, if the page leads to some of them; and to how many.
    pub(super) fn template(&self, column: &Column<'_>) -> Option<(usize, String)> {
        let ends = match self {
            Self::Known(ends) => ends,
            Self::Guessed(template) => return column.is_named(&SLUGS).then(|| (1, template.clone())),
        };
        let mut counts: HashMap<&(String, String), (usize, bool)> = HashMap::new();
        for end in column.values.iter().filter_map(|value| as_slug(value)) {
            let is_telling = end.len() >= TELLING && end.contains(|c: char| !c.is_ascii_digit());
            for way in ends.get(&end).into_iter().flatten().take(limits::VALUES) {
                let (count, is_told) = counts.entry(way).or_default();
                (*count, *is_told) = (*count + 1, *is_told || is_telling);
            }
        }
        let sure = counts.into_iter().filter(|(_, (count, is_told))| *is_told || *count > 1);
        let best = sure.max_by(|(one, (few, _)), (other, (many, _))| few.cmp(many).then_with(|| other.cmp(one)));
        best.map(|((before, behind), (count, _))| (count, template(before, behind)))
    }
}

/// An address divided before its end in each way that is tried: what is before, the end, and what is behind.
fn divided(document: &Document, url: &WebUrl) -> Vec<(String, String, String)> {
    let mut ways = Vec::new();
    let is_own = url.as_url().origin() == document.base().as_url().origin();
    let origin = if is_own { String::new() } else { url.as_url().origin().ascii_serialization() };
    let path = url.as_url().path();
    if let Some((name, value)) = url.as_url().query().and_then(|query| query.rsplit_once('=')) {
        ways.push((format!("{origin}{path}?{name}="), value.to_owned(), String::new()));
        return ways;
    }
    let stem = path.trim_end_matches('/');
    let stem = [".html", ".htm", ".php"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let behind = path.get(stem.len()..).unwrap_or_default();
    let folders = stem.char_indices().rev().filter(|(_, c)| *c == '/').take(FOLDERS);
    for (before, end) in folders.filter_map(|(at, _)| stem.split_at_checked(at + 1)) {
        if !end.is_empty() {
            ways.push((format!("{origin}{before}"), end.to_owned(), behind.to_owned()));
        }
    }
    ways
}

/// The template that puts a value between two texts.
pub(super) fn template(before: &str, behind: &str) -> String {
    let meant = |text: &str| text.replace('{', "{{").replace('}', "}}");
    format!("{}{{value}}{}", meant(before), meant(behind))
}

/// The page that a value leads to by such a template.
pub(super) fn led_to(document: &Document, template: &str, value: &Value) -> Option<WebUrl> {
    let whole = template.replace("{value}", &as_slug(value)?);
    document.base().join(&whole).ok()
}
