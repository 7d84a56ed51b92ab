//! Lists in JSON: in a document that is nothing else, and in what a page holds for its own scripts and for machines.

mod columns;
mod embedded;
mod lists;
mod proposal;
mod slugs;
mod values;

pub(super) use embedded::{Stated, guessed, known, stated};
pub(super) use proposal::listing;
