//! Which pictures stand in the article's text: those among what is kept, with what is said below them, and the one above
//! it.

use super::hints::{Hint, Hints};
use super::outline::Outline;

/// Blocks before the text in which its lead image is looked for: a headline, a byline, a caption.
const ABOVE: usize = 12;
/// Characters of text around a picture that make it a picture of something else.
const ELSES: usize = 400;

/// Blocks of a figure among which its captions are.
const FIGURE: usize = 40;

/// What boxes are called whose pictures are not the article's.
const FOREIGN: [Hint; 12] = [
    Hint::Nav,
    Hint::Foot,
    Hint::Comment,
    Hint::Related,
    Hint::Share,
    Hint::Letter,
    Hint::Ad,
    Hint::Author,
    Hint::TagNav,
    Hint::TagFooter,
    Hint::TagForm,
    Hint::TagAside,
];

/// Keeps the blocks of pictures, and of what is said of them. `kept` is what is kept of the text.
pub(super) fn keep(outline: &Outline, kept: &mut [bool]) {
    let Some(first) = kept.iter().position(|kept| *kept) else { return };
    let last = kept.iter().rposition(|kept| *kept).unwrap_or(first);
    let counts = counts(outline, kept);
    let count = |at: usize| counts.get(at).copied().unwrap_or_default();
    let mut chosen = Vec::new();
    let mut has_lead = false;
    for (at, block) in outline.blocks.iter().enumerate().take(last + 1).skip(first.saturating_sub(ABOVE)) {
        let is_kept = kept.get(at).copied().unwrap_or_default();
        if is_kept || block.media == 0 || at < first && has_lead {
            continue;
        }
        // The largest box around it that holds nothing of the text.
        let mut frame = block.frame;
        let mut hints = block.hints;
        let mut outer = None;
        while count(frame) == 0 && frame > 0 {
            hints |= outline.frame(frame).hints;
            outer = Some(frame);
            frame = outline.frame(frame).parent;
        }
        let whole = outer.map(|outer| outline.frame(outer)).unwrap_or_default();
        // Above the text, a picture that is a link, or one of a list, leads somewhere else.
        let is_link = block.links > 0 && !hints.has(Hint::TagFigure) || hints.has(Hint::TagList);
        let is_foreign = FOREIGN.iter().any(|hint| hints.has(*hint)) || at < first && is_link;
        if is_foreign || whole.chars > ELSES {
            continue;
        }
        has_lead |= at < first;
        chosen.push(at);
        chosen.extend(captions(outline, block.frame, outer));
    }
    for at in chosen {
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
    }
}

/// The blocks of captions in the figure that `frame` stands in.
fn captions(outline: &Outline, frame: usize, outer: Option<usize>) -> Vec<usize> {
    let Some(outer) = outer else { return Vec::new() };
    let mut figure = frame;
    while !outline.frame(figure).hints.has(Hint::TagFigure) {
        if figure == outer || figure == 0 {
            return Vec::new();
        }
        figure = outline.frame(figure).parent;
    }
    let figure = outline.frame(figure);
    let is_caption = |at: &usize| outline.blocks.get(*at).is_some_and(|block| in_caption(outline, block.frame));
    (figure.first..figure.last).take(FIGURE).filter(is_caption).collect()
}

/// Whether a box is a caption of a figure, or stands in one.
pub(super) fn in_caption(outline: &Outline, frame: usize) -> bool {
    const UP: usize = 4;
    let frames = std::iter::successors(Some(frame), |at| Some(outline.frame(*at).parent)).take(UP);
    let hints = frames.map(|at| outline.frame(at).hints);
    hints.take(UP).any(|hints: Hints| hints.has(Hint::TagFigcaption))
}

/// How many kept blocks there are in each box.
pub(super) fn counts(outline: &Outline, kept: &[bool]) -> Vec<usize> {
    let mut before = vec![0; kept.len() + 1];
    let mut sum = 0;
    for (place, kept) in before.iter_mut().skip(1).zip(kept) {
        sum += usize::from(*kept);
        *place = sum;
    }
    let at = |at: usize| before.get(at).copied().unwrap_or(sum);
    outline.boxes.iter().map(|frame| at(frame.last) - at(frame.first)).collect()
}
