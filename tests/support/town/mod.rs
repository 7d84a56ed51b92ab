//! A town of web sites: hundreds or thousands of them on dozens of local hosts, in one process, over real TCP. They post,
//! edit, reorder and fail by chance, from a seed that is printed; and the town keeps book of what it showed to whom, and
//! how it was treated.
//!
//! Used by `bench/` and by `tests/soak.rs`, which take it in by path: the other tests need not build it.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "some are a test and some are measurements, and each uses a part of it"
)]

pub mod chance;
pub mod fault;
pub mod manners;
pub mod readers;
pub mod site;
pub mod soak;
pub mod vitals;
pub mod wire;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use chance::Chance;
use fault::Fault;
use manners::{Host, Promised};
use site::{Page, Site};
use wire::Request;

/// What a town is made of.
#[derive(Clone, Debug)]
pub struct Charter {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many hosts there are. Each has an address and a port of its own.
    pub hosts: usize,
    /// How many sites there are, dealt out to the hosts in turn.
    pub sites: usize,
    /// Of a hundred answers, how many go wrong.
    pub faults: u64,
    /// Whether no site ever changes.
    pub is_asleep: bool,
    /// Entries of a listing.
    pub rows: usize,
    /// Whether some sites have articles, which are fetched for full text.
    pub has_articles: bool,
    /// Hosts, the last ones, that accept connections and never answer.
    pub dead: usize,
    /// What every host was promised by the configuration.
    pub promised: Promised,
}

/// The town. It lives until the process ends.
pub struct Town {
    shared: Arc<Shared>,
    addresses: Vec<SocketAddr>,
}

struct Shared {
    charter: Charter,
    sites: Vec<Mutex<Site>>,
    hosts: Vec<Mutex<Host>>,
    chance: Mutex<Chance>,
    is_calm: AtomicBool,
    visits: Mutex<usize>,
    visited: Condvar,
    requests: AtomicUsize,
}

impl Town {
    /// Opens every host.
    pub fn open(charter: Charter) -> Self {
        let sites = (0..charter.sites).map(|number| Mutex::new(Site::new(number, &charter))).collect();
        let listeners: Vec<TcpListener> = (0..charter.hosts).map(listener).collect();
        let addresses: Vec<SocketAddr> = listeners.iter().map(|one| one.local_addr().expect("a listener")).collect();
        let shared = Arc::new(Shared {
            sites,
            hosts: (0..charter.hosts).map(|_| Mutex::new(Host::default())).collect(),
            chance: Mutex::new(Chance::new(charter.seed, u64::MAX)),
            is_calm: AtomicBool::new(false),
            visits: Mutex::new(0),
            visited: Condvar::new(),
            requests: AtomicUsize::new(0),
            charter,
        });
        for (host, listener) in listeners.into_iter().enumerate() {
            let shared = Arc::clone(&shared);
            thread::spawn(move || accept(&listener, host, &shared));
        }
        Self { shared, addresses }
    }

    /// What it is made of.
    pub fn charter(&self) -> &Charter {
        &self.shared.charter
    }

    /// The address of a site's listing.
    pub fn url(&self, site: usize) -> String {
        format!("http://{}/s{site}/", self.addresses[site % self.addresses.len()])
    }

    /// The tables of all sites.
    pub fn tables(&self) -> String {
        (0..self.shared.charter.sites).map(|site| self.table(site, "")).collect()
    }

    /// The table of one site, with more lines in it.
    pub fn table(&self, site: usize, more: &str) -> String {
        let url = self.url(site);
        let article = if self.site(site).has_articles { "article.content = \".body\"\n" } else { "" };
        format!("[sites.s{site}]\nurl = \"{url}\"\nlisting.item = \"li.story\"\n{article}{more}\n")
    }

    /// A site's book.
    pub fn site(&self, number: usize) -> MutexGuard<'_, Site> {
        self.shared.sites[number].lock().expect("no panic while it is held")
    }

    /// A host's book.
    pub fn host(&self, number: usize) -> MutexGuard<'_, Host> {
        self.shared.hosts[number].lock().expect("no panic while it is held")
    }

    /// Requests so far, whatever for.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// From now on nothing is posted, and nothing goes wrong.
    pub fn calm_down(&self) {
        self.shared.is_calm.store(true, Ordering::SeqCst);
    }

    /// Waits until `holds`, which is asked again with every answer that was given; at most until `end`. Whether it holds.
    pub fn wait_until(&self, end: Instant, holds: impl Fn(&Self) -> bool) -> bool {
        loop {
            if holds(self) {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let visits = self.shared.visits.lock().expect("no panic while it is held");
            // With thousands of answers a second, a look at all sites after each would be most of the work.
            drop(self.shared.visited.wait_timeout(visits, left.min(Duration::from_millis(100))));
        }
    }
}

impl Charter {
    /// Whether a host never answers.
    pub fn is_dead(&self, host: usize) -> bool {
        host + self.dead >= self.hosts
    }
}

impl Shared {
    fn host(&self, number: usize) -> MutexGuard<'_, Host> {
        self.hosts[number].lock().expect("no panic while it is held")
    }

    fn answered(&self) {
        *self.visits.lock().expect("no panic while it is held") += 1;
        self.visited.notify_all();
    }
}

/// Host `n` at `127.0.0.n+1`, where the machine has all of 127/8; else all are at 127.0.0.1. Each has its own port.
fn listener(n: usize) -> TcpListener {
    TcpListener::bind(format!("127.0.0.{}:0", n % 250 + 1))
        .or_else(|_| TcpListener::bind("127.0.0.1:0"))
        .expect("a port")
}

fn accept(listener: &TcpListener, host: usize, shared: &Arc<Shared>) {
    for stream in listener.incoming().map_while(Result::ok) {
        let shared = Arc::clone(shared);
        let _ = thread::Builder::new().stack_size(256 * 1024).spawn(move || {
            // A connection that breaks is what half of this is about.
            let _ = converse(&stream, host, &shared);
        });
    }
}

fn converse(stream: &TcpStream, host: usize, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut left = Vec::new();
    while let Some(request) = wire::read(stream, &mut left)? {
        shared.requests.fetch_add(1, Ordering::Relaxed);
        let is_calm = shared.is_calm.load(Ordering::SeqCst);
        let visit = manners::arrive(&shared.hosts[host], stream, shared.charter.promised)?;
        let done = if shared.charter.is_dead(host) {
            fault::hang(stream)
        } else {
            answer(stream, &request, host, shared, is_calm, visit)
        };
        shared.answered();
        if !done? {
            return Ok(());
        }
    }
    Ok(())
}

/// Answers one request; whether the connection goes on.
fn answer(
    stream: &TcpStream,
    request: &Request,
    host: usize,
    shared: &Shared,
    is_calm: bool,
    visit: manners::Visit<'_>,
) -> std::io::Result<bool> {
    if request.path == "/robots.txt" {
        let robots = site::robots(host);
        visit.end();
        return wire::send(stream, &robots).map(|()| true);
    }
    let Some((mut site, rest)) = request.site().and_then(|(n, rest)| Some((shared.sites.get(n)?.lock().ok()?, rest)))
    else {
        visit.end();
        return wire::send(stream, &Page::missing().bytes()).map(|()| true);
    };
    let at = Instant::now();
    let fault = (!is_calm).then(|| Fault::by_chance(&mut site.chance, shared.charter.faults)).flatten();
    if rest.is_empty() {
        site.asked(at, fault.is_none());
        if !is_calm && !shared.charter.is_asleep {
            site.live();
        }
    }
    let page = if rest.is_empty() { site.listing() } else { site.article(rest) };
    let shown = site.in_window();
    let number = site.number;
    drop(site);
    match fault {
        Some(fault) => {
            if let Some(wait) = fault.asks_to_wait() {
                shared.host(host).asked_to_wait(wait);
            }
            fault.perform(stream, &page, visit)
        }
        None => {
            let bytes = page.answer_to(request);
            visit.end();
            wire::send(stream, &bytes)?;
            if rest.is_empty()
                && let Ok(mut site) = shared.sites[number].lock()
            {
                site.showed(&shown);
            }
            Ok(true)
        }
    }
}
