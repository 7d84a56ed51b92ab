//! What a recorded page yields now, as a test.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use toml_edit::{Array, InlineTable, Table, Value};

use super::folder::beside;
use crate::cmd::check::trial::value;
use crate::cmd::saved;
use crate::config::{PageKind, SavedTest, Site};
use crate::extract::text_of;
use crate::item::{Field, Item};
use crate::page;
use crate::webpage::Page;

/// Fields that a test is told to expect: those that fit on a line.
const EXPECTED: [Field; 11] = [
    Field::Id,
    Field::Link,
    Field::Title,
    Field::Published,
    Field::Updated,
    Field::Author,
    Field::Category,
    Field::Image,
    Field::Enclosure,
    Field::Comments,
    Field::Language,
];
/// Characters of a passage that a test looks for: enough to be found in one place only.
const PASSAGE: usize = 80;
/// Characters under which a line of an article may be anything.
const SHORTEST: usize = 20;
/// How much later the same page must still yield the same: dates such as "two hours ago" do not.
const LATER: TimeDelta = TimeDelta::days(367);

/// A saved page with its test.
pub(super) struct Recorded {
    /// The test.
    pub(super) test: SavedTest,
}

impl Recorded {
    /// What `site`'s rule makes of `page` now, and will still make of it later.
    pub(super) fn new(site: &Site, kind: PageKind, path: PathBuf, page: &Page, now: DateTime<Utc>) -> Self {
        let is_article = kind == PageKind::Article;
        // As it will be read from the folder: with no more than the test tells about it.
        let content_type = page.content_type.clone().filter(|_| page::is_known_by_type_only(page, site.rule.charset));
        let bare = Page { content_type: content_type.clone(), ..page.clone() };
        let seen = |now| saved::seen(site, &bare, is_article, now, false).items;
        let (items, later) = (seen(now), now.checked_add_signed(LATER).map(seen).unwrap_or_default());
        let first = items.first().zip(later.first());
        let told = |field: Field| {
            let (value_now, value_later) = first.map(|(now, later)| (value(now, field), value(later, field)))?;
            value_now.filter(|value| value_later.as_ref() == Some(value)).map(|value| (field.name().to_owned(), value))
        };
        let test = SavedTest {
            page: path,
            url: page.url.clone(),
            content_type,
            kind,
            count: (!is_article).then_some(items.len()),
            expect: EXPECTED.into_iter().filter_map(told).collect(),
            contains: if is_article { passages(items.first()) } else { last_title(&items) },
            lacks: Vec::new(),
            line: 0,
        };
        Self { test }
    }

    /// The test as one writes it into the file that the site stands in.
    pub(super) fn toml(&self, site: &Site) -> String {
        format!("[[sites.{}.test]]\n{}", table_of(site), self.table(site))
    }

    /// The same as a table.
    pub(super) fn table(&self, site: &Site) -> Table {
        let test = &self.test;
        let mut table = Table::new();
        let mut set = |key: &str, value: Value| {
            table.insert(key, value.into());
        };
        set("page", seen_from(&beside(site), &test.page).into());
        if test.url != site.url {
            set("url", test.url.as_str().into());
        }
        if let Some(content_type) = &test.content_type {
            set("content_type", content_type.as_str().into());
        }
        set("kind", if test.kind == PageKind::Article { "article" } else { "listing" }.into());
        if let Some(count) = test.count.and_then(|count| i64::try_from(count).ok()) {
            set("count", count.into());
        }
        let expect: InlineTable = test.expect.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
        if !expect.is_empty() {
            set("expect", expect.into());
        }
        if !test.contains.is_empty() {
            set("contains", test.contains.iter().map(String::as_str).collect::<Array>().into());
        }
        table
    }
}

/// The name of a site's table: that of a site with parameters has their values behind it.
pub(super) fn table_of(site: &Site) -> &str {
    site.name.split('/').next().unwrap_or(&site.name)
}

/// The title of a listing's last entry: that the list is read to its end.
fn last_title(items: &[Item]) -> Vec<String> {
    items.last().filter(|_| items.len() > 1).and_then(|item| value(item, Field::Title)).into_iter().collect()
}

/// Passages from the beginning and from the end of an article's text.
fn passages(item: Option<&Item>) -> Vec<String> {
    let text = item.and_then(|item| item.fields.content.as_ref()).map(text_of).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| line.chars().count() >= SHORTEST).collect();
    let mut passages: Vec<String> = Vec::new();
    for line in [lines.first(), lines.last()].into_iter().flatten() {
        let passage = beginning(line);
        if !passages.contains(&passage) {
            passages.push(passage);
        }
    }
    passages
}

/// Whole words from the beginning of a line.
fn beginning(line: &str) -> String {
    let end = line.char_indices().nth(PASSAGE).map(|(at, _)| at);
    let Some(cut) = end.and_then(|end| line.get(..end)) else { return line.to_owned() };
    cut.rsplit_once(' ').map_or(cut, |(words, _)| words).to_owned()
}

/// A path as the file in `folder` writes it.
fn seen_from(folder: &Path, path: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let here = Path::new(".");
    let folder = absolute(if folder.as_os_str().is_empty() { here } else { folder });
    let path = absolute(path);
    let inside = path.strip_prefix(&folder).unwrap_or(&path);
    inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_end_with_a_word() {
        assert_eq!(beginning("short"), "short");
        let long = "word ".repeat(30);
        assert_eq!(beginning(&long), "word ".repeat(16).trim_end());
        assert_eq!(beginning(&"\u{65e5}".repeat(100)).chars().count(), PASSAGE);
    }

    #[test]
    fn paths_are_seen_from_the_file() {
        assert_eq!(seen_from(Path::new("/etc/mill"), Path::new("/etc/mill/tests/a.html")), "tests/a.html");
        assert_eq!(seen_from(Path::new("/etc/mill"), Path::new("/srv/a.html")), "/srv/a.html");
        assert_eq!(seen_from(Path::new(""), Path::new("tests/a.html")), "tests/a.html");
    }
}
