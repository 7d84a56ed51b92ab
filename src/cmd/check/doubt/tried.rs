//! What matches nothing on the site's own test pages, or does nothing there.

use super::pages::Pages;
use super::{Found, numbered, tables};
use crate::report::Attempt;
use crate::rule::{Extractor, Rows, Source};
use crate::text::shorten;

/// Values over which what never happens is no accident.
const ENOUGH: usize = 3;

pub(super) fn look(found: &mut Found<'_>, pages: &Pages) {
    let site = found.site;
    if !pages.listings.is_empty() {
        rows(found, pages);
        links(found, pages);
    }
    for (table, rules) in tables(&site.rule) {
        let most = rules.iter().map(|(field, _)| rules.extractors(field).len()).max().unwrap_or_default();
        let place = on(pages.of_table(table).len());
        for index in 0..most {
            let attempts = pages.attempts(site, table, index);
            for (field, _) in rules.iter() {
                let list = rules.extractors(field);
                let Some(extractor) = list.get(index) else { continue };
                let is_its =
                    |attempt: &&Attempt| attempt.field == field.name() && attempt.extractor == extractor.written;
                let own: Vec<&Attempt> = attempts.iter().filter(is_its).collect();
                judge(
                    found,
                    &numbered(&format!("{table}.{}", field.name()), index, list.len()),
                    extractor,
                    &own,
                    &place,
                );
            }
        }
    }
    let removed = site.rule.article.iter().flat_map(|article| &article.remove);
    let count = removed.clone().count();
    for (index, remove) in removed.enumerate().filter(|_| !pages.articles.is_empty()) {
        // Whether something stands on a page is told of a listing's container.
        let seen = pages.articles_with(site, |rule| {
            rule.listing.from = None;
            rule.listing.container = Some(Rows::Elements(remove.clone()));
        });
        if seen.iter().all(|seen| seen.refreshed.report.container == Some(false)) {
            let key = numbered("article.remove", index, count);
            nothing(found, &key, &remove.to_string(), &on(pages.articles.len()));
        }
    }
}

fn rows(found: &mut Found<'_>, pages: &Pages) {
    let site = found.site;
    let listing = &site.rule.listing;
    let place = on(pages.listings.len());
    for (index, item) in listing.item.iter().enumerate() {
        let seen = pages.seen_with(site, "listing", |rule| rule.listing.item = vec![item.clone()]);
        if seen.iter().all(|seen| seen.refreshed.report.rows.unwrap_or_default() == 0) {
            let key = numbered("listing.item", index, listing.item.len());
            nothing(found, &key, &item.to_string(), &place);
        }
    }
    if let Some(container) = &listing.container
        && pages.seen(site, "listing").iter().all(|seen| seen.refreshed.report.container == Some(false))
    {
        nothing(found, "listing.container", &container.to_string(), &place);
    }
}

fn links(found: &mut Found<'_>, pages: &Pages) {
    let site = found.site;
    let Some(pattern) = &site.rule.listing.link_pattern else { return };
    if pages.seen(site, "listing").iter().any(|seen| !seen.items.is_empty()) {
        return;
    }
    let all = pages.seen_with(site, "listing", |rule| rule.listing.link_pattern = None);
    if let Some(link) = all.iter().flat_map(|seen| &seen.items).find_map(|item| item.fields.link.as_ref()) {
        let what = format!("`{}` matches no link {}", shorten(pattern.as_str(), 60), on(pages.listings.len()));
        found.add("listing.link_pattern", what, format!("one of the links is {link}"));
    }
}

/// Judges one extractor by what became of it wherever it was tried.
fn judge(found: &mut Found<'_>, key: &str, extractor: &Extractor, attempts: &[&Attempt], place: &str) {
    if attempts.is_empty() || matches!(extractor.source, Source::Text(_)) {
        return;
    }
    if attempts.iter().all(|attempt| attempt.matched == 0) {
        nothing(found, key, &extractor.written, place);
        return;
    }
    let Some(matching) = &extractor.refine.matching else { return };
    let pairs: Vec<(&str, &str)> = attempts.iter().flat_map(|attempt| matched(attempt)).collect();
    let pattern = shorten(matching.as_str(), 60);
    if !pairs.is_empty() && pairs.iter().all(|(_, left)| *left == "(no match)") {
        let first = pairs.first().map(|(found, _)| *found).unwrap_or_default();
        let what = format!("its `match`, `{pattern}`, fits none of the values {place}");
        found.add(key, what, format!("one of the values is `{}`", shorten(first, 100)));
    } else if pairs.len() >= ENOUGH && pairs.iter().all(|(before, after)| before == after) {
        let what = format!("its `match`, `{pattern}`, takes every value whole {place}");
        found.add(key, what, "take it out, or put a group around the part that is meant, as in `by (.+)`");
    }
}

/// What was found, and what `match` made of it.
fn matched(attempt: &Attempt) -> Vec<(&str, &str)> {
    let pairs = attempt.steps.iter().zip(attempt.steps.iter().skip(1));
    let pairs = pairs.filter(|(step, next)| step.0 == "found" && next.0 == "match");
    pairs.map(|(found, left)| (found.1.as_str(), left.1.as_str())).collect()
}

fn nothing(found: &mut Found<'_>, key: &str, written: &str, place: &str) {
    let what = format!("`{}` matches nothing {place}", shorten(written, 100));
    found.add(key, what, "mend it, take it out, or add a test page that needs it");
}

fn on(pages: usize) -> String {
    if pages == 1 { "on the test page".to_owned() } else { format!("on the {pages} test pages") }
}
