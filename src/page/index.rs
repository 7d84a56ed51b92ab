//! The elements of a page by what they are called and by what attributes they have, so that selectors are tried on the few
//! elements that they may match.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use ego_tree::NodeId;
use html5ever::LocalName;
use scraper::ElementRef;

use crate::rule::{Key, Keys};

/// The elements below the `<html>` element.
pub(super) struct Index {
    /// All of them, in the order of the page, with their names.
    elements: Vec<(LocalName, NodeId)>,
    /// Those that have a key, once it was asked for, by their places among all.
    known: RefCell<HashMap<Key, Rc<[usize]>>>,
}

impl Index {
    pub(super) fn of(root: ElementRef<'_>) -> Self {
        let below = root.descendent_elements().skip(1);
        let elements = below.map(|element| (element.value().name.local.clone(), element.id())).collect();
        Self { elements, known: RefCell::default() }
    }

    /// The elements that have one of `keys`, in the order of the page; `root` is what the index is of.
    pub(super) fn candidates<'a>(&self, keys: &Keys, root: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        let places = match keys.any.as_slice() {
            [only] => self.places(only, root),
            several => {
                let mut places: Vec<usize> = several.iter().flat_map(|key| self.places(key, root).to_vec()).collect();
                places.sort_unstable();
                places.dedup();
                places.into()
            }
        };
        places.iter().filter_map(|at| self.element(*at, root)).collect()
    }

    fn element<'a>(&self, at: usize, root: ElementRef<'a>) -> Option<ElementRef<'a>> {
        let (_, id) = self.elements.get(at)?;
        root.tree().get(*id).and_then(ElementRef::wrap)
    }

    fn places(&self, key: &Key, root: ElementRef<'_>) -> Rc<[usize]> {
        if let Some(known) = self.known.borrow().get(key) {
            return Rc::clone(known);
        }
        let all = self.elements.iter().enumerate();
        let places: Rc<[usize]> = match key {
            Key::Tag(name) => all.filter(|(_, (other, _))| other == name).map(|(at, _)| at).collect(),
            Key::Attribute(name) => {
                let has = |at: &usize| {
                    let element = self.element(*at, root);
                    element.is_some_and(|element| element.value().attrs.iter().any(|(other, _)| other.local == *name))
                };
                all.map(|(at, _)| at).filter(has).collect()
            }
        };
        self.known.borrow_mut().insert(key.clone(), Rc::clone(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use crate::rule::Css;
    use crate::weburl::WebUrl;

    fn found(document: &Document, css: &Css) -> Vec<String> {
        document.select(css).map(|element| element.html()).collect()
    }

    #[test]
    fn selectors_find_what_they_find_without_an_index() {
        let html = "<html class=x itemprop=a><svg><linearGradient id=y></linearGradient></svg><table><tr><p class='x z'>a</table>\
            <section><h2 id=y>b</h2><p>c<h3 class=x>d</h3><p class=X>e</section><template><p class=x>f</p></template><b itemprop=a></b>";
        let mut document = Document::parse(html, WebUrl::parse("https://a.example/").unwrap()).unwrap();
        let p = Css::parse("p").unwrap();
        for _ in 0..2 {
            for written in [
                "p",
                "h3, p, h2",
                "P",
                "html",
                "*",
                ".x",
                ".x.z, #y",
                "[itemprop=a]",
                "[ITEMPROP]",
                "section > .x",
                "html.x p",
                ":scope > body p",
                "p:nth-child(2)",
                "p:not(.x)",
                ":is(p, h3)",
                "section:has(h3) p",
                "linearGradient",
                "lineargradient",
                "h2 + p, h2 ~ p",
                "p:empty",
                "nothing",
                "p, p.x, .x",
            ] {
                let css = Css::parse(written).unwrap();
                let without: Vec<String> = document.root().select(css.compiled()).map(|found| found.html()).collect();
                assert_eq!(found(&document, &css), without, "{written}");
            }
            // What is gone is not found again.
            let first = document.select(&p).next().unwrap().id();
            document.cut(&[first]);
        }
    }
}
