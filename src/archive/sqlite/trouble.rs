//! What may go wrong with a database file, in words that tell its owner what to do.

use std::io::{self, ErrorKind};

use rusqlite::ErrorCode;

use super::schema;
use crate::archive::ArchiveError;

/// What went wrong inside; [`Trouble::at`] adds the place.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database said no.
    Sqlite(rusqlite::Error),
    /// The file system said no.
    File(io::Error),
    /// A value is not what this program wrote.
    Unreadable(String),
    /// A record that was to be changed is not there.
    Gone {
        /// Its number.
        number: i64,
        /// Its site.
        site: String,
    },
    /// Another holder has the lease, or none.
    LeaseLost {
        /// The site.
        site: String,
    },
    /// A later version's schema.
    Newer {
        /// Its version.
        found: i64,
    },
    /// Another program's database.
    Stranger,
    /// The file system cannot do what write-ahead logging needs.
    NoWal,
    /// The file may be read but not written.
    ReadOnly,
    /// There is no file, but a log of one.
    Headless,
    /// The file has nothing in it.
    Empty {
        /// Whether there is a log beside it.
        has_log: bool,
    },
    /// Something in it contradicts the rest.
    Damaged,
    /// It was deleted, or another file has taken its place, while it was open.
    Replaced,
    /// The work was given up.
    Cancelled(String),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl Trouble {
    /// What happened to the archive in `place` while it was in use.
    pub(super) fn at(self, place: &str) -> ArchiveError {
        match self {
            Self::Unreadable(what) => ArchiveError::Corrupt(format!("{what} ({place})")),
            Self::Newer { found } => ArchiveError::Newer { place: place.to_owned(), found, known: schema::VERSION },
            Self::LeaseLost { site } => ArchiveError::LeaseLost(site),
            other => ArchiveError::Database(format!("{}: {place}", other.sentence())),
        }
    }

    /// What happened to the archive in `place` while it was being opened.
    pub(super) fn on_opening(self, place: &str) -> ArchiveError {
        match self {
            Self::Newer { .. } => self.at(place),
            other => ArchiveError::Open { place: place.to_owned(), why: other.sentence() },
        }
    }

    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Sqlite(error) => sentence_of(error),
            Self::File(error) => sentence_of_file(error),
            Self::Unreadable(what) => format!("it holds something unreadable in {what}"),
            Self::Gone { number, site } => {
                format!("item {number} of the site `{site}` is no longer in it; nothing was written")
            }
            Self::LeaseLost { site } => format!("another process has taken over the site `{site}`"),
            Self::Newer { found } => format!("it is of version {found}"),
            Self::Stranger => {
                "it is a database, but not one of Feedmill's; choose another file for the archive".to_owned()
            }
            Self::NoWal => {
                "its file system cannot share memory between processes, as a write-ahead log needs (a network \
                 drive?); put the archive on a local disk"
                    .to_owned()
            }
            Self::ReadOnly => "it may be read but not written; give Feedmill's user the right to write it".to_owned(),
            Self::Headless => {
                "the file is gone, but its log (`-wal`) is there: put the file back, or restore a copy of it and remove \
                 the log. A new archive would make every item new again; whoever wants that moves the log away"
                    .to_owned()
            }
            Self::Empty { has_log } => format!(
                "the file is empty, as Feedmill never leaves one{}: restore a copy of it. A new archive would make every \
                 item new again; whoever wants that removes the file",
                if *has_log { ", and its log (`-wal`) is still there" } else { "" }
            ),
            Self::Damaged => DAMAGED.to_owned(),
            Self::Replaced => {
                "its file, or the log of it, was deleted or replaced while Feedmill was running, so that nothing more is \
                 written; put it right, and start Feedmill again"
                    .to_owned()
            }
            Self::Cancelled(why) => format!("the work was given up ({why})"),
        }
    }
}

/// Said of a file with a part that cannot be.
const DAMAGED: &str = "the file is damaged, and nothing more is written to it; stop Feedmill and restore a copy, or save \
                       what can be read with `sqlite3 FILE .recover`";

fn sentence_of(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "the file is not a database (or its first page is damaged); move it away or restore a copy, Feedmill does \
             not overwrite it"
                .to_owned()
        }
        Some(ErrorCode::DatabaseCorrupt) => DAMAGED.to_owned(),
        Some(ErrorCode::SystemIoFailure) => {
            format!("the disk failed ({error}); nothing was written, look into the system's log")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program keeps it locked; end that program and try again".to_owned()
        }
        Some(ErrorCode::ReadOnly) => Trouble::ReadOnly.sentence(),
        Some(ErrorCode::DiskFull) => "the disk is full; nothing was written, make room and try again".to_owned(),
        Some(ErrorCode::CannotOpen) => {
            "the file, or the log that lies beside it, cannot be opened; Feedmill's user needs the right to write the \
             file and its folder"
                .to_owned()
        }
        _ => error.to_string(),
    }
}

fn sentence_of_file(error: &io::Error) -> String {
    let advice = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "give Feedmill's user the right to write there, or name another place"
        }
        ErrorKind::IsADirectory => "name a file in it",
        ErrorKind::NotADirectory => "what stands before the last `/` is a file, not a folder",
        ErrorKind::StorageFull => "make room on the disk",
        ErrorKind::NotFound => "make the folder, or name another place",
        _ => "name another place",
    };
    format!("{error}; {advice}")
}
