//! A first look at a page: what it is, and what it says of its site.

use crate::config::Site;
use crate::drift::Drift;
use crate::extract;
use crate::induce::{self, NoList, Proposal};
use crate::item::Date;
use crate::page::{self, Announced, Document, NotAPage, Wall};
use crate::rule::Form;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// What a page is.
pub(super) enum Ground {
    /// A page, or a JSON document, with its list.
    List(Form, Box<Proposal>),
    /// A feed or a sitemap.
    Told(Form),
    /// An index of sitemaps: the newest of them.
    Index(WebUrl),
    /// A page without a list.
    Nothing(NoList),
    /// What stands before the site.
    Wall(Drift),
    /// No page at all.
    Unreadable(NotAPage),
}

/// What was seen.
pub(super) struct Look {
    pub(super) ground: Ground,
    pub(super) voice: Voice,
    /// The feeds that it names.
    pub(super) feeds: Vec<Announced>,
}

/// What a page says of the site's name, language and clock.
#[derive(Default)]
pub(super) struct Voice {
    /// What it is called.
    pub(super) title: Option<String>,
    /// The language that it says it is in.
    pub(super) language: Option<String>,
    /// The one that its text looks like.
    pub(super) spoken: Option<&'static str>,
    /// Moments with their offsets.
    pub(super) moments: Vec<Date>,
}

impl Voice {
    pub(super) fn of(document: &Document) -> Self {
        let title = extract::page_title(document).map(String::from);
        Self { title, language: document.language(), spoken: document.spoken(), moments: document.moments() }
    }
}

/// Looks at the page that was asked for at `asked`.
pub(super) fn look(site: &Site, page: &Page, asked: &WebUrl) -> Look {
    let nothing = |ground| Look { ground, voice: Voice::default(), feeds: Vec::new() };
    let mut document = match Document::read_listing(page, &site.rule) {
        Ok(document) => document,
        Err(why) => {
            let wall = page::wall(page, None, asked);
            return nothing(wall.map_or(Ground::Unreadable(why), |wall| Ground::Wall(wall.what)));
        }
    };
    if let Some(told) = document.told().filter(|told| told.is_a_feed()) {
        let is_index = told.tree.value.get("items").and_then(serde_json::Value::as_array).is_none_or(Vec::is_empty);
        return nothing(match told.next.first() {
            Some(newest) if is_index => Ground::Index(newest.clone()),
            _ => Ground::Told(told.form),
        });
    }
    let wall = page::wall(page, Some(&document), asked);
    if let Some(wall) = wall.as_ref().filter(|wall| wall.is_sure) {
        return nothing(Ground::Wall(wall.what.clone()));
    }
    let form = document.told().map_or(Form::Html, |told| told.form);
    let (voice, feeds) = (Voice::of(&document), document.feeds());
    let ground = match (induce::listing(&mut document), wall) {
        (Ok(proposal), _) => Ground::List(form, Box::new(proposal)),
        (Err(_), Some(wall)) => Ground::Wall(wall.what),
        (Err(_), None) if let Some(wall) = in_its_own_right(page, &document) => Ground::Wall(wall.what),
        (Err(_), None) if is_article(&document) => Ground::Nothing(NoList::Article),
        (Err(why), None) => Ground::Nothing(why),
    };
    Look { ground, voice, feeds }
}

/// What a page is that was asked for as what it is, a log-in say: seen from the site's front page, it stands before the site.
fn in_its_own_right(page: &Page, document: &Document) -> Option<Wall> {
    page::wall(page, Some(document), &page.url.join("/").ok()?)
}

/// Whether a page that has no list says that it is one article.
fn is_article(document: &Document) -> bool {
    let is_marked = document.meta("og:type").iter().any(|kind| kind.eq_ignore_ascii_case("article"));
    let is_published = !document.meta("article:published_time").is_empty();
    is_marked || is_published || !document.things().of_article("headline", false).is_empty()
}
