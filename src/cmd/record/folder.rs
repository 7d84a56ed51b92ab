//! Where recorded pages lie.

use std::io;
use std::path::{Path, PathBuf};

use crate::cmd::stop::Stop;
use crate::config::Site;
use crate::webpage::Page;

/// A folder that pages may be saved in.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder that is named, or the usual one. One that has files is only used if `force` says so.
    pub(super) fn open(site: &Site, named: Option<&Path>, force: bool) -> Result<Self, Stop> {
        let usual = || beside(site).join("tests/pages").join(&site.name);
        let folder = named.map_or_else(usual, Path::to_owned);
        let is_used = std::fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some());
        if is_used && !force {
            let what = format!("{} has files already: --force writes over them, --out names another", folder.display());
            return Err(Stop::Usage(what));
        }
        Ok(Self(folder))
    }

    /// Saves a page, byte for byte as it came, and tells where.
    pub(super) fn save(&self, name: &str, page: &Page) -> Result<PathBuf, Stop> {
        let path = self.0.join(name);
        let cannot = |error: io::Error| Stop::Io(format!("cannot write {}", path.display()), error);
        std::fs::create_dir_all(&self.0).map_err(cannot)?;
        // Under another name first: a test never sees half of a page.
        let draft = tempfile::NamedTempFile::new_in(&self.0).map_err(cannot)?;
        std::fs::write(draft.path(), &page.body).map_err(cannot)?;
        draft.persist(&path).map_err(|error| cannot(error.error))?;
        Ok(path)
    }

    /// The folder as messages name it.
    pub(super) fn shown(&self) -> String {
        self.0.display().to_string()
    }
}

/// The folder of the file that a site stands in.
pub(super) fn beside(site: &Site) -> PathBuf {
    site.file.parent().map(Path::to_owned).unwrap_or_default()
}

/// The usual ending of a page's name: what it says of itself, else what it begins like.
pub(super) fn extension(page: &Page) -> &'static str {
    let stated = page.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    let start = page.body.trim_ascii_start();
    match essence {
        "text/html" | "application/xhtml+xml" => "html",
        _ if essence.ends_with("json") => "json",
        _ if essence.ends_with("xml") => "xml",
        _ if start.starts_with(b"{") || start.starts_with(b"[") => "json",
        _ if start.starts_with(b"<?xml") => "xml",
        _ => "html",
    }
}
