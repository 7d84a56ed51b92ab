//! What a site has been so far: learnt from refreshes that went well, and what drift is told by. Small and bounded,
//! however large the site.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::item::Field;

mod shape;
mod sketch;

pub use shape::{outline, shape_of};
pub use sketch::{Sketch, token};

/// What is known of a site's listing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The rule that it was learnt by. Another one reads other rows: what was learnt of them is forgotten.
    pub rule: String,
    /// Good readings that it rests on. A page that has not changed since it was read is not read.
    pub readings: u32,
    /// Entries of a reading.
    pub entries: Spread,
    /// Per field: entries of a hundred that have it.
    pub fields: BTreeMap<Field, Spread>,
    /// Entries of a hundred that the archive knew already.
    pub known: Spread,
    /// What the entries' links look like ([`shape_of`]), and how many there were of each; the rarest are forgotten.
    pub shapes: BTreeMap<String, u32>,
    /// Links of the page that look like the entries', and are none of them.
    pub aside: usize,
    /// The links of the last reading's entries.
    pub links: Sketch,
    /// The page around its list: its classes and ids.
    pub frame: Sketch,
    /// Whether the listing's container has been seen.
    pub container: bool,
    /// Whether the list has been empty, and rightly so.
    pub vacant: bool,
    /// What the site's articles have in common and is none of theirs, as [`token`]s; the latest seen is the last.
    pub boilerplate: Vec<u32>,
}

/// What a number has been: its least, its most, and what it usually is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The least that it was.
    pub least: f32,
    /// What it usually is: later values count for more.
    pub usual: f32,
    /// The most that it was.
    pub most: f32,
}
