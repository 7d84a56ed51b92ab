//! From a path to a connection: the folder, the file, its settings. What is there already is never overwritten.

use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::guard::beside;
use super::trouble::Trouble;
use super::{check, schema, vacuum};
use crate::archive::ArchiveError;
use crate::limits;

/// Statements kept prepared: all that there are.
const STATEMENTS: usize = 80;

/// Opens the archive at `path`, and makes it (and its folder) if there is none, which the answer tells. Both are for their
/// owner's eyes only. Another process that writes is waited for as long as `patience`; `place` is what messages call it.
pub(super) fn connection(path: &Path, place: &str, patience: Duration) -> Result<(Connection, bool), ArchiveError> {
    let opened = || {
        refuse_headless(path)?;
        let is_new = !path.exists() && make(path, patience)?;
        if path.is_dir() {
            return Err(Trouble::File(ErrorKind::IsADirectory.into()));
        }
        Ok((existing(path, patience)?, is_new))
    };
    opened().map_err(|trouble: Trouble| trouble.on_opening(place))
}

/// Refuses a place where an archive has been whose file is gone, or empty. A new one made there would have new ids for
/// everything, and the log that may lie beside it would be taken for its own.
pub(super) fn refuse_headless(path: &Path) -> Result<(), Trouble> {
    // First the log: another process may be making the archive right now, and makes the log last.
    let has_log = beside(path, "-wal").metadata().is_ok_and(|log| log.len() > 0);
    match path.metadata() {
        Ok(file) if file.is_file() && file.len() == 0 => Err(Trouble::Empty { has_log }),
        Err(error) if error.kind() == ErrorKind::NotFound && has_log => Err(Trouble::Headless),
        _ => Ok(()),
    }
}

/// An archive that lives as long as its connection.
pub(super) fn in_memory() -> Result<Connection, Trouble> {
    let mut connection = Connection::open_in_memory()?;
    vacuum::allow(&connection)?;
    settle(&mut connection)?;
    Ok(connection)
}

/// In a write-ahead log, NORMAL never loses a commit to the end of a process, however sudden, and never damages the
/// file; a power cut may undo the last commits. FULL waits for the disk at each commit, and nothing is undone.
pub(super) fn set_synchronous(connection: &Connection, full: bool) -> Result<(), Trouble> {
    connection.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
    Ok(())
}

/// Makes an empty archive under another name and gives it its own when it is complete: nobody ever sees half of one,
/// and of two processes that do this at once, one finds the other's. Whether it was this one that made it.
fn make(path: &Path, patience: Duration) -> Result<bool, Trouble> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    // Closed at once: closing a database file behind SQLite's back drops the locks that the process has on it.
    let draft = tempfile::Builder::new().prefix(".feedmill-").suffix(".db").tempfile_in(folder)?.into_temp_path();
    drop(existing(&draft, patience)?);
    match draft.persist_noclobber(path) {
        Ok(()) => Ok(true),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error.into()),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })
}

/// Opens the file at `path`; an empty one becomes an archive.
fn existing(path: &Path, patience: Duration) -> Result<Connection, Trouble> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    // Before anything is changed: it may not be ours, or damaged.
    if schema::version(&connection)? == 0 {
        vacuum::allow(&connection)?;
    } else {
        check::before_use(&connection)?;
    }
    if connection.is_readonly(MAIN_DB)? {
        return Err(Trouble::ReadOnly);
    }
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Trouble::NoWal);
    }
    settle(&mut connection)?;
    Ok(connection)
}

fn settle(connection: &mut Connection) -> Result<(), Trouble> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    set_synchronous(connection, false)?;
    // After a checkpoint the log starts again at its beginning; this is what the file shrinks to.
    connection.pragma_update(None, "journal_size_limit", limits::ARCHIVE_LOG_BYTES)?;
    schema::migrate(connection)
}
