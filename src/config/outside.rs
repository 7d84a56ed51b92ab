//! What a configuration may ask for beyond its own text: other files, and variables of the environment. Behind a trait,
//! so that everything else here is a function of texts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The world around a configuration. Errors are sentence fragments that name what they are about.
pub(super) trait Outside {
    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<OsString>;
    /// What stands in a file that holds a secret.
    fn secret(&self, path: &Path) -> Result<String, String>;
    /// The files that an `include` means, sorted; a relative one begins in `folder`.
    fn matching(&self, folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String>;
    /// The text of a configuration file.
    fn text(&self, path: &Path) -> Result<String, String>;
}

/// No world at all: for configurations that are no files.
pub(super) struct Nowhere;

impl Outside for Nowhere {
    fn variable(&self, _: &str) -> Option<OsString> {
        None
    }

    fn secret(&self, path: &Path) -> Result<String, String> {
        Err(format!("{} is not read: this configuration is no file", path.display()))
    }

    fn matching(&self, _: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
        Err(format!("{pattern} is not read: this configuration is no file"))
    }

    fn text(&self, path: &Path) -> Result<String, String> {
        self.secret(path)
    }
}
