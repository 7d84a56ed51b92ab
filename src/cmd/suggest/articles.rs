//! What a few of a list's articles tell: whether they are articles, what they add, and what they say of the site.

use super::asked::Asker;
use super::look::Voice;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Site;
use crate::extract::{self, Circumstances};
use crate::item::{Fields, Item};
use crate::page::Document;
use crate::text::Html;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// Words that an article has at least: less is a caption.
const WORDS: usize = 60;

/// What an article tells.
pub(super) struct Article {
    /// How the list and the article itself write its address.
    pub(super) addresses: (WebUrl, WebUrl),
    /// Words of its text, on its own page and in the list.
    words: (usize, usize),
    pub(super) voice: Voice,
}

/// Reads the first articles of a list; what cannot be had is told.
pub(super) async fn read(asker: &Asker<'_>, site: &Site, items: &[Item], most: usize) -> (Vec<Article>, Vec<String>) {
    let (mut articles, mut troubles) = (Vec::new(), Vec::new());
    for item in items.iter().take(most.saturating_mul(2)) {
        if articles.len() == most {
            break;
        }
        let Some(link) = &item.fields.link else { continue };
        match asker.page(link).await {
            Ok(page) => articles.extend(article(site, item, link, &page)),
            Err(error) => troubles.push(format!("cannot fetch {link}: {error}")),
        }
    }
    (articles, troubles)
}

/// What the page behind a row tells; `None` if it is no page.
fn article(site: &Site, row: &Item, link: &WebUrl, page: &Page) -> Option<Article> {
    let mut document = Document::read(page, site.rule.charset).ok()?;
    let voice = Voice::of(&document);
    let circumstances = Circumstances { now: SystemClock.now(), explain: false };
    let reading = extract::article(&mut document, &site.rule, Some(link), circumstances);
    let canonical = reading.canonical.filter(|canonical| canonical.host() == page.url.host());
    let own = reading.found.ruled.or(reading.found.automatic);
    Some(Article {
        addresses: (link.clone(), canonical.unwrap_or_else(|| page.url.clone())),
        words: (words(own.content.as_ref()), text_of_row(&row.fields)),
        voice,
    })
}

fn text_of_row(fields: &Fields) -> usize {
    words(fields.content.as_ref()).max(words(fields.summary.as_ref()))
}

fn words(html: Option<&Html>) -> usize {
    html.map(extract::text_of).unwrap_or_default().split_whitespace().count()
}

/// Whether there are articles, and hardly any of them has a text: then they may be something else.
pub(super) fn lack_text(articles: &[Article]) -> bool {
    let full = articles.iter().filter(|article| article.words.0 >= WORDS).count();
    !articles.is_empty() && full * 3 < articles.len()
}

/// Whether most articles have a text, and more of it than their rows.
pub(super) fn add_text(articles: &[Article]) -> bool {
    let richer = articles.iter().filter(|article| {
        let (own, row) = article.words;
        own >= WORDS && own * 2 > row * 3
    });
    richer.count() * 2 > articles.len()
}
