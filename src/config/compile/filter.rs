//! Which items a feed shows.

use std::collections::BTreeMap;

use super::{Problems, pattern};
use crate::config::raw::{RawFilter, Texts};
use crate::item::Field;
use crate::rule::{Filter, Patterns};

/// A feed's filter; without one, everything is shown.
pub(super) fn filter(problems: &mut Problems<'_>, raw: Option<&RawFilter>) -> Filter {
    let Some(raw) = raw else { return Filter::default() };
    Filter { include: patterns(problems, raw.include.as_ref()), exclude: patterns(problems, raw.exclude.as_ref()) }
}

fn patterns(problems: &mut Problems<'_>, raw: Option<&BTreeMap<Field, Texts>>) -> Patterns {
    let mut patterns = Patterns::new();
    for (field, texts) in raw.into_iter().flatten() {
        let of_field = texts.0.iter().filter_map(|text| problems.read(text, pattern::regex)).collect();
        patterns.push((*field, of_field));
    }
    patterns
}
