//! The page that lists every feed: the same for a server and for a folder of files.

use askama::Template;
use chrono::{DateTime, Utc};

use super::page::{FEEDS, STYLE, html, page_policy};
use super::valid;
use crate::edition::Format;
use crate::health::Health;
use crate::weburl::WebUrl;

/// A feed as the index and the list of subscriptions show it.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexEntry {
    /// The site's name.
    pub name: String,
    /// The feed's title.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// The page that it is made from.
    pub home: WebUrl,
    /// How it is doing; `None`: never refreshed.
    pub health: Option<Health>,
    /// What is wrong with it.
    pub trouble: Option<String>,
    /// What to do about that.
    pub advice: Option<String>,
    /// When the next refresh is due, where that is of interest: not in files.
    pub due: Option<DateTime<Utc>>,
    /// When an item was last added or changed.
    pub changed: Option<DateTime<Utc>>,
    /// Items in the feed.
    pub items: usize,
    /// Whether this is no feed, but the form of the addresses of many: `address` has places for values in it.
    pub is_form: bool,
    /// Where the feed's formats live, up to the extension: absolute for [`super::opml`], else relative to the
    /// page (`ferris`, `feeds/ferris`).
    pub address: String,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Page<'a> {
    feeds: &'a [IndexEntry],
    count: usize,
    has_opml: bool,
    policy: &'static str,
    style: &'static str,
}

/// The page for `entries`, in their order. It links to `feeds.opml` beside it, if there is one.
pub fn index(entries: &[IndexEntry], has_opml: bool) -> String {
    let page = Page {
        feeds: entries,
        count: entries.iter().filter(|entry| !entry.is_form).count(),
        has_opml,
        policy: page_policy(),
        style: STYLE,
    };
    html(&page)
}

impl IndexEntry {
    /// Where the feed lives in one format.
    pub fn address_of(&self, format: Format) -> String {
        format!("{}.{}", self.address, format.extension())
    }

    fn feeds(&self) -> [(String, &'static str); 3] {
        FEEDS.map(|format| (self.address_of(format), format.name()))
    }

    fn title(&self) -> String {
        valid::line(&self.title, &self.name)
    }

    fn description(&self) -> Option<String> {
        self.description.as_deref().map(|text| valid::line(text, &self.name))
    }

    fn home(&self) -> String {
        valid::uri(&self.home)
    }

    fn state(&self) -> &'static str {
        self.health.map_or("new", Health::name)
    }

    fn changed(&self) -> Option<String> {
        self.changed.map(|moment| valid::rfc3339(valid::utc(moment)))
    }

    fn changed_shown(&self) -> String {
        shown(self.changed)
    }

    fn due(&self) -> Option<String> {
        self.due.map(|moment| valid::rfc3339(valid::utc(moment)))
    }

    fn due_shown(&self) -> String {
        shown(self.due)
    }
}

fn shown(moment: Option<DateTime<Utc>>) -> String {
    moment.map(|moment| moment.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}
