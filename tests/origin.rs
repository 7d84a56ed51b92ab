//! The scripted origin keeps its own promises: the other tests rest on them.

#![cfg(test)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use support::origin::Origin;
use support::script::Script;

/// Sends `request` and returns everything that comes back until the origin closes.
fn exchange(origin: &Origin, request: &str) -> String {
    let mut socket = TcpStream::connect(origin.address()).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_connection_carries_several_requests() {
    let origin = Origin::start();
    origin.on("/a", Script::html("first"));
    origin.on("/end", Script::new().head("200 OK", &[]).bytes("second").close());
    let answers = exchange(&origin, "GET /a?x=1 HTTP/1.1\r\nHost: o\r\n\r\nGET /end HTTP/1.1\r\nHost: o\r\n\r\n");
    assert!(answers.contains("\r\n\r\nfirstHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsecond"), "{answers}");
    assert_eq!((origin.connections(), origin.hits("/a"), origin.hits("/a?x=1"), origin.hits("/b")), (1, 1, 1, 0));
    assert_eq!(origin.requests()[0].header("host"), Some("o"));
}

#[test]
fn validators_make_a_304_only_if_they_are_equal() {
    let origin = Origin::start();
    origin.on("/", Script::html("page").etag("\"a\"").last_modified("yesterday"));
    let ask = |header: &str| {
        let request = format!("GET / HTTP/1.1\r\n{header}\r\n\r\nGET /404 HTTP/1.1\r\n\r\n");
        let mut socket = TcpStream::connect(origin.address()).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut line = [0; 12];
        socket.read_exact(&mut line).unwrap();
        String::from_utf8_lossy(&line).into_owned()
    };
    assert_eq!(ask("If-None-Match: \"a\""), "HTTP/1.1 304");
    assert_eq!(ask("If-None-Match: \"b\"\r\nIf-Modified-Since: yesterday"), "HTTP/1.1 200");
    assert_eq!(ask("If-Modified-Since: yesterday"), "HTTP/1.1 304");
    assert_eq!(ask("Accept: */*"), "HTTP/1.1 200");
}

#[test]
fn a_reset_is_a_reset_and_a_close_is_a_close() {
    let origin = Origin::start();
    origin.on("/reset", Script::new().bytes("half").reset());
    origin.on("/close", Script::new().bytes("half").close());
    let end = |path: &str| {
        let mut socket = TcpStream::connect(origin.address()).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\n\r\n").unwrap();
        socket.read_to_end(&mut Vec::new()).map_err(|error| error.kind())
    };
    assert_eq!(end("/reset"), Err(std::io::ErrorKind::ConnectionReset));
    assert_eq!(end("/close"), Ok(4));
}

#[test]
fn an_answer_is_held_until_its_gate_opens() {
    let origin = Origin::start();
    origin.on("/", Script::raw("HTTP/1.1 200 OK\r\n\r\nlate"));
    let gate = origin.hold("/");
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| exchange(&origin, "GET / HTTP/1.1\r\n\r\n"));
        origin.wait_for_hits("/", 1);
        assert!(!answer.is_finished());
        gate.release();
        assert!(answer.join().unwrap().ends_with("late"));
    });
}

#[test]
fn the_end_of_an_origin_ends_what_hangs() {
    let origin = Origin::start();
    origin.on("/", Script::new().pause(Duration::from_secs(1000)).hang());
    let mut socket = TcpStream::connect(origin.address()).unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    origin.wait_for_hits("/", 1);
    drop(origin);
    assert_eq!(socket.read_to_end(&mut Vec::new()).unwrap_or(0), 0);
}
