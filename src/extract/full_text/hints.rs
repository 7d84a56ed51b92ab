//! What an element's name, its classes and its id say about what is in it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use scraper::node::Element as Markup;

use super::names::NAMES;
use crate::page::attributes;

/// A set of [`Hint`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints(pub(super) u64);

impl std::ops::BitOr for Hints {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Hints {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl Hints {
    pub(super) const fn has(self, hint: Hint) -> bool {
        self.0 & (1 << hint as u64) != 0
    }

    /// A set of one.
    pub(super) const fn only(hint: Hint) -> Self {
        Self(1 << hint as u64)
    }
}

macro_rules! hints {
    ($($name:ident),* $(,)?) => {
        /// What names say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Hint { $($name),* }
        impl Hint {
            pub(super) const ALL: &[Hint] = &[$(Hint::$name),*];
        }
    };
}
hints! {
    Body, Article, Content, Text, Nav, Foot, Side, Comment, Related, Teaser, Share, Letter, Ad, Author, Meta, Title, Lead, Caption, Overlay, Tools, Quote, Note, Widget, Hidden, Head,
    TagArticle, TagMain, TagSection, TagNav, TagHeader, TagFooter, TagAside, TagForm, TagFigure, TagFigcaption, TagList, TagItem, TagTable, TagQuote, TagPre, TagP, TagH1, TagHeading, TagDl, TagButton, TagAddress, TagDiv, TagTime, TagLink,
}

impl Hint {
    /// Whether it is told by an element's own name, and not by its classes.
    pub(super) const fn is_of_element(self) -> bool {
        self as u64 >= Self::TagArticle as u64
    }
}

/// A word in names.
struct Word {
    text: &'static str,
    hint: Hint,
    /// Whether it counts only as a word of its own.
    is_whole: bool,
}

/// All words, and what finds them in a name.
struct Words {
    words: Vec<Word>,
    finder: AhoCorasick,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let words = |list: &'static str, hint, is_whole| {
        list.split_ascii_whitespace().map(move |text| Word { text, hint, is_whole })
    };
    let words: Vec<Word> = NAMES
        .iter()
        .flat_map(|(hint, anywhere, whole)| words(anywhere, *hint, false).chain(words(whole, *hint, true)))
        .collect();
    let mut finder = AhoCorasick::builder();
    finder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
    let finder = finder.build(words.iter().map(|word| word.text)).ok()?;
    Some(Words { words, finder })
});

/// What classes or an id say.
pub(super) fn of_names(names: &str) -> Hints {
    let mut hints = Hints::default();
    let Some(words) = WORDS.as_ref().filter(|_| !names.is_empty()) else { return hints };
    for found in words.finder.find_overlapping_iter(names) {
        let Some(word) = words.words.get(found.pattern().as_usize()) else { continue };
        if !word.is_whole || is_word(names.as_bytes(), found.start(), found.end()) {
            hints |= Hints::only(word.hint);
        }
    }
    hints
}

/// Whether what stands between two places is a word: `ad` in `top-ad` and `adSlot`, not in `head`.
fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let at = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let before = start.checked_sub(1).map_or(b' ', at);
    let begins = !before.is_ascii_alphabetic() || before.is_ascii_lowercase() && at(start).is_ascii_uppercase();
    begins && !at(end).is_ascii_lowercase()
}

/// What an element's name, role and microdata say.
pub(super) fn of_element(element: &Markup) -> Hints {
    let hint = match element.name() {
        "article" => Hint::TagArticle,
        "main" => Hint::TagMain,
        "section" => Hint::TagSection,
        "nav" | "menu" => Hint::TagNav,
        "header" | "hgroup" => Hint::TagHeader,
        "footer" => Hint::TagFooter,
        "aside" => Hint::TagAside,
        "form" | "fieldset" => Hint::TagForm,
        "figure" | "picture" => Hint::TagFigure,
        "figcaption" => Hint::TagFigcaption,
        "ul" | "ol" => Hint::TagList,
        "li" => Hint::TagItem,
        "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption" => Hint::TagTable,
        "blockquote" | "q" => Hint::TagQuote,
        "pre" | "code" => Hint::TagPre,
        "p" => Hint::TagP,
        "h1" => Hint::TagH1,
        "h2" | "h3" | "h4" | "h5" | "h6" => Hint::TagHeading,
        "dl" | "dt" | "dd" => Hint::TagDl,
        "button" | "label" | "legend" | "summary" => Hint::TagButton,
        "address" => Hint::TagAddress,
        "div" => Hint::TagDiv,
        "time" => Hint::TagTime,
        "a" => Hint::TagLink,
        _ => return of_roles(element),
    };
    Hints::only(hint) | of_roles(element)
}

fn of_roles(element: &Markup) -> Hints {
    attributes(element).fold(Hints::default(), |hints, (name, value)| {
        hints
            | match name {
                "role" => of_role(value),
                "itemprop" | "property" => of_names(value),
                "data-testid" | "data-component" | "data-type" | "data-module" | "data-component-type" => {
                    of_names(value)
                }
                _ => Hints::default(),
            }
    })
}

fn of_role(role: &str) -> Hints {
    match role {
        "navigation" | "menu" | "menubar" | "search" => Hints::only(Hint::Nav),
        "complementary" => Hints::only(Hint::Side),
        "contentinfo" => Hints::only(Hint::Foot),
        "banner" => Hints::only(Hint::Head),
        "dialog" | "alert" | "tooltip" => Hints::only(Hint::Overlay),
        "main" => Hints::only(Hint::TagMain),
        "article" => Hints::only(Hint::TagArticle),
        "button" => Hints::only(Hint::Tools),
        _ => Hints::default(),
    }
}
