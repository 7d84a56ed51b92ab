//! Putting the parts together: configuration, archive, network, engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::stop::Stop;
use super::{Common, voice};
use crate::archive::{Archive, SqliteArchive};
use crate::clock::SystemClock;
use crate::config::{self, Named, Plan, Site};
use crate::engine::{ArchivedHosts, Engine, Parts};
use crate::fetch::Fetcher;

/// Finds and reads the configuration.
pub(super) fn plan(common: &Common) -> Result<Arc<Plan>, Stop> {
    Ok(Arc::new(config::load(&place(common)?)?))
}

/// Where the configuration is.
pub(super) fn place(common: &Common) -> Result<PathBuf, Stop> {
    Ok(config::find(common.config.as_deref(), Path::new("."), |name| std::env::var_os(name))?)
}

/// The archive that whoever starts Feedmill names, which counts more than what the configuration says.
pub(super) fn named_archive(common: &Common) -> Option<PathBuf> {
    let named = || std::env::var_os("FEEDMILL_ARCHIVE").filter(|path| !path.is_empty()).map(PathBuf::from);
    common.archive.clone().or_else(named)
}

/// Where the archive lies that the command line, the configuration or the system's customs name, and what messages call
/// it.
pub(super) fn archive_place(common: &Common, plan: &Plan) -> Result<(PathBuf, String), Stop> {
    let path = match (named_archive(common), &plan.archive) {
        (Some(path), _) => path,
        (None, Some(place)) => {
            let path = PathBuf::from(place.expose().strip_prefix("sqlite:").unwrap_or(place.expose()));
            let called = place.reference().map_or_else(|| path.display().to_string(), str::to_owned);
            return Ok((path, called));
        }
        (None, None) => usual_archive(std::env::var_os("XDG_DATA_HOME"), std::env::var_os("HOME"))?,
    };
    let called = path.display().to_string();
    Ok((path, called))
}

/// The archive itself; made if there is none, which is said: who had one should know that it is not there.
pub(super) fn archive(common: &Common, plan: &Plan) -> Result<Arc<dyn Archive>, Stop> {
    let (path, called) = archive_place(common, plan)?;
    let archive = SqliteArchive::open_called(&path, &called)?;
    if archive.is_new() && !common.quiet {
        voice::tell(&format!(
            "feedmill: there was no archive at {}: this is a new one, with nothing in it",
            archive.place()
        ));
    }
    Ok(Arc::new(archive))
}

/// The archive, if there is one.
pub(super) fn archive_that_is_there(common: &Common, plan: &Plan) -> Result<Option<Arc<dyn Archive>>, Stop> {
    let (path, called) = archive_place(common, plan)?;
    Ok(SqliteArchive::open_if_there(&path, &called)?.map(|archive| Arc::new(archive) as Arc<dyn Archive>))
}

/// The door to the network, with what `archive` remembers of hosts.
fn fetcher(archive: &Arc<dyn Archive>) -> Result<Fetcher, Stop> {
    let clock = Arc::new(SystemClock);
    Ok(Fetcher::system()?.remembering(Arc::new(ArchivedHosts::new(Arc::clone(archive), clock))))
}

/// An engine for one round, which somebody or a timer asked for: it asks also those hosts again that have just failed.
pub(super) fn engine_of_one_round(plan: Arc<Plan>, archive: Arc<dyn Archive>) -> Result<Arc<Engine>, Stop> {
    let fetcher = Arc::new(fetcher(&archive)?.asking_anew());
    Ok(Engine::new(Parts { plan, fetcher, archive, clock: Arc::new(SystemClock), explain: false }))
}

/// An engine that works on `archive`.
pub(super) fn engine(plan: Arc<Plan>, archive: Arc<dyn Archive>, explain: bool) -> Result<Arc<Engine>, Stop> {
    let fetcher = Arc::new(fetcher(&archive)?);
    Ok(Engine::new(Parts { plan, fetcher, archive, clock: Arc::new(SystemClock), explain }))
}

/// An engine that keeps nothing, and tells nobody.
pub(super) fn forgetful_engine(plan: &Plan, explain: bool) -> Result<Arc<Engine>, Stop> {
    let plan = Arc::new(Plan { alarm: Arc::default(), ..plan.clone() });
    engine(plan, Arc::new(SqliteArchive::in_memory()?), explain)
}

/// The names of the feeds to work on: the named ones, or all that the configuration lists.
pub(super) fn chosen(plan: &Plan, names: &[String]) -> Result<Vec<String>, Stop> {
    if names.is_empty() {
        return Ok(plan.sites.keys().chain(plan.merged.keys()).cloned().collect());
    }
    let mut chosen: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let name = feed(plan, name)?;
        if !chosen.contains(&name) {
            chosen.push(name);
        }
    }
    Ok(chosen)
}

/// The name of a feed in its one spelling.
pub(super) fn feed(plan: &Plan, name: &str) -> Result<String, Stop> {
    match plan.named(name) {
        Some(Named::Site(site)) => Ok(site.name.clone()),
        Some(Named::Merged(merged)) => Ok(merged.name.clone()),
        Some(Named::Form { why, form }) => Err(Stop::Usage(format!("{why}; write {form}"))),
        None => Err(unknown(plan, name)),
    }
}

/// The site whose rule reads saved pages; of a site with parameters, its table will do.
pub(super) fn site(plan: &Plan, name: &str) -> Result<Arc<Site>, Stop> {
    match plan.named(name) {
        Some(Named::Site(site)) => Ok(site),
        Some(Named::Merged(merged)) => Err(Stop::Usage(format!(
            "`{name}` is made of several sites, which have the rules: {}",
            merged.members.join(", ")
        ))),
        Some(Named::Form { why, form }) => match plan.families.get(name) {
            Some(family) => Ok(Arc::new(family.site.clone())),
            None => Err(Stop::Usage(format!("{why}; write {form}"))),
        },
        None => Err(unknown(plan, name)),
    }
}

fn unknown(plan: &Plan, name: &str) -> Stop {
    let forms = plan.families.values().map(|family| family.form());
    let known = plan.sites.keys().chain(plan.merged.keys()).cloned().chain(forms).collect::<Vec<_>>().join(", ");
    Stop::Usage(format!("no site is called `{name}`; the configuration has: {known}"))
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
