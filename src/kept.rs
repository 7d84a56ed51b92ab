//! Pages that are kept for a while after they were read, so that an edited rule can be applied to them.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::limits;
use crate::webpage::{Page, Signs, Validators};
use crate::weburl::WebUrl;

/// How hard zstd tries: a level that costs far less than parsing the page, and leaves a fifth or less of it.
const LEVEL: i32 = 3;

/// A page as it was fetched, compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPage {
    /// The address that it was asked for at.
    pub asked: WebUrl,
    /// Where it was found after redirects.
    pub found: WebUrl,
    /// The value of `Content-Type`, as received.
    pub content_type: Option<String>,
    /// When it was fetched: the moment by which its dates are judged.
    pub fetched: DateTime<Utc>,
    /// When it is no longer kept.
    pub until: DateTime<Utc>,
    /// The body: one zstd frame (RFC 8878) that says how long it is.
    pub bytes: Vec<u8>,
}

impl KeptPage {
    /// A page that was asked for at `asked` and fetched at a moment, to be kept until another. `None`: it is too large to
    /// be kept.
    pub fn of(asked: WebUrl, page: &Page, fetched: DateTime<Utc>, until: DateTime<Utc>) -> Option<Self> {
        let mut bytes = Vec::with_capacity(zstd_safe::compress_bound(page.body.len()));
        zstd_safe::compress(&mut bytes, &page.body, LEVEL).ok()?;
        if bytes.len() > limits::KEPT_PAGE_BYTES {
            return None;
        }
        bytes.shrink_to_fit();
        let (found, content_type) = (page.url.clone(), page.content_type.clone());
        Some(Self { asked, found, content_type, fetched, until, bytes })
    }

    /// The page as it was fetched; `None` if what was kept is damaged.
    pub fn page(&self) -> Option<Page> {
        let length = usize::try_from(zstd_safe::get_frame_content_size(&self.bytes).ok()??).ok()?;
        let mut body = Vec::with_capacity(Some(length).filter(|length| *length <= limits::BODY_BYTES)?);
        zstd_safe::decompress(&mut body, &self.bytes).ok()?;
        Some(Page {
            url: self.found.clone(),
            content_type: self.content_type.clone(),
            body: Bytes::from(body),
            validators: Validators::default(),
            fresh_for: None,
            signs: Signs::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(body: Vec<u8>) -> Option<KeptPage> {
        let url = WebUrl::parse("https://a.example/1").unwrap();
        let found = WebUrl::parse("https://a.example/2").unwrap();
        let content_type = Some("text/html".to_owned());
        let page = Page {
            url: found,
            content_type,
            body: body.into(),
            validators: Validators::default(),
            fresh_for: None,
            signs: Signs::default(),
        };
        KeptPage::of(url, &page, DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_page_comes_back_as_it_was() {
        let body = "<p>The goose counted twice.</p>".repeat(1_000).into_bytes();
        let kept = kept(body.clone()).unwrap();
        assert!(kept.bytes.len() < body.len() / 5, "{}", kept.bytes.len());
        let page = kept.page().unwrap();
        assert_eq!((page.url.as_str(), page.content_type.as_deref()), ("https://a.example/2", Some("text/html")));
        assert_eq!(page.body, body);
    }

    #[test]
    fn what_does_not_become_small_is_not_kept_and_what_is_damaged_is_no_page() {
        let mut noise = 1_u64;
        let mut next = || {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u8::try_from(noise >> 56).unwrap()
        };
        assert_eq!(kept((0..=limits::KEPT_PAGE_BYTES).map(|_| next()).collect()), None);
        let mut damaged = kept(b"<p>x".repeat(99)).unwrap();
        damaged.bytes.truncate(9);
        assert_eq!(damaged.page(), None);
        assert_eq!(KeptPage { bytes: Vec::new(), ..damaged }.page(), None);
    }
}
