//! What a page announces about its site: feeds, its language, and by which clock it tells the time.

use std::collections::HashSet;
use std::sync::LazyLock;

use scraper::{ElementRef, Selector};

use super::{Document, block_text, line_text};
use crate::item::Date;
use crate::limits;
use crate::weburl::WebUrl;

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Where it is.
    pub url: WebUrl,
    /// What the page calls it.
    pub title: Option<String>,
}

/// Whether that is a feed of comments, by its name or its address.
fn is_of_comments(url: &WebUrl, title: &str) -> bool {
    // "Comments", "Kommentare", "commentaires", "comentarios", "комментарии"; addresses have the English word.
    const WORDS: [&str; 11] = [
        "comment",
        "kommentar",
        "comentari",
        "comentár",
        "komentar",
        "komentář",
        "коммент",
        "reacties",
        "yorum",
        "コメント",
        "评论",
    ];
    let (address, title) = (url.as_str().to_lowercase(), title.to_lowercase());
    WORDS.iter().any(|word| title.contains(word)) || address.contains("comment") || address.contains("talkback")
}

impl Document {
    /// The feeds that the page names in its head, then those that it links to as such; feeds of comments are left out.
    pub fn feeds(&self) -> Vec<Announced> {
        static LINKS: LazyLock<Option<Selector>> =
            LazyLock::new(|| Selector::parse("link[href][rel~=alternate i], link[href][rel~=feed i]").ok());
        static ANCHORS: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("a[href]").ok());
        let (Some(links), Some(anchors)) = (LINKS.as_ref(), ANCHORS.as_ref()) else { return Vec::new() };
        let named = self.root().select(links).filter(|link| is_feed_type(*link));
        let named =
            named.filter_map(|link| Some((link.attr("href")?, link.attr("title").unwrap_or_default().to_owned())));
        let linked = self.root().select(anchors).filter_map(|anchor| {
            let href = anchor.attr("href").filter(|href| ends_as_feeds_do(href))?;
            Some((href, line_text(anchor)))
        });
        let mut known = HashSet::new();
        let mut found = Vec::new();
        for (href, title) in named.chain(linked) {
            let title = crate::text::shorten(title.trim(), limits::SHOWN_CHARS);
            let Ok(url) = self.base().join(href) else { continue };
            if is_of_comments(&url, &title) || !known.insert(url.essence()) {
                continue;
            }
            found.push(Announced { url, title: Some(title).filter(|title| !title.is_empty()) });
            if found.len() == limits::FEEDS_ANNOUNCED {
                break;
            }
        }
        found
    }

    /// The language that the page says it is in, as it writes it.
    pub fn language(&self) -> Option<String> {
        let root = self.root();
        let stated = root.attr("lang").or_else(|| root.attr("xml:lang")).map(str::to_owned);
        let metas = ["content-language", "language", "dc.language", "og:locale"];
        let told = || metas.iter().find_map(|name| self.meta(name).first().cloned());
        let marked = || self.things().get("inLanguage", false).into_iter().next();
        let written = stated.filter(|lang| !lang.trim().is_empty()).or_else(told).or_else(marked)?;
        let first = written.split([',', ';']).next().unwrap_or_default().trim().replace('_', "-");
        Some(first).filter(|language| !language.is_empty())
    }

    /// The language that its text looks like (ISO 639-1), if there is enough of it to tell.
    pub fn spoken(&self) -> Option<&'static str> {
        let text = block_text(self.root());
        let start = text.get(..text.floor_char_boundary(limits::SPOKEN_BYTES)).unwrap_or_default();
        let told = whatlang::detect(start).filter(whatlang::Info::is_reliable)?;
        iso_639_1(told.lang())
    }

    /// The moments that the page states together with an offset from UTC: in its `<meta>`, its JSON-LD and its `<time>`.
    pub fn moments(&self) -> Vec<Date> {
        static TIMES: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("time[datetime]").ok());
        let metas = ["article:published_time", "article:modified_time", "og:updated_time", "datepublished", "date"];
        let mut written: Vec<String> = metas.iter().flat_map(|name| self.meta(name).to_vec()).collect();
        for path in ["datePublished", "dateModified", "dateCreated", "uploadDate"] {
            written.extend(self.things().get(path, false));
        }
        let times = TIMES.as_ref().into_iter().flat_map(|times| self.root().select(times));
        written.extend(times.filter_map(|time| time.attr("datetime")).map(str::to_owned));
        written.iter().take(limits::MOMENTS).filter_map(|text| moment(text)).collect()
    }
}

fn is_feed_type(link: ElementRef<'_>) -> bool {
    let stated =
        link.attr("type").unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_feed = matches!(
        stated.as_str(),
        "application/rss+xml"
            | "application/atom+xml"
            | "application/feed+json"
            | "application/rdf+xml"
            | "text/rss+xml"
    );
    // `rel=feed` says so itself.
    is_feed || stated.is_empty() && link.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("feed"))
}

/// Whether an address ends in the way in which feeds' do: `/feed/`, `/rss`, `atom.xml`.
fn ends_as_feeds_do(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    matches!(
        last,
        "feed"
            | "rss"
            | "atom"
            | "feed.xml"
            | "rss.xml"
            | "atom.xml"
            | "index.xml"
            | "feed.json"
            | "feed.rss"
            | "feed.atom"
            | "index.rss"
            | "rss.php"
    )
}

/// A moment that is written with its offset, as machines do.
fn moment(text: &str) -> Option<Date> {
    const FORMS: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z"];
    let text = text.trim();
    // What `Z` says is no place's time.
    FORMS.iter().find_map(|form| Date::parse_from_str(text, form).ok()).filter(|_| !text.ends_with(['Z', 'z']))
}

fn iso_639_1(language: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang;
    Some(match language {
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Document {
        Document::parse(html, WebUrl::parse("https://mill.example/news/").unwrap()).unwrap()
    }

    #[test]
    fn feeds_are_those_of_articles() {
        let html = "<head><link rel=alternate type=application/rss+xml title='The Mill' href=/feed/>\
            <link rel=alternate type=application/rss+xml title='The Mill &raquo; Kommentar-Feed' href=/x/feed/>\
            <link rel=alternate type=application/rss+xml href=/comments/feed/>\
            <link rel=alternate type=application/json+oembed href=/oembed>\
            <link rel=alternate hreflang=fr href=/fr/>\
            <link rel='ALTERNATE' type='application/atom+xml; charset=utf-8' href=atom.xml></head>\
            <a href=/feed>RSS</a> <a href='/rss.xml?all=1'>All news</a> <a href=/feedback>Write to us</a>";
        let found: Vec<(String, Option<String>)> =
            page(html).feeds().into_iter().map(|feed| (feed.url.to_string(), feed.title)).collect();
        let url = |path: &str| format!("https://mill.example{path}");
        assert_eq!(
            found,
            [
                (url("/feed/"), Some("The Mill".to_owned())),
                (url("/news/atom.xml"), None),
                (url("/rss.xml?all=1"), Some("All news".to_owned())),
            ]
        );
    }

    #[test]
    fn the_language_is_what_the_page_says() {
        for (html, language) in [
            ("<html lang=pt-BR>", Some("pt-BR")),
            ("<html lang=''><meta property=og:locale content=de_AT>", Some("de-AT")),
            ("<meta http-equiv=Content-Language content='fr, en'>", Some("fr")),
            ("<script type=application/ld+json>{\"@type\": \"Blog\", \"inLanguage\": \"ja\"}</script>", Some("ja")),
            ("<p>", None),
        ] {
            assert_eq!(page(html).language().as_deref(), language, "{html}");
        }
    }

    #[test]
    fn a_text_tells_its_language() {
        let german = "<p>Der Müller hat gestern das Wehr gereinigt und dabei einen alten Schuh gefunden, den niemand \
            vermisst. Die Gänse haben sich darüber beschwert, dass es so lange gedauert hat.</p>";
        assert_eq!(page(german).spoken(), Some("de"));
        assert_eq!(page("<p>OK 17</p>").spoken(), None);
    }

    #[test]
    fn moments_have_an_offset_of_their_own() {
        let html = "<meta property=article:published_time content=2026-03-02T10:00:00+03:00>\
            <script type=application/ld+json>{\"@type\": \"Article\", \"dateModified\": \"2026-03-02T11:30:00+0300\"}</script>\
            <time datetime=2026-03-02></time><time datetime=2026-03-02T08:00:00Z></time><time datetime='soon'></time>";
        let found: Vec<String> = page(html).moments().iter().map(Date::to_rfc3339).collect();
        assert_eq!(found, ["2026-03-02T10:00:00+03:00", "2026-03-02T11:30:00+03:00"]);
    }
}
