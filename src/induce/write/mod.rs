//! From rows to the rule that finds them: selectors that a person would write, and whatever else the rule must say. Each is tried on
//! the page before it is believed.

pub(super) mod completed;
mod conditions;
pub(super) mod finders;
pub(super) mod ground;
mod levels;
pub(super) mod lines;
pub(super) mod made;
pub(super) mod marks;
mod names;
mod order;
mod places;
pub(super) mod synthesis;
pub(super) mod trial;
pub(super) mod trimmed;
