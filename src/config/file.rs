//! The configuration file: where it is looked for, and how it is read.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::diagnostics::{Diagnostics, line_number, line_range};
use super::{Plan, parse};
use crate::limits;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// None of the usual places has a file.
    #[error("no configuration file; it was looked for at {}", places(.0))]
    NotFound(Vec<PathBuf>),
    /// The path leads to a folder.
    #[error("{} is a folder, not a configuration file", .0.display())]
    Folder(PathBuf),
    /// The file cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is larger than any list of sites.
    #[error("{} is larger than {} MiB: it is no list of sites", .0.display(), limits::CONFIG_BYTES / 1024 / 1024)]
    TooLarge(PathBuf),
    /// The file is no text.
    #[error("{} is not UTF-8: line {line} has something else at its byte {byte}; save it as UTF-8", .path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The first byte of the line that does not belong there, from 1.
        byte: usize,
    },
    /// The file says something that cannot be.
    #[error("{0}")]
    Wrong(Box<Diagnostics>),
}

impl ConfigError {
    /// The error as a person reads it; `coloured` for a terminal.
    pub fn render(&self, coloured: bool) -> String {
        match self {
            Self::Wrong(diagnostics) => diagnostics.render(coloured),
            error => error.to_string(),
        }
    }
}

fn places(looked: &[PathBuf]) -> String {
    looked.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// The configuration file to use: what the command line names, else what `FEEDMILL_CONFIG` names, else the first of the
/// usual places that has one. `here` is the current folder; `env` looks environment variables up.
pub fn find(
    command_line: Option<&Path>,
    here: &Path,
    env: impl Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, ConfigError> {
    let named = |name| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = command_line.map(Path::to_owned).or_else(|| named("FEEDMILL_CONFIG")) {
        return Ok(path);
    }
    // Relative folders in these are to be ignored (XDG Base Directory Specification).
    let home = || named("HOME").map(|home| home.join(".config"));
    let settings = named("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute()).or_else(home);
    let mut places = vec![here.join("sites.toml")];
    places.extend(settings.map(|folder| folder.join("feedmill/sites.toml")));
    places.push(PathBuf::from("/etc/feedmill/sites.toml"));
    places.iter().find(|path| path.exists()).cloned().ok_or(ConfigError::NotFound(places))
}

/// Reads and compiles a configuration file.
pub fn load(path: &Path) -> Result<Plan, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable { path: path.to_owned(), error };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(ConfigError::Folder(path.to_owned()));
    }
    if metadata.len() > limits::CONFIG_BYTES {
        return Err(ConfigError::TooLarge(path.to_owned()));
    }
    let mut bytes = Vec::new();
    // A pipe does not say how much is coming.
    file.take(limits::CONFIG_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limits::CONFIG_BYTES {
        return Err(ConfigError::TooLarge(path.to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let byte = 1 + valid - line_range(&text, valid).start;
        ConfigError::NotText { path: path.to_owned(), line: line_number(&text, valid), byte }
    })?;
    parse(&text, path).map_err(|diagnostics| ConfigError::Wrong(Box::new(diagnostics)))
}
