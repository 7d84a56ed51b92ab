//! Fault 51: what a client claims about itself and about us is not believed.

use std::time::Duration;

use feedmill::serve::Bounds;

use crate::client::{Connection, Response};
use crate::double::Running;
use crate::support::origin::Origin;
use crate::support::server::Server;
use crate::support::site::{Site, configure, sites_toml};

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

#[test]
fn fault_51_whoever_claims_to_be_many_has_no_more_places() {
    let bounds = Bounds { connections: 1, age: Duration::from_mins(1), ..Bounds::default() };
    let server = Running::with(bounds, None);
    let mut one = Connection::open(server.at);
    one.send(format!("GET /feeds/gated.xml HTTP/1.1\r\n{CLAIMS}\r\n"));
    assert_eq!(server.asked.recv().unwrap(), "gated");
    let mut other = Connection::open(server.at);
    let claims = CLAIMS.replace("192.0.2.66", "192.0.2.67");
    other.send(format!("GET /feeds/ferris.xml HTTP/1.1\r\n{claims}Connection: close\r\n\r\n"));
    server.gate.close();
    assert_eq!(one.response(false).status, 200);
    assert!(server.asked.try_recv().is_err(), "the other still waits for the place");
    drop(one);
    assert_eq!(other.response(false).status, 200);
}

#[test]
fn fault_51_the_log_and_the_feeds_of_the_real_server_know_nothing_of_it() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let server = Server::start_with(home.path(), &["-v", "serve", "--listen", "127.0.0.1:0"]);
    for target in ["/", "/feeds.opml", "/feeds/mill.xml", "/feeds/mill.html", "/feeds/none.xml"] {
        let mut connection = Connection::open(server.address);
        connection.send(format!("GET {target} HTTP/1.1\r\n{CLAIMS}\r\n"));
        let answer = connection.response(false);
        assert!(!tells_of_evil(&answer), "{target}: {answer:?}");
    }
    server.wait_until("the requests are logged", |server| server.lines_with("answered").len() == 5);
    assert_eq!((server.lines_with("evil"), server.lines_with("192.0.2.66")), (Vec::new(), Vec::new()));
    assert!(origin.requests().iter().all(|seen| !format!("{:?}", seen.headers).contains("evil")));
}
