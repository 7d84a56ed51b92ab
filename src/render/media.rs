//! An item's lead image in the words of Media RSS, which RSS and Atom share.

use std::collections::BTreeMap;

use super::valid;
use crate::item::Item;

/// The namespace of Media RSS; the slash at its end is part of it.
pub(super) const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// One element: its name, its text, its attributes, its children by local name.
pub(super) type Element<E> = (String, Option<String>, BTreeMap<String, String>, BTreeMap<String, Vec<E>>);

/// `media:content` for the lead image, with what it shows and whose it is; `element` makes an element of either
/// library's.
pub(super) fn content<E>(item: &Item, element: impl Fn(Element<E>) -> E) -> Option<E> {
    let fields = &item.fields;
    let image = fields.image.as_ref()?;
    let texts = [("description", &fields.image_caption), ("credit", &fields.image_credit)];
    let children = texts.into_iter().filter_map(|(name, text)| {
        let text = text.as_ref()?.to_string();
        Some((name.to_owned(), vec![element((format!("media:{name}"), Some(text), BTreeMap::new(), BTreeMap::new()))]))
    });
    let mut attributes =
        BTreeMap::from([("medium".to_owned(), "image".to_owned()), ("url".to_owned(), valid::uri(image))]);
    if let Some(image_type) = valid::image_type(image) {
        attributes.insert("type".to_owned(), image_type.to_owned());
    }
    Some(element(("media:content".to_owned(), None, attributes, children.collect())))
}
