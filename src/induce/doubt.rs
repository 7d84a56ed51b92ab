//! Whether a page is for its list at all: an article has lists, too, of what is related, popular and recent.

use super::links::Links;
use super::rows::Row;
use super::score::Signs;
use super::sheet::Sheet;
use crate::extract::dates;
use crate::page::Document;
use crate::profile::shape_of;

/// What speaks for a page's being one article.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Doubts {
    /// It says so: `og:type`.
    is_marked: bool,
    /// It tells when it was published.
    is_published: bool,
    /// The first thing that its JSON-LD describes is an article.
    is_described: bool,
    /// Its address has the words of a title.
    is_titled: bool,
    /// Its address tells a date.
    is_dated: bool,
    /// Rows whose links look like its own address, of one.
    siblings: f64,
    /// The logarithm of the letters of its longest run of prose.
    prose: f64,
}

/// From here on a page is taken for a list. On the corpora of articles one page of twenty is above it, about half of them
/// front pages and forums; of the listings two of a hundred are below.
const ENOUGH: f64 = -0.9;

impl Doubts {
    #[expect(clippy::cast_precision_loss, reason = "a page has fewer rows and letters than a float has digits")]
    pub(super) fn of(document: &Document, sheet: &Sheet<'_>, links: &Links, rows: &[Row]) -> Self {
        let shape = shape_of(document.url());
        let alike = rows.iter().filter_map(|row| links.row(row)).filter(|(_, _, target)| target.shape == shape).count();
        let path = shape.split('?').next().unwrap_or_default();
        let longest = (0..sheet.len()).map(|at| sheet.spot(at).prose).max().unwrap_or_default();
        Self {
            is_marked: document.meta("og:type").iter().any(|kind| kind.to_ascii_lowercase().contains("article")),
            is_published: !document.meta("article:published_time").is_empty(),
            is_described: !document.things().of_article("headline", false).is_empty(),
            is_titled: path.rsplit('/').next().is_some_and(|last| last.starts_with('*')),
            is_dated: dates::in_link(document.url()).is_some(),
            siblings: alike as f64 / rows.len().max(1) as f64,
            prose: (1.0 + longest as f64).ln(),
        }
    }

    /// How much more a page looks like a list than like an article. Fitted to the corpora of listings and of articles, as the
    /// logarithm of the odds if there were as many of the ones as of the others; it holds on pages that were left out.
    fn odds(&self, signs: &Signs) -> f64 {
        let weight = |is_so: bool, weight: f64| if is_so { weight } else { 0.0 };
        1.05 + 0.52 * signs.worth()
            - 0.9 * self.prose
            - 3.75 * self.siblings
            - weight(self.is_dated, 4.1)
            - weight(self.is_published, 3.3)
            - weight(self.is_described, 2.9)
            - weight(self.is_titled, 1.9)
            - weight(self.is_marked, 1.05)
    }

    /// How sure it is that the page is for the list with these signs, of 100; `None`: it is not.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 100")]
    pub(super) fn confidence(&self, signs: &Signs) -> Option<u8> {
        let odds = self.odds(signs);
        (odds > ENOUGH).then(|| (100.0 / (1.0 + (-odds).exp())).round().clamp(1.0, 99.0) as u8)
    }

    /// Whether the page looks like an article, and not just like no list.
    pub(super) const fn is_article(&self) -> bool {
        self.is_marked || self.is_published || self.is_described || self.is_titled || self.is_dated
    }
}
