//! The living example: the rules of sites.toml hold on pages of ours, and on the real pages where the corpora are there.

#![cfg(test)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::corpora;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn feedmill(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_feedmill")).current_dir(ROOT).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What `feedmill extract` reads from a page by a site's rule.
fn extracted(kind: &str, site: &str, url: &str, page: &Path) -> Value {
    let (code, out, err) = feedmill(&["extract", kind, "--site", site, "--url", url, page.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{site}: {err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn every_test_in_sites_toml_holds() {
    let (code, out, err) = feedmill(&["check"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.lines().count() >= 15, "{out}");
    assert!(!out.contains("(no tests)"), "{out}");
}

#[test]
fn the_document_that_the_project_grew_from_is_read_exactly() {
    let url = "https://sputniknews.com/20181102/us-homeland-election-1069455579.html";
    let page = Path::new(ROOT).join("tests/pages/sputnik-world/article-2018.html");
    let seen = extracted("article", "sputnik-world", url, &page);
    let item = &seen["item"];
    assert_eq!(item["title"], "US Homeland Security Sees No Foreign Attacks on US Election Infrastructure");
    assert!(item["published"].as_str().unwrap().starts_with("2018-11-02T"), "{}", item["published"]);
    assert_eq!(
        item["image_caption"],
        "A voter fills in her ballot as she votes in the U.S. midterm elections at a polling place in Westminster, \
         Colorado November 4, 2014"
    );
    assert_eq!(item["image_credit"], "© REUTERS / Rick Wilking");
    assert!(item["image"].as_str().is_some_and(|image| image.starts_with("https://")), "{}", item["image"]);
    let text = item["text"].as_str().unwrap();
    let starts = [
        "WASHINGTON (Sputnik) - The United States Department of Homeland Security",
        "\"As of today, we do not have any activity",
        "US officials previously expressed concerns",
        "According to the department, she had helped",
        "Earlier in July the US DoJ also indicted",
        "The US midterms are scheduled to be held on November 6.",
    ];
    let paragraphs: Vec<&str> = text.lines().collect();
    assert_eq!(paragraphs.len(), starts.len(), "{paragraphs:#?}");
    for (paragraph, start) in paragraphs.iter().zip(starts) {
        assert!(paragraph.starts_with(start), "{paragraph}");
    }
    let everything = item.to_string();
    for absent in [
        "Subscribe",
        "READ MORE",
        "Russiagate",
        "National flags",
        "Newsfeed",
        "discussion",
        "log in",
        "loader",
        "Chats",
        "Заголовок",
        "- Sputnik International",
    ] {
        assert!(!everything.contains(absent), "{absent} is there");
    }
}

#[test]
fn the_seed_s_own_words_are_all_there() {
    let Some(seed) = corpora::folder()
        .and_then(|corpora| fs::read_to_string(corpora.join("../seeds/sputnik-article-2018.txt")).ok())
    else {
        return;
    };
    let page = fs::read_to_string(Path::new(ROOT).join("tests/pages/sputnik-world/article-2018.html")).unwrap();
    let words = |text: &str| corpora::folded(&text.replace("&quot;", "\"").replace("&amp;", "&"));
    let stripped = regex::Regex::new("<[^>]*>").unwrap().replace_all(&page, " ").into_owned();
    let page = words(&format!("{page} {stripped}"));
    for line in seed.lines().filter(|line| line.split_whitespace().count() > 3) {
        for part in line.split("Wilking").filter(|part| !part.trim().is_empty()) {
            let part = words(part.trim_start_matches("- "));
            assert!(page.contains(&part) || page.contains(part.trim_end_matches(" - sputnik international")), "{part}");
        }
    }
}

#[test]
fn real_pages_are_read_as_they_are() {
    let Some(folder) = corpora::folder() else { return };
    let table = fs::read_to_string(Path::new(ROOT).join("tests/sites-corpora.tsv")).unwrap();
    let mut pages = 0;
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [site, page, url, kind, compare] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let seen = extracted(kind, site, url, &folder.join(page));
        let truth = corpora::truth(&folder, page.split('/').next().unwrap());
        let Some(truth) = truth.get(page) else {
            assert_eq!(compare, "-", "{page} has no truth");
            continue;
        };
        for what in compare.split(',') {
            match kind {
                "listing" => same_rows(site, what, &seen, truth),
                _ => same_article(site, what, &seen["item"], truth),
            }
        }
        pages += 1;
    }
    assert!(pages >= 20, "only {pages} pages were compared");
}

/// Rows by their links.
fn rows<'a>(rows: &'a Value, base: Option<&str>) -> BTreeMap<String, &'a Value> {
    let base = base.and_then(|base| url::Url::parse(base).ok());
    let link = |row: &Value| {
        let href = row["href"].as_str().or(row["link"].as_str())?;
        let joined = base.as_ref().and_then(|base| base.join(href).ok()).map_or_else(|| href.to_owned(), String::from);
        Some(corpora::address(&joined))
    };
    rows.as_array().unwrap().iter().rev().filter_map(|row| Some((link(row)?, row))).collect()
}

fn same_rows(site: &str, what: &str, seen: &Value, truth: &Value) {
    let base = truth["base"].as_str();
    let (seen, wanted) = (rows(&seen["items"], None), rows(&truth["items"], base));
    if let Some(most_missing) = what.strip_prefix("links") {
        let most_missing: usize = most_missing.trim_start_matches('~').parse().unwrap_or(0);
        let also = truth["also"].as_array().into_iter().flatten().filter_map(Value::as_str).map(corpora::address);
        let also: BTreeSet<String> = also.collect();
        let found: BTreeSet<&String> =
            seen.keys().filter(|link| !also.contains(*link) || wanted.contains_key(*link)).collect();
        let without = |tracking: &BTreeSet<&String>| -> BTreeSet<String> {
            tracking.iter().map(|link| link.split("?utm_").next().unwrap_or_default().to_owned()).collect()
        };
        let missing: Vec<_> = without(&wanted.keys().collect()).difference(&without(&found)).cloned().collect();
        assert!(missing.len() <= most_missing, "{site} misses {missing:#?}");
        if truth["complete"] != false {
            let extra: Vec<_> = without(&found).difference(&without(&wanted.keys().collect())).cloned().collect();
            assert!(extra.is_empty(), "{site} has too many: {extra:#?}");
        }
        return;
    }
    for (link, wanted) in &wanted {
        let Some(row) = seen.get(link) else { continue };
        let is_told = |mark: &str| wanted[mark].as_bool().unwrap_or(true);
        match what {
            "titles" if is_told("title_in_page") => {
                let (seen, wanted) =
                    (row["title"].as_str().unwrap_or_default(), wanted["title"].as_str().unwrap_or_default());
                assert_eq!(corpora::folded(seen), corpora::folded(wanted), "{site}: {link}");
            }
            "dates" if is_told("date_in_page") && wanted["date"].is_string() => {
                let day =
                    |value: &Value| value.as_str().and_then(|text| text.get(..10)?.parse::<chrono::NaiveDate>().ok());
                let (Some(seen), Some(wanted)) = (day(&row["published"]), day(&wanted["date"])) else {
                    panic!("{site}: {link} has no date");
                };
                assert!((seen - wanted).num_days().abs() <= 1, "{site}: {link}: {seen} instead of {wanted}");
            }
            _ => {}
        }
    }
}

fn same_article(site: &str, what: &str, seen: &Value, truth: &Value) {
    let text = |value: &Value| corpora::folded(value.as_str().unwrap_or_default());
    match what {
        "title" => assert_eq!(text(&seen["title"]), text(&truth["title"]), "{site}"),
        "date" => {
            let day = |value: &Value| value.as_str().and_then(|text| text.get(..10)).unwrap_or_default().to_owned();
            assert_eq!(day(&seen["published"]), day(&truth["date"]), "{site}");
        }
        "author" => assert_eq!(seen["author"], truth["authors"], "{site}"),
        "text" => {
            let (seen, wanted) =
                (seen["text"].as_str().unwrap_or_default(), truth["text"].as_str().unwrap_or_default());
            let alike = corpora::alike(seen, wanted);
            assert!(alike > 0.95, "{site}: {alike:.3}");
        }
        other => panic!("sites-corpora.tsv compares `{other}`"),
    }
}

#[test]
fn the_real_page_of_2019_is_read_exactly() {
    let Some(folder) = corpora::folder() else { return };
    let url = "https://sputniknews.com/columnists/201911181077343476-royal-self-indicting-arrogance/";
    let seen = extracted("article", "sputnik-world", url, &folder.join("sputnik/2019-prince-andrew.html"));
    let item = &seen["item"];
    let published = chrono::DateTime::parse_from_rfc3339(item["published"].as_str().unwrap()).unwrap();
    assert_eq!(published.to_utc().to_rfc3339(), "2019-11-18T18:17:27+00:00");
    assert_eq!(item["author"], serde_json::json!(["Finian Cunningham"]));
    let image = item["image"].as_str().unwrap();
    assert!(image.contains("images") && !image.contains("sharing_snippet"), "{image}");
    assert!(item["text"].as_str().unwrap().starts_with("Prince Andrew, the nearly 60-year-old"));
}
