//! The drift exam: what happens to sites is named rightly, a page that is fine raises no alarm, and whatever happens, no feed
//! loses an item. Over the listings of the corpora with their rules, and over pages of ours where those are absent.

#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod pages;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use chrono::TimeDelta;
use feedmill::archive::{Archive, SqliteArchive};
use feedmill::clock::ManualClock;
use feedmill::config::{self, Plan, Site};
use feedmill::drift::Verdict;
use feedmill::engine::{Engine, Parts};
use feedmill::extract::{self, Circumstances, Entry, EntryKey};
use feedmill::fetch::Fetcher;
use feedmill::item::Field;
use feedmill::page::Document;
use futures_util::StreamExt as _;

use support::change::Changing;
use support::corpora;
use support::origin::Origin;
use support::samples::{Sample, of_corpus, of_ours};
use support::script::Script;

/// What the verdict must be.
enum Expected {
    /// One of these.
    Named(&'static [&'static str]),
    /// All is well where the rule still finds the same rows; else one of these.
    Unless(&'static [&'static str]),
    /// One of these where a third of the dates is gone; else all is well.
    IfThinner,
}

/// A site before anything happens to it.
struct Before {
    name: String,
    rows: Rows,
}

/// What a rule reads from a page.
#[derive(PartialEq)]
struct Rows {
    keys: BTreeSet<EntryKey>,
    count: usize,
    titled: usize,
    dated: usize,
}

fn rows(page: &str, site: &Site) -> Rows {
    let mut document = Document::parse(page, site.url.clone()).unwrap();
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let reading = extract::listing(&mut document, &site.rule, Circumstances { now, explain: false });
    let keys = reading.entries.iter().map(Entry::key).collect();
    let with = |field| reading.findings.report.fields.get(&field).map_or(0, |tally| tally.found);
    let (titled, dated) = (with(Field::Title), with(Field::Published));
    Rows { keys, count: reading.entries.len(), titled, dated }
}

/// All samples as sites of one origin.
struct Exam {
    origin: Origin,
    plan: Arc<Plan>,
    /// The pages, with the rows that were read from them at first.
    pages: Vec<(String, Before)>,
    home: tempfile::TempDir,
}

impl Exam {
    async fn new(samples: Vec<Sample>) -> Self {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        let mut sites = toml::Table::new();
        let mut written = Vec::new();
        for mut sample in samples {
            // It is the verdict that is judged here, not what comes of it.
            sample.table.insert("repair".into(), "off".into());
            sample.table.insert("url".into(), origin.url(&format!("/{}", sample.name)).into());
            sample.table.insert("allow_private".into(), vec![origin.address().to_string()].into());
            for key in ["article", "full_text", "test", "params", "headers"] {
                sample.table.remove(key);
            }
            sites.insert(sample.name.clone(), sample.table.into());
            let base =
                if sample.page.contains("<base ") { String::new() } else { format!("<base href=\"{}\">", sample.base) };
            // Where the parser would put it anyway.
            #[expect(clippy::disallowed_methods, reason = "a page of a test, not of a stranger")]
            let html =
                scraper::Html::parse_document(&sample.page).html().replacen("<head>", &format!("<head>{base}"), 1);
            written.push((sample.name, html));
        }
        let mut toml = toml::Table::new();
        toml.insert("sites".into(), sites.into());
        toml.insert("fetch".into(), toml::Table::from_iter([("gap".to_owned(), "0s".into())]).into());
        let toml = toml::to_string(&toml).unwrap();
        let plan =
            config::parse(&toml, "sites.toml".as_ref()).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
        let mut pages = Vec::new();
        for (name, html) in written {
            let rows = rows(&html, &plan.sites[&name]);
            if rows.count == 0 || Changing::new(&html, &plan.sites[&name]).is_none() {
                eprintln!("{name} has no rows under this address, or none by CSS, and is left out");
                continue;
            }
            origin.on(&format!("/{name}"), Script::html(html.clone()));
            pages.push((html, Before { name, rows }));
        }
        let exam = Self { origin, plan: Arc::new(plan), pages, home };
        exam.refresh("first", 0).await;
        exam
    }

    /// Refreshes every site, after `hours`, on the archive of this name.
    async fn refresh(&self, archive: &str, hours: i64) -> BTreeMap<String, Judged> {
        let path = self.home.path().join(format!("{archive}.db"));
        let archive: Arc<dyn Archive> = Arc::new(SqliteArchive::open(&path).unwrap());
        let clock = Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().unwrap()));
        clock.advance(TimeDelta::hours(hours));
        let fetcher = Arc::new(Fetcher::system().unwrap());
        let parts =
            Parts { plan: Arc::clone(&self.plan), fetcher, archive: Arc::clone(&archive), clock, explain: false };
        let engine = Engine::new(parts);
        let (engine, archive) = (&engine, &archive);
        let judged = self.pages.iter().map(|(_, before)| async move {
            let name = &before.name;
            engine.refresh(name).await.unwrap();
            let state = archive.state(name).await.unwrap();
            let outcome = state.outcome.clone().unwrap();
            let drift = state.drift.as_ref();
            let items: BTreeSet<String> = engine
                .feed(name, None)
                .await
                .unwrap()
                .map(|feed| feed.items.iter().map(|item| item.id.clone()).collect())
                .unwrap_or_default();
            let judged = Judged {
                verdict: Verdict::of(&outcome, drift).name(),
                is_alarm: drift.is_some_and(feedmill::drift::Drifted::is_alarm),
                outcome: format!("{outcome:?}"),
                count: archive.count(name).await.unwrap(),
                items,
            };
            (name.clone(), judged)
        });
        futures_util::stream::iter(judged.collect::<Vec<_>>()).buffer_unordered(8).collect().await
    }

    /// Lets every cause happen to every site; the table of cause against verdict.
    async fn sit(&self) -> Results {
        let first = self.refresh("first", 1).await;
        let mut results = Results::default();
        for (cause, expected) in &CAUSES {
            let copy = format!("copy of {cause}");
            fs::copy(self.home.path().join("first.db"), self.home.path().join(format!("{copy}.db"))).unwrap();
            let mut sat = Vec::new();
            for (number, (html, before)) in self.pages.iter().enumerate() {
                let site = &self.plan.sites[&before.name];
                let page = changed(cause, html, site);
                let after = page.as_deref().map(|page| rows(page, site));
                // A rule that wants links to end in `/download` finds none where the test has given them other ends.
                if matches!(*cause, "some new rows" | "all rows new")
                    && after.as_ref().is_some_and(|after| after.count < before.rows.count)
                {
                    continue;
                }
                // Far enough away in the alphabet to be another site's.
                let other = &self.pages[(number + self.pages.len() / 2) % self.pages.len()].0;
                let script = match &page {
                    Some(page) => Script::html(page.clone()),
                    None => script(cause, &before.name, html, other, &self.origin),
                };
                self.origin.on(&format!("/{}", before.name), script);
                sat.push((before, after));
            }
            let judged = self.refresh(&copy, 3).await;
            for (before, after) in sat {
                let (was, is) = (&first[&before.name], &judged[&before.name]);
                let is_repeated = after.as_ref().is_none_or(|after| after.keys == before.rows.keys);
                let allowed = expected.of(&before.rows, after);
                results.add(cause, &before.name, is, &allowed);
                if !was.items.is_subset(&is.items) && is.items.len() < 50 || is.count < was.count {
                    results.lost.push(format!("{cause}: {} had {} items, has {}", before.name, was.count, is.count));
                }
                if is.count > was.count && is_repeated {
                    results.lost.push(format!("{cause}: {} had {} items, has {}", before.name, was.count, is.count));
                }
            }
            for (html, before) in &self.pages {
                self.origin.on(&format!("/{}", before.name), Script::html(html.clone()));
            }
        }
        results
    }
}

struct Judged {
    verdict: &'static str,
    is_alarm: bool,
    outcome: String,
    count: usize,
    items: BTreeSet<String>,
}

#[derive(Default)]
struct Results {
    table: BTreeMap<String, BTreeMap<String, usize>>,
    right: BTreeMap<String, (usize, usize)>,
    lost: Vec<String>,
    false_alarms: Vec<String>,
}

impl Results {
    fn add(&mut self, cause: &str, site: &str, judged: &Judged, allowed: &[&str]) {
        let is_fine = allowed.iter().all(|name| FINE.contains(name));
        let kind = if is_fine { "fine" } else { "not" };
        *self.table.entry(cause.to_owned()).or_default().entry(format!("{}/{kind}", judged.verdict)).or_default() += 1;
        let right = self.right.entry(cause.to_owned()).or_default();
        right.1 += 1;
        if allowed.contains(&judged.verdict) {
            right.0 += 1;
        } else {
            let outcome: String = judged.outcome.chars().take(300).collect();
            eprintln!("{cause}: {site} is {} instead of {allowed:?}: {outcome}", judged.verdict);
        }
        if is_fine && judged.is_alarm {
            self.false_alarms.push(format!("{cause}: {site} is {}", judged.verdict));
        }
    }

    fn show(&self) {
        for (cause, verdicts) in &self.table {
            let (right, all) = self.right[cause];
            let verdicts: Vec<String> = verdicts.iter().map(|(verdict, count)| format!("{verdict} {count}")).collect();
            eprintln!("{cause:32} {right:3} of {all:3} right   {}", verdicts.join(", "));
        }
        eprintln!("items lost or repeated: {:?}\nfalse alarms: {:?}", self.lost, self.false_alarms);
    }
}

/// Verdicts on a page that is fine.
const FINE: [&str; 3] = ["news", "nothing-new", "vacant"];

impl Expected {
    fn of(&self, before: &Rows, after: Option<Rows>) -> Vec<&'static str> {
        match (self, after) {
            // What stands beside a row may be lost when the row is put elsewhere.
            (Self::Unless(names), Some(after)) if after.keys == before.keys => {
                let is_poorer = after.titled < before.titled || after.dated < before.dated;
                if is_poorer { [&FINE[..], names, &["thinner", "redesign"]].concat() } else { FINE.to_vec() }
            }
            (Self::IfThinner, Some(after)) => {
                // A rule may ask for a date in a row: then rows are lost, and no dates.
                let kept = after.dated * before.count * 10 <= before.dated * after.count * 7;
                let lost = before.dated.saturating_sub(after.dated);
                let is_thinner = after.count >= 5 && lost >= 3 && kept && before.dated * 2 >= before.count;
                if is_thinner { vec!["thinner"] } else { FINE.to_vec() }
            }
            (Self::Named(names) | Self::Unless(names), _) => names.to_vec(),
            (Self::IfThinner, None) => FINE.to_vec(),
        }
    }
}

/// The page after what happens to it, where that is a change of its markup.
fn changed(cause: &str, html: &str, site: &Site) -> Option<String> {
    let changing = || Changing::new(html, site).unwrap();
    Some(match cause {
        "classes renamed" => changing().rename(),
        "list wrapped" => changing().wrap_list(),
        "rows wrapped" => changing().wrap_rows(),
        "no entries" => changing().empty(),
        "half of the dates gone" => changing().half_of_the_dates(),
        "other order" => changing().reverse(),
        "some new rows" => changing().renew(3),
        "all rows new" => changing().renew(usize::MAX),
        "a comment more" => format!("{}<!-- served in 7 ms -->", changing().page()),
        "the same to the byte" => html.to_owned(),
        _ => return None,
    })
}

/// What happens to sites, and what must be said of it.
const CAUSES: [(&str, Expected); 27] = [
    ("the same to the byte", Expected::Named(&["nothing-new"])),
    ("a comment more", Expected::Named(&["nothing-new"])),
    ("other order", Expected::Unless(&["news", "nothing-new"])),
    ("some new rows", Expected::Named(&["news", "nothing-new"])),
    ("all rows new", Expected::Named(&["news", "nothing-new"])),
    ("classes renamed", Expected::Unless(&["redesign"])),
    ("list wrapped", Expected::Unless(&["redesign"])),
    ("rows wrapped", Expected::Unless(&["redesign"])),
    ("no entries", Expected::Unless(&["empty-list", "vacant"])),
    ("half of the dates gone", Expected::IfThinner),
    ("another site", Expected::Named(&["redesign"])),
    ("another sample's page", Expected::Named(&["redesign"])),
    ("Cloudflare, 403", Expected::Named(&["challenge"])),
    ("Cloudflare, 200", Expected::Named(&["challenge"])),
    ("DataDome, 403", Expected::Named(&["challenge"])),
    ("Vercel, 403", Expected::Named(&["challenge"])),
    ("Anubis, 200", Expected::Named(&["challenge"])),
    ("log-in, 200", Expected::Named(&["log-in"])),
    ("log-in, redirect", Expected::Named(&["log-in"])),
    ("log-in, 401", Expected::Named(&["log-in"])),
    ("moved, all is there", Expected::Named(&["moved"])),
    ("moved, another page", Expected::Named(&["moved"])),
    ("moved for today", Expected::Named(&["nothing-new"])),
    ("for sale", Expected::Named(&["parked"])),
    ("gone, 404", Expected::Named(&["gone"])),
    ("gone, 410", Expected::Named(&["gone"])),
    ("broken, 500", Expected::Named(&["trouble"])),
];

/// What the site at `/name` answers when this has happened to it.
fn script(cause: &str, name: &str, html: &str, other: &str, origin: &Origin) -> Script {
    let elsewhere = format!("/elsewhere/{name}");
    match cause {
        "another site" => Script::html(pages::NEW_SITE),
        "another sample's page" => Script::html(other),
        "Cloudflare, 403" => Script::error(403, pages::CLOUDFLARE).header("cf-mitigated", "challenge"),
        "Cloudflare, 200" => Script::html(pages::CLOUDFLARE),
        "DataDome, 403" => Script::error(403, pages::DATADOME),
        "Vercel, 403" => Script::error(403, pages::VERCEL),
        "Anubis, 200" => Script::html(pages::ANUBIS),
        "log-in, 200" => Script::html(pages::LOG_IN),
        "log-in, redirect" => {
            origin.on("/users/sign_in?back=1", Script::html(pages::NEW_SITE));
            Script::redirect(302, "/users/sign_in?back=1")
        }
        "log-in, 401" => Script::error(401, "<h1>Unauthorized</h1>").header("WWW-Authenticate", "Basic"),
        "moved, all is there" | "moved for today" => {
            origin.on(&elsewhere, Script::html(html));
            Script::redirect(if cause == "moved for today" { 302 } else { 301 }, &elsewhere)
        }
        "moved, another page" => {
            origin.on(&elsewhere, Script::html(pages::NEW_SITE));
            Script::redirect(308, &elsewhere)
        }
        "for sale" => Script::html(pages::PARKED),
        "gone, 404" => Script::error(404, "<h1>Not found</h1>"),
        "gone, 410" => Script::error(410, "<h1>Gone</h1>"),
        "broken, 500" => Script::error(500, "<h1>Oops</h1>"),
        _ => panic!("{cause}"),
    }
}

/// Whether at least this share of the verdicts on a cause is right.
fn assert_right(results: &Results, least: &[(&str, usize)]) {
    for (cause, (right, all)) in &results.right {
        let least = least.iter().find(|(name, _)| name == cause).map_or(100, |(_, least)| *least);
        assert!(right * 100 >= all * least, "{cause}: {right} of {all} are right, see above");
    }
    assert_eq!(results.lost, Vec::<String>::new());
    assert_eq!(results.false_alarms, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_real_sites_is_named_rightly() {
    let Some(folder) = corpora::folder() else { return };
    let samples = ["listings-ruled", "listings-courts"].iter().flat_map(|corpus| of_corpus(&folder, corpus)).collect();
    let exam = Exam::new(samples).await;
    let results = exam.sit().await;
    eprintln!("{} listings", exam.pages.len());
    results.show();
    assert!(exam.pages.len() >= 80);
    assert_right(&results, &[("no entries", 90)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_our_own_pages_is_named_rightly() {
    let exam = Exam::new(of_ours()).await;
    let results = exam.sit().await;
    eprintln!("{} listings", exam.pages.len());
    results.show();
    assert!(exam.pages.len() >= 10);
    assert_right(&results, &[]);
}
