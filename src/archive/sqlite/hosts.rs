//! What is remembered of hosts, in SQL.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, named_params, params};

use super::rows::{micros, read, written};
use super::trouble::Trouble;
use crate::host::HostMemory;
use crate::limits;

const PUT: &str = "INSERT OR REPLACE INTO hosts (name, memory, closed, changed, bytes)
    VALUES (:name, :memory, :closed, :changed, :bytes)";
/// Those to be left alone still are put before all others, the newest first; what is behind the bounds is forgotten.
const FORGET: &str = "DELETE FROM hosts WHERE rowid IN (
    SELECT number FROM (
        SELECT rowid AS number, row_number() OVER best AS place, sum(bytes) OVER best AS bytes FROM hosts
        WINDOW best AS (ORDER BY coalesce(closed, 0) > ?1 DESC, changed DESC, rowid DESC))
    WHERE place > ?2 OR bytes > ?3)";

pub(super) fn host(connection: &Connection, name: &str) -> Result<HostMemory, Trouble> {
    let mut statement = connection.prepare_cached("SELECT memory FROM hosts WHERE name = ?1")?;
    let mut found = statement.query([name])?;
    let Some(row) = found.next()? else { return Ok(HostMemory::default()) };
    memory(name, &row.get::<_, String>(0)?)
}

pub(super) fn hosts(connection: &Connection) -> Result<Vec<(String, HostMemory)>, Trouble> {
    let mut statement = connection.prepare_cached("SELECT name, memory FROM hosts ORDER BY name")?;
    let mut found = statement.query([])?;
    let mut hosts = Vec::new();
    while let Some(row) = found.next()? {
        let name: String = row.get(0)?;
        let memory = memory(&name, &row.get::<_, String>(1)?)?;
        hosts.push((name, memory));
    }
    Ok(hosts)
}

pub(super) fn put_host(
    connection: &mut Connection,
    name: &str,
    memory: &HostMemory,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let json = written(memory)?;
    writing.prepare_cached(PUT)?.execute(named_params! {
        ":name": name,
        ":memory": json,
        ":closed": memory.closed.as_ref().map(|closed| micros(closed.until)),
        ":changed": micros(now),
        ":bytes": i64::try_from(json.len()).unwrap_or(i64::MAX),
    })?;
    let most = i64::try_from(limits::HOSTS).unwrap_or(i64::MAX);
    writing.prepare_cached(FORGET)?.execute(params![micros(now), most, limits::HOSTS_ARCHIVED_BYTES])?;
    writing.commit()?;
    Ok(())
}

fn memory(name: &str, json: &str) -> Result<HostMemory, Trouble> {
    read(json, || format!("what is remembered of the host {name}"))
}
