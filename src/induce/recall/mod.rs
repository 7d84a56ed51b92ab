//! From items that are known to the list that they stand in now, after a redesign.

mod again;
mod families;
mod known;
mod named;
mod recalled;
mod shapes;
mod sighted;

pub use again::again;
pub use families::View;
pub use sighted::{Sighted, sighted};
