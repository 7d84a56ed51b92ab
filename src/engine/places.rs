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
    /// A site with parameters has it, but without values that make a feed.
    Form { why: String, form: String },
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
            Some(Named::Form { why, form }) => return Err(Placeless::Form { why, form }),
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

    /// The place of `name`, if it has one already.
    pub(super) fn known(&self, name: &str) -> Option<Place> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        self.fixed.get(name).or_else(|| Some(&live.places.get(name)?.0)).cloned()
    }

    /// The sites that this process may hold leases of.
    pub(super) fn sites(&self) -> Vec<String> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        self.fixed.keys().chain(live.places.keys()).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let toml = "[sites.x]\nurl = \"https://a.example/{n}\"\nparams = { n = '\\d+' }\nlisting.item = \"a\"\n";
        crate::config::parse(toml, std::path::Path::new("sites.toml")).unwrap()
    }

    #[test]
    fn what_is_in_use_stays_and_what_was_not_asked_for_the_longest_goes() {
        let plan = plan();
        let places = Places::of(&plan);
        let find = |n: usize| places.find(&plan, &format!("x/{n}"));
        let used = find(0).ok().unwrap();
        for n in 1..limits::LIVE_INSTANCES {
            assert!(find(n).is_ok());
        }
        let oldest = Arc::downgrade(&find(2).ok().unwrap().shelf);
        let again = Arc::downgrade(&find(1).ok().unwrap().shelf);
        for n in 3..=limits::LIVE_INSTANCES {
            assert!(find(n).is_ok());
        }
        assert!(oldest.upgrade().is_none() && again.upgrade().is_some());
        assert!(find(0).is_ok_and(|place| Arc::ptr_eq(&used.shelf, &place.shelf)), "somebody uses it");
        assert_eq!(places.sites().len(), limits::LIVE_INSTANCES);
    }

    #[test]
    fn if_all_are_in_use_there_is_no_room() {
        let plan = plan();
        let places = Places::of(&plan);
        let all: Vec<_> = (0..limits::LIVE_INSTANCES).map(|n| places.find(&plan, &format!("x/{n}"))).collect();
        assert!(all.iter().all(Result::is_ok));
        assert!(matches!(places.find(&plan, "x/99999"), Err(Placeless::Full)));
        assert!(places.find(&plan, "x/7").is_ok(), "those that are there are found");
        drop(all);
        assert!(places.find(&plan, "x/99999").is_ok());
    }

    #[test]
    fn wrong_values_take_no_room() {
        let plan = plan();
        let places = Places::of(&plan);
        for name in ["x", "x/", "x/a", "x/1/2", "x/%31%zz", "x/%ff"] {
            assert!(matches!(places.find(&plan, name), Err(Placeless::Form { .. })), "{name}");
        }
        assert!(matches!(places.find(&plan, "y/1"), Err(Placeless::Unknown)));
        assert_eq!(places.sites().len(), 0);
    }
}
