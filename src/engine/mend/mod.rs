//! Rules that Feedmill makes itself: for a site whose table does not say what finds its rows, and in the place of a rule that
//! fits no longer since the site was redesigned.
//!
//! `running` says which rule a site is read by; `candidate` makes rules from a page and `evidence` judges them, both without any
//! I/O. Nothing that was archived is at stake: items first seen before the change keep what was said of them.

mod accept;
mod candidate;
mod evidence;
mod kind;
mod rehearsal;
mod running;

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use accept::{Accepted, Pending};
pub use candidate::{FoundRule, found as found_on};
pub use rehearsal::rehearsed;
pub(super) use running::{Running, Workbench, rule_of};

use super::identity::Identity;
use super::reading::Read;
use super::settle::Gathered;
use super::{Engine, drift};
use crate::archive::{ArchiveError, Record, SiteState};
use crate::config::{Repairing, Site};
use crate::drift::Drift;
use crate::edition::fingerprint;
use crate::extract::{self, Circumstances};
use crate::induce::{Example, NoList};
use crate::item::Found;
use crate::limits;
use crate::outcome::Outcome;
use crate::page::{Document, Told};
use crate::rule::{Filter, Rule};
use crate::selfmade::{Repair, lines, table_of};
use crate::webpage::Page;
use crate::weburl::WebUrl;
use candidate::{Candidate, Clue, Leaf};
use evidence::{Distance, Evidence, identity_of};

/// A page that may be a list, though it looks a little like something that stands before a site, has as many entries.
const TELLING: usize = 3;

/// Refreshes that saw a redesign and found no rule by what is archived, after which a site without a rule of its own is begun
/// with anew: a day of hourly ones. Nobody could mend its rule, since there is none to be edited.
const PATIENCE: u32 = 24;

/// What a refresh without entries is looked into by.
pub(super) struct Case<'a> {
    /// The site as its table has it.
    pub(super) own: &'a Arc<Site>,
    /// The rule that found nothing.
    pub(super) running: &'a Running,
    /// Where what is finished is kept.
    pub(super) workbench: &'a Workbench,
    pub(super) now: DateTime<Utc>,
}

impl Engine {
    /// The site by the rule that it is read by, for those who read it without a refresh.
    pub(super) async fn as_it_runs(&self, own: &Site) -> Result<Arc<Site>, ArchiveError> {
        let made = self.parts.archive.state(&own.name).await?.made.for_rule(&own.rule.hash);
        Ok(Workbench::default().running(&Arc::new(own.clone()), &made).site)
    }

    /// Whether the rule that was repaired fits again, since the site is what it was.
    pub(super) async fn fits_again(&self, running: &Running, state: &SiteState, gathered: &Gathered) -> bool {
        let Some(repair) = state.made.repair.as_ref().filter(|_| running.is_mended()) else { return false };
        let Some((asked, page)) = gathered.at_hand.iter().next() else { return false };
        let read = self.read_listing(&running.base, page.clone(), asked, self.parts.clock.now()).await;
        read.is_ok_and(|Read { reading, wall }| {
            wall.is_none_or(|wall| !wall.is_sure)
                && drift::is_itself(&repair.before, &reading)
                && !drift::is_strayed(&state.profile.links, &reading.sight)
        })
    }

    /// Another rule for a site, after a refresh that ended as `outcome` says without entries: the one that its page is to be
    /// read by in this very refresh. Where there is none, `outcome` may say more than before.
    pub(super) async fn another(
        &self,
        case: &Case<'_>,
        state: &mut SiteState,
        gathered: &mut Gathered,
        outcome: &mut Outcome,
    ) -> Result<Option<Running>, ArchiveError> {
        let at_hand = gathered.at_hand.iter().next().filter(|_| !outcome.is_good());
        let Some((asked, page)) = at_hand.map(|(asked, page)| (asked.clone(), page.clone())) else { return Ok(None) };
        if case.own.is_bare() && state.made.found.is_some() && self.is_a_feed(case, &asked, &page).await {
            (state.made.found, state.made.repair) = (None, None);
            gathered.begin_again();
            return Ok(Some(case.workbench.running(case.own, &state.made)));
        }
        if !matches!(outcome, Outcome::Empty { .. }) {
            return Ok(None);
        }
        let mark = Some(fingerprint(&page.body));
        if case.own.is_bare() && state.made.found.is_none() {
            if state.made.tried == mark {
                // The same page has no rule again; what was said of it holds.
                *outcome =
                    state.outcome.clone().filter(|before| before.name() == outcome.name()).unwrap_or(outcome.clone());
                return Ok(None);
            }
            let found = self.found(case, &asked, page).await;
            return Ok(begin_with(case, found, (&asked, mark), state, gathered, outcome));
        }
        self.mended(case, (&asked, &page, mark), state, gathered, outcome).await
    }

    /// The same where the rule that runs fits no longer, if that is why it found nothing.
    async fn mended(
        &self,
        case: &Case<'_>,
        (asked, page, mark): (&WebUrl, &Page, Option<String>),
        state: &mut SiteState,
        gathered: &mut Gathered,
        outcome: &mut Outcome,
    ) -> Result<Option<Running>, ArchiveError> {
        let is_new = state.made.tried != mark;
        let is_redesign = matches!(gathered.drift, Some(Drift::Redesign | Drift::Moved { works: false, .. }));
        // A list that seems to be gone may stand there under other addresses. What has the addresses that it had is another
        // list, as that of what is read most.
        let is_gone = matches!(gathered.drift, Some(Drift::EmptyList));
        if case.own.repair == Repairing::Off || !is_redesign && !is_gone {
            return Ok(None);
        }
        let found = if is_new { self.repaired(case, asked, page, state).await? } else { None };
        let found = found.filter(|(_, evidence)| is_redesign || evidence.is_readdressed);
        // A rule that still finds something gives way to one that brings clearly more of what is known.
        let found = found.filter(|(_, evidence)| gathered.strayed.is_none_or(|known| evidence.returned() >= known * 2));
        state.made.tried = mark;
        if is_new && (is_redesign || found.is_some()) {
            self.metrics.repaired(found.as_ref().map(|_| case.own.repair == Repairing::Auto));
        }
        if let Some((repair, evidence)) = found {
            log(case.own, &repair);
            state.made.repair = Some(repair);
            if case.own.repair == Repairing::Auto {
                (state.made.tried, state.made.since) = (None, Some(case.now));
                gathered.begin_again();
                gathered.recognised = evidence.by_title;
                return Ok(Some(case.workbench.running(case.own, &state.made)));
            }
        }
        let seen =
            state.drift.as_ref().filter(|drift| drift.what == Drift::Redesign).map_or(1, |drift| drift.refreshes + 1);
        let is_lost = is_redesign && gathered.strayed.is_none();
        if is_lost && case.own.is_bare() && case.own.repair == Repairing::Auto && seen.is_multiple_of(PATIENCE) {
            let found = self.found(case, asked, page.clone()).await;
            let before = state.made.repair.take();
            let running = begin_with(case, found, (asked, state.made.tried.clone()), state, gathered, outcome);
            match running {
                Some(_) => state.made.since = Some(case.now),
                None => state.made.repair = before,
            }
            return Ok(running);
        }
        if let Some(repair) = state.made.repair.as_ref().filter(|_| case.own.repair == Repairing::Propose) {
            if self.reads(case, repair, asked, page).await {
                *outcome = Outcome::Empty { why: drift::sentence(&Drift::Mendable, case.own, asked, "") };
                gathered.drift = Some(Drift::Mendable);
            } else if is_redesign {
                // It was for a page that is there no longer.
                state.made.repair = None;
            }
        }
        Ok(None)
    }

    /// Whether a repair that waits to be accepted still finds anything on the page.
    async fn reads(&self, case: &Case<'_>, repair: &Repair, asked: &WebUrl, page: &Page) -> bool {
        let Ok(site) = case.running.base.amended(&repair.changes) else { return false };
        let read = self.read_listing(&site, page.clone(), asked, case.now).await;
        read.is_ok_and(|read| !read.reading.entries.is_empty())
    }

    /// Whether a page has become a feed, which needs no rule.
    async fn is_a_feed(&self, case: &Case<'_>, asked: &WebUrl, page: &Page) -> bool {
        let look = |document: &mut Document, _: &Rule| document.told().is_some_and(Told::is_a_feed);
        let read = self.parse(&case.own.rule, page.clone(), asked, Document::read_listing, look).await;
        read.is_ok_and(|read| read.reading)
    }

    /// The rule that a page without any is read by; `None`: the page is not the site's.
    async fn found(&self, case: &Case<'_>, asked: &WebUrl, page: Page) -> Option<Result<FoundRule, NoList>> {
        let (own, now) = (Arc::clone(case.own), case.now);
        let find = move |document: &mut Document, _: &Rule| {
            let (keys, site) = candidate::found(document, &own)?;
            let reading = extract::listing(document, &site.rule, Circumstances { now, explain: false });
            Ok(((keys, site), reading.entries.len()))
        };
        let Read { reading, wall } =
            self.parse(&case.own.rule, page, asked, Document::read_listing, find).await.ok()?;
        let wanted = if wall.is_some() { TELLING } else { 1 };
        match (reading, wall) {
            (_, Some(wall)) if wall.is_sure => None,
            (Ok((found, entries)), _) if entries >= wanted => Some(Ok(found)),
            (Err(why), None) => Some(Err(why)),
            (Ok(_), None) => Some(Err(NoList::Nothing)),
            (_, Some(_)) => None,
        }
    }

    /// What mends the rule that found nothing on a page, with what speaks for it.
    async fn repaired(
        &self,
        case: &Case<'_>,
        asked: &WebUrl,
        page: &Page,
        state: &SiteState,
    ) -> Result<Option<(Repair, Evidence)>, ArchiveError> {
        let records = self.examples(case.own).await?;
        if records.is_empty() {
            return Ok(None);
        }
        let before = match &state.made.repair {
            Some(repair) if case.running.is_mended() => &repair.before,
            _ => &state.profile,
        };
        let examples: Arc<[Example]> = records.iter().map(example).collect();
        let mut best: Option<(Distance, Repair, Evidence)> = None;
        for clue in Clue::ALL {
            let Some(candidate) = self.candidate(case, asked, page, &examples, clue).await else { continue };
            let Candidate { changes, reading, sighted, .. } = candidate;
            let keys = reading.entries.iter().flat_map(|entry| identity_of(entry).keys()).collect();
            let known = self.parts.archive.find(&case.own.name, keys).await?;
            let mut evidence = Evidence::of(&reading, &known, (&records, &sighted), before);
            evidence.is_readdressed = drift::is_readdressed(&state.profile, &reading);
            let distance = evidence.distance(before, &reading.findings.report.fields);
            if evidence.is_enough(before, &reading.findings.report.fields)
                && clue.allows(distance.entries, before)
                && best.as_ref().is_none_or(|(least, ..)| distance < *least)
            {
                let (known, entries) = (evidence.returned(), reading.entries.len());
                let repair = Repair { changes, at: case.now, known, entries, before: before.clone() };
                best = Some((distance, repair, evidence));
            }
            if best.as_ref().is_some_and(|(distance, ..)| *distance == Distance::default()) {
                break;
            }
        }
        Ok(best.map(|(_, repair, evidence)| (repair, evidence)))
    }

    async fn candidate(
        &self,
        case: &Case<'_>,
        asked: &WebUrl,
        page: &Page,
        examples: &Arc<[Example]>,
        clue: Clue,
    ) -> Option<Candidate> {
        let (base, again, now) = (Arc::clone(&case.running.base), page.clone(), case.now);
        let examples = Arc::clone(examples);
        let find =
            move |_: &mut Document, _: &Rule| candidate::candidate(&Leaf { page: &again, now }, &base, &examples, clue);
        let read = self.parse(&case.running.base.rule, page.clone(), asked, Document::read_listing, find).await;
        // What stands before a site is never taken for the site, however much it may look like it.
        read.ok().filter(|read| read.wall.is_none())?.reading
    }

    /// The newest items of a site, as archived, the newest first.
    async fn examples(&self, site: &Site) -> Result<Vec<Record>, ArchiveError> {
        let newest = self.parts.archive.newest(&site.name, limits::EXAMPLES, &Filter::default()).await?;
        let keys = newest.iter().flat_map(|item| Identity::of(&item.fields).keys()).collect();
        let mut records = self.parts.archive.find(&site.name, keys).await?;
        records.sort_by_key(|record| std::cmp::Reverse((record.item.published, record.number)));
        Ok(records)
    }
}

/// Begins to read a site by the rule that was found for it, or says why there is none.
fn begin_with(
    case: &Case<'_>,
    found: Option<Result<FoundRule, NoList>>,
    (asked, mark): (&WebUrl, Option<String>),
    state: &mut SiteState,
    gathered: &mut Gathered,
    outcome: &mut Outcome,
) -> Option<Running> {
    match found? {
        Ok((keys, _)) => {
            state.made.found = Some(keys);
            gathered.begin_again();
            let running = case.workbench.running(case.own, &state.made);
            tracing::info!(
                site = case.own.name,
                "a rule was found: {}",
                one_line(&lines(&rule_of(case.own, &state.made).unwrap_or_default()))
            );
            Some(running)
        }
        Err(why) => {
            state.made.tried = mark;
            *outcome = Outcome::Empty { why: no_list(case.own, asked, &why) };
            None
        }
    }
}

/// The site by its own rule again, now that this one fits.
pub(super) fn undone(own: &Arc<Site>, workbench: &Workbench, state: &mut SiteState, now: DateTime<Utc>) -> Running {
    if let Some(repair) = state.made.repair.take() {
        state.profile = repair.before;
    }
    (state.made.tried, state.made.since) = (None, Some(now));
    let running = workbench.running(own, &state.made);
    drift::begin(state, &running.site);
    running
}

/// Notes by which rule a refresh came to its outcome.
pub(super) fn note(own: &Site, running: &Running, state: &mut SiteState, gathered: &mut Gathered, outcome: &Outcome) {
    gathered.rule = rule_of(own, &state.made).map(|keys| lines(&keys));
    if !outcome.is_good() {
        return;
    }
    if gathered.strayed.is_none() {
        state.made.tried = None;
    }
    // A page that is as it was last time is read no better than it was then.
    let is_as_before = gathered.is_unchanged && state.outcome.as_ref().is_some_and(Outcome::is_good);
    if !running.is_mended() && state.made.repair.is_some() && (gathered.is_surpassed || is_as_before) {
        gathered.drift = Some(Drift::Mendable);
    } else if !running.is_mended() {
        // What waited to be accepted is needed no longer: the rule fits, or does so again.
        state.made.repair = None;
    } else if !own.is_bare() {
        gathered.drift = Some(Drift::Repaired);
    }
}

/// What is said of a page that no rule was found for: why, and what to do.
pub fn no_list(site: &Site, url: &WebUrl, why: &NoList) -> String {
    let table = table_of(&site.name);
    let asked = match why {
        NoList::Nothing => {
            format!("`feedmill suggest {url}` tries more: addresses that it guesses, the site's sitemap; else ")
        }
        NoList::Article => String::new(),
    };
    format!(
        "{url}: {why}; {asked}write what finds its rows: `item = \"CSS selector of one row\"` under [sites.{table}.listing]"
    )
}

/// What an item is known by on a list.
fn example(record: &Record) -> Example {
    let Found { ruled, automatic } = &record.entry;
    let mut links: Vec<WebUrl> = Vec::new();
    for link in [&ruled.link, &automatic.link, &record.item.fields.link].into_iter().flatten() {
        if !links.contains(link) {
            links.push(link.clone());
        }
    }
    let title = ruled.title.as_ref().or(automatic.title.as_ref()).or(record.item.fields.title.as_ref());
    Example { links, title: title.cloned(), published: ruled.published.or(automatic.published) }
}

fn log(own: &Site, repair: &Repair) {
    let (known, entries) = (repair.known, repair.entries);
    let what = match own.repair {
        Repairing::Auto => "it is read by a repaired rule",
        Repairing::Propose | Repairing::Off => "a repaired rule waits to be accepted",
    };
    let changes = one_line(&repair.changes.iter().map(ToString::to_string).collect::<String>());
    tracing::warn!(site = own.name, known, entries, "the site was redesigned, and {what}: {changes}");
}

fn one_line(lines: &str) -> String {
    lines.trim_end().replace('\n', "; ")
}
