//! The configuration around a page that it does not speak of: what it says of sites in general, which names it has, and
//! the file that a rule for the page is written to.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::stop::Stop;
use super::{Common, mill, write};
use crate::config::{self, ConfigError, Plan, Site};
use crate::weburl::WebUrl;

/// A configuration, or the place where one will be.
pub(super) struct Home {
    path: PathBuf,
    text: String,
    /// What it says; `None`: there is none yet, or it has no sites.
    plan: Option<Plan>,
}

impl Home {
    /// The configuration that every command would use. There may be none yet: then everything is as if it were empty, and
    /// a rule that is to be written begins one.
    pub(super) fn find(common: &Common) -> Result<Self, Stop> {
        let path = match mill::place(common) {
            Ok(path) => path,
            Err(Stop::Configuration(ConfigError::NotFound(places))) => {
                places.into_iter().next().unwrap_or_else(|| PathBuf::from("sites.toml"))
            }
            Err(stop) => return Err(stop),
        };
        match config::text_of(&path) {
            Ok(text) => {
                let plan = match config::load(&path) {
                    Ok(plan) => Some(plan),
                    Err(_) if lacks_only_sites(&path, &text) => None,
                    Err(error) => return Err(error.into()),
                };
                Ok(Self { path, text, plan })
            }
            Err(ConfigError::Unreadable { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path, text: String::new(), plan: None })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The file, as messages name it.
    pub(super) fn called(&self) -> String {
        self.path.strip_prefix(".").unwrap_or(&self.path).display().to_string()
    }

    /// Whether something has that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.named(name).is_some() || plan.families.contains_key(name))
    }

    /// The site that reads the page at `url` already.
    pub(super) fn reads(&self, url: &WebUrl) -> Option<&str> {
        let sites = self.plan.iter().flat_map(|plan| plan.sites.values());
        sites.into_iter().find(|site| site.url.essence() == url.essence()).map(|site| site.name.as_str())
    }

    /// What the configuration would be with another table.
    pub(super) fn with(&self, toml: &str) -> Result<Plan, Stop> {
        Ok(config::proposed(&self.path, &self.path, &with(&self.text, toml))?)
    }

    /// The site that a table would be in this configuration, with all that it says of sites in general.
    pub(super) fn site(&self, name: &str, toml: &str) -> Result<Arc<Site>, Stop> {
        let plan = self.with(toml)?;
        plan.sites.get(name).cloned().ok_or_else(|| Stop::Usage(format!("`{name}` is no site's name")))
    }

    /// Adds a table to the file. Everything that stands there stays as it is, to the byte.
    pub(super) fn write(&self, toml: &str) -> Result<(), Stop> {
        // Whoever edits it meanwhile must not lose that, nor another process that writes.
        let _turn = write::turn(&self.path);
        let text = match config::text_of(&self.path) {
            Err(ConfigError::Unreadable { error, .. }) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text?,
        };
        write::put(&self.path, &self.path, &with(&text, toml)).map(drop)
    }
}

/// Whether nothing is wrong with a configuration but that it has no sites: so is the file that a shell has just made for a
/// rule to go to, and one that begins with `[defaults]`.
fn lacks_only_sites(path: &Path, text: &str) -> bool {
    let any = "[sites.any]\nurl = \"https://any.example/\"\n";
    config::proposed(path, path, &with(text, any)).is_ok_and(|plan| plan.sites.len() == 1)
}

/// A file's text with a table at its end, in the file's own line endings.
fn with(text: &str, toml: &str) -> String {
    let gap = match text {
        "" | "\u{feff}" => "",
        text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{text}{}", write::with_endings_of(text, &format!("{gap}{toml}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_added_and_nothing_else_changes() {
        let table = "[sites.b]\nurl = \"https://b.example/\"\n";
        assert_eq!(with("", table), table);
        assert_eq!(with("# mine", table), format!("# mine\n\n{table}"));
        assert_eq!(with("# mine\n", table), format!("# mine\n\n{table}"));
        assert_eq!(with("# mine\n\n", table), format!("# mine\n\n{table}"));
        let windows = "# mine\r\n[sites.a]\r\nurl = 'x'\r\n";
        assert_eq!(with(windows, table), format!("{windows}\r\n{}", table.replace('\n', "\r\n")));
    }
}
