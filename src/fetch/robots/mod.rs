//! robots.txt (RFC 9309): what a site asks crawlers to leave alone.
//!
//! `parse` reads the file, `matching` judges an address by it, `copy` says for how long a copy holds and what holds while
//! none can be had; all three are pure. `asking` fetches it, once for everybody who waits.

mod asking;
mod copy;
mod matching;
mod parse;
mod spelling;

pub(super) use asking::bidden;
pub use matching::{Verdict, judge};
pub use parse::read;
