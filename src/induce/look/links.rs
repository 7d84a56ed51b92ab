//! The links of a page that may lead to articles.

use std::collections::{HashMap, HashSet};

use super::rows::Row;
use super::sheet::{Sheet, measure};
use crate::limits;
use crate::page::{Document, line_text};
use crate::profile::shape_of;
use crate::weburl::WebUrl;

/// A link.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Link {
    /// The place of its element.
    pub(in crate::induce) at: usize,
    /// Where it leads: the same number, the same page.
    pub(in crate::induce) target: usize,
    /// What its text says, as a line, and how much that is.
    pub(in crate::induce) text: String,
    pub(in crate::induce) measure: usize,
    /// The place of the heading that it is in, or that is in it, and that heading's level.
    pub(in crate::induce) heading: Option<(usize, usize)>,
}

/// The links, in order, and what is known of where they lead.
#[derive(Default)]
pub(in crate::induce) struct Links {
    pub(in crate::induce) all: Vec<Link>,
    pub(in crate::induce) targets: Vec<Target>,
    /// Those whose links say as much as a title, in no part beside the page's subject.
    pub(in crate::induce) titled: HashSet<usize>,
}

/// Letters of a link from which on it may be a title.
const TITLE: usize = 15;

/// A page that links lead to.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Target {
    pub(in crate::induce) shape: String,
    /// Whether its address looks like that of one article, not of a section.
    pub(in crate::induce) is_single: bool,
    /// Whether it is on the page's own host.
    pub(in crate::induce) is_own: bool,
}

impl Links {
    pub(in crate::induce) fn of(document: &Document, sheet: &Sheet<'_>) -> Self {
        let mut links = Self::default();
        let mut known: HashMap<String, usize> = HashMap::new();
        let page = document.url().essence();
        let mut headings: Vec<(usize, usize)> = Vec::new();
        for at in 0..sheet.len() {
            let spot = sheet.spot(at);
            while headings.last().is_some_and(|(heading, _)| sheet.spot(*heading).end <= at) {
                headings.pop();
            }
            headings.extend(spot.heading().map(|level| (at, level)));
            if spot.name() != "a" || links.all.len() >= limits::LINKS {
                continue;
            }
            let Some(url) = spot.element.attr("href").and_then(|href| leads_to(document, href)) else { continue };
            let essence = url.essence();
            if essence == page {
                continue;
            }
            let next = known.len();
            let target = *known.entry(essence).or_insert(next);
            if target == next {
                links.targets.push(Target::of(&url, document));
            }
            let is_short = spot.amount().text <= limits::LINK_TEXT && sheet.within(at).len() <= limits::ROW_ELEMENTS;
            let mut text = if is_short { line_text(spot.element) } else { String::new() };
            if spot.amount().text == 0 {
                let stated = ["aria-label", "title"].iter().find_map(|name| spot.element.attr(name));
                stated.unwrap_or_default().clone_into(&mut text);
            }
            let inner = sheet
                .within(at)
                .take(limits::ROW_ELEMENTS)
                .find_map(|inner| Some((inner, sheet.spot(inner).heading()?)));
            let heading = headings.last().copied().or(inner);
            let measure = measure(&text).max(spot.amount().text);
            if measure >= TITLE && !spot.zone.is_beside() {
                links.titled.insert(target);
            }
            links.all.push(Link { at, target, text, measure, heading });
        }
        links
    }

    /// Whether the element at `at` is a link that leads where `other` does.
    pub(in crate::induce) fn leads_alike(&self, at: usize, other: &Link) -> bool {
        self.at(at).is_some_and(|link| link.target == other.target)
    }

    /// The link whose element is at `at`.
    fn at(&self, at: usize) -> Option<&Link> {
        self.all.binary_search_by_key(&at, |link| link.at).ok().and_then(|number| self.all.get(number))
    }

    /// A row with its link and where that leads.
    pub(in crate::induce) fn row<'r>(&self, row: &'r Row) -> Option<(&'r Row, &Link, &Target)> {
        let link = self.all.get(row.link)?;
        Some((row, link, self.targets.get(link.target)?))
    }
}

/// Where an address leads, if that can be a page: not into this one, and not to a form for sharing it.
fn leads_to(document: &Document, href: &str) -> Option<WebUrl> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') && !href.starts_with("#!/") {
        return None;
    }
    let url = document.base().join(href).ok()?;
    let is_form = ["/sharer", "/intent/", "/share", "/submit", "/pin/create"]
        .iter()
        .any(|form| url.as_url().path().starts_with(form));
    (!is_form).then_some(url)
}

impl Target {
    pub(in crate::induce) fn of(url: &WebUrl, document: &Document) -> Self {
        let shape = shape_of(url);
        let is_own = url.host().trim_start_matches("www.") == document.base().host().trim_start_matches("www.");
        let (path, query) = shape.split_once('?').map_or((shape.as_str(), None), |(path, query)| (path, Some(query)));
        let last = path.split('/').skip(1).last().unwrap_or_default();
        let (stem, extension) = last.split_once('.').map_or((last, None), |(stem, extension)| (stem, Some(extension)));
        let is_single = matches!(stem, "*" | "#" | "%") || extension.is_some() || query.is_some();
        Self { shape, is_single, is_own }
    }
}
