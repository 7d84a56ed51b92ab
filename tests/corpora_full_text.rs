//! The text of articles on real pages, found without a rule: as good as the best tools find it.
//!
//! The measure is that of the corpora's `score_articles.py`: the F1 of the words, and for one corpus that of runs of four
//! words, which the public benchmark uses.

#![cfg(test)]

mod support;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::rule::Rule;
use support::corpora;
use url::Url;

/// The text of a saved page.
fn text(path: &Path, url: &str, rule: &Rule) -> String {
    let url = Url::parse(url).unwrap();
    let Some(mut document) = corpora::page(path, &url) else { return String::new() };
    let url = document.url().clone();
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: false };
    let reading = extract::article(&mut document, rule, Some(&url), circumstances);
    reading.content().map(extract::running_text_of).unwrap_or_default()
}

/// How often each run of four words stands in a text.
fn runs(text: &str) -> HashMap<Vec<&str>, usize> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let mut runs = HashMap::new();
    for run in words.windows(4.min(words.len()).max(1)) {
        *runs.entry(run.to_vec()).or_default() += 1;
    }
    runs
}

/// What is right of a whole; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "pages have fewer words than a float has digits")]
fn part(right: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| right as f64 / of as f64)
}

#[expect(clippy::cast_precision_loss, reason = "corpora have fewer pages than a float has digits")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The mean F1 of words, and the F1 of runs of four words, over a corpus.
fn scores(folder: &Path, corpus: &str) -> (f64, f64) {
    let bare = "[sites.page]\nurl = \"http://localhost/\"\nlisting.item = \"a\"\nfull_text = true\n";
    let plan = config::parse(bare, Path::new("sites.toml")).unwrap();
    let (mut alike, mut precisions, mut recalls) = (Vec::new(), Vec::new(), Vec::new());
    for (page, truth) in corpora::truth(folder, corpus) {
        let Some(wanted) =
            truth["text"].as_str().filter(|_| truth["page_type"].as_str().is_none_or(|kind| kind == "article"))
        else {
            continue;
        };
        let found =
            text(&folder.join(&page), truth["url"].as_str().unwrap_or("http://localhost/"), &plan.sites["page"].rule);
        alike.push(corpora::alike(&found, wanted));
        let (ours, theirs) = (runs(&found), runs(wanted));
        let both = theirs.iter().map(|(run, n)| *n.min(ours.get(run).unwrap_or(&0))).sum();
        precisions.extend(part(both, ours.values().sum()));
        recalls.extend(part(both, theirs.values().sum()));
    }
    let (precision, recall) = (mean(&precisions), mean(&recalls));
    (mean(&alike), 2.0 * precision * recall / (precision + recall))
}

#[test]
fn texts_are_found_as_people_find_them() {
    let Some(folder) = corpora::folder() else { return };
    let mut told = String::new();
    let mut all_well = true;
    for (corpus, words, runs) in
        [("articles-zyte", 0.965, 0.963), ("articles-fundus", 0.955, 0.954), ("articles-wcxb", 0.935, 0.942)]
    {
        let (of_words, of_runs) = scores(&folder, corpus);
        let _ = writeln!(told, "{corpus}: F1 {of_words:.3} of words, {of_runs:.3} of runs");
        all_well &= of_words >= words && of_runs >= runs;
    }
    eprintln!("{told}");
    assert!(all_well, "{told}");
}
