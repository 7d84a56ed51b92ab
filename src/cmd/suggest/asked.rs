//! Asking a site's pages, on behalf of the one who wants a rule.

use crate::config::Site;
use crate::fetch::{FetchError, Fetched, Fetcher, Request};
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// Whoever asks: as the site would be asked once it is in the configuration.
pub(super) struct Asker<'s> {
    pub(super) fetcher: Fetcher,
    pub(super) site: &'s Site,
}

impl Asker<'_> {
    /// The page at `url`.
    pub(super) async fn page(&self, url: &WebUrl) -> Result<Page, FetchError> {
        let request = Request::plain(url, &self.site.url, &self.site.upstream);
        match self.fetcher.get(request).await? {
            Fetched::Page(page) => Ok(page),
            Fetched::NotModified { .. } => Err(FetchError::Protocol("it was answered without a page".to_owned())),
        }
    }
}
