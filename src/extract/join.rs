//! Several pages of a list, or several lists, become one.

use super::ListingReading;
use super::listing::{Entries, count};
use crate::item::Field;
use crate::rule::Rule;

/// Several readings as one, in their order: rows with the same link are one entry, rows are counted on from page to
/// page, and `limit` is that of all entries together.
pub fn joined(readings: Vec<ListingReading>, rule: &Rule, limit: usize) -> ListingReading {
    let mut readings = readings.into_iter();
    let Some(mut whole) = readings.next() else { return ListingReading::default() };
    if readings.len() > 0 {
        let mut entries = Entries::default();
        entries.extend(std::mem::take(&mut whole.entries));
        for further in readings {
            entries.extend(further.entries);
            whole.title = whole.title.or(further.title);
            whole.findings.go_on(further.findings);
        }
        if entries.again > 0 {
            let what = format!("entries that stand on more than one page: {}", entries.again);
            whole.findings.report.note(Field::Link, None, what);
        }
        whole.entries = entries.list;
        whole.next.clear();
    }
    whole.entries.truncate(limit);
    count(&mut whole, rule);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Entry, Findings};
    use crate::item::Found;
    use crate::report::{Attempt, Report};
    use crate::text::Text;
    use crate::weburl::WebUrl;

    fn entry(link: &str, title: &str) -> Entry {
        let mut found = Found::default();
        found.ruled.link = WebUrl::parse(&format!("https://a.example/{link}")).ok();
        found.automatic.title = Text::new(title);
        Entry { found }
    }

    fn attempt(row: usize) -> Attempt {
        Attempt {
            field: "title",
            row: Some(row),
            article: None,
            extractor: "h2".into(),
            matched: 1,
            is_traced: false,
            steps: Vec::new(),
            won: true,
        }
    }

    fn page(entries: Vec<Entry>, rows: usize) -> ListingReading {
        let mut report = Report { rows: Some(rows), dropped: 1, ..Report::default() };
        report.note(None, Some(rows), "doubt");
        ListingReading {
            entries,
            findings: Findings { report, attempts: vec![attempt(rows)] },
            ..ListingReading::default()
        }
    }

    fn rule() -> Rule {
        let toml = "[sites.a]\nurl = \"https://a.example/\"\n[sites.a.listing]\nitem = \"li\"\n";
        let plan = crate::config::parse(toml, std::path::Path::new("sites.toml")).unwrap();
        Rule::clone(&plan.sites["a"].rule)
    }

    #[test]
    fn pages_follow_each_other_and_an_entry_stands_once() {
        let first = page(vec![entry("a", ""), entry("b", "B")], 3);
        let second = page(vec![entry("a#top", "A"), entry("c", "C")], 3);
        let whole = joined(vec![first, second], &rule(), 10);
        let titles: Vec<_> = whole.entries.iter().filter_map(|entry| entry.found.automatic.title.clone()).collect();
        assert_eq!(titles.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["A", "B", "C"]);
        let report = whole.findings.report;
        assert_eq!((report.rows, report.dropped, report.fields[&Field::Title].found), (Some(6), 2, 3));
        let rows: Vec<_> = report.notes.iter().map(|note| note.row).collect();
        assert_eq!(rows, [Some(3), Some(6), None], "rows are counted on");
        assert_eq!(whole.findings.attempts[1].row, Some(6));
    }

    #[test]
    fn the_limit_is_that_of_all_pages() {
        let pages = vec![page(vec![entry("a", "A")], 1), page(vec![entry("b", "B"), entry("c", "C")], 2)];
        assert_eq!(joined(pages, &rule(), 2).entries.len(), 2);
        assert_eq!(joined(Vec::new(), &rule(), 2), ListingReading::default());
    }
}
