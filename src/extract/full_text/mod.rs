//! The full text of an article, found without a rule.
//!
//! A page is read as boxes in boxes with blocks of text in them ([`outline`]). A first look takes each block by itself:
//! how long it is, how much of it is links, what the boxes around it are called. A second look takes it together with
//! what the first one made of its neighbours, and of the boxes around it. Both are sums of measures, each times what it is
//! worth ([`weights`]). What is likely of the article stays, with its pictures; everything else is cut out of the page.
//! Each step takes time that grows as the page does.

mod cut;
mod first;
mod hints;
mod kinds;
mod measures;
mod media;
mod names;
mod outline;
mod phrases;
mod second;
mod told;
mod units;
mod weights;

use std::sync::LazyLock;

use ego_tree::NodeId;

use self::outline::{Block, Outline};
use self::second::Second;
use self::told::Told;
use super::clean;
use super::markup::prepared;
use super::prepare::prepare;
use crate::limits;
use crate::page::{Document, line_text};
use crate::rule::Css;
use crate::text::Html;

/// Characters of a text below which a less likely one is looked for.
const LEAST: usize = 140;
/// Characters of a block that looks like a paragraph.
const PARAGRAPH: usize = 80;

/// The article's text. `title` is what the article is called. Everything else is cut out of the page.
pub(super) fn read(document: &mut Document, title: Option<&str>) -> Option<Html> {
    match find(document, title)? {
        FullText::Told(body) => clean(&prepared(&body, document.base())),
        FullText::Shown(top) => {
            prepare(document, top);
            clean(&document.element(top)?.inner_html())
        }
    }
}

/// Where the text is.
enum FullText {
    /// In this element, from which everything else has been cut.
    Shown(NodeId),
    /// In what the page tells to machines.
    Told(String),
}

/// Finds the text, and cuts everything else out of the page.
fn find(document: &mut Document, title: Option<&str>) -> Option<FullText> {
    let body =
        document.things().of_article("articleBody", false).into_iter().max_by_key(String::len).unwrap_or_default();
    let told = Told::new(&titles(document, title), &descriptions(document), &body);
    let outline = Outline::of(document.root());
    if outline.blocks.len() > limits::TEXT_BLOCKS {
        return None;
    }
    let mut kept = kept(&outline, &told);
    let found = chars(&outline, &kept);
    // A page that a script fills may tell machines what it does not show.
    if body.len() / 3 > found && body.chars().count() > found * 2 + LEAST {
        return Some(FullText::Told(body));
    }
    media::keep(&outline, &mut kept);
    let cuts = cut::cuts(&outline, &kept)?;
    document.cut(&cuts.nodes);
    Some(FullText::Shown(cuts.top))
}

/// Which blocks are the article's text.
fn kept(outline: &Outline, told: &Told) -> Vec<bool> {
    let looks = first::look(outline, told);
    let first: Vec<f32> = looks.iter().map(|block| block.odds(&weights::FIRST)).collect();
    let second = Second::new(outline, &first);
    let odds: Vec<f32> = second.look(&looks).map(|block| block.odds(&weights::SECOND)).collect();
    let blocks = || outline.blocks.iter().zip(&odds);
    let is_text = |block: &Block| block.chars > 0 && !media::in_caption(outline, block.frame);
    let mut kept: Vec<bool> = blocks().map(|(block, odds)| *odds > weights::ENOUGH && is_text(block)).collect();
    units::settle(outline, &odds, &mut kept);
    if chars(outline, &kept) >= LEAST {
        return kept;
    }
    // Nothing looks like an article, and yet there is one: what looks most like it.
    let is_likely = |block: &Block, odds: f32| odds > weights::POOR && block.chars >= PARAGRAPH && is_text(block);
    let likely: Vec<bool> = blocks().map(|(block, odds)| is_likely(block, *odds)).collect();
    if likely.contains(&true) {
        return likely;
    }
    units::keep_marked(outline, &mut kept);
    kept
}

/// Characters of what is kept.
fn chars(outline: &Outline, kept: &[bool]) -> usize {
    outline.blocks.iter().zip(kept).filter(|(_, kept)| **kept).map(|(block, _)| block.chars).sum()
}

/// What the page calls itself.
fn titles(document: &Document, title: Option<&str>) -> Vec<String> {
    static TITLE: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("title").ok());
    let own = TITLE.as_ref().and_then(|css| document.select(css).next()).map(line_text);
    let named = document.meta("og:title").iter().chain(document.meta("twitter:title"));
    named.map(String::as_str).chain(title).map(str::to_owned).chain(own).take(limits::TITLES).collect()
}

fn descriptions(document: &Document) -> String {
    let named = document.meta("description").iter().chain(document.meta("og:description"));
    named.map(String::as_str).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
