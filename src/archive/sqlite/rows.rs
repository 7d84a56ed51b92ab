//! Between rows and values: moments as whole microseconds, what has a shape of its own as JSON.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::trouble::Trouble;
use crate::archive::{ArticleState, Record, SiteState};
use crate::item::Item;
use crate::webpage::Validators;

/// A row of `sites`.
pub(super) fn state(site: &str, row: &Row<'_>) -> Result<SiteState, Trouble> {
    let place = || format!("the state of the site `{site}`");
    let outcome: Option<String> = row.get("outcome")?;
    let report: Option<String> = row.get("report")?;
    let pages: String = row.get("pages")?;
    let episode: Option<String> = row.get("episode")?;
    let drift: Option<String> = row.get("drift")?;
    let profile: String = row.get("profile")?;
    let made: String = row.get("made")?;
    Ok(SiteState {
        pages: read(&pages, place)?,
        rule: row.get("rule")?,
        title: row.get("title")?,
        head: row.get("head")?,
        tried: optional_moment(row, "tried")?,
        succeeded: optional_moment(row, "succeeded")?,
        changed: optional_moment(row, "changed")?,
        due: optional_moment(row, "due")?,
        listing: Vec::new(),
        held: optional_moment(row, "held")?,
        interval: optional_duration(row, "interval")?,
        failures: row.get("failures")?,
        outcome: outcome.map(|json| read(&json, place)).transpose()?,
        report: report.map(|json| read(&json, place)).transpose()?,
        episode: episode.map(|json| read(&json, place)).transpose()?,
        drift: drift.map(|json| read(&json, place)).transpose()?,
        profile: read(&profile, place)?,
        made: read(&made, place)?,
    })
}

/// A row of `items`, with the keys that lead to it.
pub(super) fn record(row: &Row<'_>, keys: Vec<String>) -> Result<Record, Trouble> {
    let number = row.get("number")?;
    let entry: String = row.get("entry")?;
    Ok(Record {
        number: Some(number),
        keys,
        first_seen: moment(row.get("first_seen")?)?,
        item: item(row)?,
        entry: read(&entry, || format!("the entry of item {number}"))?,
        digest: row.get("digest")?,
        rule: row.get("rule")?,
        article: ArticleState {
            validators: Validators { etag: row.get("article_etag")?, last_modified: row.get("article_last_modified")? },
            due: optional_moment(row, "article_due")?,
            failures: row.get("article_failures")?,
            read: row.get("article_read")?,
        },
        is_dropped: row.get_ref("dropped")? != ValueRef::Null,
        held: optional_moment(row, "held_until")?,
        pages: Vec::new(),
    })
}

/// The item in a row of `items`.
pub(super) fn item(row: &Row<'_>) -> Result<Item, Trouble> {
    let number: i64 = row.get("number")?;
    let json = row.get_ref("item")?.as_str().map_err(|_| Trouble::Unreadable(format!("item {number}")))?;
    read(json, || format!("item {number}"))
}

/// A value as JSON.
pub(super) fn written<T: Serialize>(value: &T) -> Result<String, Trouble> {
    serde_json::to_string(value).map_err(|error| Trouble::Cancelled(error.to_string()))
}

/// A moment as it is stored.
pub(super) fn micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros()
}

/// A value that was written as JSON; `place` says where, if it is none.
pub(super) fn read<T: DeserializeOwned>(json: &str, place: impl Fn() -> String) -> Result<T, Trouble> {
    serde_json::from_str(json).map_err(|error| Trouble::Unreadable(format!("{}: {error}", place())))
}

pub(super) fn moment(micros: i64) -> Result<DateTime<Utc>, Trouble> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| Trouble::Unreadable(format!("the moment {micros}")))
}

pub(super) fn optional_moment(row: &Row<'_>, column: &str) -> Result<Option<DateTime<Utc>>, Trouble> {
    row.get::<_, Option<i64>>(column)?.map(moment).transpose()
}

/// A length of time as it is stored.
pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

pub(super) fn optional_duration(row: &Row<'_>, column: &str) -> Result<Option<Duration>, Trouble> {
    let millis = row.get::<_, Option<i64>>(column)?;
    Ok(millis.and_then(|millis| u64::try_from(millis).ok()).map(Duration::from_millis))
}
