//! The usual places: where pages say things when no rule tells where to look. Written in the rule language's own
//! terms, so that they are read, reported and explained like any other extractor.

use std::sync::LazyLock;

use regex::Regex;

use super::byline;
use crate::item::Field;
use crate::rule::{Css, Extractor, Json, JsonPath, Refinements, Source, Telling};

/// The usual extractors of an article's page, field by field, best first (DESIGN: JSON-LD, `<meta>`, markup).
pub(super) fn of_article() -> &'static [(Field, Vec<Extractor>)] {
    static USUAL: LazyLock<Vec<(Field, Vec<Extractor>)>> = LazyLock::new(|| {
        vec![
            (
                Field::Title,
                all(&[
                    json_ld("headline"),
                    meta("og:title"),
                    meta("twitter:title"),
                    marked("headline"),
                    css("title"),
                    css("h1"),
                ]),
            ),
            (Field::Published, all(&byline::published())),
            (
                Field::Updated,
                all(&[
                    json_ld("dateModified"),
                    meta("article:modified_time"),
                    meta("og:updated_time"),
                    meta("dateModified"),
                    marked("dateModified"),
                    css("time[itemprop=dateModified]"),
                ]),
            ),
            (
                Field::Category,
                all(&[
                    json_ld("articleSection"),
                    every(meta("article:tag")),
                    meta("article:section"),
                    marked("articleSection"),
                ]),
            ),
            (
                Field::Summary,
                all(&[json_ld("description"), meta("og:description"), meta("description"), marked("description")]),
            ),
            (Field::Image, all(&[json_ld("image"), meta("og:image"), meta("twitter:image"), marked("image")])),
            (Field::Enclosure, all(&media())),
            (Field::Language, all(&[css_attr(":scope", "lang"), meta("content-language")])),
        ]
    });
    &USUAL
}

/// The usual extractors of a listing's row.
pub(super) fn of_row() -> &'static [(Field, Vec<Extractor>)] {
    static USUAL: LazyLock<Vec<(Field, Vec<Extractor>)>> = LazyLock::new(|| {
        // A link into the page itself, as buttons have, leads to no article.
        let link = "a[href]:not([href^='#']):not([href^='javascript:' i])";
        let in_heading = ["h1", "h2", "h3", "h4", "h5", "h6"].map(|heading| format!("{heading} {link}")).join(", ");
        vec![
            (
                Field::Link,
                all(&[
                    css_attr(":scope", "href"),
                    marked("url"),
                    named("the link in the heading", css_attr(&in_heading, "href")),
                    named("the first link", css_attr(link, "href")),
                ]),
            ),
            (
                Field::Title,
                all(&[
                    marked("headline"),
                    named("the heading", css("h1, h2, h3, h4, h5, h6")),
                    named("the first link's text", css(link)),
                    named("the first link's title", css_attr(link, "title")),
                    css("a:scope"),
                ]),
            ),
            (Field::Published, all(&[marked("datePublished"), css_attr("time[datetime]", "datetime")])),
            (Field::Updated, all(&[marked("dateModified")])),
            (Field::Author, all(&[named_only(marked("author"))])),
            (Field::Summary, all(&[marked("description")])),
            (Field::Image, all(&[marked("image"), css("img")])),
            (Field::Enclosure, all(&[named("the player", css(PLAYERS)), named("a link to sound", css(SOUND))])),
        ]
    });
    &USUAL
}

/// The usual places of the title in a row whose rule names the link: where the link is, the title is likely to be. A
/// link that says only "more" has a heading before it.
pub(super) fn title_beside(link: &[Extractor]) -> Vec<Extractor> {
    let in_row = of_row().iter().find(|(field, _)| *field == Field::Title);
    let mut places: Vec<Extractor> = in_row.map(|(_, places)| places.clone()).unwrap_or_default();
    let beside = link.iter().filter(|extractor| matches!(extractor.source, Source::Css(_)));
    let text = |link: &Extractor| usual(link.source.clone(), "the link's text", Refinements::default());
    let after_heading = places.iter().position(|place| matches!(place.source, Source::Css(_))).map_or(0, |at| at + 1);
    places.splice(after_heading..after_heading, beside.map(text));
    places
}

/// What is played on the page: the first source of each player. What plays by itself without a sound is decoration.
const PLAYERS: &str = "audio[src], audio:not([src]) > source:nth-of-type(1), audio[data-src]:not([src]), \
    video[src]:not([autoplay][muted]), video:not([src]):not([autoplay][muted]) > source:nth-of-type(1)";

/// Links to files of sound, as podcasts have them.
const SOUND: &str = "a[href*='.mp3' i], a[href*='.m4a' i], a[href*='.ogg' i], a[href*='.opus' i]";

/// What belongs to the article, not to the page around it: of sound and video, the ones that are told about first.
fn media() -> Vec<Option<Extractor>> {
    let within =
        |of: &str| of.split(", ").map(|part| format!("article {part}, main {part}")).collect::<Vec<_>>().join(", ");
    let mut places: Vec<_> = ["associatedMedia.contentUrl", "audio.contentUrl", "video.contentUrl", "contentUrl"]
        .into_iter()
        .map(|path| every(json_ld(path)))
        .collect();
    places.extend(["og:audio:secure_url", "og:audio:url", "og:audio", "twitter:player:stream"].map(meta));
    places.extend(["og:video:secure_url", "og:video:url", "og:video"].map(meta));
    places.extend([
        named("the player", css(&within(PLAYERS))),
        named("the player of sound", css("audio[src], audio:not([src]) > source:nth-of-type(1)")),
        named("a link to sound", css(&within(SOUND))),
    ]);
    places
}

/// The fields of a feed's or a sitemap's row, by their own names.
pub(super) fn of_told() -> &'static [(Field, Vec<Extractor>)] {
    static TOLD: LazyLock<Vec<(Field, Vec<Extractor>)>> =
        LazyLock::new(|| Field::ALL.map(|field| (field, all(&[json(field.name(), "of the feed")]))).into());
    &TOLD
}

/// What a row of JSON is likely to call its link, its title and its date.
pub(crate) const JSON_LINKS: [&str; 6] = ["link", "url", "permalink", "canonical_url", "html_url", "href"];
pub(crate) const JSON_TITLES: [&str; 4] = ["title", "title.rendered", "headline", "name"];
pub(crate) const JSON_DATES: [&str; 12] = [
    "published",
    "published_at",
    "publishedAt",
    "date_published",
    "datePublished",
    "publish_date",
    "publishDate",
    "pubDate",
    "date_gmt",
    "date",
    "created_at",
    "createdAt",
];

/// What a row of JSON is likely to call its fields.
pub(super) fn of_json_row() -> &'static [(Field, Vec<Extractor>)] {
    static USUAL: LazyLock<Vec<(Field, Vec<Extractor>)>> = LazyLock::new(|| {
        let usual = |names: &[&str]| all(&names.iter().map(|name| json(name, "usual place")).collect::<Vec<_>>());
        vec![
            (Field::Link, usual(&JSON_LINKS)),
            (Field::Title, usual(&JSON_TITLES)),
            (Field::Published, usual(&JSON_DATES)),
            (Field::Author, usual(&["author.name", "author", "authors[*].name"])),
            (Field::Image, usual(&["image", "image_url", "imageUrl", "thumbnail", "thumbnail_url"])),
            (Field::Summary, usual(&["summary", "excerpt.rendered", "excerpt", "description"])),
        ]
    });
    &USUAL
}

/// A profile's address is no name.
fn named_only(place: Option<Extractor>) -> Option<Extractor> {
    let name = Regex::new(r"^[^/@]+$").ok();
    place.map(|mut extractor| {
        extractor.refine.matching = name;
        extractor
    })
}

/// A selector with a mistake would be left out here; the test below sees to it that none has one.
fn all(places: &[Option<Extractor>]) -> Vec<Extractor> {
    places.iter().flatten().cloned().collect()
}

fn usual(source: Source, written: &str, refine: Refinements) -> Extractor {
    Extractor { source, refine, written: format!("{written} (usual place)") }
}

#[expect(clippy::unnecessary_wraps, reason = "every kind of place is made alike, and a selector may be none")]
pub(super) fn json_ld(path: &str) -> Option<Extractor> {
    Some(usual(Source::Thing(Telling::JsonLd, path.to_owned()), &format!("JSON-LD {path}"), Refinements::default()))
}

#[expect(clippy::unnecessary_wraps, reason = "every kind of place is made alike, and a selector may be none")]
pub(super) fn marked(path: &str) -> Option<Extractor> {
    let source = Source::Thing(Telling::Markup, path.to_owned());
    Some(usual(source, &format!("microdata or microformats {path}"), Refinements::default()))
}

#[expect(clippy::unnecessary_wraps, reason = "every kind of place is made alike, and a selector may be none")]
pub(super) fn meta(name: &str) -> Option<Extractor> {
    Some(usual(Source::Meta(name.to_owned()), &format!("meta {name}"), Refinements::default()))
}

fn json(path: &str, place: &str) -> Option<Extractor> {
    let path = JsonPath::parse(path).ok()?;
    let written = format!("{path} ({place})");
    Some(Extractor {
        source: Source::Json(Json { path, script: None, attr: None }),
        refine: Refinements::default(),
        written,
    })
}

pub(super) fn css(selector: &str) -> Option<Extractor> {
    Some(usual(Source::Css(Css::parse(selector).ok()?), selector, Refinements::default()))
}

pub(super) fn css_attr(selector: &str, attr: &str) -> Option<Extractor> {
    let refine = Refinements { attr: Some(attr.to_owned()), ..Refinements::default() };
    Some(usual(Source::Css(Css::parse(selector).ok()?), &format!("{selector} @{attr}"), refine))
}

/// A place whose selector is too long to be read in an explanation.
pub(super) fn named(name: &str, place: Option<Extractor>) -> Option<Extractor> {
    place.map(|extractor| Extractor { written: format!("{name} (usual place)"), ..extractor })
}

fn every(place: Option<Extractor>) -> Option<Extractor> {
    place.map(|mut extractor| {
        extractor.refine.all = Some(true);
        extractor
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_place_compiles() {
        let count = |usual: &[(Field, Vec<Extractor>)]| usual.iter().map(|(_, places)| places.len()).sum::<usize>();
        assert_eq!(count(of_article()), 6 + 39 + 6 + 4 + 4 + 4 + 14 + 2);
        assert_eq!(count(of_row()), 4 + 5 + 2 + 1 + 1 + 1 + 2 + 2);
        assert_eq!(count(of_told()), Field::ALL.len());
        assert_eq!(count(of_json_row()), 6 + 4 + 12 + 3 + 5 + 4);
    }
}
