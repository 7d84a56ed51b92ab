//! Fault 49: heads that can be read in two ways, and heads without end. Each is refused, and the connection closed.

use crate::client::raw;
use crate::double::Running;

/// Sends a request for a feed with these lines after its first, and expects `status`, a closed connection, and that
/// nobody was asked for the feed.
fn refused(lines: impl AsRef<[u8]>, status: u16) {
    let server = Running::new();
    let bytes = [b"GET /feeds/ferris.xml HTTP/1.1\r\n", lines.as_ref(), b"\r\n"].concat();
    let (answer, mut connection) = raw(server.at, bytes);
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(connection.is_closed());
    assert!(server.asked.try_recv().is_err());
}

#[test]
fn fault_49_no_host() {
    refused("", 400);
}

#[test]
fn fault_49_two_hosts() {
    refused("Host: a\r\nHost: b\r\n", 400);
    refused("Host: a\r\nHost: a\r\n", 400);
}

#[test]
fn fault_49_a_host_that_is_none() {
    for host in ["a b", "me@a", "a/b", "http://a/", "a, b"] {
        refused(format!("Host: {host}\r\n"), 400);
    }
}

#[test]
fn fault_49_two_differing_lengths() {
    refused("Host: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n", 400);
    refused("Host: a\r\nContent-Length: 5, 6\r\n", 400);
    refused("Host: a\r\nContent-Length: -1\r\n", 400);
}

#[test]
fn fault_49_any_transfer_encoding() {
    for coding in ["chunked", "identity", "gzip, chunked", "xchunked", "chunked, identity", ""] {
        refused(format!("Host: a\r\nTransfer-Encoding: {coding}\r\n"), 400);
    }
    refused("Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400);
    refused("Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400);
}

#[test]
fn fault_49_a_chunked_body_is_no_second_request() {
    let hidden = "0\r\n\r\nGET /feeds/stale.xml HTTP/1.1\r\nHost: a\r\n";
    refused(format!("Host: a\r\nTransfer-Encoding: chunked\r\n\r\n{hidden}"), 400);
}

#[test]
fn fault_49_too_many_fields() {
    refused(format!("Host: a\r\n{}", "X-Many: y\r\n".repeat(150)), 431);
}

#[test]
fn fault_49_too_long_a_field() {
    refused(format!("Host: a\r\nX-Long: {}\r\n", "y".repeat(64 << 10)), 431);
}

#[test]
fn fault_49_a_nul_or_a_control_character_in_a_field() {
    refused("Host: a\r\nX-Bad: a\0b\r\n", 400);
    refused("Host: a\r\nX-Bad: a\rb\r\n", 400);
    refused("Host: a\r\nX\0Bad: a\r\n", 400);
}

#[test]
fn fault_49_a_field_that_is_no_field() {
    refused("Host: a\r\nX-Bad : a\r\n", 400);
    refused("Host: a\r\nno colon\r\n", 400);
    refused("Host: a\r\n folded\r\n", 400);
}
