//! What an article is called: as its data tells it, else as the heading that readers see, where that is about the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::site_name::{self, SiteNames};
use crate::page::{Document, line_text, plain};
use crate::rule::Css;
use crate::text::Text;

/// How alike a heading and a stated title are, of 100, that are surely two wordings of one title.
const ALIKE: usize = 50;

/// Signs that a heading has which says something by itself: shorter ones are sections and logos.
const TELLING: usize = 20;

/// The headline of a page that states a `title`, if it is another.
pub(super) fn headline(title: &Text, site: &SiteNames, document: &Document) -> Option<Text> {
    let cut = site.without(title);
    let stated = cut.as_ref().unwrap_or(title);
    let page = Page::of(document, site);
    // What data calls the headline is what the editors call it. Other titles are made for search engines and networks.
    let is_told = !document.things().get("headline", false).is_empty();
    let better = if is_told { page.whole(stated.as_ref()) } else { page.seen(stated.as_ref()) };
    better.and_then(Text::new).or(cut)
}

/// What a page may call its article.
struct Page<'s> {
    /// Whether its headings are those of the first rank.
    are_first: bool,
    /// The headings of its content, as far as they may be headlines.
    headings: Vec<&'s str>,
    /// The titles that it states, as they are.
    stated: Vec<String>,
    /// The same without the site's name.
    titles: Vec<String>,
}

impl<'s> Page<'s> {
    fn of(document: &Document, site: &'s SiteNames) -> Self {
        static TITLE: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("title").ok());
        let headings = site.headings.texts.iter().map(String::as_str).filter(|heading| !site.has(heading)).collect();
        let title = TITLE.as_ref().and_then(|css| document.select(css).next()).map(line_text);
        let metas = ["og:title", "twitter:title"].into_iter().filter_map(|name| document.meta(name).first());
        let stated: Vec<String> = metas.map(|title| plain(title)).chain(title).collect();
        let cut = |title: &String| {
            let title = Text::new(title)?;
            Some(String::from(site.without(&title).unwrap_or(title)))
        };
        let titles = stated.iter().filter_map(cut).collect();
        Self { are_first: site.headings.are_first, headings, stated, titles }
    }

    /// The heading that says what the titles say.
    fn seen<'p>(&'p self, stated: &'p str) -> Option<&'p str> {
        let titles = || std::iter::once(stated).chain(self.titles.iter().map(String::as_str));
        let mut best: Option<(usize, &str)> = None;
        for heading in self.headings.iter().copied().filter(|heading| !self.is_beside(heading, stated)) {
            if let Some(same) = titles().find(|title| is_the_same(title, heading)) {
                return Some(same);
            }
            let alike = titles().map(|title| likeness(title, heading)).max().unwrap_or_default();
            if best.is_none_or(|(most, _)| alike > most) {
                best = Some((alike, heading));
            }
        }
        let (alike, heading) = best?;
        let is_telling = heading.chars().count() >= TELLING;
        // Of several, most are headings of parts.
        (alike >= ALIKE || is_telling && self.are_first && self.headings.len() == 1).then_some(heading)
    }

    /// Whether it is what a title names beside its headline: the site, or a section of it.
    fn is_beside(&self, heading: &str, stated: &str) -> bool {
        let mut rests = self.stated.iter().filter_map(|title| {
            let is_first = title.starts_with(heading) && heading.chars().count() >= TELLING;
            site_name::beside(title, heading).filter(|_| !is_first)
        });
        rests.any(|rest| rest == stated || rest.len() > heading.len())
    }

    /// A headline that was cut short, as data with a limit does, in the words of a title or heading that goes on.
    fn whole(&self, stated: &str) -> Option<&str> {
        let begun = stated.strip_suffix('…').or_else(|| stated.strip_suffix("...")).map_or(stated, str::trim_end);
        let goes_on = |title: &&str| {
            let rest = title.strip_prefix(begun).unwrap_or_default();
            let rest = if begun.len() < stated.len() { rest } else { rest.strip_prefix(' ').unwrap_or_default() };
            rest.starts_with(char::is_alphanumeric)
        };
        let is_long = begun.chars().count() >= TELLING;
        self.headings.iter().copied().chain(self.titles.iter().map(String::as_str)).find(goes_on).filter(|_| is_long)
    }
}

/// Whether a heading says the same as a title, but for white space, and a kicker before it.
fn is_the_same(title: &str, heading: &str) -> bool {
    let packed = |text: &str| text.split_whitespace().collect::<String>();
    let (title, heading) = (packed(title), packed(heading));
    let kicker = heading.strip_suffix(title.as_str());
    kicker.is_some_and(|kicker| kicker.len() * 3 <= title.len() * 2)
}

/// How alike two texts are, of 100: by the pairs of neighbouring letters that they have in common, so that no words
/// have to be told apart.
fn likeness(one: &str, other: &str) -> usize {
    let pairs = |text: &str| {
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        letters.iter().copied().zip(letters.iter().copied().skip(1)).collect::<HashSet<(char, char)>>()
    };
    let (one, other) = (pairs(one), pairs(other));
    200 * one.intersection(&other).count() / (one.len() + other.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weburl::WebUrl;

    fn titled(html: &str, title: &str) -> String {
        let document = Document::parse(html, WebUrl::parse("https://www.mill.example/a").unwrap()).unwrap();
        let title = Text::new(title).unwrap();
        headline(&title, &SiteNames::of(&document), &document).unwrap_or(title).into()
    }

    #[test]
    fn the_heading_is_the_headline_where_it_says_the_same() {
        for (heading, title, expected) in [
            ("Goose leaves the mill by night", "Goose leaves mill at night: why", "Goose leaves the mill by night"),
            ("Ten ways to keep a goose happy", "What nobody told you about birds", "Ten ways to keep a goose happy"),
            ("Farm", "What nobody told you about birds", "What nobody told you about birds"),
            ("Farm news : Goose leaves", "Farm news: Goose leaves", "Farm news: Goose leaves"),
            ("On the farm - Goose leaves by night", "Goose leaves by night", "Goose leaves by night"),
            ("Geese for everybody who likes them", "Goose leaves", "Geese for everybody who likes them"),
        ] {
            assert_eq!(titled(&format!("<h1>{heading}</h1>"), title), expected, "{heading}");
        }
        let blog = "<title>Goose leaves the mill | The diary of a miller</title><h1>The diary of a miller</h1>";
        assert_eq!(titled(blog, "Goose leaves the mill"), "Goose leaves the mill");
        let aside = "<aside><h1>Goose leaves the mill by night</h1></aside>";
        assert_eq!(titled(aside, "Goose leaves the mill"), "Goose leaves the mill");
        let several = "<h1>One of the other birds</h1><h1>Goose leaves the old mill</h1>";
        assert_eq!(titled(several, "Goose leaves mill"), "Goose leaves the old mill");
    }

    #[test]
    fn data_knows_the_headline_but_may_cut_it_short() {
        let data = |headline: &str, heading: &str| {
            let head = "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"";
            titled(&format!("{head}{headline}\"}}</script><h1>{heading}</h1>"), headline)
        };
        assert_eq!(data("Goose leaves the mill", "A bird on the run, and no end"), "Goose leaves the mill");
        assert_eq!(data("Goose leaves the old m…", "Goose leaves the old mill"), "Goose leaves the old mill");
        assert_eq!(
            data("Goose leaves the old mill", "Goose leaves the old mill by night"),
            "Goose leaves the old mill by night"
        );
        assert_eq!(data("Goose leaves the old mill", "Goose leaves the old mill - Farm"), "Goose leaves the old mill");
    }
}
