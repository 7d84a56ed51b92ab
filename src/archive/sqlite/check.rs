//! Looking a file over before it is trusted: an archive that has lost pages must not look like one that has lost items.

use rusqlite::Connection;

use super::trouble::Trouble;
use crate::limits;

/// What an archive of more than [`limits::CHECKED_BYTES`] is judged by: sites, and which keys lead to which items. They are
/// a few hundredths of it.
const PARTS: [&str; 3] = ["sites", "keys", "leases"];

/// Looks over an archive that is about to be used: the whole of it if it is not too large for that.
pub(super) fn before_use(connection: &Connection) -> Result<(), Trouble> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let bytes = number("page_count")?.saturating_mul(number("page_size")?);
    if u64::try_from(bytes).is_ok_and(|bytes| bytes <= limits::CHECKED_BYTES) {
        return whole(connection);
    }
    PARTS.iter().try_for_each(|part| judged(connection, &format!("PRAGMA quick_check('{part}')")))
}

/// Looks over all of an archive.
pub(super) fn whole(connection: &Connection) -> Result<(), Trouble> {
    judged(connection, "PRAGMA quick_check(1)")
}

fn judged(connection: &Connection, sql: &str) -> Result<(), Trouble> {
    let verdict: String = connection.query_row(sql, [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Trouble::Damaged) }
}
