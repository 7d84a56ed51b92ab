//! Asking a site's pages, on behalf of the one who wants a rule.

use tokio::time::{Instant, timeout_at};

use crate::config::Site;
use crate::fetch::{FetchError, Fetched, Fetcher, Request};
use crate::limits;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// Whoever asks: as the site would be asked once it is in the configuration.
pub(super) struct Asker<'s> {
    fetcher: Fetcher,
    pub(super) site: &'s Site,
    end: Instant,
}

impl<'s> Asker<'s> {
    /// Somebody waits for it: begins to count the time.
    pub(super) fn begin(fetcher: Fetcher, site: &'s Site) -> Self {
        Self { fetcher, site, end: Instant::now() + limits::SUGGESTING }
    }

    /// The page at `url`.
    pub(super) async fn page(&self, url: &WebUrl) -> Result<Page, FetchError> {
        let request = Request::plain(url, &self.site.url, &self.site.upstream);
        let late = |_| FetchError::Timeout { phase: "answer", limit: limits::SUGGESTING };
        match timeout_at(self.end, self.fetcher.get(request)).await.map_err(late)?? {
            Fetched::Page(page) => Ok(page),
            Fetched::NotModified { .. } => Err(FetchError::Protocol("it was answered without a page".to_owned())),
        }
    }
}
