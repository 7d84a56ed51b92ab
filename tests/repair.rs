//! A site is redesigned, and its rule finds nothing any more: another one is found by what is archived, the feed stays whole,
//! and the operator is told what to write.

#![cfg(test)]

mod support;

use std::path::Path;

use chrono::TimeDelta;
use feedmill::drift::Drift;
use feedmill::engine::{Accepted, Detail, SiteStatus};
use feedmill::item::Item;
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::origin::Origin;
use support::press::{self, Generation, LISTING, publish, toml};
use support::script::Script;

/// The site's articles before the redesign, and after it.
const BEFORE: std::ops::RangeInclusive<usize> = 20..=34;
const AFTER: std::ops::RangeInclusive<usize> = 22..=36;

/// A site that was archived by its rule, and redesigned since.
struct Redesigned {
    origin: Origin,
    home: tempfile::TempDir,
    bench: Bench,
    toml: String,
    before: Vec<Item>,
}

impl Redesigned {
    async fn by(toml: impl Fn(&Origin) -> String) -> Self {
        let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
        publish(&origin, Generation::First, BEFORE);
        let toml = toml(&origin);
        let bench = Bench::start(home.path(), &toml);
        let outcome = bench.refresh().await.outcome.clone();
        assert!(matches!(outcome, Outcome::Fresh { entries: 15, new: 15, .. }), "{outcome:?}");
        let before = bench.feed().await.items;
        publish(&origin, Generation::Second, AFTER);
        bench.wait(TimeDelta::minutes(15));
        Self { origin, home, bench, toml, before }
    }

    async fn refresh(&self) -> Outcome {
        self.bench.refresh().await.outcome.clone()
    }

    async fn detail(&self) -> Detail {
        self.bench.engine.detail("mill").await.unwrap().unwrap()
    }

    async fn status(&self) -> SiteStatus {
        self.detail().await.status
    }

    async fn items(&self) -> Vec<Item> {
        self.bench.feed().await.items
    }

    /// What was there before is as it was, to the letter.
    async fn keeps_what_it_had(&self) {
        let items = self.items().await;
        for item in &self.before {
            assert_eq!(items.iter().find(|other| other.id == item.id), Some(item));
        }
        let mut titles: Vec<&str> = items.iter().map(Item::title).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), items.len(), "nothing is repeated");
    }
}

fn fresh(entries: usize, new: usize) -> Outcome {
    Outcome::Fresh { entries, new, changed: 0 }
}

#[tokio::test]
async fn a_redesigned_site_goes_on_in_the_same_refresh() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    let items = site.items().await;
    assert_eq!(items.len(), 17);
    for (n, item) in [36, 35].into_iter().zip(&items) {
        assert_eq!(item.title(), press::title(n));
        assert_eq!(item.published, press::published(n));
        assert_eq!(item.fields.author[0].as_str(), "Ida Mole");
        let link = item.fields.link.as_ref().unwrap();
        assert_eq!(link.as_str(), site.origin.url(&press::path(Generation::Second, n)));
        let content = item.fields.content.as_ref().unwrap().as_str();
        assert!(content.contains(&format!("number {n} since")) && !content.contains("Related"), "{content}");
        assert!(item.id.ends_with(&format!(":mill/11249000{n}")), "{}", item.id);
    }
}

#[tokio::test]
async fn the_operator_is_told_what_is_different_and_what_to_do() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    site.refresh().await;
    let Detail { status, rule, .. } = site.detail().await;
    assert_eq!((status.health, status.verdict), ("degraded", Some("repaired")));
    let repair = status.repair.unwrap();
    assert!(repair.runs && (repair.known, repair.entries) == (13, 15), "{repair:?}");
    let lines: Vec<&str> = repair.difference.lines().collect();
    assert_eq!(lines[..2], ["--- [sites.mill.listing]", "+++ [sites.mill.listing] repaired"]);
    assert!(lines.contains(&"-item = \".b-plainlist__item\""), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("+item = ")), "{lines:?}");
    let rule = rule.unwrap();
    assert!(lines[2..].iter().filter_map(|line| line.strip_prefix('+')).all(|line| rule.contains(line)), "{rule}");
    let trouble = status.trouble.unwrap();
    assert!(trouble.advice.unwrap().contains("`feedmill repair mill --write`"));
    assert!(trouble.alarmed.is_none(), "it may pass yet");
    for _ in 0..2 {
        site.bench.wait(TimeDelta::minutes(15));
        assert_eq!(site.refresh().await, Outcome::Unchanged);
    }
    let trouble = site.status().await.trouble.unwrap();
    assert!(trouble.alarmed.is_some() && trouble.refreshes == 3, "{trouble:?}");
    let metrics = site.bench.engine.metrics().text(&site.bench.engine.levels().await.unwrap());
    for line in ["feedmill_repairs_total{end=\"runs\"} 1", "feedmill_drift{drift=\"repaired\"} 1"] {
        assert!(metrics.lines().any(|of_text| of_text == line), "{line} is missing in\n{metrics}");
    }
}

#[tokio::test]
async fn a_repaired_rule_runs_on_after_a_restart() {
    let Redesigned { origin, home, bench, toml, before } = Redesigned::by(|origin| toml(origin, "")).await;
    bench.refresh().await;
    let bench = bench.restart(home.path(), &toml);
    bench.wait(TimeDelta::minutes(15));
    publish(&origin, Generation::Second, 23..=37);
    let site = Redesigned { origin, home, bench, toml, before };
    assert_eq!(site.refresh().await, fresh(15, 1));
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.verdict, Some("repaired"));
    let articles = |n| site.origin.hits(&press::path(Generation::Second, n));
    assert_eq!((articles(37), articles(30)), (1, 0), "an item that is known is not asked for again");
}

#[tokio::test]
async fn items_that_are_called_by_other_addresses_are_known_by_their_titles() {
    let without_id = |origin: &Origin| {
        let toml = toml(origin, "");
        toml.lines().filter(|line| !line.starts_with("id = ")).map(|line| format!("{line}\n")).collect::<String>()
    };
    let site = Redesigned::by(without_id).await;
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    publish(&site.origin, Generation::Second, 23..=37);
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, fresh(15, 1), "by their new addresses, too");
    site.keeps_what_it_had().await;
}

#[tokio::test]
async fn a_site_that_is_redesigned_again_is_repaired_again() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    site.refresh().await;
    publish(&site.origin, Generation::Third, 24..=38);
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    let repair = site.status().await.repair.unwrap();
    assert!(repair.difference.contains("-item = \".b-plainlist__item\""), "it is the table that is mended");
}

#[tokio::test]
async fn a_site_that_is_rolled_back_is_read_by_its_own_rule_again() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    site.refresh().await;
    publish(&site.origin, Generation::First, 23..=37);
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, fresh(15, 1));
    site.keeps_what_it_had().await;
    let Detail { status, rule, .. } = site.detail().await;
    assert_eq!((status.health, status.verdict, rule), ("healthy", Some("news"), None));
    assert!(status.repair.is_none());
    let hits = site.origin.hits("/world/");
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, Outcome::Unchanged);
    assert_eq!(site.origin.hits("/world/"), hits + 1);
}

#[tokio::test]
async fn a_proposal_is_shown_and_does_not_run() {
    let site = Redesigned::by(|origin| toml(origin, "repair = \"propose\"")).await;
    for round in 0..2 {
        let outcome = site.refresh().await;
        assert!(matches!(&outcome, Outcome::Empty { why } if why.contains("`feedmill repair mill`")), "{outcome:?}");
        assert_eq!(site.items().await, site.before, "{round}");
        let status = site.status().await;
        assert_eq!(status.verdict, Some("redesign"));
        let repair = status.repair.unwrap();
        assert!(!repair.runs && repair.difference.contains("+item = "), "{repair:?}");
        assert!(status.trouble.unwrap().advice.unwrap().contains("`feedmill repair mill --write`"));
        site.bench.wait(TimeDelta::minutes(15));
    }
    let metrics = site.bench.engine.metrics().text(&site.bench.engine.levels().await.unwrap());
    let line = "feedmill_repairs_total{end=\"proposed\"} 1";
    assert!(metrics.lines().any(|of_text| of_text == line), "the same page is looked into once: {metrics}");
    publish(&site.origin, Generation::First, 23..=35);
    assert_eq!(site.refresh().await, fresh(13, 1));
    assert!(site.status().await.repair.is_none(), "the rule fits again");
}

#[tokio::test]
async fn a_proposal_for_a_page_that_is_gone_is_withdrawn() {
    let site = Redesigned::by(|origin| toml(origin, "repair = \"propose\"")).await;
    site.refresh().await;
    assert!(site.status().await.repair.is_some());
    site.bench.wait(TimeDelta::minutes(15));
    let wares: String =
        (0..12).map(|n| format!("<p class=ware><a href=\"/shop/{n}\">The mug number {n}</a></p>")).collect();
    site.origin.on("/world/", Script::html(format!("<title>The shop</title><body class=shop>{wares}")));
    let outcome = site.refresh().await;
    assert!(matches!(&outcome, Outcome::Empty { why } if !why.contains("`feedmill repair")), "{outcome:?}");
    let status = site.status().await;
    assert!(status.repair.is_none() && status.verdict == Some("redesign"), "{:?}", status.verdict);
}

#[tokio::test]
async fn a_list_that_has_other_addresses_in_the_same_page_is_found_by_its_titles() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    let page = press::listing(Generation::First, AFTER);
    let renamed = page.replace("b-plainlist__", "stream__").replace("/world/202", "/news/today/from-the-quay/202");
    assert!(renamed.contains("from-the-quay"));
    // What is read most has the addresses that it had.
    let most = page.split_once("<div class=\"b-right\">").unwrap().1;
    let renamed = format!("{}<div class=\"b-right\">{most}", renamed.split_once("<div class=\"b-right\">").unwrap().0);
    site.origin.on("/world/", Script::html(renamed));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.verdict, Some("repaired"));
}

#[tokio::test]
async fn nothing_is_looked_for_where_the_operator_does_not_want_it() {
    let site = Redesigned::by(|origin| toml(origin, "repair = \"off\"")).await;
    assert!(matches!(site.refresh().await, Outcome::Empty { .. }));
    assert_eq!(site.items().await, site.before);
    let status = site.status().await;
    assert!(status.repair.is_none() && status.verdict == Some("redesign"));
}

#[tokio::test]
async fn what_stands_before_a_site_is_never_learnt_from() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    let links: String = (25..=34)
        .map(|n| format!("<a href=\"{}\">{}</a>", press::path(Generation::First, n), press::title(n)))
        .collect();
    let form = "<title>Log in</title><form action=/login><input name=user><input type=password name=pass></form>";
    for page in [form.to_owned(), format!("{form}<div class=more><p>{links}</p></div>")] {
        site.origin.on("/world/", Script::html(page));
        let outcome = site.refresh().await;
        assert!(matches!(outcome, Outcome::Empty { .. }), "{outcome:?}");
        assert_eq!(site.items().await, site.before);
        assert!(site.status().await.repair.is_none());
        site.bench.wait(TimeDelta::minutes(15));
    }
}

#[tokio::test]
async fn a_page_with_a_few_known_links_is_no_list() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    let rows: String = (0..12)
        .map(|n| match n {
            3 | 8 => format!(
                "<div class=teaser><a href=\"{}\">{}</a></div>",
                press::path(Generation::First, n + 22),
                press::title(n + 22)
            ),
            _ => format!("<div class=teaser><a href=\"/shop/{n}\">Buy the mug number {n}</a></div>"),
        })
        .collect();
    site.origin
        .on("/world/", Script::html(format!("<title>The shop</title><body class=shop><div class=wares>{rows}</div>")));
    for _ in 0..2 {
        assert!(matches!(site.refresh().await, Outcome::Empty { .. }));
        assert_eq!(site.items().await, site.before);
        assert!(site.status().await.repair.is_none());
        site.bench.wait(TimeDelta::minutes(15));
    }
    let metrics = site.bench.engine.metrics().text(&site.bench.engine.levels().await.unwrap());
    let line = "feedmill_repairs_total{end=\"none\"} 1";
    assert!(metrics.lines().any(|of_text| of_text == line), "the same page is looked into once: {metrics}");
}

#[tokio::test]
async fn an_edited_table_counts_before_a_repair() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    site.refresh().await;
    let edited =
        site.toml.replace(LISTING, "[sites.mill.listing]\nitem = \".list__item\"\nlink = \".list__title @href\"\n");
    site.bench.reload(site.home.path(), &edited);
    assert_eq!(site.refresh().await, fresh(15, 0));
    let Detail { status, rule, .. } = site.detail().await;
    assert_eq!((status.health, status.drift.is_none(), status.repair.is_none(), rule), ("healthy", true, true, None));
}

/// What stands in the table once a repair is accepted.
fn with_changes(toml: &str, changes: &[feedmill::selfmade::Change]) -> String {
    let mut listing = LISTING.to_owned();
    for change in changes {
        let is_key = |line: &&str| line.starts_with(&format!("{} = ", change.key));
        let kept: String = listing.lines().filter(|line| !is_key(line)).map(|line| format!("{line}\n")).collect();
        let line = change.to.as_ref().map(|to| format!("{} = {to}\n", change.key)).unwrap_or_default();
        listing = kept + &line;
    }
    toml.replace(LISTING, &listing)
}

#[tokio::test]
async fn an_accepted_repair_makes_no_item_new_or_updated() {
    for mode in ["auto", "propose"] {
        let site = Redesigned::by(|origin| toml(origin, &format!("repair = \"{mode}\""))).await;
        site.refresh().await;
        let own = site.bench.engine.plan().sites["mill"].clone();
        let mut edited = String::new();
        let write = |changes: &[feedmill::selfmade::Change]| {
            edited = with_changes(&site.toml, changes);
            let plan = feedmill::config::parse(&edited, &site.home.path().join("sites.toml")).unwrap();
            Ok::<_, feedmill::archive::ArchiveError>(plan.sites["mill"].clone())
        };
        let accepted = site.bench.engine.accept(&own, write).await.unwrap();
        assert!(matches!(accepted, Accepted::Written));
        site.bench.reload(site.home.path(), &edited);
        let expected = if mode == "auto" { Outcome::Unchanged } else { fresh(15, 2) };
        assert_eq!(site.refresh().await, expected, "{mode}");
        site.keeps_what_it_had().await;
        let Detail { status, rule, .. } = site.detail().await;
        assert_eq!((status.health, status.repair.is_none(), rule), ("healthy", true, None), "{mode}");
        publish(&site.origin, Generation::Second, 23..=37);
        site.bench.wait(TimeDelta::minutes(15));
        assert_eq!(site.refresh().await, fresh(15, 1), "{mode}");
        site.keeps_what_it_had().await;
        let hits = (23..=34).map(|n| site.origin.hits(&press::path(Generation::Second, n))).sum::<usize>();
        assert_eq!(hits, 0, "no article is asked for again");
        assert!(site.bench.engine.pending(&site.bench.engine.plan().sites["mill"].clone()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_list_without_articles_keeps_what_its_rows_said() {
    let alone = |origin: &Origin| {
        let summary = "summary = \".b-plainlist__announce\"\n[fetch]";
        toml(origin, "").replace(press::ARTICLE, "").replace("[fetch]", summary)
    };
    let site = Redesigned::by(alone).await;
    assert!(site.before.iter().all(|item| item.fields.summary.is_some()));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    publish(&site.origin, Generation::Second, 23..=37);
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, fresh(15, 1));
    site.keeps_what_it_had().await;
}

#[tokio::test]
async fn entries_that_are_something_else_lead_to_a_repair_too() {
    let any_row = |origin: &Origin| toml(origin, "").replace(LISTING, "[sites.mill.listing]\nitem = \"li\"\n");
    let site = Redesigned::by(any_row).await;
    let shop = "<ul><li><a href=\"https://shop.example/mugs\">Mugs</a></li><li><a href=\"https://shop.example/hats\">Hats</a></li></ul>";
    publish(&site.origin, Generation::Third, AFTER);
    let page = press::listing(Generation::Third, AFTER).replace("<footer>", &format!("<footer>{shop}"));
    site.origin.on("/world/", Script::html(page));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.verdict, Some("repaired"));
}

/// A rule by which everything in lists of that kind is an entry.
fn loose(origin: &Origin, site: &str) -> String {
    toml(origin, site).replace(LISTING, "[sites.mill.listing]\nitem = \"ul > li\"\n")
}

/// The page with the list in other elements: what is read most is where it was.
fn with_a_list_elsewhere(articles: std::ops::RangeInclusive<usize>) -> String {
    let page = press::listing(Generation::First, articles);
    let page = page.replace("<li class=\"b-plainlist__item\">", "<article class=\"stream__item\">");
    let page = page.replace("</span></div></li>", "</span></div></article>").replace("b-plainlist__", "stream__");
    page.replace("<ul class=\"stream__list\">", "<div>").replacen("</ul>", "</div>", 1)
}

#[tokio::test]
async fn a_rule_that_still_finds_a_box_of_known_items_gives_way_to_one_that_finds_the_list() {
    let site = Redesigned::by(|origin| loose(origin, "")).await;
    site.origin.on("/world/", Script::html(with_a_list_elsewhere(AFTER)));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.verdict, Some("repaired"));
    site.origin.on("/world/", Script::html(with_a_list_elsewhere(23..=37)));
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, fresh(15, 1), "the box is not the list that was");
    assert_eq!(site.status().await.verdict, Some("repaired"));
    publish(&site.origin, Generation::First, 24..=38);
    site.bench.wait(TimeDelta::minutes(15));
    assert_eq!(site.refresh().await, fresh(15, 1));
    assert!(site.status().await.repair.is_none(), "and here it is again");
}

#[tokio::test]
async fn such_a_rule_goes_on_while_a_better_one_waits_to_be_accepted() {
    let site = Redesigned::by(|origin| loose(origin, "repair = \"propose\"")).await;
    site.origin.on("/world/", Script::html(with_a_list_elsewhere(AFTER)));
    for outcome in [fresh(3, 0), Outcome::Unchanged, Outcome::Unchanged] {
        assert_eq!(site.refresh().await, outcome);
        let status = site.status().await;
        assert_eq!(status.verdict, Some("redesign"), "{outcome:?}");
        let repair = status.repair.unwrap();
        assert!(!repair.runs && (repair.known, repair.entries) == (13, 15), "{repair:?}");
        site.bench.wait(TimeDelta::minutes(15));
    }
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.health, "degraded", "the operator is called");
    publish(&site.origin, Generation::First, 23..=37);
    assert_eq!(site.refresh().await, fresh(15, 3));
    let status = site.status().await;
    assert!(status.repair.is_none() && status.health == "healthy", "the rule fits again");
}

#[tokio::test]
async fn a_list_that_is_shorter_is_not_looked_for_elsewhere() {
    let site = Redesigned::by(|origin| loose(origin, "")).await;
    publish(&site.origin, Generation::First, 33..=36);
    assert_eq!(site.refresh().await, fresh(4, 2));
    assert!(site.status().await.repair.is_none());
    let metrics = site.bench.engine.metrics().text(&site.bench.engine.levels().await.unwrap());
    let looked = metrics.lines().filter(|line| line.starts_with("feedmill_repairs_total") && !line.ends_with(" 0"));
    assert_eq!(looked.count(), 0, "{metrics}");
}

#[tokio::test]
async fn what_a_rule_finds_is_taken_where_nothing_better_is_found() {
    let site = Redesigned::by(|origin| loose(origin, "")).await;
    let pictures = |n| format!("<a href=\"{}\"><img src=\"/img/{n}.jpg\"></a>", press::path(Generation::First, n));
    let pictures: String = AFTER.map(pictures).collect();
    let page = press::listing(Generation::First, AFTER);
    let (head, most) = (page.split_once("<ul").unwrap().0, page.split_once("<div class=\"b-right\">").unwrap().1);
    let page = format!("{head}<p>{pictures}</p><div class=\"b-right\">{most}");
    site.origin.on("/world/", Script::html(page));
    assert_eq!(site.refresh().await, fresh(3, 0));
    site.keeps_what_it_had().await;
    assert!(site.status().await.repair.is_none());
}

#[tokio::test]
async fn what_still_works_stays() {
    let by_class = "[sites.mill.listing]\nitem = \".b-plainlist__item\"\nlink = \"a @href\"\ntitle = \".b-plainlist__title\"\n\
                    published = { css = \".b-plainlist__date\", format = \"%H:%M %d.%m.%Y\" }\n";
    let site = Redesigned::by(|origin| toml(origin, "").replace(LISTING, by_class)).await;
    publish(&site.origin, Generation::First, AFTER);
    let page = press::listing(Generation::First, AFTER).replace("b-plainlist__title", "b-name");
    site.origin.on("/world/", Script::html(page));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    let difference = site.status().await.repair.unwrap().difference;
    let lines: Vec<&str> = difference.lines().skip(2).collect();
    assert!(lines[0] == "-title = \".b-plainlist__title\"" && lines.len() <= 2, "{difference}");
}

#[tokio::test]
async fn a_site_that_moved_when_it_was_redesigned_is_followed() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    site.origin.on("/section/world/", Script::html(press::listing(Generation::Second, AFTER)));
    site.origin.on("/world/", Script::redirect(301, "/section/world/"));
    assert_eq!(site.refresh().await, fresh(15, 2));
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.verdict, Some("repaired"));
}

#[tokio::test]
async fn a_redesign_is_none_where_the_verdict_is_another() {
    let site = Redesigned::by(|origin| toml(origin, "")).await;
    site.origin.on("/world/", Script::status(503));
    assert!(matches!(site.refresh().await, Outcome::Failed { .. }));
    assert!(site.status().await.drift.is_none_or(|drift| drift.name != Drift::Repaired.name()));
    assert_eq!(site.items().await, site.before);
}

/// What `feedmill` says with these arguments, and its exit code.
fn feedmill(home: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let archive = home.join("archive.db");
    let output = support::feedmill(home).arg("--archive").arg(archive).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (text, output.status.code())
}

#[tokio::test]
async fn the_command_shows_what_mends_the_rule_and_writes_it_down() {
    let site = Redesigned::by(|origin| toml(origin, "").replace('\n', "\r\n")).await;
    let home = site.home.path();
    support::site::configure(home, &site.toml);
    let (text, code) = feedmill(home, &["repair", "mill"]);
    assert!(text.contains("no other one has been found") && code == Some(0), "{text}");
    site.refresh().await;
    let (text, code) = feedmill(home, &["repair", "mill"]);
    assert!(text.contains("found 15 entries, 13 of which were known") && code == Some(0), "{text}");
    let difference = site.status().await.repair.unwrap().difference;
    assert!(text.contains(&difference) && text.contains("`feedmill repair mill --write`"), "{text}");
    let (status, code) = feedmill(home, &["status"]);
    assert!(difference.lines().all(|line| status.contains(line)) && code == Some(1), "{status}");
    assert_eq!(std::fs::read_to_string(home.join("sites.toml")).unwrap(), site.toml, "nothing is written yet");

    let (text, code) = feedmill(home, &["repair", "mill", "--write"]);
    assert!(text.contains("This is written into") && code == Some(0), "{text}");
    let edited = std::fs::read_to_string(home.join("sites.toml")).unwrap();
    assert!(edited.lines().count() > 10 && !edited.replace("\r\n", "").contains('\n'), "line endings stay");
    for (line, is_there) in
        [("# As it has been since 2014.", true), ("  # the paper", true), ("b-plainlist__item", false)]
    {
        assert_eq!(edited.contains(line), is_there, "{edited}");
    }
    assert_eq!(edited.split("[sites.mill.article]").nth(1), site.toml.split("[sites.mill.article]").nth(1));
    let json: serde_json::Value = serde_json::from_str(&feedmill(home, &["repair", "mill", "--json"]).0).unwrap();
    assert_eq!(json["changes"].as_array().map(Vec::len), Some(0), "{json}");

    site.bench.reload(home, &edited);
    assert_eq!(site.refresh().await, Outcome::Unchanged);
    site.keeps_what_it_had().await;
    assert_eq!(site.status().await.health, "healthy");
}

#[tokio::test]
async fn the_command_writes_down_a_rule_that_was_found() {
    let address = |origin: &Origin| {
        let (url, address) = (origin.url("/world/"), origin.address());
        format!("[sites.mill]\nurl = \"{url}\"\nallow_private = [\"{address}\"]\n\n[fetch]\ngap = \"0s\"\n")
    };
    let site = Redesigned::by(address).await;
    let home = site.home.path();
    publish(&site.origin, Generation::First, BEFORE);
    support::site::configure(home, &site.toml);
    let rule = site.detail().await.rule.unwrap();
    let (text, code) = feedmill(home, &["repair", "mill", "--write"]);
    assert!(text.contains("its table has no rule, and this one was found") && code == Some(0), "{text}");
    let edited = std::fs::read_to_string(home.join("sites.toml")).unwrap();
    assert!(edited.contains(&format!("[sites.mill.listing]\n{rule}")), "{edited}");
    site.bench.reload(home, &edited);
    assert_eq!(site.refresh().await, Outcome::Unchanged);
    site.keeps_what_it_had().await;
}

#[test]
fn the_command_says_what_it_cannot_show() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    support::site::configure(home.path(), &toml(&origin, ""));
    let (text, code) = feedmill(home.path(), &["repair", "mill"]);
    assert!(text.contains("no other one has been found") && code == Some(0), "{text}");
    assert!(!home.path().join("archive.db").exists(), "looking makes nothing");
    for (toml, why) in [
        (toml(&origin, "repair = \"off\""), "no other one is looked for: its `repair` is \"off\""),
        (
            "[sites.mill]\nurl = \"https://mill.example/\"\n".to_owned(),
            "its table has no rule, and none has been found",
        ),
    ] {
        support::site::configure(home.path(), &toml);
        let (text, code) = feedmill(home.path(), &["repair", "mill"]);
        assert!(text.contains(why) && code == Some(0), "{text}");
    }
    let (text, code) = feedmill(home.path(), &["repair", "miller"]);
    assert!(text.contains("no site is called `miller`") && code == Some(2), "{text}");
}
