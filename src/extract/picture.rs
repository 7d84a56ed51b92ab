//! What the page says about its lead image: what it shows, and whose it is.

use std::sync::LazyLock;

use ego_tree::NodeId;
use regex::Regex;
use scraper::ElementRef;

use super::images;
use crate::limits;
use crate::page::{Document, Element, line_text, plain};
use crate::rule::Css;
use crate::text::Text;
use crate::weburl::WebUrl;

/// How far above an image its caption may be.
const UP: usize = 4;
/// Characters of a file's name that tells one image from another; `1.jpg` may be any.
const NAME_CHARS: usize = 8;

/// Where captions stand, best first.
static CAPTIONS: LazyLock<Vec<Css>> = LazyLock::new(|| {
    let places = ["figcaption", "[itemprop=caption], [itemprop=description]", "[class*=caption i]"];
    places.into_iter().filter_map(|place| Css::parse(place).ok()).collect()
});

/// Where it stands whose an image is.
static CREDITS: LazyLock<Option<Css>> = LazyLock::new(|| {
    let places = "[itemprop=copyrightHolder], [itemprop=creditText], [itemprop=author], [class*=credit i], \
        [class*=copyright i], [class*=photographer i], [class*=byline i], figcaption cite, figcaption small";
    Css::parse(places).ok()
});

/// Characters of a credit; what is longer also tells what is to be seen.
const CREDIT_CHARS: usize = 80;

/// A caption and a credit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) caption: Option<Text>,
    pub(super) credit: Option<Text>,
}

/// The same as the page has them.
#[derive(Default)]
struct Raw {
    caption: Option<String>,
    credit: Option<String>,
}

/// What is told about `image`, which stands in `node` if a rule read it from there.
pub(super) fn told(document: &Document, image: &WebUrl, node: Option<NodeId>) -> Told {
    let is_it = |address: &str| document.base().join(address).is_ok_and(|other| is_same(&other, image));
    let node = node.and_then(|node| document.element(node)).or_else(|| shown(document, is_it));
    let beside = node.map(beside).unwrap_or_default();
    let stated = document.things().picture(is_it);
    let text = |text: Option<String>| text.map(|text| plain(&text));
    sorted(beside.caption.or_else(|| text(stated.caption)), beside.credit.or_else(|| text(stated.credit)))
}

/// A caption that only says whose the image is, is a credit; what says nothing is neither.
fn sorted(caption: Option<String>, credit: Option<String>) -> Told {
    static CREDIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = "image|photo|picture|foto|fotograf|bild|grafik|credit|source|quelle|crédit|imagen|immagine|фото";
        Regex::new(&format!(r"(?i)^\W*(?:(?:{words})s?\s*(?:credits?|courtesy|by|:)|©)")).ok()
    });
    let is_text = |text: &String| text.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some();
    let is_of_the_page = |text: &String| text.to_lowercase().contains("rights reserved");
    let brackets = |text: String| text.trim_matches(['(', ')', '[', ']', ' ']).to_owned();
    let credit = credit.filter(|text| is_text(text) && !is_of_the_page(text)).map(brackets);
    let caption = caption.filter(is_text);
    let is_credit = |text: &String| {
        let is_short = text.chars().count() <= CREDIT_CHARS && !text.contains(". ");
        is_short && CREDIT.as_ref().is_some_and(|credit| credit.is_match(text))
    };
    let (caption, credit) = match (caption, credit) {
        (Some(caption), None) if is_credit(&caption) => (None, Some(brackets(caption))),
        told => told,
    };
    let text = |text: Option<String>| Text::new(&text?);
    Told { caption: text(caption), credit: text(credit) }
}

/// Whether two addresses are those of one image, perhaps in two sizes.
fn is_same(one: &WebUrl, other: &WebUrl) -> bool {
    let name = |url: &WebUrl| {
        let file = url.as_url().path().rsplit('/').next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        // `loaf-300x200`, as WordPress names its sizes.
        let is_size = |end: &&str| {
            end.split('x').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) && end.contains('x')
        };
        let stem = stem.rsplit_once('-').filter(|(_, end)| is_size(end)).map_or(stem, |(stem, _)| stem);
        stem.to_owned()
    };
    one == other || name(one).chars().count() >= NAME_CHARS && name(one) == name(other)
}

/// The first `<img>` of that image.
fn shown(document: &Document, is_it: impl Fn(&str) -> bool) -> Option<Element<'_>> {
    static IMG: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("img").ok());
    let source = |img: &Element<'_>| images::source(img.value()).or_else(|| images::of_picture(*img));
    document.select(IMG.as_ref()?).take(limits::IMAGES).find(|img| source(img).is_some_and(|address| is_it(&address)))
}

/// What stands beside an image: in its figure, else in what is close around it and holds no other image.
fn beside(image: Element<'_>) -> Raw {
    let around = || image.ancestors().filter_map(ElementRef::wrap).take(UP);
    let is_figure = |element: &Element<'_>| element.value().name() == "figure";
    let close = || around().take_while(|element| !is_crowded(*element)).last();
    let Some(frame) = around().find(is_figure).or_else(close) else { return Raw::default() };
    let credit =
        CREDITS.as_ref().and_then(|places| first(frame, places)).map(line_text).filter(|credit| !credit.is_empty());
    let caption = CAPTIONS.iter().find_map(|place| first(frame, place)).map(line_text);
    let caption = caption.map(|caption| match &credit {
        Some(credit) => without(&caption, credit),
        None => caption,
    });
    Raw { caption, credit }
}

/// Whether an element holds more than one image, or a text of its own: then a caption in it may be anyone's.
fn is_crowded(element: Element<'_>) -> bool {
    let mut images = 0;
    element.descendent_elements().any(|inner| match inner.value().name() {
        "img" => {
            images += 1;
            images > 1
        }
        "p" => inner.value().attr("class").is_none(),
        "article" | "main" | "body" | "h1" => true,
        _ => false,
    })
}

fn first<'d>(frame: Element<'d>, css: &'static Css) -> Option<Element<'d>> {
    frame.select(css.compiled()).next()
}

/// A caption without the credit at one of its ends.
fn without(caption: &str, credit: &str) -> String {
    let rest = caption.strip_suffix(credit).or_else(|| caption.strip_prefix(credit)).unwrap_or(caption);
    let rest = rest.trim().trim_end_matches(['|', '/', '-', '–', '—', '(', '·']).trim();
    rest.to_owned()
}
