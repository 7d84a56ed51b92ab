//! The rule language is enough: every page of the listing corpora is described in three to eight lines, which yield its
//! rows and nothing else. The rules are part of the project; the pages are not.

#![cfg(test)]

mod support;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use feedmill::config::{self, Site};
use feedmill::extract::{self, Circumstances};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use serde_json::Value;
use support::corpora;
use url::Url;

/// A rule is no rule of so many lines if its lines are endless.
const LINE_CHARS: usize = 150;

/// A rule of the file and how many lines its tables have.
struct Ruled {
    site: Site,
    lines: usize,
}

/// The rules for a corpus, by the pages' ids in small letters.
fn rules(corpus: &str) -> BTreeMap<String, Ruled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpora/{corpus}.toml"));
    let text = fs::read_to_string(&path).unwrap();
    let plan = config::parse(&text, &path).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let mut lines = HashMap::<&str, usize>::new();
    let mut site = "";
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        assert!(line.chars().count() <= LINE_CHARS, "{corpus}: a long line: {line}");
        if let Some(table) = line.strip_prefix("[sites.") {
            site = table.trim_end_matches(']').split('.').next().unwrap();
        } else {
            *lines.entry(site).or_default() += 1;
        }
    }
    let ruled = |(name, site): (&String, &std::sync::Arc<Site>)| {
        (name.clone(), Ruled { site: Site::clone(site), lines: lines[name.as_str()] })
    };
    plan.sites.iter().map(ruled).collect()
}

#[test]
fn every_rule_has_three_to_eight_lines() {
    for (corpus, least) in [("listings-ruled", 49), ("listings-courts", 30)] {
        let rules = rules(corpus);
        assert!(rules.len() >= least, "{corpus}: {} rules", rules.len());
        for (name, ruled) in &rules {
            assert!((3..=8).contains(&ruled.lines), "{corpus}: {name} has {} lines", ruled.lines);
        }
        let lines: usize = rules.values().map(|ruled| ruled.lines).sum();
        eprintln!("{corpus}: {} rules, {lines} lines", rules.len());
    }
}

/// How many values of a kind are right, over a corpus.
#[derive(Default)]
struct Tally {
    all: usize,
    right: usize,
    exact: usize,
}

impl Tally {
    /// Whether at least 99 % are right.
    fn is_right(&self) -> bool {
        self.right * 100 >= self.all * 99
    }

    fn is_exact(&self) -> bool {
        self.exact * 100 >= self.all * 99
    }
}

#[derive(Default)]
struct Score {
    pages: usize,
    failed: Vec<String>,
    titles: Tally,
    dates: Tally,
}

/// Reads every page that has a rule, and compares.
fn score(corpus: &str) -> Option<Score> {
    let folder = corpora::folder()?;
    let truth: HashMap<String, Value> = corpora::truth(&folder, corpus)
        .into_values()
        .map(|truth| (truth["id"].as_str().unwrap().to_lowercase(), truth))
        .collect();
    let mut score = Score::default();
    for (name, ruled) in rules(corpus) {
        let truth = truth.get(&name).unwrap_or_else(|| panic!("{corpus} has no page {name}"));
        let faults = compare(&folder.join(corpus), &ruled.site, truth, &mut score);
        score.pages += 1;
        if !faults.is_empty() {
            score.failed.push(format!("--- {corpus}: {name}\n{faults}"));
        }
    }
    let Score { titles, dates, .. } = &score;
    eprintln!("{}", score.failed.join("\n"));
    eprintln!(
        "{corpus}: {} pages, {} with faults; titles {}/{} right, {} exact; dates {}/{} right, {} exact",
        score.pages,
        score.failed.len(),
        titles.right,
        titles.all,
        titles.exact,
        dates.right,
        dates.all,
        dates.exact,
    );
    Some(score)
}

/// Compares one page's rows with the truth, and tells what is wrong.
fn compare(folder: &Path, site: &Site, truth: &Value, score: &mut Score) -> String {
    let base = truth["base"].as_str().or(truth["url"].as_str()).filter(|base| !base.is_empty());
    let base = base.map_or_else(|| site.url.as_url().clone(), |base| Url::parse(base).unwrap());
    let key = |row: &Value| {
        let href = row["href"].as_str().or(row["link"].as_str())?;
        // What only tracks readers is taken out of links on purpose.
        let link = WebUrl::parse(base.join(href).ok()?.as_str()).ok()?.without_tracking();
        Some(corpora::address(link.as_str()))
    };
    let mut wanted = BTreeMap::new();
    for row in truth["items"].as_array().unwrap() {
        if let Some(key) = key(row) {
            wanted.entry(key).or_insert(row);
        }
    }
    let also = truth["also"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let also: Vec<String> = also.map(corpora::address).collect();
    let mut seen = BTreeMap::new();
    for fields in read(&folder.join(truth["html"].as_str().unwrap()), &base, site) {
        if let Some(link) = &fields.link {
            seen.entry(corpora::address(link.as_str())).or_insert(fields);
        }
    }
    let mut faults = String::new();
    for (link, wanted) in &wanted {
        match seen.get(link) {
            Some(seen) => values(link, seen, wanted, score, &mut faults),
            None => writeln!(faults, "missing {link}: {}", wanted["title"]).unwrap(),
        }
    }
    if truth["complete"] != false {
        for link in seen.keys().filter(|link| !wanted.contains_key(*link) && !also.contains(link)) {
            writeln!(faults, "extra {link}: {:?}", seen[link].title.as_ref().map(ToString::to_string)).unwrap();
        }
    }
    faults
}

/// The entries of a saved page, as a feed would show them.
fn read(path: &Path, base: &Url, site: &Site) -> Vec<Fields> {
    let mut body = Vec::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut body).unwrap();
    let url = WebUrl::parse(base.as_str()).unwrap();
    let page = Page {
        url,
        content_type: None,
        body: body.into(),
        validators: Validators::default(),
        fresh_for: None,
        signs: Signs::default(),
    };
    let mut document = Document::read(&page, site.rule.charset).unwrap();
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    let reading = extract::listing(&mut document, &site.rule, Circumstances { now, explain: false });
    reading.entries.iter().map(|entry| extract::merge(&entry.found, None, &site.rule, now).fields).collect()
}

/// Compares title and date where the page tells them.
fn values(link: &str, seen: &Fields, wanted: &Value, score: &mut Score, faults: &mut String) {
    let is_told = |mark: &str| wanted[mark].as_bool().unwrap_or(true);
    if let Some(title) = wanted["title"].as_str().filter(|title| !title.is_empty() && is_told("title_in_page")) {
        let read = seen.title.as_ref().map(ToString::to_string).unwrap_or_default();
        let is_exact = corpora::folded(&read) == corpora::folded(title);
        let is_right = is_exact || overlap(&read, title);
        score.titles.all += 1;
        score.titles.right += usize::from(is_right);
        score.titles.exact += usize::from(is_exact);
        if !is_exact {
            let how = if is_right { "near" } else { "wrong" };
            writeln!(faults, "{how} title of {link}: {read:?} instead of {title:?}").unwrap();
        }
    }
    if let Some(date) = wanted["date"].as_str().filter(|_| is_told("date_in_page")) {
        let day: chrono::NaiveDate = date.get(..10).unwrap().parse().unwrap();
        let days = seen.published.map(|read| (read.date_naive() - day).num_days().abs());
        score.dates.all += 1;
        score.dates.right += usize::from(days.is_some_and(|days| days <= 1));
        score.dates.exact += usize::from(days == Some(0));
        if days != Some(0) {
            writeln!(faults, "wrong date of {link}: {:?} instead of {date}", seen.published).unwrap();
        }
    }
}

/// Whether two titles share four words of five, as the corpora's own measure has it: court names are spelt out or
/// shortened there.
fn overlap(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let text = corpora::folded(text);
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (one, mut other) = (words(one), words(other));
    let most = one.len().max(other.len());
    let mut both = 0;
    for word in one {
        if let Some(place) = other.iter().position(|candidate| *candidate == word) {
            other.swap_remove(place);
            both += 1;
        }
    }
    most > 0 && both * 5 >= most * 4
}

#[test]
fn ruled_pages_yield_exactly_their_rows() {
    let Some(score) = score("listings-ruled") else { return };
    assert!(score.failed.iter().all(|faults| !has_wrong_links(faults)), "links are missing or extra, see above");
    assert!(score.titles.is_exact(), "titles, see above");
    assert!(score.dates.is_right(), "dates, see above");
}

#[test]
fn court_pages_yield_exactly_their_rows() {
    let Some(score) = score("listings-courts") else { return };
    assert!(score.failed.iter().all(|faults| !has_wrong_links(faults)), "links are missing or extra, see above");
    assert!(score.titles.is_right(), "titles, see above");
    assert!(score.dates.is_right(), "dates, see above");
}

fn has_wrong_links(faults: &str) -> bool {
    faults.lines().any(|line| line.starts_with("missing ") || line.starts_with("extra "))
}
