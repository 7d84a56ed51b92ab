//! Addresses of a list whose rows tell only their ends: guesses at what stands before, believed if an article is there.

use super::asked::Asker;
use crate::clock::{Clock as _, SystemClock};
use crate::extract::{self, Circumstances};
use crate::induce::{self, Proposal};
use crate::item::Item;
use crate::page::Document;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// Folders in which articles are, if it is not the page's own.
const USUAL: [&str; 3] = ["/", "/blog/", "/news/"];

/// What is guessed for a page, the likeliest first; each is to be seen before it is believed.
pub(super) fn of(asker: &Asker<'_>, page: &Page) -> Vec<Proposal> {
    let Ok(document) = Document::read_listing(page, &asker.site.rule) else { return Vec::new() };
    let own = format!("{}/", document.url().as_url().path().trim_end_matches('/'));
    let others = USUAL.iter().map(|folder| (*folder).to_owned()).filter(|folder| *folder != own);
    let folders: Vec<String> =
        std::iter::once(own.clone()).chain(others).filter(|it| !it.contains(['{', '}'])).collect();
    folders.iter().filter_map(|folder| induce::guessed(&document, &format!("{folder}{{value}}"))).collect()
}

/// Whether the article that a row names is at its link: a page of that title.
pub(super) async fn holds(asker: &Asker<'_>, row: &Item) -> bool {
    let (Some(link), Some(wanted)) = (&row.fields.link, &row.fields.title) else { return false };
    let Ok(page) = asker.page(link).await else { return false };
    title(asker, link, &page).is_some_and(|title| title.to_lowercase().contains(&wanted.as_str().to_lowercase()))
}

fn title(asker: &Asker<'_>, link: &WebUrl, page: &Page) -> Option<String> {
    let rule = &asker.site.rule;
    let mut document = Document::read(page, rule.charset).ok()?;
    let circumstances = Circumstances { now: SystemClock.now(), explain: false };
    let found = extract::article(&mut document, rule, Some(link), circumstances).found;
    found.ruled.or(found.automatic).title.map(|title| title.to_string())
}
