//! Any text as a selector, an XPath expression or a JSONPath: refused in words, or run on a page within the limits.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use feedmill::extract::{self, Circumstances};
use feedmill::page::Document;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use libfuzzer_sys::fuzz_target;

static PAGES: LazyLock<[Page; 2]> = LazyLock::new(|| {
    let page = |content_type: &str, body: &'static str| Page {
        url: WebUrl::parse("https://a.example/").unwrap(),
        content_type: Some(content_type.to_owned()),
        body: body.into(),
        validators: Validators::default(),
            signs: Signs::default(),
        fresh_for: None,
    };
    [page("text/html", include_str!("../page.html")), page("application/json", include_str!("../page.json"))]
});

fuzz_target!(|written: &str| {
    // As the row, as a field of the row, and as a field of the page.
    let quoted = serde_json::to_string(written).unwrap();
    let rule = format!(
        "[sites.a]\nurl = \"https://a.example/\"\n[sites.a.listing]\nitem = [{quoted}, \"li\", \"$.items[*]\"]\ntitle = {quoted}\n\
         [sites.a.article]\ntitle = {quoted}\ncontent = {quoted}\n"
    );
    let plan = match feedmill::config::parse(&rule, Path::new("sites.toml")) {
        Ok(plan) => plan,
        Err(problems) => {
            assert!(!problems.to_string().is_empty());
            return;
        }
    };
    let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
    let circumstances = Circumstances { now, explain: false };
    for site in plan.sites.values() {
        for page in PAGES.iter() {
            if let Ok(mut document) = Document::read_listing(page, &site.rule) {
                extract::listing(&mut document, &site.rule, circumstances);
            }
        }
        if let Ok(mut document) = Document::read(&PAGES[0], None) {
            extract::article(&mut document, &site.rule, None, circumstances);
        }
    }
});
