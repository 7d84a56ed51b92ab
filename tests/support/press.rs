//! A news site of ours before and after its redesign, marked up as a real one was in its two generations: other classes, other
//! addresses, the same articles.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::origin::Origin;
use super::script::Script;

/// How the site's pages are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Until 2021: `b-plainlist`, and addresses that begin with the section.
    First,
    /// Since then: `list__item`, and addresses that end in `.html`.
    Second,
    /// One that there never was.
    Third,
}

/// An article's number tells everything about it: higher ones are newer.
pub type Number = usize;

const SUBJECTS: [&str; 8] = [
    "Ferry",
    "Harbour Master",
    "Bell Tower",
    "Tram Depot",
    "Salt Market",
    "Night Watch",
    "Paper Mill",
    "Weather Station",
];
const EVENTS: [&str; 7] = [
    "Reopens After Long Repairs",
    "Counts Its Visitors Twice",
    "Is Painted Green by Mistake",
    "Answers a Letter From 1912",
    "Wins a Prize for Patience",
    "Loses Its Key in the Snow",
    "Moves Two Streets to the West",
];

pub fn title(n: Number) -> String {
    format!("{} {}", SUBJECTS[n % SUBJECTS.len()], EVENTS[n % EVENTS.len()])
}

fn slug(n: Number) -> String {
    title(n).to_lowercase().replace(' ', "-")
}

/// When it was published: a day has three articles.
pub fn published(n: Number) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2026-11-01T06:15:00Z".parse().unwrap();
    first + TimeDelta::hours(8 * i64::try_from(n).unwrap())
}

fn key(n: Number) -> usize {
    1_124_900_000 + n
}

/// The path of an article.
pub fn path(generation: Generation, n: Number) -> String {
    let (day, slug, key) = (published(n).format("%Y%m%d"), slug(n), key(n));
    match generation {
        Generation::First => format!("/world/{day}{key}-{slug}/"),
        Generation::Second | Generation::Third => format!("/{day}/{slug}-{key}.html"),
    }
}

/// The page of the section, with these articles.
pub fn listing(generation: Generation, articles: impl DoubleEndedIterator<Item = Number> + Clone) -> String {
    let mut rows = String::new();
    for n in articles.clone().rev() {
        let (path, title, date) = (path(generation, n), title(n), published(n) + TimeDelta::hours(3));
        let date = date.format("%H:%M %d.%m.%Y");
        let _ = match generation {
            Generation::First => writeln!(
                rows,
                "<li class=\"b-plainlist__item\"><div class=\"b-plainlist__pic\"><a href=\"{path}\"><img src=\"/img/{n}.jpg\"></a></div>\
                 <div class=\"b-plainlist__info\"><h2 class=\"b-plainlist__title\"><a href=\"{path}\">{title}</a></h2>\
                 <div class=\"b-plainlist__announce\"><p>What is known about number {n} so far.</p></div>\
                 <span class=\"b-plainlist__date\">{date}</span></div></li>"
            ),
            Generation::Second => writeln!(
                rows,
                "<div class=\"list__item\"><div class=\"list__content\"><a class=\"list__pic\" href=\"{path}\" tabindex=\"-1\">\
                 <img src=\"/img/{n}.jpg\" alt=\"\"></a><a class=\"list__title\" href=\"{path}\" title=\"{title}\">{title}</a></div>\
                 <div class=\"list__info\"><div class=\"list__info-item\" data-type=\"date\">{date}</div></div>\
                 <div class=\"list__tags\"><a href=\"/tag_north/\">North</a></div></div>"
            ),
            Generation::Third => writeln!(
                rows,
                "<article class=\"card\"><a class=\"card__link\" href=\"{path}\"><h3 class=\"card__name\">{title}</h3></a>\
                 <span class=\"card__when\">{date}</span></article>"
            ),
        };
    }
    let most_read: String = articles
        .rev()
        .skip(3)
        .take(3)
        .map(|n| format!("<li><a href=\"{}\">{}</a></li>", path(generation, n), title(n)))
        .collect();
    let sections: String =
        ["World", "Business", "Science", "Opinion"].map(|name| format!("<a href=\"/{name}/\">{name}</a>")).concat();
    match generation {
        Generation::First => format!(
            "<!DOCTYPE html><html><head><title>World: The Quay</title></head><body class=\"page_type_list\">\
             <div class=\"b-header\"><div class=\"b-header__nav\">{sections}</div></div><div class=\"b-content\">\
             <h1 class=\"b-title\">World</h1><ul class=\"b-plainlist__list\">\n{rows}</ul>\
             <div class=\"b-right\"><ul class=\"b-most-read\">{most_read}</ul></div></div>\
             <div class=\"b-footer\"><a href=\"/docs/about/\">About us</a></div></body></html>"
        ),
        Generation::Second => format!(
            "<!DOCTYPE html><html><head><title>World: The Quay</title></head><body class=\"m-light\">\
             <div class=\"header\"><div class=\"header__menu\">{sections}</div></div><div class=\"layout\">\
             <div class=\"title\"><h1 class=\"title__text\">World</h1></div><div class=\"list list-tag\">\n{rows}</div>\
             <div class=\"floor__aside\"><ul class=\"popular\">{most_read}</ul></div></div>\
             <div class=\"footer\"><a href=\"/docs/about/\">About us</a></div></body></html>"
        ),
        Generation::Third => format!(
            "<!DOCTYPE html><html><head><title>World: The Quay</title></head><body><nav id=\"menu\">{sections}</nav>\
             <main id=\"wall\">\n{rows}</main><footer><a href=\"/docs/about/\">About us</a></footer></body></html>"
        ),
    }
}

/// The page of an article.
pub fn article(generation: Generation, n: Number) -> String {
    let (title, unix) = (title(n), published(n).timestamp());
    let text =
        format!("The quay has talked of nothing but number {n} since the morning, and the gulls have talked back.");
    match generation {
        Generation::First => format!(
            "<!DOCTYPE html><html><head><title>{title}</title><meta name=\"analytics:p_ts\" content=\"{unix}\"></head><body>\
             <div class=\"b-article\"><div class=\"b-article__header-title\"><h1 itemprop=\"name\">{title}</h1></div>\
             <a rel=\"author\" href=\"/authors/mole/\">Ida Mole</a>\
             <div class=\"b-article__text\" itemprop=\"articleBody\"><p>{text}</p></div></div></body></html>"
        ),
        Generation::Second | Generation::Third => format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><div class=\"article\">\
             <h1 class=\"article__title\">{title}</h1><div class=\"article__info-date\"><a data-unixtime=\"{unix}\">then</a></div>\
             <div itemprop=\"author\"><div itemprop=\"name\">Ida Mole</div></div>\
             <div class=\"article__body\"><div class=\"article__block\" data-type=\"text\"><div class=\"article__text\"><p>{text}</p></div></div>\
             <div class=\"article__block\" data-type=\"article\">Related: gulls</div></div></div></body></html>"
        ),
    }
}

/// Puts the site on the origin: the section's page with these articles, and each of them.
pub fn publish(origin: &Origin, generation: Generation, articles: impl DoubleEndedIterator<Item = Number> + Clone) {
    for n in articles.clone() {
        origin.on(&path(generation, n), Script::html(article(generation, n)));
    }
    origin.on("/world/", Script::html(listing(generation, articles)));
}

/// The rule of the first generation's list, for articles of both, as one writes it who has seen them change.
pub fn toml(origin: &Origin, more: &str) -> String {
    format!(
        "[sites.mill]  # the paper\ntitle = \"The Quay\"\nurl = \"{}\"\ntimezone = \"Europe/Moscow\"\nallow_private = [\"{}\"]\n{more}\n{LISTING}\n\
         {ARTICLE}\n[fetch]\ngap = \"0s\"\n",
        origin.url("/world/"),
        origin.address(),
    )
}

/// The listing's table.
pub const LISTING: &str = "[sites.mill.listing]
# As it has been since 2014.
item = \".b-plainlist__item\"
link = \".b-plainlist__title a @href\"  # the picture has the same
title = \".b-plainlist__title\"
published = { css = \".b-plainlist__date\", format = \"%H:%M %d.%m.%Y\" }
";

/// The article's table.
pub const ARTICLE: &str = "[sites.mill.article]
title = [\"h1.article__title\", \"h1[itemprop=name]\"]
published = [
  { css = \".article__info-date a[data-unixtime]\", attr = \"data-unixtime\", format = \"unix\" },
  { meta = \"analytics:p_ts\", format = \"unix\" },
]
author = [\"[itemprop=author] [itemprop=name]\", \"a[rel=author]\"]
content = [\".article__body\", \".b-article__text\"]
remove = [\"[data-type=article]\"]
id = { url = '-(\\d{7,})\\.html$|/\\d{8}(\\d{7,})-' }
";
