//! What the names that a page gives its elements (`class`, `id`) say of what stands in them.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::RegexSet;

use crate::page::{Element, attribute};

/// What an element is named for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// For what stands around an article: comments, teasers, a sidebar.
    pub(super) is_beside: bool,
    /// For a date, or for what stands under a heading.
    pub(super) is_dated: bool,
    /// For an author.
    pub(super) is_signed: bool,
}

/// The names of a page, each of them looked at once: most stand there many times.
#[derive(Debug, Default)]
pub(super) struct Names<'a>(HashMap<&'a str, Named>);

impl<'a> Names<'a> {
    /// What an element is named for.
    pub(super) fn of(&mut self, element: Element<'a>) -> Named {
        let names = ["class", "id"].map(|name| attribute(element.value(), name));
        names.into_iter().flatten().fold(Named::default(), |named, name| {
            let other = *self.0.entry(name).or_insert_with(|| named_for(name));
            Named {
                is_beside: named.is_beside || other.is_beside,
                is_dated: named.is_dated || other.is_dated,
                is_signed: named.is_signed || other.is_signed,
            }
        })
    }
}

fn named_for(name: &str) -> Named {
    static KINDS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
        let beside = "comments?|respond|related|sidebar|widget|footer|recommend[a-z]*|teasers?|copyright|popular|latest|\
            newsletter|promo|trending|archives?|most[-_]?read|read[-_]?more|more[-_]?(?:news|stories|articles)";
        RegexSet::new([
            format!(r"(?i)(?:^|[\s_-])(?:{beside})(?:[\s_-]|$)").as_str(),
            r"(?i)date|datum|fecha|time|publish|posted|byline|meta(?:[\s_-]|$)|meta-?data|entry-(?:info|utility)",
            r"(?i)author|byline|writer|contributor|\bautor|redakteur|auteur",
        ])
        .ok()
    });
    // Most names say nothing of the kind, and whether one does is sooner known than what.
    let Some(kinds) = KINDS.as_ref().filter(|kinds| kinds.is_match(name)) else { return Named::default() };
    let found = kinds.matches(name);
    Named { is_beside: found.matched(0), is_dated: found.matched(1), is_signed: found.matched(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_elements_are_for() {
        let named = |name: &str| {
            let Named { is_beside, is_dated, is_signed } = named_for(name);
            (is_beside, is_dated, is_signed)
        };
        assert_eq!(named("post-comments"), (true, false, false));
        assert_eq!(named("commented"), (false, false, false));
        assert_eq!(named("entry-meta"), (false, true, false));
        assert_eq!(named("c-byline"), (false, true, true));
        assert_eq!(named("col-md-8 content"), (false, false, false));
    }
}
