//! The soak: 500 sites on 50 local hosts, of whose answers every tenth goes wrong by chance, refreshed by a real server that
//! readers ask all the time. At the end a table, and exit code 1 if anything was lost, repeated, late, rude or growing.
//!
//!     make soak                     ten minutes; SOAK_MINUTES=2 two, SOAK_SEED=7 by another seed

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
use std::time::Duration;

use town::Charter;
use town::manners::Promised;
use town::soak::{self, Plan};

fn main() -> ExitCode {
    let home = tempfile::tempdir().unwrap();
    let minutes = setting("SOAK_MINUTES").unwrap_or(1);
    let charter = Charter {
        seed: setting("SOAK_SEED").unwrap_or_else(|| u64::from(std::process::id())),
        hosts: 50,
        sites: 500,
        faults: 10,
        is_asleep: false,
        rows: 20,
        has_articles: true,
        dead: 0,
        promised: Promised { gap: Duration::from_millis(100), concurrency: 2 },
    };
    let plan = Plan {
        charter,
        refresh: Duration::from_secs(20),
        time: Duration::from_secs(minutes * 60),
        readers: 8,
        pause: Duration::from_millis(40),
        patience: Duration::from_mins(2),
    };
    println!("seed {:#x}, {minutes} minutes", plan.charter.seed);
    let report = soak::run(home.path(), &plan);
    println!("{}", report.text);
    let breaches: Vec<&String> = report.wrong.iter().chain(&report.late).collect();
    for breach in &breaches {
        println!("BREACH: {breach}");
    }
    ExitCode::from(u8::from(!breaches.is_empty()))
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|written| {
        let digits = written.strip_prefix("0x");
        digits.map_or_else(|| written.parse(), |digits| u64::from_str_radix(digits, 16)).unwrap()
    })
}
