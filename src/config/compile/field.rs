//! Fields and their extractors.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono_tz::Tz;
use regex::Regex;
use serde::Serialize;

use super::pattern::Short;
use super::{Problems, pattern, sense, value};
use crate::config::diagnostics::Complaint;
use crate::config::near::listed;
use crate::config::raw::{At, Pair, RawExtractor, RawField, RawTable};
use crate::item::{Field, Kind};
use crate::rule::{DateHint, Extractor, FieldRule, FieldRules, Json, Locale, Refinements, Source};

/// What a site's table says about its dates.
pub(super) struct Zone {
    pub(super) tz: Tz,
    /// The language that they are written in.
    pub(super) locale: Option<Locale>,
    /// Whether the site's table names it.
    pub(super) is_named: bool,
    /// Where that table stands.
    pub(super) site: Range<usize>,
}

/// How the fields of a table are read.
pub(super) fn fields(problems: &mut Problems<'_>, raw: &BTreeMap<Field, RawField>, zone: &Zone) -> FieldRules {
    let mut rules = FieldRules::default();
    for (&field, raw) in raw {
        rules.insert(field, rule(problems, Wanted { name: field.name(), field }, raw, zone));
    }
    rules
}

/// How the address of a next page is read: as the address of the comments is.
pub(super) fn next(problems: &mut Problems<'_>, raw: &RawField, zone: &Zone) -> FieldRule {
    rule(problems, Wanted { name: "next", field: Field::Comments }, raw, zone)
}

/// A field, or what is read like that field and called by another name.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) name: &'static str,
    pub(super) field: Field,
}

fn rule(problems: &mut Problems<'_>, wanted: Wanted, raw: &RawField, zone: &Zone) -> FieldRule {
    match raw {
        RawField::Off(_) => FieldRule::Off,
        RawField::From(ways) => {
            FieldRule::From(ways.iter().filter_map(|way| extractor(problems, wanted, way, zone)).collect())
        }
    }
}

fn extractor(problems: &mut Problems<'_>, wanted: Wanted, raw: &At<RawExtractor>, zone: &Zone) -> Option<Extractor> {
    let field = wanted.field;
    match &**raw {
        RawExtractor::Short(written) => {
            let short = pattern::any(written).map_err(|complaint| problems.add(complaint, raw.span())).ok()?;
            let (source, attr) = match short {
                Short::Css(css, attr) => (Source::Css(css), attr),
                Short::XPath(xpath) => (Source::XPath(xpath), None),
                Short::Json(path) => (Source::Json(Json { path, script: None, attr: None }), None),
            };
            let date =
                (field.kind() == Kind::Date).then(|| DateHint { locale: zone.locale, ..DateHint::in_zone(zone.tz) });
            let refine = Refinements { attr, date, ..Refinements::default() };
            Some(Extractor { source, refine, written: written.trim().to_owned() })
        }
        RawExtractor::Table(table) => {
            let source = source(problems, wanted, table, raw.span());
            let refine = refinements(problems, field, table, zone);
            Some(Extractor { source: source?, refine, written: written(table) })
        }
    }
}

fn source(problems: &mut Problems<'_>, wanted: Wanted, table: &RawTable, span: Range<usize>) -> Option<Source> {
    let sources = [
        ("css", &table.css),
        ("xpath", &table.xpath),
        ("json", &table.json),
        ("meta", &table.meta),
        ("jsonld", &table.jsonld),
        ("url", &table.url),
        ("text", &table.text),
    ];
    let (key, value) = one_source(problems, &sources, span)?;
    sense::check(problems, wanted, key, table);
    match key {
        "css" => problems.read(value, pattern::selector_of_table).map(Source::Css),
        "xpath" => problems.read(value, pattern::xpath).map(Source::XPath),
        "json" => json(problems, value, table.script.as_ref()).map(Source::Json),
        "meta" => Some(Source::Meta(value.trim().to_owned())),
        "jsonld" => Some(Source::JsonLd(value.trim().to_owned())),
        "url" => problems.read(value, pattern::regex).map(Source::Url),
        _ => Some(Source::Text(value.to_string())),
    }
}

/// The one source that a table names.
pub(super) fn one_source<'t>(
    problems: &mut Problems<'_>,
    sources: &[(&'static str, &'t Option<At<String>>)],
    span: Range<usize>,
) -> Option<(&'static str, &'t At<String>)> {
    let named: Vec<(&str, &At<String>)> =
        sources.iter().filter_map(|(key, value)| Some((*key, value.as_ref()?))).collect();
    if let [only] = named.as_slice() {
        return Some(*only);
    }
    if let Some((_, last)) = named.iter().max_by_key(|(_, value)| value.span().start) {
        let complaint =
            Complaint::new(format!("one source too many: {}", listed(named.iter().map(|(key, _)| *key), "and")))
                .help("one table names one source; a list of tables is tried in order: `[{ .. }, { .. }]`");
        problems.add_at_key(complaint, last);
    } else if !problems.is_doubtful(&span) {
        let complaint = Complaint::new("this table does not say where the value comes from")
            .help(format!("name one source: {}", listed(sources.iter().map(|(key, _)| *key), "or")));
        problems.add(complaint, span);
    }
    None
}

/// A JSONPath, and where the page holds the JSON.
pub(super) fn json(problems: &mut Problems<'_>, path: &At<String>, script: Option<&At<String>>) -> Option<Json> {
    let path = problems.read(path, pattern::json_path);
    let script = match script {
        Some(script) => Some(problems.read(script, pattern::short)?),
        None => None,
    };
    let (script, attr) = script.map_or((None, None), |(css, attr)| (Some(css), attr));
    Some(Json { path: path?, script, attr })
}

fn refinements(problems: &mut Problems<'_>, field: Field, table: &RawTable, zone: &Zone) -> Refinements {
    Refinements {
        attr: table.attr.as_ref().and_then(|attr| problems.read(attr, pattern::attribute)),
        html: table.html.as_deref().copied(),
        all: table.all.as_deref().copied(),
        matching: table.matching.as_ref().and_then(|matching| problems.read(matching, pattern::regex)),
        replace: table.replace.as_ref().map(|pairs| replacements(problems, pairs)).unwrap_or_default(),
        split: table.split.as_ref().and_then(|split| problems.read(split, pattern::regex)),
        date: (field.kind() == Kind::Date).then(|| date(problems, table, zone)),
        join: table.join.as_deref().cloned(),
        template: table.template.as_ref().and_then(|t| problems.read(t, |t: &str| pattern::template(t, field))),
        default: table.default.as_deref().cloned(),
    }
}

fn date(problems: &mut Problems<'_>, table: &RawTable, site: &Zone) -> DateHint {
    let timezone_override = table.timezone_override.as_ref().filter(|on| ***on);
    if let Some(on) = timezone_override
        && table.timezone.is_none()
        && !site.is_named
        && !problems.is_doubtful(&site.site)
    {
        let complaint = Complaint::new("`timezone_override` without a `timezone`")
            .help("say which one is right: `timezone = \"Europe/Moscow\"`, here or in the site's table");
        problems.add_at_key(complaint, on);
    }
    DateHint {
        format: table.format.as_ref().and_then(|format| problems.read(format, pattern::date_format)),
        timezone: table.timezone.as_ref().and_then(|zone| problems.read(zone, value::timezone)).unwrap_or(site.tz),
        timezone_override: timezone_override.is_some(),
        locale: table.locale.as_ref().and_then(|locale| problems.read(locale, value::locale)).or(site.locale),
    }
}

fn replacements(problems: &mut Problems<'_>, pairs: &At<Vec<Pair>>) -> Vec<(Regex, String)> {
    let halves: Vec<&At<String>> =
        pairs.iter().filter_map(|pair| if let Pair::Half(text) = pair { Some(text) } else { None }).collect();
    match halves.as_slice() {
        [] => pairs
            .iter()
            .filter_map(|pair| match pair {
                Pair::Whole(texts) => texts.first().zip(texts.get(1)),
                Pair::Half(_) => None,
            })
            .filter_map(|(from, to)| replacement(problems, from, to))
            .collect(),
        [from, to] if pairs.len() == 2 => replacement(problems, from, to).into_iter().collect(),
        _ => {
            let complaint = Complaint::new("`replace` takes pairs")
                .help("write `[\"from\", \"to\"]`, or a list: `[[\"from\", \"to\"], [\"from\", \"to\"]]`");
            problems.add(complaint, pairs.span());
            Vec::new()
        }
    }
}

fn replacement(problems: &mut Problems<'_>, from: &At<String>, to: &At<String>) -> Option<(Regex, String)> {
    let pattern = problems.read(from, pattern::regex)?;
    let to = problems.read(to, |to: &str| pattern::replacement(to, &pattern))?;
    Some((pattern, to))
}

/// The table on one line, for reports.
fn written(table: &RawTable) -> String {
    let mut line = String::new();
    // Texts, truth values and lists of them can always be written.
    let _ = table.serialize(toml::ser::ValueSerializer::new(&mut line));
    line
}
