//! One refresh of one site: listing, articles, archive.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;

use super::identity::{BY_ID, Identity, key_of};
use super::reading::{Article, failed};
use super::settle::{Gathered, Work};
use super::{Engine, Refreshed, upkeep};
use crate::archive::{ArchiveError, Record, SiteState};
use crate::config::Site;
use crate::edition::fingerprint;
use crate::extract::{Entry, ListingReading};
use crate::fetch::Fetched;
use crate::limits;
use crate::outcome::Outcome;
use crate::report::Report;
use crate::rule::FieldRules;
use crate::webpage::Validators;
use crate::weburl::WebUrl;

/// First wait after a refresh that failed; doubled with each further one, up to the site's refresh interval.
const RETRY: TimeDelta = TimeDelta::seconds(60);

/// Articles asked for at once; what really goes out at the same time is up to each host's concurrency.
const ARTICLES_AT_ONCE: usize = 8;

/// How long to wait for another process that refreshes the same site, and how often to look.
const LEASE_WAIT: Duration = Duration::from_secs(5);
const LEASE_LOOK: Duration = Duration::from_millis(200);

impl Engine {
    /// Refreshes `site` once. Whatever goes wrong becomes the outcome; what the archive holds is only ever added to.
    pub(super) async fn pass(&self, site: &Site) -> Refreshed {
        let mut gathered = Gathered::default();
        let outcome = match self.leased(site, &mut gathered).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Failed { why: error.to_string(), status: None, timed_out: false },
        };
        match outcome.why() {
            None => tracing::debug!(site = site.name, outcome = outcome.name(), "refreshed"),
            Some(why) => tracing::warn!(site = site.name, outcome = outcome.name(), "{why}"),
        }
        Refreshed { outcome, report: gathered.report, attempts: gathered.attempts }
    }

    async fn leased(&self, site: &Site, gathered: &mut Gathered) -> Result<Outcome, ArchiveError> {
        if !self.lease(site).await? {
            let why = "another Feedmill process is refreshing this site, or was stopped in the middle of it less than \
                       half a minute ago";
            return Ok(Outcome::Failed { why: why.to_owned(), status: None, timed_out: true });
        }
        let outcome = {
            let mut refreshed = pin!(self.refreshed(site, gathered));
            loop {
                tokio::select! {
                    outcome = &mut refreshed => break outcome,
                    () = tokio::time::sleep(limits::LEASE / 3) => { self.take(site).await?; }
                }
            }
        };
        self.parts.archive.release(&site.name, &self.holder).await?;
        outcome
    }

    /// Takes the lease, or renews it.
    async fn take(&self, site: &Site) -> Result<bool, ArchiveError> {
        let now = self.parts.clock.now();
        let holding = TimeDelta::from_std(limits::LEASE).unwrap_or(TimeDelta::MAX);
        self.parts.archive.lease(&site.name, &self.holder, now, now + holding).await
    }

    async fn lease(&self, site: &Site) -> Result<bool, ArchiveError> {
        let mut waited = Duration::ZERO;
        loop {
            if self.take(site).await? {
                return Ok(true);
            }
            if waited >= LEASE_WAIT {
                return Ok(false);
            }
            tokio::time::sleep(LEASE_LOOK).await;
            waited += LEASE_LOOK;
        }
    }

    async fn refreshed(&self, site: &Site, gathered: &mut Gathered) -> Result<Outcome, ArchiveError> {
        let mut state = self.parts.archive.state(&site.name).await?;
        let now = self.parts.clock.now();
        gathered.is_first = state.succeeded.is_none();
        let outcome = match self.listing(site, &mut state, gathered).await {
            Ok(reading) => self.articles(site, reading, gathered, now).await?,
            Err(outcome) => outcome,
        };
        let now = self.parts.clock.now();
        let interval = TimeDelta::from_std(site.refresh).unwrap_or(TimeDelta::MAX);
        if outcome.is_good() {
            state.failures = 0;
            state.succeeded = Some(now);
            let soon = TimeDelta::from_std(limits::UNFINISHED).unwrap_or(TimeDelta::MAX);
            state.due = now.checked_add_signed(if gathered.is_unfinished { interval.min(soon) } else { interval });
            if gathered.is_other || state.changed.is_none() {
                // HTTP dates have whole seconds: two changes within one must not look like one.
                state.changed = Some(state.changed.map_or(now, |before| now.max(before + TimeDelta::seconds(1))));
            }
        } else {
            state.failures = state.failures.saturating_add(1);
            let doubled = 1_i32 << state.failures.saturating_sub(1).min(16);
            state.due = now.checked_add_signed((RETRY * doubled).min(interval));
        }
        state.tried = Some(now);
        state.outcome = Some(outcome.clone());
        if !gathered.report.fields.is_empty() || gathered.report.rows.is_some() {
            state.report = Some(gathered.report.clone());
        }
        // The listing's first row is its newest: it gets the highest number.
        gathered.records.reverse();
        self.parts.archive.commit(&site.name, &self.holder, state, std::mem::take(&mut gathered.records)).await?;
        Ok(outcome)
    }

    /// Fetches and reads the listing. `Ok(None)`: it has not changed. `Err`: how the refresh ends without it.
    async fn listing(
        &self,
        site: &Site,
        state: &mut SiteState,
        gathered: &mut Gathered,
    ) -> Result<Option<ListingReading>, Outcome> {
        let is_same_rule = state.rule.as_deref() == Some(&site.rule.hash) && state.succeeded.is_some();
        let known = Some(&state.validators).filter(|validators| is_same_rule && !validators.is_empty());
        let page = match self.fetch(site, &site.url, known).await.map_err(|error| failed(&site.url, &error))? {
            Fetched::Page(page) => page,
            Fetched::NotModified(validators) => {
                if !validators.is_empty() {
                    state.validators = validators;
                }
                return Ok(None);
            }
        };
        let (validators, bytes) = (page.validators.clone(), fingerprint(&page.body));
        if is_same_rule && state.listing.as_ref() == Some(&bytes) {
            state.validators = validators;
            return Ok(None);
        }
        let now = self.parts.clock.now();
        let mut reading = self.read_listing(site, page, now).await.map_err(|error| Outcome::Failed {
            why: format!("{} is not a page: {error}", site.url),
            status: None,
            timed_out: false,
        })?;
        let findings = std::mem::take(&mut reading.findings);
        gathered.report = findings.report;
        gathered.attempts = findings.attempts;
        if reading.entries.is_empty() && gathered.report.container != Some(true) {
            return Err(Outcome::Empty { why: why_empty(site, &gathered.report) });
        }
        // Only now: a page that nothing could be read from must be asked for in full again.
        state.validators = validators;
        state.listing = Some(bytes);
        state.rule = Some(site.rule.hash.clone());
        state.title = reading.title.as_ref().map(ToString::to_string);
        Ok(Some(reading))
    }

    /// Brings the archive's items up to date with the listing, and with the articles that are new or due.
    async fn articles(
        &self,
        site: &Site,
        reading: Option<ListingReading>,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) -> Result<Outcome, ArchiveError> {
        let is_unchanged = reading.is_none();
        let entries = reading.map(|reading| reading.entries).unwrap_or_default();
        let count = entries.len();
        let work = self.work(site, entries, gathered, now).await?;
        let is_idle = work.iter().all(|work| work.fetch.is_none());
        let time = if gathered.is_first { limits::ARTICLES_TIME_FIRST } else { limits::ARTICLES_TIME };
        let end = tokio::time::Instant::now() + time;
        let read: Vec<(Work, Option<Article>)> = futures_util::stream::iter(work)
            .map(async |work| {
                let article = match &work.fetch {
                    Some(link) => {
                        let article = self.article(site, link, known_to(site, &work), now);
                        // Slow articles do not hold the news of the others back.
                        Some(tokio::time::timeout_at(end, article).await.unwrap_or(Article::NoTime))
                    }
                    None => None,
                };
                (work, article)
            })
            .buffered(ARTICLES_AT_ONCE)
            .collect()
            .await;
        for (work, article) in self.absorbed(site, read).await? {
            gathered.settle(site, work, article, now);
        }
        let nothing = FieldRules::default();
        let of_article = site.rule.article.as_ref().map_or(&nothing, |article| &article.fields);
        let tallies = gathered.merged.tallies(&[&site.rule.listing.fields, of_article]);
        if !tallies.is_empty() {
            // What was missed is what the item lacks after its row and its article were merged.
            gathered.report.fields = tallies;
        }
        if is_unchanged && is_idle {
            return Ok(Outcome::Unchanged);
        }
        Ok(Outcome::Fresh { entries: count, new: gathered.new, changed: gathered.changed })
    }

    /// What is to be done: entries in the order of the listing, then articles that are due without standing there.
    async fn work(
        &self,
        site: &Site,
        entries: Vec<Entry>,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) -> Result<Vec<Work>, ArchiveError> {
        let identities: Vec<Identity> = entries.iter().map(identity_of).collect();
        gathered.listed = identities.iter().flat_map(Identity::keys).collect();
        let keys = identities.iter().flat_map(Identity::keys).collect();
        let known = self.parts.archive.find(&site.name, keys).await?;
        let mut work = Vec::with_capacity(entries.len());
        let mut listed: Vec<i64> = Vec::with_capacity(entries.len());
        // Rows that an item was archived by come before rows that lead to it by an alias.
        let owners: Vec<Option<i64>> = identities.iter().map(|identity| owner(identity, &known)).collect();
        for ((entry, identity), own) in entries.into_iter().zip(identities).zip(&owners) {
            let record = match own {
                Some(_) => known.iter().find(|record| record.number == *own).cloned(),
                None => known.iter().find(|record| identity.is(record)).cloned(),
            };
            let number = record.as_ref().and_then(|record| record.number);
            // A second row of an item that has had several addresses.
            if listed
                .iter()
                .chain(owners.iter().flatten().filter(|_| own.is_none()))
                .any(|other| Some(*other) == number)
            {
                continue;
            }
            listed.extend(number);
            let is_wanted = match &record {
                None => true,
                Some(record) => {
                    record.rule != site.rule.hash
                        || upkeep::tells_of_change(&record.entry, &entry.found)
                        || record.article.due.is_some_and(|due| due <= now)
                }
            };
            let fetch = entry.link().cloned().filter(|_| is_wanted && site.rule.article.is_some());
            work.push(Work { entry: Some(entry.found), record, fetch });
        }
        let mut budget = limits::ARTICLES_A_REFRESH;
        for work in &mut work {
            match budget.checked_sub(usize::from(work.fetch.is_some())) {
                Some(left) => budget = left,
                None => work.fetch = None,
            }
        }
        if site.rule.article.is_some() && budget > 0 {
            let due = self.parts.archive.due(&site.name, now, listed.len() + budget).await?;
            let unlisted =
                due.into_iter().filter(|record| record.number.is_none_or(|number| !listed.contains(&number)));
            work.extend(unlisted.take(budget).map(|record| Work {
                entry: None,
                fetch: record.item.fields.link.clone(),
                record: Some(record),
            }));
        }
        Ok(work)
    }

    /// Items that only their articles show to be archived already, by an `id` in the page or by the same path under
    /// another query, become what they are.
    async fn absorbed(
        &self,
        site: &Site,
        mut read: Vec<(Work, Option<Article>)>,
    ) -> Result<Vec<(Work, Option<Article>)>, ArchiveError> {
        let keys: Vec<String> = read
            .iter()
            .filter(|(work, _)| work.record.is_none())
            .filter_map(|(work, article)| told_by_article(work.fetch.as_ref()?, article.as_ref()?))
            .flatten()
            .collect();
        if keys.is_empty() {
            return Ok(read);
        }
        let mut known = self.parts.archive.find(&site.name, keys).await?;
        let taken: Vec<i64> = read.iter().filter_map(|(work, _)| work.record.as_ref()?.number).collect();
        known.retain(|record| record.number.is_none_or(|number| !taken.contains(&number)));
        for (work, article) in read.iter_mut().filter(|(work, _)| work.record.is_none()) {
            let (Some(link), Some(article)) = (&work.fetch, article) else { continue };
            let told = told_by_article(link, article).unwrap_or_default();
            let same = known.iter().position(|record| {
                // A page's own address alone is no proof: some sites write the same one into all of their pages.
                let by_id = told.iter().any(|key| key.starts_with(BY_ID) && record.keys.contains(key));
                by_id || told.iter().any(|key| record.keys.contains(key)) && has_same_title(record, work, article)
            });
            work.record = same.map(|at| known.swap_remove(at));
        }
        Ok(read)
    }
}

/// The record whose own row this is: whose last row had the same id, or the same link.
fn owner(identity: &Identity, known: &[Record]) -> Option<i64> {
    let own = |record: &&Record| {
        let row = Identity::of(&record.entry.ruled.clone().or(record.entry.automatic.clone()));
        identity.is(record) && (row.id.is_some() && row.id == identity.id || row.link == identity.link)
    };
    known.iter().find(own)?.number
}

fn identity_of(entry: &Entry) -> Identity {
    let found = &entry.found;
    Identity::of(&found.ruled.clone().or(found.automatic.clone()))
}

/// The validators of an article; none if it has to be read again whether it changed or not: it was never read, or by
/// another rule, or its row says something new that is to be merged with it.
fn known_to<'a>(site: &Site, work: &'a Work) -> Option<&'a Validators> {
    let record = work.record.as_ref().filter(|record| record.rule == site.rule.hash && record.article.read)?;
    let is_same_row = work.entry.as_ref().is_none_or(|entry| !upkeep::tells_of_change(&record.entry, entry));
    Some(&record.article.validators).filter(|validators| is_same_row && !validators.is_empty())
}

/// Whether what was read bears the title of an archived item.
fn has_same_title(record: &Record, work: &Work, article: &Article) -> bool {
    let Article::Read(reading, ..) = article else { return false };
    let of_article = [&reading.found.ruled.title, &reading.found.automatic.title];
    let of_row = work.entry.iter().flat_map(|entry| [&entry.ruled.title, &entry.automatic.title]);
    let known = record.item.fields.title.as_ref();
    known.is_some() && of_article.into_iter().chain(of_row).any(|title| title.as_ref() == known)
}

/// The keys of an article that its page tells: the rule's `id`, and its own address where that differs from `link` in
/// nothing but the query. (A redirect to somewhere else may be a front page or a consent form, and proves nothing.)
fn told_by_article(link: &WebUrl, article: &Article) -> Option<Vec<String>> {
    let Article::Read(reading, ..) = article else { return None };
    let by_id = Identity::of(&reading.found.ruled).id;
    let is_same_page = |other: &&WebUrl| other.host() == link.host() && other.as_url().path() == link.as_url().path();
    let by_address = reading.canonical.as_ref().filter(is_same_page).map(key_of);
    Some(by_id.into_iter().chain(by_address).collect())
}

/// Why no entry came out of a listing, and what to do.
pub fn why_empty(site: &Site, report: &Report) -> String {
    let rows = report.rows.unwrap_or_default();
    if rows > 0 {
        let first = report.notes.first().map(|note| note.what.clone()).unwrap_or_default();
        return format!("{}: {rows} rows, but none of them is an entry ({first})", site.url);
    }
    let item = site.rule.listing.item.iter().map(|css| format!("`{css}`")).collect::<Vec<_>>().join(", ");
    let gone = match report.container {
        Some(false) => {
            "; the container is gone, too: the site was redesigned, or this is another page (a log-in, a challenge)"
        }
        _ => "; if an empty list is nothing unusual here, name what stays in `container`",
    };
    format!("{}: nothing on the page matches item = {item}{gone}", site.url)
}
