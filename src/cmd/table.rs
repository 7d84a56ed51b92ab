//! Items and attempts as a person reads them in a terminal.

use std::fmt::Write as _;

use crate::edition::Feed;
use crate::item::{Field, Item};
use crate::report::{Attempt, Choice, Note, Report};
use crate::text::shorten;

/// A feed's items, a few lines each.
pub(super) fn items(feed: &Feed) -> String {
    let mut out = format!("{}\n{}\n", feed.title, feed.home);
    for (number, item) in feed.items.iter().enumerate() {
        let _ = writeln!(out, "\n{:>3}  {}", number + 1, shorten(item.title(), 100));
        for line in lines(item) {
            let _ = writeln!(out, "     {line}");
        }
    }
    out
}

fn lines(item: &Item) -> Vec<String> {
    let fields = &item.fields;
    let is_told = fields.published.is_some();
    let authors = fields.author.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    let mut first = item.published.format("%Y-%m-%d %H:%M %:z").to_string();
    if !is_told {
        first.push_str(" (first seen: no date was found)");
    }
    if !authors.is_empty() {
        let _ = write!(first, "  by {authors}");
    }
    let mut lines = vec![first];
    lines.extend(fields.link.iter().map(ToString::to_string));
    let mut has = Vec::new();
    for field in [Field::Summary, Field::Content, Field::Image, Field::Category, Field::Enclosure, Field::Comments] {
        if fields.has(field) {
            has.push(match field {
                Field::Content => {
                    let text = fields.content.as_ref().map(crate::extract::text_of).unwrap_or_default();
                    format!("content ({} words)", text.split_whitespace().count())
                }
                other => other.name().to_owned(),
            });
        }
    }
    if !has.is_empty() {
        lines.push(format!("has {}", has.join(", ")));
    }
    lines
}

/// What was found and missed, and every remark.
pub(super) fn report(report: &Report) -> String {
    let mut out = String::new();
    if let Some(rows) = report.rows {
        let _ = write!(out, "{rows} row{}", if rows == 1 { "" } else { "s" });
        let counted = report.fields.get(&Field::Link).map(|tally| tally.found + tally.missing);
        if let Some(entries) = report.entries.or(counted).filter(|entries| *entries != rows) {
            let _ = write!(out, ", {entries} entr{}", if entries == 1 { "y" } else { "ies" });
        }
        if let (Some(_), Some(counted)) = (report.entries, counted) {
            let _ = write!(out, ", {counted} of them new or read anew");
        }
        if report.dropped > 0 {
            let _ = write!(out, ", {} dropped", report.dropped);
        }
        if let Some(is_there) = report.container {
            let _ = write!(out, ", container {}", if is_there { "found" } else { "gone" });
        }
        out.push('\n');
    }
    for (field, tally) in &report.fields {
        let total = tally.found + tally.missing;
        let mark = match (tally.found, tally.missing) {
            (_, 0) => "",
            (0, _) => "  <- missing on all",
            _ => "  <- missing on some",
        };
        let _ = writeln!(out, "  {:<14}{:>4} of {total}{mark}", field.name(), tally.found);
    }
    for (note, more) in once(&report.notes) {
        let row = note.row.map(|row| format!("row {row}: ")).unwrap_or_default();
        let field = note.field.map(|field| format!("{}: ", field.name())).unwrap_or_default();
        let again = if more > 0 { format!(" (and {more} times more)") } else { String::new() };
        let _ = writeln!(out, "  {row}{field}{}{again}", note.what);
    }
    out
}

/// Each remark once, and how often it is made again, of whichever row.
fn once(notes: &[Note]) -> Vec<(&Note, usize)> {
    let mut all: Vec<(&Note, usize)> = Vec::new();
    for note in notes {
        match all.iter_mut().find(|(first, _)| (first.field, &first.what) == (note.field, &note.what)) {
            Some((_, more)) => *more += 1,
            None => all.push((note, 0)),
        }
    }
    all
}

/// How each field came to its value, for the listing's first `places` rows and the first `places` articles.
pub(super) fn explanation(attempts: &[Attempt], places: usize) -> String {
    let mut out = String::new();
    let mut here = None;
    let mut articles = 0;
    for attempt in attempts {
        let place = (attempt.row, attempt.article.as_deref());
        if here != Some(place) {
            here = Some(place);
            articles += usize::from(attempt.article.is_some());
            if attempt.row.map_or(articles <= places, |row| row <= places) {
                let _ = match place {
                    (Some(row), _) => writeln!(out, "\nlisting, row {row}"),
                    (None, Some(article)) => writeln!(out, "\narticle {article}"),
                    (None, None) => writeln!(out, "\nlisting"),
                };
            }
        }
        if attempt.row.map_or(articles <= places, |row| row <= places) {
            explain(attempt, &mut out);
        }
    }
    out
}

/// Where the values of the first `places` items come from, and why others of their values do not count.
pub(super) fn choices(choices: &[Choice], places: usize) -> String {
    let mut out = String::new();
    let mut here = None;
    let mut items = 0;
    for choice in choices {
        if here != Some(&choice.item) {
            here = Some(&choice.item);
            items += 1;
            if items <= places {
                let _ = writeln!(out, "\nitem {}", choice.item);
            }
        }
        if items > places {
            break;
        }
        let value = shorten(&choice.value.replace('\n', " "), 60);
        let verdict = choice.why.as_deref().unwrap_or("taken");
        let _ = writeln!(out, "  {:<14}{value}  [{}: {verdict}]", choice.field, choice.from);
    }
    out
}

fn explain(attempt: &Attempt, out: &mut String) {
    let verdict = if attempt.won { "won" } else { "no value" };
    let matched = match attempt.matched {
        1 => "1 match".to_owned(),
        n => format!("{n} matches"),
    };
    let _ = writeln!(out, "  {:<14}{}  [{matched}, {verdict}]", attempt.field, attempt.extractor);
    for (name, value) in attempt.steps.iter().take(8) {
        let _ = writeln!(out, "                {name:<8} {}", shorten(&value.replace('\n', " "), 100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_shows_the_first_places_and_names_them() {
        let attempt = |row: Option<usize>, article: Option<&str>| Attempt {
            field: Field::Title.name(),
            row,
            article: article.map(str::to_owned),
            extractor: "h1".to_owned(),
            matched: 1,
            is_traced: true,
            steps: vec![("found", "A title".to_owned())],
            won: true,
        };
        let attempts = [
            attempt(Some(1), None),
            attempt(Some(2), None),
            attempt(None, Some("https://a.example/1")),
            attempt(None, Some("https://a.example/2")),
        ];
        let one = "  title         h1  [1 match, won]\n                found    A title\n";
        let first = format!("\nlisting, row 1\n{one}\narticle https://a.example/1\n{one}");
        assert_eq!(explanation(&attempts, 1), first);
        assert_eq!(explanation(&attempts, 2).matches("A title").count(), 4);
    }

    #[test]
    fn items_say_where_their_values_come_from() {
        let choice = |item: &str, won: bool| Choice {
            item: item.to_owned(),
            field: "title",
            from: "the row, by its rule",
            value: "A title".to_owned(),
            won,
            why: (!won).then(|| "a better source has a value".to_owned()),
        };
        let all = [
            choice("https://a.example/1", true),
            choice("https://a.example/1", false),
            choice("https://a.example/2", true),
        ];
        let first = "\nitem https://a.example/1\n  title         A title  [the row, by its rule: taken]\n  \
            title         A title  [the row, by its rule: a better source has a value]\n";
        assert_eq!(choices(&all, 1), first);
        assert_eq!(choices(&all, 2).matches("taken").count(), 2);
    }
}
