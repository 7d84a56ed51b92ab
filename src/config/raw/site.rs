//! One site's table: `[sites.NAME]` and the tables below it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toml::Spanned;

use super::at::{At, Texts};
use super::extractor::RawField;
use super::fields::{WithFields, expectations};
use super::filter::RawFilter;
use super::request::RawRequest;
use super::rows::RawRows;
use super::shared::RawShared;
use crate::item::Field;
use crate::limits;

/// One site: becomes one feed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "site")]
pub(in crate::config) struct RawSite {
    /// The feed's title; the page's if absent.
    #[schemars(length(min = 1), example = &"Ferris writes")]
    pub(in crate::config) title: Option<At<String>>,
    /// One sentence about the feed.
    #[schemars(length(min = 1), example = &"What a crab thinks")]
    pub(in crate::config) description: Option<At<String>>,
    /// The address of the page that lists what is new. A list of them makes one feed of several pages. `{date:%Y/%m/%d}`
    /// stands for the present day in the site's zone, `{date-1:..}` for the day before.
    #[schemars(required, example = &"https://ferris.example/blog/")]
    pub(in crate::config) url: Option<Texts>,
    /// What it does not take from `[defaults]`.
    #[serde(default)]
    #[schemars(flatten)]
    pub(in crate::config) shared: RawShared,
    /// Parameters that make many feeds of this table: names, each with the regular expression that a value must match
    /// as a whole. `url` has them in braces, and the feeds are served at `/feeds/NAME/VALUE/..`, in the order of `url`.
    #[schemars(with = "Option<BTreeMap<String, String>>", example = example_params(), extend("propertyNames" = json!({ "pattern": "^[a-z][a-z0-9_]*$" })))]
    pub(in crate::config) params: Option<Values>,
    /// With `params`: the feeds that `build` makes and that are listed. Any other is served when it is asked for.
    #[schemars(with = "Option<Vec<BTreeMap<String, String>>>", example = example_feeds())]
    pub(in crate::config) feeds: Option<Vec<At<Values>>>,
    /// Which items the feed shows; all of them are archived.
    pub(in crate::config) filter: Option<RawFilter>,
    /// Whether readers may filter the feed themselves: `/feeds/NAME.xml?include.title=REGEX`.
    #[schemars(extend("default" = false))]
    pub(in crate::config) query_filter: Option<bool>,
    /// How entries are found on the page, as far as that is not to be left to Feedmill.
    pub(in crate::config) listing: Option<WithFields<RawListing>>,
    /// How the articles behind the entries are read. Without it, and without `full_text`, items come from the listing
    /// alone.
    pub(in crate::config) article: Option<WithFields<RawArticle>>,
    /// Saved pages, and what they must yield: `feedmill check` tries them.
    pub(in crate::config) test: Option<Vec<At<RawTest>>>,
}

/// Texts by the names of parameters: their patterns, or their values.
pub(in crate::config) type Values = BTreeMap<Spanned<String>, At<String>>;

fn example_params() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([("owner", r"[\w.-]+")])
}

fn example_feeds() -> [BTreeMap<&'static str, &'static str>; 1] {
    [BTreeMap::from([("owner", "rust-lang")])]
}

/// How entries are found on the page, and how fields are read from each.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "listing")]
pub(in crate::config) struct RawListing {
    /// What the listing is; guessed from the response if absent.
    #[schemars(example = &"feed")]
    pub(in crate::config) from: Option<RawForm>,
    /// The rows: a CSS selector that matches one element for each entry, an XPath, a JSONPath, or a table; or a list of
    /// these, the first that matches anything is used. If absent, they are found by themselves; those of a feed and of a
    /// sitemap are known.
    #[schemars(example = &"article.post")]
    pub(in crate::config) item: Option<RawRows>,
    /// What stays when the list is empty, so that an empty list differs from a list that is gone: a CSS selector, an
    /// XPath or a JSONPath.
    #[schemars(length(min = 1), example = &"#posts")]
    pub(in crate::config) container: Option<At<String>>,
    /// Entries taken from the page at most.
    #[schemars(range(min = 1, max = limits::LISTING_ROWS), extend("default" = 100))]
    pub(in crate::config) limit: Option<At<i64>>,
    /// A regular expression; rows whose link does not match are no entries.
    #[schemars(length(min = 1), example = &r"/\d{4}/\d{2}/")]
    pub(in crate::config) link_pattern: Option<At<String>>,
    /// `reverse` if the page lists the oldest entry first.
    #[schemars(extend("default" = "page"))]
    pub(in crate::config) order: Option<RawOrder>,
    /// How the listing is asked for, where its address alone does not do.
    pub(in crate::config) request: Option<RawRequest>,
    /// How many pages of the list are read, the first one among them.
    #[schemars(range(min = 1, max = limits::LISTING_PAGES), extend("default" = 1))]
    pub(in crate::config) pages: Option<At<i64>>,
    /// The link to the list's next page, written as a field is; found by itself if absent. `false`: there is none.
    pub(in crate::config) next: Option<RawField>,
}

/// What a listing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "from")]
pub(in crate::config) enum RawForm {
    /// A page.
    Html,
    /// A JSON document.
    Json,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// An XML sitemap, or an index of them.
    Sitemap,
}

/// How the entries of a page follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "order")]
pub(in crate::config) enum RawOrder {
    /// The newest entry first.
    Page,
    /// The oldest entry first.
    Reverse,
}

/// How the articles behind the entries are read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "article")]
pub(in crate::config) struct RawArticle {
    /// What is cut out before `content` and `summary` are read: a CSS selector or an XPath, or a list
    /// of them.
    #[schemars(example = [".ad", ".newsletter"])]
    pub(in crate::config) remove: Option<Texts>,
    /// The link to the article's next page, written as a field is: the pages' texts are joined.
    pub(in crate::config) next: Option<RawField>,
    /// The version of the page that is read instead of the page itself, where the page names one.
    pub(in crate::config) prefer: Option<RawPrefer>,
}

/// Another version of an article's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "prefer")]
pub(in crate::config) enum RawPrefer {
    /// The one for phones (`link[rel=amphtml]`).
    Amp,
    /// The one for the printer.
    Print,
}

/// A saved page, and what it must yield.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "test")]
pub(in crate::config) struct RawTest {
    /// The saved page: a path, seen from the folder of this file.
    #[schemars(required, length(min = 1), example = &"tests/pages/ferris/listing.html")]
    pub(in crate::config) page: Option<At<String>>,
    /// The address that the page was saved from; the site's own if absent.
    #[schemars(length(min = 1), example = &"https://ferris.example/blog/crabs.html")]
    pub(in crate::config) url: Option<At<String>>,
    /// The `Content-Type` that the page came with, where it tells more than the page itself.
    #[schemars(length(min = 1), example = &"text/html; charset=windows-1251")]
    pub(in crate::config) content_type: Option<At<String>>,
    /// What the page is.
    #[schemars(extend("default" = "listing"))]
    pub(in crate::config) kind: Option<RawKind>,
    /// How many entries the listing must yield.
    #[schemars(range(min = 0))]
    pub(in crate::config) count: Option<At<i64>>,
    /// Values that fields must have: of the article, or of the listing's first entry.
    #[serde(default)]
    #[schemars(schema_with = "expectations")]
    pub(in crate::config) expect: Option<BTreeMap<Field, String>>,
    /// Texts that must stand in the item's title or content.
    #[schemars(inner(length(min = 1)))]
    pub(in crate::config) contains: Option<Vec<String>>,
    /// Texts that must not stand in the item's title or content.
    #[schemars(inner(length(min = 1)))]
    pub(in crate::config) lacks: Option<Vec<String>>,
}

/// What a saved page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "kind")]
pub(in crate::config) enum RawKind {
    /// The page that lists entries.
    Listing,
    /// The page of one article.
    Article,
}
