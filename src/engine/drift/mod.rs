//! Whether a site is what it was: `judge` tells it by its profile, `learn` makes the profile. No I/O.

mod judge;
mod learn;

use chrono::{DateTime, Utc};

pub(super) use judge::{Facts, is_contradicted, is_itself, is_readdressed, is_strayed, nothing};

use judge::Judged;
use learn::learn;

use super::listing::Listing;
use super::settle::{Gathered, Work};
use crate::archive::SiteState;
use crate::config::{Repairing, Site};
use crate::drift::{Drift, Drifted};
use crate::extract::ListingReading;
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::weburl::WebUrl;

/// Before a refresh: what was learnt by another rule says nothing about the rows of this one.
pub(super) fn begin(state: &mut SiteState, site: &Site) {
    if state.profile.rule != site.rule.hash {
        // What its articles have in common is no matter of rows.
        let boilerplate = std::mem::take(&mut state.profile.boilerplate);
        state.profile = Profile { rule: site.rule.hash.clone(), boilerplate, ..Profile::default() };
        state.drift = None;
    }
}

/// Judges the entries of a listing, `(count, links)`, now that `work` tells which of them are known, and learns from them.
/// `Err`: they are not the site's; a sentence.
pub(super) fn judged(
    site: &Site,
    profile: &mut Profile,
    listing: &Listing,
    (count, links): (usize, Vec<WebUrl>),
    work: &[Work],
    gathered: &mut Gathered,
) -> Result<(), String> {
    let Some(reading) = &listing.reading else {
        let moved = listing.moved.clone().map(|to| Drift::Moved { to, works: true });
        gathered.drift = gathered.drift.take().or(moved);
        return Ok(());
    };
    let facts = Facts {
        entries: &links,
        count,
        known: work.iter().filter(|work| work.entry.is_some() && work.record.is_some()).count(),
        fields: &gathered.report.fields,
        sight: &reading.sight,
        moved: listing.moved.as_ref(),
        is_whole: listing.is_whole,
        container: gathered.report.container,
    };
    match facts.judge(profile) {
        Judged::Taken(_) if is_to_be_looked_into(site, profile, listing, gathered) => {
            gathered.strayed = Some(facts.known);
            gathered.drift = Some(Drift::Redesign);
            Err(sentence(
                &Drift::Redesign,
                site,
                &site.url,
                "most of its items stand where the rule does not find them",
            ))
        }
        // A list of which the rule leaves out most is no measure of the next one.
        Judged::Taken(_) if gathered.is_surpassed => Ok(()),
        Judged::Taken(drift) => {
            learn(profile, &facts, drift.as_ref());
            // What went wrong with another address is worse.
            gathered.drift = gathered.drift.take().or(drift);
            Ok(())
        }
        Judged::Refused(drift) => {
            let detail = format!("it lists {count} entries that are nothing like those before");
            let why = sentence(&drift, site, &site.url, &detail);
            gathered.drift = Some(drift);
            Err(why)
        }
    }
}

/// Whether entries that could be the site's may be what is left of them, and nobody has looked yet for a rule that finds more.
fn is_to_be_looked_into(site: &Site, profile: &Profile, listing: &Listing, gathered: &Gathered) -> bool {
    let strays = |reading: &ListingReading| is_strayed(&profile.links, &reading.sight);
    site.repair != Repairing::Off
        && gathered.strayed.is_none()
        && listing.moved.is_none()
        && listing.reading.as_ref().is_some_and(strays)
}

/// What is known of a site's drift after a refresh that ended so, with a listing that was as before or not, and saw
/// `now_seen`.
pub(super) fn settled(
    before: Option<Drifted>,
    now_seen: Option<Drift>,
    (outcome, is_unchanged): (&Outcome, bool),
    now: DateTime<Utc>,
) -> Option<Drifted> {
    let is_unchanged = is_unchanged && outcome.is_good();
    let is_poorer = |drift: &Drift| matches!(drift, Drift::Thinner { .. } | Drift::Fewer { .. });
    // What an unchanged page lacked it lacks still, which is worse than that its address is an old one.
    let now_seen = now_seen.filter(|seen| {
        let is_lasting = is_unchanged && before.as_ref().is_some_and(|before| is_poorer(&before.what));
        !(is_lasting && matches!(seen, Drift::Moved { works: true, .. }))
    });
    if let Some(what) = now_seen {
        return Some(Drifted::after(before.as_ref(), what, now));
    }
    match outcome {
        // No page came: what was last seen of the site is what is known of it.
        Outcome::Failed { .. } => before,
        // The page is one that was read, and what it lacked then it lacks now.
        _ if is_unchanged => before.filter(|before| is_poorer(&before.what)),
        Outcome::Unchanged | Outcome::Fresh { .. } | Outcome::Partial { .. } | Outcome::Empty { .. } => None,
    }
}

/// A sentence for the outcome: what was seen, what to do, and what is known in detail.
pub(super) fn sentence(drift: &Drift, site: &Site, url: &WebUrl, detail: &str) -> String {
    let place = url.to_string();
    let detail = detail.strip_prefix(&place).map_or(detail, |rest| rest.trim_start_matches(':').trim_start());
    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    format!("{place}: {drift}{detail}; {}", drift.advice(&site.name))
}

/// Where an address has moved to, if that is another page.
pub(super) fn moved(asked: &WebUrl, to: Option<&WebUrl>) -> Option<WebUrl> {
    to.filter(|to| to.essence() != asked.essence()).cloned()
}
