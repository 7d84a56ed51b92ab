//! The signals that ask a command to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::stop::Stop;

/// SIGTERM and SIGINT (Ctrl-C), from now on.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

/// Listens for them; they no longer end the process by themselves.
pub(super) fn listen() -> Result<Signals, Stop> {
    let cannot = |error| Stop::Io("cannot listen to signals".to_owned(), error);
    let listen = |kind| signal(kind).map_err(cannot);
    Ok(Signals { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
}

impl Signals {
    /// Waits for the next one.
    pub(super) async fn recv(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}
