//! Saved pages, read by a site's rule as if they had just been fetched.

use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use clap::ValueEnum;

use super::stop::Stop;
use crate::config::{self, SavedTest, Site};
use crate::edition::Feed;
use crate::engine::{Refreshed, found_on, no_list};
use crate::extract::{self, Circumstances};
use crate::item::{Found, Item};
use crate::limits;
use crate::outcome::Outcome;
use crate::page::{Document, Told};
use crate::report::{Attempt, Choice, Report};
use crate::selfmade;
use crate::webpage::{Page, Signs, Validators};
use crate::weburl::WebUrl;

/// What a saved page is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Kind {
    /// A page that lists articles
    Listing,
    /// The page of one article
    Article,
}

/// What a saved page yields.
pub(super) struct Seen {
    pub(super) title: Option<String>,
    pub(super) items: Vec<Item>,
    /// What the page calls its next one.
    pub(super) next: Option<WebUrl>,
    /// Where to read on.
    pub(super) followed: Option<WebUrl>,
    pub(super) refreshed: Refreshed,
}

/// A saved page, as if it had been fetched from `url`. Whoever names it on the command line may name a pipe.
pub(super) fn page(path: &Path, url: WebUrl) -> Result<Page, Stop> {
    read(path, std::fs::File::open(path), url)
}

fn read(path: &Path, file: std::io::Result<std::fs::File>, url: WebUrl) -> Result<Page, Stop> {
    let cannot = |error: std::io::Error| Stop::Usage(format!("cannot read {}: {error}", path.display()));
    let file = file.map_err(cannot)?;
    let limit = limits::BODY_BYTES as u64;
    let mut body = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::MultiGzDecoder::new(file).take(limit).read_to_end(&mut body).map_err(cannot)?;
    } else {
        file.take(limit).read_to_end(&mut body).map_err(cannot)?;
    }
    Ok(Page {
        url,
        content_type: None,
        body: body.into(),
        validators: Validators::default(),
        fresh_for: None,
        signs: Signs::default(),
    })
}

/// The page of a test.
pub(super) fn of_test(test: &SavedTest) -> Result<Page, Stop> {
    Ok(Page {
        content_type: test.content_type.clone(),
        ..read(&test.page, config::open(&test.page), test.url.clone())?
    })
}

/// What `site`'s rule makes of a page.
pub(super) fn seen(site: &Site, page: &Page, is_article: bool, now: DateTime<Utc>, explain: bool) -> Seen {
    let circumstances = Circumstances { now, explain };
    let opened =
        if is_article { Document::read(page, site.rule.charset) } else { Document::read_listing(page, &site.rule) };
    let mut document = match opened {
        Ok(document) => document,
        Err(error) => {
            let why = format!("{} is not a page: {error}", page.url);
            return nothing(Outcome::Failed { why, status: None, timed_out: false });
        }
    };
    if is_article {
        let reading = extract::article(&mut document, &site.rule, Some(&page.url), circumstances);
        let mut entry = Found::default();
        entry.automatic.link = Some(page.url.without_tracking());
        let mut choices = explain.then(Vec::new);
        let (item, report) = item(site, &entry, Some(&reading.found), now, (reading.findings.report, &mut choices));
        let outcome = Outcome::Fresh { entries: 0, new: 1, changed: 0 };
        return Seen {
            title: None,
            items: vec![item],
            followed: reading.next.clone(),
            next: reading.next,
            refreshed: refreshed(outcome, report, reading.findings.attempts, choices),
        };
    }
    let is_told = document.told().is_some_and(Told::is_a_feed);
    let (keys, found) = match (site.is_bare() && !is_told).then(|| found_on(&mut document, site)).transpose() {
        Ok(found) => found.unzip(),
        Err(why) => return nothing(Outcome::Empty { why: no_list(site, &page.url, &why) }),
    };
    let site = found.as_ref().unwrap_or(site);
    let rule = keys.map(|keys| selfmade::lines(&keys));
    let reading = extract::listing_with_next(&mut document, &site.rule, circumstances);
    let mut report = reading.findings.report;
    let mut choices = explain.then(Vec::new);
    let mut items = Vec::with_capacity(reading.entries.len());
    for entry in &reading.entries {
        let (item, with_dates) = item(site, &entry.found, None, now, (report, &mut choices));
        report = with_dates;
        items.push(item);
    }
    let outcome = if items.is_empty() && report.container != Some(true) {
        Outcome::Empty { why: crate::engine::why_empty(site, &page.url, &report) }
    } else {
        Outcome::Fresh { entries: items.len(), new: items.len(), changed: 0 }
    };
    Seen {
        title: reading.title.map(String::from),
        items,
        next: reading.named_next,
        followed: reading.next.into_iter().next(),
        refreshed: Refreshed { rule, ..refreshed(outcome, report, reading.findings.attempts, choices) },
    }
}

fn item(
    site: &Site,
    entry: &Found,
    article: Option<&Found>,
    now: DateTime<Utc>,
    (mut report, choices): (Report, &mut Option<Vec<Choice>>),
) -> (Item, Report) {
    let mut merged = extract::merge(entry, article, &site.rule, now);
    if let Some(choices) = choices {
        choices.extend(extract::choices(entry, article, &merged));
    }
    report.absorb(std::mem::take(&mut merged.report));
    (crate::engine::new_item(site, merged, now), report)
}

fn refreshed(outcome: Outcome, report: Report, attempts: Vec<Attempt>, choices: Option<Vec<Choice>>) -> Refreshed {
    Refreshed { outcome, report, attempts, choices: choices.unwrap_or_default(), rule: None }
}

fn nothing(outcome: Outcome) -> Seen {
    Seen {
        title: None,
        items: Vec::new(),
        next: None,
        followed: None,
        refreshed: refreshed(outcome, Report::default(), Vec::new(), None),
    }
}

/// A feed of items that are shown and not kept.
pub(super) fn feed(site: &Site, title: Option<String>, items: Vec<Item>, now: DateTime<Utc>) -> Feed {
    Feed {
        site: site.name.clone(),
        title: site.title.clone().or(title).unwrap_or_else(|| site.name.clone()),
        description: site.description.clone(),
        home: site.url.clone(),
        language: site.language.clone(),
        address: None,
        query: None,
        origins: <_>::default(),
        ttl_minutes: site.refresh.at_first().as_secs().div_ceil(60).max(1),
        changed: now,
        items,
    }
}
