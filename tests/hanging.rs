//! A host that hangs holds nobody up: orders and states, no times. The times are in `bench/hang.rs`.

#![cfg(test)]

mod support;

use std::sync::Arc;
use std::thread;

use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::Server;
use support::site::{Site, configure};

/// Sites `a` and `b` on a host that hangs, and `c` on one that lives.
fn three_sites(dead: &Origin, live: &Origin, more: &str) -> String {
    let table = |name: &str, origin: &Origin| {
        let (url, address) = (origin.url(&format!("/{name}")), origin.address());
        format!("[sites.{name}]\nurl = \"{url}\"\nallow_private = [\"{address}\"]\nlisting.item = \"li.story\"\n\n")
    };
    format!("{}{}{}[fetch]\ngap = \"0s\"\n{more}", table("a", dead), table("b", dead), table("c", live))
}

fn dead_and_live() -> (Origin, Origin) {
    let (dead, live) = (Origin::start(), Origin::start());
    dead.on("/a", Script::new().hang());
    dead.on("/b", Script::new().hang());
    live.on("/c", Script::html(Site::of(3).listing()));
    (dead, live)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_30_a_live_host_is_refreshed_while_two_feeds_hang_on_a_dead_one() {
    let ((dead, live), home) = (dead_and_live(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &three_sites(&dead, &live, ""));
    let refresh = |name: &'static str| {
        let engine = Arc::clone(&bench.engine);
        tokio::spawn(async move { engine.refresh(name).await })
    };
    let (a, b) = (refresh("a"), refresh("b"));
    tokio::task::block_in_place(|| {
        dead.wait_for_hits("/a", 1);
        dead.wait_for_hits("/b", 1);
    });
    for _ in 0..3 {
        let refreshed = bench.engine.refresh("c").await.unwrap();
        assert!(refreshed.outcome.is_good(), "{:?}", refreshed.outcome);
    }
    assert!(!a.is_finished() && !b.is_finished(), "they hang all the while");
    assert_eq!(live.hits("/c"), 3);
}

#[test]
fn fault_30_readers_of_a_live_feed_do_not_wait_for_those_of_dead_ones() {
    let ((dead, live), home) = (dead_and_live(), tempfile::tempdir().unwrap());
    configure(home.path(), &three_sites(&dead, &live, ""));
    let server = Arc::new(Server::start(home.path()));
    let waiting = ["/feeds/a.xml", "/feeds/b.xml"].map(|path| {
        let server = Arc::clone(&server);
        thread::spawn(move || server.get(path).status)
    });
    dead.wait_for_hits("/a", 1);
    dead.wait_for_hits("/b", 1);
    for extension in ["xml", "atom", "json", "html"] {
        assert_eq!(server.get(&format!("/feeds/c.{extension}")).status, 200);
    }
    assert!(waiting.iter().all(|one| !one.is_finished()), "they hang all the while");
    drop(dead);
    for one in waiting {
        assert_eq!(one.join().unwrap(), 502);
    }
}

#[test]
fn fault_30_build_writes_what_lives() {
    let ((dead, live), home) = (dead_and_live(), tempfile::tempdir().unwrap());
    configure(home.path(), &three_sites(&dead, &live, "first_byte_timeout = \"1s\"\n"));
    let output = feedmill(home.path()).args(["build", "--out", "out"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(home.path().join("out/c.xml").exists() && !home.path().join("out/a.xml").exists());
}
