//! Fault 47: targets that are no feed's.

use crate::client::{get, raw};
use crate::double::Running;

#[test]
fn fault_47_nothing_comes_from_the_disk() {
    let server = Running::new();
    let targets = [
        "/feeds/nobody.xml",
        "/../../etc/passwd",
        "/feeds/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%2e%2e/",
        "/feeds/..%2f..%2fetc%2fpasswd",
        "/feeds/%2e%2e%5cetc%5cpasswd.xml",
        "/feeds//etc/passwd",
        "/feeds/",
        "/feeds/.xml",
        "/a%00b",
        "/feeds/ferris.xml%00.html",
        "/feeds/ferris%00.xml",
        "/feeds/%ff%fe.xml",
        "//",
        "///",
        "//etc/passwd",
        "/Feeds/ferris.xml",
        "/feeds/FERRIS.xml",
        "/feeds/ferris.xml/",
        "/src/main.rs",
        "/sites.toml",
        "http://elsewhere.example/etc/passwd",
        "http://elsewhere.example",
    ];
    for target in targets {
        let answer = get(server.at, target, &[]);
        let root = target.ends_with(".example");
        assert_eq!(answer.status, if root { 200 } else { 404 }, "{target}: {}", answer.text());
        assert!(!answer.text().contains("root:"), "{target}");
        assert!(root || !answer.text().contains("passwd"), "nothing is echoed: {target}");
    }
}

#[test]
fn fault_47_targets_that_are_no_targets_are_400() {
    let server = Running::new();
    let targets: [&[u8]; 6] = [
        b"/feeds/\xff\xfe.xml",
        b"/feeds/\xc3.xml",
        b"feeds/ferris.xml",
        b"/a\x00b",
        b"/a\x7fb",
        b"file:///etc/passwd",
    ];
    for target in targets {
        let bytes = [b"GET ", target, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
        let (answer, mut connection) = raw(server.at, bytes);
        assert_eq!(answer.status, 400, "{}", target.escape_ascii());
        assert!(connection.is_closed(), "{}", target.escape_ascii());
    }
}

#[test]
fn fault_47_long_targets_are_refused() {
    let server = Running::new();
    for target in [format!("/{}", "a".repeat(9_000)), format!("/feeds/ferris.xml?{}", "a".repeat(9_000))] {
        assert_eq!(get(server.at, &target, &[]).status, 414);
    }
    let (answer, mut connection) = raw(server.at, format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(16 << 10)));
    assert_eq!(answer.status, 431);
    assert!(connection.is_closed());
}
