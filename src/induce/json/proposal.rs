//! The list in a JSON document, as a rule: where its rows have links, titles and dates.

use std::collections::HashSet;

use super::columns::{Column, Columns};
use super::lists::{FEWEST, List, lists};
use super::slugs::{Addresses, led_to};
use super::values::{as_link, as_slug, is_date, is_title, unix};
use crate::extract::{JSON_DATES as DATES, JSON_LINKS as LINKS, JSON_TITLES as TITLES};
use crate::induce::look::links::Target;
use crate::induce::look::sheet::measure;
use crate::induce::proposed::with_limit;
use crate::induce::{Draft, NoList, Proposal, Way};
use crate::page::Document;
use crate::weburl::WebUrl;

/// Proposes a rule for a document that is JSON.
pub(in crate::induce) fn listing(document: &Document) -> Result<Proposal, NoList> {
    let Some(told) = document.told() else { return Err(NoList::Nothing) };
    let addresses = Addresses::of(document);
    let mut best: Option<Reading> = None;
    for list in lists(&told.tree.value) {
        let Some(reading) = reading(document, &addresses, &list) else { continue };
        if best.as_ref().is_none_or(|known| reading.score() > known.score()) {
            best = Some(reading);
        }
    }
    best.map(|reading| reading.proposal(Way::Short(reading.path.clone()))).ok_or(NoList::Nothing)
}

/// What the rows of a list tell.
pub(super) struct Reading {
    /// The expression that leads to the rows.
    pub(super) path: String,
    /// The rule without its rows.
    fields: Draft,
    pub(super) links: Vec<WebUrl>,
    pub(super) is_dated: bool,
    /// What its kind says: articles, of which machines are told.
    pub(super) is_of_articles: bool,
    /// How much its titles say, as letters of one.
    titles: usize,
    /// Links that look like those of single articles, of a hundred.
    singles: usize,
    sure: u8,
}

impl Reading {
    /// How good a list it is. Menus have links and names, too; what has dates has news.
    pub(super) fn score(&self) -> usize {
        self.links.len() * if self.is_dated { 4 } else { 1 }
    }

    /// How much all of its titles say.
    pub(super) fn says(&self) -> usize {
        self.titles * self.links.len()
    }

    /// Whether it is what a page is for, and no menu, though it is not what the page shows.
    pub(super) fn is_convincing(&self) -> bool {
        const TITLE: usize = 15;
        const MOST: usize = 80;
        self.titles >= TITLE
            && (self.is_dated || self.is_of_articles || self.singles >= MOST && self.titles >= 2 * TITLE)
    }

    /// The rule that finds the rows by `item`.
    pub(super) fn proposal(&self, item: Way) -> Proposal {
        let mut draft = Draft::default();
        draft.set("item", vec![item]);
        for (key, ways) in self.fields.keys() {
            draft.set(key, ways.to_vec());
        }
        let links = self.links.clone();
        Proposal { draft: with_limit(draft, links.len()), confidence: self.sure, links }
    }
}

/// Reads a list; `None`: it is none of articles.
pub(super) fn reading(document: &Document, addresses: &Addresses, list: &List<'_>) -> Option<Reading> {
    let columns = Columns::of(&list.rows);
    let title = columns.best(&TITLES, is_title, false)?;
    let (link, template) = link(document, addresses, &columns)?;
    let date = columns.best(&DATES, is_date, false).filter(|date| date.is_usual || is_of_publication(&date.path));
    let mut fields = Draft::default();
    match &template {
        Some(template) => {
            let table = vec![("json".to_owned(), link.path.clone()), ("template".to_owned(), template.clone())];
            fields.set("link", vec![Way::Table(table)]);
        }
        None if !link.is_usual => fields.set("link", vec![Way::Short(link.path.clone())]),
        None => {}
    }
    if !title.is_usual {
        fields.set("title", vec![Way::Short(title.path.clone())]);
    }
    if let Some(date) = &date {
        match date.values.iter().find_map(|value| unix(value)) {
            Some(format) => {
                let table = vec![("json".to_owned(), date.path.clone()), ("format".to_owned(), format.to_owned())];
                fields.set("published", vec![Way::Table(table)]);
            }
            None if !date.is_usual => fields.set("published", vec![Way::Short(date.path.clone())]),
            None => {}
        }
    }
    let mut known = HashSet::new();
    let links = link.values.iter().filter_map(|value| match &template {
        Some(template) => led_to(document, template, value),
        None => as_link(document, value),
    });
    let links: Vec<WebUrl> = links.filter(|link| known.insert(link.essence())).collect();
    let sure = 60 + 10 * u8::from(link.is_usual) + 10 * u8::from(title.is_usual) + 15 * u8::from(date.is_some());
    let titles: usize = title.values.iter().filter_map(|value| value.as_str()).map(measure).sum();
    let singles = links.iter().filter(|link| Target::of(link, document).is_single).count();
    (links.len() >= FEWEST).then(|| Reading {
        path: list.path.clone(),
        fields,
        is_dated: date.is_some(),
        is_of_articles: list.kind.is_some_and(is_article),
        titles: titles / title.values.len().max(1),
        singles: singles * 100 / links.len(),
        sure,
        links,
    })
}

/// Where the links stand, and the template that makes addresses of what stands there, if it is not all of them.
fn link<'v>(document: &Document, addresses: &Addresses, columns: &Columns<'v>) -> Option<(Column<'v>, Option<String>)> {
    if let Some(column) = columns.best(&LINKS, |value| as_link(document, value).is_some(), true) {
        return Some((column, None));
    }
    let ends = columns.all(|value| as_slug(value).is_some());
    let templates = ends.filter_map(|column| Some((addresses.template(column)?, column)));
    let ((_, template), column) = templates.max_by_key(|((count, _), _)| *count)?;
    Some((column.clone(), Some(template)))
}

/// Whether a date is one of publication, and not of what becomes of it later.
fn is_of_publication(path: &str) -> bool {
    const OTHERS: [&str; 7] = ["modif", "updat", "expir", "end", "valid", "until", "delet"];
    let last = path.rsplit(['.', '[']).next().unwrap_or_default().to_ascii_lowercase();
    !OTHERS.iter().any(|word| last.contains(word))
}

/// Whether things of a kind, in schema.org's words, are articles.
fn is_article(kind: &str) -> bool {
    kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" || kind == "ListItem"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rule::Rule;
    use crate::webpage::Page;
    use serde_json::Value;

    fn document(value: &Value) -> Document {
        let page = Page {
            url: WebUrl::parse("https://mill.example/api/").unwrap(),
            content_type: Some("application/json".to_owned()),
            body: value.to_string().into_bytes().into(),
            validators: <_>::default(),
            fresh_for: None,
            signs: <_>::default(),
        };
        Document::read_listing(&page, &Rule::of_rows(Vec::new())).unwrap()
    }

    fn draft(value: &Value) -> Option<String> {
        listing(&document(value)).ok().map(|proposal| proposal.draft.to_string())
    }

    #[test]
    fn usual_names_need_no_words() {
        let posts: Vec<Value> = (1..=4)
            .map(|n| json!({ "link": format!("/p/{n}"), "title": { "rendered": format!("Story {n}") }, "date": "2026-02-03T10:00:00" }))
            .collect();
        assert_eq!(draft(&json!(posts)).as_deref(), Some("item = \"$\"\n"));
        let menu = [
            json!({ "url": "/a", "name": "News" }),
            json!({ "url": "/b", "name": "Sport" }),
            json!({ "url": "/c", "name": "Arts" }),
        ];
        let nested = json!({ "menu": menu, "data": { "all-posts": posts } });
        assert_eq!(draft(&nested).as_deref(), Some("item = \"$.data['all-posts']\"\n"));
    }

    #[test]
    fn other_names_are_told_by_their_values() {
        let row = |n: usize| {
            json!({ "node": { "slug": format!("story-{n}"), "path": format!("/news/story-{n}"), "picture": format!("/i/{n}.jpg"),
                "heading": format!("The mill, part {n}"), "section": "News", "time": 1_770_000_000 + n } })
        };
        let value = json!({ "data": { "edges": [row(1), row(2), row(3)] } });
        let proposal = listing(&document(&value)).unwrap();
        assert_eq!(
            proposal.draft.to_string(),
            "item = \"$.data.edges[*].node\"\nlink = \"$.path\"\ntitle = \"$.heading\"\n\
             published = { json = \"$.time\", format = \"unix\" }\n"
        );
        assert_eq!(proposal.links[0].as_str(), "https://mill.example/news/story-1");
    }

    #[test]
    fn what_has_no_links_or_no_titles_is_no_list() {
        let rows = |row: Value| json!({ "rows": [row, row, row] });
        assert_eq!(draft(&json!({ "status": "ok", "value": [1, 2, 3] })), None);
        assert_eq!(draft(&rows(json!({ "url": "/same", "title": "Same" }))), None);
        assert_eq!(
            draft(&json!([{ "id": 1, "title": "A b" }, { "id": 2, "title": "B c" }, { "id": 3, "title": "C d" }])),
            None
        );
    }
}
