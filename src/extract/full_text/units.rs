//! What is read as one is kept as one: tables and lists whole or not at all, quoted posts where they stand in the text,
//! comments never behind an article.

use super::hints::Hint;
use super::media;
use super::outline::{Block, Outline};
use super::phrases;

/// Characters of text before comments that make them comments on it.
const COMMENTED: usize = 140;
/// Of a hundred characters of a list or a table, so many have to be kept for all of it to be.
const MOST: usize = 50;
/// Of a hundred characters of all that is kept, so many at most may stand in one list or table: what holds more is the
/// page's frame.
const FRAME: usize = 60;

/// Settles what is kept, by what belongs together. `odds` are those of each block.
pub(super) fn settle(outline: &Outline, odds: &[f32], kept: &mut [bool]) {
    drop_comments(outline, kept);
    keep_posts(outline, odds, kept);
    for tag in [Hint::TagTable, Hint::TagList, Hint::TagDl] {
        keep_whole(outline, tag, kept);
    }
    for (block, kept) in outline.blocks.iter().zip(kept).filter(|(block, _)| leads_away(block)) {
        *kept &= block.chars == 0;
    }
}

/// Of very little text, keeps what stands in the only article that the page marks as such: it may be no more than two
/// sentences, or a list of what is new. Elsewhere that little is what log-ins say, and pages that are gone.
pub(super) fn keep_marked(outline: &Outline, kept: &mut [bool]) {
    let marked = outermost(outline, Hint::TagArticle);
    let [article] = marked.as_slice() else { return kept.fill(false) };
    let article = outline.frame(*article);
    set(kept, 0..article.first, false);
    set(kept, article.last..outline.blocks.len(), false);
    for list in outermost(outline, Hint::TagList).into_iter().map(|list| outline.frame(list)) {
        if kept.get(list.first..list.last).is_some_and(|kept| kept.contains(&true)) {
            set(kept, list.first..list.last, true);
        }
    }
}

/// Whether a block asks to read something else.
fn leads_away(block: &Block) -> bool {
    block.link_chars * 2 > block.chars && block.chars < 200 && phrases::begins_aside(&block.text)
}

/// The boxes that a hint is of and that stand in no other such box, in the order of the page.
fn outermost(outline: &Outline, hint: Hint) -> Vec<usize> {
    let mut found = Vec::new();
    let mut behind = 0;
    for (at, frame) in outline.boxes.iter().enumerate().skip(2) {
        if at >= behind && frame.hints.has(hint) {
            behind = frame.end;
            found.push(at);
        }
    }
    found
}

fn drop_comments(outline: &Outline, kept: &mut [bool]) {
    let before = sums(outline, kept);
    let at = |at: usize| before.get(at).copied().unwrap_or_default();
    let comments = outermost(outline, Hint::Comment).into_iter().map(|comment| outline.frame(comment));
    for comment in comments.filter(|comment| at(comment.first) >= COMMENTED) {
        set(kept, comment.first..comment.last, false);
    }
}

/// Posts from elsewhere that are shown in the text.
fn keep_posts(outline: &Outline, odds: &[f32], kept: &mut [bool]) {
    const UNLIKELY: f32 = -4.0;
    let Some(ends) = ends(kept) else { return };
    for quote in outermost(outline, Hint::TagQuote).into_iter().map(|quote| outline.frame(quote)) {
        let is_post = quote.hints.has(Hint::Quote) && ends.contains(&quote.first) && ends.contains(&quote.last);
        let is_likely = || (quote.first..quote.last).filter_map(|at| odds.get(at)).any(|odds| *odds > UNLIKELY);
        if is_post && is_likely() {
            set(kept, quote.first..quote.last, true);
        }
    }
}

/// Keeps lists and tables that are mostly kept, and no others.
fn keep_whole(outline: &Outline, tag: Hint, kept: &mut [bool]) {
    let before = sums(outline, kept);
    let at = |at: usize| before.get(at).copied().unwrap_or_default();
    let all = at(outline.blocks.len());
    for unit in outermost(outline, tag).into_iter().map(|unit| outline.frame(unit)) {
        let inside = at(unit.last) - at(unit.first);
        if inside == 0 || inside * 100 > all * FRAME {
            continue;
        }
        let is_mostly = inside * 100 > unit.chars * MOST;
        for block in unit.first..unit.last {
            let has_text =
                outline.blocks.get(block).is_some_and(|text| text.chars > 0 && !media::in_caption(outline, text.frame));
            if let Some(kept) = kept.get_mut(block) {
                *kept = is_mostly && has_text;
            }
        }
    }
}

/// The blocks from the first that is kept to the last.
fn ends(kept: &[bool]) -> Option<std::ops::RangeInclusive<usize>> {
    Some(kept.iter().position(|kept| *kept)?..=kept.iter().rposition(|kept| *kept)?)
}

fn set(kept: &mut [bool], range: std::ops::Range<usize>, to: bool) {
    kept.iter_mut().take(range.end).skip(range.start).for_each(|kept| *kept = to);
}

/// Characters that are kept before each block, and of all.
fn sums(outline: &Outline, kept: &[bool]) -> Vec<usize> {
    let mut sum = 0;
    let kept = outline.blocks.iter().zip(kept).map(|(block, kept)| if *kept { block.chars } else { 0 });
    let sums = kept.map(|chars| {
        sum += chars;
        sum
    });
    std::iter::once(0).chain(sums).collect()
}
