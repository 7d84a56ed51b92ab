//! The `<meta>` elements of a page, by name.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Document, attribute};
use crate::rule::Css;

/// The contents of a page's `<meta>` elements, by lower-case `name`, `property`, `itemprop` or `http-equiv`.
#[derive(Debug, Default)]
pub(super) struct Metas(HashMap<String, Vec<String>>);

impl Metas {
    pub(super) fn of(document: &Document) -> Self {
        static META: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("meta[content]").ok());
        let mut metas = Self::default();
        let Some(css) = META.as_ref() else { return metas };
        for meta in document.select(css).map(|meta| meta.value()) {
            let Some(content) = attribute(meta, "content").map(str::trim).filter(|content| !content.is_empty()) else {
                continue;
            };
            let names =
                ["name", "property", "itemprop", "http-equiv"].into_iter().filter_map(|key| attribute(meta, key));
            // `property` may hold several names (RDFa).
            for name in names.flat_map(str::split_ascii_whitespace) {
                let contents = metas.0.entry(name.to_ascii_lowercase()).or_default();
                if contents.last().is_none_or(|last| last != content) {
                    contents.push(content.to_owned());
                }
            }
        }
        metas
    }

    pub(super) fn get(&self, name: &str) -> &[String] {
        self.0.get(&name.to_ascii_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }
}
