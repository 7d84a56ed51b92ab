//! The first look: what can be measured of a block, before anything is known of the others.

use std::collections::HashSet;

use super::hints::{Hint, Hints};
use super::measures::{Measures, bit, felt, share};
use super::outline::{Block, Outline};
use super::phrases;
use super::told::Told;

/// How many numbers are measured.
pub(super) const NUMBERS: usize = 52;
/// Hints of the block and its box, of the two boxes around that, and of those farther up.
pub(super) const SETS: usize = 3;

/// Hints that are believed of boxes that hold nearly everything, too: the others are said of a page with a sidebar as well
/// as of the sidebar.
fn of_whole(hints: Hints) -> Hints {
    let all = Hint::ALL
        .iter()
        .filter(|hint| hint.is_of_element() || matches!(hint, Hint::Body | Hint::Article | Hint::Content | Hint::Text));
    all.filter(|hint| hints.has(**hint)).fold(Hints::default(), |set, hint| set | Hints::only(*hint))
}

/// The hints that stand above each box: of the two boxes around it, and of those farther up.
fn above(outline: &Outline) -> Vec<[Hints; 2]> {
    let texts = |at: usize| {
        let frame = outline.frame(at);
        frame.chars.saturating_sub(frame.link_chars)
    };
    let whole = texts(0).max(1);
    let own = |at: usize| {
        let hints = outline.frame(at).hints;
        // The page itself, and its body, are called after what the whole site does.
        if at < 2 {
            Hints::default()
        } else if texts(at) * 10 > whole * 6 {
            of_whole(hints)
        } else {
            hints
        }
    };
    let own: Vec<Hints> = (0..outline.boxes.len()).map(own).collect();
    let hints = |at: usize| own.get(at).copied().unwrap_or_default();
    let mut above: Vec<[Hints; 2]> = Vec::with_capacity(own.len());
    for frame in &outline.boxes {
        let parent = frame.parent;
        let second = outline.frame(parent).parent;
        let third = outline.frame(second).parent;
        let [_, farther] = above.get(parent).copied().unwrap_or_default();
        above.push([hints(parent) | hints(second), farther | hints(third)]);
    }
    above
}

/// The measures of every block.
pub(super) fn look(outline: &Outline, told: &Told) -> Vec<Measures<NUMBERS, SETS>> {
    let above = above(outline);
    let is_headline = |block: &Block| outline.frame(block.frame).hints.has(Hint::TagH1);
    let prose = prose_of(outline);
    let most_prose = prose.iter().copied().max().unwrap_or_default();
    let headline = outline.blocks.iter().position(is_headline);
    let page = Page { outline, told, headline, chars: outline.frame(0).chars, prose, most_prose };
    let mut seen: HashSet<&str> = HashSet::new();
    let mut before = 0;
    let blocks = outline.blocks.iter().enumerate().map(|(at, block)| {
        let is_double = block.chars > 20 && !seen.insert(&block.text);
        let [near, far] = above.get(block.frame).copied().unwrap_or_default();
        let sets = [outline.frame(block.frame).hints | block.hints, near, far];
        let measures = Measures { plain: page.numbers(at, block, before, is_double), sets };
        before += block.chars;
        measures
    });
    blocks.collect()
}

/// What the measures of a block are taken against.
struct Page<'a> {
    outline: &'a Outline,
    told: &'a Told,
    /// The block that is its first headline.
    headline: Option<usize>,
    chars: usize,
    /// Characters of prose that each box holds, nearly directly, and the most that any does.
    prose: Vec<usize>,
    most_prose: usize,
}

/// Whether a block reads like a paragraph.
fn is_prose(block: &Block) -> bool {
    block.chars >= 80 && block.link_chars * 10 < block.chars * 3
}

/// Characters of prose in each box: paragraphs count for the box that they stand in, and half for the one around it.
fn prose_of(outline: &Outline) -> Vec<usize> {
    let mut prose = vec![0; outline.boxes.len()];
    for block in outline.blocks.iter().filter(|block| is_prose(block)) {
        let parent = outline.frame(block.frame).parent;
        let above = outline.frame(parent).parent;
        for (at, chars) in [(block.frame, block.chars), (parent, block.chars), (above, block.chars / 2)] {
            if let Some(sum) = prose.get_mut(at) {
                *sum += chars;
            }
        }
    }
    prose
}

impl Page<'_> {
    fn numbers(&self, at: usize, block: &Block, before: usize, is_double: bool) -> [f32; NUMBERS] {
        let frame = self.outline.frame(block.frame);
        let parent = self.outline.frame(frame.parent);
        let around = self.outline.frame(parent.parent);
        let counts = Counts::of(&block.text);
        let (prev, next) = (self.neighbour(at, -1), self.neighbour(at, 1));
        let linked = |block: Option<&Block>| block.map_or(0.0, |block| share(block.link_chars, block.chars));
        let length = |block: Option<&Block>| block.map_or(0.0, |block| felt(block.chars));
        let body = self.told.in_body(&block.text);
        let place = share(before, self.chars);
        let hints = frame.hints | block.hints;
        let is_linked = block.link_chars * 10 > block.chars * 9;
        let prose = |at: usize| self.prose.get(at).copied().unwrap_or_default();
        [
            1.0,
            felt(block.chars),
            bit(block.chars < 25),
            bit(block.chars >= 80),
            bit(block.chars >= 200),
            share(block.link_chars, block.chars),
            bit(block.link_chars * 10 > block.chars * 9),
            bit(counts.is_sentence()),
            bit(matches!(counts.last, Some(':' | '：'))),
            felt(counts.sentences),
            felt(counts.commas),
            share(counts.digits, block.chars),
            share(counts.capitals, counts.words),
            share(block.strong_chars, block.chars),
            place,
            place * place,
            length(prev),
            linked(prev),
            length(next),
            linked(next),
            felt(parent.chars),
            share(parent.link_chars, parent.chars),
            share(around.link_chars, around.chars),
            share(parent.chars, self.chars),
            share(around.chars, self.chars),
            bit(self.headline.is_some_and(|headline| at < headline)),
            bit(self.headline.is_none()),
            bit(self.told.is_title(&block.text)),
            bit(is_double),
            bit(block.chars < 150 && phrases::begins_aside(&block.text)),
            body.unwrap_or_default(),
            body.map_or(0.0, |share| 1.0 - share),
            bit(self.told.in_description(&block.text)),
            bit(block.media > 0),
            bit(counts.years > 0),
            bit(counts.quotes > 0),
            bit(counts.words <= 4),
            bit(block.links > 0 && block.link_chars * 10 < block.chars * 3),
            bit(phrases::is_aside(&block.text)),
            share((frame.last - frame.first).min(20), 20),
            bit(phrases::is_consent(&block.text)),
            bit(counts.is_loud()),
            bit(block.chars > 0 && block.strong_chars * 10 > block.chars * 9),
            bit(is_linked && hints.has(Hint::TagP)),
            bit(is_linked && hints.has(Hint::TagItem)),
            bit(is_linked && hints.has(Hint::TagHeading)),
            bit(is_prose(block) && counts.is_sentence()),
            bit(block.chars < 200 && hints.has(Hint::Caption)),
            felt(prose(frame.parent)),
            share(prose(frame.parent), self.most_prose),
            share(prose(parent.parent), self.most_prose),
            bit(block.links > 1 && block.link_chars * 2 > block.chars),
        ]
    }

    /// The next block with text, before or behind.
    fn neighbour(&self, at: usize, step: isize) -> Option<&Block> {
        const FAR: usize = 5;
        let places = std::iter::successors(Some(at), |at| at.checked_add_signed(step)).skip(1).take(FAR);
        places.map_while(|at| self.outline.blocks.get(at)).find(|block| block.chars > 0)
    }
}

/// What is counted in a text.
#[derive(Default)]
struct Counts {
    words: usize,
    capitals: usize,
    digits: usize,
    commas: usize,
    sentences: usize,
    years: usize,
    quotes: usize,
    /// The last character, but for closing quotes and brackets.
    last: Option<char>,
    small: usize,
    large: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for word in text.split(' ') {
            counts.words += 1;
            counts.capitals += usize::from(word.chars().next().is_some_and(char::is_uppercase));
            let year = word.get(..4).filter(|year| year.starts_with("20"));
            counts.years += usize::from(year.is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit())));
        }
        for c in text.chars() {
            match c {
                ',' | '、' | '，' | '،' | ';' => counts.commas += 1,
                '"' | '“' | '”' | '«' | '»' | '„' | '「' => counts.quotes += 1,
                _ if ends_sentence(c) => counts.sentences += 1,
                _ if c.is_ascii_digit() => counts.digits += 1,
                _ if c.is_lowercase() => counts.small += 1,
                _ if c.is_uppercase() => counts.large += 1,
                _ => {}
            }
        }
        let closing = ['"', '”', '“', '’', '\'', ')', '»', '」', ']', ' '];
        counts.last = text.trim_end_matches(closing).chars().next_back();
        counts
    }

    /// Whether it ends as a sentence does.
    fn is_sentence(&self) -> bool {
        self.last.is_some_and(ends_sentence)
    }

    /// Whether nearly all letters are capitals.
    fn is_loud(&self) -> bool {
        self.large > 8 && self.small * 5 < self.large
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '…' | '।' | '۔' | '؟')
}
