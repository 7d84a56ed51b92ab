//! Titles that begin or end with what is no part of a name: the date of their row, a comma.

use std::collections::{HashMap, HashSet};

use regex::Regex;

use super::made::Made;
use super::synthesis::{Sought, refined, title_ways};
use super::trial::{Seen, hint, moment, trial};
use crate::extract::dates::{self, Reading};
use crate::induce::Way;
use crate::page::Document;
use crate::rule::DateHint;

/// Days as they stand in titles. What may be a version, or the number of a case, is none: years of two figures only stand
/// between slashes.
const DAYS: [&str; 11] = [
    r"\d+/\d+/\d+",
    r"\d{4}-\d+-\d+",
    r"\d+-\d+-\d{4}",
    r"\d+\. ?\d+\. ?\d{4}",
    r"\w+, \w+\.? \d+, \d{4}",
    r"\w+\.? \d+, \d{4}",
    r"\w+,? \d+\.? \w+\.? \d{4}",
    r"\d+\.? \w+\.? \d{4}",
    r"\w+\.? \d+ \d{4}",
    r"\d+ de \w+ de \d{4}",
    r"\d{4}年\d+月\d+日",
];

/// Titles below which nothing can be said of all of them.
const LEAST: usize = 4;

/// Characters behind a date that may go with it: the mark of a court, a time.
const TAIL: usize = 12;

/// The rule with titles that are without the date that nearly all of them begin or end with, where they are names without it;
/// and without commas at their ends.
pub(in crate::induce) fn trimmed(document: &mut Document, made: Made, sought: &[Sought]) -> Made {
    let titles: Vec<&str> = made.seen.iter().filter_map(|seen| seen.title.as_deref()).collect();
    let Some(pattern) = pattern(&titles, &hint(document)).or_else(|| without_commas(&titles)) else { return made };
    let Ok(regex) = Regex::new(&pattern) else { return made };
    let expected: HashMap<&str, Option<&str>> = made
        .seen
        .iter()
        .map(|seen| (seen.link.as_str(), seen.title.as_deref().map(|title| cut(&regex, title))))
        .collect();
    let is_expected =
        |seen: &Seen| expected.get(seen.link.as_str()).is_some_and(|title| *title == seen.title.as_deref());
    for written in written(document, &made, sought) {
        let mut draft = made.draft.clone();
        draft.set("title", written.iter().map(|css| refined(css, "match", &pattern)).collect());
        let seen = trial(document, &draft);
        // What was read from a title that names a day may be read beside it now.
        let is_dated =
            seen.iter().zip(&made.seen).all(|(now, before)| now.published.is_some() == before.published.is_some());
        if seen.len() == made.seen.len() && is_dated && seen.iter().all(is_expected) {
            return Made { draft, seen, ..made };
        }
    }
    made
}

/// Where the rule may say that titles stand: where it does already, else where they were found.
fn written(document: &mut Document, made: &Made, sought: &[Sought]) -> Vec<Vec<String>> {
    let short = |way: &Way| if let Way::Short(css) = way { Some(css.clone()) } else { None };
    match made.draft.get("title") {
        // A row that is the link is its own title, wherever the title was found.
        [] => title_ways(document, sought).into_iter().chain([vec![":scope".to_owned()]]).collect(),
        ways => ways.iter().map(short).collect::<Option<Vec<String>>>().into_iter().collect(),
    }
}

/// The first group of the pattern in a title.
fn cut<'t>(regex: &Regex, title: &'t str) -> &'t str {
    regex.captures(title).and_then(|found| found.get(1)).map_or(title, |found| found.as_str().trim())
}

/// What cuts the dates away that nearly all titles begin with, or end with.
fn pattern(titles: &[&str], hint: &DateHint) -> Option<String> {
    let has_figures = |title: &&&str| title.chars().filter(char::is_ascii_digit).nth(2).is_some();
    if titles.len() < LEAST || !is_most(titles.iter().filter(has_figures).count(), titles.len()) {
        return None;
    }
    let patterns = DAYS.iter().flat_map(|day| [at_the_end(day, titles, hint), at_the_start(day, titles, hint)]);
    patterns.flatten().find(|pattern| Regex::new(pattern).is_ok_and(|regex| leaves_names(&regex, titles)))
}

/// What cuts commas off, if several titles end with one: they stood before something that is no part of the title.
fn without_commas(titles: &[&str]) -> Option<String> {
    let open = titles.iter().filter(|title| title.ends_with(',')).count();
    (open >= LEAST).then(|| "^(.+?),?$".to_owned())
}

/// Whether what is left of titles are words, and other ones for other rows: where the date tells rows apart it is their name.
fn leaves_names(regex: &Regex, titles: &[&str]) -> bool {
    let left: Vec<&str> = titles.iter().map(|title| cut(regex, title)).collect();
    let (now, before): (HashSet<&&str>, HashSet<&&str>) = (left.iter().collect(), titles.iter().collect());
    now.len() * 5 >= before.len() * 4 && left.iter().all(|title| title.chars().any(char::is_alphabetic))
}

/// The pattern for titles of which nearly all end with such a day.
fn at_the_end(day: &str, titles: &[&str], hint: &DateHint) -> Option<String> {
    let regex = Regex::new(&format!(r"^(.+)\b({day})\b(.{{0,{TAIL}}})$")).ok()?;
    let parts = |title: &&'_ str| -> Option<(String, String)> {
        let (_, [before, day, tail]) = regex.captures(title)?.extract();
        let lead = lead(before);
        // Words behind it may go on with the name.
        let is_closed = !tail.contains([')', ']']) || lead.contains(['(', '[']);
        let is_end = is_date(day, hint) && !lead.is_empty() && is_closed && !tail.contains(char::is_lowercase);
        is_end.then(|| (lead.to_owned(), tail.to_owned()))
    };
    let (leads, tails): (Vec<String>, Vec<String>) = titles.iter().filter_map(parts).unzip();
    if !is_most(leads.len(), titles.len()) {
        return None;
    }
    let tail = marks(&tails).unwrap_or_else(|| format!("[^a-z]{{0,{TAIL}}}"));
    Some(format!("^(.+?)(?:{}{day}{tail})?$", marks(&leads)?))
}

/// The pattern for titles of which nearly all begin with such a day.
fn at_the_start(day: &str, titles: &[&str], hint: &DateHint) -> Option<String> {
    let regex = Regex::new(&format!(r"^(.{{0,{TAIL}}}?)\b({day})\b(.+)$")).ok()?;
    let parts = |title: &&'_ str| -> Option<(String, String)> {
        let (_, [before, day, behind]) = regex.captures(title)?.extract();
        let between = behind.len() - behind.trim_start_matches(is_behind).len();
        let is_start = is_date(day, hint) && between > 0 && lead(before) == before;
        is_start.then(|| (before.to_owned(), behind.get(..between).unwrap_or_default().to_owned()))
    };
    let (leads, marks_behind): (Vec<String>, Vec<String>) = titles.iter().filter_map(parts).unzip();
    if !is_most(leads.len(), titles.len()) {
        return None;
    }
    Some(format!("^(?:{}{day}{})?(.+)", marks(&leads)?, marks(&marks_behind)?))
}

fn is_most(part: usize, all: usize) -> bool {
    part * 10 >= all * 9
}

/// Whether a text is a day; a word in front of it must be one of the week.
fn is_date(text: &str, hint: &DateHint) -> bool {
    let reads = |text: &str| !matches!(dates::read(text, hint, moment()), Reading::Nothing);
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_weekday = || reads(first.trim_end_matches(','));
    reads(text) && (!reads(rest) || is_weekday())
}

/// What stands between a name and the date behind it.
fn is_before(c: char) -> bool {
    c.is_whitespace() || "-–—−:|,;·•/([".contains(c)
}

/// What stands between a date and the name behind it.
fn is_behind(c: char) -> bool {
    c.is_whitespace() || "-–—−:|,;·•/)].".contains(c)
}

/// The end of the text before a date that belongs to the date: marks, and words that say what day it is, as in "filed on".
fn lead(before: &str) -> &str {
    const LITTLE: usize = 3;
    let bare = before.trim_end_matches(is_before);
    let mut own = bare;
    for (nth, word) in bare.rsplit(' ').take(2).enumerate() {
        if dates::said_before(word).is_publication {
            let words: usize = bare.rsplit(' ').take(nth + 1).map(|word| word.len() + 1).sum();
            own = bare.get(..bare.len().saturating_sub(words)).unwrap_or_default().trim_end_matches(is_before);
            break;
        }
        if word.chars().count() > LITTLE {
            break;
        }
    }
    before.get(own.len()..).unwrap_or_default()
}

/// A pattern for what stands beside dates: the same everywhere, or marks without words.
fn marks(seen: &[String]) -> Option<String> {
    let first = seen.first()?;
    if seen.iter().all(|other| other == first) {
        return (!first.contains(char::is_alphanumeric) || lead(first) == first).then(|| regex::escape(first));
    }
    let mut all: Vec<char> = seen.iter().flat_map(|seen| seen.chars()).collect();
    all.sort_unstable();
    all.dedup();
    let is_mark = all.iter().all(|c| is_before(*c) || is_behind(*c));
    let escaped = || all.iter().map(|c| if "-[]".contains(*c) { format!("\\{c}") } else { c.to_string() });
    is_mark.then(|| format!("[{}]*", escaped().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;

    /// The pattern for titles, and what it leaves of them.
    fn left(titles: &[&str]) -> Option<(String, Vec<String>)> {
        let pattern = pattern(titles, &DateHint::in_zone(Tz::UTC))?;
        let regex = Regex::new(&pattern).unwrap();
        let left = titles.iter().map(|title| cut(&regex, title).to_owned()).collect();
        Some((pattern, left))
    }

    const NAMES: [&str; 4] = ["Goose v. Fox", "Miller v. River Board, Inc.", "In re Ducks", "Estate of Drake"];

    /// What is left of these names with a date in them, and tomorrow of a name without one.
    fn names_are_left(dated: impl Fn(usize, &str) -> String) -> String {
        let titles: Vec<String> = NAMES.iter().enumerate().map(|(n, name)| dated(n + 1, name)).collect();
        let (pattern, left) = left(&titles.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        assert_eq!(left, NAMES, "{pattern}");
        assert_eq!(cut(&Regex::new(&pattern).unwrap(), "Hen v. Hawk"), "Hen v. Hawk");
        pattern
    }

    #[test]
    fn a_date_at_the_end_is_no_part_of_a_title() {
        let filed = names_are_left(|n, name| format!("{name} filed 4/{n}/26"));
        assert_eq!(filed, r"^(.+?)(?: filed \d+/\d+/\d+)?$");
        names_are_left(|n, name| format!("{name} 4/{n}/26 SC{n}"));
        names_are_left(|n, name| format!("{name} (May {n}, 2026)"));
        names_are_left(|n, name| format!("{name}, Monday, May {n}, 2026"));
        names_are_left(|n, name| format!("{name} | 2026-05-0{n}"));
        names_are_left(|n, name| format!("{name} - posted on {n} May 2026"));
    }

    #[test]
    fn a_date_at_the_start_is_no_part_of_a_title() {
        let named = names_are_left(|n, name| format!("October {n}, 2025 — {name}"));
        assert_eq!(named, r"^(?:\w+\.? \d+, \d{4} — )?(.+)");
        names_are_left(|n, name| format!("[0{n}.05.2026] {name}"));
        names_are_left(|n, name| format!("{n} de mayo de 2026: {name}"));
        names_are_left(|n, name| format!("Posted 2026/05/{n} {}{name}", if n > 2 { "- " } else { "" }));
    }

    #[test]
    fn a_date_that_is_the_name_stays() {
        let meetings = ["Council, 3 May 2026", "Council, 4 May 2026", "Council, 5 May 2026", "Council, 6 May 2026"];
        assert_eq!(left(&meetings), None);
        let days = ["May 3, 2026", "May 4, 2026", "May 5, 2026", "May 6, 2026"];
        assert_eq!(left(&days), None);
        let goes_on = NAMES.map(|name| format!("{name} of 3/4/26 and after"));
        assert_eq!(left(&goes_on.each_ref().map(String::as_str)), None);
    }

    #[test]
    fn numbers_that_are_names_stay() {
        let versions = ["Mill 1.2.24", "Goose 3.10.25", "Sack 2.4.26", "River 5.6.26"];
        assert_eq!(left(&versions), None);
        let faults = ["CVE-2026-1234 in Mill", "CVE-2026-1235 in Sack", "CVE-2026-1236 in Ox", "CVE-2026-99 in Hen"];
        assert_eq!(left(&faults), None);
        let papers = ["RFC 9110: Semantics", "RFC 9111: Caching", "RFC 9112: Version 1.1", "RFC 9113: Version 2"];
        assert_eq!(left(&papers), None);
    }

    #[test]
    fn a_word_before_a_date_that_is_no_weekday_is_one_of_the_title() {
        let titles = NAMES.map(|name| format!("{name} of Supreme Court, May 8, 2026"));
        let (_, left) = left(&titles.each_ref().map(String::as_str)).unwrap();
        assert_eq!(left, NAMES.map(|name| format!("{name} of Supreme Court")));
    }

    #[test]
    fn commas_at_the_ends_are_cut() {
        assert_eq!(without_commas(&["A,", "B,", "C", "D,", "E,"]).as_deref(), Some("^(.+?),?$"));
        assert_eq!(without_commas(&["A", "B", "C,"]), None);
    }

    /// What is proposed for a page with these rows, each a name and a day.
    fn proposed(row: impl Fn(usize, &str) -> String) -> String {
        const MORE: [&str; 6] =
            ["Geese on the road", "The weir is clean", "Ducks", "A sack", "Opening in June", "Flour"];
        let rows: String = MORE.iter().enumerate().map(|(n, name)| row(n + 1, name)).collect();
        let html = format!("<!doctype html><html lang=en><main><h1>News</h1>{rows}</main>");
        let url = crate::weburl::WebUrl::parse("https://mill.example/news").unwrap();
        let mut document = Document::parse(&html, url).unwrap();
        crate::induce::listing(&mut document).unwrap().draft.to_string()
    }

    #[test]
    fn a_row_that_is_the_link_may_be_its_own_title() {
        let row = |n: usize, name: &str| format!("<p><a href=/n/{n}>May 1{n}, 2026 – {name}</a></p>");
        let draft = proposed(row);
        assert!(draft.contains(r#"title = { css = ":scope", match = '^(?:\w+\.? \d+, \d{4} – )?(.+)' }"#), "{draft}");
    }

    #[test]
    fn a_title_is_cut_off_its_date_though_it_names_another_day() {
        let row = |n: usize, name: &str| {
            let name = if n == 5 { "Open again from 1 June 2025" } else { name };
            format!("<li class=entry><a href=/n/{n}>{name} (1{n} May 2026)</a></li>")
        };
        let draft = proposed(row);
        assert!(draft.contains("match ="), "{draft}");
    }
}
