//! Rules for articles on real pages: what `tests/corpora/articles-fundus.toml` reads is what is true of the pages.
//!
//! The measures are those of the corpora's `score_articles.py`: titles are compared with quotes and white space alike,
//! dates by the day, authors as sets of names, and texts by the F1 of their words.

#![cfg(test)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use feedmill::config::{self, Plan, Site};
use feedmill::extract::{self, Circumstances};
use feedmill::item::{Fields, Found};
use feedmill::page::Document;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use regex::Regex;
use serde_json::Value;
use support::corpora;

const CORPUS: &str = "articles-fundus";

/// The plan of the rules; every one of them must be right.
fn plan() -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora/articles-fundus.toml");
    config::load(&path).unwrap_or_else(|error| panic!("{error}"))
}

/// The site whose host is the page's, or stands above it.
fn site_of<'p>(plan: &'p Plan, url: &WebUrl) -> Option<&'p Site> {
    let host = |url: &WebUrl| url.as_url().host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let page = host(url);
    let is_of = |site: &Site| {
        let site = host(&site.url);
        page.strip_suffix(&site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    plan.sites.values().map(AsRef::as_ref).find(|site| is_of(site))
}

/// What the site's rule reads from a saved page, merged as the commands do.
fn read(site: &Site, url: &WebUrl, path: &Path) -> Fields {
    let page = Page {
        url: url.clone(),
        content_type: None,
        body: corpora::markup(path).into(),
        validators: Validators::default(),
        signs: Signs::default(),
        fresh_for: None,
    };
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: false };
    let mut document = Document::read(&page, site.rule.charset).unwrap();
    let reading = extract::article(&mut document, &site.rule, Some(url), circumstances);
    let mut entry = Found::default();
    entry.automatic.link = Some(url.without_tracking());
    extract::merge(&entry, Some(&reading.found), &site.rule, circumstances.now).fields
}

#[test]
fn every_rule_is_a_rule() {
    let plan = plan();
    assert!(plan.sites.len() >= 40, "{} rules", plan.sites.len());
    for (name, site) in &plan.sites {
        let article = site.rule.article.as_ref().unwrap_or_else(|| panic!("{name} has no article rule"));
        assert!(article.fields.names(feedmill::item::Field::Content), "{name} names no content");
    }
}

#[test]
fn articles_are_read_as_they_are() {
    let Some(folder) = corpora::folder() else { return };
    let plan = plan();
    let (mut tally, mut misses) = (Tally::default(), String::new());
    let mut seen = BTreeSet::new();
    let mut truths: Vec<_> = corpora::truth(&folder, CORPUS).into_iter().collect();
    truths.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (page, truth) in &truths {
        let url = WebUrl::parse(truth["url"].as_str().unwrap()).unwrap();
        let Some(site) = site_of(&plan, &url) else { continue };
        seen.insert(site.name.clone());
        tally.add(page, &read(site, &url, &folder.join(page)), truth, &mut misses);
    }
    eprintln!("{misses}{tally:?}");
    assert_eq!(seen.len(), plan.sites.len(), "a rule has no page");
    assert!(tally.pages >= 80, "only {} pages", tally.pages);
    let [title, date, authors] = [tally.titles, tally.dates, tally.authors].map(Share::percent);
    let text = tally.text();
    assert!(title >= 98.0 && date >= 98.0 && authors >= 95.0 && text >= 0.97, "{misses}{tally:?}");
}

/// What is read right without a rule, of a hundred: titles, dates, authors. A little below what was reached; where a
/// publisher's data, its heading and its networks have three titles for one article, the truth is each of them in turn.
const WITHOUT_A_RULE: [(&str, [f64; 3]); 4] = [
    ("articles-fundus", [90.0, 98.0, 92.0]),
    ("articles-postlight", [94.0, 90.0, 79.0]),
    ("articles-wcxb", [89.0, 90.0, 77.0]),
    ("dates-htmldate", [0.0, 91.0, 0.0]),
];

#[test]
fn most_fields_need_no_rule() {
    let Some(folder) = corpora::folder() else { return };
    let bare = "[sites.page]\nurl = \"http://localhost/\"\nlisting.item = \"a\"\narticle = {}\n";
    let plan = config::parse(bare, Path::new("sites.toml")).unwrap();
    for (corpus, least) in WITHOUT_A_RULE {
        let (mut tally, mut misses) = (Tally::default(), String::new());
        for (page, truth) in &corpora::truth(&folder, corpus) {
            if truth["page_type"].as_str().is_some_and(|kind| kind != "article") {
                continue;
            }
            let url = WebUrl::parse(truth["url"].as_str().unwrap()).unwrap();
            tally.add(page, &read(&plan.sites["page"], &url, &folder.join(page)), truth, &mut misses);
        }
        eprintln!("{corpus} without a rule: {tally:?}");
        for (share, least) in [tally.titles, tally.dates, tally.authors].into_iter().zip(least) {
            assert!(share.of == 0 || share.percent() >= least, "{misses}{corpus}: {tally:?}");
        }
    }
}

/// Right ones of those that have a truth.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    right: u32,
    of: u32,
}

impl Share {
    fn add(&mut self, is_right: bool) {
        self.right += u32::from(is_right);
        self.of += 1;
    }

    fn percent(self) -> f64 {
        100.0 * f64::from(self.right) / f64::from(self.of.max(1))
    }
}

#[derive(Debug, Default)]
struct Tally {
    pages: u32,
    titles: Share,
    dates: Share,
    authors: Share,
    alike: f64,
}

impl Tally {
    /// The mean F1 of the texts.
    fn text(&self) -> f64 {
        self.alike / f64::from(self.pages.max(1))
    }

    fn add(&mut self, page: &str, fields: &Fields, truth: &Value, misses: &mut String) {
        let mut compare = |share: &mut Share, what: &str, wanted: &Value, seen: &str, is_right: bool| {
            share.add(is_right);
            if !is_right {
                let _ = writeln!(misses, "{page}: {what} is `{seen}` instead of {wanted}");
            }
        };
        if let Some(wanted) = truth["title"].as_str().filter(|title| !title.is_empty()) {
            let title = fields.title.as_ref().map(ToString::to_string).unwrap_or_default();
            compare(&mut self.titles, "title", &truth["title"], &title, folded(&title) == folded(wanted));
        }
        if let Some(wanted) = truth["date"].as_str() {
            let date = fields.published.map(|date| date.to_rfc3339()).unwrap_or_default();
            let is_right = !days(&date).is_disjoint(&days(wanted));
            compare(&mut self.dates, "date", &truth["date"], &date, is_right);
        }
        if let Some(wanted) = truth["authors"].as_array().filter(|authors| !authors.is_empty()) {
            let wanted: Vec<&str> = wanted.iter().filter_map(Value::as_str).collect();
            let authors: Vec<&str> = fields.author.iter().map(AsRef::as_ref).collect();
            let is_right = names(&authors) == names(&wanted);
            compare(&mut self.authors, "author", &truth["authors"], &authors.join("; "), is_right);
        }
        self.pages += 1;
        let Some(content) = &fields.content else { return };
        let alike = corpora::alike(&extract::text_of(content), truth["text"].as_str().unwrap_or_default());
        if alike < 0.95 {
            let _ = writeln!(misses, "{page}: the text has an F1 of {alike:.3}");
        }
        self.alike += alike;
    }
}

/// A title as it is compared: quotes and white space alike, and nothing that cannot be seen.
fn folded(title: &str) -> String {
    let seen = title.replace(['\u{ad}', '\u{200b}'], "").replace(['’', '‘'], "'").replace(['“', '”'], "\"");
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day of a date on its own clock, and in UTC.
fn days(date: &str) -> BTreeSet<NaiveDate> {
    let own = date.get(..10).and_then(|day| day.parse().ok());
    let utc = DateTime::parse_from_rfc3339(&date.replacen(' ', "T", 1)).ok().map(|date| date.to_utc().date_naive());
    own.into_iter().chain(utc).collect()
}

/// The single names in a list of authors, as bare words.
fn names(authors: &[&str]) -> BTreeSet<String> {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r";|,| and | & | und |\|").unwrap());
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)^(by|von|par|por|di)\s+").unwrap());
    static SIGNS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\W_]+").unwrap());
    let single = authors.iter().flat_map(|author| BETWEEN.split(author));
    let bare = single.map(|name| {
        let name = folded(name);
        SIGNS.replace_all(&BEFORE.replace(&name, ""), " ").trim().to_lowercase()
    });
    bare.filter(|name| !name.is_empty()).collect()
}
