//! The image that an `<img>` means, as opposed to the placeholder that it shows before a script has run.

use scraper::ElementRef;
use scraper::node::Element;

use crate::page::{attribute, set_attribute};
use crate::weburl::WebUrl;

/// Attributes in which lazy images keep their address.
const LAZY: [&str; 14] = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-orig-file",
    "data-large-file",
    "data-full-src",
    "data-hi-res-src",
    "data-img-src",
    "data-image",
    "data-image-src",
    "data-lazy",
    "data-echo",
    "data-url",
    "data-actualsrc",
];

/// Attributes in which lazy images keep their list of sizes.
const LAZY_SETS: [&str; 3] = ["data-srcset", "data-lazy-srcset", "data-original-set"];

/// The address of the image that `img` (or a `<source>`) stands for, as written; `None` if only a script knows it.
pub(super) fn source(img: &Element) -> Option<String> {
    let src = attribute(img, "src").map(str::trim).filter(|src| !src.is_empty());
    let lazy = LAZY.iter().filter_map(|name| attribute(img, name)).map(str::trim).find(|value| is_address(value));
    if let Some(lazy) = lazy {
        return Some(lazy.to_owned());
    }
    let mut sets = LAZY_SETS.iter().chain(&["srcset"]).filter_map(|name| attribute(img, name));
    match src {
        Some(src) if !is_placeholder(src) => Some(src.to_owned()),
        _ => sets.find_map(largest).or_else(|| src.filter(|src| !src.starts_with("data:")).map(str::to_owned)),
    }
}

/// Takes everything away that names the image or its size, for another image to take its place.
pub(super) fn forget(img: &mut Element) {
    for name in LAZY.iter().chain(&LAZY_SETS).chain(&["src", "srcset", "sizes", "width", "height"]) {
        set_attribute(img, name, None);
    }
}

/// The list of sizes that `element` stands for, every address absolute.
pub(super) fn sizes(element: &Element, base: &WebUrl) -> Option<String> {
    let written = LAZY_SETS.iter().chain(&["srcset"]).find_map(|name| attribute(element, name))?;
    let absolute: Vec<String> = candidates(written)
        .filter_map(|(address, size)| {
            let url = base.join(address).ok()?;
            Some(if size.is_empty() { url.to_string() } else { format!("{url} {size}") })
        })
        .collect();
    (!absolute.is_empty()).then(|| absolute.join(", "))
}

/// Whether it is there to be counted, not to be seen: at most one pixel wide or high.
pub(super) fn is_pixel(img: &Element) -> bool {
    let at_most_one =
        |name| attribute(img, name).is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"));
    at_most_one("width") && at_most_one("height")
        || attribute(img, "style").is_some_and(|style| {
            let style: String = style.to_ascii_lowercase().split_whitespace().collect();
            ["width:1px", "width:0"].iter().any(|part| style.contains(part))
                && ["height:1px", "height:0"].iter().any(|part| style.contains(part))
        })
}

/// The largest image of the `<picture>` that `img` stands in, for an `<img>` that names none itself.
pub(super) fn of_picture(img: ElementRef<'_>) -> Option<String> {
    let picture = img.parent().and_then(ElementRef::wrap).filter(|parent| parent.value().name() == "picture")?;
    let mut sources = picture.child_elements().filter(|child| child.value().name() == "source");
    sources.find_map(|child| source(child.value()))
}

/// The largest of the candidates of a `srcset` (HTML, section 4.8.4.2.1).
fn largest(srcset: &str) -> Option<String> {
    let size = |size: &str| size.trim_end_matches(['w', 'x', 'h']).parse::<f32>().unwrap_or(1.0);
    candidates(srcset)
        .filter(|(address, _)| !is_placeholder(address))
        .max_by(|(_, a), (_, b)| size(a).total_cmp(&size(b)))
        .map(|(address, _)| address.to_owned())
}

/// Pairs of address and size. An address may hold commas; only one at its end, or one after white space, separates.
fn candidates(srcset: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if let Some(address) = word.strip_suffix(',') {
            rest = after;
            return Some((address, ""));
        }
        let (size, after) = after.split_once(',').unwrap_or((after, ""));
        rest = after;
        Some((word, size.trim()))
    })
}

fn is_address(value: &str) -> bool {
    !value.is_empty() && !value.starts_with(['{', '[']) && value.contains(['/', '.']) && !is_placeholder(value)
}

fn is_placeholder(src: &str) -> bool {
    const NAMES: [&str; 7] = ["blank.gif", "spacer.", "placeholder", "transparent.", "pixel.", "1x1.", "lazyload"];
    let src = src.to_ascii_lowercase();
    src.starts_with("data:") || src == "about:blank" || NAMES.iter().any(|name| src.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Document;
    use crate::rule::Css;

    fn of(html: &str) -> Option<String> {
        let document = Document::parse(html, WebUrl::parse("https://a.example/").unwrap()).unwrap();
        let css = Css::parse("img").unwrap();
        document.select(&css).next().and_then(|img| source(img.value()).or_else(|| of_picture(img)))
    }

    #[test]
    fn the_real_image_is_found() {
        for (html, expected) in [
            ("<img src=/a.jpg>", "/a.jpg"),
            ("<img src=data:image/gif;base64,R0 data-src=/b.jpg>", "/b.jpg"),
            ("<img src=/blank.gif srcset='/s.jpg 320w, /l.jpg 1280w, /m.jpg 640w'>", "/l.jpg"),
            ("<img data-srcset='/s.jpg 1x, /l.jpg 2x'>", "/l.jpg"),
            ("<img src=/low.jpg data-original=/high.jpg>", "/high.jpg"),
            ("<img src=/a.jpg data-src='{\"x\":1}'>", "/a.jpg"),
            ("<picture><source srcset='/p.webp 1x'><img src=data:x></picture>", "/p.webp"),
            ("<img src=/placeholder.svg>", "/placeholder.svg"),
        ] {
            assert_eq!(of(html).as_deref(), Some(expected), "{html}");
        }
        assert_eq!(of("<img src=data:image/png;base64,xyz>"), None);
    }

    #[test]
    fn commas_in_addresses() {
        let list: Vec<_> = candidates("/a,b_1.jpg 1x, /c.jpg, /d,e.jpg 2x").collect();
        assert_eq!(list, [("/a,b_1.jpg", "1x"), ("/c.jpg", ""), ("/d,e.jpg", "2x")]);
    }
}
