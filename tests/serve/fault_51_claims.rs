//! Fault 51, the links' half: what a client claims about itself and about us is not believed.

use feedmill::serve::Bounds;

use crate::client::{Connection, Response};
use crate::double::Running;

const CLAIMS: &str = "Host: evil.example:1\r\nForwarded: host=evil.example;proto=https\r\n\
                      X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.66\r\n\
                      X-Forwarded-Prefix: /evil\r\nX-Real-IP: 192.0.2.66\r\n";

fn claimed(server: &Running, target: &str) -> Response {
    let mut connection = Connection::open(server.at);
    connection.send(format!("GET {target} HTTP/1.1\r\n{CLAIMS}\r\n"));
    connection.response(false)
}

fn tells_of_evil(response: &Response) -> bool {
    format!("{:?} {}", response.fields, response.text()).contains("evil")
}

#[test]
fn fault_51_links_come_from_the_configuration() {
    let server = Running::new();
    for target in ["/", "/feeds.opml", "/feeds/ferris", "/feeds/ferris.xml", "http://evil.example/feeds/ferris.atom"] {
        let answer = claimed(&server, target);
        assert_eq!(answer.status, 200);
        assert!(!tells_of_evil(&answer), "{target}: {answer:?}");
    }
}

#[test]
fn fault_51_without_configuration_links_are_relative_or_to_the_real_address() {
    let server = Running::with(Bounds::default(), None);
    let feed = claimed(&server, "/feeds/ferris");
    assert_eq!(feed.get("link"), None);
    let opml = claimed(&server, "/feeds.opml");
    assert!(opml.text().contains(&format!("xmlUrl=\"http://{}/feeds/ferris.xml\"", server.at)), "{}", opml.text());
    let index = claimed(&server, "/");
    assert!(index.text().contains("href=\"feeds/ferris.xml\""), "{}", index.text());
    assert!(![feed, opml, index].iter().any(tells_of_evil));
}
