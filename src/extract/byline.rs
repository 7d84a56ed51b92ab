//! Who wrote an article, and when: as data tells it, then where readers see it.

use std::sync::LazyLock;

use regex::Regex;

use super::usual::{css, json_ld, marked, meta};
use crate::rule::Extractor;

/// Where data tells the date of publication, best first.
pub(super) fn published() -> Vec<Option<Extractor>> {
    const METAS: [&str; 34] = [
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "article:published",
        "article.published",
        "datePublished",
        "date_published",
        "parsely-pub-date",
        "sailthru.date",
        "cXenseParse:recs:publishtime",
        "cXenseParse:publishtime",
        "article_date_original",
        "originalpublicationdate",
        "publication_date",
        "publishdate",
        "publish-date",
        "publish_date",
        "publishtime",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
        "dc.date.created",
        "citation_publication_date",
        "citation_online_date",
        "pubdate",
        "pub_date",
        "og:pubdate",
        "bt:pubdate",
        "rbpubdate",
        "published",
        "published_at",
        "date.created",
        "dateCreated",
        "article.created",
    ];
    let mut places = vec![json_ld("datePublished")];
    places.extend(METAS.map(meta));
    places.extend([
        marked("datePublished"),
        css("[itemprop=datePublished]"),
        css("[itemprop=dateCreated]"),
        css("time[pubdate]"),
    ]);
    places
}

/// Where data tells a date, and not of what: that of publication or that of the last change.
pub(super) fn dated() -> &'static [Extractor] {
    static DATED: LazyLock<Vec<Extractor>> = LazyLock::new(|| {
        let places = ["dc.date", "dcterms.date", "citation_date", "date", "created", "timestamp"];
        places.into_iter().filter_map(meta).chain(css("time[datetime]")).collect()
    });
    &DATED
}

/// A name, without the "by" before it: a profile's address is none.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(?:(?i:by)\s+)?([^/@(][^/@]*)$").ok());

/// Where data names authors, best first.
pub(super) fn told() -> &'static [Extractor] {
    static TOLD: LazyLock<Vec<Extractor>> = LazyLock::new(|| {
        let places = [
            json_ld("author"),
            // Networks want an address here, and some say the person where `author` is the publisher.
            meta("article:author"),
            meta("author"),
            meta("dc.creator"),
            meta("parsely-author"),
            meta("sailthru.author"),
            meta("cXenseParse:author"),
            meta("citation_author"),
            meta("article_author"),
            meta("byl"),
            marked("author"),
            css("[itemprop=author] [itemprop=name]"),
        ];
        places.into_iter().flatten().map(|place| with(place, NAME.as_ref(), None)).collect()
    });
    &TOLD
}

/// Where readers see authors named, best first.
pub(super) fn seen() -> &'static [Extractor] {
    static SEEN: LazyLock<Vec<Extractor>> = LazyLock::new(|| {
        let bylines = [
            "article header a[href*='/author']",
            "a[href*='/author/'], a[href*='/authors/']",
            "[class*=byline] a",
            "[class*=byline-name], [class*=byline__name]",
            "[class*=author-name], [class*=author__name], [class*=authorName]",
            ".author, .byline",
        ];
        let short = Regex::new(r"^(?i:(?:(?:\w+ ){0,3}by|von|par|por|di):?\s+)?([^/@|\d(][^/@|\d]{1,40})$").ok();
        // More than one only of those that say whose they are: teasers of other articles have bylines, too.
        let said = css("[rel=author]").map(|place| with(place, short.as_ref(), None));
        let seen = bylines.into_iter().filter_map(css).map(|place| with(place, short.as_ref(), Some(false)));
        said.into_iter().chain(seen).collect()
    });
    &SEEN
}

fn with(mut place: Extractor, matching: Option<&Regex>, all: Option<bool>) -> Extractor {
    place.refine.matching = matching.cloned();
    place.refine.all = all;
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_place_compiles() {
        assert_eq!(published().iter().flatten().count(), 1 + 34 + 4);
        assert_eq!(dated().len(), 6 + 1);
        assert_eq!((told().len(), seen().len()), (12, 1 + 6));
    }
}
