//! What the site calls itself: no part of a headline, and no author unless nobody else is named.

use crate::limits;
use crate::page::Document;
use crate::text::Text;

/// What stands between a headline and the site's name.
const BETWEEN: [&str; 17] = [
    " | ", " - ", " – ", " — ", " · ", " • ", " » ", " « ", " › ", " ‹ ", " > ", " : ", " :: ", " / ", "|", "｜", "：",
];

/// The names of the site that a page is of, as [`bare`] words.
pub(super) struct SiteNames(Vec<String>);

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
        Self(names)
    }

    /// Whether it is the site that is called so.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = bare(name);
        self.0.contains(&name)
    }

    /// The title as the page's heading shows it: without a name of the site, or of a section, before or behind it.
    pub(super) fn without<'h>(&self, title: &str, headings: impl IntoIterator<Item = &'h String>) -> Option<Text> {
        // A heading shorter than what would go is a kicker or a logo.
        let headed = headings.into_iter().map(String::as_str).find(|heading| {
            let is_apart = |rest: &&str| rest.starts_with(" (") || BETWEEN.iter().any(|b| rest.starts_with(b));
            let rest = title.strip_prefix(heading).filter(is_apart);
            let rest =
                rest.or_else(|| title.strip_suffix(heading).filter(|rest| BETWEEN.iter().any(|b| rest.ends_with(b))));
            rest.is_some_and(|rest| rest.len() <= heading.len())
        });
        Text::new(headed.or_else(|| self.cut(title))?)
    }

    /// The title without a site's name at its end, or at its beginning.
    pub(super) fn cut<'t>(&self, title: &'t str) -> Option<&'t str> {
        BETWEEN.iter().find_map(|between| {
            let mut last = title.rmatch_indices(between).take(limits::HEADINGS);
            let behind = last.find(|(at, _)| title.get(at + between.len()..).is_some_and(|rest| self.has(rest)));
            let behind = behind.and_then(|(at, _)| title.get(..at));
            behind.or_else(|| title.split_once(between).filter(|(name, _)| self.has(name)).map(|(_, rest)| rest))
        })
    }
}

/// What a title says beside `part`, if that is its beginning or its end and stands apart.
pub(super) fn beside<'t>(title: &'t str, part: &str) -> Option<&'t str> {
    let between = || BETWEEN.iter().copied().chain([": "]);
    let behind = title.strip_prefix(part).and_then(|rest| between().find_map(|between| rest.strip_prefix(between)));
    behind
        .or_else(|| title.strip_suffix(part).and_then(|rest| between().find_map(|between| rest.strip_suffix(between))))
}

/// The ends of a heading that stand apart from what is before them, the longest first of each kind.
pub(super) fn ends(heading: &str) -> impl Iterator<Item = &str> {
    BETWEEN.iter().flat_map(|between| {
        let places = heading.match_indices(between).take(limits::HEADINGS);
        places.filter_map(|(at, _)| heading.get(at + between.len()..))
    })
}

/// A name without spaces, signs and capitals: `Golem.de` is `golemde`.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::headings::Headings;
    use crate::weburl::WebUrl;

    fn without(title: &str, body: &str) -> String {
        let html = format!("<meta property=og:site_name content='The Daily Mill'>{body}");
        let document = Document::parse(&html, WebUrl::parse("https://www.mill.example/a").unwrap()).unwrap();
        let site = SiteNames::of(&document);
        site.without(title, &Headings::of(&document, &site).best).map_or_else(|| title.to_owned(), String::from)
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
            ("Goose escapes (Daily news)", "<h1>Goose escapes</h1>", "Goose escapes"),
            ("Farm » Goose escapes", "<h1>Farm</h1><h2>Goose escapes</h2>", "Farm » Goose escapes"),
            ("Goose escapes › Farm", "<h1>Goose escapes | The Daily Mill</h1>", "Goose escapes"),
            ("The Daily Mill - about us", "<h1>The Daily Mill</h1>", "about us"),
        ] {
            assert_eq!(without(title, body), expected, "{title}");
        }
    }
}
