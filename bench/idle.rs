//! What sites cost that have nothing new: 100, 1,000 and 10,000 of them on 50 local hosts, one whole round of refreshes
//! each, by `build` and by `serve`. Half of them answer 304, the others with the same bytes again. Processor time and memory
//! are those of Feedmill's process alone.
//!
//!     make idle                     IDLE_SITES=100,1000 for other numbers

#![expect(
    clippy::cast_precision_loss,
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

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::server::Server;
use town::manners::Promised;
use town::readers::get;
use town::vitals::Vitals;
use town::{Charter, Town};

/// One step: what it took.
struct Step {
    name: &'static str,
    wall: Duration,
    /// Hundredths of a second.
    ticks: u64,
    requests: usize,
    rss_kb: u64,
    peak_kb: u64,
}

fn main() {
    let counts = std::env::var("IDLE_SITES").unwrap_or_else(|_| "100,1000,10000".to_owned());
    println!(
        "{:>6}  {:<34}{:>8}{:>9}{:>10}{:>9}{:>9}{:>9}{:>10}",
        "sites", "", "wall s", "CPU s", "CPU ms/", "requests", "memory", "peak", "peak KB/"
    );
    println!("{:>6}  {:<34}{:>8}{:>9}{:>10}{:>9}{:>9}{:>9}{:>10}", "", "", "", "", "site", "/site", "MB", "MB", "site");
    for count in counts.split(',') {
        let count = count.trim().parse().unwrap();
        for step in measure(count) {
            let cpu = step.ticks as f64 / 100.0;
            println!(
                "{count:>6}  {:<34}{:>8.2}{cpu:>9.2}{:>10.3}{:>9.2}{:>9.1}{:>9.1}{:>10.1}",
                step.name,
                step.wall.as_secs_f64(),
                cpu * 1000.0 / count as f64,
                step.requests as f64 / count as f64,
                step.rss_kb as f64 / 1024.0,
                step.peak_kb as f64 / 1024.0,
                step.peak_kb as f64 / count as f64,
            );
        }
    }
}

fn measure(count: usize) -> Vec<Step> {
    let home = tempfile::tempdir().unwrap();
    let town = Town::open(Charter {
        seed: 1,
        hosts: 50,
        sites: count,
        faults: 0,
        is_asleep: true,
        rows: 60,
        has_articles: false,
        dead: 0,
        promised: Promised { gap: Duration::ZERO, concurrency: 4 },
    });
    configure(home.path(), &town, "1h");
    let mut steps = vec![build("build, first", home.path(), &town), build("build, nothing new", home.path(), &town)];
    // Each site is due a minute after it was built; the round after that one begins when the measuring is over.
    configure(home.path(), &town, "1m");
    let before: Vec<usize> = (0..count).map(|n| town.site(n).good_visits()).collect();
    let (start, requests) = (Instant::now(), town.requests());
    let server = Server::start_with(home.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let mut last = Vitals::of(server.pid()).unwrap();
    let step = |name, start: Instant, from: u64, requests, now: Vitals| Step {
        name,
        wall: start.elapsed(),
        ticks: now.ticks - from,
        requests,
        rss_kb: now.rss_kb,
        peak_kb: now.peak_kb,
    };
    steps.push(step("serve, from start to listening", start, 0, 0, last));
    let start = Instant::now();
    ask_all(&server, count);
    let end = Instant::now() + Duration::from_mins(5);
    assert!(
        town.wait_until(end, |town| (0..count).all(|n| town.site(n).good_visits() > before[n])),
        "a site was not asked"
    );
    let now = Vitals::of(server.pid()).unwrap();
    steps.push(step("serve, all asked for, nothing new", start, last.ticks, town.requests() - requests, now));
    last = now;
    let (start, requests) = (Instant::now(), town.requests());
    ask_all(&server, count);
    let now = Vitals::of(server.pid()).unwrap();
    steps.push(step("serve, all asked for, all fresh", start, last.ticks, town.requests() - requests, now));
    last = now;
    let start = Instant::now();
    get(server.address, "/", None).unwrap();
    let now = Vitals::of(server.pid()).unwrap();
    steps.push(step("serve, the index page", start, last.ticks, 0, now));
    let start = Instant::now();
    assert_eq!(server.stop(), Some(0));
    println!("{count:>6}  {:<34}{:>8.2}", "serve, from signal to end", start.elapsed().as_secs_f64());
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    println!(
        "{count:>6}  the archive: {:.1} KB a site; the configuration: {:.2} KB a site",
        size(&home.path().join("archive.db")) as f64 / 1024.0 / count as f64,
        size(&home.path().join("sites.toml")) as f64 / 1024.0 / count as f64,
    );
    steps
}

fn configure(home: &Path, town: &Town, refresh: &str) {
    let toml = format!(
        "[archive]\nurl = \"archive.db\"\n\n[defaults]\nrefresh = \"{refresh}\"\nallow_private = [\"127.0.0.0/8\"]\n\n\
         [fetch]\ngap = \"0s\"\n\n{}",
        town.tables()
    );
    fs::write(home.join("sites.toml"), toml).unwrap();
}

fn build(name: &'static str, home: &Path, town: &Town) -> Step {
    let (start, requests) = (Instant::now(), town.requests());
    let mut child = support::feedmill(home).args(["build", "--out", "out"]).stderr(Stdio::inherit()).spawn().unwrap();
    let mut last = None;
    let code = loop {
        last = Vitals::of(child.id()).or(last);
        if let Some(code) = child.try_wait().unwrap() {
            break code;
        }
        thread::sleep(Duration::from_millis(5));
    };
    assert!(code.success(), "{code}");
    let last: Vitals = last.unwrap();
    Step {
        name,
        wall: start.elapsed(),
        ticks: last.ticks,
        requests: town.requests() - requests,
        rss_kb: last.rss_kb,
        peak_kb: last.peak_kb,
    }
}

fn ask_all(server: &Server, count: usize) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count {
                        return;
                    }
                    assert_eq!(get(server.address, &format!("/feeds/s{n}.xml"), None).unwrap().status, 200);
                }
            });
        }
    });
}
