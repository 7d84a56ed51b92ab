//! What the links to known items look like.

use std::collections::HashSet;

use crate::profile::{outline, shape_of};
use crate::weburl::WebUrl;

/// The shapes of links, with their words and without; `None`: they are so different that they tell nothing of another.
pub(in crate::induce) struct Shapes(Option<HashSet<String>>);

impl Shapes {
    pub(in crate::induce) fn of(links: impl Iterator<Item = WebUrl>) -> Self {
        let (mut count, mut shapes, mut kinds) = (0, HashSet::new(), HashSet::new());
        for shape in links.map(|link| shape_of(&link)) {
            count += 1;
            kinds.insert(outline(&shape).unwrap_or_else(|| shape.clone()));
            shapes.insert(shape);
        }
        Self((kinds.len() * 4 <= count).then(|| shapes.into_iter().chain(kinds).collect()))
    }

    /// Whether a link may be that of another item.
    pub(in crate::induce) fn has(&self, link: &WebUrl) -> bool {
        let Some(known) = &self.0 else { return true };
        let shape = shape_of(link);
        known.contains(&shape) || outline(&shape).is_some_and(|outline| known.contains(&outline))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the links that are known tell that another is like them.
    fn has(known: &[&str], other: &str) -> bool {
        let home = WebUrl::parse("https://mill.example/").unwrap();
        Shapes::of(known.iter().map(|link| home.join(link).unwrap())).has(&home.join(other).unwrap())
    }

    #[test]
    fn links_are_alike_by_their_shape_if_they_have_one() {
        let posts: Vec<String> = (1..9).map(|n| format!("/2026/03/goose-counts-{n}-sacks")).collect();
        let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
        assert!(has(&posts, "/2026/04/miller-goes-down-to-the-river"));
        assert!(!has(&posts, "/signup?plan=gold"));
        assert!(has(&["/one-two-three", "https://other.example/a/b"], "/signup"), "too few to tell");
    }
}
