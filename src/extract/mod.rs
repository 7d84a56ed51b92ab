//! Reading pages by rules: pages in, entries and articles out. Never fails, never does I/O: same page, rule and clock,
//! same result. What could not be read is told in a report.

mod article;
mod boilerplate;
mod byline;
mod choices;
mod clean;
mod continued;
mod dateline;
pub mod dates;
mod enclosures;
mod full_text;
mod gallery;
mod headings;
mod headline;
mod images;
mod join;
mod lines;
mod listing;
mod markup;
mod merge;
mod named;
mod next;
mod picture;
mod prepare;
mod raw;
mod reader;
mod refine;
mod rows;
mod settled;
mod sight;
mod signature;
mod site_name;
mod state;
mod usual;
mod version;

pub use article::{ArticleReading, article, preferring};
pub use boilerplate::{in_common, left_out, pieces, without};
pub use choices::choices;
pub use clean::{clean, running_text_of, text_of};
pub use continued::{Added, Continued};
pub use join::joined;
pub use listing::{Entry, EntryKey, ListingReading, listing, listing_with_next, page_title};
pub use merge::{Merged, merge};
pub use refine::shown;
pub use sight::Sight;
pub(crate) use usual::{JSON_DATES, JSON_LINKS, JSON_TITLES};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::item::{Field, Fields};
use crate::report::{Attempt, Report, Tally};
use crate::rule::FieldRules;

/// What every reading needs beside the page and the rule.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The present moment, for judging dates.
    pub now: DateTime<Utc>,
    /// Whether to record every attempt, for `--explain`.
    pub explain: bool,
}

/// What a reading tells about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What was found, missed and doubted.
    pub report: Report,
    /// Every attempt, if that was asked for.
    pub attempts: Vec<Attempt>,
}

impl Findings {
    /// Adds what the next page of the same list tells: its rows are counted on from those of this one.
    fn go_on(&mut self, further: Self) {
        let rows = self.report.rows.unwrap_or_default();
        let counted = |row: Option<usize>| row.map(|row| rows + row);
        for note in further.report.notes {
            self.report.note(note.field, counted(note.row), note.what);
        }
        self.attempts
            .extend(further.attempts.into_iter().map(|attempt| Attempt { row: counted(attempt.row), ..attempt }));
        self.report.rows = further.report.rows.map(|more| rows + more).or(self.report.rows);
        self.report.dropped += further.report.dropped;
        self.report.container = self.report.container.max(further.report.container);
    }
}

/// How many items have which fields.
#[derive(Clone, Debug, Default)]
pub struct Census {
    items: usize,
    found: BTreeMap<Field, usize>,
}

impl Census {
    /// Counts an item.
    pub fn add(&mut self, fields: &Fields) {
        self.items += 1;
        for field in Field::ALL.into_iter().filter(|field| fields.has(*field)) {
            *self.found.entry(field).or_default() += 1;
        }
    }

    /// How often each field was found and missed: those that the rules name, a link and a title in any case, and the
    /// others where there are any (a site without pictures misses none).
    pub fn tallies(&self, rules: &[&FieldRules]) -> BTreeMap<Field, Tally> {
        let is_wanted = |field: &Field| {
            matches!(field, Field::Link | Field::Title)
                || rules.iter().any(|rules| !rules.extractors(*field).is_empty())
        };
        let found = |field: Field| self.found.get(&field).copied().unwrap_or_default();
        let counted = Field::ALL.into_iter().filter(|field| self.items > 0 && (found(*field) > 0 || is_wanted(field)));
        counted.map(|field| (field, Tally { found: found(field), missing: self.items - found(field) })).collect()
    }
}
