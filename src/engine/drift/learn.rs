//! The profile, learnt from good readings only.

use std::collections::BTreeMap;

use super::judge::{Facts, Shapes, float};
use crate::drift::Drift;
use crate::item::Field;
use crate::limits;
use crate::profile::{Profile, Sketch, Spread, shape_of};
use crate::report::Tally;

/// How much of what is usual a reading makes up.
const RATE: f32 = 0.2;
/// The same for what a site has too little of: after some fifty readings that is what it is like, and no drift.
const SLOW: f32 = 0.02;

/// Adds a reading to what is known of a site; `drift` is what was seen in it.
pub(in crate::engine) fn learn(profile: &mut Profile, facts: &Facts<'_>, drift: Option<&Drift>) {
    profile.container |= facts.container == Some(true);
    if facts.count == 0 {
        profile.vacant = true;
        return;
    }
    let is_first = profile.readings == 0;
    profile.readings = profile.readings.saturating_add(1);
    if facts.is_whole || is_first {
        let is_short = matches!(drift, Some(Drift::Fewer { .. }));
        add(&mut profile.entries, float(facts.count), is_first, is_short);
    }
    add(&mut profile.known, float(facts.known) * 100.0 / float(facts.count), is_first, false);
    let thin = |field: Field| matches!(drift, Some(Drift::Thinner { fields }) if fields.iter().any(|thinned| thinned.field == field));
    fields(&mut profile.fields, facts.fields, is_first, thin);
    shapes(&mut profile.shapes, facts);
    profile.links = Sketch::of(facts.sight.own.iter().copied());
    profile.frame = Sketch::of(facts.sight.frame.iter().copied());
    let known = Shapes::of(profile, false);
    let alike: usize = facts.sight.shapes.iter().filter(|(shape, _)| known.has(shape)).map(|(_, count)| count).sum();
    profile.aside = alike.saturating_sub(facts.sight.own.intersection(&facts.sight.links).count());
}

fn fields(
    profile: &mut BTreeMap<Field, Spread>,
    tallies: &BTreeMap<Field, Tally>,
    is_first: bool,
    is_thin: impl Fn(Field) -> bool,
) {
    for (field, Tally { found, missing }) in tallies {
        let share = float(*found) * 100.0 / float(found + missing).max(1.0);
        let is_new = is_first || !profile.contains_key(field);
        add(profile.entry(*field).or_default(), share, is_new, is_thin(*field));
    }
    for (field, spread) in profile.iter_mut().filter(|(field, _)| !tallies.contains_key(field)) {
        add(spread, 0.0, false, is_thin(*field));
    }
}

fn shapes(profile: &mut BTreeMap<String, u32>, facts: &Facts<'_>) {
    for link in facts.entries {
        let count = profile.entry(shape_of(link)).or_default();
        *count = count.saturating_add(1);
    }
    while profile.len() > limits::SHAPES {
        let Some(rarest) = profile.iter().min_by_key(|(_, count)| **count).map(|(shape, _)| shape.clone()) else {
            return;
        };
        profile.remove(&rarest);
    }
}

/// Adds a number. The least and the most that it ever was are forgotten little by little; a number that is too small to be
/// right weighs little.
fn add(spread: &mut Spread, value: f32, is_first: bool, is_doubted: bool) {
    if is_first {
        *spread = Spread { least: value, usual: value, most: value };
        return;
    }
    let rate = if is_doubted { SLOW } else { RATE };
    spread.usual += (value - spread.usual) * rate;
    let Spread { least, usual, most } = *spread;
    spread.least = if is_doubted { least + (value - least) * rate } else { value.min(least + (usual - least) * SLOW) };
    spread.most = value.max(most - (most - usual) * SLOW);
}
