//! What a page says about its article elsewhere: its title, its description, and perhaps the whole of its text.

use std::collections::HashSet;

/// Characters that are compared at once.
const GRAM: usize = 12;

/// What is told.
#[derive(Default)]
pub(super) struct Told {
    titles: Vec<String>,
    description: HashSet<u64>,
    body: Option<HashSet<u64>>,
}

impl Told {
    /// `body` is the text as a machine would read it, if the page tells it.
    pub(super) fn new(titles: &[String], description: &str, body: &str) -> Self {
        let body = grams(body);
        Self {
            titles: titles.iter().map(|title| bare(title)).filter(|title| title.chars().count() > 7).collect(),
            description: grams(description).collect(),
            body: Some(body.collect::<HashSet<u64>>()).filter(|grams| grams.len() > 300),
        }
    }

    /// Whether a text is the page's title, or nearly.
    pub(super) fn is_title(&self, text: &str) -> bool {
        if text.len() > 600 {
            return false;
        }
        let text = bare(text);
        text.chars().count() > 7
            && self.titles.iter().any(|title| {
                title.contains(&text) || text.contains(title) && text.len() < title.len() + title.len() / 2
            })
    }

    /// Whether a text stands in the description.
    pub(super) fn in_description(&self, text: &str) -> bool {
        !self.description.is_empty() && share(text, &self.description).is_some_and(|share| share > 0.6)
    }

    /// How much of a text stands in the body that the page tells; `None` if that cannot be said.
    pub(super) fn in_body(&self, text: &str) -> Option<f32> {
        share(text, self.body.as_ref()?)
    }
}

fn share(text: &str, of: &HashSet<u64>) -> Option<f32> {
    let (mut known, mut all) = (0_u32, 0_u32);
    for gram in grams(text) {
        all += 1;
        known += u32::from(of.contains(&gram));
    }
    (all > 0).then(|| known as f32 / all as f32)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Fingerprints of all runs of [`GRAM`] letters and digits.
fn grams(text: &str) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x0100_0000_01b3;
    let power = (0..GRAM).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut window = [0_u64; GRAM];
    let mut hash = 0_u64;
    let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.enumerate().filter_map(move |(at, c)| {
        let c = u64::from(u32::from(c)) + 1;
        let gone = std::mem::replace(&mut window[at % GRAM], c);
        hash = hash.wrapping_mul(BASE).wrapping_add(c).wrapping_sub(gone.wrapping_mul(power));
        (at + 1 >= GRAM).then_some(hash)
    })
}
