//! From what was read to what is archived: one item at a time, no I/O.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::article::{Article, ReadArticle};
use super::identity::key_of;
use super::{holding, upkeep};
use crate::archive::{ArticleState, Record, SiteState};
use crate::config::Site;
use crate::drift::Drift;
use crate::extract::{ArticleReading, Census, choices, merge};
use crate::item::{Field, Found, Item};
use crate::kept::KeptPage;
use crate::limits;
use crate::report::{Attempt, Choice, Report};
use crate::text::{Html, Text};
use crate::webpage::{Page, Validators};
use crate::weburl::WebUrl;

/// One item under way through a refresh.
pub(super) struct Work {
    /// Its row, if it stands on the listing.
    pub(super) entry: Option<Found>,
    /// The item as archived; `None`: seen for the first time.
    pub(super) record: Option<Record>,
    /// A key that leads to the item from now on: its feed calls it by another id than before.
    pub(super) renamed: Option<String>,
    /// Its article's address, if the article is to be fetched.
    pub(super) fetch: Option<WebUrl>,
}

/// What a refresh gathers on its way.
#[expect(clippy::struct_excessive_bools, reason = "each is found out at another place")]
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) report: Report,
    pub(super) attempts: Vec<Attempt>,
    /// Where each item's values come from; `None`: nobody asks.
    pub(super) choices: Option<Vec<Choice>>,
    /// Items seen for the first time.
    pub(super) new: usize,
    /// Items that changed in substance.
    pub(super) changed: usize,
    /// Whether any item that the feed shows is different from before, if only in a picture.
    pub(super) is_other: bool,
    /// What every item of this refresh came to, after merging.
    pub(super) merged: Census,
    /// What is to be archived, in the order of the listing.
    pub(super) records: Vec<Record>,
    /// Pages of the listing that are to be kept.
    pub(super) listing_pages: Vec<KeptPage>,
    /// Whether the site has no edition yet.
    pub(super) is_first: bool,
    /// Whether articles are left for the next refresh, or pages of the listing that this first one had no time for.
    pub(super) is_unfinished: bool,
    /// When the first of those articles may be asked for whose hosts asked to be left alone.
    pub(super) put_off: Option<DateTime<Utc>>,
    /// How long a host of the listing is to be left alone.
    pub(super) closed_for: Option<Duration>,
    /// What tells the listing's addresses from others ([`WebUrl::essence`]).
    pub(super) fronts: HashSet<String>,
    /// Keys of the listing's own rows: no other item may take them as an alias.
    pub(super) listed: HashSet<String>,
    /// Whether the whole listing was read, no part of it being as it was: then it is known what stands on it.
    pub(super) is_whole: bool,
    /// Numbers of dropped items that stand on the listing, and stay dropped.
    pub(super) again: Vec<i64>,
    /// Whether every page of the listing that could be had was as it was.
    pub(super) is_unchanged: bool,
    /// How the site departs from what it was.
    pub(super) drift: Option<Drift>,
    /// The pages that this refresh has fetched, by what they were asked for as: another rule need not ask for them again.
    pub(super) at_hand: BTreeMap<WebUrl, Page>,
    /// Records of items that the site has given other addresses, by their titles.
    pub(super) recognised: Vec<(Text, Record)>,
    /// How many known items the rule that runs brings, where it leaves out most of those that the page still has.
    pub(super) strayed: Option<usize>,
    /// Whether another rule that brings more of them waits to be accepted.
    pub(super) is_surpassed: bool,
    /// Items first seen before this keep what their rows were read to say.
    pub(super) since: Option<DateTime<Utc>>,
    /// The lines of the rule that the listing was read by, if it is not the table's.
    pub(super) rule: Option<String>,
    /// What is known of a site that leaves nothing in the archive: its name was made up, and it has failed.
    pub(super) unkept: Option<SiteState>,
    ids: HashSet<String>,
}

impl Gathered {
    /// Forgets what reading the listing came to, but for its pages: it is read again, by another rule.
    pub(super) fn begin_again(&mut self) {
        let Self { choices, is_first, at_hand, .. } = std::mem::take(self);
        *self = Self { choices, is_first, at_hand, ..Self::default() };
    }

    /// Settles what becomes of an item, now that its article was read, or was not.
    pub(super) fn settle(&mut self, site: &Site, work: Work, article: Option<Article>, now: DateTime<Utc>) {
        let before = work.record.clone();
        let renamed = work.renamed.clone();
        let awaits = awaits_article(site, &work, article.as_ref());
        let record = match article {
            Some(Article::Read(read)) if has_moved_within(site, &work, &read.reading) => {
                self.report.absorb(read.reading.findings.report);
                not_modified(work, read.validators, now)
            }
            Some(Article::Read(read)) if self.is_gone(site, &work, &read.reading, &read.found_at) => {
                let found_at = &read.found_at;
                let link = work.fetch.as_ref().map(ToString::to_string).unwrap_or_default();
                self.report.note(
                    Field::Content,
                    None,
                    format!("{link} leads to something else now (found at {found_at})"),
                );
                self.failed(site, work, true, now)
            }
            Some(Article::Read(read)) if read.missing.is_some() && had_more(site, &work, &read.reading) => {
                read.missing.into_iter().for_each(|why| self.report.note(Field::Content, None, why));
                self.failed(site, work, true, now)
            }
            Some(Article::Read(read)) => Some(self.read(site, work, *read, now)),
            Some(Article::NotModified(validators)) => not_modified(work, validators, now),
            Some(Article::Failed { why, is_transient }) => {
                self.report.note(None, None, why);
                self.failed(site, work, is_transient, now)
            }
            Some(Article::NoTime) => {
                self.is_unfinished = true;
                let record = self.unasked(site, work, now);
                record.map(|record| Record { article: ArticleState { due: Some(now), ..record.article }, ..record })
            }
            Some(Article::PutOff { until, why }) => self.put_off(site, work, (until, why), now),
            Some(Article::CutShort) => self.cut_short(site, work, now),
            None => self.unasked(site, work, now),
        };
        let Some(mut record) = record else { return };
        record.keys.extend(renamed.filter(|key| !record.keys.contains(key)).into_iter().collect::<Vec<_>>());
        holding::settle(site, before.as_ref(), &mut record, awaits, now);
        match &before {
            // Two rows of one listing may turn out to be one item only by their articles.
            None if !self.ids.insert(record.item.id.clone()) => return,
            None => self.new += 1,
            Some(before) => self.changed += usize::from(before.digest != record.digest),
        }
        self.is_other |= shows(site, before.as_ref()) != shows(site, Some(&record));
        if before.as_ref() != Some(&record) {
            self.records.push(record);
        }
    }

    /// The article was read: everything is merged anew.
    fn read(
        &mut self,
        site: &Site,
        work: Work,
        ReadArticle { reading, validators, found_at, missing, pages }: ReadArticle,
        now: DateTime<Utc>,
    ) -> Record {
        let failures = work.record.as_ref().map_or(0, |record| record.article.failures);
        self.report.absorb(reading.findings.report);
        self.attempts.extend(reading.findings.attempts);
        let entry = work.entry.or_else(|| work.record.as_ref().map(|record| record.entry.clone())).unwrap_or_default();
        let mut record = self.merged(site, work.record, entry, Some(&reading.found), now);
        record.article =
            ArticleState { validators, due: upkeep::next_look(record.first_seen, now), failures: 0, read: true };
        if missing.is_none() {
            record.pages = pages;
        }
        if let Some(why) = missing {
            self.report.note(Field::Content, None, why);
            // What is there is published; asked for in full, and soon, until the rest is there, too.
            let failures = failures.saturating_add(1);
            let due = upkeep::retry(failures, now).or(record.article.due);
            record.article = ArticleState { validators: Validators::default(), due, failures, read: true };
        }
        self.add_aliases(&mut record, &found_at, reading.canonical.as_ref());
        record
    }

    /// The article could not be read. An item that has been read before stays as it is; another is made of its row.
    fn failed(&mut self, site: &Site, work: Work, is_transient: bool, now: DateTime<Utc>) -> Option<Record> {
        let mut record = match (work.record, work.entry) {
            (Some(mut record), entry) if record.article.read => {
                record.entry = entry.unwrap_or(record.entry);
                record
            }
            (record, Some(entry)) => self.merged(site, record, entry, None, now),
            (record, None) => record?,
        };
        let article = &mut record.article;
        article.failures = article.failures.saturating_add(1);
        article.due =
            if is_transient { upkeep::retry(article.failures, now) } else { upkeep::next_look(record.first_seen, now) };
        Some(record)
    }

    /// The article's host has asked to be left alone: the article has done nothing wrong, and is asked for as soon as it
    /// may be.
    fn put_off(
        &mut self,
        site: &Site,
        work: Work,
        (until, why): (DateTime<Utc>, String),
        now: DateTime<Utc>,
    ) -> Option<Record> {
        if self.put_off.is_none() {
            // What is true of one is true of all the others.
            self.report.note(None, None, why);
        }
        self.put_off = self.put_off.into_iter().chain([until]).min();
        let was_unfinished = self.is_unfinished;
        let mut record = self.unasked(site, work, now)?;
        self.is_unfinished = was_unfinished;
        record.article.due = Some(until);
        Some(record)
    }

    /// The refresh came to its end while the article was waited for. Perhaps it merely stood in a queue: the next refresh
    /// takes it. Twice in a row, it is the article that is slow, and it waits as after any failure.
    fn cut_short(&mut self, site: &Site, work: Work, now: DateTime<Utc>) -> Option<Record> {
        let link = work.fetch.as_ref().map(ToString::to_string).unwrap_or_default();
        self.report.note(None, None, format!("the refresh had no time left to wait for {link}"));
        let mut record = self.failed(site, work, true, now)?;
        if record.article.failures == 1 {
            record.article.due = Some(now);
            self.is_unfinished = true;
        }
        Some(record)
    }

    /// The article was not asked for: the site has no article rule, nothing is due, or the refresh asks for no more.
    fn unasked(&mut self, site: &Site, work: Work, now: DateTime<Utc>) -> Option<Record> {
        let Some(entry) = work.entry else { return work.record };
        let leads_somewhere = entry.ruled.link.is_some() || entry.automatic.link.is_some();
        let has_article = leads_somewhere && upkeep::reads_article(site, &entry);
        match work.record {
            Some(mut record) if has_article && !record.is_dropped => {
                // Beyond what this refresh asks for: the next one takes it.
                let is_wanted = !site.rule.made(&record.rule)
                    || upkeep::tells_of_change(&record.entry, &entry)
                    || upkeep::is_unasked(&record.article);
                if is_wanted {
                    record.article.due = Some(now);
                    self.is_unfinished = true;
                }
                Some(record)
            }
            Some(record) if site.rule.made(&record.rule) && upkeep::is_same_row(&record.entry, &entry) => Some(record),
            record => {
                let mut record = self.merged(site, record, entry, None, now);
                record.article.due = Some(now).filter(|_| has_article);
                self.is_unfinished |= has_article;
                Some(record)
            }
        }
    }

    /// Other addresses that lead to the item from now on: where its link was redirected to, what its page calls itself.
    /// Neither the listing, nor a front page, nor what another row of the listing has for its own.
    fn add_aliases(&self, record: &mut Record, found_at: &WebUrl, canonical: Option<&WebUrl>) {
        let aliases = std::iter::once(found_at).chain(canonical).filter(|url| !self.is_front(url)).map(key_of);
        for key in aliases {
            if record.keys.len() < limits::KEYS && !record.keys.contains(&key) && !self.listed.contains(&key) {
                record.keys.push(key);
            }
        }
    }

    fn merged(
        &mut self,
        site: &Site,
        record: Option<Record>,
        entry: Found,
        article: Option<&Found>,
        now: DateTime<Utc>,
    ) -> Record {
        let mut merged = merge(&entry, article, &site.rule, now);
        if let Some(all) = &mut self.choices {
            all.extend(choices(&entry, article, &merged));
        }
        // An article that calls itself the front page, as careless templates do, keeps its row's link.
        if merged.fields.link.as_ref().is_some_and(|link| self.is_front(link)) {
            let of_row = entry.ruled.link.as_ref().or(entry.automatic.link.as_ref());
            merged.fields.link = of_row.cloned().or(merged.fields.link);
        }
        self.report.absorb(std::mem::take(&mut merged.report));
        self.merged.add(&merged.fields);
        match record {
            None => upkeep::first(site, entry, merged, now),
            Some(mut record) => {
                upkeep::again(&mut record, site, entry, merged, now);
                record
            }
        }
    }

    /// Whether an article's address has come to show something else: a challenge, a log-in, a front page. What was read of
    /// the article before is worth more than that.
    fn is_gone(&self, site: &Site, work: &Work, reading: &ArticleReading, found_at: &WebUrl) -> bool {
        let is_redirected = work.fetch.as_ref().is_some_and(|link| self.is_front(found_at) && !self.is_front(link));
        is_redirected || lacks_content(site, reading) && text_of_article(site, work).is_some()
    }

    /// Whether what an item's row was read to say holds, whatever the row says now: it was read by another rule.
    pub(super) fn is_of_before(&self, record: &Record) -> bool {
        !record.is_dropped && self.since.is_some_and(|since| record.first_seen < since)
    }

    /// Whether an address is where redirects lead when an article is gone: the listing, or the site's front page.
    pub(super) fn is_front(&self, url: &WebUrl) -> bool {
        url.as_url().path() == "/" && url.as_url().query().is_none() || self.fronts.contains(&url.essence())
    }
}

/// What the feed shows of an item.
pub(super) fn shows<'a>(site: &Site, record: Option<&'a Record>) -> Option<&'a Item> {
    let record = record.filter(|record| record.held.is_none() && site.filter.passes(&record.item.fields));
    record.map(|record| &record.item)
}

/// Whether an item is to have an article that was not read as a whole, neither now nor before.
fn awaits_article(site: &Site, work: &Work, article: Option<&Article>) -> bool {
    let was_read = work.record.as_ref().is_some_and(|record| record.article.read && record.article.failures == 0);
    match article {
        Some(Article::Read(read)) => read.missing.is_some(),
        Some(Article::NotModified(_)) => false,
        Some(_) => !was_read,
        None => {
            let has_link = |row: &Found| row.ruled.link.is_some() || row.automatic.link.is_some();
            let row = work.entry.as_ref().or(work.record.as_ref().map(|record| &record.entry));
            !was_read && row.is_some_and(|row| has_link(row) && upkeep::reads_article(site, row))
        }
    }
}

/// Whether a page lacks the text that it is read for.
fn lacks_content(site: &Site, reading: &ArticleReading) -> bool {
    let Some(article) = &site.rule.article else { return false };
    if article.names_content() {
        reading.found.ruled.content.is_none()
    } else {
        article.full_text && reading.content().is_none()
    }
}

/// The text that was read from an item's article by the same rule. One that stands in the row itself says nothing about the
/// article.
fn text_of_article<'w>(site: &Site, work: &'w Work) -> Option<&'w Html> {
    let record = work.record.as_ref().filter(|record| record.article.read && site.rule.made(&record.rule))?;
    record.item.fields.content.as_ref().filter(|_| record.entry.ruled.content.is_none())
}

/// Whether an article is what it was, but does not have its text where the rule looks for it: then what was read of it
/// before stays. Two ways to find a text seldom find quite the same, and the item would seem to have changed.
fn has_moved_within(site: &Site, work: &Work, reading: &ArticleReading) -> bool {
    let (Some(before), Some(now)) = (text_of_article(site, work), reading.content()) else { return false };
    lacks_content(site, reading) && is_mostly(before, now)
}

/// Whether most words of a text are those of another.
fn is_mostly(one: &Html, other: &Html) -> bool {
    let words = |html: &Html| -> HashSet<String> {
        let pieces = html.as_str().split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        pieces.flat_map(str::split_whitespace).filter(|word| word.chars().count() > 3).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    !other.is_empty() && other.iter().filter(|word| one.contains(*word)).count() * 2 > other.len()
}

/// Whether an item has more text than was found now, by the same rule.
fn had_more(site: &Site, work: &Work, reading: &ArticleReading) -> bool {
    let length = |content: Option<&Html>| content.map_or(0, |content| content.as_str().len());
    let before = work.record.as_ref().filter(|record| record.article.read && site.rule.made(&record.rule));
    before.is_some_and(|before| length(before.item.fields.content.as_ref()) > length(reading.content()))
}

/// The article is as it was.
fn not_modified(work: Work, validators: Validators, now: DateTime<Utc>) -> Option<Record> {
    let mut record = work.record?;
    if !validators.is_empty() {
        record.article.validators = validators;
    }
    record.article.failures = 0;
    record.article.due = upkeep::next_look(record.first_seen, now);
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_that_is_slow_twice_waits_as_after_a_failure() {
        let toml = "[sites.x]\nurl = \"https://a.example/\"\nlisting.item = \"a\"\narticle.content = \"p\"\n";
        let plan = crate::config::parse(toml, std::path::Path::new("sites.toml")).unwrap();
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let mut entry = Found::default();
        entry.ruled.link = WebUrl::parse("https://a.example/1").ok();
        let mut record = None;
        for (minutes, failures) in [(0, 1), (20, 2), (40, 3)] {
            let mut gathered = Gathered::default();
            let fetch = entry.ruled.link.clone();
            let work = Work { entry: Some(entry.clone()), record, renamed: None, fetch };
            gathered.settle(&plan.sites["x"], work, Some(Article::CutShort), now);
            let settled = gathered.records.pop().unwrap();
            let wait = settled.article.due.map(|due| (due - now).num_minutes());
            assert_eq!((wait, settled.article.failures), (Some(minutes), failures));
            assert_eq!(gathered.is_unfinished, failures == 1);
            record = Some(settled);
        }
    }
}
