//! One refresh of one site: listing, articles, archive.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;

use super::article::{Article, Asked, From, Further};
use super::keeping::Keeping;
use super::listing::Listing;
use super::matching::known_to;
use super::mend::{self, Case, Workbench};
use super::schedule::{self, End};
use super::settle::{Gathered, Work};
use super::{Engine, Refreshed, drift};
use crate::archive::{ArchiveError, SiteState};
use crate::config::{Repairing, Site};
use crate::edition::fingerprint;
use crate::health::Turn;
use crate::item::Field;
use crate::limits;
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::report::Report;
use crate::rule::FieldRules;
use crate::weburl::WebUrl;

/// Articles asked for at once; what really goes out at the same time is up to each host's concurrency.
const ARTICLES_AT_ONCE: usize = 8;

/// How long to wait for another process that refreshes the same site, and how often to look.
const LEASE_WAIT: Duration = Duration::from_secs(5);
const LEASE_LOOK: Duration = Duration::from_millis(200);

impl Engine {
    /// Refreshes `site` once. Whatever goes wrong becomes the outcome; what the archive holds is only ever added to.
    /// With what came of it comes the site's state, if that is to be kept in memory alone.
    pub(super) async fn pass(&self, site: &Arc<Site>, workbench: &Workbench) -> (Refreshed, Option<SiteState>) {
        let began = tokio::time::Instant::now();
        let _refreshing = self.metrics.refreshing();
        let mut gathered = Gathered::default();
        gathered.choices = self.parts.explain.then(Vec::new);
        let outcome = match self.leased(site, workbench, &mut gathered).await {
            Ok(outcome) => outcome,
            Err(error) => {
                gathered.unkept = self.unarchived(site, &error).await;
                Outcome::Failed { why: error.to_string(), status: None, timed_out: false }
            }
        };
        self.metrics.refreshed(&outcome, began.elapsed());
        match outcome.why() {
            None => tracing::debug!(site = site.name, outcome = outcome.name(), "refreshed"),
            // One failure is no reason to look up: what lasts is warned of when the site's health turns.
            Some(why) => tracing::info!(site = site.name, outcome = outcome.name(), "{why}"),
        }
        let choices = gathered.choices.unwrap_or_default();
        let (report, attempts, rule) = (gathered.report, gathered.attempts, gathered.rule);
        let refreshed = Refreshed { outcome, report, attempts, choices, rule };
        (refreshed, gathered.unkept)
    }

    async fn leased(
        &self,
        site: &Arc<Site>,
        workbench: &Workbench,
        gathered: &mut Gathered,
    ) -> Result<Outcome, ArchiveError> {
        if !self.lease(site).await? {
            let why = "another Feedmill process is refreshing this site, or was stopped in the middle of it less than \
                       half a minute ago";
            return Ok(Outcome::Failed { why: why.to_owned(), status: None, timed_out: true });
        }
        self.holding_on(site, Box::pin(self.refreshed(site, workbench, gathered))).await
    }

    /// Does what needs the lease, which was taken and is given back when it is done.
    pub(super) async fn holding_on<T>(
        &self,
        site: &Site,
        work: impl Future<Output = Result<T, ArchiveError>>,
    ) -> Result<T, ArchiveError> {
        let done = {
            let mut work = pin!(work);
            loop {
                tokio::select! {
                    done = &mut work => break done,
                    () = tokio::time::sleep(limits::LEASE / 3) => { self.take(site).await?; }
                }
            }
        };
        self.parts.archive.release(&site.name, &self.holder).await?;
        done
    }

    /// Takes the lease, or renews it.
    async fn take(&self, site: &Site) -> Result<bool, ArchiveError> {
        let now = self.parts.clock.now();
        let holding = TimeDelta::from_std(limits::LEASE).unwrap_or(TimeDelta::MAX);
        self.parts.archive.lease(&site.name, &self.holder, now, now + holding).await
    }

    pub(super) async fn lease(&self, site: &Site) -> Result<bool, ArchiveError> {
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

    async fn refreshed(
        &self,
        site: &Arc<Site>,
        workbench: &Workbench,
        gathered: &mut Gathered,
    ) -> Result<Outcome, ArchiveError> {
        let mut state = self.parts.archive.state(&site.name).await?;
        if self.unhold(site, &state).await? {
            state = self.parts.archive.state(&site.name).await?;
        }
        if (state.tried.is_some() || self.is_fixed(&site.name))
            && let Some(current) = self.in_memory(&site.name, state.tried)
        {
            // Trouble that could not be archived goes on with this refresh, or ends by it.
            state.episode.clone_from(&current.state.episode);
        }
        self.adopt_rule(site, &mut state).await?;
        let now = self.parts.clock.now();
        gathered.is_first = state.succeeded.is_none();
        let outcome = self.read(site, workbench, &mut state, gathered, now).await?;
        let now = self.parts.clock.now();
        gathered.show_something();
        state.drift = drift::settled(state.drift.take(), gathered.drift.take(), (&outcome, gathered.is_unchanged), now);
        self.plan_next(site, &mut state, &outcome, gathered, now).await?;
        if outcome.is_good() {
            state.succeeded = Some(now);
        }
        let turn = self.health_after(site, &mut state, &outcome);
        let head = Some(head(site, &state));
        // What the operator edited shows at once, also while the site fails.
        if state.succeeded.is_some() && (gathered.is_other || state.head != head || state.changed.is_none()) {
            state.head = head;
            state.changed = Some(later(state.changed, now));
        }
        state.tried = Some(now);
        state.outcome = Some(outcome.clone());
        if !gathered.report.fields.is_empty() || gathered.report.rows.is_some() {
            state.report = Some(gathered.report.clone());
        }
        if state.succeeded.is_none() && site.name.contains('/') && !self.is_fixed(&site.name) {
            // Values that somebody made up: they leave nothing behind but, in memory, when they may be tried again.
            gathered.unkept = Some(state);
            return Ok(outcome);
        }
        self.commit(site, state, gathered, turn, now).await?;
        Ok(outcome)
    }

    /// Reads the site by the rule that runs, or by another one if that fits no longer.
    async fn read(
        &self,
        own: &Arc<Site>,
        workbench: &Workbench,
        state: &mut SiteState,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) -> Result<Outcome, ArchiveError> {
        state.made = std::mem::take(&mut state.made).for_rule(&own.rule.hash);
        let mut running = workbench.running(own, &state.made);
        drift::begin(state, &running.site);
        let before = (state.pages.clone(), state.title.clone());
        let mut listing = self.listing(&running.site, state, gathered).await;
        if self.fits_again(&running, state, gathered).await {
            tracing::info!(site = own.name, "the site is what it was, and its own rule counts again");
            running = mend::undone(own, workbench, state, now);
            gathered.begin_again();
            listing = self.listing(&running.site, state, gathered).await;
        }
        let mut outcome = self.outcome(&running.site, listing, state, gathered, now).await?;
        let case = Case { own, running: &running, workbench, now };
        if let Some(other) = self.another(&case, state, gathered, &mut outcome).await? {
            drift::begin(state, &other.site);
            let listing = self.listing(&other.site, state, gathered).await;
            outcome = self.outcome(&other.site, listing, state, gathered, now).await?;
            running = other;
        } else if let Some(known) = gathered.strayed {
            // Nothing better is known, or it waits to be accepted: what the rule finds is taken.
            let is_surpassed = own.repair == Repairing::Propose && state.made.repair.is_some();
            gathered.begin_again();
            (gathered.strayed, gathered.is_surpassed) = (Some(known), is_surpassed);
            state.pages.clone_from(&before.0);
            let listing = self.listing(&running.site, state, gathered).await;
            outcome = self.outcome(&running.site, listing, state, gathered, now).await?;
        }
        if matches!(outcome, Outcome::Empty { .. }) {
            // Pages whose entries were refused have not been read: the same bytes would pass for good ones.
            (state.pages, state.title) = before;
            (gathered.is_whole, gathered.listing_pages) = (false, Vec::new());
        }
        mend::note(own, &running, state, gathered, &outcome);
        Ok(outcome)
    }

    /// What becomes of a listing that was read.
    async fn outcome(
        &self,
        site: &Site,
        listing: Result<Listing, Outcome>,
        state: &mut SiteState,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) -> Result<Outcome, ArchiveError> {
        gathered.since = state.made.since;
        let mut listing = match listing {
            Ok(listing) => listing,
            Err(outcome) => return Ok(outcome),
        };
        let trouble = listing.trouble.take();
        let outcome = self.articles(site, listing, &mut state.profile, gathered, now).await?;
        Ok(match trouble {
            Some(why) if outcome.is_good() => partial(&outcome, why),
            _ => outcome,
        })
    }

    /// When the site is to be refreshed next, from how this refresh ended.
    async fn plan_next(
        &self,
        site: &Site,
        state: &mut SiteState,
        outcome: &Outcome,
        gathered: &Gathered,
        now: DateTime<Utc>,
    ) -> Result<(), ArchiveError> {
        let interval = self.learnt(site, &gathered.records, now).await?;
        let end = End {
            site: &site.name,
            at: now,
            outcome,
            failures: state.failures,
            failing_since: state.episode.as_ref().map(|episode| episode.since),
            interval,
            is_unfinished: gathered.is_unfinished,
            put_off_for: gathered.put_off.map(|until| (until - now).to_std().unwrap_or_default()),
            fresh_for: schedule::fresh_for(state),
            closed_for: gathered.closed_for,
        };
        let next = schedule::next(&end);
        (state.due, state.failures, state.interval) = (next.due, next.failures, Some(interval));
        state.due = gathered.no_later(state, state.due, now);
        Ok(())
    }

    /// Archives all that the refresh found, at once, then says so and makes room.
    async fn commit(
        &self,
        site: &Site,
        mut state: SiteState,
        gathered: &mut Gathered,
        turn: Option<Turn>,
        now: DateTime<Utc>,
    ) -> Result<(), ArchiveError> {
        self.ask_for_whole_listing(site, &mut state, gathered).await?;
        // The listing's first row is its newest: it gets the highest number.
        gathered.records.reverse();
        state.listing = std::mem::take(&mut gathered.listing_pages);
        let brings_pages = !state.listing.is_empty() || gathered.records.iter().any(|record| !record.pages.is_empty());
        let records = std::mem::take(&mut gathered.records);
        let told = turn.map(|turn| (turn, state.clone()));
        self.parts.archive.commit(&site.name, &self.holder, state, records).await?;
        if let Some((turn, state)) = told {
            self.tell(site, &state, turn);
        }
        if brings_pages || site.keep_pages.is_none() {
            self.prune_pages(site, now).await;
        }
        self.retain(site, gathered, now).await;
        Ok(())
    }

    /// Brings the archive's items up to date with the listing, and with the articles that are new or due.
    async fn articles(
        &self,
        site: &Site,
        mut listing: Listing,
        profile: &mut Profile,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) -> Result<Outcome, ArchiveError> {
        let is_unchanged = listing.reading.is_none();
        let entries = listing.reading.as_mut().map(|reading| std::mem::take(&mut reading.entries)).unwrap_or_default();
        let count = entries.len();
        let links = drift::Facts::links(&entries);
        let work = self.work(site, entries, gathered, now).await?;
        if let Err(why) = drift::judged(site, profile, &listing, (count, links), &work, gathered) {
            return Ok(Outcome::Empty { why });
        }
        gathered.at_hand.clear();
        let time = if gathered.is_first { limits::ARTICLES_TIME_FIRST } else { limits::ARTICLES_TIME };
        let end = tokio::time::Instant::now() + time;
        let further = Further::default();
        let keeping = Keeping::of(site);
        let from = From::Site(keeping.as_ref(), None);
        let read: Vec<(Work, Option<Article>)> = futures_util::stream::iter(work)
            .map(async |work| {
                let article = match &work.fetch {
                    Some(link) => {
                        // Slow articles do not hold the news of the others back.
                        let asked = Asked { site, link, now, further: &further, end, from };
                        Some(self.article(asked, known_to(site, &work)).await)
                    }
                    None => None,
                };
                (work, article)
            })
            .buffered(ARTICLES_AT_ONCE)
            .collect()
            .await;
        let mut read = self.absorbed(site, read, now).await?;
        self.without_boilerplate(site, profile, &mut read).await;
        for (work, article) in read {
            gathered.settle(site, work, article, now);
        }
        let nothing = FieldRules::default();
        let of_article = site.rule.article.as_ref().map_or(&nothing, |article| &article.fields);
        let tallies = gathered.merged.tallies(&[&site.rule.listing.fields, of_article]);
        if !tallies.is_empty() {
            let read = tallies.get(&Field::Link).map(|tally| tally.found + tally.missing);
            gathered.report.entries =
                Some(count).filter(|count| !is_unchanged && read.is_some_and(|read| read < *count));
            // What was missed is what the item lacks after its row and its article were merged.
            gathered.report.fields = tallies;
        }
        gathered.is_unchanged = is_unchanged;
        // Articles may have been looked at all the same: what came of it is what counts.
        if is_unchanged && gathered.new + gathered.changed == 0 {
            return Ok(Outcome::Unchanged);
        }
        Ok(Outcome::Fresh { entries: count, new: gathered.new, changed: gathered.changed })
    }
}

/// When a feed changes that changed last at `before`. HTTP dates have whole seconds: two changes within one must not look
/// like one.
pub(super) fn later(before: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    before.map_or(now, |before| now.max(before + TimeDelta::seconds(1)))
}

/// What a refresh came to for which only some of the addresses could be read.
fn partial(outcome: &Outcome, why: String) -> Outcome {
    match *outcome {
        Outcome::Fresh { entries, new, changed } => Outcome::Partial { entries, new, changed, why },
        _ => Outcome::Partial { entries: 0, new: 0, changed: 0, why },
    }
}

/// Fingerprint of what the feed says about itself, and of what decides which items it shows.
pub(super) fn head(site: &Site, state: &SiteState) -> String {
    let title = super::title(site, state);
    let filter = if site.filter.is_empty() { String::new() } else { site.filter.written() };
    let notice = super::notice::mark(site, state).map(|mark| format!("\nnotice {mark}")).unwrap_or_default();
    let (description, language) = (&site.description, &site.language);
    let head = format!("{title}\n{description:?}\n{language:?}\n{}\n{}{filter}{notice}", site.url, site.show);
    fingerprint(head.as_bytes())
}

/// Why no entry came out of a listing's page at `url`, and what to do.
pub fn why_empty(site: &Site, url: &WebUrl, report: &Report) -> String {
    let nothing = nothing_in(site, url, report);
    if report.rows.unwrap_or_default() > 0 || site.rule.listing.item.is_empty() || !report.notes.is_empty() {
        return nothing;
    }
    nothing
        + match report.container {
            Some(false) => ": the site was redesigned, or this is another page (a log-in, a challenge)",
            _ => "; if an empty list is nothing unusual here, name what stays in `container`",
        }
}

/// The same without what to do, and without a guess at what has happened.
pub(super) fn nothing_in(site: &Site, url: &WebUrl, report: &Report) -> String {
    let rows = report.rows.unwrap_or_default();
    if rows > 0 {
        let first = report.notes.first().map(|note| note.what.clone()).unwrap_or_default();
        return format!("{url}: {rows} rows, but none of them is an entry ({first})");
    }
    if site.rule.listing.item.is_empty() {
        return format!(
            "{url} lists nothing{}",
            if report.container.is_none() { "" } else { ", and has no container" }
        );
    }
    let item = site.rule.listing.item.iter().map(|css| format!("`{css}`")).collect::<Vec<_>>().join(", ");
    // An expression that was broken off, say: then the page is not what is wrong.
    match report.notes.first() {
        Some(note) => format!("{url}: nothing was found by item = {item}: {}", note.what),
        None => {
            let gone = if report.container == Some(false) { "; the container is gone, too" } else { "" };
            format!("{url}: nothing on the page matches item = {item}{gone}")
        }
    }
}
