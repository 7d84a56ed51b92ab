//! What a host that hangs costs the others: two servers side by side, one with one, 16 or 500 sites on a host that accepts
//! connections and never answers, all of them asked for all the time; the other without them. Both are asked in turn for a
//! feed that is fresh and for one that is always stale. Exit code 1 if the first is slower by 5 ms or more.
//!
//!     make hang

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement, not the product"
)]

#[path = "../tests/support/mod.rs"]
mod support;
#[path = "../tests/support/town/mod.rs"]
mod town;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::server::Server;
use town::manners::Promised;
use town::readers::get;
use town::soak::shares;
use town::{Charter, Town};

/// Requests for each feed of each server.
const REQUESTS: usize = 2_000;
const BOUND: Duration = Duration::from_millis(5);

fn main() -> ExitCode {
    println!("{:<46}{:<34}{:<34}", "answer times, p50 / p99 / most", "without", "with");
    let slower = [1, 16, 500].into_iter().filter(|dead| !measure(*dead)).count();
    ExitCode::from(u8::from(slower > 0))
}

fn measure(dead: usize) -> bool {
    // Even sites live on the first host, odd ones on the one that is dead.
    let town = Town::open(Charter {
        seed: 1,
        hosts: 2,
        sites: dead.max(2) * 2,
        faults: 0,
        is_asleep: true,
        rows: 60,
        has_articles: false,
        dead: 1,
        promised: Promised { gap: Duration::ZERO, concurrency: 4 },
    });
    let living = format!(
        "[defaults]\nrefresh = \"1s\"\nallow_private = [\"127.0.0.0/8\"]\n\n[fetch]\ngap = \"0s\"\n\n{}{}",
        town.table(0, "refresh = \"1h\"\n"),
        town.table(2, "")
    );
    let hanging: String = (0..dead).map(|n| town.table(2 * n + 1, "robots = false\n")).collect();
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    std::fs::write(homes[0].path().join("sites.toml"), &living).unwrap();
    std::fs::write(homes[1].path().join("sites.toml"), format!("{living}{hanging}")).unwrap();
    let servers = [Server::start(homes[0].path()), Server::start(homes[1].path())];
    let feeds = ["/feeds/s0.xml", "/feeds/s2.xml"];
    for server in &servers {
        for feed in feeds {
            assert_eq!(get(server.address, feed, None).unwrap().status, 200);
        }
    }
    let is_over = Arc::new(AtomicBool::new(false));
    for n in 0..dead {
        let (is_over, address) = (Arc::clone(&is_over), servers[1].address);
        thread::spawn(move || {
            while !is_over.load(Ordering::SeqCst) {
                let _ = get(address, &format!("/feeds/s{}.xml", 2 * n + 1), None);
                thread::sleep(Duration::from_millis(500));
            }
        });
    }
    let connected = |town: &Town| town.host(1).arrivals.len() >= dead.min(4);
    assert!(town.wait_until(Instant::now() + Duration::from_secs(20), connected), "nobody hangs");
    let mut times = [[Vec::new(), Vec::new()], [Vec::new(), Vec::new()]];
    for _ in 0..REQUESTS {
        for (feed, path) in feeds.into_iter().enumerate() {
            for (server, one) in servers.iter().enumerate() {
                let start = Instant::now();
                assert_eq!(get(one.address, path, None).unwrap().status, 200);
                times[feed][server].push(start.elapsed());
            }
        }
        thread::sleep(Duration::from_millis(5));
    }
    is_over.store(true, Ordering::SeqCst);
    let mut is_well = true;
    for (feed, [without, with]) in times.into_iter().enumerate() {
        let what = ["fresh", "stale, refreshed behind"][feed];
        let [quick, slow] = [&without, &with].map(|times| share(times, 99));
        is_well &= slow < quick + BOUND;
        println!(
            "{:<46}{:<34}{:<34}",
            format!("{dead} on the dead host; a feed {what}"),
            shares(without),
            shares(with)
        );
    }
    is_well
}

fn share(times: &[Duration], share: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() * share / 100]
}
