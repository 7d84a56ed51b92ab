//! The tables, and how an archive that an earlier version wrote becomes one of this version.

use rusqlite::{Connection, TransactionBehavior};

use super::trouble::Trouble;

/// What leads from each version to the next; version 0 is an empty file. Only ever append.
const MIGRATIONS: [&str; 4] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

/// The version of the schema that this program reads and writes.
pub(super) const VERSION: i64 = {
    #[expect(clippy::cast_possible_wrap, reason = "a handful")]
    let count = MIGRATIONS.len() as i64;
    count
};

/// Marks a database as ours (`PRAGMA application_id`): "Feed".
pub(super) const APPLICATION_ID: i64 = 0x4665_6564;

/// The version of the archive behind `connection`, 0 for an empty one. Another program's database and a newer
/// version are refused.
pub(super) fn version(connection: &Connection) -> Result<i64, Trouble> {
    // One view of the file for all questions: another process may be making the archive right now.
    version_within(&*connection.unchecked_transaction()?)
}

fn version_within(transaction: &Connection) -> Result<i64, Trouble> {
    let number = |pragma: &str| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application != APPLICATION_ID {
        let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if (application, version, tables) != (0, 0, 0) {
            return Err(Trouble::Stranger);
        }
    }
    if version > VERSION { Err(Trouble::Newer { found: version }) } else { Ok(version) }
}

/// Brings the archive to [`VERSION`] in one transaction: all of it or nothing.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Trouble> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again under the lock: another process may have been faster.
    let version = usize::try_from(version_within(&transaction)?).unwrap_or_default();
    for migration in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_migration_leaves_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA application_id = 1181050212; CREATE TABLE leases (x)").unwrap();
        assert!(migrate(&mut connection).is_err());
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!((tables, version(&connection).unwrap()), (1, 0));
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), VERSION);
    }

    /// What version 1 wrote, in every table.
    fn of_version_1() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection
            .execute_batch(
                "PRAGMA application_id = 1181050212; PRAGMA user_version = 1;
                INSERT INTO sites VALUES ('mill', '\"e\"', 'yesterday', 'fingerprint', 'rule', 'Mill', 'head', 1, 2, 3, 4, 5,
                    '{\"outcome\":\"unchanged\"}', '{\"fields\":{}}');
                INSERT INTO items VALUES (7, 'mill', 1, 2, 'digest', 'rule', '\"a\"', NULL, 3, 0, 1, '{}', '{}');
                INSERT INTO keys VALUES ('mill', 'link:mill.example/a', 7);
                INSERT INTO leases VALUES ('mill', 'me', 9);",
            )
            .unwrap();
        connection
    }

    #[test]
    fn an_archive_of_version_1_keeps_what_it_has() {
        let mut connection = of_version_1();
        let everything = |connection: &Connection, table: &str, columns: &str| -> Vec<Vec<rusqlite::types::Value>> {
            let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
            let width = statement.column_count();
            let rows = statement.query_map([], |row| (0..width).map(|n| row.get(n)).collect()).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let tables = [
            ("sites", "name, rule, title, head, tried, succeeded, changed, due, failures, outcome, report"),
            (
                "items",
                "number, site, first_seen, published, digest, rule, article_etag, article_last_modified, article_due,
                article_failures, article_read, entry, item",
            ),
            ("keys", "*"),
            ("leases", "*"),
        ];
        let before = tables.map(|(table, columns)| everything(&connection, table, columns));
        migrate(&mut connection).unwrap();
        assert_eq!(tables.map(|(table, columns)| everything(&connection, table, columns)), before);
        assert!(before.iter().all(|rows| rows.len() == 1));
        let state = super::super::statements::state(&connection, "mill").unwrap();
        assert_eq!((state.failures, state.rule.as_deref(), state.pages.len()), (5, Some("rule"), 0));
    }

    #[test]
    fn another_programs_database_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE bookmarks (url)").unwrap();
        assert!(matches!(version(&connection), Err(Trouble::Stranger)));
    }

    #[test]
    fn lists_are_read_by_their_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let plan = |sql: &str| -> String {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
            let parameters = rusqlite::params_from_iter(nulls);
            let lines = statement.query_map(parameters, |row| row.get::<_, String>("detail")).unwrap();
            lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
        };
        let newest = plan(super::super::statements::NEWEST);
        assert!(newest.contains("items_by_date") && !newest.contains("TEMP B-TREE"), "{newest}");
        let rhythm = plan(super::super::demand::RHYTHM);
        assert!(rhythm.contains("items_by_date") && !rhythm.contains("TEMP B-TREE"), "{rhythm}");
        let due = plan(super::super::statements::DUE);
        assert!(due.contains("items_by_due") && !due.contains("TEMP B-TREE"), "{due}");
        for surplus in [super::super::retention::BEYOND, super::super::retention::AGED] {
            let surplus = plan(surplus);
            assert!(surplus.contains("items_by_date") && !surplus.contains("TEMP B-TREE"), "{surplus}");
        }
        let oldest = plan(super::super::retention::DROPPED_LONGEST);
        assert!(oldest.contains("items_by_drop") && !oldest.contains("TEMP B-TREE"), "{oldest}");
    }
}
