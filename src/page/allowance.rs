//! How much of a document may be read for what its markup describes: nested marks tell the same text again and again.

use std::cell::Cell;

use crate::limits;

/// What may still be read, in bytes; an element counts as one. All readings of one document share it.
#[derive(Debug)]
pub(super) struct Allowance(Cell<usize>);

impl Default for Allowance {
    fn default() -> Self {
        Self(Cell::new(limits::MARKED_BYTES))
    }
}

impl Allowance {
    /// What may still be read.
    pub(super) fn left(&self) -> usize {
        self.0.get()
    }

    /// Whether there was so much left; it is gone now, and what was less is gone, too.
    pub(super) fn spend(&self, work: usize) -> bool {
        let left = self.left();
        self.0.set(left.saturating_sub(work));
        work <= left
    }

    /// A value of the property `name` as an attribute has it, unless it would be too much.
    pub(super) fn stated(&self, name: &str, value: &str) -> Option<String> {
        let value = value.trim();
        let value = value.get(..value.floor_char_boundary(most(name)))?;
        self.spend(value.len()).then(|| value.to_owned())
    }
}

/// Bytes that a value of the property `name` may have: an article's text is as long as any content.
pub(super) fn most(name: &str) -> usize {
    if matches!(name, "articleBody" | "text") { limits::CONTENT_BYTES } else { limits::FIELD_BYTES }
}
