//! Fault 28: a site hangs while a crowd asks for its feed. It is asked once, and everybody is answered.

use std::thread;

use crate::sockets;
use crate::support::origin::Origin;
use crate::support::server::{Answer, Server};
use crate::support::site::{Site, configure, sites_toml};

fn crowd(server: &Server) -> Vec<Answer> {
    let readers = sockets::room_for(100);
    thread::scope(|scope| {
        let ask = |_| scope.spawn(|| server.get("/feeds/mill.xml"));
        let asking: Vec<_> = (0..readers).map(ask).collect();
        asking.into_iter().map(|reader| reader.join().unwrap()).collect()
    })
}

#[test]
fn fault_28_what_there_is_is_served_and_the_site_is_asked_once() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "refresh = \"1ms\""));
    let built = crate::support::feedmill(home.path()).args(["build", "--out", "out"]).status().unwrap();
    assert!(built.success());
    let server = Server::start(home.path());
    let held = origin.hold("/");
    for answer in crowd(&server) {
        assert_eq!((answer.status, answer.text().matches("<item>").count()), (200, 3));
        assert!(answer.header("cache-status").unwrap().contains("hit; ttl="), "{:?}", answer.headers);
    }
    origin.wait_for_hits("/", 2);
    assert_eq!(origin.hits("/"), 2, "once by build, once by the server");
    held.release();
}

#[test]
fn fault_28_where_there_is_nothing_yet_all_get_504_and_the_site_is_asked_once() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = sites_toml(&origin, "").replace("[fetch]", "[fetch]\nfirst_byte_timeout = \"2s\"");
    configure(home.path(), &toml);
    let server = Server::start(home.path());
    let held = origin.hold("/");
    for answer in crowd(&server) {
        assert_eq!(answer.status, 504, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), None, "readers block the whole host on it");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.text().contains("no answer within 2s"), "{}", answer.text());
    }
    assert_eq!(origin.hits("/"), 1);
    held.release();
}
