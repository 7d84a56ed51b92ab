//! The soak: a server in a process of its own, a town that fails by chance, readers that ask all the time; and at the end,
//! whether anything was lost, repeated, late, rude or still growing.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use feedmill::limits;

use super::readers::{Book, Readers};
use super::vitals::{Course, Vitals};
use super::{Charter, Town};
use crate::support::server::Server;

/// How a soak is run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub charter: Charter,
    /// Each site's `refresh`.
    pub refresh: Duration,
    /// How long it goes on.
    pub time: Duration,
    pub readers: usize,
    pub pause: Duration,
    /// Longest time for what ought to be there in the end.
    pub patience: Duration,
}

/// What came of it.
pub struct Report {
    pub text: String,
    /// What must not be, whatever the machine and its load.
    pub wrong: Vec<String>,
    /// What must not be on a machine that has time.
    pub late: Vec<String>,
}

/// Runs it in the folder `home`.
pub fn run(home: &Path, plan: &Plan) -> Report {
    let town = Town::open(plan.charter.clone());
    std::fs::write(home.join("sites.toml"), configuration(&town, plan)).expect("a writable folder");
    let server = Server::start(home);
    let charter = &plan.charter;
    let readers = Readers::start(server.address, charter.sites, plan.readers, plan.pause, charter.seed);
    let start = Instant::now();
    let mut vitals = Vec::new();
    while start.elapsed() < plan.time {
        let next = Instant::now() + Duration::from_secs(1);
        town.wait_until(next.min(start + plan.time), |_| false);
        vitals.extend(Vitals::of(server.pid()));
    }
    let ran = start.elapsed();
    town.calm_down();
    // Whoever is not asked any more, since its host is left alone for a while, has nothing new to be missed.
    let end = Instant::now() + plan.patience;
    let mut report = Report { text: String::new(), wrong: Vec::new(), late: Vec::new() };
    let missing = missing(&town, &readers, end);
    report.wrong.extend(missing.into_iter().take(20));
    let last = Vitals::of(server.pid());
    let panics = server.complaints();
    let book = readers.stop();
    let code = server.stop();
    if code != Some(0) || last.is_none() {
        report.wrong.push(format!("the server ended with {code:?}"));
    }
    report.wrong.extend(panics.into_iter().take(10));
    report.wrong.extend(book.complaints.iter().take(20).cloned());
    let _ = writeln!(
        report.text,
        "{} sites on {} hosts, seed {:#x}, {} % faults, refresh {:?}, {:.0} s",
        charter.sites,
        charter.hosts,
        charter.seed,
        charter.faults,
        plan.refresh,
        ran.as_secs_f64()
    );
    report.items(&town);
    report.freshness(&town, plan, ran);
    report.manners(&town, plan);
    report.answers(book);
    report.growth(&vitals);
    report
}

fn configuration(town: &Town, plan: &Plan) -> String {
    let promised = plan.charter.promised;
    format!(
        "[defaults]\nrefresh = \"{}s\"\nshow = 500\nallow_private = [\"127.0.0.0/8\"]\n\n\
         [fetch]\ngap = \"{}ms\"\nconcurrency = {}\nconnect_timeout = \"5s\"\nfirst_byte_timeout = \"3s\"\n\
         gap_timeout = \"3s\"\ntotal_timeout = \"6s\"\n\n{}",
        plan.refresh.as_secs(),
        promised.gap.as_millis(),
        promised.concurrency,
        town.tables(),
    )
}

/// Waits until every feed has exactly what its site showed; what is missing or too much at `end`.
fn missing(town: &Town, readers: &Readers, end: Instant) -> Vec<String> {
    let mut wrong = Vec::new();
    for number in 0..town.charter().sites {
        loop {
            let differences = differences(town, readers, number);
            if differences.is_empty() {
                break;
            }
            if Instant::now() >= end {
                wrong.extend(differences);
                break;
            }
            town.wait_until(Instant::now() + Duration::from_millis(200), |_| false);
        }
    }
    wrong
}

fn differences(town: &Town, readers: &Readers, number: usize) -> Vec<String> {
    let (shown, has_articles) = {
        let site = town.site(number);
        (site.shown.clone(), site.has_articles)
    };
    let Some(edition) = readers.read(number) else { return vec![format!("s{number} has no feed")] };
    let mut wrong = Vec::new();
    for path in shown.keys() {
        match edition.iter().filter(|(own, _)| own == path).count() {
            0 => wrong.push(format!("{path} was shown and is not in the feed")),
            1 => {}
            n => wrong.push(format!("{path} is in the feed {n} times")),
        }
    }
    for (path, told) in &edition {
        match shown.get(path) {
            None => wrong.push(format!("{path} is in the feed and was never shown")),
            // An article that was edited is read again, and if that goes wrong, a while later.
            Some(titles) if has_articles && titles.contains(&told.title) => {}
            Some(titles) if titles.last() != Some(&told.title) => {
                wrong.push(format!("{path} is called {:?}, not {:?}", told.title, titles.last()));
            }
            Some(_) => {}
        }
    }
    wrong
}

impl Report {
    fn row(&mut self, what: &str, value: &str) {
        let _ = writeln!(self.text, "  {what:<58}{value}");
    }

    fn items(&mut self, town: &Town) {
        let count = town.charter().sites;
        let shown: usize = (0..count).map(|n| town.site(n).shown.len()).sum();
        let asked: usize = (0..count).map(|n| town.site(n).asked.len()).sum();
        let good: usize = (0..count).map(|n| town.site(n).good_visits()).sum();
        self.row("items shown by the sites, all of them once in the feeds", &shown.to_string());
        self.row("listings asked for / answered well", &format!("{asked} / {good}"));
        self.row("requests to the hosts, with articles and robots.txt", &town.requests().to_string());
    }

    /// How long it is from one good visit to the next: a site that posts in between is late by as much.
    fn freshness(&mut self, town: &Town, plan: &Plan, ran: Duration) {
        let (mut between, mut tries) = (Vec::new(), Vec::new());
        for number in 0..town.charter().sites {
            let asked = town.site(number).asked.clone();
            let good: Vec<Instant> = asked.iter().filter(|(_, well)| *well).map(|(at, _)| *at).collect();
            between.extend(good.windows(2).map(|pair| pair[1] - pair[0]));
            tries.extend(asked.windows(2).map(|pair| pair[1].0 - pair[0].0));
        }
        tries.sort_unstable();
        let (usual, most) = (share(&tries, 99), share(&tries, 100));
        self.row("time between two visits of one site, p50 / p99 / most", &shares(tries));
        self.row("the same between two that were answered well", &shares(between));
        // A host that fails five times in a row is left alone for a minute or a little more, with all of its sites.
        let bounds = [(usual, plan.refresh * 3), (most, plan.refresh * 3 + limits::HOST_CLOSED * 5 / 4)];
        for (time, bound) in bounds {
            if ran > bound && time > bound {
                self.late.push(format!("a site was not asked for {time:?}; its refresh is {:?}", plan.refresh));
            }
        }
    }

    fn manners(&mut self, town: &Town, plan: &Plan) {
        let promised = plan.charter.promised;
        let (mut spans, mut tens, mut most, mut crowded, mut disturbed) = (Vec::new(), Vec::new(), 0, 0, 0);
        for number in 0..town.charter().hosts {
            let host = town.host(number);
            spans.extend(host.spans(1));
            tens.extend(host.spans(10));
            most = most.max(host.most);
            crowded += host.crowded;
            disturbed += host.disturbances(Duration::from_millis(500));
        }
        // A request that a busy machine holds up on its way is closer to the next one than they set out; ten gaps hardly
        // feel that.
        let close = spans.iter().filter(|span| **span < promised.gap / 2).count();
        let least = tens.iter().min().copied().unwrap_or_default();
        let shortest = spans.iter().min().copied().unwrap_or_default();
        self.row(
            "gap between requests to one host: promised / least",
            &format!("{:?} / {shortest:.1?} ({close} of {} under half)", promised.gap, spans.len()),
        );
        self.row("ten gaps: promised / least", &format!("{:?} / {least:.1?}", promised.gap * 10));
        self.row("requests under way at one host: promised / most", &format!("{} / {most}", promised.concurrency));
        self.row("requests while a host asked to be left alone", &disturbed.to_string());
        if close * 100 > spans.len() {
            self.late.push(format!("{close} of {} requests came sooner than half a gap", spans.len()));
        }
        if !tens.is_empty() && least < promised.gap * 5 {
            self.wrong.push(format!("ten gaps took {least:?}"));
        }
        if crowded > 0 {
            self.wrong.push(format!("{crowded} requests came while {} were under way", promised.concurrency));
        }
        if disturbed > 0 {
            self.late.push(format!("{disturbed} requests came while a host asked to be left alone"));
        }
    }

    fn answers(&mut self, book: Book) {
        let answers =
            book.answers.iter().map(|(status, count)| format!("{status}: {count}")).collect::<Vec<_>>().join(", ");
        self.row("readers' requests by status", &answers);
        self.row("readers' answer times, p50 / p99 / most", &shares(book.times));
    }

    fn growth(&mut self, vitals: &[Vitals]) {
        let (Some(first), Some(last)) = (vitals.first(), vitals.last()) else { return };
        let ticks = (last.ticks - first.ticks) as f64 / (last.at - first.at).as_secs_f64().max(0.001);
        let courses = [
            ("memory in use, KB", Course::of(vitals, |vitals| vitals.rss_kb), 16 * 1024),
            ("open descriptors", Course::of(vitals, |vitals| vitals.descriptors), 30),
            ("threads", Course::of(vitals, |vitals| vitals.threads), 8),
        ];
        for (what, course, slack) in courses {
            self.row(
                &format!("{what}: first / second half, most"),
                &format!("{} / {}, {}", course.first, course.second, course.most),
            );
            if !course.is_flat(slack) {
                self.wrong.push(format!("{what}: grew from {} to {}", course.first, course.second));
            }
        }
        self.row("most memory ever, KB", &last.peak_kb.to_string());
        self.row("processor", &format!("{ticks:.0} % of one core"));
    }
}

/// The middle, the 99th of a hundred, and the most.
pub fn shares(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    format!("{:.1?} / {:.1?} / {:.1?}", share(&times, 50), share(&times, 99), share(&times, 100))
}

/// The time that so many of a hundred sorted ones do not exceed.
fn share(sorted: &[Duration], share: usize) -> Duration {
    sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}
