//! What may be written in `sites.toml`: one struct a table, one doc comment a key.
//!
//! This is the one list of keys. Parsing, the check for unknown keys and wrong types, the JSON Schema for editors and
//! the reference all come from it. Whether values make sense is not decided here: see `compile`.
//!
//! Every key is an `Option`, also where one is required: whatever the check takes out, the rest can still be read.

mod alarm;
mod at;
mod extractor;
mod fields;
mod filter;
mod merged;
mod request;
mod rows;
mod shared;
mod site;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use toml::Spanned;

pub(super) use alarm::RawAlarm;
pub(super) use at::{At, Texts};
pub(super) use extractor::{Pair, RawExtractor, RawField, RawTable};
pub(super) use fields::WithFields;
pub(super) use filter::RawFilter;
pub(super) use merged::RawMerged;
pub(super) use request::{RawFormValue, RawJson, RawMethod, RawRequest, RawScalar};
pub(super) use rows::{RawRow, RawRowTable, RawRows};
pub(super) use shared::{RawRepair, RawShared, gather_shared};
pub(super) use site::{RawArticle, RawForm, RawKind, RawListing, RawOrder, RawPrefer, RawSite, RawTest, Values};

use crate::limits;

/// The sites that Feedmill makes feeds of, and how it runs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Feedmill's sites.toml")]
pub(super) struct Root {
    /// The sites by name; each becomes one feed, served at `/feeds/NAME.xml`. A name has small letters, digits, `-`
    /// and `_`.
    #[schemars(required, with = "BTreeMap<String, RawSite>", extend("minProperties" = 1, "propertyNames" = json!({ "pattern": "^[a-z0-9][a-z0-9_-]*$" })))]
    pub(super) sites: Option<BTreeMap<Spanned<String>, At<RawSite>>>,
    /// Feeds of several sites, by name; served as sites are, and their names must differ from those of sites.
    #[schemars(with = "Option<BTreeMap<String, RawMerged>>", extend("propertyNames" = json!({ "pattern": "^[a-z0-9][a-z0-9_-]*$" })))]
    pub(super) merged: Option<BTreeMap<Spanned<String>, At<RawMerged>>>,
    /// What holds for every site that does not say otherwise.
    pub(super) defaults: Option<RawShared>,
    /// Files with more sites: a path or a list of them, seen from the folder of this file. `*` and `?` stand for any
    /// letters. Only the tables of sites may stand in them.
    #[schemars(example = ["sites.d/*.toml"])]
    pub(super) include: Option<Texts>,
    /// The HTTP server.
    pub(super) server: Option<RawServer>,
    /// How pages are fetched, for all sites.
    pub(super) fetch: Option<RawFetch>,
    /// The database that remembers items.
    pub(super) archive: Option<RawArchive>,
    /// When the trouble of a site counts, and who is told.
    pub(super) alarm: Option<RawAlarm>,
}

/// The HTTP server.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "server")]
pub(super) struct RawServer {
    /// The address and port that it listens on. `0.0.0.0:8787` lets other machines in.
    #[schemars(length(min = 1), extend("default" = "127.0.0.1:8787"))]
    pub(super) listen: Option<At<String>>,
    /// The address under which readers reach it, for the links to itself in feeds.
    #[schemars(length(min = 1), example = &"https://feeds.example.org/")]
    pub(super) public_url: Option<At<String>>,
    /// Whether sites are asked when they are due, so that readers find news that are there already. With `false`, they
    /// are asked only when a reader asks for a feed that is due.
    #[schemars(extend("default" = true))]
    pub(super) ahead: Option<bool>,
}

/// How pages are fetched, for all sites.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "fetch")]
pub(super) struct RawFetch {
    /// The `User-Agent` that sites see, unless a site's table has its own. Feedmill's own name if absent.
    #[schemars(length(min = 1), example = &"my-feeds/1.0 (+https://example.org/)")]
    pub(super) user_agent: Option<At<String>>,
    /// The longest time to open a connection.
    #[schemars(length(min = 1), extend("default" = "10s"))]
    pub(super) connect_timeout: Option<At<String>>,
    /// The longest time from the request to the beginning of the answer.
    #[schemars(length(min = 1), extend("default" = "20s"))]
    pub(super) first_byte_timeout: Option<At<String>>,
    /// The longest silence between two pieces of an answer.
    #[schemars(length(min = 1), extend("default" = "15s"))]
    pub(super) gap_timeout: Option<At<String>>,
    /// The longest time for one page, redirects included.
    #[schemars(length(min = 1), extend("default" = "60s"))]
    pub(super) total_timeout: Option<At<String>>,
    /// The largest page that is read, after decompression.
    #[schemars(length(min = 1), extend("default" = "10 MiB"))]
    pub(super) max_body: Option<At<String>>,
    /// Requests to one host at the same time.
    #[schemars(range(min = 1), extend("default" = limits::HOST_CONCURRENCY))]
    pub(super) concurrency: Option<At<i64>>,
    /// The least time between the starts of two requests to one host.
    #[schemars(length(min = 1), extend("default" = "100ms"))]
    pub(super) gap: Option<At<String>>,
}

/// The database that remembers items.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "archive")]
pub(super) struct RawArchive {
    /// Where it lies: a file's path, also written `sqlite:PATH`. `$XDG_DATA_HOME/feedmill/feedmill.db` if absent.
    /// `${NAME}` is a variable of the environment, `file:PATH` what stands in a file.
    #[schemars(length(min = 1), example = &"/var/lib/feedmill/feedmill.db")]
    pub(super) url: Option<At<String>>,
}
