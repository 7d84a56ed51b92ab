//! What kind of part of the page an element is by its tag, its role, and the words of its class and id.

use crate::page::Element;

/// Parts of a page that have links, but not those that the page is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::induce) struct Zone {
    /// Menus, breadcrumbs, pages of a list.
    pub(in crate::induce) is_menu: bool,
    /// Beside the page's subject: its head and foot, side bars, what is popular or related.
    pub(in crate::induce) is_aside: bool,
    /// What belongs to an article or a row: tags, comments, sharing, authors.
    pub(in crate::induce) is_extra: bool,
}

impl Zone {
    pub(in crate::induce) const fn with(self, other: Self) -> Self {
        Self {
            is_menu: self.is_menu || other.is_menu,
            is_aside: self.is_aside || other.is_aside,
            is_extra: self.is_extra || other.is_extra,
        }
    }

    /// Whether it is no part of the page's subject, in any way.
    pub(in crate::induce) const fn is_beside(self) -> bool {
        self.is_menu || self.is_aside || self.is_extra
    }
}

const MENU: &[&str] = &[
    "nav",
    "navi",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "megamenu",
    "breadcrumb",
    "breadcrumbs",
    "crumbs",
    "pagination",
    "pager",
    "paging",
    "pagenav",
    "toolbar",
    "topbar",
    "tabs",
    "dropdown",
    "skip",
    "languages",
    "lang",
];
const ASIDE: &[&str] = &[
    "footer",
    "foot",
    "copyright",
    "masthead",
    "colophon",
    "legal",
    "cookie",
    "cookies",
    "aside",
    "sidebar",
    "side",
    "widget",
    "widgets",
    "related",
    "popular",
    "trending",
    "mostread",
    "recommended",
    "recommendations",
    "promo",
    "advert",
    "advertisement",
    "ads",
    "sponsored",
    "newsletter",
    "archives",
    "blogroll",
];
const EXTRA: &[&str] = &[
    "tags",
    "tag",
    "tagcloud",
    "categories",
    "category",
    "cat",
    "share",
    "sharing",
    "social",
    "comments",
    "comment",
    "author",
    "byline",
    "meta",
    "postmeta",
    "avatar",
    "login",
    "search",
];

/// What kind of part `element` is, by itself.
pub(in crate::induce) fn of(element: Element<'_>) -> Zone {
    let mut zone = Zone::default();
    match element.value().name() {
        "nav" => zone.is_menu = true,
        "footer" | "aside" => zone.is_aside = true,
        _ => {}
    }
    match element.attr("role") {
        Some("navigation" | "menu" | "menubar" | "tablist") => zone.is_menu = true,
        Some("contentinfo" | "banner" | "complementary") => zone.is_aside = true,
        _ => {}
    }
    for name in element.value().classes().chain(element.attr("id")) {
        let words = words(name);
        for word in &words {
            let is = |list: &[&str]| list.contains(&word.as_str());
            zone.is_menu |= is(MENU);
            zone.is_aside |= is(ASIDE);
        }
        // What a row is about may be named before other words: `tag-harvest`.
        zone.is_extra |= words.last().is_some_and(|word| EXTRA.contains(&word.as_str()));
    }
    zone
}

/// The words of a class or id, in small letters: `postNav_top` has three.
fn words(name: &str) -> Vec<String> {
    const LONGEST: usize = 80;
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars().take(LONGEST) {
        let begins = !c.is_ascii_alphabetic() || was_small && c.is_ascii_uppercase();
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_ascii_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        was_small = c.is_ascii_lowercase();
    }
    words
}
