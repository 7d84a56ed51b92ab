//! Which feeds have a place in memory: those that the configuration names, always; of the others, which come from
//! sites with parameters, as many as [`limits::LIVE_INSTANCES`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::shelf::Shelf;
use crate::config::{Merged, Named, Plan, Site};
use crate::limits;

/// What a feed is made of.
#[derive(Clone)]
pub(super) enum Source {
    /// One site.
    Site(Arc<Site>),
    /// Several.
    Merged(Arc<Merged>),
}

/// A feed's place in memory.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) source: Source,
    pub(super) shelf: Arc<Shelf>,
}

/// Why a name has no place.
pub(super) enum Placeless {
    /// No feed has that name.
    Unknown,
    /// A site with parameters has it, and this is wrong with their values.
    Values(String),
    /// Too many others are being made for the first time.
    Full,
}

/// Every place.
pub(super) struct Places {
    fixed: BTreeMap<String, Place>,
    live: Mutex<Live>,
}

/// The feeds of sites with parameters that somebody asked for, each with the number of the request that asked last.
#[derive(Default)]
struct Live {
    places: BTreeMap<String, (Place, u64)>,
    requests: u64,
}

impl Places {
    /// Places for what the plan names.
    pub(super) fn of(plan: &Plan) -> Self {
        let place = |source| Place { source, shelf: Arc::default() };
        let sites = plan.sites.iter().map(|(name, site)| (name.clone(), place(Source::Site(Arc::clone(site)))));
        let merged = plan.merged.iter().map(|(name, merged)| (name.clone(), place(Source::Merged(Arc::clone(merged)))));
        Self { fixed: sites.chain(merged).collect(), live: Mutex::default() }
    }

    /// Whether the configuration itself names the feed.
    pub(super) fn are_fixed(&self, name: &str) -> bool {
        self.fixed.contains_key(name)
    }

    /// The place of `name`. If it is a new one and there is no room, the one that nobody has asked for the longest gives
    /// way, unless a request or a refresh still uses it: a second refresh might begin beside the first.
    pub(super) fn find(&self, plan: &Plan, name: &str) -> Result<Place, Placeless> {
        if let Some(place) = self.fixed.get(name) {
            return Ok(place.clone());
        }
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.requests += 1;
        let now = live.requests;
        if let Some((place, asked)) = live.places.get_mut(name) {
            *asked = now;
            return Ok(place.clone());
        }
        let site = match plan.named(name) {
            Some(Named::Site(site)) => site,
            Some(Named::Wrong(why)) => return Err(Placeless::Values(why)),
            _ => return Err(Placeless::Unknown),
        };
        if live.places.len() >= limits::LIVE_INSTANCES {
            let idle = live.places.iter().filter(|(_, (place, _))| Arc::strong_count(&place.shelf) == 1);
            let oldest = idle.min_by_key(|(_, (_, asked))| *asked).map(|(name, _)| name.clone());
            live.places.remove(&oldest.ok_or(Placeless::Full)?);
        }
        let place = Place { source: Source::Site(site), shelf: Arc::default() };
        live.places.insert(name.to_owned(), (place.clone(), now));
        Ok(place)
    }

    /// The sites that this process may hold leases of.
    pub(super) fn sites(&self) -> Vec<String> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        self.fixed.keys().chain(live.places.keys()).cloned().collect()
    }
}
