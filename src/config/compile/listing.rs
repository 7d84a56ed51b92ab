//! Rules: how entries are found, and how articles are read.

use serde::Serialize;

use super::field::{Zone, fields, next};
use super::{Problems, pattern, rows, value};
use crate::config::raw::{At, RawArticle, RawListing, RawOrder, RawSite, Texts, WithFields};
use crate::edition::fingerprint;
use crate::rule::{ArticleRule, FieldRules, ListingRule, Locale, Rule};

/// Entries taken from a page, unless the rule says otherwise.
const LIMIT: usize = 100;

/// What a site's table says about its pages.
pub(super) fn rule(problems: &mut Problems<'_>, raw: &At<RawSite>) -> Rule {
    let timezone = raw.timezone.as_ref().and_then(|zone| problems.read(zone, value::timezone));
    let locale = raw.locale.as_ref().and_then(|locale| problems.read(locale, value::locale));
    let locale = locale.or_else(|| Locale::parse(raw.language.as_ref()?));
    let zone =
        &Zone { tz: timezone.unwrap_or(chrono_tz::UTC), locale, is_named: raw.timezone.is_some(), site: raw.span() };
    let charset = raw.charset.as_ref().and_then(|charset| problems.read(charset, value::charset));
    Rule {
        listing: listing(problems, raw.listing.as_ref(), zone),
        article: raw.article.as_ref().map(|raw| article(problems, raw, zone)),
        timezone: zone.tz,
        locale,
        charset,
        hash: hash(raw, zone, charset),
    }
}

fn listing(problems: &mut Problems<'_>, raw: Option<&WithFields<RawListing>>, zone: &Zone) -> ListingRule {
    let mut rule = ListingRule {
        from: None,
        item: Vec::new(),
        container: None,
        fields: FieldRules::default(),
        limit: LIMIT,
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
    problems.set(&mut rule.limit, raw.limit.as_ref(), value::count);
    rule.link_pattern = raw.link_pattern.as_ref().and_then(|pattern| problems.read(pattern, pattern::regex));
    rule.reverse = raw.order == Some(RawOrder::Reverse);
    rule.next = raw.next.as_ref().map(|raw| next(problems, raw, zone));
    problems.set(&mut rule.pages, raw.pages.as_ref(), value::count);
    rule
}

fn article(problems: &mut Problems<'_>, raw: &WithFields<RawArticle>, zone: &Zone) -> ArticleRule {
    let remove = raw.remove.iter().flat_map(|texts| &texts.0).filter_map(|text| problems.read(text, rows::elements));
    let remove = remove.collect();
    let next = raw.next.as_ref().map(|raw| next(problems, raw, zone));
    ArticleRule { fields: fields(problems, &raw.fields, zone), remove, next }
}

/// Everything that decides which page is got and what is read from it, as one line of TOML: comments, white space and
/// the order of keys make no difference, nor do keys that are not there.
#[derive(Serialize)]
struct Canonical<'r> {
    url: Option<Urls<'r>>,
    user_agent: Option<&'r str>,
    headers: Vec<(&'r str, &'r str)>,
    timezone: &'static str,
    locale: Option<&'r str>,
    charset: Option<&'static str>,
    listing: Option<&'r WithFields<RawListing>>,
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

fn hash(raw: &RawSite, zone: &Zone, charset: Option<&'static encoding_rs::Encoding>) -> String {
    let canonical = Canonical {
        url: raw.url.as_ref().map(Urls::of),
        user_agent: raw.user_agent.as_ref().map(|agent| agent.as_str()),
        headers: raw.headers.iter().flatten().map(|(name, value)| (name.get_ref().as_str(), value.as_str())).collect(),
        timezone: zone.tz.name(),
        locale: raw.locale.as_ref().or(raw.language.as_ref()).map(|locale| locale.as_str()),
        charset: charset.map(encoding_rs::Encoding::name),
        listing: raw.listing.as_ref(),
        article: raw.article.as_ref(),
    };
    let mut line = String::new();
    // Texts, numbers, truth values, lists and tables of them can always be written.
    let _ = canonical.serialize(toml::ser::ValueSerializer::new(&mut line));
    fingerprint(line.as_bytes())
}
