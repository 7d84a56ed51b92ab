//! What a configuration was read from, so that a look tells whether it was edited.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::file::matching;

/// Every file that a configuration was read from, and every pattern that named some, as they were at that moment. Two
/// that are equal come to the same plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    files: BTreeMap<PathBuf, Option<Stamp>>,
    patterns: BTreeMap<(PathBuf, String), Result<Vec<PathBuf>, String>>,
}

/// What changes when a file is written, replaced, or given other rights. The moments are the file system's, in seconds
/// and nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Footprint {
    /// The same files and patterns as they are now.
    #[must_use]
    pub fn now(&self) -> Self {
        let files = self.files.keys().map(|path| (path.clone(), stamp(path))).collect();
        let found = |(folder, pattern): &(PathBuf, String)| matching(folder, pattern);
        let patterns = self.patterns.keys().map(|pattern| (pattern.clone(), found(pattern))).collect();
        Self { files, patterns }
    }

    /// Notes a file that is going to be read, or cannot be opened: before its bytes are read, so that what is written
    /// meanwhile is seen at the next look.
    pub(super) fn note(&mut self, path: &Path, file: Option<&File>) {
        let opened = file.and_then(|file| file.metadata().ok());
        let stamp = opened.map_or_else(|| stamp(path), |metadata| Some(Stamp::of(&metadata)));
        self.files.insert(path.to_owned(), stamp);
    }

    /// Notes what a pattern means.
    pub(super) fn note_pattern(&mut self, folder: &Path, pattern: &str, found: &Result<Vec<PathBuf>, String>) {
        self.patterns.insert((folder.to_owned(), pattern.to_owned()), found.clone());
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            written: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// `None`: there is no such file, or nobody may look.
fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata))
}
