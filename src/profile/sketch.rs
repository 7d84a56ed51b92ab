//! A few of many tokens, always the same ones: enough to tell how many of them are found again.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use crate::limits;

/// A sample of a set of tokens: those whose hashes are the least (a bottom-k sample, Cohen 1997). Which tokens are in it
/// has nothing to do with what they are, so the share of the sample that is found again is that of the whole set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sketch(Vec<u32>);

impl Sketch {
    /// A sample of `tokens`, each as [`token`] made it.
    pub fn of(tokens: impl IntoIterator<Item = u32>) -> Self {
        let all: BTreeSet<u32> = tokens.into_iter().collect();
        Self(all.into_iter().take(limits::SKETCH).collect())
    }

    /// How many tokens of a hundred are among `tokens`; `None`: nothing was sampled.
    #[expect(clippy::cast_precision_loss, reason = "a sample is small")]
    pub fn found_in(&self, tokens: &HashSet<u32>) -> Option<f32> {
        let found = self.0.iter().filter(|token| tokens.contains(token)).count();
        (!self.0.is_empty()).then(|| found as f32 * 100.0 / self.0.len() as f32)
    }

    /// How many tokens were sampled.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was sampled.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A token's hash. It is archived, so it must stay what it is: FNV-1a, and the last steps of `MurmurHash3`, since FNV alone
/// leaves alike tokens close to each other.
pub fn token(text: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    u32::try_from((hash ^ (hash >> 33)) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_a_sample_is_that_of_the_whole() {
        let tokens = |range: std::ops::Range<u32>| range.map(|n| token(&format!("class-{n}"))).collect::<HashSet<_>>();
        let sketch = Sketch::of(tokens(0..1000));
        assert_eq!(sketch.found_in(&tokens(0..1000)), Some(100.0));
        assert_eq!(sketch.found_in(&tokens(1000..2000)), Some(0.0));
        let half = sketch.found_in(&tokens(0..500)).unwrap();
        assert!((35.0..65.0).contains(&half), "{half}");
        assert_eq!(Sketch::default().found_in(&tokens(0..1)), None);
        assert_eq!(token("stories"), 361_656_064, "what is archived must be understood by later versions");
    }
}
