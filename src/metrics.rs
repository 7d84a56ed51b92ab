//! What the program counts about itself, for Prometheus. Counting costs an atomic addition and, where something is
//! counted by kind, a look-up among a handful of kinds.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::health::Health;
use crate::outcome::Outcome;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bounds of the classes that times are counted in, in seconds: from a host next door to the longest patience.
const TIMES: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// Every kind of outcome. What is counted by kind is there from the beginning, or a first failure would be no change.
const OUTCOMES: [&str; 5] = ["fresh", "partial", "unchanged", "empty", "failed"];

/// What a request for a page can bring.
const RESULTS: [&str; 3] = ["page", "not_modified", "failed"];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByResult {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByHealth {
    health: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByDrift {
    drift: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByEnd {
    end: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByStatus {
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySite {
    site: String,
}

/// What can come of looking for a rule that mends one.
const ENDS: [&str; 3] = ["runs", "proposed", "none"];

/// What has happened since the process began.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    refreshes: Family<ByOutcome, Counter>,
    refresh_seconds: Histogram,
    refreshing: Gauge,
    new_items: Counter,
    changed_items: Counter,
    fetches: Family<ByResult, Counter>,
    fetch_seconds: Histogram,
    repairs: Family<ByEnd, Counter>,
    alarms: Family<ByHealth, Counter>,
    untold: Counter,
    answers: Family<ByStatus, Counter>,
    /// Those of [`Self::answers`] that nearly every answer is: counted without a look-up.
    ok: Counter,
    not_modified: Counter,
}

/// How things stand at the moment: what is looked up when somebody asks, and not counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// Sites by health, those never refreshed left out.
    pub sites: Vec<(Health, usize)>,
    /// Sites never refreshed.
    pub new: usize,
    /// Sites by the name of their drift.
    pub drifts: Vec<(&'static str, usize)>,
    /// Sites in trouble, with their refreshes in trouble in a row.
    pub in_trouble: Vec<(String, u32)>,
    /// Sites whose next refresh is overdue.
    pub overdue: usize,
}

/// A refresh that is going on; dropping it ends that.
#[derive(Debug)]
pub struct Refreshing<'a>(&'a Metrics);

impl Drop for Refreshing<'_> {
    fn drop(&mut self) {
        self.0.refreshing.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let answers = Family::<ByStatus, Counter>::default();
        let status = |status| answers.get_or_create_owned(&ByStatus { status });
        let mut metrics = Self {
            registry: Registry::with_prefix("feedmill"),
            refreshes: Family::default(),
            refresh_seconds: Histogram::new(TIMES),
            refreshing: Gauge::default(),
            new_items: Counter::default(),
            changed_items: Counter::default(),
            fetches: Family::default(),
            fetch_seconds: Histogram::new(TIMES),
            repairs: Family::default(),
            alarms: Family::default(),
            untold: Counter::default(),
            ok: status(200),
            not_modified: status(304),
            answers,
        };
        for outcome in OUTCOMES {
            drop(metrics.refreshes.get_or_create(&ByOutcome { outcome }));
        }
        for result in RESULTS {
            drop(metrics.fetches.get_or_create(&ByResult { result }));
        }
        for end in ENDS {
            drop(metrics.repairs.get_or_create(&ByEnd { end }));
        }
        for health in Health::ALL {
            drop(metrics.alarms.get_or_create(&ByHealth { health: health.name() }));
        }
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("refreshes", "Refreshes of sites, by outcome", self.refreshes.clone());
        registry.register_with_unit("refresh", "Time of a refresh", Unit::Seconds, self.refresh_seconds.clone());
        registry.register("refreshes_in_flight", "Refreshes that are going on", self.refreshing.clone());
        registry.register("items_new", "Items seen for the first time", self.new_items.clone());
        registry.register("items_changed", "Items that changed in substance", self.changed_items.clone());
        registry.register("fetches", "Requests for pages, by what they brought", self.fetches.clone());
        let what = "Time of a request for a page, waits for the host's turn included";
        registry.register_with_unit("fetch", what, Unit::Seconds, self.fetch_seconds.clone());
        let what = "Looks for a rule that mends one after a redesign, by what came of them";
        registry.register("repairs", what, self.repairs.clone());
        registry.register("alarms", "Turns of a site's health, by what it turned to", self.alarms.clone());
        registry.register("alarms_untold", "Calls of the alarm's command or webhook that failed", self.untold.clone());
        registry.register("answers", "Answers of the HTTP server, by status", self.answers.clone());
    }

    /// Counts a refresh from here to the end of what is returned.
    pub fn refreshing(&self) -> Refreshing<'_> {
        self.refreshing.inc();
        Refreshing(self)
    }

    /// Counts a refresh that has ended so, and what it brought.
    pub fn refreshed(&self, outcome: &Outcome, took: Duration) {
        self.refreshes.get_or_create(&ByOutcome { outcome: outcome.name() }).inc();
        self.refresh_seconds.observe(took.as_secs_f64());
        if let Outcome::Fresh { new, changed, .. } | Outcome::Partial { new, changed, .. } = outcome {
            self.new_items.inc_by(u64::try_from(*new).unwrap_or(u64::MAX));
            self.changed_items.inc_by(u64::try_from(*changed).unwrap_or(u64::MAX));
        }
    }

    /// Counts a request for a page that brought `result`: `page`, `not_modified` or `failed`.
    pub fn fetched(&self, result: &'static str, took: Duration) {
        self.fetches.get_or_create(&ByResult { result }).inc();
        self.fetch_seconds.observe(took.as_secs_f64());
    }

    /// Counts a look for a rule that mends one: `None` found none, else whether it runs from now on.
    pub fn repaired(&self, runs: Option<bool>) {
        let [runs_now, proposed, none] = ENDS;
        let end = runs.map_or(none, |runs| if runs { runs_now } else { proposed });
        self.repairs.get_or_create(&ByEnd { end }).inc();
    }

    /// Counts a turn of a site's health.
    pub fn turned(&self, health: Health) {
        self.alarms.get_or_create(&ByHealth { health: health.name() }).inc();
    }

    /// Counts a call that did not reach the operator.
    pub fn untold(&self) {
        self.untold.inc();
    }

    /// Counts an answer of the HTTP server.
    pub fn answered(&self, status: u16) {
        match status {
            200 => self.ok.inc(),
            304 => self.not_modified.inc(),
            status => self.answers.get_or_create(&ByStatus { status }).inc(),
        };
    }

    /// Everything that was counted, and how things stand, as `OpenMetrics` text.
    pub fn text(&self, levels: &Levels) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = encode_registry(&mut text, &self.registry);
        let _ = encode_registry(&mut text, &gauges(levels));
        let _ = encode_eof(&mut text);
        text
    }
}

/// How things stand, as gauges.
fn gauges(levels: &Levels) -> Registry {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let sites = Family::<ByHealth, Gauge>::default();
    sites.get_or_create(&ByHealth { health: "new" }).set(count(levels.new));
    for (health, number) in &levels.sites {
        sites.get_or_create(&ByHealth { health: health.name() }).set(count(*number));
    }
    let drifts = Family::<ByDrift, Gauge>::default();
    for (drift, number) in &levels.drifts {
        drifts.get_or_create(&ByDrift { drift }).set(count(*number));
    }
    let troubled = Family::<BySite, Gauge>::default();
    for (site, refreshes) in &levels.in_trouble {
        troubled.get_or_create(&BySite { site: site.clone() }).set(i64::from(*refreshes));
    }
    let overdue = Gauge::<i64>::default();
    overdue.set(count(levels.overdue));
    let mut registry = Registry::with_prefix("feedmill");
    registry.register("sites", "Sites, by health", sites);
    registry.register("drift", "Sites that are not what they were, by how", drifts);
    registry.register("sites_overdue", "Sites whose next refresh is overdue", overdue);
    let what = "Refreshes in a row in trouble, of the sites that are worst off";
    registry.register("site_trouble", what, troubled);
    registry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let metrics = Metrics::default();
        let refreshing = metrics.refreshing();
        metrics.refreshed(&Outcome::Fresh { entries: 9, new: 2, changed: 1 }, Duration::from_millis(300));
        metrics.fetched("page", Duration::from_millis(60));
        metrics.turned(Health::Degraded);
        metrics.repaired(Some(true));
        for status in [200, 200, 304, 502] {
            metrics.answered(status);
        }
        let levels = Levels {
            sites: vec![(Health::Healthy, 7), (Health::Broken, 1)],
            new: 3,
            drifts: vec![("redesign", 1), ("gone", 0)],
            in_trouble: vec![("a\"b".to_owned(), 4)],
            overdue: 2,
        };
        let text = metrics.text(&levels);
        for line in [
            "feedmill_refreshes_total{outcome=\"fresh\"} 1",
            "feedmill_refreshes_total{outcome=\"failed\"} 0",
            "feedmill_refresh_seconds_count 1",
            "feedmill_refreshes_in_flight 1",
            "feedmill_items_new_total 2",
            "feedmill_items_changed_total 1",
            "feedmill_fetches_total{result=\"page\"} 1",
            "feedmill_fetch_seconds_bucket{le=\"0.1\"} 1",
            "feedmill_repairs_total{end=\"runs\"} 1",
            "feedmill_repairs_total{end=\"none\"} 0",
            "feedmill_alarms_total{health=\"degraded\"} 1",
            "feedmill_answers_total{status=\"200\"} 2",
            "feedmill_answers_total{status=\"502\"} 1",
            "feedmill_sites{health=\"healthy\"} 7",
            "feedmill_sites{health=\"new\"} 3",
            "feedmill_drift{drift=\"redesign\"} 1",
            "feedmill_drift{drift=\"gone\"} 0",
            "feedmill_site_trouble{site=\"a\\\"b\"} 4",
            "feedmill_sites_overdue 2",
        ] {
            assert!(text.lines().any(|of_text| of_text == line), "{line} is missing in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        drop(refreshing);
        assert!(metrics.text(&Levels::default()).contains("feedmill_refreshes_in_flight 0"));
    }
}
