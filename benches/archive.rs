//! What the archive costs: a refresh that brings 30 full-text articles, one that brings nothing, and reading back.

#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use feedmill::archive::{Archive, ArticleState, Record, SiteState, SqliteArchive};
use feedmill::item::{Fields, Found, Item};
use feedmill::kept::KeptPage;
use feedmill::rule::Filter;
use feedmill::text::{Html, Text};
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;

const ITEMS: usize = 30;
const CONTENT_BYTES: usize = 28_000;

fn records(round: usize) -> Vec<Record> {
    (0..ITEMS).map(|number| record(&format!("{round}-{number}"))).collect()
}

fn record(name: &str) -> Record {
    let link = WebUrl::parse(&format!("https://mill.example/news/{name}.html")).unwrap();
    let paragraph = "<p>The mill by the river grinds <em>slowly</em>, but it grinds &amp; grinds.</p>\n";
    let fields = Fields {
        link: Some(link.clone()),
        title: Text::new(&format!("News of {name}")),
        content: Some(Html::from_clean(paragraph.repeat(CONTENT_BYTES / paragraph.len()))),
        ..Fields::default()
    };
    let entry = Fields { content: None, ..fields.clone() };
    let published = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap();
    Record {
        number: None,
        keys: vec![link.to_string()],
        first_seen: published.with_timezone(&Utc),
        item: Item { id: link.to_string(), id_is_link: true, published, updated: published, fields },
        entry: Found { ruled: entry, automatic: Fields::default() },
        digest: "0123456789abcdef0123456789abcdef".into(),
        rule: "0123456789abcdef0123456789abcdef".into(),
        article: ArticleState { read: true, ..ArticleState::default() },
        is_dropped: false,
        held: None,
        pages: Vec::new(),
    }
}

/// A page of some 100 kB: the text, and three times as much around it.
fn page_of(record: &Record) -> Page {
    let text = record.item.fields.content.as_ref().unwrap().as_str();
    let around: String =
        (0..600).map(|n| format!("<li class=\"menu-{n}\"><a href=\"/{}\">{n}</a>\n", n * 7919)).collect();
    let url = record.item.fields.link.clone().unwrap();
    let body = format!("<html><body>{around}{text}{around}{around}").into();
    Page {
        url,
        content_type: Some("text/html".to_owned()),
        body,
        validators: Validators::default(),
        fresh_for: None,
        signs: Signs::default(),
    }
}

fn kept(page: &Page) -> KeptPage {
    let now = DateTime::from_timestamp(1_763_900_000, 0).unwrap();
    KeptPage::of(page.url.clone(), page, now, now + chrono::TimeDelta::days(7)).unwrap()
}

fn page(record: &Record) -> KeptPage {
    kept(&page_of(record))
}

fn archive(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = SqliteArchive::open(&folder.path().join("feedmill.db")).unwrap();
    let now = DateTime::from_timestamp(1_763_900_000, 0).unwrap();
    let commit = |site: &str, records| {
        runtime.block_on(async {
            let now = DateTime::UNIX_EPOCH;
            assert!(archive.lease(site, "bench", now, now).await.unwrap());
            archive.commit(site, "bench", SiteState::default(), records).await.unwrap();
        });
    };
    let keys = |records: &[Record]| -> Vec<String> { records.iter().flat_map(|r| r.keys.clone()).collect() };
    commit("old", records(0));
    let known = runtime.block_on(archive.find("old", keys(&records(0)))).unwrap();

    let mut round = 0;
    c.bench_function("commit 30 new full-text items", |b| {
        let fresh = || {
            round += 1;
            records(round)
        };
        b.iter_batched(fresh, |records| commit("new", records), BatchSize::PerIteration);
    });
    let mut round = 1_000_000;
    c.bench_function("commit 30 new full-text items with their pages", |b| {
        let fresh = || {
            round += 1;
            let mut records = records(round);
            for record in &mut records {
                record.pages = vec![page(record)];
            }
            records
        };
        b.iter_batched(fresh, |records| commit("kept", records), BatchSize::PerIteration);
    });
    let body = page_of(&record("one"));
    c.bench_function("compress a page of 100 kB", |b| b.iter(|| kept(&body)));
    c.bench_function("commit 30 changed full-text items", |b| {
        b.iter_batched(|| known.clone(), |records| commit("old", records), BatchSize::PerIteration);
    });
    c.bench_function("commit a refresh that brought nothing", |b| b.iter(|| commit("old", vec![])));
    c.bench_function("take and give back a lease", |b| {
        b.iter(|| {
            assert!(runtime.block_on(archive.lease("old", "bench", now, now)).unwrap());
            runtime.block_on(archive.release("old", "bench")).unwrap();
        });
    });
    c.bench_function("find 30 full-text items", |b| {
        b.iter_batched(
            || keys(&known),
            |keys| black_box(runtime.block_on(archive.find("old", keys)).unwrap()),
            BatchSize::PerIteration,
        );
    });
    c.bench_function("the 30 newest full-text items", |b| {
        b.iter(|| black_box(runtime.block_on(archive.newest("old", ITEMS, &Filter::default())).unwrap()));
    });
}

criterion_group!(benches, archive);
criterion_main!(benches);
