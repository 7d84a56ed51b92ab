//! A site's listing in one refresh: every address, and the pages that they lead to.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use super::keeping::Keeping;
use super::pages::Pages;
use super::pass::nothing_in;
use super::reading::{Read, Unread, failed};
use super::reading_rule::reading_rule;
use super::settle::Gathered;
use super::{Engine, drift, why_empty};
use crate::archive::{PageState, SiteState};
use crate::config::Site;
use crate::drift::Drift;
use crate::edition::fingerprint;
use crate::extract::{Findings, ListingReading, joined};
use crate::fetch::{FetchError, Fetched};
use crate::kept::KeptPage;
use crate::limits;
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::report::Report;
use crate::rule::Address;
use crate::webpage::{Asking, Page};
use crate::weburl::WebUrl;

/// What became of a listing of which at least one address could be read.
pub(super) struct Listing {
    /// What was read; `None`: nothing has changed.
    pub(super) reading: Option<ListingReading>,
    /// Why some of the addresses could not be read, if any could not.
    pub(super) trouble: Option<String>,
    /// Where its first address has moved to for good, if it has.
    pub(super) moved: Option<WebUrl>,
    /// Whether every page of it was read now: its length can be compared with others.
    pub(super) is_whole: bool,
}

/// What became of one address.
struct Followed {
    url: WebUrl,
    /// Whether it differs from day to day.
    is_dated: bool,
    /// The pages that were read; none: nothing has changed. Or how it failed.
    pages: Result<Vec<ListingReading>, Outcome>,
    /// What is to be known of its pages next time.
    known: BTreeMap<WebUrl, PageState>,
    /// What happened to its further pages.
    remarks: Vec<String>,
    /// Its pages, if they are to be kept.
    kept: Vec<KeptPage>,
    /// Whether there was no time for all of them.
    is_cut_short: bool,
    /// How long its host is to be left alone.
    closed_for: Option<Duration>,
    /// Whether all of its pages were read, none of them being as it was.
    is_whole: bool,
    /// What reading a page without entries told: why there are none.
    nothing: Option<Findings>,
    /// Its first page, if that was fetched now.
    page: Option<Page>,
    /// How it departs from what the site was.
    drift: Option<Drift>,
    /// Where it has moved to for good.
    moved: Option<WebUrl>,
}

/// What asking for one page brought.
struct Got {
    /// The page, unless it is as it was.
    page: Option<Page>,
    /// What is to be known of it next time.
    state: PageState,
    /// Where it has moved to for good.
    moved: Option<WebUrl>,
}

/// What one refresh goes by while it follows its addresses.
struct Way<'a> {
    known: &'a BTreeMap<WebUrl, PageState>,
    profile: &'a Profile,
    /// Pages that were fetched in this refresh already.
    at_hand: &'a BTreeMap<WebUrl, Page>,
    now: DateTime<Utc>,
    start: Instant,
    /// Time for further pages.
    further_time: Duration,
    /// Pages behind the first one that each address may lead to.
    further: usize,
}

impl Engine {
    /// Fetches and reads the listing. `Err`: how the refresh ends without it.
    pub(super) async fn listing(
        &self,
        site: &Site,
        state: &mut SiteState,
        gathered: &mut Gathered,
    ) -> Result<Listing, Outcome> {
        let is_same_rule = state.rule.as_ref() == Some(&reading_rule(site)) && state.succeeded.is_some();
        let known = if is_same_rule { state.pages.clone() } else { BTreeMap::new() };
        let way = &Way {
            known: &known,
            profile: &state.profile,
            at_hand: &std::mem::take(&mut gathered.at_hand),
            now: self.parts.clock.now(),
            start: Instant::now(),
            further_time: if gathered.is_first { limits::LISTING_TIME_FIRST } else { limits::LISTING_TIME },
            further: (limits::FURTHER_PAGES / site.addresses.len().max(1)).max(1),
        };
        let following: Vec<_> = site.addresses.iter().map(|address| self.follow(site, address, way)).collect();
        let mut followed: Vec<Followed> =
            futures_util::stream::iter(following).buffered(limits::ADDRESSES_AT_ONCE).collect().await;
        gathered.at_hand =
            followed.iter_mut().filter_map(|followed| Some((followed.url.clone(), followed.page.take()?))).collect();
        gathered.drift = followed.iter_mut().find_map(|followed| followed.drift.take());
        let fronts = followed.iter().map(|followed| &followed.url).chain([&site.url]);
        gathered.closed_for = followed.iter().filter_map(|followed| followed.closed_for).max();
        gathered.fronts = fronts.map(WebUrl::essence).collect();
        let trouble = trouble(&followed, &mut gathered.report).inspect_err(|_| {
            if let Some(findings) = followed.iter_mut().find_map(|followed| followed.nothing.take()) {
                let remarks = std::mem::replace(&mut gathered.report, findings.report);
                gathered.report.absorb(remarks);
                gathered.attempts = findings.attempts;
            }
        })?;
        gathered.is_whole =
            trouble.is_none() && followed.iter().all(|followed| followed.is_whole || followed.pages.is_err());
        let moved = followed.first().and_then(|followed| followed.moved.clone());
        let mut is_whole = trouble.is_none();
        let mut readings = Vec::new();
        state.rule = Some(reading_rule(site));
        state.pages = BTreeMap::new();
        for (number, followed) in followed.into_iter().enumerate() {
            state.pages.extend(followed.known);
            gathered.listing_pages.extend(followed.kept);
            // Later refreshes have all the time there is for a listing: what does not fit into that will not in a minute.
            gathered.is_unfinished |= followed.is_cut_short && gathered.is_first;
            followed.remarks.into_iter().for_each(|remark| gathered.report.note(None, None, remark));
            let mut pages = followed.pages.unwrap_or_default();
            if let Some(first) = pages.first()
                && (number == 0 || state.title.is_none())
            {
                state.title = first.title.as_ref().map(ToString::to_string);
            }
            if site.rule.listing.reverse {
                pages.reverse();
            }
            is_whole &= !pages.is_empty() && !followed.is_cut_short;
            if !pages.is_empty() {
                readings.push(joined(pages, &site.rule, site.rule.listing.limit));
            }
        }
        if readings.is_empty() {
            return Ok(Listing { reading: None, trouble, moved, is_whole });
        }
        let mut reading = joined(readings, &site.rule, limits::ENTRIES);
        let findings = std::mem::take(&mut reading.findings);
        let remarks = std::mem::replace(&mut gathered.report, findings.report);
        gathered.report.absorb(remarks);
        gathered.attempts = findings.attempts;
        Ok(Listing { reading: Some(reading), trouble, moved, is_whole })
    }

    /// Asks for one address, and follows its pages.
    async fn follow(&self, site: &Site, address: &Address, way: &Way<'_>) -> Followed {
        let url = address.at(way.now, site.rule.timezone);
        let mut followed = Followed {
            url: url.as_ref().unwrap_or(&site.url).clone(),
            is_dated: address.wording().is_dated(),
            pages: Ok(Vec::new()),
            known: BTreeMap::new(),
            remarks: Vec::new(),
            kept: Vec::new(),
            is_cut_short: false,
            closed_for: None,
            is_whole: false,
            nothing: None,
            page: None,
            drift: None,
            moved: None,
        };
        followed.pages = match url {
            Ok(_) => self.first_page(site, way, &mut followed).await,
            // Its places were tried when it was read; what they become on some day cannot be known.
            Err(error) => Err(failure(format!("the address of this day is none: {error}"))),
        };
        if followed.pages.is_err() {
            // What a page was before it failed is what it may well be again.
            let before = way.known.get(&followed.url).map(|state| (followed.url.clone(), state.clone()));
            followed.known = before.into_iter().collect();
        }
        followed
    }

    async fn first_page(
        &self,
        site: &Site,
        way: &Way<'_>,
        followed: &mut Followed,
    ) -> Result<Vec<ListingReading>, Outcome> {
        let url = followed.url.clone();
        let asking = site.asking.first(&url, way.now, site.rule.timezone);
        let time = (way.start, limits::LISTING_TIME);
        let got = match way.at_hand.get(&url) {
            Some(page) => Ok(Got::fetched(page.clone(), None)),
            None => self.page(site, &url, &asking, way.known.get(&url), time).await,
        };
        let (page, state) = match got {
            Ok(Got { page, state, moved }) => {
                followed.moved = drift::moved(&url, moved.as_ref());
                match page {
                    Some(page) => (page, state),
                    None => {
                        followed.known.insert(url, state);
                        return Ok(Vec::new());
                    }
                }
            }
            Err(error) => {
                followed.closed_for = error.closed_for(self.parts.clock.now());
                followed.drift = self.wall_of(&error, &url).await.map(|wall| wall.what);
                return Err(failed(site, &url, &error, followed.drift.as_ref()));
            }
        };
        followed.page = Some(page.clone());
        let to_keep = page.clone();
        let Read { reading, wall } = match self.read_listing(site, page, &url, way.now).await {
            Ok(read) => read,
            Err(Unread { why, wall: None }) => return Err(failure(format!("{url} is not a page: {why}"))),
            Err(Unread { why, wall: Some(wall) }) => {
                followed.drift = Some(wall.what.clone());
                return Err(Outcome::Empty { why: drift::sentence(&wall.what, site, &url, &why.to_string()) });
            }
        };
        let is_walled =
            wall.as_ref().is_some_and(|wall| wall.is_sure) && !drift::is_contradicted(way.profile, &reading.sight);
        if is_empty(&reading) || is_walled {
            let report = &reading.findings.report;
            let rows = report.rows.unwrap_or_default();
            followed.drift =
                drift::nothing(way.profile, &reading.sight, wall.as_deref(), followed.moved.as_ref(), rows);
            let why = match &followed.drift {
                Some(drift) if is_walled => drift::sentence(drift, site, &url, ""),
                Some(drift) => drift::sentence(drift, site, &url, &nothing_in(site, &url, report)),
                None => why_empty(site, &url, report),
            };
            followed.nothing = Some(reading.findings);
            return Err(Outcome::Empty { why });
        }
        if !reading.is_index {
            self.keep(site, way, followed, &url, to_keep).await;
        }
        let mut pages = Pages::new(&url, &state, reading.is_index);
        pages.add(reading);
        let is_whole = self.further_pages(site, way, followed, &mut pages).await;
        followed.is_whole = is_whole && !pages.is_unchanged;
        // An index stays the same while the pages that it leads to change; and what was missed must be asked for again.
        if is_whole && !pages.is_of_index {
            followed.known.insert(url, state);
        }
        if pages.read.is_empty() && !pages.is_unchanged {
            let why = followed.remarks.first().map_or("it leads nowhere", String::as_str);
            return Err(failure(format!("{} lists other lists, and none of them could be read: {why}", followed.url)));
        }
        Ok(pages.read)
    }

    /// Reads the pages that those read so far lead to; whether none was missed.
    async fn further_pages(&self, site: &Site, way: &Way<'_>, followed: &mut Followed, pages: &mut Pages) -> bool {
        let rule = &site.rule.listing;
        let asking = site.asking.further(&followed.url);
        let time = (way.start, way.further_time);
        let mut is_whole = true;
        let mut asked = 0;
        while let Some(url) = pages.waiting.pop_front() {
            let is_enough = !rule.reverse && pages.keys.len() >= rule.limit;
            if pages.count >= rule.pages || is_enough {
                break;
            }
            if !pages.seen.insert(url.essence()) {
                continue;
            }
            if asked == way.further {
                followed.remarks.push(format!("only {asked} pages behind {} are read", followed.url));
                break;
            }
            asked += 1;
            // A page of an index is a list of its own; what is behind the first page of a list moves when that one does.
            let known = way.known.get(&url).filter(|_| pages.is_of_index);
            let missed = match self.page(site, &url, &asking, known, time).await {
                Ok(Got { page: None, state, .. }) => {
                    followed.known.insert(url, state);
                    pages.count += 1;
                    pages.is_unchanged = true;
                    continue;
                }
                Ok(Got { page: Some(_), state, .. }) if !pages.bytes.insert(state.fingerprint.clone()) => continue,
                Ok(Got { page: Some(page), state, .. }) => match self
                    .read_listing(site, page.clone(), &url, way.now)
                    .await
                {
                    Ok(Read { reading, wall: Some(wall) })
                        if wall.is_sure && !drift::is_contradicted(way.profile, &reading.sight) =>
                    {
                        drift::sentence(&wall.what, site, &url, "")
                    }
                    Ok(Read { reading, .. }) if is_empty(&reading) => why_empty(site, &url, &reading.findings.report),
                    Ok(Read { reading, .. }) => {
                        if !reading.is_index {
                            self.keep(site, way, followed, &url, page).await;
                        }
                        if pages.is_of_index && !reading.is_index {
                            followed.known.insert(url, state);
                        }
                        if pages.add(reading) == 0 && !pages.is_of_index {
                            break;
                        }
                        continue;
                    }
                    Err(Unread { why, .. }) => format!("{url} is not a page: {why}"),
                },
                Err(error) => {
                    followed.is_cut_short |= way.start.elapsed() >= way.further_time;
                    format!("cannot fetch {url}: {error}")
                }
            };
            followed.remarks.push(missed);
            is_whole = false;
        }
        is_whole
    }

    /// Keeps a page of the listing. The last one of an address stays until another takes its place; that of a day goes as
    /// articles do.
    async fn keep(&self, site: &Site, way: &Way<'_>, followed: &mut Followed, url: &WebUrl, page: Page) {
        let Some(keeping) = Keeping::of(site) else { return };
        let until = if followed.is_dated { keeping.until(way.now) } else { DateTime::<Utc>::MAX_UTC };
        followed.kept.extend(self.kept_listing_page(url, page, way.now, until).await);
    }

    /// Asks for a page of the listing.
    async fn page(
        &self,
        site: &Site,
        url: &WebUrl,
        asking: &Asking,
        known: Option<&PageState>,
        (start, time): (Instant, Duration),
    ) -> Result<Got, FetchError> {
        let fetch = self.fetch(site, url, known.map(|known| &known.validators), Some(asking));
        let too_late = Err(FetchError::Timeout { phase: "end of the listing", limit: time });
        match timeout_at(start + time, fetch).await.unwrap_or(too_late)? {
            Fetched::Page(page) => Ok(Got::fetched(page, known)),
            Fetched::NotModified { validators, fresh_for, moved } => {
                let mut state = known.cloned().unwrap_or_default();
                // What a 304 does not say again holds on (RFC 9111, section 4.3.4).
                state.fresh_for = fresh_for.or(state.fresh_for);
                if !validators.is_empty() {
                    state.validators = validators;
                }
                Ok(Got { page: None, state, moved })
            }
        }
    }
}

impl Got {
    /// What a page is that was fetched, after what was known of it.
    fn fetched(page: Page, known: Option<&PageState>) -> Self {
        let state = PageState {
            validators: page.validators.clone(),
            fingerprint: fingerprint(&page.body),
            fresh_for: page.fresh_for,
        };
        let is_same = known.is_some_and(|known| known.fingerprint == state.fingerprint);
        let moved = page.signs.moved.clone();
        Self { page: (!is_same).then_some(page), state, moved }
    }
}

/// Whether nothing came out of a page from which something should.
fn is_empty(reading: &ListingReading) -> bool {
    reading.entries.is_empty() && !reading.is_index && reading.findings.report.container != Some(true)
}

fn failure(why: String) -> Outcome {
    Outcome::Failed { why, status: None, timed_out: false }
}

/// What went wrong with some of the addresses; `Err`: with all of them. That the page of a day is not there yet, or has
/// nothing on it, goes into the report: it is nothing unusual, as long as another address has something.
fn trouble(followed: &[Followed], report: &mut Report) -> Result<Option<String>, Outcome> {
    let failures: Vec<(&Followed, &Outcome)> =
        followed.iter().filter_map(|followed| Some((followed, followed.pages.as_ref().err()?))).collect();
    let is_usual = |(followed, outcome): &&(&Followed, &Outcome)| {
        followed.is_dated && matches!(outcome, Outcome::Empty { .. } | Outcome::Failed { status: Some(404 | 410), .. })
    };
    let why = |failures: &[&(&Followed, &Outcome)]| {
        failures.iter().filter_map(|(_, outcome)| outcome.why()).collect::<Vec<_>>().join("; ")
    };
    if failures.len() == followed.len() {
        let why = why(&failures.iter().collect::<Vec<_>>());
        let worst =
            failures.iter().map(|(_, outcome)| *outcome).find(|outcome| !matches!(outcome, Outcome::Empty { .. }));
        return Err(match worst {
            Some(Outcome::Failed { status, timed_out, .. }) => {
                Outcome::Failed { why, status: *status, timed_out: *timed_out }
            }
            _ => Outcome::Empty { why },
        });
    }
    let (usual, others): (Vec<&(_, _)>, Vec<&(_, _)>) = failures.iter().partition(is_usual);
    usual.iter().filter_map(|(_, outcome)| outcome.why()).for_each(|why| report.note(None, None, why));
    Ok(Some(why(&others)).filter(|why| !why.is_empty()))
}
