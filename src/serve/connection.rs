//! One connection from its first byte to its last, with a bound on each stretch of its life.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::linger::Lingering;
use super::respond::respond;
use super::{Bounds, Mill};

/// Least that hyper's buffer can be set to.
const LEAST_BUFFER: usize = 8192;

/// Looks after connections.
pub(super) struct Attendant {
    mill: Arc<dyn Mill>,
    bounds: Bounds,
    http: http1::Builder,
}

impl Attendant {
    /// Answers with what `mill` has, within `bounds`.
    pub(super) fn new(mill: Arc<dyn Mill>, bounds: Bounds) -> Self {
        let mut http = http1::Builder::new();
        // Without a timer there is no timeout. The first head is timed from the moment of connecting; so is the wait
        // for the next one.
        http.timer(TokioTimer::new()).header_read_timeout(bounds.head);
        http.max_buf_size(bounds.head_bytes.max(LEAST_BUFFER)).max_header_size(bounds.head_bytes);
        Self { mill, bounds, http }
    }

    /// Answers requests until the client leaves, the connection is too old, or the server stops. In the last two cases
    /// the request in flight may finish; it has [`Bounds::drain`] for that.
    pub(super) async fn attend(&self, stream: TcpStream, mut stopping: watch::Receiver<()>) {
        // The client is gone again, or the address is unknown for a reason nobody can mend.
        let Ok(local) = stream.local_addr() else { return };
        // Answers are written whole: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(Lingering::new(stream, self.bounds.linger));
        let answer =
            service_fn(|request| async move { Ok::<_, Infallible>(respond(self.mill.as_ref(), request, local).await) });
        let mut connection = pin!(self.http.serve_connection(io, answer));
        let ended = tokio::select! {
            // In this order, so that the answer which is ready at that moment says that it is the last.
            biased;
            _ = stopping.changed() => None,
            () = sleep(self.bounds.age) => None,
            ended = connection.as_mut() => Some(ended),
        };
        let ended = if let Some(ended) = ended {
            Ok(ended)
        } else {
            connection.as_mut().graceful_shutdown();
            timeout(self.bounds.drain, connection).await
        };
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a connection ended early"),
            Err(_) => tracing::debug!("a connection was cut off"),
        }
    }
}
