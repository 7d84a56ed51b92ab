//! Titles that are one line of several: above or below the name stands a number, or a remark.

use std::collections::HashMap;

use super::made::Made;
use super::synthesis::Sought;
use super::trial::{Seen, trial};
use crate::induce::Way;
use crate::induce::look::titled::wordiness;
use crate::limits;
use crate::page::{Document, Element};

/// Rows below which lines cannot be told from each other.
const LEAST: usize = 4;

/// Lines of one element that are looked at, and the nodes that they stand among.
const LINES: usize = 6;
const NODES: usize = 40;

/// Of a hundred characters of names so many are letters at least, and of numbers at most.
const NAMES: usize = 80;
const NUMBERS: usize = 50;

/// A text in the element of a title, of its own and not of an element in it.
struct Line {
    /// Its number among all such texts, blank ones too, from 1.
    number: usize,
    text: String,
}

/// What stands in the element of a title.
struct Lines {
    link: String,
    /// The way from the row to the element.
    way: String,
    own: Vec<Line>,
    /// Whether its first line is followed by another that is marked as something else than text.
    is_remarked: bool,
}

/// The rule with titles that are one line of what it reads now, where that is several and the others are no names.
pub(in crate::induce) fn in_one_line(document: &mut Document, made: Made, sought: &[Sought]) -> Made {
    let all = alike(sought.iter().filter_map(|sought| lines(document, sought)).collect());
    if all.len() < LEAST || all.len() * 4 < sought.len() * 3 {
        return made;
    }
    let Some(place) = named(&all).or_else(|| remarked(&all)) else { return made };
    let expected: HashMap<&str, &str> =
        all.iter().filter_map(|lines| Some((lines.link.as_str(), lines.own.get(place)?.text.as_str()))).collect();
    let is_expected = |seen: &Seen| match expected.get(seen.link.as_str()) {
        Some(title) => seen.title.as_deref() == Some(*title),
        None => seen.title.is_some(),
    };
    let before = made.draft.get("title").to_vec();
    for way in ways(&all, place) {
        for fallbacks in [Vec::new(), before.clone()] {
            let mut draft = made.draft.clone();
            draft.set("title", std::iter::once(Way::Short(way.clone())).chain(fallbacks).collect());
            let seen = trial(document, &draft);
            if seen.len() == made.seen.len() && seen.iter().all(is_expected) {
                return Made { draft, seen, ..made };
            }
        }
    }
    made
}

/// Those that stand in the same place of their rows as most of them do.
fn alike(mut all: Vec<Lines>) -> Vec<Lines> {
    let mut ways: HashMap<&str, usize> = HashMap::new();
    for lines in &all {
        *ways.entry(&lines.way).or_default() += 1;
    }
    let usual = ways.into_iter().max_by_key(|(way, count)| (*count, *way)).map(|(way, _)| way.to_owned());
    all.retain(|lines| Some(&lines.way) == usual.as_ref());
    all
}

/// The lines of a row's title.
fn lines(document: &Document, sought: &Sought) -> Option<Lines> {
    let (row, title) = (document.element(sought.row.element)?, document.element(sought.row.title?)?);
    let (mut own, mut number) = (Vec::new(), 0);
    let (mut breaks, mut marked) = (0, 0);
    for node in title.children().take(NODES) {
        if let Some(text) = node.value().as_text() {
            number += 1;
            let text = text.get(..text.floor_char_boundary(limits::TITLE_READ)).unwrap_or_default();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !text.is_empty() && own.len() < LINES {
                own.push(Line { number, text });
            }
        } else if let Some(element) = Element::wrap(node) {
            match element.value().name() {
                "br" => breaks += 1,
                // What is emphasised in the first line is a word of it.
                _ if breaks == 0 => return None,
                _ => marked += 1,
            }
        }
    }
    let is_remarked = own.len() == 1 && breaks > 0 && marked > 0;
    Some(Lines { link: sought.link.clone(), way: way_down(row, title)?, own, is_remarked })
}

/// The only line that is a name, if all the others of most rows are numbers.
fn named(all: &[Lines]) -> Option<usize> {
    let column = |place: usize| -> Vec<String> {
        all.iter().filter_map(|lines| lines.own.get(place)).map(|line| line.text.clone()).collect()
    };
    let columns: Vec<Vec<String>> = (0..LINES).map(column).take_while(|column| column.len() * 2 > all.len()).collect();
    let words: Vec<usize> = columns.iter().map(|column| wordiness(column)).collect();
    let place = words.iter().position(|words| *words >= NAMES)?;
    let is_number = |(other, words): (usize, &usize)| other == place || *words < NUMBERS;
    let is_full = columns.get(place).is_some_and(|column| column.len() * 10 >= all.len() * 9);
    (columns.len() > 1 && is_full && words.iter().enumerate().all(is_number)).then_some(place)
}

/// The first line, if there is no other but a remark below it in some of the rows.
fn remarked(all: &[Lines]) -> Option<usize> {
    let remarks = all.iter().filter(|lines| lines.is_remarked).count();
    let is_alone = all.iter().all(|lines| lines.own.len() == 1);
    (is_alone && remarks > 0 && remarks * 2 < all.len()).then_some(0)
}

/// Ways to the lines at that place, the most frequent first.
fn ways(all: &[Lines], place: usize) -> Vec<String> {
    let mut votes: HashMap<String, usize> = HashMap::new();
    for (way, line) in all.iter().filter_map(|lines| Some((&lines.way, lines.own.get(place)?))) {
        *votes.entry(format!("{way}/text()[{}]", line.number)).or_default() += 1;
        *votes.entry(format!("{way}/text()[normalize-space()][{}]", place + 1)).or_default() += 1;
    }
    let mut votes: Vec<(String, usize)> = votes.into_iter().collect();
    votes.sort_by(|(one, few), (other, many)| {
        many.cmp(few).then(one.len().cmp(&other.len())).then_with(|| one.cmp(other))
    });
    votes.into_iter().take(4).map(|(way, _)| way).collect()
}

/// The way from a row to an element in it, as XPath has it.
fn way_down(row: Element<'_>, at: Element<'_>) -> Option<String> {
    const DEEP: usize = 8;
    let mut steps = Vec::new();
    for element in std::iter::once(at).chain(at.ancestors().filter_map(Element::wrap)).take(DEEP) {
        if element.id() == row.id() {
            steps.push(".".to_owned());
            steps.reverse();
            return Some(steps.join("/"));
        }
        let tag = element.value().name();
        let is_same = |sibling: &Element<'_>| sibling.value().name() == tag;
        let before = element.prev_siblings().take(NODES).filter_map(Element::wrap).filter(is_same).count();
        let is_only =
            before == 0 && !element.next_siblings().take(NODES).filter_map(Element::wrap).any(|next| is_same(&next));
        steps.push(if is_only { tag.to_owned() } else { format!("{tag}[{}]", before + 1) });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::induce::listing;
    use crate::weburl::WebUrl;

    const NAMES: [&str; 6] = [
        "Goose v. Fox",
        "Miller v. River Board",
        "In re Ducks",
        "Estate of Drake",
        "Hen v. Hawk",
        "Ox v. Cart Company",
    ];

    /// What the rule says of titles for a table with these cells.
    fn title(cell: impl Fn(usize, &str) -> String) -> String {
        let row = |(n, name): (usize, &&str)| {
            format!("<tr><td><a href=/files/{n}.pdf>{n}</a></td><td>{}</td></tr>", cell(n, name))
        };
        let rows: String = NAMES.iter().enumerate().map(row).collect();
        let url = WebUrl::parse("https://court.example/opinions").unwrap();
        let page = format!("<h1>Opinions</h1><table>{rows}</table>");
        let proposal = listing(&mut Document::parse(&page, url).unwrap()).unwrap();
        proposal.draft.get("title").iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_name_may_stand_below_a_number() {
        let cell = |n: usize, name: &str| format!("Civil Action No. 2026-{}<br>{name}", n * 97);
        assert_eq!(title(cell), r#""./td[2]/text()[2]""#);
    }

    #[test]
    fn a_remark_below_some_names_is_none_of_them() {
        let remark = |n: usize| if n == 2 { "<br><em>Public version posted today.</em>" } else { "" };
        let cell = |n: usize, name: &str| format!("{name}{}", remark(n));
        assert_eq!(title(cell), r#""./td[2]/text()[1]""#);
    }

    #[test]
    fn a_name_of_two_lines_stays_whole() {
        let cell = |n: usize, name: &str| format!("{name}<br>and others, in the matter of {}", NAMES[(n * 5 + 3) % 6]);
        assert!(!title(cell).contains("text()"));
        let cell = |n: usize, name: &str| format!("{name}{}", if n == 2 { "<br>and the other geese" } else { "" });
        assert!(!title(cell).contains("text()"));
    }
}
