//! How much a group of links looks like the list that a page is for.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::links::{Link, Links, Target};
use super::marked::Marked;
use super::rows::Row;
use super::sheet::{Sheet, hash};

/// What is counted of a group's rows: shares of one, but for the first.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::induce) struct Signs {
    /// The logarithm of the number of rows: twice as many are so much more, whatever their number is.
    pub(in crate::induce) count: f64,
    /// Of all that the page shows, what the rows show.
    pub(in crate::induce) share: f64,
    /// Of what the rows show, what is links: menus and tag clouds are nothing else.
    pub(in crate::induce) linked: f64,
    /// Of all links that say as much as a title, those that are in it.
    pub(in crate::induce) cover: f64,
    /// Rows whose link is in a heading, or holds one.
    pub(in crate::induce) headed: f64,
    /// Rows that show a date.
    pub(in crate::induce) dated: f64,
    /// Different texts of links, for each row: "read more" is the same everywhere.
    pub(in crate::induce) distinct: f64,
    /// Rows in menus.
    pub(in crate::induce) menu: f64,
    /// Rows whose links look alike: the most frequent shape.
    pub(in crate::induce) alike: f64,
    /// Rows whose links look like those of single articles.
    pub(in crate::induce) single: f64,
    /// Rows whose links stay on the page's host.
    pub(in crate::induce) own: f64,
    /// Of what the rows show, what the largest shows: an article among the links that it is listed with.
    pub(in crate::induce) uneven: f64,
    /// Rows that the page marks as posts, each as one.
    pub(in crate::induce) marked: f64,
    /// How scattered they are: elements that rows stand in, for each row.
    pub(in crate::induce) scattered: f64,
}

impl Signs {
    #[expect(clippy::cast_precision_loss, reason = "a page has fewer rows and letters than a float has digits")]
    pub(in crate::induce) fn of(
        (sheet, marked): (&Sheet<'_>, &Marked),
        links: &Links,
        rows: &[Row],
        dates: &[Option<usize>],
    ) -> Self {
        let all = rows.len().max(1) as f64;
        let of_rows = |count: usize| count as f64 / all;
        let linked: Vec<(&Row, &Link, &Target)> = rows.iter().filter_map(|row| links.row(row)).collect();
        let share = |test: &dyn Fn(&Link, &Target) -> bool| {
            of_rows(linked.iter().filter(|(_, link, target)| test(link, target)).count())
        };
        let (mut text, mut in_links, mut largest) = (0, 0, 0);
        for row in rows {
            let amount = sheet.stretch(&row.range);
            (text, in_links, largest) = (text + amount.text, in_links + amount.linked, largest.max(amount.text));
        }
        let around: HashSet<usize> = rows.iter().map(|row| sheet.spot(row.at).parent).collect();
        let covered = linked.iter().filter(|(_, link, _)| links.titled.contains(&link.target)).count();
        Self {
            count: all.ln(),
            share: text as f64 / sheet.whole().text.max(1) as f64,
            linked: in_links as f64 / text.max(1) as f64,
            cover: covered as f64 / links.titled.len().max(1) as f64,
            headed: share(&|link, _| link.heading.is_some()),
            dated: of_rows(dates.iter().flatten().count()),
            distinct: of_rows(linked.iter().map(|(_, link, _)| link.text.as_str()).collect::<HashSet<_>>().len()),
            menu: share(&|link, _| sheet.spot(link.at).zone.is_menu),
            alike: of_rows(most(linked.iter().map(|(_, _, target)| hash(&target.shape)))),
            single: share(&|_, target| target.is_single),
            own: share(&|_, target| target.is_own),
            uneven: largest as f64 / text.max(1) as f64,
            marked: of_rows(marked.count(linked.iter().map(|(_, link, _)| link.at))),
            scattered: of_rows(around.len()),
        }
    }

    /// How likely it is to be the list rather than another of the same page: what a page says to machines of its posts counts
    /// as much as the largest sign of those that show. More would leave out what fronts list beside their posts, unmarked. It
    /// tells nothing of whether the page is for any list.
    pub(in crate::induce) fn rank(&self) -> f64 {
        self.worth() + 4.15 * self.marked
    }

    /// How much all of it speaks for the list. The weights were fitted to the corpora of listings, and hold on the sites that
    /// were left out while fitting; their order of size matters, their digits do not.
    pub(in crate::induce) fn worth(&self) -> f64 {
        1.25 * self.count + 4.15 * self.share - 2.8 * self.linked
            + 3.55 * self.cover
            + 3.3 * self.headed
            + 2.8 * self.dated
            + 0.3 * self.distinct
            - 1.05 * self.menu
            + 2.1 * self.alike
            + 2.75 * self.single
            + 2.4 * self.own
            - 4.15 * self.uneven
            - 2.1 * self.scattered
    }
}

/// How often the most frequent value is there.
fn most<T: Eq + Hash>(values: impl Iterator<Item = T>) -> usize {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_values().max().unwrap_or_default()
}
