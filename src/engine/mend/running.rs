//! Which rule a site is read by: that of its table, one that was found for a table without rows, or a repaired one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::{Repairing, Site};
use crate::selfmade::{Change, SelfMade, lines};

/// A site by the rule that runs.
#[derive(Clone)]
pub(in crate::engine) struct Running {
    /// By its own rule: its table's, or the one that was found for it; a repair begins at this one.
    pub(in crate::engine) base: Arc<Site>,
    /// By the rule that it is read by.
    pub(in crate::engine) site: Arc<Site>,
}

impl Running {
    /// Whether it is read by a repaired rule.
    pub(in crate::engine) fn is_mended(&self) -> bool {
        !Arc::ptr_eq(&self.base, &self.site)
    }
}

/// The rule of a site once it has been put together: not for each refresh anew.
#[derive(Default)]
pub(in crate::engine) struct Workbench(Mutex<Option<Finished>>);

struct Finished {
    own: Arc<Site>,
    found: Option<Vec<(String, String)>>,
    changes: Vec<Change>,
    running: Running,
}

impl Workbench {
    /// The site by the rule that runs, as far as what was `made` for it is to run. What an earlier version made and this one
    /// cannot read is as if it had not been made.
    pub(in crate::engine) fn running(&self, own: &Arc<Site>, made: &SelfMade) -> Running {
        let found = made.found.as_ref().filter(|_| own.is_bare());
        let repair = made.repair.as_ref().filter(|_| own.repair == Repairing::Auto);
        let changes = repair.map(|repair| repair.changes.as_slice()).unwrap_or_default();
        let mut finished = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(finished) = finished.as_ref()
            && Arc::ptr_eq(&finished.own, own)
            && finished.found.as_ref() == found
            && finished.changes == changes
        {
            return finished.running.clone();
        }
        let base = found.and_then(|keys| with_found(own, keys)).map_or_else(|| Arc::clone(own), Arc::new);
        let mended = (!changes.is_empty()).then(|| base.amended(changes).ok()).flatten();
        let site = mended.map_or_else(|| Arc::clone(&base), Arc::new);
        let running = Running { base, site };
        let (own, found, changes) = (Arc::clone(own), found.cloned(), changes.to_vec());
        *finished = Some(Finished { own, found, changes, running: running.clone() });
        running
    }
}

/// A site by the rule that was found for it.
pub(super) fn with_found(own: &Site, keys: &[(String, String)]) -> Option<Site> {
    let site = own.drafted(&lines(keys)).ok()?;
    let mut written: BTreeMap<String, String> = keys.iter().cloned().collect();
    written.extend(own.written.iter().map(|(key, value)| (key.clone(), value.clone())));
    Some(Site { written: Arc::new(written), ..site })
}

/// The keys of the `listing` that a site is read by, each with its value as TOML; `None`: nothing was made for it that runs.
pub(in crate::engine) fn rule_of(own: &Site, made: &SelfMade) -> Option<Vec<(String, String)>> {
    let is_run = own.repair == Repairing::Auto;
    (is_run && made.repair.is_some() || made.found.is_some()).then(|| keys(own, made, is_run))
}

/// What would have to be different in the site's table so that it is read as it is, or by the repair that waits; nothing:
/// it says so already.
pub(in crate::engine) fn unwritten(own: &Site, made: &SelfMade) -> Vec<Change> {
    let is_repaired = own.repair != Repairing::Off;
    if let (false, Some(repair)) = (own.is_bare(), made.repair.as_ref().filter(|_| is_repaired)) {
        return repair.changes.clone();
    }
    let keys = keys(own, made, is_repaired);
    let written = |key: &String| own.written.get(key).cloned();
    let come = keys.iter().map(|(key, to)| Change { key: key.clone(), from: written(key), to: Some(to.clone()) });
    let gone = own.written.iter().filter(|(key, _)| keys.iter().all(|(known, _)| known != *key));
    let gone = gone.map(|(key, from)| Change { key: key.clone(), from: Some(from.clone()), to: None });
    come.chain(gone).filter(|change| change.from != change.to).collect()
}

/// The keys that were found, those that are written, and those that a repair changes; later ones count before earlier ones.
fn keys(own: &Site, made: &SelfMade, is_repaired: bool) -> Vec<(String, String)> {
    let found = made.found.iter().filter(|_| own.is_bare()).flatten();
    let found = found.filter(|(key, _)| !own.written.contains_key(key)).cloned();
    let written = own.written.iter().map(|(key, value)| (key.clone(), value.clone()));
    let repair = made.repair.iter().filter(|_| is_repaired).flat_map(|repair| repair.changes.iter().cloned());
    repair.fold(found.chain(written).collect(), changed)
}

fn changed(mut keys: Vec<(String, String)>, Change { key, to, .. }: Change) -> Vec<(String, String)> {
    let place = keys.iter().position(|(known, _)| *known == key);
    match (place, to) {
        (Some(place), Some(to)) => keys.iter_mut().skip(place).take(1).for_each(|(_, value)| value.clone_from(&to)),
        (Some(place), None) => drop(keys.remove(place)),
        (None, Some(to)) => keys.push((key, to)),
        (None, None) => {}
    }
    keys
}
