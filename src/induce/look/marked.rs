//! What a page marks as posts, for machines: microformats, and microdata in schema.org's words.

use std::collections::HashSet;

use super::sheet::Sheet;
use crate::page::Element;

/// For each element of a page the post around it, or that it is.
pub(in crate::induce) struct Marked(Vec<Option<usize>>);

impl Marked {
    pub(in crate::induce) fn of(sheet: &Sheet<'_>) -> Self {
        let mut posts: Vec<Option<usize>> = Vec::with_capacity(sheet.len());
        for at in 0..sheet.len() {
            let spot = sheet.spot(at);
            let around = posts.get(spot.parent).copied().flatten();
            posts.push(if is_post(spot.element) { Some(at) } else { around });
        }
        Self(posts)
    }

    /// In how many different posts the elements at these places stand.
    pub(in crate::induce) fn count(&self, places: impl Iterator<Item = usize>) -> usize {
        places.filter_map(|at| self.0.get(at).copied().flatten()).collect::<HashSet<_>>().len()
    }
}

fn is_post(element: Element<'_>) -> bool {
    let is_class = |class: &str| matches!(class, "h-entry" | "hentry" | "h-event" | "h-review" | "h-recipe");
    let is_property = |name: &str| matches!(name, "blogPost" | "blogPosts");
    element.value().classes().any(is_class)
        || element.attr("itemprop").is_some_and(|names| names.split_ascii_whitespace().any(is_property))
        || element.attr("itemtype").is_some_and(|kinds| kinds.split_ascii_whitespace().any(is_kind_of_post))
}

fn is_kind_of_post(kind: &str) -> bool {
    let kind = kind.rsplit(['/', '#']).next().unwrap_or_default();
    ["Article", "Posting", "Event", "Recipe", "Episode", "Report"].iter().any(|end| kind.ends_with(end))
}
