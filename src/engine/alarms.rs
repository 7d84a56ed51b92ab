//! Alarms on their way to the operator: one call after the other, beside the refreshes and never in their way.
//!
//! The first alarm is told at once. What comes while it is being told, and in the rest after it, is told in the next
//! round: a few one by one, many in one call, since five hundred sites that fail in the same minute have one cause.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use super::{Engine, title};
use crate::alarm::{self, Alarm, Call};
use crate::archive::SiteState;
use crate::config::{self, Site};
use crate::fetch::{Delivery, Fetcher};
use crate::health::{self, Episode, Health, Seen, Turn};
use crate::limits;
use crate::metrics::Metrics;
use crate::outcome::Outcome;

/// The alarms that wait, and whether somebody tells them.
#[derive(Default)]
pub(super) struct Alarms(Arc<Desk>);

struct Desk {
    queue: Mutex<Queue>,
    /// Whether the process is about to end: then nobody rests.
    is_ending: watch::Sender<bool>,
    /// Whether alarms are being told.
    is_telling: watch::Sender<bool>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Alarm>,
    /// Those that there was no room for.
    unnamed: usize,
    /// Whom to tell: what the newest alarm was raised by.
    whom: Arc<config::Alarm>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { queue: Mutex::default(), is_ending: watch::Sender::new(false), is_telling: watch::Sender::new(false) }
    }
}

impl Engine {
    /// Notes what a refresh that ended as `state` says means for the site's health. Whether that turned by it is to be
    /// told once the state is archived, see [`Self::tell`]: so each turn is told once, whichever process sees it.
    pub(super) fn health_after(&self, site: &Site, state: &mut SiteState, outcome: &Outcome) -> Option<Turn> {
        let drift = state.drift.as_ref();
        let trouble = health::trouble(&site.name, outcome, drift);
        let advice = health::advice(&site.name, outcome, drift).unwrap_or_default();
        let seen = Seen {
            at: self.parts.clock.now(),
            trouble: trouble.as_deref(),
            advice: &advice,
            failures: state.failures.max(drift.filter(|drift| drift.is_alarm()).map_or(0, |drift| drift.refreshes)),
            is_calm: health::is_calm(outcome, drift),
        };
        let (episode, turn) = health::after(state.episode.take(), seen, self.plan().alarm.tolerance);
        state.episode = episode;
        turn
    }

    /// Tells the operator of a turn: the log at once, whoever else is named behind.
    pub(super) fn tell(&self, site: &Site, state: &SiteState, turn: Turn) {
        let health = state.health().unwrap_or(Health::Broken);
        let alarm = |episode: &Episode, health: Health| {
            let alarmed = episode.alarm.clone();
            let (why, advice) = alarmed.map(|alarm| (alarm.why, alarm.advice)).unwrap_or_default();
            Alarm {
                site: site.name.clone(),
                title: title(site, state),
                health,
                why,
                advice: Some(advice).filter(|advice| !advice.is_empty() && health != Health::Healthy),
                since: episode.since,
                refreshes: episode.refreshes,
                succeeded: state.succeeded,
            }
        };
        let alarm = match (turn, &state.episode) {
            (Turn::AllClear(over), _) => alarm(&over, Health::Healthy),
            (Turn::Alarm, Some(episode)) => alarm(episode, health),
            (Turn::Alarm, None) => return,
        };
        let (health, since, refreshes) = (alarm.health.name(), alarm.since.to_rfc3339(), alarm.refreshes);
        tracing::warn!(site = site.name, health, since, refreshes, "{}", Call::one(alarm.clone()).text);
        self.metrics.turned(alarm.health);
        let whom = Arc::clone(&self.plan().alarm);
        if !whom.command.is_empty() || whom.webhook.is_some() {
            self.alarms.push(alarm, &whom, &self.parts.fetcher, &self.metrics);
        }
    }

    /// Waits until every alarm has been told, but no longer than `patience`. The last thing before a process ends:
    /// afterwards nobody rests any longer.
    pub async fn tell_the_last(&self, patience: Duration) {
        let desk = &self.alarms.0;
        desk.is_ending.send_replace(true);
        let mut is_telling = desk.is_telling.subscribe();
        let told = tokio::time::timeout(patience, is_telling.wait_for(|is_telling| !is_telling)).await;
        if told.is_err() {
            tracing::error!("alarms are left untold: `command` or `webhook` of [alarm] takes too long");
        }
    }
}

impl Alarms {
    fn push(&self, alarm: Alarm, whom: &Arc<config::Alarm>, fetcher: &Arc<Fetcher>, metrics: &Arc<Metrics>) {
        let desk = &self.0;
        let mut queue = desk.queue();
        queue.whom = Arc::clone(whom);
        if queue.waiting.len() < limits::ALARMS {
            queue.waiting.push_back(alarm);
        } else {
            queue.unnamed += 1;
        }
        // Under the lock of the queue: who finds it empty and goes home has said so before this is asked.
        if !desk.is_telling.send_replace(true) {
            tokio::spawn(work_off(Arc::clone(desk), Arc::clone(fetcher), Arc::clone(metrics)));
        }
    }
}

impl Desk {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is to be told in the next round; `None`: nothing, and whoever comes later has to find somebody else.
    fn round(&self) -> Option<(Vec<Call>, Arc<config::Alarm>)> {
        let mut queue = self.queue();
        if queue.waiting.is_empty() {
            self.is_telling.send_replace(false);
            return None;
        }
        let alarms: Vec<Alarm> = queue.waiting.drain(..).collect();
        let unnamed = std::mem::take(&mut queue.unnamed);
        let calls = if alarms.len() > limits::ALARMS_APART {
            vec![Call::many(alarms, unnamed)]
        } else {
            alarms.into_iter().map(Call::one).collect()
        };
        Some((calls, Arc::clone(&queue.whom)))
    }
}

async fn work_off(desk: Arc<Desk>, fetcher: Arc<Fetcher>, metrics: Arc<Metrics>) {
    let mut is_ending = desk.is_ending.subscribe();
    while let Some((calls, whom)) = desk.round() {
        for call in &calls {
            tell(&whom, call, &fetcher, &metrics).await;
        }
        tokio::select! {
            () = tokio::time::sleep(limits::ALARM_REST) => {}
            _ = is_ending.wait_for(|is_ending| *is_ending) => {}
        }
    }
}

/// Tells both whom the configuration names, side by side: one that is slow does not keep the other from hearing of it.
async fn tell(whom: &config::Alarm, call: &Call, fetcher: &Fetcher, metrics: &Metrics) {
    let command = async {
        if let Err(error) = alarm::run(&whom.command, call).await {
            metrics.untold();
            tracing::error!("the alarm's command told nobody: {error}");
        }
    };
    let webhook = async {
        let Some(webhook) = &whom.webhook else { return };
        let body = Bytes::from(serde_json::to_vec(call).unwrap_or_default());
        let (headers, allow_private) = (&webhook.headers, &webhook.allow_private);
        let delivery = Delivery { to: &webhook.url, body: &body, headers, allow_private };
        if let Err(error) = fetcher.deliver(delivery).await {
            metrics.untold();
            tracing::error!("the alarm's webhook {} told nobody: {error}", webhook.called);
        }
    };
    tokio::join!(command, webhook);
}
