//! Fault 48: everything but reading.

use crate::client::{get, raw, request};
use crate::double::Running;

#[test]
fn fault_48_other_methods_are_405_and_say_which_are_not() {
    let server = Running::new();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get"] {
        for target in ["/", "/feeds/ferris.xml", "/none"] {
            let (answer, _) = raw(server.at, request(method, target, &[]));
            assert_eq!((answer.status, answer.get("allow")), (405, Some("GET, HEAD")), "{method} {target}");
        }
    }
    for (method, target) in [("CONNECT", "feeds.example:443"), ("OPTIONS", "*")] {
        let (answer, _) = raw(server.at, request(method, target, &[]));
        assert_eq!((answer.status, answer.get("allow")), (405, Some("GET, HEAD")), "{method}");
    }
    assert!(server.asked.try_recv().is_err(), "no such request reaches the mill");
}

#[test]
fn fault_48_no_method_is_400() {
    let server = Running::new();
    for line in ["G@T / HTTP/1.1", " / HTTP/1.1", "PRI * HTTP/2.0", "GET / HTTP/3.7", "GET /", "\u{16}\u{3}\u{1}"] {
        let (answer, mut connection) = raw(server.at, format!("{line}\r\nHost: a\r\n\r\n"));
        assert_eq!(answer.status, 400, "{line}");
        assert!(connection.is_closed(), "{line}");
    }
}

/// The body never comes, or comes after the answer: nobody waits for it, and it meets no reset, which would destroy an
/// answer that is still on its way.
#[test]
fn fault_48_a_body_is_not_read() {
    let server = Running::new();
    for (method, status) in [("POST", 405), ("PUT", 405), ("GET", 200)] {
        let announced = request(method, "/feeds/ferris.xml", &["Content-Length: 1000000000"]);
        let (answer, mut connection) = raw(server.at, announced);
        assert_eq!((answer.status, answer.get("connection")), (status, Some("close")), "{method}");
        assert!(connection.is_closed(), "{method}");
        for _ in 0..30 {
            connection.send([b'x'; 4096]);
        }
    }
}

#[test]
fn fault_48_nobody_is_told_to_go_on_with_a_body() {
    let server = Running::new();
    let (answer, mut connection) =
        raw(server.at, request("POST", "/feeds/ferris.xml", &["Expect: 100-continue", "Content-Length: 5"]));
    assert_eq!(answer.status, 405);
    assert!(connection.is_closed());
}

/// What stands in a body is never taken for a request.
#[test]
fn fault_48_a_request_in_a_body_is_none() {
    let server = Running::new();
    let hidden = request("GET", "/feeds/stale.xml", &[]);
    let length = format!("Content-Length: {}", hidden.len());
    let (_, mut connection) = raw(server.at, request("POST", "/", &[&length]) + &hidden);
    assert!(connection.is_closed());
    assert_eq!(get(server.at, "/feeds/ferris.xml", &[]).status, 200);
    assert_eq!(server.asked.try_iter().collect::<Vec<_>>(), ["ferris"]);
}
