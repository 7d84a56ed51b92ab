//! `feedmill schema`.

use std::process::ExitCode;

use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::voice;

/// Print the JSON Schema of sites.toml, for editors
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "every command runs alike")]
    pub(super) fn run(self) -> Result<ExitCode, Stop> {
        voice::hand_over(&format!("{:#}", crate::config::schema()))?;
        Ok(ExitCode::from(ALL_WELL))
    }
}
