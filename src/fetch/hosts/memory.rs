//! Where what is known of hosts outlives the process. A trait: the archive is none of this floor's business.

use futures_util::future::BoxFuture;

use crate::host::HostMemory;

/// Remembers hosts. It never fails: what cannot be remembered is forgotten, and the host is asked as if it were new.
pub trait Memory: Send + Sync {
    /// What is remembered of the host; the default if nothing is.
    fn recall<'a>(&'a self, host: &'a str) -> BoxFuture<'a, HostMemory>;

    /// Remembers this instead of what was remembered before.
    fn keep<'a>(&'a self, host: &'a str, memory: HostMemory) -> BoxFuture<'a, ()>;
}

/// Remembers nothing.
pub(in crate::fetch) struct Forgetful;

impl Memory for Forgetful {
    fn recall<'a>(&'a self, _: &'a str) -> BoxFuture<'a, HostMemory> {
        Box::pin(async { HostMemory::default() })
    }

    fn keep<'a>(&'a self, _: &'a str, _: HostMemory) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}
