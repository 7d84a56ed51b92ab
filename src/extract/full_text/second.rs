//! The second look: what a block's neighbours are, and the boxes around it, by what the first look made of them.

use super::first;
use super::hints::{Hint, Hints};
use super::measures::{Measures, felt, number, probability};
use super::outline::{Block, Outline};

/// How many numbers are measured.
pub(super) const NUMBERS: usize = CONTEXT + first::NUMBERS - 1;
/// How many of them are of neighbours and boxes; the others are those of the first look.
const CONTEXT: usize = 28;
/// Hints of the boxes between the article's and the block's, and of the block and its box.
pub(super) const SETS: usize = 2;

/// Odds are not believed beyond this.
const SURE: f32 = 6.0;
/// What stands where nothing stands: most likely no article.
const NOTHING: f32 = -4.0;
/// Characters of a block from which it shows where an article begins and ends.
const TELLING: usize = 60;
/// A box is worth what its text is likelier than this to be of the article.
const LIKELY: f32 = 0.4;

/// What the first look made of a box.
#[derive(Clone, Copy, Default)]
struct Sum {
    odds: f32,
    weight: f32,
    /// Characters that are likely of the article, less those that are not.
    gain: f32,
    /// Characters that are of the article, by their probability.
    mass: f32,
    /// Hints of the boxes from the article's box down to this one.
    inside: Hints,
    depth: f32,
}

impl Sum {
    /// The odds of the whole.
    fn pooled(self) -> f32 {
        // So that a word alone in its box says little.
        self.odds / (self.weight + 2.0)
    }
}

/// The page by the odds of a first look.
pub(super) struct Second<'a> {
    outline: &'a Outline,
    /// The odds of each block.
    odds: Vec<f32>,
    sums: Vec<Sum>,
    /// Odds of the blocks with text, in their order, and where each block stands among them.
    line: Vec<f32>,
    places: Vec<Option<usize>>,
    /// The article's box: the smallest that holds most of what is likely, and least of what is not.
    pub(super) top: usize,
    /// The first and the last block in it that are likely and long.
    ends: (usize, usize),
    /// Mass before each block, and of all.
    before: Vec<f32>,
    all: f32,
    /// The odds of what is most likely of the article.
    best: f32,
}

impl<'a> Second<'a> {
    pub(super) fn new(outline: &'a Outline, first: &[f32]) -> Self {
        let odds: Vec<f32> = first.iter().map(|odds| odds.clamp(-SURE, SURE)).collect();
        let mut sums = sums(outline, &odds);
        let top = top(&sums);
        descend(outline, &mut sums, top);
        let frame = outline.frame(top);
        let is_sure =
            |(at, block): &(usize, &Block)| block.chars >= TELLING && odds.get(*at).is_some_and(|odds| *odds > 0.0);
        let inside = || outline.blocks.iter().enumerate().take(frame.last).skip(frame.first);
        let first = inside().find(is_sure).map_or(frame.first, |(at, _)| at);
        let last = inside().rfind(is_sure).map_or(frame.last, |(at, _)| at);
        let mut line = Vec::new();
        let mut places = Vec::new();
        let (mut before, mut all, mut best) = (Vec::new(), 0.0, 0.0);
        for (block, odds) in outline.blocks.iter().zip(&odds) {
            places.push((block.chars > 0).then_some(line.len()));
            if block.chars > 0 {
                line.push(*odds);
            }
            before.push(all);
            let mass = number(block.chars) * probability(*odds);
            all += mass;
            best += mass * odds;
        }
        let all = all + 1.0;
        Self { outline, odds, sums, line, places, top, ends: (first, last), before, all, best: best / all }
    }

    fn sum(&self, at: usize) -> Sum {
        self.sums.get(at).copied().unwrap_or_default()
    }

    /// The measures of every block.
    pub(super) fn look(
        &self,
        first: &[Measures<{ first::NUMBERS }, { first::SETS }>],
    ) -> impl Iterator<Item = Measures<NUMBERS, SETS>> {
        let blocks = self.outline.blocks.iter().zip(first).enumerate();
        blocks.map(|(at, (block, first))| {
            let is_inside = self.is_inside(at, block);
            let inside = if is_inside { self.sum(block.frame).inside } else { Hints::default() };
            let own = self.outline.frame(block.frame).hints | block.hints;
            let context = self.numbers(at, block, own, is_inside);
            let mut plain = [0.0; NUMBERS];
            // The first number of each is what all blocks have alike.
            let all = context.iter().chain(first.plain.iter().skip(1));
            plain.iter_mut().zip(all).for_each(|(slot, number)| *slot = *number);
            Measures { plain, sets: [inside, own] }
        })
    }

    fn is_inside(&self, at: usize, block: &Block) -> bool {
        let frame = self.outline.frame(self.top);
        (frame.first..frame.last).contains(&at) && block.frame >= self.top
    }

    fn numbers(&self, at: usize, block: &Block, own: Hints, is_inside: bool) -> [f32; CONTEXT] {
        let odds = self.odds.get(at).copied().unwrap_or_default();
        let frame = self.sum(block.frame);
        let (parent_at, second_at, third_at) = self.above(block.frame);
        let (parent, second) = (self.sum(parent_at), self.sum(second_at));
        let place = self.places.get(at).copied().flatten();
        let near = |step: isize| {
            let there = place.and_then(|place| place.checked_add_signed(step));
            there.and_then(|there| self.line.get(there)).copied().unwrap_or(NOTHING)
        };
        let best = |steps: [isize; 4]| steps.into_iter().map(near).fold(f32::MIN, f32::max);
        let yes = |is: bool| if is { 1.0 } else { 0.0 };
        let before = self.before.get(at).copied().unwrap_or_default();
        let mass = number(block.chars) * probability(odds);
        let (first, last) = self.ends;
        [
            1.0,
            odds,
            frame.pooled(),
            parent.pooled(),
            second.pooled(),
            self.sum(third_at).pooled(),
            near(-1),
            near(-2),
            near(1),
            near(2),
            yes(is_inside),
            yes(is_inside && at < first),
            yes(is_inside && at > last),
            if is_inside { self.sum(self.top).pooled() } else { 0.0 },
            before / self.all,
            1.0 - (before + mass) / self.all,
            parent.mass / self.all,
            second.mass / self.all,
            frame.mass / self.all,
            best([-1, -2, -3, -4]),
            best([1, 2, 3, 4]),
            near(-1).min(near(1)),
            if is_inside { frame.depth.min(8.0) / 4.0 } else { 0.0 },
            if own.has(Hint::TagHeading) { near(1) } else { 0.0 },
            if own.has(Hint::TagItem) { parent.pooled() } else { 0.0 },
            if block.chars < 40 { parent.pooled() - odds } else { 0.0 },
            felt(block.chars),
            odds - self.best,
        ]
    }

    /// The three boxes around a box.
    fn above(&self, frame: usize) -> (usize, usize, usize) {
        let parent = self.outline.frame(frame).parent;
        let second = self.outline.frame(parent).parent;
        (parent, second, self.outline.frame(second).parent)
    }
}

/// What the blocks in each box come to.
fn sums(outline: &Outline, odds: &[f32]) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); outline.boxes.len()];
    for (block, odds) in outline.blocks.iter().zip(odds) {
        let chars = number(block.chars);
        let likely = probability(*odds);
        if let Some(sum) = sums.get_mut(block.frame) {
            sum.odds += chars.sqrt() * odds;
            sum.weight += chars.sqrt();
            sum.gain += chars * (likely - LIKELY);
            sum.mass += chars * likely;
        }
    }
    for at in (1..sums.len()).rev() {
        let own = sums.get(at).copied().unwrap_or_default();
        if let Some(parent) = sums.get_mut(outline.frame(at).parent) {
            parent.odds += own.odds;
            parent.weight += own.weight;
            parent.gain += own.gain;
            parent.mass += own.mass;
        }
    }
    sums
}

/// The innermost box with the most gain.
fn top(sums: &[Sum]) -> usize {
    let best = sums.iter().map(|sum| sum.gain).fold(f32::MIN, f32::max);
    sums.iter().rposition(|sum| sum.gain >= best - 0.001).unwrap_or_default()
}

/// Tells the boxes in the article's box how deep they are in it, and what the boxes between are called.
fn descend(outline: &Outline, sums: &mut [Sum], top: usize) {
    for at in top + 1..outline.frame(top).end {
        let frame = outline.frame(at);
        let parent = sums.get(frame.parent).copied().unwrap_or_default();
        if let Some(sum) = sums.get_mut(at) {
            sum.inside = parent.inside | frame.hints;
            sum.depth = parent.depth + 1.0;
        }
    }
}
