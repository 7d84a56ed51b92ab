//! Feedmill grinds web pages into feeds.
//!
//! The house has seven floors; a module uses only those below it (`ARCHITECTURE.md`, `tests/house.rs`).

pub mod alarm;
pub mod archive;
pub mod clock;
pub mod cmd;
pub mod config;
pub mod drift;
pub mod edition;
pub mod engine;
pub mod extract;
pub mod fetch;
pub mod health;
pub mod host;
pub mod induce;
pub mod item;
pub mod kept;
pub mod limits;
mod markup;
pub mod metrics;
pub mod outcome;
pub mod page;
pub mod profile;
pub mod publish;
pub mod render;
pub mod report;
pub mod rule;
pub mod secret;
pub mod selfmade;
pub mod serve;
pub mod text;
pub mod webpage;
pub mod weburl;
