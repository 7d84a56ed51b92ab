//! Putting the parts together: configuration, archive, network, engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Common;
use super::stop::Stop;
use crate::archive::{Archive, SqliteArchive};
use crate::clock::SystemClock;
use crate::config::{self, Plan};
use crate::engine::{Engine, Parts};
use crate::fetch::Fetcher;

/// Finds and reads the configuration.
pub(super) fn plan(common: &Common) -> Result<Arc<Plan>, Stop> {
    let path = config::find(common.config.as_deref(), Path::new("."), |name| std::env::var_os(name))?;
    Ok(Arc::new(config::load(&path)?))
}

/// The archive that the command line, the configuration or the system's customs name.
pub(super) fn archive(common: &Common, plan: &Plan) -> Result<Arc<dyn Archive>, Stop> {
    let named = std::env::var_os("FEEDMILL_ARCHIVE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let archive = match (common.archive.clone().or(named), &plan.archive) {
        (Some(path), _) => SqliteArchive::open(&path)?,
        (None, Some(place)) => {
            let path = Path::new(place.expose().strip_prefix("sqlite:").unwrap_or(place.expose()));
            SqliteArchive::open_called(path, place.reference().unwrap_or(&path.display().to_string()))?
        }
        (None, None) => {
            SqliteArchive::open(&usual_archive(std::env::var_os("XDG_DATA_HOME"), std::env::var_os("HOME"))?)?
        }
    };
    Ok(Arc::new(archive))
}

/// An engine that works on `archive`.
pub(super) fn engine(plan: Arc<Plan>, archive: Arc<dyn Archive>, explain: bool) -> Result<Arc<Engine>, Stop> {
    let fetcher = Arc::new(Fetcher::system()?);
    Ok(Engine::new(Parts { plan, fetcher, archive, clock: Arc::new(SystemClock), explain }))
}

/// An engine that keeps nothing.
pub(super) fn forgetful_engine(plan: Arc<Plan>, explain: bool) -> Result<Arc<Engine>, Stop> {
    engine(plan, Arc::new(SqliteArchive::in_memory()?), explain)
}

/// The names of the sites to work on: the named ones, or all.
pub(super) fn chosen(plan: &Plan, names: &[String]) -> Result<Vec<String>, Stop> {
    for name in names {
        if !plan.sites.contains_key(name) {
            let known = plan.sites.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(Stop::Usage(format!("no site is called `{name}`; the configuration has: {known}")));
        }
    }
    Ok(if names.is_empty() { plan.sites.keys().cloned().collect() } else { names.to_vec() })
}

fn usual_archive(data_home: Option<std::ffi::OsString>, home: Option<std::ffi::OsString>) -> Result<PathBuf, Stop> {
    let folder = data_home
        .filter(|folder| Path::new(folder).is_absolute())
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(home.filter(|home| !home.is_empty())?).join(".local/share")));
    folder.map(|folder| folder.join("feedmill/feedmill.db")).ok_or_else(|| {
        Stop::Usage(
            "neither XDG_DATA_HOME nor HOME is set: say where the archive is to lie, with --archive FILE".to_owned(),
        )
    })
}
