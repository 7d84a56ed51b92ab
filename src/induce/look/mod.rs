//! From a page to the lists that it may be for: links that repeat in the same way, the rows around them, and where in them
//! titles and dates stand.

pub(super) mod candidates;
mod dated;
pub(super) mod doubt;
mod groups;
mod headed;
pub(super) mod links;
mod marked;
mod rows;
mod score;
pub(super) mod sheet;
pub(super) mod titled;
mod zone;
