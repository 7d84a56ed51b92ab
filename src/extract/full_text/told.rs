//! What a page says about its article elsewhere: its title, its description, and perhaps the whole of its text.

/// Characters that are compared at once.
const GRAM: usize = 12;

/// Letters that a title has more of than this.
const TITLE: usize = 7;
/// The same of a whole text: what is shorter is a summary.
const BODY: usize = 300;
/// Bytes of a text that may be a title, or stand in a description.
const SHORT: usize = 600;

/// What is told.
pub(super) struct Told {
    titles: Vec<String>,
    /// Fingerprints, sorted, of all runs of letters in it.
    description: Vec<u64>,
    /// The same of the text as machines are told it, if they are.
    body: Option<Vec<u64>>,
}

impl Told {
    /// `body` is the text as a machine would read it, if the page tells it.
    pub(super) fn new(titles: &[String], description: &str, body: &str) -> Self {
        let titles = titles
            .iter()
            .filter(|title| title.len() <= SHORT)
            .map(|title| bare(title))
            .filter(|title| title.chars().count() > TITLE)
            .collect();
        let body = Some(sorted(body)).filter(|grams| grams.len() > BODY);
        Self { titles, description: sorted(description), body }
    }

    /// Whether a text is the page's title, or nearly.
    pub(super) fn is_title(&self, text: &str) -> bool {
        if text.len() > SHORT {
            return false;
        }
        let text = bare(text);
        let is_nearly = |title: &String| {
            title.contains(&text) || text.contains(title.as_str()) && text.len() < title.len() + title.len() / 2
        };
        text.chars().count() > TITLE && self.titles.iter().any(is_nearly)
    }

    /// Whether a text stands in the description.
    pub(super) fn in_description(&self, text: &str) -> bool {
        !self.description.is_empty()
            && text.len() <= SHORT
            && share(text, &self.description).is_some_and(|share| share > 0.6)
    }

    /// How much of a text stands in the body that the page tells; `None` if that cannot be said.
    pub(super) fn in_body(&self, text: &str) -> Option<f32> {
        share(text, self.body.as_ref()?)
    }
}

fn share(text: &str, of: &[u64]) -> Option<f32> {
    let (mut known, mut all) = (0, 0);
    for gram in grams(text) {
        all += 1;
        known += usize::from(of.binary_search(&gram).is_ok());
    }
    (all > 0).then(|| super::measures::share(known, all))
}

fn sorted(text: &str) -> Vec<u64> {
    let mut grams: Vec<u64> = grams(text).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    bare.extend(text.chars().filter(|c| c.is_alphanumeric()).map(small));
    bare
}

/// Fingerprints of all runs of [`GRAM`] letters and digits.
fn grams(text: &str) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x0100_0000_01b3;
    let power = (0..GRAM).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut window = [0_u64; GRAM];
    let mut hash = 0_u64;
    let letters = text.chars().filter(|c| c.is_alphanumeric()).map(small);
    letters.enumerate().filter_map(move |(at, c)| {
        let c = u64::from(u32::from(c)) + 1;
        let gone = window.get_mut(at % GRAM).map(|slot| std::mem::replace(slot, c)).unwrap_or_default();
        hash = hash.wrapping_mul(BASE).wrapping_add(c).wrapping_sub(gone.wrapping_mul(power));
        (at + 1 >= GRAM).then_some(hash)
    })
}

/// A letter in small; of the few that become several, the first.
fn small(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}
