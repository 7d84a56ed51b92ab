//! Runs a draft as the rule that it would be, to see what it yields.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::extract::{self, Circumstances};
use crate::induce::{Draft, Way};
use crate::item::{Date, Field, Kind};
use crate::page::Document;
use crate::rule::{
    Css, DateHint, Elements, Extractor, FieldRule, FieldRules, ListingRule, Locale, Refinements, Rows, Rule, Source,
    XPath,
};
use crate::weburl::WebUrl;

/// What a draft yields of one row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::induce) struct Seen {
    /// What tells its link from others.
    pub(in crate::induce) link: String,
    pub(in crate::induce) url: WebUrl,
    pub(in crate::induce) title: Option<String>,
    pub(in crate::induce) published: Option<Date>,
}

/// Dates that a page tells are only compared with each other: any moment will do, if it is always the same.
pub(in crate::induce) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(2_000_000_000, 0).unwrap_or_default()
}

/// How dates are read where the site says nothing about it.
pub(in crate::induce) fn hint(document: &Document) -> DateHint {
    DateHint { locale: document.locale(), ..DateHint::in_zone(chrono_tz::UTC) }
}

/// What a draft yields of a page, in its order; nothing if it is no rule.
pub(in crate::induce) fn trial(document: &mut Document, draft: &Draft) -> Vec<Seen> {
    let Some(rule) = compiled(draft) else { return Vec::new() };
    let reading = extract::listing(document, &rule, Circumstances { now: moment(), explain: false });
    let seen = reading.entries.into_iter().filter_map(|entry| {
        let url = entry.link()?.clone();
        let fields = entry.found.ruled.or(entry.found.automatic);
        let title = fields.title.map(|title| title.to_string());
        Some(Seen { link: url.essence(), url, title, published: fields.published })
    });
    seen.collect()
}

/// The same by link.
pub(in crate::induce) fn by_link(seen: &[Seen]) -> HashMap<&str, &Seen> {
    seen.iter().map(|seen| (seen.link.as_str(), seen)).collect()
}

/// The rule that a draft is. What it does not try is switched off: reading it may change the page.
fn compiled(draft: &Draft) -> Option<Rule> {
    let item: Option<Vec<Rows>> = draft.get("item").iter().map(|way| Some(Rows::Elements(elements(way)?))).collect();
    let mut fields = FieldRules::default();
    for field in Field::ALL {
        let ways = draft.get(field.name());
        if !ways.is_empty() {
            let extractors: Option<Vec<Extractor>> = ways.iter().map(|way| extractor(field, way)).collect();
            fields.insert(field, FieldRule::From(extractors?));
        } else if !matches!(field, Field::Link | Field::Title | Field::Published | Field::Id) {
            fields.insert(field, FieldRule::Off);
        }
    }
    let pattern = match draft.get("link_pattern") {
        [Way::Short(pattern)] => Some(regex::Regex::new(pattern).ok()?),
        _ => None,
    };
    let mut rule = Rule::of_rows(item?);
    rule.listing = ListingRule { fields, limit: crate::limits::LISTING_ROWS, link_pattern: pattern, ..rule.listing };
    Some(rule)
}

fn elements(way: &Way) -> Option<Elements> {
    let Way::Short(written) = way else { return None };
    if is_xpath(written) {
        XPath::parse(written).ok().map(Elements::XPath)
    } else {
        Css::parse(written).ok().map(Elements::Css)
    }
}

pub(in crate::induce) fn is_xpath(written: &str) -> bool {
    written.starts_with(['/', '(']) || written.starts_with("./") || written.starts_with("../")
}

fn extractor(field: Field, way: &Way) -> Option<Extractor> {
    let mut refine = Refinements::default();
    if field.kind() == Kind::Date {
        refine.date = Some(DateHint::in_zone(chrono_tz::UTC));
    }
    let mut source = None;
    match way {
        Way::Number(_) => return None,
        Way::Short(written) if is_xpath(written) => source = XPath::parse(written).ok().map(Source::XPath),
        Way::Short(written) => {
            let (css, attr) = match written.rsplit_once('@') {
                Some((css, attr)) if css.is_empty() || css.ends_with(' ') => (css.trim(), Some(attr)),
                _ => (written.as_str(), None),
            };
            source = Css::parse(if css.is_empty() { ":scope" } else { css }).ok().map(Source::Css);
            refine.attr = attr.map(str::to_owned);
        }
        Way::Table(pairs) => {
            for (key, value) in pairs {
                match key.as_str() {
                    "css" => source = Css::parse(value).ok().map(Source::Css),
                    "xpath" => source = XPath::parse(value).ok().map(Source::XPath),
                    "attr" => refine.attr = Some(value.clone()),
                    "match" => refine.matching = Some(regex::Regex::new(value).ok()?),
                    "format" if value == "unix" => {
                        refine.date = Some(DateHint { format: Some(crate::rule::DateFormat::Unix), ..refine.date? });
                    }
                    "format" if value == "unix-ms" => {
                        let format = Some(crate::rule::DateFormat::UnixMillis);
                        refine.date = Some(DateHint { format, ..refine.date? });
                    }
                    "locale" => {
                        refine.date = Some(DateHint { locale: Locale::parse(value), ..refine.date? });
                    }
                    _ => return None,
                }
            }
        }
    }
    Some(Extractor { source: source?, refine, written: way.to_string() })
}
