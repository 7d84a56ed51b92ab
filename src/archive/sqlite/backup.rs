//! A copy of an archive that others go on writing: what was committed when it began, whole, and as small as can be.
//!
//! `VACUUM INTO` reads one state of the file and holds nobody up: in a write-ahead log readers and writers do not meet.
//! The log alone cannot start again at its beginning until the copy is done.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::guard::beside;
use super::trouble::Trouble;
use super::{check, open, schema};
use crate::archive::ArchiveError;

/// What a copy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Sites.
    pub sites: u64,
    /// Items, dropped ones not counted.
    pub items: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// What a `SQLite` file begins with, and where its application's mark stands (`SQLite` file format, 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
const MARK: std::ops::Range<usize> = 68..72;

/// Copies the archive at `from`, called `place` in messages, to `to`. An earlier copy in its place is replaced when the
/// new one is complete and has been looked over; anything else is left alone, and so are both if something goes wrong.
pub(super) fn copy(from: &Path, place: &str, to: &Path, patience: Duration) -> Result<Copied, ArchiveError> {
    let source = source(from, patience).map_err(|trouble| trouble.on_opening(place))?;
    let refused = |why: String| ArchiveError::Copy { place: to.display().to_string(), why };
    may_be_replaced(from, to).map_err(refused)?;
    let draft = Draft::beside(to).map_err(refused)?;
    let copied = draft.fill(&source).map_err(|trouble| refused(trouble.sentence()))?;
    draft.publish(to).map_err(|error| refused(Trouble::File(error).sentence()))?;
    Ok(copied)
}

/// The archive, as it is: an earlier version's is not brought up to date for being copied.
fn source(path: &Path, patience: Duration) -> Result<Connection, Trouble> {
    open::refuse_headless(path)?;
    if !path.exists() {
        return Err(Trouble::File(ErrorKind::NotFound.into()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    schema::version(&connection)?;
    Ok(connection)
}

/// Whether `to` is free, or an earlier copy.
fn may_be_replaced(from: &Path, to: &Path) -> Result<(), String> {
    if to.is_dir() {
        return Err("it is a folder; name a file in it".to_owned());
    }
    if !to.exists() {
        return Ok(());
    }
    if let (Ok(from), Ok(to)) = (from.canonicalize(), to.canonicalize())
        && from == to
    {
        return Err("that is the archive itself; name another file".to_owned());
    }
    if beside(to, "-wal").metadata().is_ok_and(|log| log.len() > 0) {
        return Err("it is an archive in use, with a log beside it; name another file".to_owned());
    }
    let mut head = Vec::new();
    let read = File::open(to).and_then(|file| file.take(100).read_to_end(&mut head));
    let is_ours = head.starts_with(MAGIC)
        && head.get(MARK).and_then(|mark| mark.try_into().ok()).map(i32::from_be_bytes).map(i64::from)
            == Some(schema::APPLICATION_ID);
    match read {
        Err(error) => Err(Trouble::File(error).sentence()),
        Ok(0) => Ok(()),
        Ok(_) if is_ours => Ok(()),
        Ok(_) => Err("a file of that name is there, and is no archive of Feedmill's: it is left alone".to_owned()),
    }
}

/// A copy that is being made, under a name of its own. It is locked, so that what a killed process leaves behind is told
/// from what another one is writing, and is used again.
struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    fn beside(to: &Path) -> Result<Self, String> {
        let Some(name) = to.file_name() else { return Err("that is not the name of a file".to_owned()) };
        let mut own = std::ffi::OsString::from(".");
        own.push(name);
        own.push(".feedmill-draft");
        let path = to.with_file_name(own);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let sentence = |error: io::Error| Trouble::File(error).sentence();
        let file = options.open(&path).map_err(sentence)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err("another copy is just being written there".to_owned()),
            Err(TryLockError::Error(error)) => return Err(sentence(error)),
        }
        file.set_len(0).map_err(sentence)?;
        // A rollback journal would be taken for this file's.
        let _ = fs::remove_file(beside(&path, "-journal"));
        Ok(Self { path, file })
    }

    /// Copies, and looks the copy over.
    fn fill(&self, source: &Connection) -> Result<Copied, Trouble> {
        let path = self.path.to_str().ok_or_else(|| Trouble::Cancelled("its name is not UTF-8".to_owned()))?;
        // For the copy: an archive that an earlier version made stays as it is. It may be refused, and then is done without.
        let _ = source.pragma_update(None, "auto_vacuum", "INCREMENTAL");
        source.execute("VACUUM INTO ?1", [path])?;
        let copy = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        check::whole(&copy)?;
        let count = |table: &str| -> Result<u64, Trouble> {
            let count: i64 = copy.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        };
        let (sites, items) = (count("sites")?, count("items")?);
        let is_old = copy.prepare("SELECT dropped FROM items").is_err();
        let dropped = if is_old { 0 } else { count("items WHERE dropped IS NOT NULL")? };
        Ok(Copied { sites, items: items - dropped, bytes: self.file.metadata()?.len() })
    }

    /// Gives it its name. A copy that a power cut undoes is none.
    fn publish(&self, to: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Not every system can do that with a folder.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Once it has its name there is nothing left under this one. (Nobody else writes it: it is locked.)
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(beside(&self.path, "-journal"));
    }
}
