//! What the schedule asks of the archive: when sites are due, when readers asked, how often there is news.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

use super::open::set_synchronous;
use super::rows::{self, micros, moment};
use super::statements::sql_count;
use super::trouble::Trouble;
use crate::archive::{Due, Post};

/// Also sites that readers asked for and that were never refreshed.
const DUES: &str = "SELECT coalesce(sites.name, asked.site) AS site, due, tried, interval,
    coalesce(failures, 0) AS failures, succeeded IS NOT NULL AS has_edition, asked.at AS asked
    FROM sites FULL JOIN asked ON asked.site = sites.name";
const NOTE_ASKED: &str = "INSERT INTO asked (site, at) VALUES (?1, ?2)
    ON CONFLICT (site) DO UPDATE SET at = max(at, excluded.at)";
pub(super) const RHYTHM: &str = "SELECT published, first_seen FROM items WHERE site = ?1
    ORDER BY published DESC, number DESC LIMIT ?2";

pub(super) fn dues(connection: &Connection) -> Result<Vec<Due>, Trouble> {
    let mut statement = connection.prepare_cached(DUES)?;
    let mut found = statement.query([])?;
    let mut dues = Vec::new();
    while let Some(row) = found.next()? {
        dues.push(Due {
            site: row.get("site")?,
            due: rows::optional_moment(row, "due")?,
            tried: rows::optional_moment(row, "tried")?,
            interval: rows::optional_duration(row, "interval")?,
            failures: row.get("failures")?,
            has_edition: row.get("has_edition")?,
            asked: rows::optional_moment(row, "asked")?,
        });
    }
    Ok(dues)
}

pub(super) fn note_asked(connection: &mut Connection, asked: &[(String, DateTime<Utc>)]) -> Result<(), Trouble> {
    // Whether somebody asked an hour ago need not outlive a power cut.
    set_synchronous(connection, false)?;
    let writing = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut note = writing.prepare_cached(NOTE_ASKED)?;
        for (site, at) in asked {
            note.execute(params![site, micros(*at)])?;
        }
    }
    writing.commit()?;
    Ok(())
}

pub(super) fn rhythm(connection: &Connection, site: &str, max: usize) -> Result<Vec<Post>, Trouble> {
    let mut statement = connection.prepare_cached(RHYTHM)?;
    let mut found = statement.query(params![site, sql_count(max)])?;
    let mut posts = Vec::new();
    while let Some(row) = found.next()? {
        posts.push(Post { published: moment(row.get(0)?)?, first_seen: moment(row.get(1)?)? });
    }
    Ok(posts)
}
