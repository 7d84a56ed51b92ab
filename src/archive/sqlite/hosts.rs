//! What is remembered of hosts, in SQL.

use chrono::{DateTime, TimeDelta, Utc};
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
    let memory = &in_peace(memory, host(&writing, name).unwrap_or_default(), now);
    let json = written(memory)?;
    writing.prepare_cached(PUT)?.execute(named_params! {
        ":name": name,
        ":memory": json,
        ":closed": memory.closed.as_ref().map(|closed| micros(closed.until)),
        ":changed": micros(now),
        ":bytes": i64::try_from(json.len()).unwrap_or(i64::MAX),
    })?;
    forget(&writing, now, limits::HOSTS, limits::HOSTS_ARCHIVED_BYTES)?;
    writing.commit()?;
    Ok(())
}

/// What is to be remembered in the place of `before`. A time that a host asked for, of this process or another one, is not
/// cut short by somebody who did not hear of it.
fn in_peace(memory: &HostMemory, before: HostMemory, now: DateTime<Utc>) -> HostMemory {
    // One further away was set by a clock that was wrong.
    let furthest = now + TimeDelta::from_std(limits::RETRY_AFTER_MOST).unwrap_or(TimeDelta::MAX);
    let asked_for =
        before.closed.filter(|closed| closed.is_asked_for && now < closed.until && closed.until <= furthest);
    let mut memory = memory.clone();
    memory.closed = match (memory.closed, asked_for) {
        (Some(new), Some(old)) if new.until >= old.until => Some(new),
        (new, old) => old.or(new),
    };
    memory
}

fn forget(writing: &Connection, now: DateTime<Utc>, most: usize, bytes: i64) -> Result<(), Trouble> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    writing.prepare_cached(FORGET)?.execute(params![micros(now), most, bytes])?;
    Ok(())
}

fn memory(name: &str, json: &str) -> Result<HostMemory, Trouble> {
    read(json, || format!("what is remembered of the host {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Closed, Robots, RobotsCopy, RobotsRule};

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn closed(until: DateTime<Utc>) -> HostMemory {
        let closed = Some(Closed { until, why: "it asked for time".into(), is_asked_for: true });
        HostMemory { closed, closings: 2, ..HostMemory::default() }
    }

    fn names(connection: &Connection) -> Vec<String> {
        hosts(connection).unwrap().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_host_is_remembered_whole() {
        let mut connection = super::super::open::in_memory().unwrap();
        assert_eq!(host(&connection, "a.example").unwrap(), HostMemory::default());
        let rule = RobotsRule { line: 2, allows: false, path: "/%E3*$".into() };
        let robots = Robots { rules: vec![rule], delay: Some(std::time::Duration::from_millis(1500)) };
        let copy = RobotsCopy {
            until: noon(),
            read: Some((noon(), robots)),
            missing: Some((noon(), "the site answered 500".into())),
        };
        let memory = HostMemory { robots: [("https".to_owned(), copy)].into(), ..closed(noon()) };
        put_host(&mut connection, "a.example", &closed(noon()), noon()).unwrap();
        put_host(&mut connection, "a.example", &memory, noon()).unwrap();
        assert_eq!(host(&connection, "a.example").unwrap(), memory);
        connection.execute("UPDATE hosts SET memory = '{'", []).unwrap();
        assert!(host(&connection, "a.example").is_err(), "what is no memory of ours is not taken for none");
    }

    #[test]
    fn fault_22_another_process_does_not_cut_short_what_a_host_asked_for() {
        let mut connection = super::super::open::in_memory().unwrap();
        let asked = closed(noon() + TimeDelta::hours(2));
        let mut until_when = |memory: &HostMemory, now| {
            put_host(&mut connection, "a.example", memory, now).unwrap();
            host(&connection, "a.example").unwrap().closed.map(|closed| (closed.until - noon()).num_hours())
        };
        assert_eq!(until_when(&asked, noon()), Some(2));
        let mut failed = closed(noon() + TimeDelta::hours(1));
        failed.closed.as_mut().unwrap().is_asked_for = false;
        let none = HostMemory::default();
        for other in [&none, &failed, &closed(noon() + TimeDelta::hours(1))] {
            assert_eq!(until_when(other, noon()), Some(2), "{other:?}");
        }
        assert_eq!(until_when(&closed(noon() + TimeDelta::hours(3)), noon()), Some(3), "longer it may get");
        assert_eq!(until_when(&none, noon() + TimeDelta::hours(3)), None, "when it is over, it is over");
        until_when(&failed, noon());
        assert_eq!(until_when(&none, noon()), None, "what nobody asked for binds nobody");
        until_when(&closed(noon() + TimeDelta::days(400)), noon());
        assert_eq!(until_when(&none, noon()), None, "a clock that was wrong");
    }

    #[test]
    fn hosts_not_heard_of_are_forgotten_and_those_to_be_left_alone_last() {
        let mut connection = super::super::open::in_memory().unwrap();
        put_host(&mut connection, "closed", &closed(noon() + TimeDelta::hours(9)), noon()).unwrap();
        put_host(&mut connection, "over", &closed(noon() + TimeDelta::hours(1)), noon()).unwrap();
        for n in 1..=4 {
            let later = noon() + TimeDelta::hours(n);
            put_host(&mut connection, &format!("h{n}"), &HostMemory::default(), later).unwrap();
        }
        let now = noon() + TimeDelta::hours(4);
        forget(&connection, now, 3, i64::MAX).unwrap();
        assert_eq!(names(&connection), ["closed", "h3", "h4"]);
        let bytes: i64 =
            connection.query_row("SELECT bytes FROM hosts WHERE name = 'closed'", [], |row| row.get(0)).unwrap();
        forget(&connection, now, 3, bytes).unwrap();
        assert_eq!(names(&connection), ["closed"]);
    }
}
