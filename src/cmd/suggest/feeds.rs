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

/// Of ten of its newest items, a feed of the page's list has as many from there: a list may show a little later, or some
/// things that the feed leaves out.
const MOST: usize = 6;

/// A feed that answers.
pub(super) struct Feed {
    pub(super) url: WebUrl,
    /// What it calls itself.
    pub(super) title: Option<String>,
    pub(super) items: Vec<Item>,
    /// How many of the page's articles it lists.
    pub(super) common: usize,
    /// Whether it is a feed of what the page lists, not of that and more: the feed of a whole site has a section's
    /// articles, too, but others between them.
    pub(super) is_of_page: bool,
    pub(super) page: Page,
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
    let is_of_page = common(&items, known) >= COMMON.min(known.len()).min(items.len()).max(1) && {
        let newest = items.get(..known.len().min(items.len())).unwrap_or_default();
        common(known, newest) * 10 >= newest.len() * MOST
    };
    Some(Feed { url: page.url.clone(), title, common: common(&items, known), items, is_of_page, page })
}

/// How many of `some` are among `all`. Feeds often lead through a counter of clicks: then titles tell.
fn common(all: &[Item], some: &[Item]) -> usize {
    let links: HashSet<String> = all.iter().filter_map(link).collect();
    let titles: HashSet<&str> = all.iter().map(Item::title).collect();
    let is_listed =
        |item: &&Item| link(item).is_some_and(|link| links.contains(&link)) || titles.contains(item.title());
    some.iter().filter(is_listed).count()
}

fn link(item: &Item) -> Option<String> {
    item.fields.link.as_ref().map(WebUrl::essence)
}
