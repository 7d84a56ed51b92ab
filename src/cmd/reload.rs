//! The configuration is read again while the server runs: when SIGHUP asks for it, and when a look finds that it was
//! edited.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::stop::Stop;
use crate::config::{self, Footprint, Plan, Reading};
use crate::engine::Engine;
use crate::limits;

/// What is kept in mind between two looks.
pub(super) struct Watch {
    path: PathBuf,
    hangup: Signal,
    edits: Edits,
    /// The plan that the process began with: what cannot change is as it says.
    began: Arc<Plan>,
    /// Whether the configuration decides where to listen, and where the archive is: the command line may.
    decides: Decides,
    /// What was said last about a configuration that cannot be used.
    said: Option<String>,
}

/// What the configuration decides, and no option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decides {
    /// `[server] listen`.
    pub(super) listen: bool,
    /// `[archive] url`.
    pub(super) archive: bool,
}

/// Tells when an edit is complete.
struct Edits {
    /// What was read last, well or not.
    read: Footprint,
    /// The edit that the last look found.
    seen: Option<Footprint>,
}

impl Edits {
    /// Whether a look that found this is to be followed by a reading: something is different, and has been for two looks.
    fn are_complete(&mut self, now: Footprint) -> bool {
        if now == self.read {
            self.seen = None;
        } else if self.seen.as_ref() == Some(&now) {
            return true;
        } else {
            self.seen = Some(now);
        }
        false
    }
}

impl Watch {
    /// Watches over what `footprint` says was read for `plan`. SIGHUP no longer ends the process by itself.
    pub(super) fn new(path: PathBuf, footprint: Footprint, began: Arc<Plan>, decides: Decides) -> Result<Self, Stop> {
        let hangup = signal(SignalKind::hangup());
        let hangup = hangup.map_err(|error| Stop::Io("cannot listen to signals".to_owned(), error))?;
        let edits = Edits { read: footprint, seen: None };
        Ok(Self { path, hangup, edits, began, decides, said: None })
    }

    /// Puts in force what is written, whenever it changes. Never ends.
    pub(super) async fn follow(mut self, engine: &Engine) {
        loop {
            let pause = if self.edits.seen.is_some() { limits::CONFIG_PAUSE } else { limits::CONFIG_LOOK };
            let is_asked = tokio::select! {
                _ = self.hangup.recv() => true,
                () = sleep(pause) => false,
            };
            if !is_asked {
                let before = self.edits.read.clone();
                let now = spawn_blocking(move || before.now()).await;
                if !now.is_ok_and(|now| self.edits.are_complete(now)) {
                    continue;
                }
            }
            let path = self.path.clone();
            match spawn_blocking(move || config::reading(&path)).await {
                Ok(reading) => self.take(engine, reading, is_asked),
                Err(panic) => {
                    self.edits.read = self.edits.seen.take().unwrap_or_else(|| self.edits.read.clone());
                    let why = format!("reading it broke off ({panic}): this is a fault of Feedmill, please report it");
                    self.refuse(engine, why, is_asked);
                }
            }
        }
    }

    fn take(&mut self, engine: &Engine, reading: Reading, is_asked: bool) {
        self.edits = Edits { read: reading.footprint, seen: None };
        match reading.plan {
            Ok(plan) => {
                self.said = None;
                self.put_in_force(engine, &Arc::new(plan));
            }
            Err(error) => self.refuse(engine, error.render(false), is_asked),
        }
    }

    fn put_in_force(&self, engine: &Engine, plan: &Arc<Plan>) {
        let before = engine.plan();
        let replaced = engine.reload(Arc::clone(plan));
        let (new, edited, gone) = (replaced.new, replaced.edited, replaced.gone);
        tracing::info!(new, edited, gone, "the configuration was read again and is in force");
        let keys = [
            ("`[server] listen`", self.decides.listen.then(|| self.stays(&before, plan, |plan| plan.server.listen))),
            ("`[archive] url`", self.decides.archive.then(|| self.stays(&before, plan, |plan| plan.archive.clone()))),
        ];
        let stay: Vec<&str> = keys.into_iter().filter(|(_, stays)| *stays == Some(true)).map(|(key, _)| key).collect();
        if !stay.is_empty() {
            let keys = stay.join(" and ");
            tracing::warn!("{keys} was edited: that takes effect when Feedmill is started again, all else does now");
        }
    }

    /// Whether a value was edited that cannot change before the next start.
    fn stays<T: PartialEq>(&self, before: &Plan, plan: &Plan, value: impl Fn(&Plan) -> T) -> bool {
        value(plan) != value(&self.began) && value(plan) != value(before)
    }

    fn refuse(&mut self, engine: &Engine, why: String, is_asked: bool) {
        // Whoever sends a signal waits for an answer; an edit that changes nothing about the mistake needs none.
        if is_asked || self.said.as_ref() != Some(&why) {
            tracing::error!("the configuration cannot be used; the one that was read before stays in force:\n{why}");
        }
        self.said = Some(why.clone());
        engine.refuse_reload(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footprint(folder: &std::path::Path, text: &str) -> Footprint {
        let path = folder.join("sites.toml");
        std::fs::write(&path, text).unwrap();
        config::reading(&path).footprint
    }

    #[test]
    fn an_edit_is_complete_when_two_looks_see_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b, c] = ["a", "bb", "ccc"].map(|text| footprint(folder.path(), text));
        let mut edits = Edits { read: a.clone(), seen: None };
        let looks = [(&a, false), (&b, false), (&c, false), (&b, false), (&a, false), (&b, false), (&b, true)];
        for (number, (look, is_complete)) in looks.into_iter().enumerate() {
            assert_eq!(edits.are_complete(look.clone()), is_complete, "look {number}");
        }
    }
}
