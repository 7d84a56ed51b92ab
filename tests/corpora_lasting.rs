//! The rules that are proposed for real pages last: they name nothing that a build or a single item makes, and find the rows of
//! the same list on another day.

#![cfg(test)]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use feedmill::config::{self, Site};
use feedmill::extract::{self, Circumstances};
use feedmill::induce;
use feedmill::page::Document;
use feedmill::weburl::WebUrl;
use regex::Regex;
use support::change::Changing;
use support::corpora;
use url::Url;

/// The rule that is proposed for a page, if one is.
fn proposed(document: &mut Document, url: &Url) -> Option<(String, Arc<Site>)> {
    let draft = induce::listing(document).ok()?.draft.to_string();
    // How long the list is today is no part of what must hold.
    let lines: Vec<&str> = draft.lines().filter(|line| !line.starts_with("limit")).collect();
    let lines = lines.join("\n");
    let rule = format!("[sites.page]\nurl = \"{url}\"\n[sites.page.listing]\nlimit = 500\n{lines}\n");
    let plan = config::parse(&rule, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{rule}"));
    Some((draft, Arc::clone(&plan.sites["page"])))
}

/// What tells the links apart that a rule finds on a page, with the titles.
fn found(document: &mut Document, site: &Site) -> BTreeMap<String, String> {
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    let reading = extract::listing(document, &site.rule, Circumstances { now, explain: false });
    let entries = reading.entries.iter().filter_map(|entry| {
        let fields = extract::merge(&entry.found, None, &site.rule, now).fields;
        Some((fields.link?.essence(), fields.title.map(|title| title.to_string()).unwrap_or_default()))
    });
    entries.collect()
}

/// Every page of the corpora of listings, with its name.
fn pages() -> Vec<(String, Vec<u8>, Url)> {
    let Some(folder) = corpora::folder() else { return Vec::new() };
    let truths: BTreeMap<_, _> =
        ["listings-ruled", "listings-courts"].into_iter().flat_map(|corpus| corpora::truth(&folder, corpus)).collect();
    truths
        .iter()
        .map(|(path, truth)| (path.clone(), corpora::markup(&folder.join(path)), corpora::stood(truth)))
        .collect()
}

#[test]
fn rules_name_nothing_that_a_build_or_a_single_item_makes() {
    // Letters after figures, as hashes have them; the number of an item; what an item is about; what is no address.
    let fleeting = Regex::new(
        r#"[.#=]['"]?[\w-]*(?:\d[a-z]+\d|\d[a-z]{3,}|[-_]\d{3,})|\.(?:css|sc|jsx|dcr)-|[.#](?:tag|category|author)-|javascript|nth-of-type|\.[a-z]+[A-Z][b-df-hj-np-tv-z]{2,}\b"#,
    )
    .unwrap();
    let (mut rules, mut bad, mut long) = (0, 0, 0);
    for (path, body, url) in pages() {
        let Some(mut document) = corpora::document(body.into(), &url) else { continue };
        let Some((draft, _)) = proposed(&mut document, &url) else { continue };
        rules += 1;
        let item = draft.lines().next().unwrap_or_default();
        let is_long = item.matches(", ").count() > 2;
        if is_long || fleeting.is_match(&draft) {
            eprintln!("--- {path}\n{draft}");
        }
        bad += usize::from(fleeting.is_match(&draft));
        long += usize::from(is_long);
    }
    eprintln!("of {rules} rules {bad} name what does not last, {long} are lists of more than three selectors");
    assert!(bad * 40 <= rules && long * 40 <= rules, "{bad} and {long} of {rules}");
}

#[test]
fn rules_hold_on_another_day() {
    let (mut pages_seen, mut forth, mut back) = (0, 0, 0);
    for (path, body, url) in pages() {
        let text = String::from_utf8_lossy(&body);
        let base = WebUrl::parse(url.as_str()).unwrap();
        let Ok(mut before) = Document::parse(&text, base.clone()) else { continue };
        let Some((draft, site)) = proposed(&mut before, &url) else { continue };
        let then: HashMap<String, String> = found(&mut before, &site).into_iter().collect();
        let Some(mut changing) = Changing::new(&text, &site) else { continue };
        let mut links = changing.another_day(before.base(), &then);
        // Rows of several siblings can't be told from what is beside them.
        if !draft.contains(":scope ") && !draft.contains("sibling::") && !draft.contains("/dt") {
            let gone = changing.thin_and_shuffle();
            links.retain(|(row, ..)| !gone.contains(row));
        }
        let expected: BTreeSet<String> = links.into_iter().map(|(_, _, link)| link).collect();
        let mut after = Document::parse(&changing.page(), base).unwrap();
        let now: BTreeSet<String> = found(&mut after, &site).into_keys().collect();
        pages_seen += 1;
        let holds = now == expected;
        forth += usize::from(holds);
        let again = proposed(&mut after, &url);
        let found = again.as_ref().map(|(_, site)| found(&mut before, site)).unwrap_or_default();
        let holds_back = found.len() == then.len() && found.keys().all(|link| then.contains_key(link));
        back += usize::from(holds_back);
        if !holds || !holds_back {
            let other = again.map(|(draft, _)| draft).unwrap_or_default();
            eprintln!(
                "--- {path}: {} rows of {} forth, {} of {} back\n{draft}\n{other}",
                now.len(),
                expected.len(),
                found.len(),
                then.len()
            );
        }
    }
    eprintln!("{forth} of {pages_seen} rules find the rows of another day, {back} of another day's those of this one");
    assert!(forth * 100 >= pages_seen * 95 && back * 100 >= pages_seen * 85, "{forth} and {back} of {pages_seen}");
}
