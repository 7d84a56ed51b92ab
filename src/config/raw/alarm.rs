//! Who is told that a site is in trouble, and when.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::at::At;

/// When the trouble of a site counts, and who is told.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "alarm")]
pub(in crate::config) struct RawAlarm {
    /// As many refreshes in a row that fail, or bring only a part, turn a site's health.
    #[schemars(range(min = 1), extend("default" = 3))]
    pub(in crate::config) after_failures: Option<At<i64>>,
    /// So does trouble that was seen more than once and has lasted this long.
    #[schemars(length(min = 1), extend("default" = "6h"))]
    pub(in crate::config) after: Option<At<String>>,
    /// A program, and its arguments, to run when a site's health turns: once for each alarm, and once when all is well
    /// again. No shell reads it. It gets JSON on its stdin, and `FEEDMILL_SITE`, `FEEDMILL_HEALTH`, `FEEDMILL_WHY`,
    /// `FEEDMILL_ADVICE` and `FEEDMILL_TEXT` in its environment.
    #[schemars(with = "Option<Vec<String>>", length(min = 1), example = ["notify-send", "Feedmill"])]
    pub(in crate::config) command: Option<At<Vec<String>>>,
    /// An address that the same JSON is posted to. `${NAME}` is a variable of the environment, `file:PATH` what stands in
    /// a file.
    #[schemars(length(min = 1), example = &"https://chat.example.org/hooks/${CHAT_TOKEN}")]
    pub(in crate::config) webhook: Option<At<String>>,
    /// Headers sent to the webhook; secrets are written as in `webhook`.
    #[schemars(with = "Option<BTreeMap<String, String>>", example = BTreeMap::from([("Authorization", "Bearer ${TOKEN}")]))]
    pub(in crate::config) headers: Option<BTreeMap<Spanned<String>, At<String>>>,
    /// Private addresses that the webhook may be at; all others are refused.
    #[schemars(example = ["10.0.0.5:8080"])]
    pub(in crate::config) allow_private: Option<Vec<At<String>>>,
}
