//! A short soak: a hundred sites that fail by chance, for a minute. Nothing is lost, nothing is repeated,
//! no host is treated rudely, nothing grows. How fast that is depends on the machine and is not judged here: the long soak
//! in `bench/` does that.

#![cfg(test)]

mod support;
#[path = "support/town/mod.rs"]
mod town;

use std::time::Duration;

use town::Charter;
use town::manners::Promised;
use town::soak::{self, Plan};

#[test]
fn a_town_that_fails_by_chance_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let charter = Charter {
        seed: 0x0026_1123,
        hosts: 10,
        sites: 100,
        faults: 10,
        is_asleep: false,
        rows: 20,
        has_articles: true,
        dead: 0,
        promised: Promised { gap: Duration::from_millis(100), concurrency: 2 },
    };
    let plan = Plan {
        charter,
        refresh: Duration::from_secs(6),
        time: Duration::from_mins(1),
        readers: 4,
        pause: Duration::from_millis(20),
        patience: Duration::from_mins(2),
    };
    let report = soak::run(home.path(), &plan);
    assert!(report.wrong.is_empty(), "{}\n{:#?}", report.text, report.wrong);
    println!("{}", report.text);
}
