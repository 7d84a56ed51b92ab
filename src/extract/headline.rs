//! What an article is called: as its data tells it, else as the heading that readers see, where that is about the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::headings::Headings;
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
    let page = Page::of(document, title, site);
    let stated = page.cut.as_ref().unwrap_or(title).as_ref();
    // What data calls the headline is what the editors call it. Other titles are made for search engines and networks.
    let is_told = !document.things().get("headline", false).is_empty();
    let better = if is_told { page.whole(stated).or_else(|| page.shown(stated)) } else { page.seen(stated) };
    better.and_then(Text::new).or(page.cut)
}

/// What a page may call its article.
struct Page {
    headings: Headings,
    /// The title that was found without the site's name, if it had one.
    cut: Option<Text>,
    /// The titles that it states, as they are.
    stated: Vec<String>,
    /// The same without the site's name.
    titles: Vec<String>,
}

impl Page {
    fn of(document: &Document, title: &Text, site: &SiteNames) -> Self {
        static TITLE: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("title").ok());
        let headings = Headings::of(document, site);
        let metas = ["og:title", "twitter:title"].into_iter().filter_map(|name| document.meta(name).first());
        let mut stated: Vec<String> = metas.map(|title| plain(title)).collect();
        // What only browsers are told names the site, too, which may have the heading of the first rank.
        let other = if stated.is_empty() { headings.other.as_slice() } else { &[] };
        stated.extend(TITLE.as_ref().and_then(|css| document.select(css).next()).map(line_text));
        let cut = |title: &str| site.without(title, headings.best.iter().chain(other));
        let titles = stated.iter().filter_map(|title| cut(title).or_else(|| Text::new(title)));
        Self { cut: cut(title.as_ref()), titles: titles.map(String::from).collect(), stated, headings }
    }

    /// The heading that says what the titles say.
    fn seen<'p>(&'p self, stated: &'p str) -> Option<&'p str> {
        let titles = || std::iter::once(stated).chain(self.titles.iter().map(String::as_str));
        let mut best: Option<(usize, &str)> = None;
        for heading in self.headings.best.iter().filter(|heading| !self.is_beside(heading, stated)) {
            if let Some(same) = titles().find(|title| is_the_same(title, heading)) {
                return Some(same);
            }
            let alike = titles().map(|title| likeness(title, heading)).max().unwrap_or_default();
            if best.is_none_or(|(most, _)| alike > most) {
                best = Some((alike, heading));
            }
        }
        if let [title] = self.titles.as_slice()
            && let Some(heading) = self.headings.best.iter().find(|heading| begins(title, heading))
        {
            return Some(heading);
        }
        let is_alike = best.is_some_and(|(alike, _)| alike >= ALIKE);
        let is_below = |title: &&str| self.headings.other.iter().any(|other| is_the_same(title, other));
        if let Some(title) = titles().find(is_below).filter(|_| !is_alike) {
            return Some(title);
        }
        let (_, heading) = best?;
        let is_telling = heading.chars().count() >= TELLING;
        // Of several, most are headings of parts.
        let is_headline = is_alike || is_telling && self.headings.are_first && self.headings.best.len() == 1;
        // Behind two kickers the same words are the headline.
        let is_bare = |end: &&str| {
            end.chars().count() >= TELLING && titles().any(|title| site_name::beside(title, end).is_some())
        };
        is_headline.then(|| site_name::ends(heading).find(is_bare).unwrap_or(heading))
    }

    /// The title that readers see, where that is not the one that data tells.
    fn shown(&self, told: &str) -> Option<&str> {
        let headings =
            || self.headings.best.iter().chain(&self.headings.other).filter(|one| !self.is_beside(one, told));
        if headings().any(|heading| is_the_same(told, heading)) {
            return None;
        }
        let is_shown = |title: &&String| headings().any(|heading| is_the_same(title, heading));
        self.titles.iter().filter(|title| title.chars().count() >= TELLING).find(is_shown).map(String::as_str)
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
        let goes_on = |title: &&String| {
            let rest = title.strip_prefix(begun).unwrap_or_default();
            let rest = if begun.len() < stated.len() { rest } else { rest.strip_prefix(' ').unwrap_or_default() };
            rest.starts_with(char::is_alphanumeric)
        };
        let is_long = begun.chars().count() >= TELLING;
        self.headings.best.iter().chain(&self.titles).find(goes_on).filter(|_| is_long).map(String::as_str)
    }
}

/// Whether a heading says the same as a title, but for white space, and a kicker before it.
fn is_the_same(title: &str, heading: &str) -> bool {
    let is_sign = |c: char| c.is_whitespace() || matches!(c, ':' | '\u{ad}' | '\u{200b}');
    let packed = |text: &str| text.chars().filter(|c| !is_sign(*c)).collect::<String>();
    let (title, heading) = (packed(title), packed(heading));
    let kicker = heading.strip_suffix(title.as_str());
    kicker.is_some_and(|kicker| kicker.len() * 3 <= title.len() * 2)
}

/// Whether a title goes on after a heading, with something else.
fn begins(title: &str, heading: &str) -> bool {
    title.starts_with(heading) && site_name::beside(title, heading).is_some()
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
        let (own, found) = ("Farm life » Goose leaves the mill by night", "Goose leaves the mill by night");
        let below = format!("<title>{own}</title><h1>Farm life</h1><h2>{found}</h2>");
        assert_eq!(titled(&below, own), found);
        assert_eq!(titled(&format!("<meta property=og:title content='{own}'>{below}"), own), own);
        let long = "Goose leaves - The news of all the farms";
        assert_eq!(titled(&format!("<title>{long}</title><h1>Goose leaves</h1>"), long), "Goose leaves");
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
    #[test]
    fn data_gives_way_to_a_title_that_readers_see() {
        let page = |heading: &str| {
            let data = "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"Goose: why it left\"}</script>";
            let networks = "<meta property=og:title content='Birds: the goose leaves its mill'>";
            titled(&format!("{data}{networks}{heading}"), "Goose: why it left")
        };
        let (told, shown) = ("Goose: why it left", "Birds: the goose leaves its mill");
        for (heading, expected) in [
            ("<h1>Birds: the goose leaves its mill</h1>", shown),
            ("<h1>The goose leaves</h1>", told),
            ("<h1>Goose: why it left</h1><h2>Birds: the goose leaves its mill</h2>", told),
            ("<nav><h1>Goose: why it left</h1></nav><h2>Birds: the goose leaves its mill</h2>", shown),
            (
                "<ol class=crumbs-Breadcrumb><li><h1>Goose: why it left</h1></ol><h2>Birds: the goose leaves its mill</h2>",
                shown,
            ),
            (
                "<article class=has-breadcrumb><h1>Goose: why it left</h1></article><h2>Birds: the goose leaves its mill</h2>",
                told,
            ),
            ("<h1>Farm - Birds: the goose leaves its mill</h1>", shown),
            ("<h1><span>Birds</span> <span>the goose leaves its mill</span></h1>", shown),
        ] {
            assert_eq!(page(heading), expected, "{heading}");
        }
    }

    #[test]
    fn kickers_before_one_headline_differ() {
        let page = |heading: &str, title: &str| {
            titled(&format!("<meta property=og:title content='{title}'><h1>{heading}</h1>"), title)
        };
        let (heading, title) = ("Night on the farm - Goose leaves the old mill", "A bird: Goose leaves the old mill");
        assert_eq!(page(heading, title), "Goose leaves the old mill");
        let (heading, title) = ("Goose leaves the old mill - and why", "A bird leaves the old mill: and why");
        assert_eq!(page(heading, title), heading);
    }
}
