//! Without a rule: the list of a page is found, and written down as a rule that yields its rows, their titles and their
//! dates; and a page that is one article is not taken for a list.

#![cfg(test)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::induce;
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::weburl::WebUrl;
use serde_json::Value;
use support::corpora;
use url::Url;

/// What the rule that is proposed for a page yields.
fn yielded(document: &mut Document, url: &Url) -> (String, Vec<Fields>) {
    let proposal = match induce::listing(document) {
        Ok(proposal) => proposal,
        Err(why) => return (why.to_string(), Vec::new()),
    };
    let rule = format!("[sites.page]\nurl = \"{url}\"\n[sites.page.listing]\n{}", proposal.draft);
    let plan = config::parse(&rule, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{rule}"));
    let rule = &plan.sites["page"].rule;
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    let reading = extract::listing(document, rule, Circumstances { now, explain: false });
    let merged = reading.entries.iter().map(|entry| extract::merge(&entry.found, None, rule, now).fields);
    (format!("{}% {}", proposal.confidence, proposal.draft), merged.collect())
}

/// How many values are right.
#[derive(Default)]
struct Tally {
    all: usize,
    right: usize,
    near: usize,
}

#[expect(clippy::cast_precision_loss, reason = "corpora have fewer rows than a float has digits")]
fn part(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}

#[derive(Default)]
struct Score {
    /// The F1 of each page, by its kind.
    pages: Vec<(String, f64)>,
    titles: Tally,
    dates: Tally,
}

impl Score {
    #[expect(clippy::cast_precision_loss, reason = "corpora have few pages")]
    fn f1(&self, kinds: &[&str]) -> f64 {
        let of_kind = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
        let scores: Vec<f64> = self.pages.iter().filter(|(kind, _)| of_kind(kind)).map(|(_, score)| *score).collect();
        scores.iter().sum::<f64>() / scores.len().max(1) as f64
    }

    fn titles(&self) -> f64 {
        part(self.titles.right, self.titles.all)
    }

    fn dates(&self) -> f64 {
        part(self.dates.right, self.dates.all)
    }
}

/// Finds the lists of a corpus, and compares their rows with the truth, as the corpora's own measure does.
fn score(corpus: &str) -> Option<Score> {
    let folder = corpora::folder()?;
    let truths: BTreeMap<String, Value> = corpora::truth(&folder, corpus).into_iter().collect();
    let mut score = Score::default();
    for (path, truth) in truths.iter().filter(|(_, truth)| truth["complete"] != false) {
        let url = corpora::stood(truth);
        let mut document = corpora::page(&folder.join(path), &url).unwrap();
        let (rule, found) = yielded(&mut document, &url);
        let before = score.titles.all - score.titles.right;
        let f1 = compare(truth, &url, &found, &mut score);
        let titles = score.titles.all - score.titles.right - before;
        if f1 < 0.98 || titles > 0 {
            eprintln!("--- {path}: {f1:.2}, {} rows, {titles} titles are not exact\n{rule}", found.len());
        }
        score.pages.push((truth["kind"].as_str().unwrap_or_default().to_owned(), f1));
    }
    eprintln!(
        "{corpus}: F1 {:.3} of {} pages (news and blogs {:.3}); titles {:.3} exact, {:.3} near, of {}; dates {:.3} of {}",
        score.f1(&[]),
        score.pages.len(),
        score.f1(&["news", "blog"]),
        score.titles(),
        part(score.titles.near, score.titles.all),
        score.titles.all,
        score.dates(),
        score.dates.all,
    );
    Some(score)
}

/// The F1 of a page's links; counts its titles and dates.
fn compare(truth: &Value, base: &Url, found: &[Fields], score: &mut Score) -> f64 {
    let key = |row: &Value| {
        let link = base.join(row["href"].as_str().or(row["link"].as_str())?).ok()?;
        Some(corpora::address(WebUrl::parse(link.as_str()).ok()?.without_tracking().as_str()))
    };
    let mut wanted = BTreeMap::new();
    for row in truth["items"].as_array().unwrap() {
        if let Some(key) = key(row) {
            wanted.entry(key).or_insert(row);
        }
    }
    let also = truth["also"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let also: BTreeSet<String> = also.map(corpora::address).collect();
    let mut seen = BTreeMap::new();
    for fields in found {
        let link = fields.link.iter().map(|link| corpora::address(link.as_str()));
        for link in link {
            seen.entry(link).or_insert(fields);
        }
    }
    let hits: Vec<&String> = seen.keys().filter(|link| wanted.contains_key(*link)).collect();
    let wrong = seen.keys().filter(|link| !wanted.contains_key(*link) && !also.contains(*link)).count();
    for link in &hits {
        values(seen[*link], wanted[*link], score);
    }
    2.0 * part(hits.len(), hits.len() + wrong + wanted.len())
}

/// Compares title and date where the page tells them.
fn values(seen: &Fields, wanted: &Value, score: &mut Score) {
    let is_told = |mark: &str| wanted[mark].as_bool().unwrap_or(true);
    if let Some(title) = wanted["title"].as_str().filter(|title| !title.is_empty() && is_told("title_in_page")) {
        let read = seen.title.as_ref().map(ToString::to_string).unwrap_or_default();
        score.titles.all += 1;
        score.titles.right += usize::from(corpora::folded(&read) == corpora::folded(title));
        score.titles.near += usize::from(corpora::alike(&read, title) >= 0.8);
    }
    if let Some(date) = wanted["date"].as_str().filter(|_| is_told("date_in_page")) {
        let day: chrono::NaiveDate = date.get(..10).unwrap().parse().unwrap();
        let days = seen.published.map(|read| (read.date_naive() - day).num_days().abs());
        score.dates.all += 1;
        score.dates.right += usize::from(days.is_some_and(|days| days <= 1));
    }
}

#[test]
fn lists_of_news_blogs_and_forums_are_found() {
    let Some(score) = score("listings-ruled") else { return };
    assert!(score.f1(&[]) >= 0.93 && score.f1(&["news", "blog"]) >= 0.95, "rows, see above");
    assert!(score.titles() >= 0.95, "titles, see above");
    assert!(score.dates() >= 0.95, "dates, see above");
}

#[test]
fn lists_in_tables_and_old_markup_are_found() {
    let Some(score) = score("listings-courts") else { return };
    assert!(score.f1(&[]) >= 0.9, "rows, see above");
}

#[test]
fn articles_are_not_taken_for_lists() {
    let Some(folder) = corpora::folder() else { return };
    let (mut all, mut taken) = (0, 0);
    for corpus in ["articles-zyte", "articles-fundus", "articles-postlight", "articles-wcxb", "dates-htmldate"] {
        let truths: BTreeMap<String, Value> = corpora::truth(&folder, corpus).into_iter().collect();
        let is_article = |truth: &Value| truth["page_type"].as_str().is_none_or(|kind| kind == "article");
        for (path, truth) in truths.iter().filter(|(_, truth)| is_article(truth)).step_by(corpora::one_of(3)) {
            let Some(mut document) = corpora::page(&folder.join(path), &corpora::stood(truth)) else { continue };
            all += 1;
            if let Ok(proposal) = induce::listing(&mut document) {
                taken += 1;
                eprintln!("taken for a list: {path}, {} rows, {}%", proposal.links.len(), proposal.confidence);
            }
        }
    }
    eprintln!("{taken} of {all} articles are taken for lists");
    assert!(taken * 20 <= all, "{taken} of {all}");
}
