//! Fallbacks that can never win: seen without a page.

use super::{Found, numbered, tables};
use crate::item::{Field, Kind};
use crate::rule::{Extractor, Source, Template};

pub(super) fn look(found: &mut Found<'_>) {
    let site = found.site;
    for (table, rules) in tables(&site.rule) {
        for (field, _) in rules.iter() {
            list(found, &format!("{table}.{}", field.name()), field, rules.extractors(field));
        }
    }
    let items: Vec<String> = site.rule.listing.item.iter().map(ToString::to_string).collect();
    again(found, "listing.item", &items);
}

fn list(found: &mut Found<'_>, key: &str, field: Field, extractors: &[Extractor]) {
    let written: Vec<String> = extractors.iter().map(|extractor| extractor.written.clone()).collect();
    again(found, key, &written);
    let sure = extractors.iter().position(|extractor| always_yields(extractor, field));
    if let Some((sure, never)) = sure.and_then(|sure| Some((extractors.get(sure)?, sure + 1)))
        && never < extractors.len()
    {
        let what = format!("it is never tried: `{}` before it always has a value", sure.written);
        found.add(&numbered(key, never, extractors.len()), what, "put what always has a value last");
    }
    let mut defaults = extractors.iter().enumerate().filter(|(_, extractor)| extractor.refine.default.is_some());
    if let (Some(_), Some((second, _))) = (defaults.next(), defaults.next()) {
        let what = "its `default` is never used: another one stands before it";
        found.add(&numbered(key, second, extractors.len()), what, "a field has one `default`, anywhere in its list");
    }
}

/// Tells of values that stand further ahead, too.
fn again(found: &mut Found<'_>, key: &str, written: &[String]) {
    for (index, value) in written.iter().enumerate() {
        if written.get(..index).is_some_and(|before| before.contains(value)) {
            let what = format!("`{value}` stands in this list twice");
            found.add(&format!("{key}.{index}"), what, "take the second one out");
        }
    }
}

fn always_yields(extractor: &Extractor, field: Field) -> bool {
    let refine = &extractor.refine;
    matches!(extractor.source, Source::Text(_))
        && matches!(field.kind(), Kind::Text | Kind::Html)
        && refine.matching.is_none()
        && refine.replace.is_empty()
        && !refine.template.as_ref().is_some_and(Template::needs_others)
}
