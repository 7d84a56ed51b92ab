//! Readers of feeds, and what each of them sees: feed-rs here, expat and feedparser through `judge.py`.

#![expect(dead_code, reason = "each test binary is a crate of its own and uses a part of this")]

pub(crate) mod samples;
pub(crate) mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use feedmill::edition::{Feed, Format};
use feedmill::item::Item;
use serde::Deserialize;

/// A feed as a reader sees it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Seen {
    pub title: String,
    pub home: String,
    pub items: Vec<SeenItem>,
}

/// An item as a reader sees it; dates in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct SeenItem {
    pub id: String,
    pub title: String,
    pub link: Option<String>,
    pub published: Option<i64>,
    pub updated: Option<i64>,
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    pub summary: Option<String>,
    pub content: Option<String>,
}

/// What every reader of `feed` is to see in `format`.
pub(crate) fn expected(feed: &Feed, format: Format) -> Seen {
    let item = |item: &Item| {
        let fields = &item.fields;
        let html = |html: &Option<feedmill::text::Html>| html.as_ref().map(|html| html.as_str().to_owned());
        let (summary, content) = (html(&fields.summary), html(&fields.content));
        SeenItem {
            id: item.id.clone(),
            title: item.title().to_owned(),
            link: fields.link.as_ref().map(ToString::to_string),
            published: Some(item.published.timestamp()),
            updated: Some(item.updated.timestamp()),
            authors: fields.author.iter().map(ToString::to_string).collect(),
            categories: fields.category.iter().map(ToString::to_string).collect(),
            content: match format {
                // Its summary is text, and one of the two contents is required.
                Format::Json => content.or(summary.clone()).or_else(|| Some(item.title().to_owned())),
                Format::Atom if fields.link.is_none() => content.or(summary.clone()).or_else(|| Some(String::new())),
                _ => content,
            },
            summary: match format {
                Format::Json => None,
                Format::Atom if fields.link.is_none() && fields.content.is_none() => None,
                _ => summary,
            },
        }
    };
    Seen { title: feed.title.clone(), home: feed.home.to_string(), items: feed.items.iter().map(item).collect() }
}

/// What feed-rs sees.
pub(crate) fn feed_rs_sees(document: &[u8], format: Format) -> Seen {
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    let feed = parser.parse(document).expect("feed-rs reads it");
    let item = |entry: feed_rs::model::Entry| {
        let is_page = |link: &&feed_rs::model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
        SeenItem {
            title: entry.title.map(|title| title.content).unwrap_or_default(),
            link: entry.links.iter().find(is_page).map(|link| link.href.clone()),
            published: entry.published.map(|moment| moment.timestamp()),
            updated: entry.updated.map(|moment| moment.timestamp()),
            authors: entry.authors.into_iter().filter_map(|author| author.name).collect(),
            categories: entry.categories.into_iter().map(|category| category.term).collect(),
            summary: entry.summary.map(|summary| summary.content).filter(|_| format != Format::Json),
            content: entry.content.map(|content| content.body.unwrap_or_default()),
            id: entry.id,
        }
    };
    let is_home = |link: &&feed_rs::model::Link| link.rel.as_deref() != Some("self");
    Seen {
        title: feed.title.expect("a title").content,
        home: feed.links.iter().find(is_home).expect("a home").href.clone(),
        items: feed.entries.into_iter().map(item).collect(),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Judgement {
    Saw(Option<Seen>),
    Refused(String),
}

/// What expat and feedparser see in the XML documents, by name; `None` (said loudly) where `target/venv` is missing.
/// A refusal is a failure.
pub(crate) fn python_reads(documents: &[(&str, &[u8])]) -> Option<BTreeMap<String, BTreeMap<String, Option<Seen>>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/venv/bin/python");
    if !python.exists() {
        eprintln!(
            "SKIPPED: expat and feedparser were not asked, since {} is missing (`make test` makes it)",
            python.display()
        );
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<(&str, PathBuf)> = documents.iter().map(|(name, _)| (*name, folder.path().join(name))).collect();
    for ((_, path), (_, document)) in paths.iter().zip(documents) {
        std::fs::write(path, document).unwrap();
    }
    let output = Command::new(python)
        .arg(root.join("tests/readers/judge.py"))
        .args(paths.iter().map(|(_, path)| path))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut judged: BTreeMap<PathBuf, BTreeMap<String, Judgement>> = serde_json::from_slice(&output.stdout).unwrap();
    let seen = paths.into_iter().map(|(name, path)| {
        let readers = judged.remove(&path).expect("an answer for each document").into_iter();
        let readers = readers.map(|(reader, judgement)| match judgement {
            Judgement::Saw(seen) => (reader, seen),
            Judgement::Refused(why) => panic!("{reader} refuses {name}: {why}"),
        });
        (name.to_owned(), readers.collect())
    });
    Some(seen.collect())
}

/// Never used: the expectation above holds in a binary that uses everything else, too.
fn unused() {}
