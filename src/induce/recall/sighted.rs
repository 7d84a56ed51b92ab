//! Where a page leads to known items, and which of those places are boxes that repeat its list.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::known::links;
use crate::induce::Example;
use crate::induce::titles::{Likeness, folded, likeness};
use crate::induce::write::ground::link_of;
use crate::page::{Document, Element, line_within};

/// The known items that a page leads to, by the elements around their links: the numbers of the examples.
pub struct Sighted(Vec<BTreeSet<usize>>);

/// Elements around a link in which its title is looked for.
const AROUND: usize = 4;

/// Bytes of a text in which a title is looked for.
const TEXT: usize = 2_000;

/// The known items on a page. Where lists tell titles, an image that leads to an item without saying which is no list.
pub fn sighted(document: &Document, examples: &[Example]) -> Sighted {
    let links = links(examples);
    let mut kinds: BTreeMap<Vec<&str>, BTreeSet<usize>> = BTreeMap::new();
    let (mut all, mut titled) = (BTreeSet::new(), BTreeSet::new());
    for element in document.root().descendent_elements() {
        if let Some(example) = link_of(document, element).and_then(|link| links.get(&link).copied()) {
            let above = element.ancestors().filter_map(Element::wrap).map(|above| above.value().name());
            kinds.entry(above.collect()).or_default().insert(example);
            all.insert(example);
            let title = examples.get(example).and_then(|example| example.title.as_ref());
            if !titled.contains(&example) && title.is_none_or(|title| is_told(element, title.as_str())) {
                titled.insert(example);
            }
        }
    }
    let mut kinds: Vec<BTreeSet<usize>> = kinds.into_values().collect();
    if titled.len() * 2 > all.len() {
        for kind in &mut kinds {
            kind.retain(|example| titled.contains(example));
        }
    }
    Sighted(kinds)
}

/// Whether a title stands in a link or near it.
fn is_told(link: Element<'_>, title: &str) -> bool {
    let around = std::iter::once(link).chain(link.ancestors().filter_map(Element::wrap)).take(AROUND);
    let wanted = folded(title);
    let mut texts = around.map(|element| line_within(element, TEXT));
    texts.any(|text| likeness(&text, title) != Likeness::None || folded(&text).contains(&wanted))
}

impl Sighted {
    /// The items that a list should have too, which has those that `returned`: the page leads to them, and not just in boxes
    /// that repeat the list, as those of recent posts do. They may have items that the list has no more.
    pub fn missing(&self, returned: &HashSet<usize>) -> BTreeSet<usize> {
        let of_list = |kind: &BTreeSet<usize>| kind.iter().filter(|example| returned.contains(example)).count();
        let list = (0..self.0.len())
            .max_by_key(|at| self.0.get(*at).map(|kind| (of_list(kind), std::cmp::Reverse(kind.len()))));
        let main = list.and_then(|at| self.0.get(at));
        let is_list = |at: usize| list == Some(at);
        let repeats = |kind: &BTreeSet<usize>| {
            let repeated = kind.iter().filter(|example| main.is_some_and(|main| main.contains(example)));
            let repeated = repeated.filter(|example| returned.contains(example)).count();
            repeated > 0 && repeated * 4 >= kind.len()
        };
        let counting = self.0.iter().enumerate().filter(|(at, kind)| is_list(*at) || !repeats(kind));
        counting.flat_map(|(_, kind)| kind).copied().filter(|example| !returned.contains(example)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(kinds: &[&[usize]], returned: &[usize]) -> Vec<usize> {
        let kinds = kinds.iter().map(|kind| kind.iter().copied().collect()).collect();
        Sighted(kinds).missing(&returned.iter().copied().collect()).into_iter().collect()
    }

    #[test]
    fn an_image_that_leads_to_an_item_is_no_list_of_it() {
        let link = |n: usize| format!("https://mill.example/post-{n}");
        let example = |n: usize| Example {
            links: vec![crate::weburl::WebUrl::parse(&link(n)).unwrap()],
            title: crate::text::Text::new(&format!("The goose counts {n} sacks")),
            published: None,
        };
        let examples: Vec<Example> = (0..4).map(example).collect();
        let row = |n: usize| format!("<li><a href='{}'>The goose counts {n} sacks</a></li>", link(n));
        let list: String = (0..3).map(row).collect();
        let missing = |aside: &str| {
            let page = format!("<ul>{list}</ul><p>{aside}</p>");
            let home = crate::weburl::WebUrl::parse("https://mill.example/").unwrap();
            let document = Document::parse(&page, home).unwrap();
            sighted(&document, &examples).missing(&[0, 1, 2].into()).len()
        };
        assert_eq!(missing(&format!("<a href='{}'><img src=a.png></a>", link(3))), 0);
        assert_eq!(missing(&format!("<b>The goose counts 3 sacks</b> <a href='{}'>more</a>", link(3))), 1);
    }

    #[test]
    fn what_stands_only_where_the_list_is_repeated_is_not_missing() {
        assert_eq!(missing(&[&[0, 1, 2, 3]], &[0, 1, 2]), [3], "in the list itself");
        assert_eq!(missing(&[&[0, 1, 2], &[3, 4]], &[0, 1, 2]), [3, 4], "in another part of it");
        assert_eq!(missing(&[&[0, 1, 2], &[1, 2, 3, 4]], &[0, 1, 2]), [0; 0], "in a box of recent ones");
        assert_eq!(missing(&[&[0, 1, 2, 3], &[0, 1, 2, 3]], &[0, 1, 2]), [3], "with an image beside each title");
        assert_eq!(missing(&[&[0]], &[]), [0]);
    }
}
