//! The configuration file: where it is looked for, and how it is read.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

use super::Footprint;
use super::diagnostics::{Diagnostics, line_number, line_range};
use super::outside::Outside;
use super::{Plan, parse_within};
use crate::limits;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// None of the usual places has a file.
    #[error(
        "no configuration file; it was looked for at {}. `feedmill suggest ADDRESS --write` begins one with the page at that \
         address",
        places(.0)
    )]
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

/// What reading a configuration came to, and what it was read from.
#[derive(Debug)]
pub struct Reading {
    /// The plan, or why there is none.
    pub plan: Result<Plan, ConfigError>,
    /// Every file that was looked at, as it was at that moment.
    pub footprint: Footprint,
}

/// Reads and compiles a configuration file, and the files that it includes.
pub fn load(path: &Path) -> Result<Plan, ConfigError> {
    reading(path).plan
}

/// The same, with what is to be looked at to tell whether another reading would come to something else.
pub fn reading(path: &Path) -> Reading {
    let machine = Machine::default();
    let plan = text(path, &machine.footprint).and_then(|text| {
        parse_within(&machine, &text, path).map_err(|diagnostics| ConfigError::Wrong(Box::new(diagnostics)))
    });
    Reading { plan, footprint: machine.footprint.into_inner() }
}

/// What reading the configuration at `path` would come to if one of its files, itself or one that it includes, said `text`.
pub fn proposed(path: &Path, file: &Path, text: &str) -> Result<Plan, ConfigError> {
    let machine = Machine { instead: Some((whole(file), text.to_owned())), ..Machine::default() };
    let said = if whole(path) == whole(file) { text.to_owned() } else { self::text(path, &machine.footprint)? };
    parse_within(&machine, &said, path).map_err(|diagnostics| ConfigError::Wrong(Box::new(diagnostics)))
}

/// The text of a configuration file.
pub fn text_of(path: &Path) -> Result<String, ConfigError> {
    text(path, &RefCell::default())
}

/// A path in its one spelling, as far as it leads to something.
fn whole(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Opens a file to read it. What is no file but a pipe or a device is refused: it might never say anything, or never end.
pub fn open(path: &Path) -> io::Result<File> {
    // Or opening a pipe that nobody writes to would never end.
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() || kind.is_dir() {
        return Ok(file);
    }
    Err(io::Error::other("it is no file but a pipe or a device; write what it says into a file, and name that"))
}

fn text(path: &Path, footprint: &RefCell<Footprint>) -> Result<String, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable { path: path.to_owned(), error };
    let opened = open(path);
    footprint.borrow_mut().note(path, opened.as_ref().ok());
    let file = opened.map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(ConfigError::Folder(path.to_owned()));
    }
    if metadata.len() > limits::CONFIG_BYTES {
        return Err(ConfigError::TooLarge(path.to_owned()));
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.take(limits::CONFIG_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limits::CONFIG_BYTES {
        return Err(ConfigError::TooLarge(path.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let byte = 1 + valid - line_range(&text, valid).start;
        ConfigError::NotText { path: path.to_owned(), line: line_number(&text, valid), byte }
    })
}

/// The machine that the program runs on, and what was looked at on it.
#[derive(Default)]
struct Machine {
    footprint: RefCell<Footprint>,
    /// A file that is to be read as if this stood in it.
    instead: Option<(PathBuf, String)>,
}

impl Outside for Machine {
    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn secret(&self, path: &Path) -> Result<String, String> {
        let cannot = |error: io::Error| format!("cannot read {}: {error}", path.display());
        let mut bytes = Vec::new();
        let opened = open(path);
        self.footprint.borrow_mut().note(path, opened.as_ref().ok());
        opened.map_err(cannot)?.take(limits::SECRET_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
        if bytes.len() as u64 > limits::SECRET_BYTES {
            return Err(format!("{} is larger than {} bytes: it is no secret", path.display(), limits::SECRET_BYTES));
        }
        String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", path.display()))
    }

    fn matching(&self, folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
        let found = matching(folder, pattern);
        self.footprint.borrow_mut().note_pattern(folder, pattern, &found);
        if found.as_ref().is_ok_and(Vec::is_empty) {
            tracing::info!(include = pattern, "no file matches");
        }
        found
    }

    fn text(&self, path: &Path) -> Result<String, String> {
        if let Some((_, said)) = self.instead.as_ref().filter(|(file, _)| *file == whole(path)) {
            return Ok(said.clone());
        }
        text(path, &self.footprint).map_err(|error| error.to_string())
    }
}

/// The files that an `include` means, sorted.
pub(super) fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    if !pattern.contains(['*', '?', '[']) {
        return Ok(vec![shown(folder.join(pattern))]);
    }
    // A folder of that name, with a file for each site later, is fine; a folder that is not there is a mistake.
    let fixed: PathBuf = Path::new(pattern).components().take_while(|part| !is_pattern(part)).collect();
    if !folder.join(&fixed).is_dir() {
        return Err(format!("there is no folder {}", shown(folder.join(fixed)).display()));
    }
    let place = glob::Pattern::escape(&format!("{}/", folder.display()));
    let whole = if Path::new(pattern).is_absolute() { pattern.to_owned() } else { place + pattern };
    let found = glob::glob(&whole).map_err(|error| format!("{pattern} is no pattern of paths: {}", error.msg))?;
    let found: Result<Vec<PathBuf>, _> = found.collect();
    let mut found = found.map_err(|error| format!("cannot look for {pattern}: {}", error.error()))?;
    found.retain(|path| !path.is_dir());
    found.sort();
    Ok(found.into_iter().map(shown).collect())
}

fn is_pattern(part: &Component<'_>) -> bool {
    part.as_os_str().to_string_lossy().contains(['*', '?', '['])
}

/// A path as messages show it: below the present folder, as seen from there.
fn shown(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)).unwrap_or(path)
}
