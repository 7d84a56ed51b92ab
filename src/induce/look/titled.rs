//! The titles of rows: the link's text, a heading, or what stands in the same place of each row and reads like one.

use std::collections::{HashMap, HashSet};

use super::dated::Dates;
use super::links::{Link, Links};
use super::rows::{Row, place};
use super::sheet::{Sheet, measure};
use crate::limits;
use crate::page::line_within;

/// Texts that stand alike in their rows.
#[derive(Clone, Debug, Default)]
struct Column {
    /// The row's number, and the place.
    cells: Vec<(usize, usize)>,
    texts: Vec<String>,
    /// Those that are dates.
    dates: usize,
    /// What speaks for this place, besides the texts.
    bonus: f64,
}

/// A shorter text that tells a date is one.
const DATED: usize = 40;

/// More text than this is no title.
const LONGEST: usize = 300;

/// Where each row shows its title.
pub(in crate::induce) fn of_rows(
    sheet: &Sheet<'_>,
    links: &Links,
    dates: &Dates<'_>,
    rows: &[Row],
) -> Vec<Option<usize>> {
    let mut link = Column { bonus: 0.6, ..Column::default() };
    let mut heading = Column { bonus: 0.8, ..Column::default() };
    let mut places: HashMap<u64, Column> = HashMap::new();
    let (mut link_parts, mut heading_parts) = (0, 0);
    for (nth, row) in rows.iter().enumerate() {
        let Some((_, own, _)) = links.row(row) else { continue };
        let headed = heading_of(sheet, row, own);
        if own.measure > 0 {
            link.add(nth, own.at, own.text.clone(), dates);
        }
        if let Some(at) = headed {
            heading.add(nth, at, line_within(sheet.spot(at).element, limits::TITLE_READ), dates);
        }
        let (mut in_link, mut in_heading) = (0, 0);
        let mut seen = HashSet::new();
        for at in row.spots() {
            let spot = sheet.spot(at);
            if !spot.speaks || at == own.at || !(1..=LONGEST).contains(&spot.amount().text) {
                continue;
            }
            let key = place(sheet, row, at);
            if !seen.insert(key) {
                continue;
            }
            let column = places.entry(key).or_default();
            let is_in_link = sheet.within(own.at).contains(&at);
            let is_in_heading = headed.is_some_and(|heading| sheet.within(heading).contains(&at));
            (in_link, in_heading) = (in_link + usize::from(is_in_link), in_heading + usize::from(is_in_heading));
            column.bonus =
                if links.leads_alike(at, own) { 0.6 } else { share(is_in_link, 0.3) + share(is_in_heading, 0.3) }
                    + share(spot.is_named_title(), 0.3)
                    + share(matches!(spot.name(), "b" | "strong"), 0.1);
            column.add(nth, at, line_within(spot.element, limits::TITLE_READ), dates);
        }
        link_parts += usize::from(in_link > 1);
        heading_parts += usize::from(in_heading > 1);
    }
    // What is made of parts is a whole card, and one of its parts is the title.
    if link_parts * 2 > rows.len() {
        link.bonus = 0.0;
    }
    if heading_parts * 2 > rows.len() {
        heading.bonus = 0.2;
    }
    let fallback: HashMap<usize, usize> = link.cells.iter().chain(&heading.cells).copied().collect();
    let columns = places.into_iter().chain([(1, heading), (2, link)]);
    let mut columns: Vec<(f64, u64, Column)> =
        columns.map(|(key, column)| (column.worth(rows.len()), key, column)).collect();
    columns.sort_by(|(one, one_key, _), (other, other_key, _)| other.total_cmp(one).then(one_key.cmp(other_key)));
    let mut columns = columns.into_iter().map(|(.., column)| column.cells.into_iter().collect());
    let best: HashMap<usize, usize> = columns.next().unwrap_or_default();
    // Where the title is a part of what says more, a row that has no such part may have the rest.
    let holds = |(nth, at): (&usize, &usize)| best.get(nth).is_some_and(|part| sheet.within(*at).contains(part));
    let is_whole = |whole: &HashMap<usize, usize>| whole.iter().filter(|cell| holds(*cell)).count() * 2 > best.len();
    let whole = columns.find(is_whole).unwrap_or_default();
    let title = |nth| best.get(&nth).or_else(|| whole.get(&nth)).or_else(|| fallback.get(&nth)).copied();
    (0..rows.len()).map(title).collect()
}

const fn share(is_so: bool, bonus: f64) -> f64 {
    if is_so { bonus } else { 0.0 }
}

/// The heading of a row that is not just around its link.
fn heading_of(sheet: &Sheet<'_>, row: &Row, link: &Link) -> Option<usize> {
    let is_heading = |at: &usize| sheet.spot(*at).heading().is_some() && sheet.spot(*at).amount().text > 0;
    let in_link = sheet.within(link.at).find(is_heading);
    if in_link.is_some() || link.heading.is_some_and(|(at, _)| at < link.at) {
        return in_link;
    }
    row.spots().find(is_heading)
}

impl Column {
    fn add(&mut self, row: usize, at: usize, text: String, dates: &Dates<'_>) {
        self.cells.push((row, at));
        self.dates += usize::from(text.len() < DATED && dates.is_date(at));
        self.texts.push(text);
    }

    /// How much these texts look like titles: every row has one, they differ, and beside what they have in common they are
    /// words, enough of them and not too many.
    #[expect(clippy::cast_precision_loss, reason = "a page has fewer letters than a float has digits")]
    fn worth(&self, rows: usize) -> f64 {
        const ENOUGH: f64 = 12.0;
        const TOO_MUCH: f64 = 120.0;
        let count = self.texts.len().max(1) as f64;
        let (letters, all, length) = said(&self.texts);
        let distinct: HashSet<&String> = self.texts.iter().collect();
        let length = length as f64 / count;
        let length = (length / ENOUGH).min(1.0) - ((length - TOO_MUCH) / TOO_MUCH).clamp(0.0, 1.0);
        let letters = letters as f64 / all.max(1) as f64;
        count / rows.max(1) as f64
            * (distinct.len() as f64 / count + letters + length + self.bonus - self.dates as f64 / count)
    }
}

/// Of a hundred characters that tell texts from each other, those that are letters: names have many, numbers none.
pub(in crate::induce) fn wordiness(texts: &[String]) -> usize {
    let (letters, all, _) = said(texts);
    (letters * 100).checked_div(all).unwrap_or_default()
}

/// The letters, and all characters, of words that not most of the texts have, and how much these words say.
fn said(texts: &[String]) -> (usize, usize, usize) {
    let common = common_words(texts);
    let (mut letters, mut all, mut length) = (0, 0, 0);
    for word in texts.iter().flat_map(|text| words(text)).filter(|word| !common.contains(word)) {
        letters += word.chars().filter(|c| c.is_alphabetic()).count();
        all += word.chars().count();
        length += measure(word);
    }
    (letters, all, length)
}

/// Words that most of the texts have: they tell no row from another.
fn common_words(texts: &[String]) -> HashSet<&str> {
    const FEW: usize = 4;
    if texts.len() < FEW {
        return HashSet::new();
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for text in texts {
        let once: HashSet<&str> = words(text).collect();
        for word in once {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count * 5 > texts.len() * 3);
    counts.into_keys().collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
