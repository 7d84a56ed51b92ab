//! What extraction found, missed and doubted, field by field. A report is data, never an error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::item::Field;
use crate::limits;
use crate::text::shorten;

/// How often a field was found, missed and doubted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Entries or articles that yielded it.
    pub found: usize,
    /// Entries or articles that did not.
    pub missing: usize,
}

/// One remark, with the value that gave rise to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The field concerned, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// A sentence fragment: what was seen, and what was made of it.
    pub what: String,
    /// The row's number in the listing, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
}

/// What reading a listing or an article came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Rows that the listing's `item` matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// Entries that they came to, where `fields` counts only some of them: those that are new, or were read anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<usize>,
    /// Rows that yielded no entry.
    #[serde(skip_serializing_if = "is_zero")]
    pub dropped: usize,
    /// Whether the listing's `container` is on the page; absent if the rule names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<bool>,
    /// Per field: found and missing.
    pub fields: BTreeMap<Field, Tally>,
    /// Remarks, at most [`limits::REPORT_NOTES`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Report {
    /// Adds a remark, unless there are too many already.
    pub fn note(&mut self, field: impl Into<Option<Field>>, row: Option<usize>, what: impl Into<String>) {
        if self.notes.len() < limits::REPORT_NOTES {
            self.notes.push(Note { field: field.into(), what: what.into(), row });
        }
    }

    /// Adds a remark about the whole document, unless it has been made.
    pub fn note_once(&mut self, field: impl Into<Option<Field>>, what: String) {
        if self.notes.iter().all(|note| note.what != what) {
            self.note(field, None, what);
        }
    }

    /// Adds another report's remarks to this one.
    pub fn absorb(&mut self, other: Self) {
        for note in other.notes {
            self.note(note.field, note.row, note.what);
        }
    }
}

/// How one extractor came to its value, or did not: what `--explain` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// The name of the field that was wanted, or `next`.
    pub field: &'static str,
    /// The row's number in the listing, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The article's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// The extractor as the rule writes it, or the name of the usual place that was looked at.
    pub extractor: String,
    /// Nodes (or values) that the source matched.
    pub matched: usize,
    /// Whether steps are recorded: nobody reads those of an ordinary refresh.
    #[serde(skip)]
    pub is_traced: bool,
    /// The name of each step and what it left, shortened.
    pub steps: Vec<(&'static str, String)>,
    /// Whether it yielded the field's value.
    pub won: bool,
}

/// One value that was found for a field of an item, and whether it became the item's: what `--explain` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The item's address, or its id.
    pub item: String,
    /// The name of the field.
    pub field: &'static str,
    /// Where the value stood: in the row or the article, by a rule or in a usual place.
    pub from: &'static str,
    /// The value, shortened.
    pub value: String,
    /// Whether it is the item's.
    pub won: bool,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Attempt {
    /// Records what a step made of the value.
    pub fn step(&mut self, name: &'static str, value: &str) {
        if self.is_traced {
            self.steps.push((name, shorten(value, limits::SHOWN_CHARS)));
        }
    }
}
