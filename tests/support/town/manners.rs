//! How a host is treated: when requests start, how many are under way, and whether it is left alone when it asks for it.
//! All by the host's own clock and socket: what counts is when a request arrived.

use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a connection that its client has given up may take to show that.
const GRACE: Duration = Duration::from_millis(500);
/// `MSG_DONTWAIT` of recv(2), on Linux.
const DONT_WAIT: i32 = 0x40;
/// `MSG_PEEK` of recv(2).
const PEEK: i32 = 0x02;

/// What the configuration promises every host.
#[derive(Clone, Copy, Debug)]
pub struct Promised {
    /// Least time between the starts of two requests.
    pub gap: Duration,
    /// Requests under way at once.
    pub concurrency: usize,
}

/// A host's book.
#[derive(Default)]
pub struct Host {
    /// When each request arrived.
    pub arrivals: Vec<Instant>,
    /// The most that were ever under way at once.
    pub most: usize,
    /// Requests that came while as many were under way as may be.
    pub crowded: usize,
    /// From when until when it asked to be left alone, each time.
    pub rests: Vec<(Instant, Instant)>,
    under_way: Vec<(u64, TcpStream)>,
    count: u64,
}

/// A request under way.
pub struct Visit<'a> {
    host: &'a Mutex<Host>,
    number: u64,
    is_over: AtomicBool,
}

impl Host {
    /// It asks to be left alone, beginning when the client has read that.
    pub fn asked_to_wait(&mut self, wait: Duration) {
        let now = Instant::now();
        self.rests.push((now, now + wait));
    }

    /// Requests that came while it wanted to be left alone. Those count as unheard of that may have left before its
    /// answer was read.
    pub fn disturbances(&self, reading: Duration) -> usize {
        let disturbs = |at: &&Instant| self.rests.iter().any(|(from, until)| **at > *from + reading && **at < *until);
        self.arrivals.iter().filter(disturbs).count()
    }

    /// The times between one arrival and the `n`th after it.
    pub fn spans(&self, n: usize) -> impl Iterator<Item = Duration> {
        self.arrivals.iter().zip(self.arrivals.iter().skip(n)).map(|(from, to)| *to - *from)
    }
}

/// Notes a request.
pub fn arrive<'a>(host: &'a Mutex<Host>, stream: &TcpStream, promised: Promised) -> std::io::Result<Visit<'a>> {
    let copy = stream.try_clone()?;
    let mut book = host.lock().expect("no panic while it is held");
    book.arrivals.push(Instant::now());
    book.count += 1;
    let number = book.count;
    book.under_way.push((number, copy));
    book.under_way.retain(|(_, stream)| !is_given_up(stream));
    let is_crowded = book.under_way.len() > promised.concurrency;
    let others: Vec<u64> = book.under_way.iter().map(|(number, _)| *number).collect();
    drop(book);
    let visit = Visit { host, number, is_over: AtomicBool::new(false) };
    if is_crowded {
        // A client gives an exchange up before it begins the next one, but its socket may close a little later.
        thread::sleep(GRACE);
        let mut book = host.lock().expect("no panic while it is held");
        let given_up = book.under_way.iter().filter(|(number, stream)| others.contains(number) && is_given_up(stream));
        let left = others.len() - given_up.count();
        book.most = book.most.max(left);
        book.crowded += usize::from(left > promised.concurrency);
    } else {
        let mut book = host.lock().expect("no panic while it is held");
        book.most = book.most.max(others.len());
    }
    Ok(visit)
}

impl Visit<'_> {
    /// It is over: before the last bytes are sent, since the next request may follow as soon as they are read.
    pub fn end(self) {
        drop(self);
    }

    /// The same where the visit is needed on.
    pub fn ends(&self) {
        if !self.is_over.swap(true, Ordering::SeqCst)
            && let Ok(mut book) = self.host.lock()
        {
            book.under_way.retain(|(number, _)| *number != self.number);
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.ends();
    }
}

/// Whether the client has closed the connection, or broken it.
fn is_given_up(stream: &TcpStream) -> bool {
    let mut byte = [std::mem::MaybeUninit::uninit()];
    match socket2::SockRef::from(stream).recv_with_flags(&mut byte, PEEK | DONT_WAIT) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    }
}
