//! What an edition costs: 30 full-text items of 28 KB, by format, and the compression of the result by level.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that fails may panic")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;

use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use feedmill::edition::{Feed, Format};
use feedmill::item::{Fields, Item};
use feedmill::render::rendering;
use feedmill::text::{Html, Text};
use feedmill::weburl::WebUrl;
use flate2::Compression;
use flate2::write::GzEncoder;

const ITEMS: u64 = 30;
const CONTENT_BYTES: usize = 28_000;

/// Prose that is neither the same everywhere nor noise: words drawn by a small generator of random numbers.
fn content(seed: u64) -> String {
    const WORDS: [&str; 32] = [
        "the",
        "mill",
        "river",
        "grinds",
        "slowly",
        "flour",
        "bread",
        "and",
        "water",
        "of",
        "stone",
        "wheel",
        "a",
        "morning",
        "&amp;",
        "sacks",
        "carried",
        "village",
        "which",
        "baker",
        "harvest",
        "weather",
        "had",
        "been",
        "said",
        "to",
        "neighbour",
        "price",
        "market",
        "rye",
        "wheat",
        "Thursday",
    ];
    let mut state = seed + 1;
    let mut html = String::from("<p>");
    while html.len() < CONTENT_BYTES {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = usize::try_from(state >> 40).unwrap();
        match draw % 97 {
            0 => html.push_str("</p>\n<p>"),
            1 => write!(html, "<a href=\"https://mill.example/{draw}?a=1&amp;b=2\">link</a> ").unwrap(),
            _ => write!(html, "{} ", WORDS[draw / 97 % WORDS.len()]).unwrap(),
        }
    }
    html + "</p>"
}

fn feed() -> Feed {
    let home = WebUrl::parse("https://mill.example/").unwrap();
    let published = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap();
    let item = |number| {
        let link = home.join(&format!("/news/{number}.html")).unwrap();
        let fields = Fields {
            link: Some(link.clone()),
            title: Text::new(&format!("News number {number}")),
            author: Text::new("Ada Müller").into_iter().collect(),
            summary: Some(Html::from_clean("<p>Short news.</p>".into())),
            content: Some(Html::from_clean(content(number))),
            ..Fields::default()
        };
        Item { id: link.to_string(), id_is_link: true, published, updated: published, fields }
    };
    Feed {
        site: "mill".into(),
        title: "The Mill".into(),
        description: None,
        language: Some("en".into()),
        address: None,
        query: None,
        origins: <_>::default(),
        ttl_minutes: 60,
        changed: published.to_utc(),
        items: (0..ITEMS).map(item).collect(),
        home,
    }
}

fn render(c: &mut Criterion) {
    let feed = feed();
    for format in Format::ALL {
        c.bench_function(&format!("{} with gzip", format.name()), |b| {
            b.iter(|| black_box(rendering(black_box(&feed), format)));
        });
    }
    let document = rendering(&feed, Format::Rss).plain;
    for level in [1, 2, 3, 4, 5, 6, 9] {
        let compressed = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
            encoder.write_all(&document).unwrap();
            encoder.finish().unwrap()
        };
        let size = compressed().len();
        c.bench_function(&format!("gzip -{level} of {} bytes to {size}", document.len()), |b| {
            b.iter(|| black_box(compressed()));
        });
    }
}

criterion_group!(benches, render);
criterion_main!(benches);
