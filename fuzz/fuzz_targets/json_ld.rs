//! Any text as a page's JSON-LD, and any text as the path into it.
#![no_main]

use feedmill::page::Document;
use feedmill::weburl::WebUrl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &str)| {
    let (json, path) = parts;
    // The same text as JSON-LD, and as microdata and microformats.
    let page = format!("<script type='application/ld+json'>{json}</script><div itemscope itemtype='https://schema.org/Article'>{json}</div>");
    let Ok(document) = Document::parse(&page, WebUrl::parse("https://a.example/").unwrap()) else { return };
    for path in [path, "headline", "author.name", "image", "mainEntity.author", "datePublished"] {
        document.things().get(path, path.len() % 2 == 0);
        document.things().of_article(path, false);
        document.marked(None).get(path, false);
    }
});
