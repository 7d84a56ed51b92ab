//! Fault 52: the real server is asked to stop while a thousand requests wait for a site.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Connection, request};
use crate::sockets;
use crate::support::origin::{Gate, Origin};
use crate::support::server::Server;
use crate::support::site::{Site, configure, sites_toml};

/// How long service managers wait before they kill (`TimeoutStopSec=` in `contrib/feedmill.service`).
const PATIENCE: Duration = Duration::from_secs(20);

struct Scene {
    home: tempfile::TempDir,
    origin: Origin,
    gate: Gate,
    server: Server,
    requests: Vec<Connection>,
}

/// A server with `wanted` requests that have begun and wait for the first refresh.
fn in_flight(wanted: usize) -> Scene {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let gate = origin.hold("/");
    let server = Server::start(home.path());
    let open = |_| {
        let mut connection = Connection::open(server.address);
        connection.send(request("GET", "/feeds/mill.xml", &[]));
        connection
    };
    let requests: Vec<Connection> = (0..sockets::room_for(wanted)).map(open).collect();
    origin.wait_for_hits("/", 1);
    sockets::wait_until("every request has begun", || {
        let sockets = sockets::of(server.address);
        sockets.len() >= requests.len() && sockets.iter().all(|socket| socket.unread == 0)
    });
    Scene { home, origin, gate, server, requests }
}

/// Whether a request was cut off, or answered within the time that was left to it: the refresh that it waits for may have
/// failed by then, when it could not renew its lease.
fn is_answered_or_cut(connection: &mut Connection) -> bool {
    connection.is_closed() || connection.response(false).status >= 500
}

fn refuses(server: &Server) -> bool {
    TcpStream::connect(server.address).is_err()
}

#[test]
fn fault_52_requests_in_flight_are_finished_and_new_ones_refused() {
    let Scene { origin, gate, server, mut requests, home: _home } = in_flight(1_000);
    server.signal("TERM");
    sockets::wait_until("nobody new is let in", || refuses(&server));
    gate.release();
    for connection in &mut requests {
        let answer = connection.response(false);
        assert_eq!((answer.status, answer.text().matches("<item>").count()), (200, 3));
        assert_eq!(answer.get("connection"), Some("close"));
    }
    drop(requests);
    assert_eq!(server.ended(), Some(0));
    assert_eq!(origin.hits("/"), 1);
}

#[test]
fn fault_52_what_does_not_end_is_cut_and_the_whole_stop_is_bounded() {
    let Scene { origin: _origin, gate: _gate, server, mut requests, home } = in_flight(1_000);
    // The archive is busy, too, so that the lease of the refresh that goes on cannot be given back.
    let archive = home.path().join("data/feedmill/feedmill.db");
    let other = rusqlite::Connection::open(archive).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let asked = Instant::now();
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
    assert!(asked.elapsed() < PATIENCE, "it took {:?}", asked.elapsed());
    assert!(requests.iter_mut().all(is_answered_or_cut));
    other.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn fault_52_a_second_signal_does_not_wait() {
    let Scene { origin: _origin, gate: _gate, server, mut requests, home } = in_flight(100);
    let asked = Instant::now();
    server.signal("TERM");
    sockets::wait_until("the first is heard", || refuses(&server));
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
    assert!(asked.elapsed() < feedmill::limits::DRAIN / 2, "it took {:?}", asked.elapsed());
    assert!(requests.iter_mut().all(Connection::is_closed));
    // What it held is free again: the next process does not wait for the lease to run out.
    let archive = rusqlite::Connection::open(home.path().join("data/feedmill/feedmill.db")).unwrap();
    let leases: i64 = archive.query_row("SELECT count(*) FROM leases", [], |row| row.get(0)).unwrap();
    assert_eq!(leases, 0);
}
