//! What a site's items come down to after a while: the newest whole, of the others who they are.
//!
//! An item that is dropped leaves a row of a few hundred bytes behind, with its number, id, dates and keys: listed again,
//! it is known. Of such rows, too, there is an end ([`limits::DROPPED_TIMES`]).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, named_params, params};

use super::rows::{self, micros, written};
use super::statements::{HOLDS, LEADS_TO, sql_count};
use super::trouble::Trouble;
use super::vacuum;
use crate::archive::Retention;
use crate::item::{Fields, Found, Item};
use crate::limits;

/// Behind the newest ones.
pub(super) const BEYOND: &str = "SELECT number FROM items WHERE site = :site AND dropped IS NULL
    ORDER BY published DESC, number DESC LIMIT :max OFFSET :keep";
/// An item's own date comes into it since the index has it: what is dated later than it was seen is not dropped early.
pub(super) const AGED: &str = "SELECT number FROM items WHERE site = :site AND dropped IS NULL
    AND published < :before AND first_seen < :before ORDER BY published, number LIMIT :max";
pub(super) const DROPPED_LONGEST: &str = "SELECT number FROM items WHERE site = :site AND dropped IS NOT NULL
    ORDER BY dropped, number LIMIT :max";
const FLOOR: &str = "SELECT published FROM items WHERE site = ?1 AND dropped IS NULL
    ORDER BY published DESC, number DESC LIMIT 1 OFFSET ?2";
const ITEM: &str = "SELECT number, first_seen, published, digest, item FROM items WHERE number = ?1";
const DELETE: &str = "DELETE FROM items WHERE number = ?1";
const PUT_DROPPED: &str = "INSERT INTO items
    (number, site, first_seen, published, digest, rule, article_failures, article_read, entry, item, dropped) VALUES
    (:number, :site, :first_seen, :published, :digest, '', 0, 0, :entry, :item, :now)";
const SEEN_AGAIN: &str = "UPDATE items SET dropped = ?3 WHERE number = ?1 AND site = ?2 AND dropped < ?4";
const DELETE_KEYS: &str = "DELETE FROM keys WHERE number = ?1";

/// How exactly it is known when a dropped item stood on the listing last: so often it is written down.
const SEEN: TimeDelta = TimeDelta::days(1);

/// Drops what is too old or too much, a bounded part of it, and tells how many items that were. Nothing is written if
/// there is nothing to drop.
pub(super) fn retain(
    connection: &mut Connection,
    site: &str,
    holder: &str,
    retention: &Retention,
) -> Result<usize, Trouble> {
    if retention.again.is_empty() && surplus(connection, site, retention, 1, &BTreeSet::new())?.is_empty() {
        return Ok(0);
    }
    // A row that is deleted and put back takes its keys with it if this is on, which cannot be changed on the way.
    connection.pragma_update(None, "foreign_keys", false)?;
    let dropped = shrink(connection, site, holder, retention);
    connection.pragma_update(None, "foreign_keys", true)?;
    let dropped = dropped?;
    if dropped > 0 {
        vacuum::a_little(connection)?;
    }
    Ok(dropped)
}

/// The date of the last of a site's `keep` newest items; `None` if it has fewer.
pub(super) fn floor(connection: &Connection, site: &str, keep: usize) -> Result<Option<DateTime<Utc>>, Trouble> {
    let mut statement = connection.prepare_cached(FLOOR)?;
    let last = statement.query_row(params![site, sql_count(keep.saturating_sub(1))], |row| row.get::<_, i64>(0));
    last.optional()?.map(rows::moment).transpose()
}

/// Drops a part of the surplus, in one transaction.
fn shrink(connection: &mut Connection, site: &str, holder: &str, retention: &Retention) -> Result<usize, Trouble> {
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !writing.prepare_cached(HOLDS)?.exists([site, holder])? {
        return Err(Trouble::LeaseLost { site: site.to_owned() });
    }
    let standing = standing(&writing, site, &retention.listed)?;
    let surplus = surplus(&writing, site, retention, limits::DROPPED_AT_ONCE, &standing)?;
    for number in &surplus {
        drop_item(&writing, site, *number, retention.now)?;
    }
    for number in &retention.again {
        let long_ago = micros(retention.now - SEEN);
        writing.prepare_cached(SEEN_AGAIN)?.execute(params![number, site, micros(retention.now), long_ago])?;
    }
    if !surplus.is_empty() {
        forget_longest_dropped(&writing, site, retention, &standing)?;
    }
    writing.commit()?;
    Ok(surplus.len())
}

/// The items that `keys` lead to.
fn standing(writing: &Transaction<'_>, site: &str, keys: &[String]) -> Result<BTreeSet<i64>, Trouble> {
    let mut leads_to = writing.prepare_cached(LEADS_TO)?;
    let mut numbers = BTreeSet::new();
    for key in keys {
        numbers.extend(leads_to.query_row([site, key], |row| row.get::<_, i64>(0)).optional()?);
    }
    Ok(numbers)
}

/// Up to `max` items that are too many or too old, and do not stand on the listing.
fn surplus(
    connection: &Connection,
    site: &str,
    retention: &Retention,
    max: usize,
    standing: &BTreeSet<i64>,
) -> Result<Vec<i64>, Trouble> {
    let looked_at = sql_count(max + standing.len());
    let mut numbers: Vec<i64> = connection
        .prepare_cached(BEYOND)?
        .query_map(named_params! { ":site": site, ":max": looked_at, ":keep": sql_count(retention.keep) }, |row| {
            row.get(0)
        })?
        .collect::<Result<_, _>>()?;
    if let Some(before) = retention.before {
        let mut aged = connection.prepare_cached(AGED)?;
        let aged = aged
            .query_map(named_params! { ":site": site, ":max": looked_at, ":before": micros(before) }, |row| {
                row.get(0)
            })?;
        numbers.extend(aged.collect::<Result<Vec<i64>, _>>()?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers.retain(|number| !standing.contains(number));
    numbers.truncate(max);
    Ok(numbers)
}

/// Leaves of an item what it takes to know it again, and to tell whether its text has changed.
fn drop_item(writing: &Transaction<'_>, site: &str, number: i64, now: DateTime<Utc>) -> Result<(), Trouble> {
    let mut statement = writing.prepare_cached(ITEM)?;
    let mut found = statement.query([number])?;
    let Some(row) = found.next()? else { return Ok(()) };
    let item = rows::item(row)?;
    let item = Item { fields: Fields { published: item.fields.published, ..Fields::default() }, ..item };
    let (first_seen, published): (i64, i64) = (row.get("first_seen")?, row.get("published")?);
    let digest: String = row.get("digest")?;
    drop(found);
    // In its place it would leave the page that it lies in nearly empty; put back, it lies close to others of its kind.
    writing.prepare_cached("DELETE FROM kept_pages WHERE item = ?1")?.execute([number])?;
    writing.prepare_cached(DELETE)?.execute([number])?;
    writing.prepare_cached(PUT_DROPPED)?.execute(named_params! {
        ":number": number,
        ":site": site,
        ":first_seen": first_seen,
        ":published": published,
        ":digest": digest,
        ":entry": written(&Found::default())?,
        ":item": written(&item)?,
        ":now": micros(now),
    })?;
    Ok(())
}

/// Makes room among the dropped ones: those go that have not stood on the listing for the longest.
fn forget_longest_dropped(
    writing: &Transaction<'_>,
    site: &str,
    retention: &Retention,
    standing: &BTreeSet<i64>,
) -> Result<(), Trouble> {
    let mut count = writing.prepare_cached("SELECT count(*) FROM items WHERE site = ?1 AND dropped IS NOT NULL")?;
    let count: i64 = count.query_row([site], |row| row.get(0))?;
    let most = retention.keep.saturating_mul(limits::DROPPED_TIMES).max(limits::DROPPED_LEAST);
    let too_many = usize::try_from(count - sql_count(most)).unwrap_or(0).min(2 * limits::DROPPED_AT_ONCE);
    if too_many == 0 {
        return Ok(());
    }
    let oldest: Vec<i64> = writing
        .prepare_cached(DROPPED_LONGEST)?
        .query_map(named_params! { ":site": site, ":max": sql_count(too_many + standing.len()) }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for number in oldest.into_iter().filter(|number| !standing.contains(number)).take(too_many) {
        writing.prepare_cached(DELETE_KEYS)?.execute([number])?;
        writing.prepare_cached(DELETE)?.execute([number])?;
    }
    Ok(())
}
