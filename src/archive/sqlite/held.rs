//! Items that are held back, and other small changes to many items at once, in SQL.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

use super::open::set_synchronous;
use super::rows::micros;
use super::trouble::Trouble;

/// The earliest end among what is shown now is when the feed changes; one that lies ahead is none.
const ENDS: &str = "SELECT max(min(held_until, ?2)) FROM items
    WHERE site = ?1 AND held_until IS NOT NULL AND (held_until <= ?2 OR held_until > ?3)";
const SHOW: &str = "UPDATE items SET held_until = NULL
    WHERE site = ?1 AND held_until IS NOT NULL AND (held_until <= ?2 OR held_until > ?3)";
/// HTTP dates have whole seconds: two changes within one must not look like one.
const CHANGED: &str = "UPDATE sites SET changed = max(?2, coalesce(changed + 1000000, ?2)) WHERE name = ?1";

pub(super) fn unhold(
    connection: &mut Connection,
    site: &str,
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
) -> Result<(), Trouble> {
    // What readers have seen must outlive a power cut.
    set_synchronous(connection, true)?;
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let ends: Option<i64> =
        writing.prepare_cached(ENDS)?.query_row(params![site, micros(now), micros(latest)], |row| row.get(0))?;
    if let Some(end) = ends {
        writing.prepare_cached(SHOW)?.execute(params![site, micros(now), micros(latest)])?;
        writing.prepare_cached(CHANGED)?.execute(params![site, end])?;
    }
    writing.commit()?;
    set_synchronous(connection, false)
}

pub(super) fn rename_rule(connection: &Connection, site: &str, from: &str, to: &str) -> Result<(), Trouble> {
    let sql = "UPDATE items SET rule = ?3 WHERE site = ?1 AND rule = ?2";
    connection.prepare_cached(sql)?.execute([site, from, to])?;
    Ok(())
}

/// See <https://www.sqlite.org/pragma.html#pragma_data_version>: what this connection writes does not count.
pub(super) fn written(connection: &Connection) -> Result<i64, Trouble> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}
