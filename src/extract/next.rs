//! The next page of a list that no rule names.

use std::sync::LazyLock;

use crate::page::Document;
use crate::rule::Css;
use crate::weburl::WebUrl;

/// The address of the next page of the list that `document` shows, as `rel=next` states it (HTML, section 4.6.7).
pub(super) fn found(document: &Document) -> Option<WebUrl> {
    static STATED: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("link[rel~=next i], a[rel~=next i]").ok());
    let stated = document.select(STATED.as_ref()?).filter_map(|element| element.attr("href"));
    stated.filter_map(|href| document.base().join(href).ok()).find(|url| leads_away(document, url))
}

/// Whether an address is that of another page than the one at hand.
pub(super) fn leads_away(document: &Document, url: &WebUrl) -> bool {
    url.essence() != document.url().essence()
}
