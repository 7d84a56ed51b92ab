//! Giving back what is free in the file. Most of what retention frees is taken again by the next items; a file that has
//! much more of it than that gets smaller, a little at a time.
//!
//! Archives that an earlier version made cannot: they stay as large as they have been, and use the room themselves. A
//! copy (`feedmill backup`) is as small as can be, and can.

use rusqlite::Connection;

use super::trouble::Trouble;
use crate::limits;

/// Before the first table is made.
pub(super) fn allow(connection: &Connection) -> Result<(), Trouble> {
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    Ok(())
}

/// Gives back up to [`limits::VACUUMED_PAGES`], if more than a quarter of the file is free.
pub(super) fn a_little(connection: &Connection) -> Result<(), Trouble> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    if number("freelist_count")? > limits::VACUUMED_PAGES.max(number("page_count")? / 4) {
        some(connection)?;
    }
    Ok(())
}

/// Gives back all of it, a part at a time: others may write in between.
pub(super) fn all(connection: &Connection) -> Result<(), Trouble> {
    let free = || connection.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0));
    let mut left = free()?;
    while left > 0 {
        some(connection)?;
        let now = free()?;
        if now >= left {
            break;
        }
        left = now;
    }
    Ok(())
}

fn some(connection: &Connection) -> Result<(), Trouble> {
    let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({})", limits::VACUUMED_PAGES))?;
    let mut pages = statement.query([])?;
    // Each step is one page.
    while pages.next()?.is_some() {}
    Ok(())
}
