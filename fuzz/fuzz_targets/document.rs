//! Any bytes as a listing and as an article: read within the limits, and what comes out is legal and clean.
#![no_main]

use chrono::{DateTime, Utc};
use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::rule::Rule;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// A rule with every kind of source and refinement.
const RULE: &str = include_str!("../rule.toml");

static RULES: LazyLock<Vec<Arc<Rule>>> = LazyLock::new(|| {
    let plan = config::parse(RULE, Path::new("rule.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    plan.sites.values().map(|site| Arc::clone(&site.rule)).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, body)) = bytes.split_first() else { return };
    let content_type = match kind % 6 {
        0 => Some("text/html"),
        1 => Some("text/html; charset=windows-1251"),
        2 => Some("application/json"),
        3 => Some("application/rss+xml"),
        4 => Some("application/xml"),
        _ => None,
    };
    let page = Page {
        url: WebUrl::parse("https://a.example/blog/").unwrap(),
        content_type: content_type.map(str::to_owned),
        body: body.to_vec().into(),
        validators: Validators::default(),
            signs: Signs::default(),
        fresh_for: None,
    };
    let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
    for rule in RULES.iter() {
        let circumstances = Circumstances { now, explain: kind & 64 != 0 };
        if let Ok(mut document) = Document::read_listing(&page, rule) {
            for entry in extract::listing(&mut document, rule, circumstances).entries {
                settled(&entry.found.ruled);
                settled(&entry.found.automatic);
            }
        }
        if let Ok(mut document) = Document::read(&page, rule.charset) {
            let reading = extract::article(&mut document, rule, Some(&page.url), circumstances);
            settled(&reading.found.ruled);
            settled(&reading.found.automatic);
        }
    }
});

/// Cleaning what is clean changes nothing (FAULTS 36).
fn settled(fields: &Fields) {
    for html in [&fields.content, &fields.summary].into_iter().flatten() {
        let again = extract::clean(html.as_str());
        assert_eq!(again.as_ref().map(|html| html.as_str()), Some(html.as_str()));
    }
}
