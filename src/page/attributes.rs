//! The attributes of an element, by name.

use html5ever::tendril::StrTendril;
use html5ever::{LocalName, QualName, ns};
use scraper::node::Element;

/// The value of an attribute.
///
/// [`Element::attr`] makes an atom of the name first. For one that is not of HTML (`data-src`) that takes a lock, and memory
/// that is given back at once; the few names that an element has are sooner compared.
pub fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    attributes(element).find_map(|(other, value)| (other == name).then_some(value))
}

/// The attributes with plain names, in no order that means anything.
pub fn attributes(element: &Element) -> impl Iterator<Item = (&str, &str)> {
    let plain = element.attrs.iter().filter(|(name, _)| name.ns == ns!() && name.prefix.is_none());
    plain.map(|(name, value)| (&*name.local, &**value))
}

/// Sets or (with `None`) removes an attribute. The list must stay sorted: look-ups search it by halves.
pub fn set_attribute(element: &mut Element, name: &str, value: Option<&str>) {
    let name = QualName::new(None, ns!(), LocalName::from(name));
    match (element.attrs.binary_search_by(|(other, _)| other.cmp(&name)), value) {
        (Ok(at), Some(value)) => {
            if let Some(slot) = element.attrs.get_mut(at) {
                slot.1 = StrTendril::from_slice(value);
            }
        }
        (Ok(at), None) => {
            element.attrs.remove(at);
        }
        (Err(at), Some(value)) => element.attrs.insert(at, (name, StrTendril::from_slice(value))),
        (Err(_), None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Document;
    use crate::rule::Css;
    use crate::weburl::WebUrl;

    fn parse(text: &str) -> Document {
        Document::parse(text, WebUrl::parse("https://a.example/").unwrap()).unwrap()
    }

    #[test]
    fn attributes_are_set_and_found() {
        let mut document = parse("<img src=a data-src=b>");
        let css = Css::parse("img").unwrap();
        let id = document.select(&css).next().unwrap().id();
        document.change(id, |img| {
            set_attribute(img, "src", Some("c"));
            set_attribute(img, "alt", Some("d"));
            set_attribute(img, "data-src", None);
        });
        let img = document.select(&css).next().unwrap();
        assert_eq!((img.attr("src"), img.attr("alt"), img.attr("data-src")), (Some("c"), Some("d"), None));
    }

    #[test]
    fn only_plain_names_count() {
        let document = parse("<svg xlink:href=a xml:lang=b href=c><a xlink:href=d></a></svg>");
        let of = |css: &str, name: &str| {
            let css = Css::parse(css).unwrap();
            let element = document.select(&css).next().unwrap().value();
            assert_eq!(attribute(element, name), element.attr(name));
            attribute(element, name).map(str::to_owned)
        };
        assert_eq!((of("svg", "href").as_deref(), of("a", "href"), of("svg", "lang")), (Some("c"), None, None));
    }
}
