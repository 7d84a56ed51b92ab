//! Names to addresses. A trait, so that a test decides what a name means; never `/etc/hosts`.

use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::limits;

/// Looks names up. What it finds is judged elsewhere, before anything is dialled.
pub trait Resolver: Send + Sync {
    /// The addresses of `name`, in the order in which they should be tried.
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver. It blocks a thread for as long as it likes, also when nobody waits for it any longer, so that
/// only [`limits::LOOK_UPS`] may go on at once: readers' answers need threads, too.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

static PLACES: Semaphore = Semaphore::const_new(limits::LOOK_UPS);

impl Resolver for SystemResolver {
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        let look_up = move || Ok((name.as_str(), 0).to_socket_addrs()?.map(|found| found.ip()).collect());
        Box::pin(in_its_place(&PLACES, look_up))
    }
}

/// Does `job` on a thread that may block, once there is a place; the job gives it back when it is done itself.
async fn in_its_place<T: Send + 'static>(
    places: &'static Semaphore,
    job: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let place = places.acquire().await.map_err(io::Error::other)?;
    let work = spawn_blocking(move || {
        let done = job();
        drop(place);
        done
    });
    work.await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn look_ups_that_hang_keep_no_more_threads_than_they_may() {
        static TWO: Semaphore = Semaphore::const_new(2);
        let hanging = |_| {
            let (go_on, told) = mpsc::channel::<()>();
            let look_up = in_its_place(&TWO, move || told.recv().map_err(io::Error::other));
            // Given up at once, as a fetch does after its time.
            assert!(look_up.now_or_never().is_none());
            go_on
        };
        let ends: Vec<_> = (0..2).map(hanging).collect();
        assert!(in_its_place(&TWO, || Ok(())).now_or_never().is_none());
        assert_eq!(TWO.available_permits(), 0, "who gave up frees no thread");
        ends[0].send(()).unwrap();
        assert_eq!(in_its_place(&TWO, || Ok(7)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn names_are_looked_up() {
        let found = SystemResolver.addresses("127.0.0.1").await.unwrap();
        assert_eq!(found, [IpAddr::from([127, 0, 0, 1])]);
        assert!(SystemResolver.addresses("no such name").await.is_err());
    }
}
