//! Changing a configuration file: at once or not at all, and never to something that is wrong.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::stop::Stop;
use crate::config::{self, Plan};

/// Puts `text` into `file`, which is the configuration at `main` or one that it includes, and gives the plan that it is
/// then. What would be wrong is not written.
pub(super) fn put(main: &Path, file: &Path, text: &str) -> Result<Plan, Stop> {
    let plan = config::proposed(main, file, text)?;
    replace(file, text)?;
    Ok(plan)
}

/// Waits until no other Feedmill process changes a file in that folder; for as long as what is given is kept, none does. The
/// folder is locked, since the file itself is replaced. Where folders cannot be locked, nobody waits.
pub(super) fn turn(file: &Path) -> Option<File> {
    let path = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = File::open(folder_of(&path)).ok()?;
    folder.lock().ok().map(|()| folder)
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Puts `text` in the place of what the file says, or makes the file; no reader ever sees half of it.
pub(super) fn replace(file: &Path, text: &str) -> Result<(), Stop> {
    let cannot = |error: io::Error| Stop::Io(format!("cannot write {}", file.display()), error);
    // Through a link, so that the link stays: a configuration may lie elsewhere.
    let path = match std::fs::canonicalize(file) {
        Ok(path) => path,
        Err(error) if error.kind() == io::ErrorKind::NotFound => file.to_owned(),
        Err(error) => return Err(cannot(error)),
    };
    let folder = folder_of(&path);
    let mode = match std::fs::metadata(&path) {
        Ok(known) => known.permissions(),
        Err(_) => PermissionsExt::from_mode(0o666),
    };
    // What the umask forbids is taken away, and before anything, perhaps a secret, is in it.
    let mut draft = tempfile::Builder::new().permissions(mode.clone()).tempfile_in(folder).map_err(cannot)?;
    if path.exists() {
        draft.as_file().set_permissions(mode).map_err(cannot)?;
    }
    draft.write_all(text.as_bytes()).map_err(cannot)?;
    draft.as_file().sync_all().map_err(cannot)?;
    draft.persist(&path).map_err(|error| cannot(error.error))?;
    Ok(())
}

/// `text` with the line endings that `model` has.
pub(super) fn with_endings_of(model: &str, text: &str) -> String {
    let plain = text.replace("\r\n", "\n");
    let (pairs, lines) = (model.matches("\r\n").count(), model.matches('\n').count());
    if pairs * 2 > lines { plain.replace('\n', "\r\n") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "[sites.a]\nurl = \"https://a.example/\"\n";

    #[test]
    fn what_would_be_wrong_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.toml");
        assert!(put(&file, &file, SITE).unwrap().sites.contains_key("a"), "a file is made where there was none");
        assert!(put(&file, &file, &format!("{SITE}colour = 1\n")).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), SITE);
    }

    #[test]
    fn a_file_that_is_included_is_judged_within_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (main, part) = (folder.path().join("sites.toml"), folder.path().join("part.toml"));
        std::fs::write(&main, format!("include = [\"part.toml\"]\n{SITE}")).unwrap();
        std::fs::write(&part, "").unwrap();
        assert!(put(&main, &part, SITE).is_err(), "the name is taken in the main file");
        assert_eq!(std::fs::read_to_string(&part).unwrap(), "");
        let plan = put(&main, &part, &SITE.replace("s.a", "s.b")).unwrap();
        assert_eq!(plan.sites.len(), 2);
    }

    #[test]
    fn line_endings_are_those_of_the_file() {
        assert_eq!(with_endings_of("a\r\nb\r\n", "c\nd\r\n"), "c\r\nd\r\n");
        assert_eq!(with_endings_of("a\n", "c\r\n"), "c\n");
    }
}
