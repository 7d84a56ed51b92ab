//! `feedmill backup`: a copy of the archive, also while others work on it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, voice};
use crate::archive::{ArchiveError, SqliteArchive};

/// Copy the archive, also while Feedmill runs
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write. An earlier copy of that name is replaced when the new one is complete and was found sound
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let (path, called) = mill::archive_place(common, &plan)?;
        let to = self.to.clone();
        let copy = tokio::task::spawn_blocking(move || SqliteArchive::copy(&path, &called, &to)).await;
        let broken_off = |panic: tokio::task::JoinError| ArchiveError::Database(format!("copying broke off: {panic}"));
        let copied = copy.map_err(broken_off)??;
        if !common.quiet {
            let (sites, items) = (copied.sites, copied.items);
            let kb = copied.bytes.div_ceil(1024);
            voice::tell(&format!("{}: {sites} sites, {items} items, {kb} KiB", self.to.display()));
        }
        Ok(ExitCode::from(ALL_WELL))
    }
}
