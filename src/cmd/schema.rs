//! `feedmill schema`.

use std::process::ExitCode;

use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::voice;

/// Print the JSON Schema of sites.toml, for editors
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Print the reference of sites.toml instead, in Markdown
    #[arg(long, hide = true)]
    markdown: bool,
}

impl Schema {
    pub(super) fn run(self) -> Result<ExitCode, Stop> {
        if self.markdown {
            voice::hand_over(&crate::config::reference())?;
        } else {
            voice::hand_over(&format!("{:#}", crate::config::schema()))?;
        }
        Ok(ExitCode::from(ALL_WELL))
    }
}
