//! Galleries: the pictures that only a script would show, or that a thumbnail leads to, become images of the page.

use ego_tree::NodeId;
use html5ever::{QualName, local_name, ns};

use super::images;
use super::prepare::below;
use crate::page::{Document, Element, attribute, set_attribute};
use crate::weburl::WebUrl;

/// Attributes in which galleries keep the address of a picture.
const FULL: [&str; 8] = [
    "data-full",
    "data-src",
    "data-image",
    "data-large",
    "data-original",
    "data-bg",
    "data-background",
    "data-background-image",
];

/// Makes every picture of the galleries below `id` an image.
pub(super) fn unfold(document: &mut Document, id: NodeId, base: &WebUrl) {
    for id in below(document, id, |name| matches!(name, "a" | "div" | "li" | "span" | "figure")) {
        let Some(element) = document.element(id) else { continue };
        let pictures: Vec<Element<'_>> = element.descendent_elements().skip(1).take(2).collect();
        if element.value().name() == "a"
            && let [img] = pictures.as_slice()
            && img.value().name() == "img"
        {
            enlarge(document, id, img.id(), base);
        } else if is_empty(element)
            && let Some(address) = picture_of(element, base)
        {
            document.change(id, |element| {
                element.name = QualName::new(None, ns!(html), local_name!("img"));
                set_attribute(element, "src", Some(address.as_str()));
            });
        }
    }
}

/// A thumbnail that leads to a picture is that picture: unless it comes in several sizes, of which readers choose one.
fn enlarge(document: &mut Document, link: NodeId, img: NodeId, base: &WebUrl) {
    let full = document.element(link).and_then(|link| link.attr("href").and_then(|href| image_at(href, base)));
    let has_sizes = document.element(img).is_some_and(|img| images::sizes(img.value(), base).is_some());
    if let Some(full) = full.filter(|_| !has_sizes) {
        document.change(img, |img| {
            images::forget(img);
            set_attribute(img, "src", Some(full.as_str()));
        });
    }
}

/// The picture that an empty element stands for.
fn picture_of(element: Element<'_>, base: &WebUrl) -> Option<WebUrl> {
    let named = FULL.iter().chain(&["href"]).filter_map(|name| attribute(element.value(), name));
    let styled = attribute(element.value(), "style").filter(|_| is_slide(element)).and_then(background);
    named.chain(styled).find_map(|address| image_at(address, base))
}

/// The address in `background-image: url(..)`.
fn background(style: &str) -> Option<&str> {
    let (_, rest) = style.split_once("background")?;
    let (_, rest) = rest.split_once("url(")?;
    let (address, _) = rest.split_once(')')?;
    Some(address.trim().trim_matches(['"', '\'']))
}

/// The address of a picture, by its ending.
fn image_at(address: &str, base: &WebUrl) -> Option<WebUrl> {
    let url = base.join(address).ok()?;
    let (_, ending) = url.as_url().path().rsplit_once('.')?;
    let is_image = ["jpg", "jpeg", "png", "webp", "avif", "gif"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    is_image.then_some(url)
}

/// Whether there is nothing in an element to be read or seen.
fn is_empty(element: Element<'_>) -> bool {
    element.child_elements().next().is_none() && element.text().all(|text| text.trim().is_empty())
}

/// Whether an element says that it is a picture: the background of another is decoration.
fn is_slide(element: Element<'_>) -> bool {
    const WORDS: [&str; 7] = ["gallery", "slide", "swiper", "carousel", "photo", "image", "picture"];
    element.value().classes().any(|class| {
        let class = class.to_ascii_lowercase();
        WORDS.iter().any(|word| class.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::clean;
    use crate::extract::prepare::prepare;
    use crate::rule::Css;

    fn images(body: &str) -> Vec<String> {
        let base = WebUrl::parse("https://a.example/").unwrap();
        let mut document = Document::parse(&format!("<div id=top>{body}</div>"), base.clone()).unwrap();
        let id = document.select(&Css::parse("#top").unwrap()).next().unwrap().id();
        prepare(&mut document, id);
        let clean = clean(&document.element(id).unwrap().inner_html()).map(String::from).unwrap_or_default();
        let document = Document::parse(&clean, base).unwrap();
        document.select(&Css::parse("img").unwrap()).filter_map(|img| img.attr("src").map(str::to_owned)).collect()
    }

    #[test]
    fn every_picture_of_a_gallery_is_an_image() {
        for gallery in [
            "<a href=/1.jpg><img src=/1-150x150.jpg width=150></a><a href=/2.jpg><img data-src=/2-s.jpg src=data:x></a>",
            "<ul><li data-src=/1.jpg></li><li data-src=/2.jpg> </li></ul>",
            "<a class=fancybox href=/1.jpg></a><a class=fancybox href=/2.jpg></a>",
            "<div class=slide style=\"background-image: url('/1.jpg')\"></div><div class=slide style='background:url(/2.jpg) no-repeat'></div>",
            "<div><img class=lazy data-lazy-src=/1.jpg></div><div><img data-original=/2.jpg src=/blank.gif></div>",
        ] {
            assert_eq!(images(gallery), ["https://a.example/1.jpg", "https://a.example/2.jpg"], "{gallery}");
        }
    }

    #[test]
    fn what_is_no_gallery_stays() {
        for (html, expected) in [
            ("<p>x</p><a href=/article><img src=/s.jpg></a>", vec!["https://a.example/s.jpg"]),
            ("<a href=/big.jpg><img src=/s.jpg srcset='/s.jpg 1x, /m.jpg 2x'></a>", vec!["https://a.example/s.jpg"]),
            (
                "<p>x</p><div style='background:url(/paper.png)'></div><a href=/report.pdf></a><div data-src=/frame.html></div>",
                vec![],
            ),
            ("<a href=/map.png>The map</a>", vec![]),
        ] {
            assert_eq!(images(html), expected, "{html}");
        }
    }
}
