//! What a listing is: by the rule's word, else by its own beginning.

use std::borrow::Cow;
use std::io::Read as _;

use serde_json::Value;

use super::embedded::Tree;
use super::{Document, NotAPage, Told, bounds, charset, check_type, feed, refuse_binary, sitemap};
use crate::limits;
use crate::rule::{Form, Rows, Rule};
use crate::webpage::Page;

impl Document {
    /// Reads a listing: a page, a JSON document, a feed or a sitemap, whatever the rule can read.
    pub fn read_listing(page: &Page, rule: &Rule) -> Result<Self, NotAPage> {
        let listing = &rule.listing;
        if listing.from == Some(Form::Html) {
            return Self::read(page, rule.charset);
        }
        let body = inflated(&page.body);
        refuse_binary(&body, listing.from.unwrap_or(Form::Html))?;
        let text = charset::decode(&body, page.content_type.as_deref(), rule.charset)?;
        let seen = seen(&text, page.content_type.as_deref());
        // A rule with rows of its own means those of the JSON, and none that were made of it.
        let seen = if seen == Some(Form::Json) && listing.item.is_empty() && is_json_feed(&text) {
            Some(Form::Feed)
        } else {
            seen
        };
        let wanted = listing.from.or_else(|| guessed(seen, &listing.item)).unwrap_or(Form::Html);
        let unfit = || NotAPage::Type { sent: sent(page, seen), wanted };
        let told = match wanted {
            Form::Html => {
                check_type(page)?;
                return Self::parse(&text, page.url.clone());
            }
            Form::Json => {
                json(&text).map(|value| told(wanted, value)).map_err(|why| broken(seen, wanted, why, &unfit))?
            }
            Form::Feed => feed::read(&text, &page.url)
                .map(|value| told(wanted, value))
                .map_err(|why| broken(seen, wanted, why, &unfit))?,
            Form::Sitemap if seen == Some(Form::Sitemap) => {
                let read = sitemap::read(&text, &page.url);
                Told { form: wanted, tree: Tree::new(read.items), next: read.children }
            }
            Form::Sitemap => return Err(unfit()),
        };
        Self::telling(told, page.url.clone())
    }
}

fn told(form: Form, value: Value) -> Told {
    Told { form, tree: Tree::new(value), next: Vec::new() }
}

/// What to say about a text that could not be read: that it is something else, or else what is wrong with it.
fn broken(seen: Option<Form>, wanted: Form, why: String, unfit: &impl Fn() -> NotAPage) -> NotAPage {
    if seen == Some(wanted) { NotAPage::Broken(wanted.name(), why) } else { unfit() }
}

/// What the response should be read as, if the rule does not say.
fn guessed(seen: Option<Form>, item: &[Rows]) -> Option<Form> {
    let can_read_json = item.is_empty() || item.iter().any(|rows| !rows.need_a_page());
    seen.filter(|form| *form == Form::Html || can_read_json)
}

/// What a text looks like. Types lie: JSON comes as `text/html`, and feeds as anything.
fn seen(text: &str, content_type: Option<&str>) -> Option<Form> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    match root(start) {
        Some("rss" | "RDF" | "feed" | "channel" | "entry") => return Some(Form::Feed),
        Some("urlset" | "sitemapindex") => return Some(Form::Sitemap),
        _ => {}
    }
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = essence.ends_with("json") || essence.ends_with("javascript");
    if is_json || bare(start).starts_with(['{', '[']) {
        return Some(Form::Json);
    }
    matches!(essence.as_str(), "" | "text/html" | "application/xhtml+xml").then_some(Form::Html)
}

/// Whether JSON says that it is JSON Feed: its version is an address of theirs.
fn is_json_feed(text: &str) -> bool {
    json(text).is_ok_and(|value| {
        let version = value.get("version").and_then(Value::as_str).unwrap_or_default();
        version.contains("://jsonfeed.org/version/")
    })
}

/// The name of an XML document's outermost element, without its prefix.
fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        let end = match rest.get(..1)? {
            "?" => "?>",
            "!" if rest.starts_with("!--") => "-->",
            "!" => ">",
            _ => break,
        };
        rest = rest.split_once(end)?.1;
    }
    let name = rest.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

/// The JSON of a text, without what keeps browsers from running it, or makes them do so.
fn bare(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Some(rest) = text.strip_prefix(")]}'") {
        return rest.trim_start_matches(',').trim();
    }
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '/' | '*'))
    };
    match text.split_once('(') {
        Some((name, call)) if !text.starts_with(['{', '[']) && is_name(name.trim()) => {
            call.trim_end().trim_end_matches(';').trim_end().trim_end_matches(')').trim()
        }
        _ => text,
    }
}

fn json(text: &str) -> Result<Value, String> {
    bounds::json(text)?;
    serde_json::from_str(bare(text)).map_err(|error| error.to_string())
}

/// What the site sent, for a message.
fn sent(page: &Page, seen: Option<Form>) -> String {
    let stated = page.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match (stated, seen) {
        ("", Some(form)) => form.name().to_owned(),
        ("", None) => "something else".to_owned(),
        (stated, _) => crate::text::shorten(&stated.to_ascii_lowercase(), limits::SHOWN_CHARS),
    }
}

/// Sitemaps lie on servers as compressed files, whatever the connection does.
fn inflated(body: &[u8]) -> Cow<'_, [u8]> {
    if !body.starts_with(b"\x1F\x8B") {
        return Cow::Borrowed(body);
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(limits::BODY_BYTES).unwrap_or(u64::MAX);
    // What came before an error, or before the limit, is as good as any sitemap that is cut short.
    let _ = flate2::read::MultiGzDecoder::new(body).take(limit).read_to_end(&mut bytes);
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_its_beginning() {
        for (text, content_type, form) in [
            ("<!doctype html><p>x", None, Some(Form::Html)),
            ("<p>x", Some("text/html; charset=utf-8"), Some(Form::Html)),
            ("\u{feff} {\"a\": 1}", Some("text/html"), Some(Form::Json)),
            ("[1]", None, Some(Form::Json)),
            (")]}',\n{}", Some("application/json"), Some(Form::Json)),
            ("<?xml version='1.0'?><!-- a > b --><?x y?><rss version='2.0'>", Some("text/html"), Some(Form::Feed)),
            ("<rdf:RDF xmlns='x'>", Some("application/xml"), Some(Form::Feed)),
            ("<!DOCTYPE rss SYSTEM 'x'>\n<rss>", None, Some(Form::Feed)),
            ("<urlset xmlns='x'>", Some("text/xml"), Some(Form::Sitemap)),
            ("<s:sitemapindex/>", None, Some(Form::Sitemap)),
            ("<?xml version='1.0'?><html>", Some("application/xhtml+xml"), Some(Form::Html)),
            ("<svg>", Some("image/svg+xml"), None),
            ("hello", Some("text/plain"), None),
            ("<?", None, Some(Form::Html)),
        ] {
            assert_eq!(seen(text, content_type), form, "{text}");
        }
    }

    #[test]
    fn wrappings_are_taken_off() {
        for wrapped in
            ["{\"a\":1}", " \u{feff}{\"a\":1}\n", ")]}',\n{\"a\":1}", "/**/cb_1({\"a\":1});", "a.b({\"a\":1})"]
        {
            assert_eq!(json(wrapped).unwrap(), serde_json::json!({"a": 1}), "{wrapped}");
        }
        assert!(json("{").is_err());
    }

    #[test]
    fn compressed_files_are_inflated_within_bounds() {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&vec![b' '; 3 * limits::BODY_BYTES]).unwrap();
        let bomb = encoder.finish().unwrap();
        assert_eq!(inflated(&bomb).len(), limits::BODY_BYTES);
        assert_eq!(inflated(b"plain").as_ref(), b"plain");
        assert!(inflated(b"\x1F\x8Bbroken").is_empty());
    }
}
