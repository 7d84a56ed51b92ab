//! A folder of static files: each is either the old one or the new one, whole, whatever happens in between; and one
//! that would not change is not touched, so that web servers go on answering 304.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use super::PublishError;

/// What the names of files begin with that have not got their own yet.
const DRAFT: &str = ".feedmill-";

/// A folder that files are published in.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// What writing a file came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// There was none of that name.
    New,
    /// There was another one.
    Replaced,
    /// It was there already, to the byte.
    Untouched,
}

impl Folder {
    /// The folder at `path`; makes it if there is none.
    pub fn open(path: &Path) -> Result<Self, PublishError> {
        let refused = |error: &io::Error| {
            let why = match error.kind() {
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "a file stands in its place".to_owned(),
                _ => sentence(error),
            };
            PublishError::Folder { place: path.display().to_string(), why }
        };
        fs::create_dir_all(path).map_err(|error| refused(&error))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Removes what processes that were killed have left in the folder, or in the folder `below` it: files that have not got
    /// their names for an hour before `now`, and will not get them any more.
    pub fn sweep(&self, below: &str, now: DateTime<Utc>) {
        // What cannot be looked at or removed stays; it is in nobody's way.
        let Ok(files) = fs::read_dir(self.path.join(below)) else { return };
        for file in files.flatten().filter(|file| file.file_name().to_string_lossy().starts_with(DRAFT)) {
            if file.metadata().is_ok_and(|metadata| is_old(&metadata, now)) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Puts a file into the folder, or into one below it that is made if it is not there (`issues/rust.xml`), readable for everyone, with `modified` as its time: a web server will say it in
    /// `Last-Modified`. A reader of the folder never sees a part of it.
    ///
    /// The disk is not waited for: after a power cut a file may be damaged, and the next run replaces it.
    pub fn write(&self, name: &str, bytes: &[u8], modified: Option<DateTime<Utc>>) -> Result<Written, PublishError> {
        let path = self.path.join(name);
        let refused = |why: String| PublishError::File { place: path.display().to_string(), why };
        if !name.split('/').all(is_bare) {
            return Err(refused(format!("`{name}` is not the name of a file")));
        }
        let folder = path.parent().unwrap_or(&self.path);
        if name.contains('/') {
            fs::create_dir_all(folder).map_err(|error| refused(sentence(&error)))?;
        }
        let standing = standing(&path, bytes).map_err(|error| refused(sentence(&error)))?;
        if standing != Written::Untouched {
            replace(folder, &path, bytes, modified).map_err(|error| refused(sentence(&error)))?;
        }
        Ok(standing)
    }
}

fn replace(folder: &Path, path: &Path, bytes: &[u8], modified: Option<DateTime<Utc>>) -> io::Result<()> {
    // In the same folder, so that giving it its name is one step. It is gone with its handle if anything fails.
    let mut draft = tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder)?;
    draft.write_all(bytes)?;
    let file = draft.as_file();
    readable(file)?;
    if let Some(modified) = modified {
        file.set_modified(SystemTime::from(modified))?;
    }
    draft.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Whether a draft has not been touched for an hour. Its time of modification is that of the feed.
#[cfg(unix)]
fn is_old(draft: &fs::Metadata, now: DateTime<Utc>) -> bool {
    std::os::unix::fs::MetadataExt::ctime(draft) < (now - TimeDelta::hours(1)).timestamp()
}

#[cfg(not(unix))]
fn is_old(draft: &fs::Metadata, now: DateTime<Utc>) -> bool {
    draft.created().is_ok_and(|created| DateTime::<Utc>::from(created) < now - TimeDelta::hours(1))
}

/// What writing `bytes` to `path` would come to.
fn standing(path: &Path, bytes: &[u8]) -> io::Result<Written> {
    match fs::metadata(path) {
        Ok(old) if old.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(old) if old.len() == bytes.len() as u64 && fs::read(path)? == bytes => Ok(Written::Untouched),
        Ok(_) => Ok(Written::Replaced),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Written::New),
        Err(error) => Err(error),
    }
}

/// Drafts are private; a web server runs as another user.
#[cfg(unix)]
fn readable(draft: &File) -> io::Result<()> {
    draft.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// A part of a name never leads out of the folder, and hides nothing in it.
fn is_bare(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let is_one =
        matches!((components.next(), components.next()), (Some(Component::Normal(only)), None) if only == name);
    is_one && !name.starts_with('.') && !name.contains(['\0', '\\'])
}

fn sentence(error: &io::Error) -> String {
    let advice = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "give Feedmill's user the right to write there, or name another folder with `--out`"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk; the old file is still there",
        ErrorKind::NotFound => "the folder is gone; the next run makes it again",
        ErrorKind::IsADirectory => "move the folder of that name away",
        _ => "the next run tries again",
    };
    format!("{error}; {advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(seconds, 0)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn equal_files_are_not_touched() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("public/feeds");
        let folder = Folder::open(&path).unwrap();
        let modified = || DateTime::<Utc>::from(path.join("a.xml").metadata().unwrap().modified().unwrap());
        assert_eq!(folder.write("a.xml", b"one", at(1_000)).unwrap(), Written::New);
        assert_eq!(Some(modified()), at(1_000));
        assert_eq!(folder.write("a.xml", b"one", at(2_000)).unwrap(), Written::Untouched);
        assert_eq!(Some(modified()), at(1_000), "a web server goes on saying 304");
        assert_eq!(folder.write("a.xml", b"two", at(3_000)).unwrap(), Written::Replaced);
        assert_eq!(Some(modified()), at(3_000));
        assert_eq!(fs::read(path.join("a.xml")).unwrap(), b"two");
        assert_eq!(folder.write("b.xml", b"", None).unwrap(), Written::New);
        assert_eq!(names(&path), ["a.xml", "b.xml"]);
    }

    /// A reader that has the old file open reads the old file to its end: it is replaced, not overwritten.
    #[test]
    fn a_reader_never_sees_a_mixture() {
        use std::io::Read as _;
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        folder.write("a.xml", &"o".repeat(1_000).into_bytes(), None).unwrap();
        let mut reader = File::open(temporary.path().join("a.xml")).unwrap();
        let mut half = [0; 500];
        reader.read_exact(&mut half).unwrap();
        folder.write("a.xml", &"n".repeat(1_000).into_bytes(), None).unwrap();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, [b'o'; 500]);
    }

    #[cfg(unix)]
    #[test]
    fn everyone_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let temporary = tempfile::tempdir().unwrap();
        Folder::open(temporary.path()).unwrap().write("a.xml", b"x", None).unwrap();
        let mode = temporary.path().join("a.xml").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }

    #[test]
    fn names_lead_nowhere_else() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        for name in [
            "",
            ".",
            "..",
            "../a.xml",
            "a/../b.xml",
            "a//b.xml",
            "/etc/feed",
            "a.xml/",
            "./a.xml",
            ".a.xml",
            "a/.b.xml",
            "a\\b.xml",
            "a\0b",
        ] {
            let error = folder.write(name, b"x", None).unwrap_err().to_string();
            assert!(error.contains("not the name of a file"), "{name}: {error}");
        }
        assert_eq!(names(temporary.path()), [""; 0]);
    }

    #[test]
    fn fault_59_what_cannot_be_written_leaves_nothing_behind() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        fs::create_dir(temporary.path().join("a.xml")).unwrap();
        let error = folder.write("a.xml", b"x", None).unwrap_err().to_string();
        assert!(error.contains("a.xml") && error.contains("move the folder"), "{error}");
        let error = folder.write(&"a".repeat(300), b"x", None).unwrap_err().to_string();
        assert!(error.contains("cannot write"), "{error}");
        assert_eq!(names(temporary.path()), ["a.xml"], "no drafts");

        let gone = temporary.path().join("gone");
        let folder = Folder::open(&gone).unwrap();
        fs::remove_dir(&gone).unwrap();
        let error = folder.write("b.xml", b"x", None).unwrap_err().to_string();
        assert!(error.contains("the folder is gone"), "{error}");

        fs::write(temporary.path().join("file"), "").unwrap();
        for path in ["file", "file/deeper"] {
            let error = Folder::open(&temporary.path().join(path)).unwrap_err().to_string();
            assert!(error.contains("a file stands in its place"), "{error}");
        }
    }

    #[test]
    fn fault_59_what_a_killed_process_left_is_swept_away_in_time() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        folder.write("issues/a.xml", b"x", at(1_000)).unwrap();
        let draft = temporary.path().join("issues/.feedmill-Xy12");
        for name in [".feedmill-Ab34", "issues/.feedmill-Xy12", ".htaccess"] {
            fs::write(temporary.path().join(name), "half").unwrap();
        }
        let made = DateTime::<Utc>::from(draft.metadata().unwrap().modified().unwrap());
        let sweep =
            |minutes| ["", "issues", "gone"].map(|below| folder.sweep(below, made + TimeDelta::minutes(minutes)));
        sweep(55);
        assert_eq!(names(&temporary.path().join("issues")), [".feedmill-Xy12", "a.xml"], "it may be being written");
        sweep(70);
        assert_eq!(names(&temporary.path().join("issues")), ["a.xml"]);
        assert_eq!(names(temporary.path()), [".htaccess", "issues"]);
    }

    #[cfg(unix)]
    #[test]
    fn fault_59_a_read_only_folder_is_named() {
        use std::fs::Permissions;
        use std::os::unix::fs::PermissionsExt as _;
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        folder.write("a.xml", b"old", None).unwrap();
        fs::set_permissions(temporary.path(), Permissions::from_mode(0o555)).unwrap();
        if fs::write(temporary.path().join("probe"), "").is_ok() {
            eprintln!("SKIPPED: this user (root?) may write everywhere, so that nothing can be kept from it");
        } else {
            let error = folder.write("a.xml", b"new", None).unwrap_err().to_string();
            assert!(error.contains("a.xml") && error.contains("right to write"), "{error}");
            assert_eq!(fs::read(temporary.path().join("a.xml")).unwrap(), b"old");
            assert_eq!(folder.write("a.xml", b"old", None).unwrap(), Written::Untouched);
        }
        fs::set_permissions(temporary.path(), Permissions::from_mode(0o755)).unwrap();
    }
}
