//! Fault 50: crowds of clients that never finish, never ask and never read. Good clients are answered beside them, and
//! each of them is closed by its limit.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use feedmill::edition::Format;
use feedmill::serve::Bounds;
use socket2::{Domain, Socket, Type};

use crate::client::{Connection, ask, get, request};
use crate::double::{Running, document};
use crate::sockets;
use crate::support::origin::Origin;
use crate::support::server::Server;
use crate::support::site::{Site, configure, sites_toml};

const CROWD: usize = 500;
const SHORT: Duration = Duration::from_millis(100);

/// Good clients, one after the other, while a crowd is there; whether all of the crowd was there to their end. It is not on
/// a machine that is so slow that the crowd's limit comes first.
fn are_answered_beside(server: SocketAddr, crowd: usize) -> bool {
    for _ in 0..20 {
        assert_eq!(get(server, "/feeds/ferris.xml", &[]).text(), document(Format::Rss));
    }
    sockets::open(server) >= crowd
}

/// Lets a crowd come, with limits that are long enough for good clients to be answered meanwhile.
fn withstands<C>(bounds: impl Fn(Duration) -> Bounds, come: impl Fn(SocketAddr) -> C) {
    let crowd = sockets::room_for(CROWD);
    let is_answered = [1, 5, 25].into_iter().any(|seconds| {
        let server = Running::with(bounds(Duration::from_secs(seconds)), None);
        let clients: Vec<C> = (0..crowd).map(|_| come(server.at)).collect();
        let is_answered = are_answered_beside(server.at, crowd);
        sockets::wait_until("all are closed by their limit", || sockets::of(server.at).is_empty());
        assert_eq!(get(server.at, "/feeds/ferris.xml", &[]).status, 200);
        drop(clients);
        is_answered
    });
    assert!(is_answered, "good clients were answered only after the crowd was gone");
}

#[test]
fn fault_50_clients_that_never_finish_their_heads() {
    let bounds = |head| Bounds { head, linger: SHORT, ..Bounds::default() };
    withstands(bounds, |server| {
        let mut connection = Connection::open(server);
        connection.send("GET /feeds/ferris.xml HTTP/1.1\r\nX-Slow: ");
        connection.send("a");
        connection
    });
}

#[test]
fn fault_50_clients_that_ask_nothing_more() {
    let bounds = |head| Bounds { head, linger: SHORT, ..Bounds::default() };
    withstands(bounds, |server| {
        let mut connection = Connection::open(server);
        connection.send(request("GET", "/healthz", &[]));
        assert_eq!(connection.response(false).status, 200);
        connection
    });
}

#[test]
fn fault_50_clients_that_never_read_the_answer() {
    let bounds = |age| Bounds { age, drain: SHORT, linger: SHORT, ..Bounds::default() };
    // Made beforehand: it is large.
    assert_eq!(ask(Running::new().at, "HEAD", "/feeds/big.xml", &[]).status, 200);
    withstands(bounds, |server| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        // So that 64 MB do not fit into the kernel's buffers.
        socket.set_recv_buffer_size(4096).unwrap();
        socket.connect(&server.into()).unwrap();
        socket.send(request("GET", "/feeds/big.xml", &[]).as_bytes()).unwrap();
        socket
    });
}

#[test]
fn fault_50_the_real_server_has_its_descriptors_back() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let server = Server::start(home.path());
    assert_eq!(server.get("/feeds/mill.xml").status, 200);
    sockets::wait_until("the connection is closed", || sockets::of(server.address).is_empty());
    let before = server.open_files();
    let crowd = sockets::room_for(CROWD);
    let silent: Vec<Connection> = (0..2 * crowd)
        .map(|number| {
            let mut connection = Connection::open(server.address);
            if number % 2 == 0 {
                connection.send("GET /feeds/mill.xml HTTP/1.1\r\nX-Slow: ");
            }
            connection
        })
        .collect();
    sockets::wait_until("they are let in", || server.open_files() >= before + 2 * crowd);
    let asked = Instant::now();
    assert_eq!(server.get("/feeds/mill.xml").status, 200);
    eprintln!("answered in {:?} beside {} connections", asked.elapsed(), silent.len());
    assert!(server.open_files() >= before + 2 * crowd, "while all of them are there");
    server.wait_until("all are closed by their limit", |server| server.open_files() <= before);
    drop(silent);
    assert_eq!(server.stop(), Some(0));
}
