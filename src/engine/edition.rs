//! What is served: a feed with its items from the archive, rendered once for each format.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::places::Place;
use super::shelf::Current;
use super::source::Source;
use super::{Engine, Overview, title};
use crate::archive::{ArchiveError, SiteState};
use crate::config::Site;
use crate::edition::{Feed, Format, Rendering};
use crate::outcome::Outcome;
use crate::weburl::WebUrl;

impl Engine {
    /// Every feed, as the index page shows it, by name. Reads the archive; never fetches.
    pub async fn overview(&self) -> Result<Vec<Overview>, ArchiveError> {
        let plan = self.plan();
        let mut all = Vec::with_capacity(plan.sites.len() + plan.merged.len() + plan.families.len());
        for name in plan.sites.keys().chain(plan.merged.keys()) {
            match self.place(name) {
                Ok(Place { source: Source::Site(site), shelf }) => {
                    let current = self.current(&site, &shelf).await?;
                    all.push(self.overview_of(&site, &current).await?);
                }
                Ok(Place { source: Source::Merged(blend), shelf }) => {
                    all.push(self.overview_of_merged(&blend, &shelf).await?);
                }
                Err(_) => {}
            }
        }
        all.extend(plan.families.values().map(|family| Overview {
            name: family.form(),
            title: family.site.title.clone().unwrap_or_else(|| family.site.name.clone()),
            description: family.site.description.clone(),
            home: family.site.url.clone(),
            health: None,
            outcome: None,
            tried: None,
            changed: None,
            items: 0,
            is_form: true,
        }));
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    async fn overview_of(&self, site: &Arc<Site>, current: &Current) -> Result<Overview, ArchiveError> {
        let state = &current.state;
        let archive = &self.parts.archive;
        let count = async || {
            if site.filter.is_empty() {
                return Ok(archive.count(&site.name).await?.min(site.show));
            }
            Ok(archive.newest(&site.name, site.show, &site.filter).await?.len())
        };
        Ok(Overview {
            name: site.name.clone(),
            title: title(site, state),
            description: site.description.clone(),
            home: site.url.clone(),
            health: state.outcome.as_ref().map(|outcome: &Outcome| outcome.health(state.succeeded.is_some())),
            outcome: state.outcome.clone(),
            tried: state.tried,
            changed: state.changed,
            items: *current.count().get_or_try_init(count).await?,
            is_form: false,
        })
    }

    /// The feed in one format; rendered when somebody asks for it for the first time.
    pub(super) async fn rendering(&self, current: &Current, format: Format) -> Result<Arc<Rendering>, ArchiveError> {
        let render = async || {
            let source = &current.source;
            let feed = self.feed_of(source, &current.state, source.show(), current.address.clone()).await?;
            tokio::task::spawn_blocking(move || Arc::new(crate::render::rendering(&feed, format)))
                .await
                .map_err(|panic| ArchiveError::Database(format!("rendering broke off: {panic}")))
        };
        current.rendering(format).get_or_try_init(render).await.cloned()
    }

    /// Where readers find a feed, up to the extension.
    pub(super) fn public_address(&self, name: &str) -> Option<WebUrl> {
        let plan = self.plan();
        let base = plan.server.public_url.as_ref()?;
        WebUrl::parse(&format!("{}/feeds/{name}", base.as_str().trim_end_matches('/'))).ok()
    }

    /// The newest `show` items of a feed, with what it says about itself.
    pub(super) async fn feed_of(
        &self,
        source: &Source,
        state: &SiteState,
        show: usize,
        address: Option<WebUrl>,
    ) -> Result<Feed, ArchiveError> {
        let mut feed = match source {
            Source::Site(site) => {
                let items = self.parts.archive.newest(&site.name, show, &site.filter).await?;
                Feed { items, ..bare(site, state, address) }
            }
            Source::Merged(blend) => {
                let members = self.members_as_archived(blend).await?;
                Feed { address, ..self.merged_feed(&blend.table, &members, show).await? }
            }
        };
        feed.changed = state.changed.or(state.succeeded).unwrap_or_default();
        Ok(feed)
    }
}

/// What a site's feed says about itself, without items.
pub(super) fn bare(site: &Site, state: &SiteState, address: Option<WebUrl>) -> Feed {
    Feed {
        site: site.name.clone(),
        title: title(site, state),
        description: site.description.clone(),
        home: site.url.clone(),
        language: site.language.clone(),
        address,
        query: None,
        ttl_minutes: site.refresh.at_first().as_secs().div_ceil(60).max(1),
        changed: state.changed.or(state.succeeded).unwrap_or_default(),
        items: Vec::new(),
        origins: BTreeMap::new(),
    }
}
