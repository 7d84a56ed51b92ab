//! From a page to the lists that it may be for: links that repeat in the same way, the rows around them, and where in them
//! titles and dates stand.

pub(super) mod candidates;
mod dated;
mod doubt;
mod groups;
mod headed;
mod links;
mod rows;
mod score;
mod sheet;
pub(super) mod titled;
mod zone;
