//! Which feeds have a place in memory: those that the configuration names, always; of the others, which come from
//! sites with parameters, as many as [`limits::LIVE_INSTANCES`].
//!
//! A reload gives every feed a place anew, but a feed that stays keeps its shelf: what is in memory of it, and the refresh
//! that is going on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::shelf::Shelf;
use super::source::{Blend, Source};
use crate::config::{Named, Plan};
use crate::limits;

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

/// The plan, and every place that it has.
pub(super) struct Places {
    plan: Arc<Plan>,
    fixed: BTreeMap<String, Place>,
    live: Mutex<Live>,
    /// The shelves of feeds that the plan no longer has, for as long as somebody uses them: should their sites come back
    /// meanwhile, no second refresh may begin beside the one that is going on.
    gone: BTreeMap<String, Weak<Shelf>>,
}

/// The feeds of sites with parameters that somebody asked for, each with the number of the request that asked last.
#[derive(Default)]
struct Live {
    places: BTreeMap<String, (Place, u64)>,
    requests: u64,
}

impl Live {
    /// The same feeds as `plan` has them; those that it does not have are left out.
    fn within(&self, plan: &Plan, fixed: &BTreeMap<String, Place>) -> Self {
        let place = |(name, (place, asked)): (&String, &(Place, u64))| match plan.named(name)? {
            Named::Site(site) if !fixed.contains_key(name) => {
                let shelf = Arc::clone(&place.shelf);
                Some((name.clone(), (Place { source: Source::Site(site), shelf }, *asked)))
            }
            _ => None,
        };
        Self { places: self.places.iter().filter_map(place).collect(), requests: self.requests }
    }
}

impl Places {
    /// Places for what the plan names.
    pub(super) fn of(plan: Arc<Plan>) -> Self {
        Self::with(plan, |_| None)
    }

    /// Places for what another plan names, in the stead of these. Nobody may find a place in the old ones meanwhile.
    pub(super) fn instead(&self, plan: Arc<Plan>) -> Self {
        let next = Self::with(plan, |name| self.shelf(name));
        let live = self.live();
        let live_next = live.within(&next.plan, &next.fixed);
        let here = self.fixed.iter().map(|(name, place)| (name, Arc::downgrade(&place.shelf)));
        let made = live.places.iter().map(|(name, (place, _))| (name, Arc::downgrade(&place.shelf)));
        let gone = self.gone.iter().map(|(name, shelf)| (name, shelf.clone()));
        let has_place = |name: &String| next.fixed.contains_key(name) || live_next.places.contains_key(name);
        // A shelf that nobody uses is gone for good as soon as the old places are.
        let gone = gone.chain(here).chain(made).filter(|(name, shelf)| !has_place(name) && shelf.strong_count() > 0);
        let gone = gone.map(|(name, shelf)| (name.clone(), shelf)).collect();
        Self { live: Mutex::new(live_next), gone, ..next }
    }

    fn with(plan: Arc<Plan>, shelf: impl Fn(&str) -> Option<Arc<Shelf>>) -> Self {
        let mut fixed = BTreeMap::new();
        for (name, site) in &plan.sites {
            let source = Source::Site(Arc::clone(site));
            fixed.insert(name.clone(), Place { source, shelf: shelf(name).unwrap_or_default() });
        }
        let mut merged = BTreeMap::new();
        for (name, table) in &plan.merged {
            let member = |name: &String| match fixed.get(name) {
                Some(Place { source: Source::Site(site), shelf }) => Some((Arc::clone(site), Arc::clone(shelf))),
                _ => None,
            };
            let members = table.members.iter().filter_map(member).collect();
            let source = Source::Merged(Arc::new(Blend { table: Arc::clone(table), members }));
            merged.insert(name.clone(), Place { source, shelf: shelf(name).unwrap_or_default() });
        }
        fixed.append(&mut merged);
        Self { plan, fixed, live: Mutex::default(), gone: BTreeMap::new() }
    }

    /// The plan.
    pub(super) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Whether the configuration itself names the feed.
    pub(super) fn are_fixed(&self, name: &str) -> bool {
        self.fixed.contains_key(name)
    }

    /// The place of `name`. If it is a new one and there is no room, the one that nobody has asked for the longest gives
    /// way, unless a request or a refresh still uses it: a second refresh might begin beside the first.
    pub(super) fn find(&self, name: &str) -> Result<Place, Placeless> {
        if let Some(place) = self.fixed.get(name) {
            return Ok(place.clone());
        }
        let mut live = self.live();
        live.requests += 1;
        let now = live.requests;
        if let Some((place, asked)) = live.places.get_mut(name) {
            *asked = now;
            return Ok(place.clone());
        }
        let site = match self.plan.named(name) {
            Some(Named::Site(site)) => site,
            Some(Named::Form { why, form }) => return Err(Placeless::Form { why, form }),
            _ => return Err(Placeless::Unknown),
        };
        if live.places.len() >= limits::LIVE_INSTANCES {
            let idle = live.places.iter().filter(|(_, (place, _))| Arc::strong_count(&place.shelf) == 1);
            let oldest = idle.min_by_key(|(_, (_, asked))| *asked).map(|(name, _)| name.clone());
            live.places.remove(&oldest.ok_or(Placeless::Full)?);
        }
        let shelf = self.gone.get(name).and_then(Weak::upgrade).unwrap_or_default();
        let place = Place { source: Source::Site(site), shelf };
        live.places.insert(name.to_owned(), (place.clone(), now));
        Ok(place)
    }

    /// Whether the feed called `name` is being refreshed.
    pub(super) fn is_refreshing(&self, name: &str) -> bool {
        self.shelf(name).is_some_and(|shelf| shelf.is_refreshing())
    }

    /// The names of the sites that are being refreshed: those that this process holds leases of.
    pub(super) fn refreshing(&self) -> Vec<String> {
        let live = self.live();
        let fixed = self.fixed.iter().map(|(name, place)| (name, Arc::clone(&place.shelf)));
        let made = live.places.iter().map(|(name, (place, _))| (name, Arc::clone(&place.shelf)));
        let gone = self.gone.iter().filter_map(|(name, shelf)| Some((name, shelf.upgrade()?)));
        let all = fixed.chain(made).chain(gone).filter(|(_, shelf)| shelf.is_refreshing());
        all.map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn shelf(&self, name: &str) -> Option<Arc<Shelf>> {
        let fixed = self.fixed.get(name).map(|place| Arc::clone(&place.shelf));
        let made = || self.live().places.get(name).map(|(place, _)| Arc::clone(&place.shelf));
        fixed.or_else(made).or_else(|| self.gone.get(name)?.upgrade())
    }

    fn live(&self) -> std::sync::MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Arc<Plan> {
        let toml = "[sites.x]\nurl = \"https://a.example/{n}\"\nparams = { n = '\\d+' }\nlisting.item = \"a\"\n";
        Arc::new(crate::config::parse(toml, std::path::Path::new("sites.toml")).unwrap())
    }

    #[test]
    fn what_is_in_use_stays_and_what_was_not_asked_for_the_longest_goes() {
        let places = Places::of(plan());
        let find = |n: usize| places.find(&format!("x/{n}"));
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
        assert_eq!(places.live().places.len(), limits::LIVE_INSTANCES);
    }

    #[test]
    fn if_all_are_in_use_there_is_no_room() {
        let places = Places::of(plan());
        let all: Vec<_> = (0..limits::LIVE_INSTANCES).map(|n| places.find(&format!("x/{n}"))).collect();
        assert!(all.iter().all(Result::is_ok));
        assert!(matches!(places.find("x/99999"), Err(Placeless::Full)));
        assert!(places.find("x/7").is_ok(), "those that are there are found");
        drop(all);
        assert!(places.find("x/99999").is_ok());
    }

    #[test]
    fn wrong_values_take_no_room() {
        let places = Places::of(plan());
        for name in ["x", "x/", "x/a", "x/1/2", "x/%31%zz", "x/%ff"] {
            assert!(matches!(places.find(name), Err(Placeless::Form { .. })), "{name}");
        }
        assert!(matches!(places.find("y/1"), Err(Placeless::Unknown)));
        assert_eq!(places.live().places.len(), 0);
    }
}
