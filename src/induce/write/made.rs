//! A rule that was made, and how good it is: what it yields of what is sought, and whether it will hold.

use std::collections::HashMap;

use super::synthesis::Sought;
use super::trial::{Seen, by_link};
use crate::induce::Draft;

/// A rule and how well it does.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Made {
    pub(in crate::induce) draft: Draft,
    /// What it yields, in the order of the page.
    pub(in crate::induce) seen: Vec<Seen>,
    pub(in crate::induce) marks: Marks,
    /// What it costs to rely on how it finds rows.
    pub(in crate::induce) cost: u32,
}

/// How exactly a rule must find what is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::induce) enum Demand {
    /// All of it, and nothing else.
    Exact,
    /// A row or two more or less, if the rule is one that will hold longer for it: what was found by looking may be a row
    /// off itself.
    Lasting,
}

/// How much of what is sought a rule yields, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::induce) struct Marks {
    /// Links, and none that are not sought.
    pub(in crate::induce) links: usize,
    /// Titles, of those that are known.
    pub(in crate::induce) titles: usize,
    /// Dates, of those that are known.
    pub(in crate::induce) dates: usize,
}

impl Made {
    /// How good the rule is: what it yields, less what it costs to rely on it. A thousandth of the rows is worth as much here as
    /// where selectors are chosen.
    pub(in crate::induce) fn worth(&self) -> i64 {
        let of = |count: usize| i64::try_from(count).unwrap_or_default();
        of(self.marks.links) * 5 + of(self.marks.titles) * 3 + of(self.marks.dates) - i64::from(self.cost) * 2
    }
}

/// How much of what is sought was seen.
pub(in crate::induce) fn marks_of(sought: &[Sought], seen: &[Seen]) -> Marks {
    let by_link = by_link(seen);
    let found: HashMap<&str, &Seen> = sought
        .iter()
        .filter_map(|sought| by_link.get(sought.link.as_str()).map(|seen| (sought.link.as_str(), *seen)))
        .collect();
    let all = sought.len().max(seen.len());
    let of = |is_known: fn(&Sought) -> bool, is_right: fn(&Sought, &Seen) -> bool| {
        let known = sought.iter().filter(|sought| is_known(sought)).count();
        let right = sought.iter().filter(|sought| is_known(sought));
        let right = right.filter(|sought| found.get(sought.link.as_str()).is_some_and(|seen| is_right(sought, seen)));
        thousandths(right.count(), known)
    };
    Marks {
        links: thousandths(found.len(), all),
        titles: of(|sought| sought.title.is_some(), |sought, seen| sought.title == seen.title),
        dates: of(|sought| sought.published.is_some(), |sought, seen| sought.published == seen.published),
    }
}

fn thousandths(part: usize, whole: usize) -> usize {
    (part * 1000).checked_div(whole).unwrap_or(1000)
}
