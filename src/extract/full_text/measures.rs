//! What is measured of a block, and what the measures are worth.

use super::hints::{Hint, Hints};

/// The measures of a block: numbers, and sets of hints.
pub(super) struct Measures<const N: usize, const S: usize> {
    pub(super) plain: [f32; N],
    pub(super) sets: [Hints; S],
}

/// What each measure is worth: how far it moves the odds, as a logarithm, that a block is a part of the article.
pub(super) struct Weights<const N: usize, const S: usize> {
    /// By what is measured.
    pub(super) plain: [(&'static str, f32); N],
    /// By what names say, for each set of them.
    pub(super) hints: &'static [(Hint, [f32; S])],
}

impl<const N: usize, const S: usize> Measures<N, S> {
    /// The odds, as a logarithm, that the block is a part of the article.
    pub(super) fn odds(&self, weights: &Weights<N, S>) -> f32 {
        let plain: f32 = self.plain.iter().zip(&weights.plain).map(|(value, (_, weight))| value * weight).sum();
        let of_hints = weights.hints.iter().flat_map(|(hint, weights)| {
            self.sets.iter().zip(weights).filter(|(set, _)| set.has(*hint)).map(|(_, weight)| weight)
        });
        plain + of_hints.sum::<f32>()
    }
}

/// A probability of odds.
pub(super) fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// A count, as people feel it: twice as much is always the same step.
#[expect(clippy::cast_precision_loss, reason = "a measure needs no more than six digits")]
pub(super) fn felt(count: usize) -> f32 {
    (count as f32).ln_1p()
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "a measure needs no more than six digits")]
pub(super) fn number(count: usize) -> f32 {
    count as f32
}

/// A part of a whole; none of nothing.
pub(super) fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

/// Yes or no as a number.
pub(super) fn bit(is: bool) -> f32 {
    f32::from(u8::from(is))
}
