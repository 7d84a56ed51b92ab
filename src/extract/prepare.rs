//! Making a part of a page fit to leave it: lazy images become real ones, links absolute, counting pixels go.

use ego_tree::NodeId;
use scraper::{ElementRef, Node};

use super::{gallery, images};
use crate::page::{Document, set_attribute};
use crate::weburl::WebUrl;

/// Prepares everything below `id` for being taken out of the page.
pub(super) fn prepare(document: &mut Document, id: NodeId) {
    settle_noscripts(document, id);
    let base = document.base().clone();
    gallery::unfold(document, id, &base);
    for id in below(document, id, |name| matches!(name, "img" | "a" | "source" | "video" | "audio")) {
        let Some(element) = document.element(id) else { continue };
        match element.value().name() {
            "img" => prepare_image(document, id, &base),
            "a" => {
                let href = element.attr("href").and_then(|href| absolute(&base, href));
                document.change(id, |a| set_attribute(a, "href", href.as_deref()));
            }
            _ => prepare_media(document, id, &base),
        }
    }
}

/// The ids of the elements below `id` whose name is wanted, in the order of the page.
pub(super) fn below(document: &Document, id: NodeId, wanted: fn(&str) -> bool) -> Vec<NodeId> {
    let Some(top) = document.element(id) else { return Vec::new() };
    top.descendants()
        .filter(|node| matches!(node.value(), Node::Element(element) if wanted(element.name())))
        .map(|node| node.id())
        .collect()
}

/// A `<noscript>` with an image stands in for a lazy one: where the lazy one names its image, the stand-in goes;
/// where only a script knows it, the lazy one goes. A `<noscript>` without an image has nothing to say to readers.
fn settle_noscripts(document: &mut Document, id: NodeId) {
    for noscript in below(document, id, |name| name == "noscript") {
        let images = below(document, noscript, |name| name == "img");
        if images.is_empty() {
            document.cut(&[noscript]);
            continue;
        }
        let lazy = document.element(noscript).and_then(image_before);
        let named = lazy.and_then(|lazy| document.element(lazy)).is_some_and(|img| address(img).is_some());
        match lazy {
            Some(_) if named => document.cut(&[noscript]),
            Some(lazy) => {
                document.cut(&[lazy]);
                document.unwrap(noscript);
            }
            None => document.unwrap(noscript),
        }
    }
}

/// The image that a `<noscript>` stands in for: the element before it, or the only thing in it.
fn image_before(noscript: ElementRef<'_>) -> Option<NodeId> {
    let before = noscript.prev_siblings().find_map(ElementRef::wrap)?;
    if before.value().name() == "img" {
        return Some(before.id());
    }
    let mut images = before.descendent_elements().filter(|element| element.value().name() == "img");
    let only = images.next()?;
    let is_alone = images.next().is_none() && before.text().all(|text| text.trim().is_empty());
    is_alone.then(|| only.id())
}

fn address(img: ElementRef<'_>) -> Option<String> {
    images::source(img.value()).or_else(|| images::of_picture(img))
}

fn prepare_image(document: &mut Document, id: NodeId, base: &WebUrl) {
    let Some(img) = document.element(id) else { return };
    let src = address(img).and_then(|src| base.join(&src).ok()).filter(|_| !images::is_pixel(img.value()));
    let Some(src) = src else { return document.cut(&[id]) };
    let srcset = images::sizes(img.value(), base);
    document.change(id, |img| {
        set_attribute(img, "src", Some(src.as_str()));
        set_attribute(img, "srcset", srcset.as_deref());
    });
}

fn prepare_media(document: &mut Document, id: NodeId, base: &WebUrl) {
    let Some(media) = document.element(id) else { return };
    let join = |name: &str| media.attr(name).and_then(|value| base.join(value).ok()).map(String::from);
    let src = join("src").or_else(|| join("data-src"));
    let poster = join("poster");
    let srcset = images::sizes(media.value(), base);
    document.change(id, |media| {
        set_attribute(media, "src", src.as_deref());
        set_attribute(media, "poster", poster.as_deref());
        set_attribute(media, "srcset", srcset.as_deref());
    });
}

/// An absolute link without tracking; mail addresses stay, everything else that is not the web goes.
fn absolute(base: &WebUrl, href: &str) -> Option<String> {
    let href = href.trim();
    if href.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        return Some(href.to_owned());
    }
    base.join(href).ok().map(|url| url.without_tracking().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::clean;
    use crate::rule::Css;

    fn prepared(body: &str) -> String {
        let html = format!("<div id=top>{body}</div>");
        let mut document = Document::parse(&html, WebUrl::parse("https://a.example/blog/post").unwrap()).unwrap();
        let css = Css::parse("#top").unwrap();
        let id = document.select(&css).next().unwrap().id();
        prepare(&mut document, id);
        clean(&document.element(id).unwrap().inner_html()).map(String::from).unwrap_or_default()
    }

    #[test]
    fn fault_33_links_become_absolute() {
        for (html, expected) in [
            ("<a href='../x'>a</a>", "<a href=\"https://a.example/x\">a</a>"),
            ("<a href='//b.example/y'>a</a>", "<a href=\"https://b.example/y\">a</a>"),
            ("<a href='?q=1'>a</a>", "<a href=\"https://a.example/blog/post?q=1\">a</a>"),
            ("<a href='#note'>a</a>", "<a href=\"https://a.example/blog/post#note\">a</a>"),
            ("<a href='/a b/ü'>a</a>", "<a href=\"https://a.example/a%20b/%C3%BC\">a</a>"),
            ("<a href='mailto:x@a.example'>a</a>", "<a href=\"mailto:x@a.example\">a</a>"),
            ("<a href='java\nscript:alert(1)'>a</a>", "<a>a</a>"),
            (
                "<img src=i.png srcset='i.png 1x, /j.png 2x'>",
                "<img src=\"https://a.example/blog/i.png\" srcset=\"https://a.example/blog/i.png 1x, https://a.example/j.png 2x\">",
            ),
            (
                "<video src=v.mp4 poster=p.jpg></video>",
                "<video poster=\"https://a.example/blog/p.jpg\" src=\"https://a.example/blog/v.mp4\" controls=\"\"></video>",
            ),
        ] {
            assert_eq!(prepared(html), expected, "{html}");
        }
    }

    #[test]
    fn fault_34_pixels_and_tracking_go_and_signatures_stay() {
        assert_eq!(prepared("<p>a</p><img src=/t.gif width=1 height=1>"), "<p>a</p>");
        assert_eq!(prepared("<p>a</p><img src=/t.gif width=0 height=0>"), "<p>a</p>");
        assert_eq!(prepared("<p>a</p><img src=/t.gif style='width: 1px; height: 1px'>"), "<p>a</p>");
        assert_eq!(
            prepared("<a href='/x?id=1&utm_source=y&fbclid=z'>a</a>"),
            "<a href=\"https://a.example/x?id=1\">a</a>"
        );
        let signed = "<img src=\"https://i.example/p.jpg?utm_source=x&amp;Signature=abc%2F&amp;Expires=1\">";
        assert_eq!(prepared(signed), signed);
    }

    #[test]
    fn fault_35_lazy_images_are_real_in_the_content() {
        let real = "<img src=\"https://a.example/real.jpg\">";
        for html in [
            "<img src='data:image/gif;base64,R0lGOD' data-src=/real.jpg>",
            "<img class=lazy data-src=/real.jpg><noscript><img src=/real.jpg></noscript>",
            "<img class=lazy src=data:x><noscript><img src=/real.jpg></noscript>",
            "<noscript><img src=/real.jpg></noscript>",
        ] {
            assert_eq!(prepared(html), real, "{html}");
        }
        assert_eq!(
            prepared("<img data-srcset='/s.jpg 320w, /real.jpg 1280w'>"),
            "<img src=\"https://a.example/real.jpg\" srcset=\"https://a.example/s.jpg 320w, https://a.example/real.jpg 1280w\">"
        );
        assert_eq!(prepared("<p>a</p><noscript>Please enable JavaScript</noscript>"), "<p>a</p>");
    }
}
