//! Whether the month or the day stands first in dates that can be read both ways: what one date leaves open, a list of them
//! tells.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::extract::dates::{self, Doubt, Reading};
use crate::induce::listed::ListedRow;
use crate::limits;
use crate::page::{Document, line_within};
use crate::rule::DateHint;

/// A moment behind all dates of pages.
const NOW: DateTime<Utc> = DateTime::from_timestamp_nanos(1_800_000_000_000_000_000);

/// The locale that a rule has to name, so that the dates of a list can be read: `None` if they can without.
pub(in crate::induce) fn locale_of_dates(document: &Document, rows: &[ListedRow]) -> Option<&'static str> {
    let hint = DateHint { locale: document.locale(), ..DateHint::in_zone(Tz::UTC) };
    let mut months_first = Vec::new();
    let mut days_first = Vec::new();
    let mut are_doubted = false;
    for element in rows.iter().filter_map(|row| row.date).filter_map(|date| document.element(date)) {
        let text = line_within(element, limits::TITLE_READ);
        let parts = numbers(&text);
        match dates::read(&text, &hint, NOW) {
            _ if element.attr("datetime").is_some() => {}
            Reading::Doubted(Doubt::TwoReadings(one, other)) => {
                are_doubted = true;
                let (by_month, by_day) = if parts.is_some_and(|(month, _)| chrono::Datelike::month(&one) == month) {
                    (one, other)
                } else {
                    (other, one)
                };
                months_first.push(Some(by_month));
                days_first.push(Some(by_day));
            }
            Reading::Date(date) if parts.is_some_and(|(first, second)| first > 12 || second > 12) => {
                let (first, _) = parts.unwrap_or_default();
                let date = Some(date.date_naive());
                months_first.push(date.filter(|_| first <= 12));
                days_first.push(date.filter(|_| first > 12));
            }
            _ => {}
        }
    }
    if !are_doubted {
        return None;
    }
    let (by_month, by_day) = (disorder(&months_first), disorder(&days_first));
    let is_american = [".gov", ".mil", ".us", ".edu"].iter().any(|end| document.base().host().ends_with(end));
    match by_month.cmp(&by_day) {
        std::cmp::Ordering::Less => Some("en-US"),
        std::cmp::Ordering::Greater => Some("en-GB"),
        std::cmp::Ordering::Equal => is_american.then_some("en-US"),
    }
}

/// The first two numbers of a date that is written with slashes, dashes or dots, the year last.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let pieces: Vec<&str> = text
        .split_whitespace()
        .find(|word| word.matches(['/', '-', '.']).count() == 2)?
        .split(['/', '-', '.'])
        .collect();
    Some((pieces.first()?.parse().ok()?, pieces.get(1)?.parse().ok()?))
}

/// How badly dates can be read, and then how far they are from the order that lists have: those that are none, and steps
/// against the prevailing direction.
fn disorder(dates: &[Option<NaiveDate>]) -> (usize, usize, i64) {
    let read: Vec<NaiveDate> = dates.iter().flatten().copied().collect();
    let steps = || read.iter().zip(read.iter().skip(1));
    let (up, down) =
        (steps().filter(|(one, next)| one < next).count(), steps().filter(|(one, next)| one > next).count());
    let span = read.iter().max().zip(read.iter().min()).map_or(0, |(last, first)| (*last - *first).num_days());
    (dates.len() - read.len(), up.min(down), span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weburl::WebUrl;

    /// The locale for a page of these dates.
    fn locale(host: &str, dates: &[&str]) -> Option<&'static str> {
        let html: String = dates.iter().map(|date| format!("<p>{date}</p>")).collect();
        let document = Document::parse(&html, WebUrl::parse(&format!("https://{host}/")).unwrap()).unwrap();
        let elements = document.root().descendent_elements().filter(|element| element.value().name() == "p");
        let row = |id| ListedRow { element: id, link: id, title: None, date: Some(id) };
        let rows: Vec<ListedRow> = elements.map(|element| row(element.id())).collect();
        locale_of_dates(&document, &rows)
    }

    #[test]
    fn one_date_of_a_list_tells_how_all_are_written() {
        assert_eq!(locale("a.example", &["03/04/2026", "02/27/2026"]), Some("en-US"));
        assert_eq!(locale("a.example", &["04/03/2026", "27/02/2026"]), Some("en-GB"));
    }

    #[test]
    fn lists_run_in_one_direction() {
        assert_eq!(locale("a.example", &["03/04/2026", "03/02/2026", "02/09/2026", "02/07/2026"]), Some("en-US"));
        assert_eq!(locale("a.example", &["04/03/2026", "02/03/2026", "09/02/2026", "07/02/2026"]), Some("en-GB"));
    }

    #[test]
    fn what_nothing_tells_the_host_may() {
        assert_eq!(locale("court.gov", &["03/04/2026"]), Some("en-US"));
        assert_eq!(locale("a.example", &["4 March 2026", "2026-03-02"]), None);
    }
}
