//! The feeds that a site has already: whether they answer, and whether they list what the page does.

use std::collections::HashSet;

use super::asked::Asker;
use crate::clock::{Clock as _, SystemClock};
use crate::cmd::saved::{self, Seen};
use crate::config::Site;
use crate::item::Item;
use crate::limits;
use crate::page::Announced;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// Articles that a feed and a list have in common at least, if both have so many.
const COMMON: usize = 3;

/// A feed that answers.
pub(super) struct Feed {
    pub(super) url: WebUrl,
    /// What it calls itself.
    pub(super) title: Option<String>,
    pub(super) items: Vec<Item>,
    /// How many of the page's articles it lists.
    pub(super) common: usize,
    pub(super) page: Page,
}

impl Feed {
    /// Whether it is a feed of what the page lists. A feed of everything lists what a section does only for a while.
    pub(super) fn is_of(&self, items: &[Item]) -> bool {
        self.common >= COMMON.min(items.len()).min(self.items.len()).max(1)
            && self.common * 3 >= items.len().min(self.items.len())
    }
}

/// Those of the announced feeds that answer with items, the one that has most of the page's articles first; and what is
/// wrong with the others. `site` reads feeds.
pub(super) async fn known(
    asker: &Asker<'_>,
    site: &Site,
    announced: &[Announced],
    items: &[Item],
) -> (Vec<Feed>, Vec<String>) {
    let (mut feeds, mut troubles) = (Vec::new(), Vec::new());
    for Announced { url, .. } in announced.iter().take(limits::FEEDS_TRIED) {
        match asker.page(url).await {
            Ok(page) => match feed(site, page, items) {
                Some(feed) => feeds.push(feed),
                None => troubles.push(format!("{url} is named as a feed and is none, or has no items")),
            },
            Err(error) => troubles.push(format!("{url} is named as a feed, but cannot be fetched: {error}")),
        }
    }
    feeds.sort_by_key(|feed| std::cmp::Reverse(feed.common));
    (feeds, troubles)
}

fn feed(site: &Site, page: Page, known: &[Item]) -> Option<Feed> {
    let Seen { title, items, .. } = saved::seen(site, &page, false, SystemClock.now(), false);
    if items.is_empty() {
        return None;
    }
    // Feeds often lead through a counter of clicks: then titles tell.
    let links: HashSet<String> = items.iter().filter_map(link).collect();
    let titles: HashSet<&str> = items.iter().map(Item::title).collect();
    let is_listed =
        |item: &&Item| link(item).is_some_and(|link| links.contains(&link)) || titles.contains(item.title());
    let common = known.iter().filter(is_listed).count();
    Some(Feed { url: page.url.clone(), title, items, common, page })
}

fn link(item: &Item) -> Option<String> {
    item.fields.link.as_ref().map(WebUrl::essence)
}
