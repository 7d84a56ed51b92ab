//! Pages that are kept, in SQL.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, named_params, params};

use super::rows::{micros, moment};
use super::statements::{records, sql_count};
use super::trouble::Trouble;
use crate::archive::Record;
use crate::kept::KeptPage;
use crate::limits;
use crate::weburl::WebUrl;

const PUT: &str = "INSERT INTO kept_pages (site, item, asked, found, content_type, fetched, until, size, bytes) VALUES
    (:site, :item, :asked, :found, :content_type, :fetched, :until, :size, :bytes)";
const OF_ITEM: &str = "SELECT * FROM kept_pages WHERE item = ?1 ORDER BY number";
const OF_LISTING: &str = "SELECT * FROM kept_pages WHERE site = ?1 AND item IS NULL ORDER BY fetched DESC, number";
const NUMBERS: &str = "SELECT number FROM items WHERE site = ?1 AND number < ?2 AND dropped IS NULL
    ORDER BY number DESC LIMIT ?3";
const BYTES: &str = "SELECT size FROM kept_bytes WHERE site = ?1";
const FORGET: &str = "DELETE FROM kept_pages WHERE number IN (SELECT number FROM kept_pages
    WHERE site = ?1 AND fetched <= ?2 AND (item IS NOT NULL OR ?3) ORDER BY fetched LIMIT ?4)";
const EXPIRE: &str = "DELETE FROM kept_pages WHERE number IN (SELECT number FROM kept_pages
    WHERE until <= ?1 ORDER BY until LIMIT ?2)";
const OLDEST_OF_SITE: &str = "SELECT number, size FROM kept_pages WHERE site = ?1 ORDER BY fetched, number LIMIT ?2";
const OLDEST: &str = "SELECT number, size FROM kept_pages ORDER BY until, number LIMIT ?1";

/// Keeps the pages of an item in the place of those that are kept of it.
pub(super) fn put(writing: &Transaction<'_>, site: &str, item: i64, pages: &[KeptPage]) -> Result<(), Trouble> {
    writing.prepare_cached("DELETE FROM kept_pages WHERE item = ?1")?.execute([item])?;
    pages.iter().try_for_each(|page| add(writing, site, Some(item), page))
}

/// Keeps pages of a listing in the place of those with the same addresses: if it brought anything (`is_news`), or none is
/// kept yet. A list that only looks different costs no writing.
pub(super) fn put_listing(
    writing: &Transaction<'_>,
    site: &str,
    pages: &[KeptPage],
    is_news: bool,
) -> Result<(), Trouble> {
    for page in pages {
        let asked = page.asked.as_str();
        let known = "SELECT 1 FROM kept_pages WHERE site = ?1 AND item IS NULL AND asked = ?2";
        if is_news || !writing.prepare_cached(known)?.exists([site, asked])? {
            let old = "DELETE FROM kept_pages WHERE site = ?1 AND item IS NULL AND asked = ?2";
            writing.prepare_cached(old)?.execute([site, asked])?;
            add(writing, site, None, page)?;
        }
    }
    Ok(())
}

fn add(writing: &Transaction<'_>, site: &str, item: Option<i64>, page: &KeptPage) -> Result<(), Trouble> {
    writing.prepare_cached(PUT)?.execute(named_params! {
        ":site": site,
        ":item": item,
        ":asked": page.asked.as_str(),
        ":found": page.found.as_str(),
        ":content_type": page.content_type,
        ":fetched": micros(page.fetched),
        ":until": micros(page.until),
        ":size": sql_count(page.bytes.len()),
        ":bytes": page.bytes,
    })?;
    Ok(())
}

pub(super) fn kept(
    connection: &mut Connection,
    site: &str,
    below: i64,
    max: usize,
) -> Result<Vec<(Record, Vec<KeptPage>)>, Trouble> {
    let reading = connection.transaction()?;
    let numbers: Vec<i64> = reading
        .prepare_cached(NUMBERS)?
        .query_map(params![site, below, sql_count(max)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut all = Vec::with_capacity(numbers.len());
    for record in records(&reading, numbers)? {
        let pages = pages(&reading, OF_ITEM, params![record.number])?;
        all.push((record, pages));
    }
    Ok(all)
}

pub(super) fn listing(connection: &Connection, site: &str) -> Result<Vec<KeptPage>, Trouble> {
    pages(connection, OF_LISTING, params![site])
}

fn pages(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<KeptPage>, Trouble> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(parameters)?;
    let mut pages = Vec::new();
    while let Some(row) = found.next()? {
        pages.push(page(row)?);
    }
    Ok(pages)
}

fn page(row: &Row<'_>) -> Result<KeptPage, Trouble> {
    let number: i64 = row.get("number")?;
    let address = |column: &str| {
        let written: String = row.get(column)?;
        WebUrl::parse(&written).map_err(|error| Trouble::Unreadable(format!("kept page {number}: {error}")))
    };
    Ok(KeptPage {
        asked: address("asked")?,
        found: address("found")?,
        content_type: row.get("content_type")?,
        fetched: moment(row.get("fetched")?)?,
        until: moment(row.get("until")?)?,
        bytes: row.get("bytes")?,
    })
}

pub(super) fn prune(
    connection: &mut Connection,
    site: &str,
    fetched: DateTime<Utc>,
    all: bool,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    let most = sql_count(limits::KEPT_PRUNED);
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    writing.prepare_cached(FORGET)?.execute(params![site, micros(fetched), all, most])?;
    writing.prepare_cached(EXPIRE)?.execute(params![micros(now), most])?;
    for (name, bound) in [(site, limits::KEPT_SITE_BYTES), ("", limits::KEPT_BYTES)] {
        let bytes: Option<i64> = writing.prepare_cached(BYTES)?.query_row([name], |row| row.get(0)).optional()?;
        let mut beyond = bytes.unwrap_or(0) - sql_count(bound);
        if beyond <= 0 {
            continue;
        }
        let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let oldest: Vec<(i64, i64)> = if name.is_empty() {
            writing.prepare_cached(OLDEST)?.query_map([most], pair)?.collect::<Result<_, _>>()?
        } else {
            writing.prepare_cached(OLDEST_OF_SITE)?.query_map(params![name, most], pair)?.collect::<Result<_, _>>()?
        };
        for (number, size) in oldest {
            if beyond <= 0 {
                break;
            }
            writing.prepare_cached("DELETE FROM kept_pages WHERE number = ?1")?.execute([number])?;
            beyond -= size;
        }
    }
    writing.commit()?;
    Ok(())
}
