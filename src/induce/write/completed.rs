//! Titles that a few rows have in another place than the others: the rule looks there, too, where it finds none.

use std::collections::HashSet;

use super::made::{Made, marks_of};
use super::synthesis::{Sought, title_ways};
use super::trial::trial;
use crate::induce::Way;
use crate::page::Document;

/// Places that a rule has for one field.
const MOST: usize = 3;

/// The rule with a second place for titles, if rows have none by the first, and that is better.
pub(in crate::induce) fn completed(document: &mut Document, made: Made, sought: &[Sought]) -> Made {
    let places = made.draft.get("title");
    let untitled: HashSet<&str> =
        made.seen.iter().filter(|seen| seen.title.is_none()).map(|seen| seen.link.as_str()).collect();
    let is_missed = |sought: &&Sought| sought.title.is_some() && untitled.contains(sought.link.as_str());
    let missed: Vec<Sought> = sought.iter().filter(is_missed).cloned().collect();
    if missed.is_empty() || places.is_empty() || places.len() >= MOST {
        return made;
    }
    for ways in title_ways(document, &missed) {
        let mut draft = made.draft.clone();
        let all = places.iter().cloned().chain(ways.into_iter().map(Way::Short)).take(MOST);
        draft.set("title", all.collect());
        let seen = trial(document, &draft);
        let marks = marks_of(sought, &seen);
        if marks > made.marks {
            return Made { draft, seen, marks, ..made };
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::induce::Draft;
    use crate::induce::look::candidates::lists;
    use crate::induce::write::synthesis::sought;
    use crate::weburl::WebUrl;

    #[test]
    fn rows_that_are_marked_up_in_another_way_have_their_titles_too() {
        let row = |n: usize| {
            let tag = if n % 20 == 8 { "b" } else { "strong" };
            format!(
                "<table class=case><tr><td><{tag}>Miller Number {n}</{tag}>, 28 Mill Dec. {n}</td><td><a \
                 href=/media/{n}/dl>ID {}</a> (PDF)</td></tr></table><p>The goose of miller {n} counted the sacks.</p>",
                4000 + n
            )
        };
        let page = format!("<h1>Decisions</h1>{}", (1..=90).map(row).collect::<String>());
        let mut document = Document::parse(&page, WebUrl::parse("https://mill.example/").unwrap()).unwrap();
        let rows = lists(&document).unwrap().into_iter().next().unwrap().rows;
        let sought = sought(&document, &rows);
        let mut draft = Draft::default();
        draft.set("item", vec![Way::Short(".case".to_owned())]);
        draft.set("title", vec![Way::Short("strong".to_owned())]);
        let seen = trial(&mut document, &draft);
        let marks = marks_of(&sought, &seen);
        assert_eq!(seen.iter().filter(|seen| seen.title.is_none()).count(), 5);
        let made = completed(&mut document, Made { draft, seen, marks, cost: 0 }, &sought);
        assert!(made.seen.len() == 90 && made.seen.iter().all(|seen| seen.title.is_some()), "{}", made.draft);
        assert_eq!(made.draft.get("title").len(), 2, "{}", made.draft);
    }
}
