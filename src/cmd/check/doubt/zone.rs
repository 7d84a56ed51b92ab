//! Dates with a time and without a zone, on a site that names none: they are read as UTC, and are most likely not.

use std::sync::LazyLock;

use regex::Regex;

use super::pages::Pages;
use super::{Found, numbered, tables};
use crate::item::{Field, Kind};
use crate::rule::{DateFormat, DateHint, Extractor};

const HELP: &str = "say whose time it is: `timezone = \"Europe/Berlin\"` in the site's table; `\"UTC\"` if it is that";

/// Dates whose `format` has a time and no zone.
pub(super) fn look_at_formats(found: &mut Found<'_>) {
    let site = found.site;
    if site.zone_is_named {
        return;
    }
    for (table, rules) in tables(&site.rule) {
        for (field, _) in rules.iter() {
            let list = rules.extractors(field);
            for (index, extractor) in list.iter().enumerate().filter(|(_, extractor)| !names_zone(extractor)) {
                if let Some(format) = format_of(extractor)
                    && has_local_time(format)
                {
                    let what = format!("`{format}` has a time and no zone, and the site names none: it is read as UTC");
                    found.add(&numbered(&format!("{table}.{}", field.name()), index, list.len()), what, HELP);
                }
            }
        }
    }
}

/// Dates that stand on the test pages with a time and without a zone, in the form that machines write.
pub(super) fn look_at_values(found: &mut Found<'_>, pages: &Pages) {
    static LOCAL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$").ok());
    let site = found.site;
    if site.zone_is_named {
        return;
    }
    let mut told: Vec<(&str, Field)> = Vec::new();
    for (table, rules) in tables(&site.rule) {
        let attempts = pages.seen(site, table).into_iter().flat_map(|seen| seen.refreshed.attempts);
        for attempt in attempts.filter(|attempt| attempt.won) {
            let Some(field) = Field::named(attempt.field).filter(|field| field.kind() == Kind::Date) else { continue };
            let list = rules.extractors(field);
            let own = list.iter().enumerate().find(|(_, extractor)| extractor.written == attempt.extractor);
            if own.is_some_and(|(_, own)| names_zone(own) || format_of(own).is_some()) {
                continue;
            }
            let read = attempt.steps.iter().take_while(|(name, _)| *name != "date").last();
            let Some((_, text)) = read.filter(|(_, text)| LOCAL.as_ref().is_some_and(|local| local.is_match(text)))
            else {
                continue;
            };
            if !told.contains(&(table, field)) {
                told.push((table, field));
                let key = format!("{table}.{}", field.name());
                let key = own.map_or(key.clone(), |(index, _)| numbered(&key, index, list.len()));
                found.add(&key, format!("`{text}` names no zone, nor does the site: it is read as UTC"), HELP);
            }
        }
    }
}

fn format_of(extractor: &Extractor) -> Option<&str> {
    match &extractor.refine.date {
        Some(DateHint { format: Some(DateFormat::Strftime(format)), .. }) => Some(format),
        _ => None,
    }
}

fn has_local_time(format: &str) -> bool {
    const TIMES: [&str; 6] = ["%H", "%I", "%k", "%l", "%T", "%R"];
    const ZONES: [&str; 5] = ["%z", "%Z", "%:z", "%#z", "%+"];
    TIMES.iter().any(|time| format.contains(time)) && !ZONES.iter().any(|zone| format.contains(zone))
}

/// Whether the extractor itself says in which zone its dates are.
fn names_zone(extractor: &Extractor) -> bool {
    extractor.written.contains("timezone = ")
}
