//! The repair exam: after a redesign the items that are archived lead to the list again, with a new rule; where they do not,
//! nothing is proposed. Over the listings of the corpora with their rules, and over pages of ours.

#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod strangers;

use std::collections::BTreeMap;
use std::path::Path;

use feedmill::config::{self, Site};
use feedmill::extract::{self, Circumstances};
use feedmill::induce::{self, Example, Proposal};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::weburl::WebUrl;

use support::change::{Changing, renewed_title};
use support::corpora;
use support::samples::{Sample, of_corpus, of_ours};

/// Items below which those that are left, when a third of them is gone, are too few to tell anything.
const FEW: usize = 5;

/// Items below which nothing is told.
const LEAST: usize = 3;

/// What happens to the pages.
const CHANGES: [&str; 6] = ["nothing", "names", "nesting", "tags", "items", "all at once"];

/// A listing with what its rule reads from it.
struct Listed {
    name: String,
    site: Site,
    table: toml::Table,
    base: WebUrl,
    page: String,
    entries: Vec<Fields>,
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
        let site = compiled(&table);
        let entries = read(&sample.page, &base, &site);
        let name = sample.name;
        if entries.is_empty() || Changing::new(&sample.page, &site).is_none() {
            eprintln!("{name} has no rows under this address, or none by CSS, and is left out");
            return None;
        }
        Some(Self { name, site, table, base, page: sample.page, entries })
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

    /// What the rule that is proposed reads from a page.
    fn read_by(&self, page: &str, proposal: &Proposal) -> Vec<Fields> {
        let mut table = self.table.clone();
        let mut listing: toml::Table = proposal.draft.to_string().parse().unwrap();
        listing.insert("limit".into(), 500.into());
        table.insert("listing".into(), listing.into());
        read(page, &self.base, &compiled(&table))
    }
}

fn compiled(table: &toml::Table) -> Site {
    let sites = toml::Table::from_iter([("sample".to_owned(), toml::Value::from(table.clone()))]);
    let text = toml::to_string(&toml::Table::from_iter([("sites".to_owned(), sites.into())])).unwrap();
    let plan =
        config::parse(&text, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    Site::clone(&plan.sites["sample"])
}

fn read(page: &str, base: &WebUrl, site: &Site) -> Vec<Fields> {
    let mut document = Document::parse(page, base.clone()).unwrap();
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let reading = extract::listing(&mut document, &site.rule, Circumstances { now, explain: false });
    reading.entries.into_iter().map(|entry| extract::merge(&entry.found, None, &site.rule, now).fields).collect()
}

fn again(page: &str, base: &WebUrl, examples: &[Example]) -> Option<Proposal> {
    induce::again(&mut Document::parse(page, base.clone()).unwrap(), examples)
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

fn grade(seen: &[Fields], expected: &BTreeMap<String, String>) -> Grade {
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
            .filter(|(link, _)| !expected.contains_key(*link))
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

/// Lets every change happen to every listing, and counts how the repairs went.
fn sit(listed: &[Listed]) -> BTreeMap<&'static str, [usize; 3]> {
    let mut table = BTreeMap::new();
    for change in CHANGES {
        let counts = table.entry(change).or_insert([0; 3]);
        for listed in listed {
            if listed.entries.len() < FEW && matches!(change, "items" | "all at once") {
                continue;
            }
            let (page, expected) = listed.changed(change);
            let proposal = again(&page, &listed.base, &listed.examples());
            let grade =
                proposal.as_ref().map_or(Grade::None, |proposal| grade(&listed.read_by(&page, proposal), &expected));
            let rule = proposal.map(|proposal| proposal.draft.to_string()).unwrap_or_default();
            match &grade {
                Grade::Right => counts[0] += 1,
                Grade::None => counts[1] += 1,
                Grade::Wrong(_) => counts[2] += 1,
            }
            if grade != Grade::Right {
                eprintln!("--- {change}: {} ({} items): {grade:?}\n{rule}", listed.name, expected.len());
            }
        }
    }
    eprintln!("{:14} {:>6} {:>6} {:>6}", "change", "right", "none", "wrong");
    for (change, [right, none, wrong]) in &table {
        eprintln!("{change:14} {right:6} {none:6} {wrong:6}");
    }
    table
}

/// What is reached, of a hundred lists: the goal is that 95 come back, and none with wrong items.
const RIGHT: usize = 65;
const WRONG: usize = 5;

fn assert_repaired(table: &BTreeMap<&str, [usize; 3]>) {
    for (change, [right, none, wrong]) in table {
        let all = right + none + wrong;
        assert!(right * 100 >= all * RIGHT, "{change}: {right} right, {none} none, {wrong} wrong, see above");
        assert!(wrong * 100 <= all * WRONG, "{change}: {right} right, {none} none, {wrong} wrong, see above");
    }
}

#[test]
fn redesigned_lists_of_the_corpora_come_back() {
    let Some(folder) = corpora::folder() else { return };
    let samples = ["listings-ruled", "listings-courts"].into_iter().flat_map(|corpus| of_corpus(&folder, corpus));
    let listed: Vec<Listed> = samples.filter_map(Listed::new).collect();
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
    let listed: Vec<Listed> = samples.into_iter().filter_map(Listed::new).collect();
    let mut accepted = Vec::new();
    for (number, one) in listed.iter().enumerate().filter(|(_, one)| one.entries.len() >= 8) {
        let examples = one.examples();
        let other = &listed[(number + listed.len() / 2) % listed.len()];
        let empty = Changing::new(&one.page, &one.site).unwrap().empty();
        let mut pages = vec![
            ("an article", strangers::article(&examples)),
            ("a log-in", strangers::LOG_IN.to_owned()),
            ("most read", strangers::most_read(&examples)),
            ("another site", other.page.clone()),
        ];
        // Where the page lists the same items a second time, they are not gone.
        let left = examples.iter().filter(|example| strangers::is_on(&empty, example)).count();
        if left * 3 < examples.len() {
            pages.push(("the list is gone", strangers::with_most_read(&empty, &examples)));
        }
        for (what, page) in pages {
            if let Some(proposal) = again(&page, &one.base, &examples) {
                accepted.push(format!("{}: {what}: {}", one.name, proposal.draft));
            }
        }
    }
    assert!(accepted.is_empty(), "{} are proposed:\n{}", accepted.len(), accepted.join("\n"));
}
