//! What a site's table and `[defaults]` have in common: one struct for both, so that no key is listed twice.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::at::At;
use crate::config::schema::SCHEMA;
use crate::limits;

/// What every site may take from `[defaults]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "defaults")]
pub(in crate::config) struct RawShared {
    /// The language of the feed (BCP 47).
    #[schemars(length(min = 1), example = &"en")]
    pub(in crate::config) language: Option<At<String>>,
    /// The zone of dates that name none, and of days without a time.
    #[schemars(length(min = 1), example = &"Europe/Moscow", extend("default" = "UTC"))]
    pub(in crate::config) timezone: Option<At<String>>,
    /// The language, and perhaps the country, that the site's dates are written in; `language` if absent. It decides
    /// about `03/04/2026`, and about names of months that mean another one elsewhere.
    #[schemars(length(min = 1), example = &"en-GB")]
    pub(in crate::config) locale: Option<At<String>>,
    /// The encoding of the site's pages, whatever they say about it themselves.
    #[schemars(length(min = 1), example = &"windows-1251")]
    pub(in crate::config) charset: Option<At<String>>,
    /// How long a feed is served before the site is asked again. `auto` learns it from how often the site posts: between
    /// ten minutes and twelve hours.
    #[schemars(length(min = 1), extend("default" = "1h"))]
    pub(in crate::config) refresh: Option<At<String>>,
    /// How long after the last time that a reader asked for the feed the site is no longer asked ahead of readers; the
    /// next reader wakes it. `never`: it is always asked.
    #[schemars(length(min = 1), extend("default" = "7d"))]
    pub(in crate::config) sleep_after: Option<At<String>>,
    /// How many items the feed shows.
    #[schemars(range(min = 1, max = limits::SHOW), extend("default" = 50))]
    pub(in crate::config) show: Option<At<i64>>,
    /// How many items are kept: the newest ones. What stands on the site's listing is kept in any case, and of the others it
    /// stays known who they were, so that none comes back as a new one.
    #[schemars(range(min = 1, max = limits::KEEP_MOST), extend("default" = limits::KEEP))]
    pub(in crate::config) keep: Option<At<i64>>,
    /// How long items are kept after they were first seen, once they have left the site's listing: `90d`, `26w`, `2y`, or
    /// `forever`.
    #[schemars(length(min = 1), example = &"2y", extend("default" = "forever"))]
    pub(in crate::config) keep_for: Option<At<String>>,
    /// How long pages of articles are kept, compressed, after they were fetched, so that `feedmill rebuild` can apply an
    /// edited rule to them; with them the last page of the listing. `off`: not at all.
    #[schemars(length(min = 1), extend("default" = "7d"))]
    pub(in crate::config) keep_pages: Option<At<String>>,
    /// How long an item may be held back from the feed while its article could not be read, so that it appears complete;
    /// then it is published with what there is. `off`: it appears at once.
    #[schemars(length(min = 1), extend("default" = "off"))]
    pub(in crate::config) hold: Option<At<String>>,
    /// Whether the feed itself says that the site is in trouble: with one item, which goes when all is well again.
    #[schemars(extend("default" = false))]
    pub(in crate::config) notice: Option<bool>,
    /// What happens when the site was redesigned, so that its rule finds nothing any more, or leaves out most of what the
    /// page still lists, and another rule finds the items that are archived on the new page. `auto`: that rule runs from then on, until `feedmill repair` writes it down, the
    /// table is edited, or the page is what it was. `propose`: the last good feed is served on, and the rule is only shown.
    /// `off`: nothing is looked for.
    #[schemars(extend("default" = "auto"))]
    pub(in crate::config) repair: Option<RawRepair>,
    /// Whether the text of articles is looked for on their pages where no rule says where it stands. `true` does so for a
    /// site without an `[article]` table, too; with one, it is looked for unless this is `false`, or the table's `content`
    /// is.
    #[schemars(example = true)]
    pub(in crate::config) full_text: Option<bool>,
    /// Headers sent to the site's own host, and to no other. `${NAME}` is a variable of the environment, `file:PATH` what
    /// stands in a file; `$${` is `${` itself.
    #[schemars(with = "Option<BTreeMap<String, String>>", example = example_headers())]
    pub(in crate::config) headers: Option<BTreeMap<Spanned<String>, At<String>>>,
    /// Cookies sent to the site's own host, and to no other; secrets are written as in `headers`.
    #[schemars(with = "Option<BTreeMap<String, String>>", example = example_cookies())]
    pub(in crate::config) cookies: Option<BTreeMap<Spanned<String>, At<String>>>,
    /// The `User-Agent` that the site sees.
    #[schemars(length(min = 1), example = &"my-feeds/1.0 (+https://example.org/)")]
    pub(in crate::config) user_agent: Option<At<String>>,
    /// The proxy that every request for the site goes through: `http`, `https` or `socks5h`. Secrets are written as in
    /// `headers`.
    #[schemars(length(min = 1), example = &"socks5h://127.0.0.1:9050")]
    pub(in crate::config) proxy: Option<At<String>>,
    /// Private addresses that the site may reach; all others are refused.
    #[schemars(example = ["10.0.0.5:8080"])]
    pub(in crate::config) allow_private: Option<Vec<At<String>>>,
    /// Whether pages that the site's robots.txt forbids are left alone. `false` is for those who may read them all the
    /// same: it is your own site, or you were told that you may.
    #[schemars(extend("default" = true))]
    pub(in crate::config) robots: Option<bool>,
    /// The least time between the starts of two requests to the site's host. It counts in place of what `[fetch]` says,
    /// and of the `Crawl-delay` in the site's robots.txt.
    #[schemars(length(min = 1), example = &"2s")]
    pub(in crate::config) gap: Option<At<String>>,
}

/// What becomes of a rule that fits no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "repair")]
pub(in crate::config) enum RawRepair {
    /// The repaired one runs.
    Auto,
    /// The repaired one is shown.
    Propose,
    /// It stays as it is.
    Off,
}

fn example_headers() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([("Authorization", "Bearer ${TOKEN}")])
}

fn example_cookies() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([("consent", "yes")])
}

/// Puts the keys of [`RawShared`] that stand in the tables of sites together into one, `shared`, where it is read from:
/// serde could do that (`flatten`), but would lose where each value stands.
pub(in crate::config) fn gather_shared(root: &mut DeTable<'_>) {
    let Some(DeValue::Table(sites)) = root.get_mut("sites").map(Spanned::get_mut) else { return };
    let keys = SCHEMA.pointer("/definitions/defaults/properties").and_then(Value::as_object);
    for (_, site) in sites.iter_mut() {
        let span = site.span();
        let DeValue::Table(site) = site.get_mut() else { continue };
        let mut shared = DeTable::new();
        shared.extend(keys.into_iter().flatten().filter_map(|(key, _): (_, &Value)| site.remove_entry(key.as_str())));
        site.insert(Spanned::new(span.clone(), Cow::Borrowed("shared")), Spanned::new(span, DeValue::Table(shared)));
    }
}
