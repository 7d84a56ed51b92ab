//! Values that are suspiciously alike over the rows of a page: the row, or the element in it, is most likely too large.

use super::Found;
use super::pages::Pages;
use crate::cmd::saved::Seen;
use crate::extract::shown;
use crate::item::{Field, Item};
use crate::text::shorten;

/// Rows over which no value is the same by accident.
const ENOUGH: usize = 3;
/// What stands between a title and what sites put around it.
const SEPARATORS: &str = "|-\u{2013}\u{2014}:\u{b7}\u{2022}\u{bb}\u{ab}/>~";

pub(super) fn look(found: &mut Found<'_>, pages: &Pages) {
    let site = found.site;
    let seen = pages.seen(site, "listing");
    for field in [Field::Title, Field::Id, Field::Published, Field::Image] {
        if let Some((value, rows)) = seen.iter().find_map(|seen| same(&seen.items, field)) {
            let help = match field {
                Field::Published => "if they are not all of one day, the date is read from outside of the row",
                Field::Image => "if it is a logo or a placeholder, write `image = false`",
                _ => "`item` is too large an element, or the value is read from outside of the row",
            };
            let what = format!("all {rows} rows have the same `{}`: `{}`", field.name(), shorten(&value, 60));
            found.add(&key(found, "listing", field), what, help);
        }
    }
    if let Some(rows) = seen.iter().find_map(same_link) {
        let (field, what, help) = if found.site.rule.listing.fields.names(Field::Id) {
            (
                Field::Id,
                "have the same id",
                "read what differs from row to row, or leave `id` out: the link identifies an item",
            )
        } else {
            let help = "name the element that holds the row's own link: `link = \"h2 a @href\"`";
            (Field::Link, "lead to the same page", help)
        };
        found.add(&key(found, "listing", field), format!("all {rows} rows {what}"), help);
    }
    let of_rows = seen.iter().map(|seen| titles(&seen.items)).find_map(|titles| around(&titles));
    let articles: Vec<Item> = pages.seen(site, "article").into_iter().flat_map(|seen| seen.items).collect();
    for (table, around) in [("listing", of_rows), ("article", around(&titles(&articles)))] {
        if let Some((what, replace)) = around {
            let help = format!("if it belongs to the site and not to the titles, cut it off: {replace}");
            found.add(&key(found, table, Field::Title), what, help);
        }
    }
}

/// The key that says how a field is read, or else the table.
fn key(found: &Found<'_>, table: &str, field: Field) -> String {
    let rules = match (table, &found.site.rule.article) {
        ("article", Some(article)) => &article.fields,
        _ => &found.site.rule.listing.fields,
    };
    if rules.names(field) { format!("{table}.{}", field.name()) } else { table.to_owned() }
}

/// The value that every item has, if there are enough of them to wonder.
fn same(items: &[Item], field: Field) -> Option<(String, usize)> {
    let first = shown(&items.first()?.fields, field)?;
    let is_same = items.iter().all(|item| shown(&item.fields, field).as_ref() == Some(&first));
    (items.len() >= ENOUGH && is_same).then_some((first, items.len()))
}

/// How many rows there are if all of them became one entry.
fn same_link(seen: &Seen) -> Option<usize> {
    let report = &seen.refreshed.report;
    report.rows.filter(|rows| *rows >= ENOUGH && seen.items.len() == 1 && report.dropped == 0)
}

fn titles(items: &[Item]) -> Vec<String> {
    items.iter().filter_map(|item| shown(&item.fields, Field::Title)).collect()
}

/// What all titles begin or end with, and what cuts it off.
fn around(titles: &[String]) -> Option<(String, String)> {
    if titles.len() < ENOUGH || titles.windows(2).all(|two| two.first() == two.last()) {
        return None;
    }
    let cut = |pattern: String| {
        // Where it cannot stand between single quotes, the advice does without.
        let is_fit = !pattern.contains('\'');
        if is_fit { format!("`replace = ['{pattern}', \"\"]`") } else { "`replace`".to_owned() }
    };
    if let Some(end) = common_end(titles) {
        let what = format!("all {} titles end in `{}`", titles.len(), end.trim());
        return Some((what, cut(format!("{}$", regex::escape(&end)))));
    }
    let start = common_start(titles)?;
    let what = format!("all {} titles begin with `{}`", titles.len(), start.trim());
    Some((what, cut(format!("^{}", regex::escape(&start)))))
}

/// The longest common end that begins with a separator.
fn common_end(titles: &[String]) -> Option<String> {
    let first = titles.first()?;
    let mut ends = first.char_indices().skip(1).filter_map(|(at, _)| first.get(at..));
    let is_set_off = |end: &str| end.starts_with(' ') && end.trim_start().starts_with(|c| SEPARATORS.contains(c));
    let is_common = |end: &str| titles.iter().all(|title| title.len() > end.len() && title.ends_with(end));
    ends.find(|end| end.chars().count() > 3 && is_set_off(end) && is_common(end)).map(str::to_owned)
}

/// The longest common beginning that ends with a separator.
fn common_start(titles: &[String]) -> Option<String> {
    let first = titles.first()?;
    let mut starts = first.char_indices().rev().filter_map(|(at, _)| first.get(..at));
    let is_set_off = |start: &str| start.ends_with(' ') && start.trim_end().ends_with(|c| SEPARATORS.contains(c));
    let is_common = |start: &str| titles.iter().all(|title| title.len() > start.len() && title.starts_with(start));
    starts.find(|start| start.chars().count() > 3 && is_set_off(start) && is_common(start)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_off_from_every_title_is_common() {
        let of = |titles: [&str; 3]| {
            let titles = titles.map(str::to_owned);
            (common_start(&titles).unwrap_or_default(), common_end(&titles).unwrap_or_default())
        };
        let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
        assert_eq!(of(["A | Mill News", "Bo | Mill News", "C | Mill News"]), pair("", " | Mill News"));
        assert_eq!(of(["News: A", "News: Bo", "News: C"]), pair("News: ", ""));
        assert_eq!(of(["On A - B - C", "On B - B - C", "On D - B - C"]), pair("", " - B - C"));
        assert_eq!(of(["The mill A", "The mill B", "The mill C"]), pair("", ""));
        assert_eq!(of(["A state-of-mill", "B state-of-mill", "C state-of-mill"]), pair("", ""));
        assert_eq!(of(["A - x", "B - x", "C - y"]), pair("", ""));
    }

    #[test]
    fn the_advice_can_be_pasted() {
        let titles = ["A | Mill (News)", "B | Mill (News)", "C | Mill (News)"].map(str::to_owned);
        let (what, replace) = around(&titles).unwrap();
        assert_eq!(what, "all 3 titles end in `| Mill (News)`");
        assert_eq!(replace, r#"`replace = [' \| Mill \(News\)$', ""]`"#);
        assert_eq!(around(&titles[..2]), None);
        assert_eq!(around(&["A | x".to_owned(), "A | x".to_owned(), "A | x".to_owned()]), None);
    }
}
