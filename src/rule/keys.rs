//! What elements must have for a selector to match them: so that it need not be tried on all elements of a page.

use html5ever::LocalName;
use scraper::selector::{Parser, Simple};
use selectors::parser::{Component, ParseRelative, Selector, SelectorList};

/// What an element must have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// That name.
    Tag(LocalName),
    /// An attribute of that name.
    Attribute(LocalName),
}

/// What elements must have for a list of selectors to match them: one of these.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Each of them once; none if one of the selectors may match any element.
    pub any: Vec<Key>,
    /// Whether elements are matched one by one at no more cost than all together: whatever counts or searches the elements
    /// around (`:nth-child`, `:has`) remembers what it saw only while it goes over the page.
    pub is_plain: bool,
}

impl Keys {
    /// The keys of a list of selectors, as written.
    pub(super) fn of(written: &str) -> Self {
        let mut parser = cssparser::Parser::new(written);
        let Ok(list) = SelectorList::parse(&Parser, &mut parser, ParseRelative::No) else { return Self::default() };
        let all: Option<Vec<Key>> = list.slice().iter().map(key).collect();
        let mut any: Vec<Key> = Vec::new();
        for key in all.unwrap_or_default() {
            if !any.contains(&key) {
                any.push(key);
            }
        }
        Self { any, is_plain: list.slice().iter().all(is_plain) }
    }
}

/// What the element itself must have that a selector matches.
fn key(selector: &Selector<Simple>) -> Option<Key> {
    let keys = selector.iter().filter_map(|part| match part {
        Component::LocalName(name) if name.name == name.lower_name => Some(Key::Tag(name.name.0.clone())),
        Component::ID(_) => Some(Key::Attribute("id".into())),
        Component::Class(_) => Some(Key::Attribute("class".into())),
        Component::AttributeInNoNamespaceExists { local_name, local_name_lower } if local_name == local_name_lower => {
            Some(Key::Attribute(local_name.0.clone()))
        }
        Component::AttributeInNoNamespace { local_name, .. } => Some(Key::Attribute(local_name.0.clone())),
        _ => None,
    });
    // A name stands first, and tells most.
    keys.min_by_key(|key| matches!(key, Key::Attribute(_)))
}

fn is_plain(selector: &Selector<Simple>) -> bool {
    selector.iter_raw_match_order().all(|part| match part {
        Component::Negation(list) | Component::Is(list) | Component::Where(list) => list.slice().iter().all(is_plain),
        Component::LocalName(_)
        | Component::ID(_)
        | Component::Class(_)
        | Component::AttributeInNoNamespaceExists { .. }
        | Component::AttributeInNoNamespace { .. }
        | Component::AttributeOther(_)
        | Component::ExplicitUniversalType
        | Component::Root
        | Component::Empty
        | Component::Scope
        | Component::Combinator(_) => true,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_tells_what_it_needs() {
        let tag = |name: &str| Key::Tag(name.into());
        let attribute = |name: &str| Key::Attribute(name.into());
        for (written, any, is_plain) in [
            ("h1", vec![tag("h1")], true),
            ("article h2, h3.x", vec![tag("h2"), tag("h3")], true),
            (".x > [itemprop=a]", vec![attribute("itemprop")], true),
            (".x, #y, .z", vec![attribute("class"), attribute("id")], true),
            ("a:not([href^='#']):not(.x)", vec![tag("a")], true),
            ("h1, *", vec![], true),
            ("h1, :not(p)", vec![], true),
            ("li:nth-child(2) > a", vec![tag("a")], false),
            ("li:has(> a)", vec![tag("li")], false),
            ("p:not(:nth-child(2))", vec![tag("p")], false),
            // In SVG names have capitals, and in HTML such a selector matches small letters.
            ("linearGradient", vec![], true),
            (":scope > a", vec![tag("a")], true),
        ] {
            let keys = Keys::of(written);
            assert_eq!((keys.any, keys.is_plain), (any, is_plain), "{written}");
        }
    }
}
