//! What the archive does, in SQL. Each function is one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, named_params, params};

use super::kept;
use super::open::set_synchronous;
use super::rows::{self, micros, millis, written};
use super::trouble::Trouble;
use crate::archive::{Known, Record, SiteState};
use crate::item::Item;
use crate::limits;
use crate::rule::Filter;

const LEASE: &str = "INSERT INTO leases (site, holder, until) VALUES (:site, :holder, :until)
    ON CONFLICT (site) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE leases.holder = excluded.holder OR leases.until <= :now OR leases.until > :until + 60000000";
const RELEASE: &str = "DELETE FROM leases WHERE site = ?1 AND holder = ?2";
pub(super) const HOLDS: &str = "SELECT 1 FROM leases WHERE site = ?1 AND holder = ?2";
const STATE: &str = "SELECT *, (SELECT min(held_until) FROM items WHERE site = name AND held_until IS NOT NULL) AS held
    FROM sites WHERE name = ?1";
// What is large is left out.
const KNOWN: &str =
    "SELECT name, rule, title, head, tried, succeeded, changed, due, failures, outcome, drift, episode, interval,
    NULL AS held, NULL AS report, '{}' AS pages, '{}' AS profile,
    json_replace(json_remove(made, '$.found'), '$.repair.before', json('{}')) AS made,
    (SELECT count(*) FROM (SELECT 1 FROM items WHERE items.site = sites.name AND dropped IS NULL LIMIT ?1)) AS items,
    (SELECT count(*) FROM items WHERE items.site = sites.name AND held_until IS NOT NULL AND dropped IS NULL) AS held_back,
    asked.at AS asked
    FROM sites LEFT JOIN asked ON asked.site = sites.name ORDER BY name";
pub(super) const LEADS_TO: &str = "SELECT number FROM keys WHERE site = ?1 AND key = ?2";
const RECORD: &str = "SELECT * FROM items WHERE number = ?1";
const KEYS: &str = "SELECT key FROM keys WHERE number = ?1 ORDER BY key";
pub(super) const DUE: &str = "SELECT number FROM items WHERE site = ?1 AND article_due <= ?2 AND dropped IS NULL
    ORDER BY article_due, number LIMIT ?3";
pub(super) const NEWEST: &str =
    "SELECT number, item FROM items WHERE site = ?1 AND dropped IS NULL AND held_until IS NULL
    ORDER BY published DESC, number DESC LIMIT ?2";
/// While a refresh was on its way another process may have shown what was held back: `changed` never goes back behind that,
/// nor stands still if the refresh moved it, too (HTTP dates have whole seconds).
const PUT_STATE: &str = "WITH before AS (SELECT max(changed) AS changed FROM sites WHERE name = :name)
    INSERT OR REPLACE INTO sites
    (name, rule, title, head, tried, succeeded, changed, due, failures, outcome, report, pages, drift,
     profile, episode, interval, made) SELECT
     :name, :rule, :title, :head, :tried, :succeeded,
     CASE WHEN :changed = changed THEN changed ELSE coalesce(max(:changed, changed + 1000000), :changed, changed) END,
     :due, :failures, :outcome, :report, :pages, :drift,
     :profile, :episode, :interval, :made FROM before";
const ADD: &str = "INSERT INTO items
    (site, first_seen, published, digest, rule, article_etag, article_last_modified, article_due, article_failures,
     article_read, entry, item, held_until) VALUES
    (:site, :first_seen, :published, :digest, :rule, :article_etag, :article_last_modified, :article_due,
     :article_failures, :article_read, :entry, :item, :held_until)";
/// The moment of first sight is not among what changes, and what is shown is never held back again.
const CHANGE: &str = "UPDATE items SET
    published = :published, digest = :digest, rule = :rule, article_etag = :article_etag,
    article_last_modified = :article_last_modified, article_due = :article_due,
    article_failures = :article_failures, article_read = :article_read, entry = :entry, item = :item,
    dropped = CASE WHEN :is_dropped THEN dropped END,
    held_until = CASE WHEN :held_until IS NULL THEN NULL ELSE held_until END
    WHERE number = :number AND site = :site";
const COUNT: &str = "SELECT (SELECT count(*) FROM items WHERE site = ?1 AND dropped IS NULL) -
    (SELECT count(*) FROM items WHERE site = ?1 AND held_until IS NOT NULL AND dropped IS NULL)";
const ADD_KEY: &str = "INSERT INTO keys (site, key, number) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

pub(super) fn lease(
    connection: &Connection,
    site: &str,
    holder: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, Trouble> {
    let taken = connection.prepare_cached(LEASE)?.execute(named_params! {
        ":site": site, ":holder": holder, ":now": micros(now), ":until": micros(until),
    })?;
    Ok(taken > 0)
}

pub(super) fn release(connection: &Connection, site: &str, holder: &str) -> Result<(), Trouble> {
    connection.prepare_cached(RELEASE)?.execute([site, holder])?;
    Ok(())
}

pub(super) fn state(connection: &Connection, site: &str) -> Result<SiteState, Trouble> {
    let mut statement = connection.prepare_cached(STATE)?;
    let mut found = statement.query([site])?;
    found.next()?.map_or_else(|| Ok(SiteState::default()), |row| rows::state(site, row))
}

pub(super) fn find(connection: &mut Connection, site: &str, keys: &[String]) -> Result<Vec<Record>, Trouble> {
    let reading = connection.transaction()?;
    let mut numbers = BTreeSet::new();
    {
        let mut leads_to = reading.prepare_cached(LEADS_TO)?;
        for key in keys {
            numbers.extend(leads_to.query_row([site, key], |row| row.get::<_, i64>(0)).optional()?);
        }
    }
    records(&reading, numbers)
}

pub(super) fn due(
    connection: &mut Connection,
    site: &str,
    now: DateTime<Utc>,
    max: usize,
) -> Result<Vec<Record>, Trouble> {
    let reading = connection.transaction()?;
    let numbers: Vec<i64> = reading
        .prepare_cached(DUE)?
        .query_map(params![site, micros(now), sql_count(max)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    records(&reading, numbers)
}

pub(super) fn newest(connection: &Connection, site: &str, max: usize, filter: &Filter) -> Result<Vec<Item>, Trouble> {
    let mut statement = connection.prepare_cached(NEWEST)?;
    let looked_at = if filter.is_empty() { max } else { limits::FILTERED_ITEMS };
    let mut found = statement.query(params![site, sql_count(looked_at)])?;
    let mut items = Vec::new();
    let mut bytes = 0;
    while items.len() < max
        && let Some(row) = found.next()?
    {
        let mut item = rows::item(row)?;
        if !filter.passes(&item.fields) {
            continue;
        }
        bytes += item.fields.content.as_ref().map_or(0, |content| content.as_str().len());
        if bytes > 2 * limits::EDITION_BYTES {
            item.fields.content = None;
        }
        items.push(item);
    }
    Ok(items)
}

pub(super) fn count(connection: &Connection, site: &str) -> Result<usize, Trouble> {
    let mut statement = connection.prepare_cached(COUNT)?;
    let count: i64 = statement.query_row(params![site], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

pub(super) fn known(connection: &Connection) -> Result<Vec<Known>, Trouble> {
    let mut statement = connection.prepare_cached(KNOWN)?;
    // Those that are held back are among those that are counted, whose index does not tell them apart.
    let mut found = statement.query(params![sql_count(2 * limits::SHOW)])?;
    let mut known = Vec::new();
    while let Some(row) = found.next()? {
        let name: String = row.get("name")?;
        let shown = row.get::<_, i64>("items")? - row.get::<_, i64>("held_back")?;
        let items = usize::try_from(shown).unwrap_or(0).min(limits::SHOW);
        let asked = rows::optional_moment(row, "asked")?;
        known.push(Known { state: rows::state(&name, row)?, name, items, asked });
    }
    Ok(known)
}

pub(super) fn commit(
    connection: &mut Connection,
    site: &str,
    holder: &str,
    state: &SiteState,
    records: &[Record],
) -> Result<(), Trouble> {
    // What readers may come to see must outlive a power cut: an item that was seen has its id and date for ever. When
    // a site was asked, and who may ask it, need not.
    set_synchronous(connection, !records.is_empty())?;
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !writing.prepare_cached(HOLDS)?.exists([site, holder])? {
        return Err(Trouble::LeaseLost { site: site.to_owned() });
    }
    put_state(&writing, site, state)?;
    kept::put_listing(&writing, site, &state.listing, !records.is_empty())?;
    for record in records {
        put_record(&writing, site, record)?;
    }
    writing.commit()?;
    set_synchronous(connection, false)
}

fn put_state(writing: &Transaction<'_>, site: &str, state: &SiteState) -> Result<(), Trouble> {
    writing.prepare_cached(PUT_STATE)?.execute(named_params! {
        ":name": site,
        ":rule": state.rule,
        ":title": state.title,
        ":head": state.head,
        ":tried": state.tried.map(micros),
        ":succeeded": state.succeeded.map(micros),
        ":changed": state.changed.map(micros),
        ":due": state.due.map(micros),
        ":failures": state.failures,
        ":outcome": state.outcome.as_ref().map(written).transpose()?,
        ":report": state.report.as_ref().map(written).transpose()?,
        ":pages": written(&state.pages)?,
        ":episode": state.episode.as_ref().map(written).transpose()?,
        ":drift": state.drift.as_ref().map(written).transpose()?,
        ":profile": written(&state.profile)?,
        ":interval": state.interval.map(millis),
        ":made": written(&state.made)?,
    })?;
    Ok(())
}

fn put_record(writing: &Transaction<'_>, site: &str, record: &Record) -> Result<(), Trouble> {
    let published = record.item.published.timestamp_micros();
    let (entry, item) = (written(&record.entry)?, written(&record.item)?);
    let article = &record.article;
    let shared = named_params! {
        ":site": site,
        ":published": published,
        ":digest": record.digest,
        ":rule": record.rule,
        ":article_etag": article.validators.etag,
        ":article_last_modified": article.validators.last_modified,
        ":article_due": article.due.map(micros),
        ":article_failures": article.failures,
        ":article_read": article.read,
        ":entry": entry,
        ":item": item,
        ":held_until": record.held.map(micros),
    };
    let first_seen = micros(record.first_seen);
    if record.number.is_none()
        && let Some(key) = record.keys.first()
        && writing.prepare_cached(LEADS_TO)?.exists([site, key])?
    {
        return Ok(());
    }
    let number = if let Some(number) = record.number {
        let parameters = [shared, named_params! { ":number": number, ":is_dropped": record.is_dropped }].concat();
        if writing.prepare_cached(CHANGE)?.execute(parameters.as_slice())? == 0 {
            return Err(Trouble::Gone { number, site: site.to_owned() });
        }
        number
    } else {
        let parameters = [shared, named_params! { ":first_seen": first_seen }].concat();
        writing.prepare_cached(ADD)?.insert(parameters.as_slice())?
    };
    let mut add_key = writing.prepare_cached(ADD_KEY)?;
    for key in &record.keys {
        add_key.execute(params![site, key, number])?;
    }
    if !record.pages.is_empty() {
        kept::put(writing, site, number, &record.pages)?;
    }
    Ok(())
}

/// The records of `numbers`, in their order.
pub(super) fn records(
    reading: &Transaction<'_>,
    numbers: impl IntoIterator<Item = i64>,
) -> Result<Vec<Record>, Trouble> {
    let mut keys_of = reading.prepare_cached(KEYS)?;
    let mut record_of = reading.prepare_cached(RECORD)?;
    let mut records = Vec::new();
    for number in numbers {
        let keys = keys_of.query_map([number], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut found = record_of.query([number])?;
        let row = found.next()?.ok_or_else(|| Trouble::Unreadable(format!("the keys of item {number}")))?;
        records.push(rows::record(row, keys)?);
    }
    Ok(records)
}

/// A number of rows as SQL counts them.
pub(super) fn sql_count(max: usize) -> i64 {
    i64::try_from(max).unwrap_or(i64::MAX)
}
