//! The usual places: where pages say things when no rule tells where to look. Written in the rule language's own
//! terms, so that they are read, reported and explained like any other extractor.

use std::sync::LazyLock;

use regex::Regex;

use crate::item::Field;
use crate::rule::{Css, Extractor, Json, JsonPath, Refinements, Source, XPath};

/// The usual extractors of an article's page, field by field, best first (DESIGN: JSON-LD, `<meta>`, markup).
pub(super) fn of_article() -> &'static [(Field, Vec<Extractor>)] {
    static USUAL: LazyLock<Vec<(Field, Vec<Extractor>)>> = LazyLock::new(|| {
        vec![
            (
                Field::Title,
                all(&[json_ld("headline"), meta("og:title"), meta("twitter:title"), css("h1"), css("title")]),
            ),
            (Field::Published, all(&published())),
            (
                Field::Updated,
                all(&[
                    json_ld("dateModified"),
                    meta("article:modified_time"),
                    meta("og:updated_time"),
                    meta("dateModified"),
                    css("time[itemprop=dateModified]"),
                ]),
            ),
            (Field::Category, all(&[json_ld("articleSection"), every(meta("article:tag")), meta("article:section")])),
            (Field::Summary, all(&[json_ld("description"), meta("og:description"), meta("description")])),
            (Field::Image, all(&[json_ld("image"), meta("og:image"), meta("twitter:image")])),
            (Field::Language, all(&[css_attr("html", "lang"), meta("content-language")])),
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
                    named("the link in the heading", css_attr(&in_heading, "href")),
                    named("the first link", css_attr(link, "href")),
                ]),
            ),
            (
                Field::Title,
                all(&[
                    named("the heading", css("h1, h2, h3, h4, h5, h6")),
                    named("the first link's text", css(link)),
                    named("the first link's title", css_attr(link, "title")),
                    css("a:scope"),
                ]),
            ),
            (Field::Published, all(&[css_attr("time[datetime]", "datetime")])),
            (Field::Image, all(&[css("img")])),
        ]
    });
    &USUAL
}

/// The fields of a feed's or a sitemap's row, by their own names.
pub(super) fn of_told() -> &'static [(Field, Vec<Extractor>)] {
    static TOLD: LazyLock<Vec<(Field, Vec<Extractor>)>> =
        LazyLock::new(|| Field::ALL.map(|field| (field, all(&[json(field.name(), "of the feed")]))).into());
    &TOLD
}

/// What a row of JSON is likely to call its fields.
pub(super) fn of_json_row() -> &'static [(Field, Vec<Extractor>)] {
    static USUAL: LazyLock<Vec<(Field, Vec<Extractor>)>> = LazyLock::new(|| {
        let usual = |names: &[&str]| all(&names.iter().map(|name| json(name, "usual place")).collect::<Vec<_>>());
        vec![
            (Field::Link, usual(&["link", "url", "permalink", "canonical_url", "html_url", "href"])),
            (Field::Title, usual(&["title", "title.rendered", "headline", "name"])),
            (
                Field::Published,
                usual(&[
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
                ]),
            ),
            (Field::Author, usual(&["author.name", "author", "authors[*].name"])),
            (Field::Image, usual(&["image", "image_url", "imageUrl", "thumbnail", "thumbnail_url"])),
            (Field::Summary, usual(&["summary", "excerpt.rendered", "excerpt", "description"])),
        ]
    });
    &USUAL
}

fn published() -> Vec<Option<Extractor>> {
    const METAS: [&str; 24] = [
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "article:published",
        "datePublished",
        "parsely-pub-date",
        "sailthru.date",
        "cXenseParse:recs:publishtime",
        "cXenseParse:publishtime",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
        "dc.date",
        "dcterms.date",
        "citation_publication_date",
        "pubdate",
        "pub_date",
        "og:pubdate",
        "publish-date",
        "published",
        "published_at",
        "date.created",
        "dateCreated",
        "date",
    ];
    // A date with its year and not much more: what people see beside a headline, not the text under it. One without a
    // year, or an "hour ago", may be that of a teaser.
    let short = Regex::new(r"^.{0,40}(?:\b(?:19|20)\d\d|\d\d?[./-]\d\d?[./-]\d\d).{0,40}$").ok();
    let seen = [
        "[class*=publish i], [class*=pubdate i], [class*=posted i]",
        "article [class*=date i]:not([class*=update i]), main [class*=date i]:not([class*=update i])",
        "[class*=date i]:not([class*=update i]), [class*=datum i], [id*=date i]:not([id*=update i])",
        "article time, main time, time",
        "[class*=timestamp i], [class*=byline i], article [class*=meta i], article [class*=info i]",
    ];
    let mut places = vec![json_ld("datePublished")];
    places.extend(METAS.map(meta));
    places.extend([
        css("[itemprop=datePublished]"),
        css("[itemprop=dateCreated]"),
        css("time[pubdate]"),
        css("article time[datetime]"),
        css("main time[datetime]"),
        css("time[datetime]"),
        css_attr(".published[title]", "title"),
    ]);
    // By XPath, because its work is counted: sibling selectors look at every sibling of every element.
    let below = xpath("(//h1)[1]/following::*[count(*) < 3 and string-length() < 90]");
    let seen = seen.into_iter().map(css).chain([named("the first dates below the heading", below)]);
    places.extend(seen.map(|place| place.map(|place| with(place, short.as_ref(), None))));
    places
}

/// Where authors are named, best first: as data, then as readers see them.
pub(super) fn of_author() -> &'static [Extractor] {
    static USUAL: LazyLock<Vec<Extractor>> = LazyLock::new(|| {
        let data = [
            json_ld("author"),
            meta("author"),
            meta("article:author"),
            meta("dc.creator"),
            meta("parsely-author"),
            meta("sailthru.author"),
            meta("cXenseParse:author"),
            meta("citation_author"),
            css("[itemprop=author] [itemprop=name]"),
        ];
        let bylines = [
            "article header a[href*='/author']",
            "a[href*='/author/'], a[href*='/authors/']",
            "[class*=byline] a",
            "[class*=byline-name], [class*=byline__name]",
            "[class*=author-name], [class*=author__name], [class*=authorName]",
            ".author, .byline",
        ];
        // A profile's address is no name.
        let name = Regex::new(r"^(?:(?i:by)\s+)?([^/@(][^/@]*)$").ok();
        let short = Regex::new(r"^(?i:(?:(?:\w+ ){0,3}by|von|par|por|di):?\s+)?([^/@|\d(][^/@|\d]{1,40})$").ok();
        let data = data.into_iter().flatten().map(|place| with(place, name.as_ref(), None));
        // More than one only of those that say whose they are: teasers of other articles have bylines, too.
        let marked = css("[rel=author]").map(|place| with(place, short.as_ref(), None));
        let seen = bylines.into_iter().filter_map(css).map(|place| with(place, short.as_ref(), Some(false)));
        data.chain(marked).chain(seen).collect()
    });
    &USUAL
}

fn with(mut place: Extractor, matching: Option<&Regex>, all: Option<bool>) -> Extractor {
    place.refine.matching = matching.cloned();
    place.refine.all = all;
    place
}

/// A selector with a mistake would be left out here; the test below sees to it that none has one.
fn all(places: &[Option<Extractor>]) -> Vec<Extractor> {
    places.iter().flatten().cloned().collect()
}

fn usual(source: Source, written: &str, refine: Refinements) -> Extractor {
    Extractor { source, refine, written: format!("{written} (usual place)") }
}

#[expect(clippy::unnecessary_wraps, reason = "every kind of place is made alike, and a selector may be none")]
fn json_ld(path: &str) -> Option<Extractor> {
    Some(usual(Source::JsonLd(path.to_owned()), &format!("JSON-LD {path}"), Refinements::default()))
}

#[expect(clippy::unnecessary_wraps, reason = "every kind of place is made alike, and a selector may be none")]
fn meta(name: &str) -> Option<Extractor> {
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

fn xpath(expression: &str) -> Option<Extractor> {
    Some(usual(Source::XPath(XPath::parse(expression).ok()?), expression, Refinements::default()))
}

fn css(selector: &str) -> Option<Extractor> {
    Some(usual(Source::Css(Css::parse(selector).ok()?), selector, Refinements::default()))
}

fn css_attr(selector: &str, attr: &str) -> Option<Extractor> {
    let refine = Refinements { attr: Some(attr.to_owned()), ..Refinements::default() };
    Some(usual(Source::Css(Css::parse(selector).ok()?), &format!("{selector} @{attr}"), refine))
}

/// A place whose selector is too long to be read in an explanation.
fn named(name: &str, place: Option<Extractor>) -> Option<Extractor> {
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
        assert_eq!(count(of_article()), 5 + 38 + 5 + 3 + 3 + 3 + 2);
        assert_eq!(of_author().len(), 9 + 1 + 6);
        assert_eq!(count(of_row()), 3 + 4 + 1 + 1);
        assert_eq!(count(of_told()), Field::ALL.len());
        assert_eq!(count(of_json_row()), 6 + 4 + 12 + 3 + 5 + 4);
    }
}
