//! An article in one refresh: its page, the version of it that the rule prefers, and the pages that it goes on with.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use tokio::time::{Instant, timeout_at};

use super::Engine;
use super::keeping::{Keeper, Keeping};
use super::reading::{Read, Unread};
use crate::config::Site;
use crate::extract::{self, Added, ArticleReading, Circumstances, Continued};
use crate::fetch::Fetched;
use crate::item::Field;
use crate::kept::KeptPage;
use crate::limits;
use crate::page::Document;
use crate::rule::Rule;
use crate::webpage::{Page, Validators};
use crate::weburl::WebUrl;

/// What reading an article came to.
pub(super) enum Article {
    /// It was read.
    Read(Box<ReadArticle>),
    /// The refresh had no time left for it, or no pages.
    NoTime,
    /// The refresh came to its end while its page was waited for.
    CutShort,
    /// Its host has asked to be left alone.
    PutOff {
        /// Until when.
        until: DateTime<Utc>,
        /// A sentence for the report.
        why: String,
    },
    /// It has not changed since it was read.
    NotModified(Validators),
    /// It could not be fetched, or is no page.
    Failed {
        /// A sentence for the report.
        why: String,
        /// Whether trying again soon may help.
        is_transient: bool,
    },
}

/// An article that was read.
pub(super) struct ReadArticle {
    pub(super) reading: ArticleReading,
    /// Those of its first page.
    pub(super) validators: Validators,
    /// Where its first page was found.
    pub(super) found_at: WebUrl,
    /// Why a part of it is missing, if one is.
    pub(super) missing: Option<String>,
    /// Its pages, if they are to be kept.
    pub(super) pages: Vec<KeptPage>,
}

/// How many pages beyond the articles' own one refresh may still ask for.
pub(super) struct Further(AtomicUsize);

impl Default for Further {
    fn default() -> Self {
        Self(AtomicUsize::new(limits::FURTHER_ARTICLE_PAGES))
    }
}

impl Further {
    /// Takes one of them, if any is left.
    fn take(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// What reading an article needs, whichever of its pages it is.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) site: &'a Site,
    /// The item's link.
    pub(super) link: &'a WebUrl,
    pub(super) now: DateTime<Utc>,
    pub(super) further: &'a Further,
    /// When the refresh has no more time for articles.
    pub(super) end: Instant,
    /// Where its pages are from.
    pub(super) from: From<'a>,
}

/// Where the pages of an article are from.
#[derive(Clone, Copy)]
pub(super) enum From<'a> {
    /// The site; they are to be kept, or not.
    Site(Option<&'a Keeping>, Option<&'a Keeper<'a>>),
    /// The archive, in the order in which they were fetched.
    Archive(&'a [KeptPage]),
}

impl Engine {
    /// Fetches an article and reads it.
    pub(super) async fn article(&self, mut asked: Asked<'_>, validators: Option<&Validators>) -> Article {
        let link = asked.link;
        if Instant::now() >= asked.end {
            return Article::NoTime;
        }
        let page = match timeout_at(asked.end, self.fetch(asked.site, link, validators, None)).await {
            Err(_) => return Article::CutShort,
            Ok(Ok(Fetched::Page(page))) => page,
            Ok(Ok(Fetched::NotModified { validators, .. })) => return Article::NotModified(validators),
            Ok(Err(error)) => {
                let why = format!("cannot fetch {link}: {error}");
                if let Some(until) = error.put_off() {
                    return Article::PutOff { until, why };
                }
                return Article::Failed { why, is_transient: error.is_transient() };
            }
        };
        let keeper = match asked.from {
            From::Site(Some(keeping), _) => Some(Keeper::new(keeping)),
            _ => None,
        };
        if let From::Site(_, of_article) = &mut asked.from {
            *of_article = keeper.as_ref();
        }
        let mut article = self.whole_article(asked, page).await;
        if let (Article::Read(read), Some(keeper)) = (&mut article, &keeper) {
            read.pages = keeper.take();
        }
        article
    }

    /// The article that begins with `page`.
    async fn whole_article(&self, asked: Asked<'_>, page: Page) -> Article {
        let link = asked.link;
        let (validators, found_at) = (page.validators.clone(), page.url.clone());
        let first = match self.read_article(asked, link, page).await {
            Ok(reading) => reading,
            Err(Unreadable { why, is_walled }) => return Article::Failed { why, is_transient: is_walled },
        };
        let mut seen = HashSet::from([link.essence(), found_at.essence()]);
        let Some((first, missing)) = self.preferred(asked, first, &mut seen).await else { return Article::NoTime };
        let Some((reading, missing_pages)) = self.continued(asked, first, &found_at, seen).await else {
            return Article::NoTime;
        };
        let missing = missing.or(missing_pages);
        Article::Read(Box::new(ReadArticle { reading, validators, found_at, missing, pages: Vec::new() }))
    }

    /// Reads an article anew from the pages that are kept of it, without asking anybody; the error is a sentence.
    pub(super) async fn kept_article(&self, site: &Site, pages: &[KeptPage]) -> Result<ReadArticle, String> {
        let kept = pages.first().ok_or("no page of it is kept")?;
        let page = kept.page().ok_or_else(|| format!("what is kept of {} is damaged", kept.asked))?;
        let asked = Asked {
            site,
            link: &kept.asked,
            now: kept.fetched,
            further: &Further::default(),
            end: Instant::now() + limits::ARTICLES_TIME,
            from: From::Archive(pages),
        };
        match self.whole_article(asked, page).await {
            Article::Read(read) => match read.missing {
                Some(why) => Err(why),
                None => Ok(*read),
            },
            Article::Failed { why, .. } => Err(why),
            _ => Err(format!("{} has too many pages", kept.asked)),
        }
    }

    /// The version of the page that the rule prefers, in place of the page itself; where it says nothing, the page is
    /// heard. The page it remains if there is no such version, or none that can be read. `None`: no pages left.
    async fn preferred(
        &self,
        asked: Asked<'_>,
        mut page: ArticleReading,
        seen: &mut HashSet<String>,
    ) -> Option<(ArticleReading, Option<String>)> {
        let Some(url) = page.preferred.take() else { return Some((page, None)) };
        if !asked.further.take() {
            return None;
        }
        seen.insert(url.essence());
        let is_wanted = asked.site.rule.article.as_ref().is_some_and(|rule| rule.fields.names(Field::Content));
        let why = match self.fetch_article(asked, &url).await {
            Ok(version) if is_wanted && version.found.ruled.content.is_none() => format!("{url} has no content"),
            Ok(version) => return Some((extract::preferring(version, page), None)),
            Err(why) => why,
        };
        page.findings.report.note(None, None, format!("the page itself was read instead: {why}"));
        // One that there was no time for is still to come.
        let is_missing = Instant::now() >= asked.end || is_wanted && page.found.ruled.content.is_none();
        Some((page, is_missing.then_some(why)))
    }

    /// The article with the pages that it goes on with, and why one of them is missing. `None`: no pages left.
    async fn continued(
        &self,
        asked: Asked<'_>,
        mut first: ArticleReading,
        found_at: &WebUrl,
        mut seen: HashSet<String>,
    ) -> Option<(ArticleReading, Option<String>)> {
        let mut next = first.next.take();
        let mut article = Continued::new(first);
        let mut pages = 1;
        while let Some(url) = next.filter(|url| is_neighbour(url, found_at) && seen.insert(url.essence())) {
            if pages == limits::ARTICLE_PAGES {
                article.note(format!("only {pages} pages of {} are read", asked.link));
                break;
            }
            if !asked.further.take() {
                return None;
            }
            pages += 1;
            let mut page = match self.fetch_article(asked, &url).await {
                Ok(page) => page,
                Err(why) => return Some((article.whole(), Some(why))),
            };
            next = page.next.take();
            match article.add(page) {
                Added::Text => {}
                Added::Everything => break,
                Added::Nothing => return Some((article.whole(), Some(format!("{url} has no content")))),
                Added::TooLong => {
                    article.note(format!("{} is too long; its pages from {url} on are left out", asked.link));
                    break;
                }
            }
        }
        Some((article.whole(), None))
    }

    /// Fetches a further page of an article and reads it; the error is a sentence.
    async fn fetch_article(&self, asked: Asked<'_>, url: &WebUrl) -> Result<ArticleReading, String> {
        if let From::Archive(pages) = asked.from {
            let kept = pages.iter().find(|page| page.asked.essence() == url.essence());
            let page = kept.and_then(KeptPage::page).ok_or_else(|| format!("{url} was not kept"))?;
            return self.read_article(asked, url, page).await.map_err(|error| error.why);
        }
        match timeout_at(asked.end, self.fetch(asked.site, url, None, None)).await {
            Err(_) => Err(format!("there was no time left for {url}")),
            Ok(Ok(Fetched::Page(page))) => self.read_article(asked, url, page).await.map_err(|error| error.why),
            Ok(Ok(Fetched::NotModified { .. })) => Err(format!("{url} was said to be known, which it is not")),
            Ok(Err(error)) => Err(format!("cannot fetch {url}: {error}")),
        }
    }

    /// Reads the page that was asked for at `at`.
    async fn read_article(&self, asked: Asked<'_>, at: &WebUrl, page: Page) -> Result<ArticleReading, Unreadable> {
        let (url, link) = (page.url.clone(), asked.link.clone());
        let keeper = match asked.from {
            From::Site(_, keeper) => keeper,
            From::Archive(_) => None,
        };
        let packing = keeper.map(|keeper| keeper.packing(at, &page, asked.now));
        let circumstances = Circumstances { now: asked.now, explain: self.parts.explain };
        let open = |page: &Page, rule: &Rule| Document::read(page, rule.charset);
        let read = move |document: &mut Document, rule: &Rule| {
            let kept = packing.and_then(|pack| pack());
            (extract::article(document, rule, Some(&link), circumstances), kept)
        };
        match self.parse(&asked.site.rule, page, asked.link, open, read).await {
            // A challenge or a log-in in its place is not what the article has become: it may well be back tomorrow.
            Ok(Read { wall: Some(wall), .. }) | Err(Unread { wall: Some(wall), .. }) if wall.is_sure => {
                Err(Unreadable {
                    why: format!("{} leads to something else now: {}", asked.link, wall.what),
                    is_walled: true,
                })
            }
            Ok(Read { reading: (mut reading, kept), wall }) => {
                if wall.is_some() {
                    // What a rule finds on such a page is the article; what looks like a text may be anything.
                    reading.found.automatic.content = None;
                }
                if let (Some(keeper), Some(kept)) = (keeper, kept) {
                    keeper.add(kept);
                }
                Ok(reading)
            }
            Err(Unread { why, .. }) => Err(Unreadable { why: format!("{url} is not a page: {why}"), is_walled: false }),
        }
    }
}

/// Why nothing was read from an article's page: a sentence.
struct Unreadable {
    why: String,
    /// Whether something stands before it.
    is_walled: bool,
}

/// Whether an article may go on at `url`: on its own host.
fn is_neighbour(url: &WebUrl, article: &WebUrl) -> bool {
    let host = |url: &WebUrl| url.host().trim_start_matches("www.").to_owned();
    host(url) == host(article)
}
