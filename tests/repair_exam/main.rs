//! The repair exam: after a redesign the items that are archived lead to the list again, with a new rule; where they do not,
//! nothing is proposed. Over the listings of the corpora with their rules, and over pages of ours.

#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod strangers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use feedmill::config::{self, Site};
use feedmill::engine::rehearsed;
use feedmill::extract::{self, Circumstances, ListingReading};
use feedmill::induce::Example;
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;

use support::change::{Changing, renewed_title};
use support::corpora;
use support::samples::{Sample, of_corpus, of_ours};

/// Items below which those that are left, when a third of them is gone, are too few to tell anything.
const FEW: usize = 5;

/// Items below which nothing is told.
const LEAST: usize = 3;

/// Threads that repairs are made on.
const THREADS: usize = 2;

/// Bytes of a page that sits every change.
const SMALL: usize = 60_000;

/// What happens to the pages.
const CHANGES: [&str; 6] = ["nothing", "names", "nesting", "tags", "items", "all at once"];

/// A listing with what its rule reads from it.
struct Listed {
    name: String,
    site: Arc<Site>,
    base: WebUrl,
    page: String,
    reading: ListingReading,
    entries: Vec<Fields>,
    /// The site by a rule that finds nothing any more.
    stale: Arc<Site>,
    /// Links of lists beside the page's own: neither required nor wrong.
    also: BTreeSet<String>,
}

impl Listed {
    fn new(sample: Sample) -> Option<Self> {
        let mut table = sample.table;
        for key in ["article", "full_text", "test", "params", "headers", "next"] {
            table.remove(key);
        }
        // What an author has put in other words than the page's, nobody can find there.
        if let Some(toml::Value::Table(listing)) = table.get_mut("listing")
            && let Some(toml::Value::Table(title)) = listing.get_mut("title")
        {
            title.remove("replace");
        }
        let base = WebUrl::parse(&sample.base).unwrap();
        table.insert("url".into(), base.as_str().into());
        let site = Arc::new(compiled(&table));
        let reading = reading(&sample.page, &base, &site);
        let entries = merged(reading.clone(), &site);
        let name = sample.name;
        if entries.is_empty() || Changing::new(&sample.page, &site).is_none() {
            eprintln!("{name} has no rows under this address, or none by CSS, and is left out");
            return None;
        }
        if let Some(toml::Value::Table(listing)) = table.get_mut("listing") {
            listing.insert("item".into(), "feedmill-nowhere".into());
        }
        let stale = Arc::new(compiled(&table));
        let also = sample.also.iter().filter_map(|link| Some(base.join(link).ok()?.essence())).collect();
        Some(Self { name, site, stale, also, base, page: sample.page, reading, entries })
    }

    fn examples(&self) -> Vec<Example> {
        let example = |fields: &Fields| Example {
            links: fields.link.iter().cloned().collect(),
            title: fields.title.clone(),
            published: fields.published,
        };
        self.entries.iter().map(example).collect()
    }

    /// The page after a change, and what must be read from it then: titles by link.
    fn changed(&self, change: &str) -> (String, BTreeMap<String, String>) {
        let base = self.base_of_page();
        let mut changing = Changing::new(&self.page, &self.site).unwrap();
        let titles = self.entries.iter().filter_map(|fields| {
            let title = fields.title.as_ref().map(ToString::to_string).unwrap_or_default();
            Some((fields.link.as_ref()?.essence(), title))
        });
        let mut expected: BTreeMap<String, String> = titles.collect();
        if matches!(change, "items" | "all at once") {
            let replaced = expected.iter().skip(1).step_by(3).map(|(link, title)| (link.clone(), title.clone()));
            for (old, new) in changing.replace(&base, &replaced.collect()) {
                let title = expected.remove(&old).unwrap();
                expected.insert(new, renewed_title(&title, &title));
            }
            // A title that stands outside of the row is what it was.
            for fields in merged(reading(&changing.page(), &self.base, &self.site), &self.site) {
                let link = fields.link.as_ref().map(WebUrl::essence);
                if let Some(title) = link.and_then(|link| expected.get_mut(&link)) {
                    *title = fields.title.as_ref().map(ToString::to_string).unwrap_or_default();
                }
            }
        }
        if matches!(change, "names" | "all at once") {
            changing.scramble();
        }
        if matches!(change, "nesting" | "all at once") {
            changing.nest();
        }
        if matches!(change, "tags" | "all at once") {
            changing.retag();
        }
        (changing.page(), expected)
    }

    fn base_of_page(&self) -> WebUrl {
        Document::parse(&self.page, self.base.clone()).unwrap().base().clone()
    }

    /// The site as it would be read after its page has become another.
    fn repaired(&self, page: &str) -> Option<Site> {
        let page = Page {
            url: self.base.clone(),
            content_type: Some("text/html; charset=utf-8".to_owned()),
            body: page.to_owned().into(),
            validators: Validators::default(),
            fresh_for: None,
            signs: Signs::default(),
        };
        rehearsed(&page, &self.stale, &self.reading, now())
    }

    /// How the repair goes after a change, and by which rule.
    fn sits(&self, change: &str) -> (Grade, String) {
        let (page, expected) = self.changed(change);
        let Some(site) = self.repaired(&page) else { return (Grade::None, String::new()) };
        let written = site.written.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        (grade(&merged(reading(&page, &self.base, &site), &site), &expected, &self.also), written)
    }
}

fn compiled(table: &toml::Table) -> Site {
    let sites = toml::Table::from_iter([("sample".to_owned(), toml::Value::from(table.clone()))]);
    let text = toml::to_string(&toml::Table::from_iter([("sites".to_owned(), sites.into())])).unwrap();
    let plan =
        config::parse(&text, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    Site::clone(&plan.sites["sample"])
}

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn reading(page: &str, base: &WebUrl, site: &Site) -> ListingReading {
    let mut document = Document::parse(page, base.clone()).unwrap();
    extract::listing(&mut document, &site.rule, Circumstances { now: now(), explain: false })
}

fn merged(reading: ListingReading, site: &Site) -> Vec<Fields> {
    reading.entries.into_iter().map(|entry| extract::merge(&entry.found, None, &site.rule, now()).fields).collect()
}

/// How the repair of one page went.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// Every item is there with its title.
    Right,
    /// No rule was proposed.
    None,
    /// Items are missing, or came that were none, or have other titles.
    Wrong(String),
}

fn grade(seen: &[Fields], expected: &BTreeMap<String, String>, also: &BTreeSet<String>) -> Grade {
    let mut faults = Vec::new();
    let seen: BTreeMap<String, String> = seen
        .iter()
        .filter_map(|fields| {
            let title = fields.title.as_ref().map(ToString::to_string).unwrap_or_default();
            Some((fields.link.as_ref()?.essence(), title))
        })
        .collect();
    for (link, title) in expected {
        match seen.get(link) {
            None => faults.push(format!("missing {link} {title:?}")),
            Some(seen) if !is_same_title(seen, title) => faults.push(format!("{link} is {seen:?}, not {title:?}")),
            Some(_) => {}
        }
    }
    faults.extend(
        seen.iter()
            .filter(|(link, _)| !expected.contains_key(*link) && !also.contains(*link))
            .map(|(link, title)| format!("extra {link} {title:?}")),
    );
    let count = faults.len();
    faults.truncate(3);
    if count == 0 { Grade::Right } else { Grade::Wrong(format!("{count} faults: {}", faults.join("\n      "))) }
}

/// Titles are the same but for what a rule cuts off or spells out.
fn is_same_title(one: &str, other: &str) -> bool {
    corpora::folded(one) == corpora::folded(other) || corpora::alike(one, other) >= 0.8
}

/// Lets changes happen to every listing, and counts how the repairs went: every change to small pages, one of them, by turns, to
/// large ones, or the exam would take many minutes. Pages that are named sit all of them.
fn sit(listed: &[Listed]) -> BTreeMap<&'static str, [usize; 3]> {
    let is_whole = ["FEEDMILL_WHOLE_EXAM", "FEEDMILL_EXAM_ONLY"].iter().any(|name| std::env::var_os(name).is_some());
    let mut cases: Vec<(&str, &Listed)> = Vec::new();
    for (turn, change) in CHANGES.into_iter().enumerate() {
        let sits = |(number, listed): &(usize, &Listed)| {
            let is_told = listed.entries.len() >= FEW || !matches!(change, "items" | "all at once");
            is_told && (is_whole || listed.page.len() <= SMALL || number % CHANGES.len() == turn)
        };
        cases.extend(listed.iter().enumerate().filter(sits).map(|(_, listed)| (change, listed)));
    }
    let graded = side_by_side(&cases, |(change, listed)| {
        let (grade, rule) = listed.sits(change);
        if grade != Grade::Right {
            eprintln!("--- {change}: {} ({} items): {grade:?}\n{rule}", listed.name, listed.entries.len());
        }
        grade
    });
    let mut table = BTreeMap::new();
    for ((change, _), grade) in cases.iter().zip(graded) {
        let counts: &mut [usize; 3] = table.entry(*change).or_default();
        let column = match grade {
            Grade::Right => 0,
            Grade::None => 1,
            Grade::Wrong(_) => 2,
        };
        counts[column] += 1;
    }
    eprintln!("{:14} {:>6} {:>6} {:>6}", "change", "right", "none", "wrong");
    for (change, [right, none, wrong]) in &table {
        eprintln!("{change:14} {right:6} {none:6} {wrong:6}");
    }
    table
}

/// Whether a page is one of those that whoever looks for a fault has named in the environment; else all are looked at.
fn is_asked(name: &str) -> bool {
    let asked = std::env::var("FEEDMILL_EXAM_ONLY");
    asked.is_ok_and(|asked| asked.split(',').any(|one| name.ends_with(one)))
        || std::env::var_os("FEEDMILL_EXAM_ONLY").is_none()
}

/// What becomes of each case, on a few threads.
fn side_by_side<C: Sync, R: Send>(cases: &[C], work: impl Fn(&C) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some((number, case)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|number| Some((number, cases.get(number)?)))
                {
                    let result = work(case);
                    done.lock().unwrap().push((number, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Of a hundred lists, how many must come back: those that do not stand aside for a person. None may come back wrong. One leaves
/// out a new item whose link leads to another site's front page, unlike all others.
const RIGHT: usize = 95;

/// The same where all large pages sit every change, as they do when the whole exam is asked for: of fronts with many kinds of
/// rows fewer come back when a third of the items is new.
const RIGHT_OF_ALL: usize = 90;

fn assert_repaired(table: &BTreeMap<&str, [usize; 3]>) {
    let least = if corpora::is_whole_exam() { RIGHT_OF_ALL } else { RIGHT };
    for (change, [right, none, wrong]) in table {
        let all = right + none + wrong;
        assert!(right * 100 >= all * least, "{change}: {right} right, {none} none, {wrong} wrong, see above");
        assert_eq!(*wrong, 0, "{change}: {right} right, {none} none, {wrong} wrong, see above");
    }
}

#[test]
fn redesigned_lists_of_the_corpora_come_back() {
    let Some(folder) = corpora::folder() else { return };
    let samples = ["listings-ruled", "listings-courts"].into_iter().flat_map(|corpus| of_corpus(&folder, corpus));
    let listed: Vec<Listed> = samples.filter(|sample| is_asked(&sample.name)).filter_map(Listed::new).collect();
    assert_repaired(&sit(&listed));
}

#[test]
fn redesigned_lists_of_ours_come_back() {
    let listed = of_ours().into_iter().filter_map(Listed::new).filter(|listed| listed.entries.len() >= LEAST);
    let listed: Vec<Listed> = listed.collect();
    assert_repaired(&sit(&listed));
}

#[test]
fn what_is_no_list_of_these_items_is_refused() {
    let mut samples = of_ours();
    if let Some(folder) = corpora::folder() {
        samples.extend(of_corpus(&folder, "listings-ruled"));
        samples.extend(of_corpus(&folder, "listings-courts"));
    }
    samples.retain(|sample| sample.page.len() <= SMALL);
    let listed: Vec<Listed> = samples.into_iter().filter_map(Listed::new).collect();
    let mut cases: Vec<(&Listed, &str, String)> = Vec::new();
    for (number, one) in listed.iter().enumerate().filter(|(_, one)| one.entries.len() >= 8) {
        let examples = one.examples();
        let other = &listed[(number + listed.len() / 2) % listed.len()];
        let empty = Changing::new(&one.page, &one.site).unwrap().empty();
        cases.push((one, "an article", strangers::article(&examples)));
        cases.push((one, "a log-in", strangers::LOG_IN.to_owned()));
        cases.push((one, "most read", strangers::most_read(&examples)));
        cases.push((one, "another site", other.page.clone()));
        // Where the page lists the same items a second time, they are not gone.
        let left = examples.iter().filter(|example| strangers::is_on(&empty, example)).count();
        if left * 3 < examples.len() {
            cases.push((one, "the list is gone", strangers::with_most_read(&empty, &examples)));
        }
    }
    let accepted = side_by_side(&cases, |(one, what, page)| {
        one.repaired(page).map(|site| format!("{}: {what}: {:?}", one.name, site.written))
    });
    let accepted: Vec<String> = accepted.into_iter().flatten().collect();
    assert!(accepted.is_empty(), "{} are proposed:\n{}", accepted.len(), accepted.join("\n"));
}
