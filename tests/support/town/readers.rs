//! Feed readers that ask all the time, and remember what they were told.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::chance::Chance;

/// Complaints that are kept; one kind of fault repeats itself.
const COMPLAINTS: usize = 50;

/// What readers were told of one feed.
#[derive(Default)]
pub struct Subscription {
    /// Every item that was ever in it, by the path of its link.
    pub items: BTreeMap<String, Told>,
    etag: Option<String>,
    has_been: bool,
}

/// What they were told of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: String,
    pub published: String,
    pub title: String,
}

/// Readers of all feeds, on threads of their own.
pub struct Readers {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    server: SocketAddr,
    feeds: Vec<Mutex<Subscription>>,
    told: Mutex<Book>,
    is_over: AtomicBool,
}

/// What they noted about the server.
#[derive(Default)]
pub struct Book {
    /// How long each answer took that did not wait for a first refresh.
    pub times: Vec<Duration>,
    /// Answers by status.
    pub answers: BTreeMap<u16, usize>,
    /// What was not as it should be.
    pub complaints: Vec<String>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Readers {
    /// Begins to read the feeds `s0`, `s1`, ..: `count` readers, each pausing between its requests.
    pub fn start(server: SocketAddr, feeds: usize, count: usize, pause: Duration, seed: u64) -> Self {
        let feeds = (0..feeds).map(|_| Mutex::default()).collect();
        let shared = Arc::new(Shared { server, feeds, told: Mutex::default(), is_over: AtomicBool::new(false) });
        // First everybody subscribes: readers of a feed that has no edition yet wait for it, and keep no others waiting.
        let subscribe = |n: usize| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.look(n, &mut Chance::new(seed, 2_000_000 + n as u64)))
        };
        let subscribers: Vec<JoinHandle<()>> = (0..shared.feeds.len()).map(subscribe).collect();
        for one in subscribers {
            let _ = one.join();
        }
        let read = |n: usize| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let mut chance = Chance::new(seed, 1_000_000 + n as u64);
                let mut next = n;
                while !shared.is_over.load(Ordering::SeqCst) {
                    let mine = shared.feeds.len().div_ceil(count);
                    shared.look(next % shared.feeds.len(), &mut chance);
                    next += count;
                    if next >= mine * count + n {
                        next = n;
                    }
                    thread::sleep(pause);
                }
            })
        };
        let threads = (0..count).map(read).collect();
        Self { shared, threads }
    }

    /// What was told of one feed.
    pub fn feed(&self, number: usize) -> MutexGuard<'_, Subscription> {
        self.shared.feeds[number].lock().expect("no panic while it is held")
    }

    /// Asks for a feed now, in full; `None`: there is none, or it cannot be read.
    pub fn read(&self, number: usize) -> Option<Vec<(String, Told)>> {
        let answer = get(self.shared.server, &format!("/feeds/s{number}.json"), None).ok()?;
        (answer.status == 200).then(|| items(&answer.body))?
    }

    /// Ends them and returns what they noted.
    pub fn stop(self) -> Book {
        self.shared.is_over.store(true, Ordering::SeqCst);
        for one in self.threads {
            let _ = one.join();
        }
        std::mem::take(&mut *self.shared.told.lock().expect("no panic while it is held"))
    }
}

impl Shared {
    fn look(&self, number: usize, chance: &mut Chance) {
        let mut feed = self.feeds[number].lock().expect("no panic while it is held");
        let other = chance.once_in(5).then(|| ["xml", "atom", "html"][chance.index(3)]);
        let known = feed.etag.clone().filter(|_| other.is_none() && chance.once_in(2));
        let path = format!("/feeds/s{number}.{}", other.unwrap_or("json"));
        let start = Instant::now();
        let answer = match get(self.server, &path, known.as_deref()) {
            Ok(answer) => answer,
            Err(_) if self.is_over.load(Ordering::SeqCst) => return,
            Err(error) => return self.complain(format!("{path}: no answer: {error}")),
        };
        let time = start.elapsed();
        let mut told = self.told.lock().expect("no panic while it is held");
        *told.answers.entry(answer.status).or_default() += 1;
        if feed.has_been {
            told.times.push(time);
        }
        drop(told);
        match answer.status {
            304 if known.is_some() => {}
            200 if other.is_some() => feed.has_been = true,
            200 => {
                feed.has_been = true;
                feed.etag = answer.header("etag");
                let Some(items) = items(&answer.body) else { return self.complain(format!("{path}: this is no feed")) };
                feed.compare(&items).into_iter().for_each(|what| self.complain(format!("{path}: {what}")));
            }
            // As long as there was no edition: the first refresh went wrong, and why is told.
            502 | 504 if !feed.has_been => {}
            status => self.complain(format!("{path}: {status}")),
        }
    }

    fn complain(&self, what: String) {
        let mut told = self.told.lock().expect("no panic while it is held");
        if told.complaints.len() < COMPLAINTS {
            told.complaints.push(what);
        }
    }
}

impl Subscription {
    /// Compares an edition with all that there were: what is wrong with it.
    fn compare(&mut self, edition: &[(String, Told)]) -> Vec<String> {
        let mut wrong = Vec::new();
        let (mut paths, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for (path, told) in edition {
            if !paths.insert(path) || !ids.insert(&told.id) {
                wrong.push(format!("{path} is there twice"));
            }
            match self.items.insert(path.clone(), told.clone()) {
                Some(before) if before.id != told.id => {
                    wrong.push(format!("{path} had the id {}, now {}", before.id, told.id));
                }
                Some(before) if before.published != told.published => {
                    wrong.push(format!("{path} was published at {}, now at {}", before.published, told.published));
                }
                _ => {}
            }
        }
        wrong.extend(self.items.keys().filter(|path| !paths.contains(path)).map(|path| format!("{path} is gone")));
        wrong
    }
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = |line: &str| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        self.head.lines().find_map(value)
    }
}

/// Asks for a path, on a connection of its own.
pub fn get(server: SocketAddr, path: &str, known: Option<&str>) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    let known = known.map(|etag| format!("If-None-Match: {etag}\r\n")).unwrap_or_default();
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n{known}\r\n").as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(Answer { status, head, body: bytes.split_off(end + 4) })
}

/// The items of a JSON feed, by the paths of their links.
fn items(body: &[u8]) -> Option<Vec<(String, Told)>> {
    let feed: Value = serde_json::from_slice(body).ok()?;
    let item = |item: &Value| {
        let text = |key: &str| item.get(key)?.as_str().map(str::to_owned);
        let path = text("url")?.splitn(4, '/').nth(3).map(|path| format!("/{path}"))?;
        Some((path, Told { id: text("id")?, published: text("date_published")?, title: text("title")? }))
    };
    feed.get("items")?.as_array()?.iter().map(item).collect()
}
