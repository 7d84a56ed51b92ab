//! What the site calls itself: no part of a headline, and no author unless nobody else is named.

use std::sync::LazyLock;

use crate::limits;
use crate::page::{Document, Element, line_text};
use crate::rule::Css;
use crate::text::Text;

/// What stands between a headline and the site's name.
const BETWEEN: [&str; 17] = [
    " | ", " - ", " – ", " — ", " · ", " • ", " » ", " « ", " › ", " ‹ ", " > ", " : ", " :: ", " / ", "|", "｜", "：",
];

/// The names of the site that a page is of.
pub(super) struct SiteNames {
    /// As [`bare`] words.
    names: Vec<String>,
    /// The headings of the page, which tell what of a title is its headline.
    pub(super) headings: Headings,
}

/// The first headings of a page's content, as far as they may be headlines.
pub(super) struct Headings {
    /// Whether they are those of the first rank.
    pub(super) are_first: bool,
    pub(super) texts: Vec<String>,
}

impl SiteNames {
    /// The names that the page gives its site, and the host's.
    pub(super) fn of(document: &Document) -> Self {
        let host = document.url().as_url().host_str().unwrap_or_default();
        let host = host.trim_start_matches("www.");
        let label = host.split('.').next().unwrap_or_default();
        let mut names = vec![bare(host), bare(label)];
        for meta in ["og:site_name", "application-name"] {
            names.extend(document.meta(meta).iter().map(|name| bare(name)));
        }
        names.extend(document.things().of_article("publisher", false).iter().map(|name| bare(name)));
        names.retain(|name| !name.is_empty());
        Self { names, headings: Headings::of(document) }
    }

    /// Whether it is the site that is called so.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = bare(name);
        self.names.contains(&name)
    }

    /// The title as the page's heading shows it: without a name of the site, or of a section, before or behind it.
    pub(super) fn without(&self, title: &Text) -> Option<Text> {
        let title: &str = title.as_ref();
        let mut headings = self.headings.texts.iter().filter(|heading| !self.has(heading));
        // A heading shorter than what would go is a kicker or a logo.
        let headed = headings.find(|heading| {
            let rest = title.strip_prefix(heading.as_str()).filter(|rest| BETWEEN.iter().any(|b| rest.starts_with(b)));
            let rest = rest.or_else(|| {
                title.strip_suffix(heading.as_str()).filter(|rest| BETWEEN.iter().any(|b| rest.ends_with(b)))
            });
            rest.is_some_and(|rest| rest.len() <= heading.len())
        });
        Text::new(headed.map(String::as_str).or_else(|| self.cut(title))?)
    }

    /// The title without a site's name at its end, or at its beginning.
    fn cut<'t>(&self, title: &'t str) -> Option<&'t str> {
        BETWEEN.iter().find_map(|between| {
            let mut last = title.rmatch_indices(between).take(limits::HEADINGS);
            let behind = last.find(|(at, _)| title.get(at + between.len()..).is_some_and(|rest| self.has(rest)));
            let behind = behind.and_then(|(at, _)| title.get(..at));
            behind.or_else(|| title.split_once(between).filter(|(name, _)| self.has(name)).map(|(_, rest)| rest))
        })
    }
}

impl Headings {
    fn of(document: &Document) -> Self {
        static FIRST: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("h1").ok());
        static OTHER: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("h2, h3").ok());
        let texts = |css: &LazyLock<Option<Css>>| {
            let all = css.as_ref().map(|css| document.select(css).take(limits::HEADINGS));
            let texts = all.into_iter().flatten().filter(|heading| is_of_content(*heading)).map(line_text);
            texts.filter(|text| !text.is_empty() && text.len() <= limits::HEADING_BYTES).collect::<Vec<_>>()
        };
        let first = texts(&FIRST);
        let are_first = !first.is_empty();
        Self { are_first, texts: if are_first { first } else { texts(&OTHER) } }
    }
}

/// Whether an element belongs to what the page is about, not to what stands around it.
fn is_of_content(element: Element<'_>) -> bool {
    let mut above = element.ancestors().filter_map(Element::wrap).map(|above| above.value().name());
    !above.any(|name| matches!(name, "nav" | "aside" | "footer"))
}

/// What a title says beside `part`, if that is its beginning or its end and stands apart.
pub(super) fn beside<'t>(title: &'t str, part: &str) -> Option<&'t str> {
    let between = || BETWEEN.iter().copied().chain([": "]);
    let behind = title.strip_prefix(part).and_then(|rest| between().find_map(|between| rest.strip_prefix(between)));
    behind
        .or_else(|| title.strip_suffix(part).and_then(|rest| between().find_map(|between| rest.strip_suffix(between))))
}

/// A name without spaces, signs and capitals: `Golem.de` is `golemde`.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weburl::WebUrl;

    fn without(title: &str, body: &str) -> String {
        let html = format!("<meta property=og:site_name content='The Daily Mill'>{body}");
        let document = Document::parse(&html, WebUrl::parse("https://www.mill.example/a").unwrap()).unwrap();
        let title = Text::new(title).unwrap();
        SiteNames::of(&document).without(&title).unwrap_or(title).into()
    }

    #[test]
    fn a_headline_is_what_the_heading_shows() {
        for (title, body, expected) in [
            ("Goose escapes | The Daily Mill", "", "Goose escapes"),
            ("Goose escapes - mill.example", "", "Goose escapes"),
            ("The Daily Mill: Goose", "", "The Daily Mill: Goose"),
            ("The Daily Mill – Goose", "", "Goose"),
            ("Goose escapes | Farm news", "<h1>Goose escapes</h1>", "Goose escapes"),
            ("Farm - Goose escapes", "<h1>Goose escapes</h1>", "Goose escapes"),
            ("Goose | A long story of escapes", "<h1>Goose</h1>", "Goose | A long story of escapes"),
            ("Goose - a story", "", "Goose - a story"),
            ("The Daily Mill - about us", "<h1>The Daily Mill</h1>", "about us"),
        ] {
            assert_eq!(without(title, body), expected, "{title}");
        }
    }
}
