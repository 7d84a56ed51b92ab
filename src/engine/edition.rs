//! What is served: a feed with its items from the archive, rendered once for each format.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::places::Place;
use super::shelf::Current;
use super::source::Source;
use super::status::SiteStatus;
use super::{Engine, Overview, notice, title};
use crate::archive::{ArchiveError, SiteState};
use crate::config::Site;
use crate::edition::{Feed, Format, Rendering};
use crate::health::Health;
use crate::weburl::WebUrl;

impl Engine {
    /// Every feed, as the index page shows it, by name. Reads the archive; never fetches.
    pub async fn overview(&self) -> Result<Vec<Overview>, ArchiveError> {
        let plan = self.plan();
        let mut all = Vec::with_capacity(plan.sites.len() + plan.merged.len() + plan.families.len());
        for status in self.survey(&plan).await? {
            if let Some(site) = plan.sites.get(&status.name) {
                all.push(self.overview_of(site, status).await?);
            } else if let Ok(Place { source: Source::Merged(blend), shelf }) = self.place(&status.name) {
                all.push(self.overview_of_merged(&blend, &shelf, status).await?);
            }
        }
        all.extend(plan.families.values().map(|family| Overview {
            name: family.form(),
            title: family.site.title.clone().unwrap_or_else(|| family.site.name.clone()),
            description: family.site.description.clone(),
            home: family.site.url.clone(),
            health: None,
            trouble: None,
            advice: None,
            due: None,
            changed: None,
            items: 0,
            is_form: true,
        }));
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    async fn overview_of(&self, site: &Arc<Site>, status: SiteStatus) -> Result<Overview, ArchiveError> {
        let items = match self.place(&site.name) {
            // How many a filter lets through only the items themselves tell; it is looked up once an edition.
            Ok(Place { shelf, .. }) if !site.filter.is_empty() && status.items > 0 => {
                let current = self.current(site, &shelf).await?;
                let count = async || {
                    let shown = self.parts.archive.newest(&site.name, site.show, &site.filter).await?;
                    Ok::<_, ArchiveError>(shown.len())
                };
                *current.count().get_or_try_init(count).await?
            }
            _ => status.items,
        };
        Ok(overview(status, site.description.clone(), items))
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
                let mut feed = Feed { items, ..bare(site, state, address) };
                notice::add(&mut feed, site, state);
                feed
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

/// A feed as the index shows it.
pub(super) fn overview(status: SiteStatus, description: Option<String>, items: usize) -> Overview {
    let health = Health::ALL.into_iter().find(|health| health.name() == status.health);
    let (trouble, advice) = status.trouble.map(|trouble| (trouble.why, trouble.advice)).unzip();
    Overview {
        name: status.name,
        title: status.title,
        description,
        home: status.url,
        health,
        trouble,
        advice: advice.flatten(),
        due: status.due.filter(|_| !status.asleep),
        changed: status.changed,
        items,
        is_form: false,
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
