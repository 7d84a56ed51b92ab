//! A scripted HTTP origin: a real listener on a loopback address, a thread per connection, HTTP/1.1 with keep-alive.
//!
//! It does what no mock library does: it resets a connection in the middle, dribbles bytes, lies in `Content-Length`,
//! and holds its answers back until a test lets them go.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::script::{Script, Step};
use super::tls::Identity;

/// How long a test waits for what must come; far above anything that a busy machine needs.
const GENEROUS: Duration = Duration::from_secs(30);

/// The origin. Dropping it closes every connection.
pub struct Origin {
    shared: Arc<Shared>,
    address: SocketAddr,
    scheme: &'static str,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The target with its query, as received.
    pub path: String,
    /// The headers, as received.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
    /// When its head was complete.
    pub at: Instant,
}

/// Holds answers back until it is released or dropped.
pub struct Gate {
    shared: Arc<Shared>,
    path: String,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    scripts: HashMap<String, Script>,
    once: HashMap<String, VecDeque<Script>>,
    held: HashSet<String>,
    seen: Vec<Seen>,
    /// Requests for a robots.txt that no test set: they are part of no test.
    strays: usize,
    connections: usize,
    /// A copy of every open socket, by the client's address: to end them all when the origin ends.
    sockets: HashMap<SocketAddr, TcpStream>,
    stopping: bool,
}

/// One side of a connection, plain or under TLS.
pub trait Wire: Read + Write {
    /// What the protocol wants said before an orderly close.
    fn say_goodbye(&mut self) -> io::Result<()>;
}

impl Wire for TcpStream {
    fn say_goodbye(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Origin {
    /// Starts one on 127.0.0.1.
    pub fn start() -> Self {
        Self::start_at("127.0.0.1:0").expect("a free port")
    }

    /// Starts one at an address of this machine, such as `[::1]:0`.
    pub fn start_at(address: &str) -> io::Result<Self> {
        Ok(Self::serve(TcpListener::bind(address)?, None))
    }

    /// Starts one on 127.0.0.1 that speaks TLS.
    pub fn start_tls(identity: &Identity) -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").expect("a free port"), Some(identity.server()))
    }

    fn serve(listener: TcpListener, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let address = listener.local_addr().expect("the listener's address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new() });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting, tls.as_ref()));
        Self { shared, address, scheme }
    }

    /// The absolute address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// The absolute address of `path` under a name that a test resolver knows.
    pub fn url_at(&self, host: &str, path: &str) -> String {
        format!("{}://{host}:{}{path}", self.scheme, self.address.port())
    }

    /// Where it listens: what a test writes into `allow_private`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets what happens when `path` is asked for, with its query or without. Replaces what was set before.
    pub fn on(&self, path: &str, script: Script) {
        self.shared.state().scripts.insert(path.to_owned(), script);
    }

    /// Sets what happens the next time that `path` is asked for; what [`Self::on`] says holds again afterwards. Several
    /// are taken in turn.
    pub fn once(&self, path: &str, script: Script) {
        self.shared.state().once.entry(path.to_owned()).or_default().push_back(script);
    }

    /// How many requests came for a robots.txt that was not set: each was answered with 404, and is not among
    /// [`Self::requests`].
    pub fn strays(&self) -> usize {
        self.shared.state().strays
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.state().seen.clone()
    }

    /// How many requests came for `path`, with its query or without.
    pub fn hits(&self, path: &str) -> usize {
        self.shared.state().hits(path)
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// Holds back what happens on `path` from now on, until the gate is released or dropped. Hits are counted before.
    pub fn hold(&self, path: &str) -> Gate {
        self.shared.state().held.insert(path.to_owned());
        Gate { shared: Arc::clone(&self.shared), path: path.to_owned() }
    }

    /// Waits until `path` was asked for at least `n` times.
    pub fn wait_for_hits(&self, path: &str, n: usize) {
        let ended = self.shared.wait_while(GENEROUS, |state| state.hits(path) < n);
        assert!(ended, "{path} was asked for {} times instead of {n} within {GENEROUS:?}", self.hits(path));
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.stopping = true;
        for (_, socket) in state.sockets.drain() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
        // Wakes `accept`, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

impl Gate {
    /// Lets the answers go.
    pub fn release(self) {
        drop(self);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shared.state().held.remove(&self.path);
        self.shared.changed.notify_all();
    }
}

impl Seen {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn is_for(&self, path: &str) -> bool {
        self.path == path || without_query(&self.path) == path
    }
}

impl State {
    fn hits(&self, path: &str) -> usize {
        self.seen.iter().filter(|seen| seen.is_for(path)).count()
    }

    fn script(&mut self, path: &str) -> Option<Script> {
        let once = self.once.get_mut(path).and_then(VecDeque::pop_front);
        once.or_else(|| self.scripts.get(path).cloned())
    }

    fn is_held(&self, target: &str) -> bool {
        self.held.contains(target) || self.held.contains(without_query(target))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the origin's state")
    }

    /// Waits while `holds`, at most `limit` and not beyond the origin's end; whether it no longer holds.
    fn wait_while(&self, limit: Duration, holds: impl Fn(&State) -> bool) -> bool {
        let waiting = |state: &mut State| !state.stopping && holds(state);
        let (_state, waited) = self.changed.wait_timeout_while(self.state(), limit, waiting).expect("as in state()");
        !waited.timed_out()
    }

    /// Notes a request and returns what is to happen, once nothing holds it back.
    fn arrived(&self, seen: Seen) -> Script {
        let target = seen.path.clone();
        let mut state = self.state();
        if target == "/robots.txt" && !state.scripts.contains_key(&target) && !state.once.contains_key(&target) {
            state.strays += 1;
            return Script::status(404);
        }
        state.seen.push(seen);
        drop(state);
        self.changed.notify_all();
        self.wait_while(GENEROUS, |state| state.is_held(&target));
        let mut state = self.state();
        let script = [target.as_str(), without_query(&target)].into_iter().find_map(|path| state.script(path));
        script.unwrap_or_else(|| Script::status(404))
    }
}

fn without_query(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, tls: Option<&Arc<rustls::ServerConfig>>) {
    for socket in listener.incoming() {
        let Ok(socket) = socket else { continue };
        let (Ok(client), Ok(copy)) = (socket.peer_addr(), socket.try_clone()) else { continue };
        let mut state = shared.state();
        if state.stopping {
            return;
        }
        state.connections += 1;
        state.sockets.insert(client, copy);
        drop(state);
        let (shared, tls) = (Arc::clone(shared), tls.cloned());
        // A connection that breaks is the client's business: it is what many tests are about.
        thread::spawn(move || {
            let _ = match tls {
                None => socket.try_clone().and_then(|wire| converse(wire, &socket, &shared)),
                Some(tls) => super::tls::accept(&socket, tls).and_then(|wire| converse(wire, &socket, &shared)),
            };
            // No shutdown: a socket that lingers for no time is reset by its last close, and this is it.
            shared.state().sockets.remove(&client);
        });
    }
}

/// Answers one request after the other, until a script or the client ends the connection.
fn converse(wire: impl Wire, socket: &TcpStream, shared: &Shared) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut wire = BufReader::new(wire);
    while let Some(request) = read_request(&mut wire)? {
        let script = shared.arrived(request.clone());
        let out = wire.get_mut();
        if let Some(answer) = &script.answer {
            out.write_all(&answer.bytes_for(&request.method, |name| request.header(name).map(str::to_owned)))?;
            out.flush()?;
        }
        for step in &script.steps {
            if !perform(step, out, socket, shared)? {
                return Ok(());
            }
        }
        if script.answer.is_none() || !script.steps.is_empty() {
            return out.say_goodbye();
        }
    }
    Ok(())
}

/// Performs one step; whether the connection lives on.
fn perform(step: &Step, out: &mut impl Write, socket: &TcpStream, shared: &Shared) -> io::Result<bool> {
    match step {
        Step::Bytes(bytes) => out.write_all(bytes)?,
        Step::Repeat(bytes, times) => {
            for _ in 0..*times {
                out.write_all(bytes)?;
            }
        }
        Step::Dribble(bytes, gap) => {
            for byte in bytes {
                out.write_all(&[*byte])?;
                out.flush()?;
                shared.wait_while(*gap, |_| true);
            }
        }
        Step::Pause(time) => {
            out.flush()?;
            shared.wait_while(*time, |_| true);
        }
        Step::Close => return Ok(false),
        Step::Reset => {
            socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
            return Ok(false);
        }
        Step::Hang => {
            out.flush()?;
            let mut ignored = [0; 1024];
            while (&*socket).read(&mut ignored)? > 0 {}
            return Ok(false);
        }
    }
    out.flush()?;
    Ok(true)
}

/// Reads a request with its body; `None` at the end of the connection.
fn read_request(wire: &mut impl BufRead) -> io::Result<Option<Seen>> {
    let mut line = String::new();
    if wire.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::Error::other("no request line"));
    };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the head breaks off"));
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut seen = Seen { method, path, headers, body: String::new(), at: Instant::now() };
    let length = seen.header("Content-Length").and_then(|value| value.parse().ok()).unwrap_or(0);
    wire.take(length).read_to_string(&mut seen.body)?;
    Ok(Some(seen))
}
