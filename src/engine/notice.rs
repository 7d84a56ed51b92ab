//! The one item by which a feed says that its site is in trouble, where the operator asks for that.
//!
//! It is made of the alarm as it was raised, and so it stays the same to the byte until the trouble is over. It is no item
//! of the site: the archive never sees it, and a merged feed does not show it.

use crate::archive::SiteState;
use crate::config::Site;
use crate::edition::Feed;
use crate::health::Alarmed;
use crate::item::{Fields, Item};
use crate::text::{Html, Text, escape};

/// The notice that the feed of `site` is to show, if it is to show one: what it stands for.
fn of<'a>(site: &Site, state: &'a SiteState) -> Option<&'a Alarmed> {
    state.episode.as_ref().filter(|_| site.notice)?.alarm.as_ref()
}

/// What tells this notice from others: as long as it is the same, so is the feed.
pub(super) fn mark(site: &Site, state: &SiteState) -> Option<String> {
    of(site, state).map(|alarm| alarm.at.timestamp_micros().to_string())
}

/// Puts the notice among the items, where its date belongs.
pub(super) fn add(feed: &mut Feed, site: &Site, state: &SiteState) {
    let (Some(alarm), Some(episode)) = (of(site, state), &state.episode) else { return };
    let since = episode.since;
    let host = site.url.host().trim_matches(['[', ']']).replace(':', ".");
    let content = format!(
        "<p>This feed may be out of date: since {} its site could not be read as it should.</p><p>{}.</p><p>What its \
         operator can do: {}.</p><p>This notice goes away when all is well again.</p>",
        day(since),
        escape(alarm.why.trim_end_matches('.')),
        escape(alarm.advice.trim_end_matches('.')),
    );
    let item = Item {
        id: format!("tag:{host},{}:{}/feedmill-notice/{}", since.format("%Y-%m-%d"), site.name, since.timestamp()),
        id_is_link: false,
        published: alarm.at.fixed_offset(),
        updated: alarm.at.fixed_offset(),
        fields: Fields {
            link: Some(site.url.clone()),
            title: Text::new(&format!("Feedmill: {} is in trouble", feed.title)),
            author: Text::new("Feedmill").into_iter().collect(),
            content: Some(Html::from_clean(content)),
            ..Fields::default()
        },
    };
    let place = feed.items.iter().position(|other| other.published <= item.published).unwrap_or(feed.items.len());
    feed.items.insert(place, item);
}

fn day(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}
