//! Fault 29, the response's half: a feed that never was, and a site that does not answer.

use crate::client::{Response, get};
use crate::double::Running;

/// What holds for every answer without an edition.
fn is_honest(answer: &Response) {
    assert_eq!(answer.get("cache-control"), Some("no-store"));
    assert_eq!(answer.get("content-type"), Some("text/plain; charset=utf-8"));
    // Readers block the whole host on it.
    assert_eq!(answer.get("retry-after"), None);
    assert_eq!(answer.get("etag"), None);
    assert_eq!(answer.get("last-modified"), None);
    assert!(!answer.text().contains('<'), "not an empty feed: {}", answer.text());
}

#[test]
fn fault_29_a_site_that_fails_from_the_start_is_502_with_the_reason() {
    let server = Running::new();
    for extension in [".xml", ".atom", ".json", ".html", ""] {
        let answer = get(server.at, &format!("/feeds/broken{extension}"), &["If-None-Match: *"]);
        assert_eq!(answer.status, 502);
        is_honest(&answer);
        assert!(answer.text().contains("https://ferris.example/ answered 500"), "{}", answer.text());
        assert!(answer.text().contains("feedmill preview broken"), "what to do: {}", answer.text());
        assert!(
            answer.text().contains("The first request 40 seconds from now or later tries again"),
            "{}",
            answer.text()
        );
        let status = r#"feedmill; fwd=uri-miss; fwd-status=500; detail="https://ferris.example/ answered 500""#;
        assert_eq!(answer.get("cache-status"), Some(status));
    }
}

#[test]
fn fault_29_a_site_that_takes_too_long_is_504() {
    let server = Running::new();
    let timed_out = get(server.at, "/feeds/hanging.xml", &[]);
    assert_eq!(timed_out.status, 504);
    is_honest(&timed_out);
    assert!(timed_out.text().contains("sent nothing within 20 s"), "{}", timed_out.text());
    let still_going_on = get(server.at, "/feeds/slow.xml", &[]);
    assert_eq!(still_going_on.status, 504);
    is_honest(&still_going_on);
    assert!(still_going_on.text().contains("Ask again"), "{}", still_going_on.text());
}
