//! What a link, and what is around it, says beside its words: `rel`, classes, icons.

use scraper::ElementRef;

use super::label::{self, Label};
use crate::page::{Element, line_text};

/// How far up a link's surroundings are looked at.
const UP: usize = 5;
/// Elements in a link that are looked at for icons.
const INSIDE: usize = 8;
/// Characters of a label; a longer text is none.
const LABEL_CHARS: usize = 80;

/// What speaks for and against a link.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "signs that are there or not, all of one rank")]
pub(super) struct Clues {
    /// A class or id calls it next.
    pub(super) is_next: bool,
    /// A class, id or `rel` calls it previous, first or last.
    pub(super) is_prev: bool,
    /// An icon points to the right.
    pub(super) has_icon: bool,
    /// It stands among links to pages.
    pub(super) is_in_pager: bool,
    /// It stands in something that has pages of its own: a carousel, a calendar, comments, a post. Or it is
    /// switched off.
    pub(super) is_elsewhere: bool,
}

impl Clues {
    pub(super) fn of(link: Element<'_>) -> Self {
        let mut clues = Self::default();
        let rel = link.attr("rel").unwrap_or_default().to_ascii_lowercase();
        let rel: Vec<&str> = rel.split_ascii_whitespace().collect();
        clues.is_prev = rel.contains(&"prev") || rel.contains(&"previous");
        clues.take_names(link);
        let parent = link.parent().and_then(ElementRef::wrap).filter(|parent| is_alone(*parent));
        if let Some(parent) = parent {
            clues.take_names(parent);
        }
        for inner in link.descendent_elements().skip(1).take(INSIDE) {
            clues.take_names(inner);
            clues.take_icon(inner);
        }
        for around in link.ancestors().filter_map(ElementRef::wrap).take(UP) {
            clues.take_surroundings(around);
        }
        clues.take_surroundings(link);
        clues
    }

    /// Classes and ids that name what a link leads to. One that names both is about the pair.
    fn take_names(&mut self, element: Element<'_>) {
        let words = names(element);
        self.is_elsewhere |= words.iter().any(|word| word == "disabled");
        let is_any = |parts: &[&str]| words.iter().any(|word| parts.iter().any(|part| word.starts_with(part)));
        match (is_any(&["next", "nxt", "siguiente", "suivant", "weiter"]), is_any(&["prev", "last", "first"])) {
            (true, false) => self.is_next = true,
            (false, true) => self.is_prev = true,
            _ => {}
        }
    }

    fn take_icon(&mut self, element: Element<'_>) {
        let mut words = names(element);
        let value = element.value();
        for name in ["data-icon", "src", "href", "xlink:href"] {
            // Of an address only the file's name.
            let name = value.attr(name).and_then(|value| value.rsplit('/').next());
            words.extend(name.map(words_of).unwrap_or_default());
        }
        let is_any = |parts: &[&str]| {
            words.iter().any(|word| parts.iter().any(|part| word == part || word == &format!("arrow{part}")))
        };
        match (is_any(&["right", "next", "forward"]), is_any(&["left", "prev", "previous", "back"])) {
            (true, false) => self.has_icon = true,
            (false, true) => self.is_prev = true,
            _ => {}
        }
    }

    fn take_surroundings(&mut self, element: Element<'_>) {
        let words = names(element);
        let is_any = |parts: &[&str]| words.iter().any(|word| parts.iter().any(|part| word.starts_with(part)));
        self.is_elsewhere |=
            is_any(&["carousel", "jcarousel", "slick", "swiper", "owl", "slide", "calendar", "datepicker", "comment"])
                || element.attr("class").is_some_and(|class| class.contains("post-navigation"));
        self.is_in_pager |=
            is_any(&["pager", "pagin", "paging", "pagenav", "pagelinks", "pages", "multipage", "numbers"]);
    }
}

/// What a link's words say: what it shows, else what it says to those who cannot see.
pub(super) fn label(link: Element<'_>) -> Label {
    let shown = read(&line_text(link));
    let image = link.descendent_elements().take(INSIDE).filter(|inner| inner.value().name() == "img");
    let unseen = ["aria-label", "title"].into_iter().filter_map(|name| link.attr(name));
    let unseen = unseen.chain(image.filter_map(|img| img.attr("alt"))).map(read);
    match shown {
        Label::Silent | Label::Arrow => {
            // Any of them may be the one that tells.
            let told: Vec<Label> = unseen.filter(|label| *label != Label::Silent).collect();
            let plain = told.iter().find(|label| !matches!(label, Label::Words(_) | Label::Arrow));
            plain.or(if shown == Label::Silent { told.first() } else { None }).copied().unwrap_or(shown)
        }
        Label::Words(_) => unseen.into_iter().find(|label| *label == Label::Next).unwrap_or(shown),
        _ => shown,
    }
}

/// What a text says as a label. One that is too long for a label is only words, whatever they are.
pub(super) fn read(text: &str) -> Label {
    let text = text.trim();
    if text.chars().nth(LABEL_CHARS).is_some() { Label::Words(LABEL_CHARS) } else { label::read(text) }
}

/// The words in an element's classes and its id.
fn names(element: Element<'_>) -> Vec<String> {
    let value = element.value();
    ["class", "id"].into_iter().filter_map(|name| value.attr(name)).flat_map(words_of).collect()
}

/// `PageNavNext hidden` and `page-nav-next` are made of the same words.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || c.is_ascii_uppercase() && was_small {
            words.push(String::new());
        }
        was_small = c.is_ascii_lowercase();
        if c.is_ascii_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.push(c.to_ascii_lowercase()));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether there is only one link in an element.
fn is_alone(element: Element<'_>) -> bool {
    element.descendent_elements().take(50).filter(|inner| inner.value().name() == "a").take(2).count() == 1
}
