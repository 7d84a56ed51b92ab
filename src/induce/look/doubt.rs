//! Whether a page is for its list at all: an article has lists, too, of what is related, popular and recent.

use super::links::Links;
use super::rows::Row;
use super::score::Signs;
use super::sheet::Sheet;
use crate::extract::dates;
use crate::page::Document;
use crate::profile::shape_of;
use crate::weburl::WebUrl;

/// What speaks for a page's being one article.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::induce) struct Doubts {
    /// How much the page says so itself.
    said: f64,
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
    pub(in crate::induce) fn of(document: &Document, sheet: &Sheet<'_>, links: &Links, rows: &[Row]) -> Self {
        let shape = shape_of(document.url());
        let alike = rows.iter().filter_map(|row| links.row(row)).filter(|(_, _, target)| target.shape == shape).count();
        let longest = (0..sheet.len()).map(|at| sheet.spot(at).prose).max().unwrap_or_default();
        Self {
            said: said(document, &shape),
            siblings: alike as f64 / rows.len().max(1) as f64,
            prose: (1.0 + longest as f64).ln(),
        }
    }

    /// How much more a page looks like a list than like an article. Fitted to the corpora of listings and of articles, as the
    /// logarithm of the odds if there were as many of the ones as of the others; it holds on pages that were left out.
    fn odds(&self, signs: &Signs) -> f64 {
        0.9 + 0.52 * signs.worth() - 0.9 * self.prose - 3.75 * self.siblings - self.said
    }

    /// How sure it is that the page is for the list with these signs, of 100; `None`: it is not.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 100")]
    pub(in crate::induce) fn confidence(&self, signs: &Signs) -> Option<u8> {
        let odds = self.odds(signs);
        (odds > ENOUGH).then(|| (100.0 / (1.0 + (-odds).exp())).round().clamp(1.0, 99.0) as u8)
    }

    /// Whether the page looks like an article, and not just like no list.
    pub(in crate::induce) fn is_article(&self) -> bool {
        self.said > 0.0
    }
}

/// Whether a page says that it is an article, whatever lists it has, or leads to others that have its own address's shape.
pub(in crate::induce) fn is_said_to_be_article(document: &Document, links: &[WebUrl]) -> bool {
    let shape = shape_of(document.url());
    let alike = links.iter().filter(|link| shape_of(link) == shape).count();
    said(document, &shape) > LITTLE || alike * 2 > links.len()
}

/// An address that could be an article's says no more than this.
const LITTLE: f64 = 2.0;

/// How much a page says that it is an article: by its address, and by what it tells machines.
fn said(document: &Document, shape: &str) -> f64 {
    let path = shape.split('?').next().unwrap_or_default();
    let is_article = |kind: &String| kind.to_ascii_lowercase().contains("article");
    let signs = [
        (dates::in_link(document.url()).is_some(), 4.1),
        (!document.meta("article:published_time").is_empty(), 3.3),
        (!document.things().of_article("headline", false).is_empty(), 2.9),
        (path.rsplit('/').next().is_some_and(|last| last.starts_with('*')), 1.9),
        (document.meta("og:type").iter().any(is_article), 1.05),
    ];
    signs.iter().filter(|(is_so, _)| *is_so).map(|(_, weight)| weight).sum()
}
