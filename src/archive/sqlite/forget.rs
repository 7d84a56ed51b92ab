//! Sites in the archive, counted, listed and deleted.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::open::set_synchronous;
use super::rows::{micros, optional_moment};
use super::statements::HOLDS;
use super::trouble::Trouble;
use super::vacuum;
use crate::archive::Holding;

/// By name. `0` follows `/`.
const INSTANCES: &str = "SELECT name FROM sites WHERE name > ?1 || '/' AND name < ?1 || '0'";
const IDLE: &str = "SELECT name FROM sites WHERE name > ?1 || '/' AND name < ?1 || '0' 
    AND coalesce((SELECT at FROM asked WHERE asked.site = sites.name), tried) < ?2
    AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.site = sites.name AND leases.until > ?3)
    ORDER BY coalesce((SELECT at FROM asked WHERE asked.site = sites.name), tried)";
const HOLDINGS: &str = "SELECT name, tried,
    (SELECT count(*) FROM items WHERE items.site = sites.name AND dropped IS NULL) AS items,
    (SELECT count(*) FROM items WHERE items.site = sites.name AND dropped IS NOT NULL) AS dropped,
    (SELECT min(published) FROM items WHERE items.site = sites.name AND dropped IS NULL) AS oldest
    FROM sites WHERE ?1 IS NULL OR name = ?1 ORDER BY name";

/// How many sites of a family there are, but for those of `named`.
pub(super) fn instances(connection: &Connection, family: &str, named: &[String]) -> Result<usize, Trouble> {
    let named: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    let mut statement = connection.prepare_cached(INSTANCES)?;
    let mut found = statement.query([family])?;
    let mut count = 0;
    while let Some(row) = found.next()? {
        count += usize::from(!named.contains(row.get_ref(0)?.as_str().unwrap_or_default()));
    }
    Ok(count)
}

/// Deletes the one site of a family that was left alone the longest, if that began before `before`; never one of `named`,
/// nor one that is being refreshed at `now`. The name of the one that is gone.
pub(super) fn idle_instance(
    connection: &mut Connection,
    family: &str,
    named: &[String],
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<String>, Trouble> {
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let idle = {
        let mut statement = writing.prepare_cached(IDLE)?;
        let mut names = statement.query_map(params![family, micros(before), micros(now)], |row| row.get(0))?;
        loop {
            match names.next().transpose()? {
                Some(name) if named.contains(&name) => {}
                other => break other,
            }
        }
    };
    if let Some(name) = &idle {
        delete(&writing, name)?;
    }
    writing.commit()?;
    Ok(idle)
}

/// Deletes a site with all that is known of it. Its holder gives the lease back itself.
pub(super) fn forget(connection: &mut Connection, site: &str, holder: &str) -> Result<(), Trouble> {
    set_synchronous(connection, true)?;
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !writing.prepare_cached(HOLDS)?.exists([site, holder])? {
        return Err(Trouble::LeaseLost { site: site.to_owned() });
    }
    delete(&writing, site)?;
    writing.commit()?;
    set_synchronous(connection, false)?;
    vacuum::all(connection)
}

/// What there is of every site, or of one.
pub(super) fn holdings(connection: &Connection, site: Option<&str>) -> Result<Vec<Holding>, Trouble> {
    let mut statement = connection.prepare_cached(HOLDINGS)?;
    let mut found = statement.query([site])?;
    let mut holdings = Vec::new();
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    while let Some(row) = found.next()? {
        holdings.push(Holding {
            site: row.get("name")?,
            items: count(row.get("items")?),
            dropped: count(row.get("dropped")?),
            oldest: optional_moment(row, "oldest")?,
            tried: optional_moment(row, "tried")?,
        });
    }
    Ok(holdings)
}

fn delete(writing: &Transaction<'_>, site: &str) -> Result<(), Trouble> {
    // The keys of its items go with them. In two parts, since there is an index of each.
    for sql in [
        "DELETE FROM kept_pages WHERE site = ?1",
        "DELETE FROM kept_bytes WHERE site = ?1",
        "DELETE FROM items WHERE site = ?1 AND dropped IS NULL",
        "DELETE FROM items WHERE site = ?1 AND dropped IS NOT NULL",
        "DELETE FROM sites WHERE name = ?1",
        "DELETE FROM asked WHERE site = ?1",
    ] {
        writing.prepare_cached(sql)?.execute([site])?;
    }
    Ok(())
}
