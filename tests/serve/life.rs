//! How connections and the server end: nobody holds a place for ever, and nobody loses an answer that was begun.

use std::net::TcpStream;
use std::time::Duration;

use feedmill::edition::Format;
use feedmill::serve::Bounds;

use crate::client::{Connection, get, raw, request};
use crate::double::{Running, document};

const SHORT: Duration = Duration::from_millis(100);

#[test]
fn a_client_that_never_finishes_its_head_is_closed() {
    let server = Running::with(Bounds { head: SHORT, ..Bounds::default() }, None);
    for start in ["", "G", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
        let mut connection = Connection::open(server.at);
        connection.send(start);
        assert!(connection.is_closed(), "{start:?}");
    }
}

#[test]
fn an_idle_connection_is_closed() {
    let server = Running::with(Bounds { head: SHORT, ..Bounds::default() }, None);
    let mut connection = Connection::open(server.at);
    connection.send(request("GET", "/healthz", &[]));
    assert_eq!(connection.response(false).status, 200);
    assert!(connection.is_closed());
}

#[test]
fn an_old_connection_is_closed_after_the_answer_in_flight() {
    let server = Running::with(Bounds { age: SHORT, ..Bounds::default() }, None);
    let mut older = Connection::open(server.at);
    older.send(request("GET", "/feeds/gated.xml", &[]));
    assert_eq!(server.asked.recv().unwrap(), "gated");
    assert!(Connection::open(server.at).is_closed(), "an idle one is closed at once");
    server.gate.close();
    assert_eq!(older.response(false).text(), document(Format::Rss));
    assert!(older.is_closed());
}

#[test]
fn places_are_given_back() {
    let bounds = Bounds { connections: 2, head: SHORT, linger: SHORT, ..Bounds::default() };
    let server = Running::with(bounds, None);
    let _silent: Vec<Connection> = (0..10).map(|_| Connection::open(server.at)).collect();
    assert_eq!(get(server.at, "/healthz", &[]).status, 200);
}

#[test]
fn who_was_refused_and_stays_loses_its_place() {
    let bounds = Bounds { connections: 1, linger: SHORT, ..Bounds::default() };
    let server = Running::with(bounds, None);
    let (refused, _stays) = raw(server.at, "nonsense\r\n\r\n");
    assert_eq!(refused.status, 400);
    assert_eq!(get(server.at, "/healthz", &[]).status, 200);
}

#[test]
fn who_never_reads_loses_its_place() {
    let bounds = Bounds { connections: 1, age: SHORT, drain: SHORT, ..Bounds::default() };
    let server = Running::with(bounds, None);
    let mut never_reads = Connection::open(server.at);
    never_reads.send(request("GET", "/feeds/big.xml", &[]));
    assert_eq!(server.asked.recv().unwrap(), "big");
    assert_eq!(get(server.at, "/healthz", &[]).status, 200);
}

#[test]
fn a_stop_lets_requests_in_flight_finish() {
    let mut server = Running::new();
    let mut idle = Connection::open(server.at);
    idle.send(request("GET", "/healthz", &[]));
    assert_eq!(idle.response(false).status, 200);
    let mut in_flight: Vec<Connection> = (0..20).map(|_| Connection::open(server.at)).collect();
    for connection in &mut in_flight {
        connection.send(request("GET", "/feeds/gated.xml", &[]));
    }
    assert_eq!(server.asked.iter().take(20).collect::<Vec<_>>(), ["gated"; 20]);

    server.stop();
    assert!(idle.is_closed(), "an idle connection has nothing to wait for");
    assert!(TcpStream::connect(server.at).is_err(), "nobody new is let in");
    server.gate.close();
    for connection in &mut in_flight {
        let answer = connection.response(false);
        assert_eq!(answer.text(), document(Format::Rss));
        assert_eq!(answer.get("connection"), Some("close"));
        assert!(connection.is_closed());
    }
    drop((idle, in_flight));
    server.wait();
}

#[test]
fn a_stop_waits_no_longer_than_it_may() {
    let mut server = Running::with(Bounds { drain: SHORT, ..Bounds::default() }, None);
    let mut connection = Connection::open(server.at);
    connection.send(request("GET", "/feeds/gated.xml", &[]));
    assert_eq!(server.asked.recv().unwrap(), "gated");
    server.wait();
    assert!(connection.is_closed());
}
