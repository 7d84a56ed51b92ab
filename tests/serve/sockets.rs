//! The server's connections as the kernel sees them, and room for crowds of them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A connection that the server's process has a descriptor of.
pub(crate) struct Socket {
    /// Whether neither side has ended it.
    pub(crate) is_open: bool,
    /// Bytes that came and that the server has not read yet.
    pub(crate) unread: usize,
}

/// Those that came in at `server` (proc(5), `/proc/net/tcp`).
pub(crate) fn of(server: SocketAddr) -> Vec<Socket> {
    let here = format!(":{:04X}", server.port());
    let table = std::fs::read_to_string("/proc/net/tcp").expect("Linux");
    let socket = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, state, queues, _, _, _, _, inode, ..] = fields.as_slice() else { return None };
        let unread = usize::from_str_radix(queues.split_once(':')?.1, 16).ok()?;
        let is_ours = local.ends_with(&here) && *state != "0A" && *inode != "0";
        is_ours.then_some(Socket { is_open: *state == "01", unread })
    };
    table.lines().skip(1).filter_map(socket).collect()
}

/// How many neither side has ended.
pub(crate) fn open(server: SocketAddr) -> usize {
    of(server).iter().filter(|socket| socket.is_open).count()
}

/// Waits until `holds` does.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < end, "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// As many of `wanted` connections as this process may have open, with both of their ends, beside the other tests.
pub(crate) fn room_for(wanted: usize) -> usize {
    let files = rlimit::increase_nofile_limit(16_384).unwrap_or(1_024);
    let room = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(400) / 6;
    if room < wanted {
        eprintln!("ONLY {room} CONNECTIONS INSTEAD OF {wanted}: `ulimit -n` is {files}");
    }
    wanted.min(room)
}
