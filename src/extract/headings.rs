//! The headings of a page's content: what readers see an article being called.

use std::sync::LazyLock;

use super::site_name::SiteNames;
use crate::limits;
use crate::page::{Document, Element, line_text};
use crate::rule::Css;

/// From a heading upwards, elements that may be its crumb: the list, the item, the link, and itself.
const CRUMB_LEVELS: usize = 4;

/// The first headings of a page that may be headlines, in the order of the page. None of them is the site's name.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// Whether the page has headings of the first rank.
    pub(super) are_first: bool,
    /// Those of the best rank that the page has: `<h1>`, or else `<h2>` and `<h3>`.
    pub(super) best: Vec<String>,
    /// Those of other ranks, where there is a better one.
    pub(super) other: Vec<String>,
}

impl Headings {
    /// The headings of a page, but for the names in `site`.
    pub(super) fn of(document: &Document, site: &SiteNames) -> Self {
        static ALL: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("h1, h2, h3").ok());
        let (mut first, mut other) = (Rank::default(), Rank::default());
        for heading in ALL.as_ref().into_iter().flat_map(|css| document.select(css)) {
            if heading.value().name() == "h1" { first.see(heading) } else { other.see(heading) }
        }
        let are_first = !first.texts.is_empty();
        for rank in [&mut first, &mut other] {
            rank.texts.retain(|heading| !site.has(heading));
            for heading in &mut rank.texts {
                if let Some(cut) = site.cut(heading) {
                    *heading = cut.to_owned();
                }
            }
        }
        let (best, other) = if are_first { (first.texts, other.texts) } else { (other.texts, Vec::new()) };
        Self { are_first, best, other }
    }
}

/// The headings of one rank, as far as they are looked at.
#[derive(Debug, Default)]
struct Rank {
    seen: usize,
    texts: Vec<String>,
}

impl Rank {
    fn see(&mut self, heading: Element<'_>) {
        self.seen += 1;
        if self.seen > limits::HEADINGS || !is_of_content(heading) {
            return;
        }
        let text = line_text(heading);
        if !text.is_empty() && text.len() <= limits::HEADING_BYTES {
            self.texts.push(text);
        }
    }
}

/// Whether an element belongs to what the page is about, not to what stands around it, nor to the way to it: crumbs
/// name a page for search engines, at times in a heading.
fn is_of_content(element: Element<'_>) -> bool {
    let way = || std::iter::once(element).chain(element.ancestors().filter_map(Element::wrap));
    // A box that is named so holds more than crumbs.
    let mut crumbs = way()
        .take(CRUMB_LEVELS)
        .filter(|at| *at == element || matches!(at.value().name(), "a" | "span" | "li" | "ul" | "ol"));
    !crumbs.any(|at| at.value().classes().any(names_crumb))
        && !way().any(|at| matches!(at.value().name(), "nav" | "aside" | "footer"))
}

fn names_crumb(class: &str) -> bool {
    const CRUMB: &[u8] = b"breadcrumb";
    class.as_bytes().windows(CRUMB.len()).any(|part| part.eq_ignore_ascii_case(CRUMB))
}
