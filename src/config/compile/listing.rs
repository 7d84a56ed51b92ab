//! Rules: how entries are found, and how articles are read.

use std::collections::BTreeMap;

use serde::Serialize;

use super::field::{Zone, fields, next};
use super::shared::Shared;
use super::{Problems, pattern, rows, value};
use crate::config::raw::{
    At, RawArticle, RawField, RawForm, RawListing, RawOrder, RawPrefer, RawRows, RawSite, Texts, WithFields,
};
use crate::edition::fingerprint;
use crate::item::Field;
use crate::limits;
use crate::rule::{ArticleRule, FieldRules, ListingRule, Locale, Prefer, Rule};

/// What a site's table says about its pages.
pub(super) fn rule(problems: &mut Problems<'_>, raw: &At<RawSite>, shared: &Shared) -> Rule {
    let is_named = shared.timezone.is_some() || raw.shared.timezone.is_some();
    let locale = shared.locale.as_ref().or(shared.language.as_ref()).and_then(|locale| Locale::parse(locale));
    let zone = &Zone { tz: shared.timezone.unwrap_or(chrono_tz::UTC), locale, is_named, site: raw.span() };
    Rule {
        listing: listing(problems, raw.listing.as_ref(), zone),
        article: article(problems, raw.article.as_ref(), zone, shared.full_text),
        timezone: zone.tz,
        locale,
        charset: shared.charset,
        hash: fingerprint(line(&Canonical::of(raw, zone, shared)).as_bytes()),
        item_hash: fingerprint(line(&OfItems::of(raw, zone, shared)).as_bytes()),
    }
}

fn listing(problems: &mut Problems<'_>, raw: Option<&WithFields<RawListing>>, zone: &Zone) -> ListingRule {
    let mut rule = ListingRule {
        from: None,
        item: Vec::new(),
        container: None,
        fields: FieldRules::default(),
        limit: limits::ENTRIES_OF_A_PAGE,
        link_pattern: None,
        reverse: false,
        next: None,
        pages: 1,
    };
    let Some(raw) = raw else { return rule };
    rule.from = raw.from.map(rows::form);
    rule.item = raw.item.iter().flat_map(|rows| &rows.0).filter_map(|row| rows::row(problems, row)).collect();
    rule.container = raw.container.as_ref().and_then(|container| problems.read(container, rows::short));
    rule.fields = fields(problems, &raw.fields, zone);
    rows::check_fields(problems, &raw.fields, &rule);
    problems.set(&mut rule.limit, raw.limit.as_ref(), value::count);
    rule.link_pattern = raw.link_pattern.as_ref().and_then(|pattern| problems.read(pattern, pattern::regex));
    rule.reverse = raw.order == Some(RawOrder::Reverse);
    rule.next = raw.next.as_ref().map(|raw| next(problems, raw, zone));
    problems.set(&mut rule.pages, raw.pages.as_ref(), value::count);
    rule
}

/// The keys of a site's `listing`, each with its value as TOML.
pub(super) fn written(raw: &WithFields<RawListing>) -> BTreeMap<String, String> {
    let table = |value: toml::Value| if let toml::Value::Table(table) = value { table } else { toml::Table::new() };
    // Texts, numbers, truth values, lists and tables of them can always be written.
    let parts = toml::Value::try_from(raw).map(table).unwrap_or_default();
    let keys = parts.into_iter().flat_map(|(_, part)| table(part));
    // A list of one way to find something is read as that way is.
    let only = |value: toml::Value| match value {
        toml::Value::Array(mut ways) if ways.len() == 1 => ways.remove(0),
        value => value,
    };
    keys.map(|(key, value)| (key, only(value).to_string())).collect()
}

/// How articles are read; not at all if nothing asks for it.
fn article(
    problems: &mut Problems<'_>,
    raw: Option<&WithFields<RawArticle>>,
    zone: &Zone,
    full_text: Option<bool>,
) -> Option<ArticleRule> {
    let Some(raw) = raw else { return full_text.unwrap_or_default().then(ArticleRule::automatic) };
    let remove = raw.remove.iter().flat_map(|texts| &texts.0).filter_map(|text| problems.read(text, rows::elements));
    let remove = remove.collect();
    let next = raw.next.as_ref().map(|raw| next(problems, raw, zone));
    let prefer = raw.prefer.map(|prefer| match prefer {
        RawPrefer::Amp => Prefer::Amp,
        RawPrefer::Print => Prefer::Print,
    });
    let fields = fields(problems, &raw.fields, zone);
    let full_text = full_text.unwrap_or(true) && !fields.is_off(Field::Content);
    Some(ArticleRule { fields, remove, next, prefer, full_text })
}

/// Everything that decides which page is got and what is read from it, as one line of TOML: comments, white space and
/// the order of keys make no difference, nor do keys that are not there, or whether a key stands in `[defaults]`. A secret
/// counts as it is written: the rule stays the same when a token is changed.
#[derive(Serialize)]
struct Canonical<'r> {
    url: Option<Urls<'r>>,
    user_agent: Option<&'r str>,
    headers: Vec<(&'r str, &'r str)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<(&'r str, &'r str)>,
    timezone: &'static str,
    locale: Option<&'r str>,
    charset: Option<&'static str>,
    listing: Option<&'r WithFields<RawListing>>,
    full_text: Option<bool>,
    article: Option<&'r WithFields<RawArticle>>,
}

/// One address is written as a text, whether it stood in a list or not.
#[derive(Serialize)]
#[serde(untagged)]
enum Urls<'r> {
    One(&'r str),
    Several(&'r Texts),
}

impl<'r> Urls<'r> {
    fn of(urls: &'r Texts) -> Self {
        match urls.0.as_slice() {
            [one] => Self::One(one),
            _ => Self::Several(urls),
        }
    }
}

impl<'r> Canonical<'r> {
    fn of(raw: &'r RawSite, zone: &Zone, shared: &'r Shared) -> Self {
        let OfItems { user_agent, headers, cookies, timezone, locale, charset, full_text, article, .. } =
            OfItems::of(raw, zone, shared);
        let url = raw.url.as_ref().map(Urls::of);
        let listing = raw.listing.as_ref();
        Self { url, user_agent, headers, cookies, timezone, locale, charset, listing, full_text, article }
    }
}

/// The part of it that decides what an item is made of, once its row has been found: not which rows are taken, from how
/// many pages, and where those are.
#[derive(Serialize)]
struct OfItems<'r> {
    user_agent: Option<&'r str>,
    headers: Vec<(&'r str, &'r str)>,
    cookies: Vec<(&'r str, &'r str)>,
    timezone: &'static str,
    locale: Option<&'r str>,
    charset: Option<&'static str>,
    from: Option<RawForm>,
    item: Option<&'r RawRows>,
    fields: Option<&'r BTreeMap<Field, RawField>>,
    full_text: Option<bool>,
    article: Option<&'r WithFields<RawArticle>>,
}

impl<'r> OfItems<'r> {
    fn of(raw: &'r RawSite, zone: &Zone, shared: &'r Shared) -> Self {
        let listing = raw.listing.as_ref();
        Self {
            user_agent: shared.user_agent.as_ref().map(|agent| agent.written.as_str()),
            headers: shared.headers.iter().map(|(name, sent)| (name.as_str(), sent.written.as_str())).collect(),
            cookies: shared.cookies.iter().map(|(name, sent)| (name.as_str(), sent.written.as_str())).collect(),
            timezone: zone.tz.name(),
            locale: shared.locale.as_ref().or(shared.language.as_ref()).map(String::as_str),
            charset: shared.charset.map(encoding_rs::Encoding::name),
            from: listing.and_then(|listing| listing.from),
            item: listing.and_then(|listing| listing.item.as_ref()),
            fields: listing.map(|listing| &listing.fields),
            full_text: shared.full_text,
            article: raw.article.as_ref(),
        }
    }
}

fn line(canonical: &impl Serialize) -> String {
    let mut line = String::new();
    // Texts, numbers, truth values, lists and tables of them can always be written.
    let _ = canonical.serialize(toml::ser::ValueSerializer::new(&mut line));
    line
}
