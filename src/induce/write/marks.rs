//! What a selector can say of one element by itself, and how much a person would like to read it there.

use super::names::{Name, is_identifier, name_of};
use crate::page::Element;

/// One thing that a selector can say of an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::induce) enum Mark {
    /// `li`
    Tag(String),
    /// `#news`
    Id(String),
    /// `.post`
    Class(String),
    /// `[itemprop=headline]`; without a value only that it is there.
    Attr(String, Option<String>),
    /// `[itemtype$=NewsArticle]`: how an address ends.
    End(String, String),
}

/// Characters of an attribute's value from which on it is no name.
const NAME: usize = 32;

/// Digits from which on a name is the number of an item.
const NUMBER: usize = 4;

/// What it costs to rely on what may be gone tomorrow: more than a few tags and a condition on what is in a row.
pub(in crate::induce) const FLEETING: u32 = 160;

/// Marks of one element that are looked at: more of them tell nothing more.
const MARKS: usize = 24;

/// The marks of an element, its tag first.
pub(in crate::induce) fn marks(element: Element<'_>) -> Vec<Mark> {
    let value = element.value();
    let mut marks = vec![Mark::Tag(value.name().to_owned())];
    let id = value.attr("id").map(str::trim).filter(|id| is_name(id));
    marks.extend(id.map(|id| Mark::Id(id.to_owned())));
    marks.extend(
        value
            .classes()
            .filter(|class| class.len() <= NAME * 2 && is_visible(class))
            .map(|class| Mark::Class(class.to_owned())),
    );
    for (name, value) in value.attrs() {
        if is_about_the_item(name) {
            continue;
        }
        let value = value.trim();
        match name {
            "itemtype" => {
                marks.extend(
                    value
                        .rsplit(['/', '#'])
                        .next()
                        .filter(|end| is_name(end))
                        .map(|end| Mark::End(name.to_owned(), end.to_owned())),
                );
                continue;
            }
            _ if is_name(value) => marks.push(Mark::Attr(name.to_owned(), Some(value.to_owned()))),
            _ => {}
        }
        marks.push(Mark::Attr(name.to_owned(), None));
    }
    marks.truncate(MARKS);
    marks
}

/// Attributes that tell of one item, or of how it looks, never of all of them.
fn is_about_the_item(name: &str) -> bool {
    matches!(
        name,
        "class" | "id" | "style" | "src" | "srcset" | "sizes" | "alt" | "content" | "tabindex" | "action" | "value"
    ) || name.starts_with("on")
        || name.contains(':')
}

/// Whether whoever reads it sees what it is: what is beyond ASCII are letters, not spaces or signs that turn lines round.
fn is_visible(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_graphic() || !c.is_ascii() && c.is_alphanumeric())
}

/// Whether a value is a word or two, which an author has chosen.
fn is_name(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.len() <= NAME && digits < NUMBER && digits < value.len() && value.chars().all(is_plain)
}

impl Mark {
    /// As a selector has it; a mark that cannot be written is empty.
    pub(in crate::induce) fn css(&self) -> String {
        match self {
            Self::Tag(name) => name.clone(),
            Self::Id(id) if is_identifier(id) => format!("#{id}"),
            Self::Id(id) => format!("[id={}]", quoted(id)),
            Self::Class(class) if is_identifier(class) => format!(".{class}"),
            Self::Class(class) => format!("[class~={}]", quoted(class)),
            Self::Attr(name, None) => format!("[{name}]"),
            Self::Attr(name, Some(value)) => format!("[{name}={}]", quoted(value)),
            Self::End(name, end) => format!("[{name}$={}]", quoted(end)),
        }
    }

    /// Whether it is only a tag.
    pub(in crate::induce) const fn is_tag(&self) -> bool {
        matches!(self, Self::Tag(_))
    }

    /// Whether it may be gone tomorrow though the site is the same: a build renames it, or it tells of the items of today.
    pub(in crate::induce) fn is_fleeting(&self) -> bool {
        match self {
            Self::Class(name) | Self::Id(name) | Self::End(_, name) | Self::Attr(_, Some(name)) => {
                matches!(name_of(name), Name::Made | Name::Instance | Name::Topic)
            }
            Self::Tag(_) | Self::Attr(_, None) => false,
        }
    }

    /// What it costs to rely on it: less for what people name things by and leave as it is, more for what machines make, for
    /// what says how a thing looks, and for what changes with the item.
    pub(in crate::induce) fn cost(&self) -> u32 {
        match self {
            Self::Tag(name) => match name.as_str() {
                "article" | "main" => 8,
                "li" | "tr" | "dt" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "time" | "table" | "ul" | "ol"
                | "section" => 11,
                "tbody" => 20,
                _ => 14,
            },
            _ if self.is_fleeting() => FLEETING,
            Self::Id(id) if id.bytes().any(|byte| byte.is_ascii_digit()) => 45,
            Self::Id(id) => 12 + length(id),
            Self::Class(class) => of_class(class),
            Self::End(..) => 24,
            Self::Attr(name, value) => {
                match (name.as_str(), value) {
                    ("itemprop" | "role" | "data-testid" | "datetime" | "rel", _) => 20,
                    // Of what kind the thing is tells more.
                    ("itemscope", _) => 26,
                    (name, Some(value)) if name.starts_with("data-") => {
                        if value.bytes().any(|byte| byte.is_ascii_digit()) { 60 } else { 26 + length(value) }
                    }
                    ("href", None) => 30,
                    (name, None) if name.starts_with("data-") => 28,
                    ("aria-label" | "title" | "headers", _) => 34,
                    (_, None) => 52,
                    (_, Some(_)) => 56,
                }
            }
        }
    }
}

fn of_class(class: &str) -> u32 {
    if !is_identifier(class) {
        return 60;
    }
    let digits = class.bytes().filter(u8::is_ascii_digit).count();
    match name_of(class) {
        Name::Looks => 38,
        Name::State => 48,
        Name::Rows | Name::Other => {
            let base = if name_of(class) == Name::Rows { 9 } else { 12 };
            let number = if digits > 1 { 14 } else { 0 };
            base + length(class) + number + if class.len() < 4 { 4 } else { 0 }
        }
        Name::Made | Name::Instance | Name::Topic => FLEETING,
    }
}

/// Long names are read less easily.
fn length(name: &str) -> u32 {
    u32::try_from(name.len() / 12).unwrap_or(u32::MAX).min(6)
}

/// An id as a selector has it, if it is a name that lasts.
pub(in crate::induce) fn name_of_id(id: &str) -> Option<String> {
    let mark = Mark::Id(id.trim().to_owned());
    (is_name(id.trim()) && !mark.is_fleeting()).then(|| mark.css())
}

/// A value as a selector quotes it; a plain word needs no quotes.
pub(in crate::induce) fn quoted(value: &str) -> String {
    if is_identifier(value) && value.is_ascii() {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// What several marks say together, and what it costs.
pub(in crate::induce) fn compound(marks: &[&Mark]) -> (String, u32) {
    let mut marks: Vec<&Mark> = marks.to_vec();
    marks.sort_by_key(|mark| match mark {
        Mark::Tag(_) => 0,
        Mark::Id(_) => 1,
        Mark::Class(_) => 2,
        Mark::Attr(..) | Mark::End(..) => 3,
    });
    let cost = marks.iter().map(|mark| mark.cost()).sum();
    (marks.iter().map(|mark| mark.css()).collect(), cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_machines_make_are_dear() {
        let cost = |class: &str| Mark::Class(class.to_owned()).cost();
        for made in
            ["css-1x2y3z", "sc-8a623a54-0", "_1lkmsmo0", "Title__3kd9f", "jHbKqXw", "x-fgh7kq2", "category-news"]
        {
            assert!(cost(made) > 60, "{made}");
        }
        for human in
            ["post", "entry-title", "PagePromo-title", "loop-card__title", "structItem", "column2", "views-row"]
        {
            assert!(cost(human) < 30, "{human}: {}", cost(human));
        }
        for fleeting in ["mt-4", "row", "odd", "is-featured"] {
            assert!((30..60).contains(&cost(fleeting)), "{fleeting}");
        }
    }

    #[test]
    fn names_that_nobody_can_see_are_no_marks() {
        let page = "<p class='a\u{202e}b a\u{a0}b a\u{feff} \u{e9}t\u{e9} a:b'>";
        let url = crate::weburl::WebUrl::parse("https://a.example/").unwrap();
        let document = crate::page::Document::parse(page, url).unwrap();
        let element = document.root().descendent_elements().find(|element| element.value().name() == "p").unwrap();
        let classes = [Mark::Class("\u{e9}t\u{e9}".into()), Mark::Class("a:b".into())];
        let mut found = marks(element).split_off(1);
        found.sort_by_key(Mark::css);
        assert_eq!(found, classes);
    }

    #[test]
    fn whatever_a_class_is_called_its_selector_finds_it() {
        let names = [
            "a'b", "a\"b", "a\\b", "a]b", "a[b", "a{b}", "a,b", "a;b", "a\\", "\\26", "a/*b", "--", "-", "9x", "a=b",
            "a#b", "'''", "@media", ":is(", "a)b", "a>b", "a|b", "*", "$(x)", "url=1",
        ];
        for name in names {
            let url = crate::weburl::WebUrl::parse("https://a.example/").unwrap();
            let page = format!("<p>x<p class=\"{}\">y", name.replace('"', "&quot;"));
            let document = crate::page::Document::parse(&page, url).unwrap();
            let css = crate::rule::Css::parse(&Mark::Class(name.to_owned()).css()).unwrap();
            assert_eq!(document.select(&css).count(), 1, "{name}");
        }
    }

    #[test]
    fn marks_are_written_as_selectors() {
        let css = |mark: Mark| mark.css();
        assert_eq!(css(Mark::Class("sm:flex".into())), "[class~='sm:flex']");
        assert_eq!(css(Mark::Class("2col".into())), "[class~='2col']");
        assert_eq!(css(Mark::Attr("rel".into(), Some("bookmark".into()))), "[rel=bookmark]");
        assert_eq!(css(Mark::End("itemtype".into(), "Article".into())), "[itemtype$=Article]");
        let (tag, class) = (Mark::Tag("li".into()), Mark::Class("post".into()));
        assert_eq!(compound(&[&class, &tag]).0, "li.post");
    }
}
