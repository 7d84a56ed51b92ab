//! Feeds of several sites: `[merged.NAME]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::at::At;
use super::filter::RawFilter;
use crate::limits;

/// Several sites as one feed, newest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "merged")]
pub(in crate::config) struct RawMerged {
    /// The names of the sites. Of a site with parameters, one of its feeds: `issues/rust-lang/rust`.
    #[schemars(required, length(min = 1, max = limits::MERGED_SITES), inner(length(min = 1)), example = ["ferris", "crabs"])]
    pub(in crate::config) sites: Option<Vec<At<String>>>,
    /// The feed's title; its name if absent.
    #[schemars(length(min = 1), example = &"Everything about crabs")]
    pub(in crate::config) title: Option<At<String>>,
    /// One sentence about the feed.
    #[schemars(length(min = 1), example = &"What crabs think")]
    pub(in crate::config) description: Option<At<String>>,
    /// The language of the feed (BCP 47).
    #[schemars(length(min = 1), example = &"en")]
    pub(in crate::config) language: Option<At<String>>,
    /// How many items the feed shows.
    #[schemars(range(min = 1, max = limits::SHOW), extend("default" = 50))]
    pub(in crate::config) show: Option<At<i64>>,
    /// Which items the feed shows, of those that pass the filters of its sites.
    pub(in crate::config) filter: Option<RawFilter>,
    /// Whether readers may filter the feed themselves: `/feeds/NAME.xml?include.title=REGEX`.
    #[schemars(extend("default" = false))]
    pub(in crate::config) query_filter: Option<bool>,
}
