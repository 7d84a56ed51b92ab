//! What a process takes of the machine, by proc(5), and whether that grows.

use std::fs;
use std::time::Instant;

/// A process at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Vitals {
    pub at: Instant,
    /// Memory in use, and the most that ever was, in KB.
    pub rss_kb: u64,
    pub peak_kb: u64,
    pub descriptors: u64,
    pub threads: u64,
    /// Processor time, user and system, in hundredths of a second.
    pub ticks: u64,
}

/// Something measured over time, in both halves of a run: the median of each, and the most.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    pub first: u64,
    pub second: u64,
    pub most: u64,
}

impl Vitals {
    /// Those of a process; `None` once it is gone.
    pub fn of(process: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        Some(Self {
            at: Instant::now(),
            rss_kb: number("VmRSS:")?,
            peak_kb: number("VmHWM:")?,
            descriptors: fs::read_dir(format!("/proc/{process}/fd")).ok()?.count() as u64,
            threads: number("Threads:")?,
            ticks: fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?,
        })
    }
}

impl Course {
    /// The course of a value. The first third of a run is its warming up and does not count.
    pub fn of(vitals: &[Vitals], value: impl Fn(&Vitals) -> u64) -> Self {
        let values: Vec<u64> = vitals.iter().skip(vitals.len() / 3).map(value).collect();
        let (first, second) = values.split_at(values.len() / 2);
        let median = |half: &[u64]| {
            let mut half = half.to_vec();
            half.sort_unstable();
            half.get(half.len() / 2).copied().unwrap_or_default()
        };
        Self { first: median(first), second: median(second), most: values.iter().max().copied().unwrap_or_default() }
    }

    /// Whether the second half is no more than a tenth above the first, and `slack`.
    pub fn is_flat(&self, slack: u64) -> bool {
        self.second <= self.first + self.first / 10 + slack
    }
}
