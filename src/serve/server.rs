//! The accept loop: lets connections in, as many as there are places, and sees them out when the server stops.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

use super::Mill;
use super::connection::Attendant;
use crate::limits;

/// How much of anything a client may take. [`Default`] is what `limits.rs` says; tests go lower.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at once; further ones wait to be accepted.
    pub connections: usize,
    /// Bytes of a request's head, request line included.
    pub head_bytes: usize,
    /// Time to send a head; also how long an idle connection is kept.
    pub head: Duration,
    /// Age at which a connection is asked to end.
    pub age: Duration,
    /// Time that a request in flight then has left.
    pub drain: Duration,
    /// How long a closed connection is still read from, so that the client gets to see the answer.
    pub linger: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: limits::CONNECTIONS,
            head_bytes: limits::REQUEST_HEAD_BYTES,
            head: limits::REQUEST_HEAD,
            age: limits::CONNECTION_AGE,
            drain: limits::DRAIN,
            linger: limits::LINGER,
        }
    }
}

/// Answers on `listener` until `stop` completes, then lets requests in flight finish. Returns when the last connection
/// is closed, which [`Bounds::drain`] bounds. If the future is dropped instead, connections end in the same way.
pub async fn serve(listener: TcpListener, mill: Arc<dyn Mill>, bounds: Bounds, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let (running, _) = watch::channel(());
    let places = Arc::new(Semaphore::new(bounds.connections));
    let attendant = Arc::new(Attendant::new(mill, bounds));
    let mut failures = 0;
    loop {
        let arrival = async {
            // The place comes first: who finds none waits in the kernel's queue and costs no file descriptor.
            let place = Arc::clone(&places).acquire_owned().await;
            listener.accept().await.map(|(stream, _)| (stream, place))
        };
        let arrived = tokio::select! {
            biased;
            () = &mut stop => break,
            arrived = arrival => arrived,
        };
        match arrived {
            Ok((stream, place)) => {
                failures = 0;
                let attendant = Arc::clone(&attendant);
                let stopping = running.subscribe();
                tokio::spawn(async move {
                    attendant.attend(stream, stopping).await;
                    drop(place);
                });
            }
            Err(error) => {
                let pause = pause_after(&error, failures);
                failures = failures.saturating_add(1);
                if !pause.is_zero() {
                    tracing::warn!(%error, pause_ms = pause.as_millis(), "cannot accept connections");
                }
                tokio::select! {
                    () = &mut stop => break,
                    () = sleep(pause) => {}
                }
            }
        }
    }
    // Refuses new connections from here on.
    drop(listener);
    running.send_replace(());
    running.closed().await;
}

/// How long to wait after `accept` failed for the `failures + 1`st time in a row. A client that is gone already is
/// no reason to wait; want of file descriptors or memory is, or the loop would take a whole core until it ends.
fn pause_after(error: &io::Error, failures: u32) -> Duration {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    match error.kind() {
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted => Duration::ZERO,
        _ => limits::ACCEPT_PAUSE.saturating_mul(1 << failures.min(16)).min(limits::ACCEPT_PAUSE_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_backs_off_when_the_machine_has_no_more_to_give() {
        let out_of_files = io::Error::from_raw_os_error(24);
        let pauses: Vec<Duration> = (0..6).map(|failures| pause_after(&out_of_files, failures)).collect();
        assert_eq!(pauses[0], limits::ACCEPT_PAUSE);
        assert!(pauses.is_sorted());
        assert_eq!(pause_after(&out_of_files, u32::MAX), limits::ACCEPT_PAUSE_MAX);
    }

    #[test]
    fn a_client_that_went_away_stops_nobody_else() {
        assert_eq!(pause_after(&io::ErrorKind::ConnectionAborted.into(), 3), Duration::ZERO);
    }
}
