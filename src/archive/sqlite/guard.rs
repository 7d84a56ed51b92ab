//! What keeps a running process from writing where it must not: into a damaged file, or into one that is no longer the
//! archive, since somebody deleted it or put another in its place.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::ErrorCode;

use super::trouble::Trouble;

/// Looks at the archive's file before anything is written.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// The file and its log, with what tells them from others of the same name.
    files: Vec<(PathBuf, Option<Identity>)>,
    is_damaged: AtomicBool,
}

/// Device and inode.
type Identity = (u64, u64);

impl Guard {
    /// For the archive at `path`, which is open.
    pub(super) fn of(path: &Path) -> Self {
        let files = [path.to_owned(), beside(path, "-wal")];
        let files = files.into_iter().map(|file| (identity(&file), file)).map(|(identity, file)| (file, identity));
        Self { files: files.collect(), is_damaged: AtomicBool::new(false) }
    }

    /// Whether it may be written.
    pub(super) fn check(&self) -> Result<(), Trouble> {
        if self.is_damaged.load(Ordering::Relaxed) {
            return Err(Trouble::Damaged);
        }
        if self.files.iter().any(|(file, known)| known.is_some() && identity(file) != *known) {
            return Err(Trouble::Replaced);
        }
        Ok(())
    }

    /// Remembers what a statement's failure says about the file: once it has been found damaged, nothing more is written.
    pub(super) fn learn(&self, trouble: &Trouble) {
        if let Trouble::Sqlite(error) = trouble
            && matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        {
            self.is_damaged.store(true, Ordering::Relaxed);
        }
    }
}

/// The file that `SQLite` keeps beside the archive at `path`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|file| (file.dev(), file.ino()))
}

/// Elsewhere an open file cannot be replaced.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
