//! The tests of a site: saved pages, and what they must yield.

use chrono::{DateTime, Utc};

use crate::cmd::saved;
use crate::config::{PageKind, SavedTest, Site};
use crate::extract::text_of;
use crate::item::{Field, Item};
use crate::text::shorten;

/// What a saved page does not yield, though its test says that it must.
pub(in crate::cmd) fn failures(site: &Site, test: &SavedTest, now: DateTime<Utc>) -> Vec<String> {
    let page = match saved::of_test(test) {
        Ok(page) => page,
        Err(stop) => return vec![stop.to_string()],
    };
    let seen = saved::seen(site, &page, test.kind == PageKind::Article, now, false);
    let mut wrong = Vec::new();
    if let Some(count) = test.count
        && count != seen.items.len()
    {
        wrong.push(format!("expected {count} items, found {}", seen.items.len()));
    }
    let Some(first) = seen.items.first() else {
        if test.count != Some(0) {
            wrong.push(seen.refreshed.outcome.why().unwrap_or("no item was found").to_owned());
        }
        return wrong;
    };
    for (name, expected) in &test.expect {
        let found = Field::named(name).and_then(|field| value(first, field));
        if !found.as_deref().is_some_and(|found| is_expected(name, found, expected)) {
            let found = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{}`", shorten(&found, 200)));
            wrong.push(format!("{name}: expected `{expected}`, found {found}"));
        }
    }
    let text = read_by_a_person(&seen.items);
    wrong
        .extend(test.contains.iter().filter(|part| !text.contains(*part)).map(|part| format!("`{part}` is not there")));
    wrong.extend(test.lacks.iter().filter(|part| text.contains(*part)).map(|part| format!("`{part}` is there")));
    wrong
}

/// A field as tests compare it.
pub(in crate::cmd) fn value(item: &Item, field: Field) -> Option<String> {
    match field {
        Field::Summary => item.fields.summary.as_ref().map(text_of),
        Field::Content => item.fields.content.as_ref().map(text_of),
        _ => crate::extract::shown(&item.fields, field),
    }
}

/// Dates are compared as moments, or as days where the test names only a day; everything else as it is.
fn is_expected(name: &str, found: &str, expected: &str) -> bool {
    if !matches!(name, "published" | "updated") {
        return found == expected;
    }
    match (DateTime::parse_from_rfc3339(found), DateTime::parse_from_rfc3339(expected)) {
        (Ok(found), Ok(expected)) => found == expected,
        (Ok(found), Err(_)) => found.format("%Y-%m-%d").to_string() == expected,
        _ => false,
    }
}

/// Everything that a person would read in the items.
fn read_by_a_person(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        for field in [
            Field::Title,
            Field::Author,
            Field::Category,
            Field::Summary,
            Field::Content,
            Field::ImageCaption,
            Field::ImageCredit,
        ] {
            if let Some(value) = value(item, field) {
                text.push_str(&value);
                text.push('\n');
            }
        }
    }
    text
}
