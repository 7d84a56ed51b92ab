//! Closing so that the client gets to read the last answer (RFC 9112, section 9.6).
//!
//! A socket that is closed while bytes from the client lie unread makes the kernel send a reset, and a reset makes the
//! client drop the answer that it has not read yet: it would see a broken connection instead of a 405 or a 431. So
//! the writing half is closed first, and what still comes is read and thrown away for a while.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::limits;

/// Bytes thrown away at a time.
const SCRAP: usize = 4096;

/// A stream that lingers when it is shut down: until the other side is done, for a time, or for
/// [`limits::LINGER_BYTES`], whichever comes first.
pub(super) struct Lingering<S> {
    stream: S,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    thrown_away: usize,
}

impl<S> Lingering<S> {
    /// Makes `stream` linger for at most `patience`.
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, deadline: None, thrown_away: 0 }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Lingering<S> {
    /// Ready when there is no more reason to wait for the other side.
    fn poll_done(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scrap = [0; SCRAP];
        while self.thrown_away < limits::LINGER_BYTES {
            if self.deadline.as_mut().is_none_or(|deadline| deadline.as_mut().poll(cx).is_ready()) {
                break;
            }
            let mut buffer = ReadBuf::new(&mut scrap);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            self.thrown_away += buffer.filled().len();
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.deadline.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.deadline = Some(Box::pin(sleep(self.patience)));
        }
        self.poll_done(cx).map(Ok)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}
