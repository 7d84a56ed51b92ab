//! How every site is doing, and what to do about it: for `feedmill status`, `/api/status` and the metrics. Reads the
//! archive and nothing else; a site is never asked because somebody looks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::mend::rule_of;
use super::schedule::is_asleep;
use super::{Engine, Reload, title};
use crate::archive::{Archive, ArchiveError, Known, SiteState};
use crate::config::{Merged, Named, Plan, Repairing, Site};
use crate::drift::{Drift, Verdict};
use crate::edition::Format;
use crate::health::{self, Health};
use crate::limits;
use crate::metrics::{Levels, Metrics};
use crate::profile::Profile;
use crate::report::Report;
use crate::selfmade::lines;
use crate::text::shorten;
use crate::weburl::WebUrl;

/// How everything stands.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The program's version.
    pub version: &'static str,
    /// When the process began; absent where no server runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<DateTime<Utc>>,
    /// The last attempt to read the configuration anew, the error in one line; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reload: Option<Reload>,
    /// The moment at which it stood so.
    pub now: DateTime<Utc>,
    /// Feeds by the names of their health; those never refreshed are `new`.
    pub totals: BTreeMap<&'static str, usize>,
    /// Every feed, by name.
    pub sites: Vec<SiteStatus>,
    /// The hosts that are left alone at the moment, by name.
    pub hosts: Vec<ClosedHost>,
}

/// A host that is left alone: its sites wait, whatever their due times say.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedHost {
    /// Its name, with the port if that is not the scheme's own.
    pub name: String,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Why.
    pub why: String,
    /// Whether it asked for that itself, as opposed to failing.
    pub asked_for: bool,
}

/// The hosts that are left alone at `now`.
pub async fn closed_hosts(archive: &dyn Archive, now: DateTime<Utc>) -> Result<Vec<ClosedHost>, ArchiveError> {
    let closed = archive.hosts().await?.into_iter().filter_map(|(name, memory)| {
        let closed = memory.closed.filter(|closed| closed.until > now)?;
        Some(ClosedHost { name, until: closed.until, why: closed.why, asked_for: closed.is_asked_for })
    });
    Ok(closed.collect())
}

/// How one feed is doing.
#[derive(Clone, Debug, Serialize)]
pub struct SiteStatus {
    /// Its name; that of a site with parameters has their values behind it.
    pub name: String,
    /// Its feed's title.
    pub title: String,
    /// The page that it is made from.
    pub url: WebUrl,
    /// Where its formats lie, by extension: absolute if the configuration says where the server is reached.
    pub feeds: BTreeMap<&'static str, String>,
    /// The sites that it is made of, if it is a merged feed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// How it is doing: the name of its health, or `new`.
    pub health: &'static str,
    /// How the last refresh ended.
    pub outcome: Option<&'static str>,
    /// What the last refresh says of the site, in a word.
    pub verdict: Option<&'static str>,
    /// How the site departs from what it was.
    pub drift: Option<Departure>,
    /// What mends its rule, which fits no longer; absent: nothing is known that does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<Mended>,
    /// What is wrong, and what to do about it.
    pub trouble: Option<Trouble>,
    /// When a refresh last ended.
    pub tried: Option<DateTime<Utc>>,
    /// When one last ended well.
    pub succeeded: Option<DateTime<Utc>>,
    /// When the feed last changed.
    pub changed: Option<DateTime<Utc>>,
    /// When the next refresh is due.
    pub due: Option<DateTime<Utc>>,
    /// Whether it is due and not asked all the same, since nobody reads its feed: the next reader wakes it.
    pub asleep: bool,
    /// When a reader last asked for its feed, about; a new site counts as read when it appears.
    pub asked: Option<DateTime<Utc>>,
    /// Whether one is going on in this process.
    pub refreshing: bool,
    /// Items in the feed, as far as its filter lets them through.
    pub items: usize,
}

/// How a site departs from what it was.
#[derive(Clone, Debug, Serialize)]
pub struct Departure {
    /// The drift's name.
    pub name: &'static str,
    /// The end of the first refresh that saw it.
    pub since: DateTime<Utc>,
    /// How many did, in a row.
    pub refreshes: u32,
}

/// What mends a rule that fits no longer.
#[derive(Clone, Debug, Serialize)]
pub struct Mended {
    /// Whether it runs, as opposed to waiting to be accepted.
    pub runs: bool,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// How many entries it found.
    pub entries: usize,
    /// How many of them the archive knew.
    pub known: usize,
    /// What is different in the listing's table.
    pub difference: String,
}

/// What is wrong with a site.
#[derive(Clone, Debug, Serialize)]
pub struct Trouble {
    /// What is wrong.
    pub why: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// The end of the first refresh that was in trouble; absent if an earlier version noted none.
    pub since: Option<DateTime<Utc>>,
    /// How many were, in a row.
    pub refreshes: u32,
    /// When the operator was told; absent: it may pass yet.
    pub alarmed: Option<DateTime<Utc>>,
}

/// One feed with all that is known of it.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// How it is doing.
    #[serde(flatten)]
    pub status: SiteStatus,
    /// What the last reading found and missed.
    pub report: Option<Report>,
    /// The lines of the `listing` that it is read by, if they are not those of its table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the site has been so far: what drift is told by; absent for a merged feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
}

/// Every feed of the plan, and those of sites with parameters that the archive knows, by name: one look into the archive,
/// however many there are.
pub async fn survey(plan: &Plan, archive: &dyn Archive, now: DateTime<Utc>) -> Result<Vec<SiteStatus>, ArchiveError> {
    let mut known: BTreeMap<String, Known> =
        archive.known().await?.into_iter().map(|known| (known.name.clone(), known)).collect();
    let nothing = SiteState::default();
    let mut all = Vec::with_capacity(plan.sites.len() + plan.merged.len());
    for site in plan.sites.values() {
        all.push(match known.remove(&site.name) {
            Some(known) => of_site(plan, site, &known.state, known.items).last_asked(plan, site, known.asked, now),
            None => of_site(plan, site, &nothing, 0),
        });
    }
    for known in known.values().filter(|known| known.name.contains('/')) {
        if let Some(Named::Site(site)) = plan.named(&known.name) {
            let status = of_site(plan, &site, &known.state, known.items);
            all.push(status.last_asked(plan, &site, known.asked, now));
        }
    }
    let by_name: BTreeMap<&str, &SiteStatus> = all.iter().map(|status| (status.name.as_str(), status)).collect();
    let merged = plan.merged.values().map(|merged| {
        let changed = known.get(&merged.name).and_then(|known| known.state.changed);
        of_merged(plan, merged, merged.members.iter().filter_map(|name| by_name.get(name.as_str()).copied()), changed)
    });
    let merged: Vec<SiteStatus> = merged.collect();
    all.extend(merged);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

impl Status {
    /// What `sites` come to.
    pub fn of(
        sites: Vec<SiteStatus>,
        hosts: Vec<ClosedHost>,
        started: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut totals: BTreeMap<&'static str, usize> =
            Health::ALL.into_iter().map(|health| (health.name(), 0)).chain([(NEW, 0)]).collect();
        for site in &sites {
            *totals.entry(site.health).or_default() += 1;
        }
        Self { version: env!("CARGO_PKG_VERSION"), started, reload: None, now, totals, sites, hosts }
    }
}

impl SiteStatus {
    /// Whether nothing has to be done: it is healthy, or new.
    pub fn is_well(&self) -> bool {
        self.health == NEW || self.health == Health::Healthy.name()
    }

    /// The same, `asked` being when a reader last asked for the feed.
    fn last_asked(self, plan: &Plan, site: &Site, asked: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        let asleep = plan.server.ahead && is_asleep(site, self.due, asked, now);
        Self { asleep, asked, ..self }
    }
}

impl Detail {
    /// All that is known of the feed called `name`; `None`: there is none.
    pub async fn of(
        plan: &Plan,
        archive: &dyn Archive,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, ArchiveError> {
        Ok(match plan.named(name) {
            Some(Named::Site(site)) => {
                let state = archive.state(&site.name).await?;
                let items = archive.count(&site.name).await?;
                let asked =
                    archive.dues().await?.into_iter().find(|due| due.site == site.name).and_then(|due| due.asked);
                let status = of_site(plan, &site, &state, items).last_asked(plan, &site, asked, now);
                let made = state.made.for_rule(&site.rule.hash);
                let rule = rule_of(&site, &made).map(|keys| lines(&keys));
                Some(Self { status, report: state.report, rule, profile: Some(state.profile) })
            }
            Some(Named::Merged(merged)) => {
                let all = survey(plan, archive, now).await?;
                let status = all.into_iter().find(|status| status.name == merged.name);
                status.map(|status| Self { status, report: None, rule: None, profile: None })
            }
            _ => None,
        })
    }
}

/// The health of a site that was never refreshed.
const NEW: &str = "new";

fn of_site(plan: &Plan, site: &Site, state: &SiteState, items: usize) -> SiteStatus {
    let (outcome, drift) = (state.outcome.as_ref(), state.drift.as_ref());
    let episode = state.episode.as_ref();
    let trouble = outcome.and_then(|outcome| {
        Some(Trouble {
            why: shorten(&health::trouble(&site.name, outcome, drift)?, limits::WHY_CHARS),
            advice: health::advice(&site.name, outcome, drift),
            since: episode.map(|episode| episode.since),
            refreshes: episode.map_or(state.failures, |episode| episode.refreshes),
            alarmed: episode.and_then(|episode| Some(episode.alarm.as_ref()?.at)),
        })
    });
    SiteStatus {
        name: site.name.clone(),
        title: title(site, state),
        url: site.url.clone(),
        feeds: feeds(plan, &site.name),
        members: Vec::new(),
        health: state.health().map_or(NEW, Health::name),
        outcome: outcome.map(super::Outcome::name),
        verdict: outcome.map(|outcome| Verdict::of(outcome, drift).name()),
        drift: drift.map(|drift| Departure { name: drift.what.name(), since: drift.since, refreshes: drift.refreshes }),
        repair: mended(site, state),
        trouble,
        tried: state.tried,
        succeeded: state.succeeded,
        changed: state.changed,
        due: state.due,
        asleep: false,
        asked: None,
        refreshing: false,
        items: items.min(site.show),
    }
}

fn mended(site: &Site, state: &SiteState) -> Option<Mended> {
    let is_its = state.made.of == site.rule.hash && site.repair != Repairing::Off;
    let repair = state.made.repair.as_ref().filter(|_| is_its)?;
    let (at, entries, known) = (repair.at, repair.entries, repair.known);
    let difference = repair.difference(&site.name);
    Some(Mended { runs: site.repair == Repairing::Auto, at, entries, known, difference })
}

/// A merged feed is as well as its sites are together: it is broken only if none of them has anything to serve.
fn of_merged<'a>(
    plan: &Plan,
    merged: &Merged,
    members: impl Iterator<Item = &'a SiteStatus>,
    changed: Option<DateTime<Utc>>,
) -> SiteStatus {
    let members: Vec<&SiteStatus> = members.collect();
    let ill: Vec<&&SiteStatus> = members.iter().filter(|member| !member.is_well()).collect();
    let health = match (members.iter().any(|member| member.succeeded.is_some()), ill.is_empty()) {
        (false, true) => NEW,
        (false, false) => Health::Broken.name(),
        (true, true) => Health::Healthy.name(),
        (true, false) => Health::Degraded.name(),
    };
    let names = ill.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ");
    let of_ill = |moment: fn(&Trouble) -> Option<DateTime<Utc>>| {
        ill.iter().filter_map(|member| moment(member.trouble.as_ref()?)).min()
    };
    let trouble = (!ill.is_empty()).then(|| Trouble {
        why: shorten(&format!("of its sites, these are not well: {names}"), limits::WHY_CHARS),
        advice: Some("see what is said of them".to_owned()),
        since: of_ill(|trouble| trouble.since),
        refreshes: ill.iter().filter_map(|member| Some(member.trouble.as_ref()?.refreshes)).max().unwrap_or_default(),
        alarmed: of_ill(|trouble| trouble.alarmed),
    });
    SiteStatus {
        name: merged.name.clone(),
        title: merged.title(),
        url: merged.home.clone(),
        feeds: feeds(plan, &merged.name),
        members: merged.members.clone(),
        health,
        outcome: None,
        verdict: None,
        drift: None,
        repair: None,
        trouble,
        tried: members.iter().filter_map(|member| member.tried).max(),
        succeeded: members.iter().filter_map(|member| member.succeeded).max(),
        changed,
        due: members.iter().filter(|member| !member.asleep).filter_map(|member| member.due).min(),
        asleep: !members.is_empty() && members.iter().all(|member| member.asleep),
        asked: members.iter().filter_map(|member| member.asked).max(),
        refreshing: false,
        items: members.iter().map(|member| member.items).sum::<usize>().min(merged.show),
    }
}

/// What the problems of a configuration come to, which is said last. What is said of each shows lines of the file, and
/// those may hold secrets: they are for the log.
fn sum(error: &str) -> String {
    shorten(error.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default(), limits::WHY_CHARS)
}

fn feeds(plan: &Plan, name: &str) -> BTreeMap<&'static str, String> {
    let base = plan.server.public_url.as_ref().map_or("", |url| url.as_str().trim_end_matches('/'));
    let address = |format: Format| (format.extension(), format!("{base}/feeds/{name}.{}", format.extension()));
    Format::ALL.map(address).into()
}

impl Engine {
    /// What the archive says of every feed, and what this process knows better.
    pub(super) async fn survey(&self, plan: &Plan) -> Result<Vec<SiteStatus>, ArchiveError> {
        let mut sites = survey(plan, self.parts.archive.as_ref(), self.parts.clock.now()).await?;
        for site in &mut sites {
            self.update(plan, site);
        }
        Ok(sites)
    }

    /// Adds what this process alone knows of a feed: a refresh that goes on, or one that could not be archived.
    fn update(&self, plan: &Plan, status: &mut SiteStatus) {
        if let Some(Named::Site(site)) = plan.named(&status.name) {
            let asked = status.asked.max(self.shelf(&status.name).and_then(|shelf| shelf.asked.at()));
            let newer = self.in_memory(&status.name, status.tried);
            let of_memory = newer.map(|current| of_site(plan, &site, &current.state, status.items));
            *status =
                of_memory.unwrap_or_else(|| status.clone()).last_asked(plan, &site, asked, self.parts.clock.now());
        }
        status.refreshing = self.is_refreshing(&status.name);
    }

    /// How everything stands.
    pub async fn status(&self) -> Result<Status, ArchiveError> {
        let sites = self.survey(&self.plan()).await?;
        let now = self.parts.clock.now();
        let hosts = closed_hosts(self.parts.archive.as_ref(), now).await?;
        let reload = self.last_reload().map(|Reload { at, error }| Reload { at, error: error.as_deref().map(sum) });
        Ok(Status { reload, ..Status::of(sites, hosts, Some(self.started), now) })
    }

    /// All that is known of one feed; `None`: there is none of that name.
    pub async fn detail(&self, name: &str) -> Result<Option<Detail>, ArchiveError> {
        let (plan, now) = (self.plan(), self.parts.clock.now());
        let mut detail = Detail::of(&plan, self.parts.archive.as_ref(), name, now).await?;
        if let Some(detail) = &mut detail {
            self.update(&plan, &mut detail.status);
        }
        Ok(detail)
    }

    /// Whether the archive can be read: then feeds can be served.
    pub async fn readiness(&self) -> Result<(), ArchiveError> {
        self.parts.archive.state("").await.map(drop)
    }

    /// What this process counts.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// How things stand, as the metrics tell it.
    pub async fn levels(&self) -> Result<Levels, ArchiveError> {
        let (now, plan) = (self.parts.clock.now(), self.plan());
        let mut sites = self.survey(&plan).await?;
        sites.retain(|site| site.members.is_empty());
        let count = |health: Health| sites.iter().filter(|site| site.health == health.name()).count();
        let is_so = |site: &SiteStatus, name| site.drift.as_ref().is_some_and(|drift| drift.name == name);
        let drifting = |name| sites.iter().filter(|site| is_so(site, name)).count();
        let trouble = |site: &SiteStatus| Some((site.name.clone(), site.trouble.as_ref()?.refreshes));
        let mut in_trouble: Vec<(String, u32)> = sites.iter().filter_map(trouble).collect();
        in_trouble.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        in_trouble.truncate(limits::METRIC_SITES);
        Ok(Levels {
            sites: Health::ALL.map(|health| (health, count(health))).into(),
            new: sites.iter().filter(|site| site.health == NEW).count(),
            drifts: Drift::NAMES.map(|name| (name, drifting(name))).into(),
            in_trouble,
            overdue: sites.iter().filter(|site| !site.asleep && site.due.is_some_and(|due| due <= now)).count(),
        })
    }
}
