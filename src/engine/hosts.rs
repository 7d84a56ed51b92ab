//! What the fetcher learns about hosts, kept in the archive.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::archive::Archive;
use crate::clock::Clock;
use crate::fetch::Memory;
use crate::host::HostMemory;

/// A memory for the fetcher. An archive that fails costs a little politeness, and no feed.
pub struct ArchivedHosts {
    archive: Arc<dyn Archive>,
    clock: Arc<dyn Clock>,
}

impl ArchivedHosts {
    /// One in `archive`.
    pub fn new(archive: Arc<dyn Archive>, clock: Arc<dyn Clock>) -> Self {
        Self { archive, clock }
    }
}

impl Memory for ArchivedHosts {
    fn recall<'a>(&'a self, host: &'a str) -> BoxFuture<'a, HostMemory> {
        Box::pin(async move {
            self.archive.host(host).await.unwrap_or_else(|error| {
                tracing::warn!(host, "asked as if it were new: {error}");
                HostMemory::default()
            })
        })
    }

    fn keep<'a>(&'a self, host: &'a str, memory: HostMemory) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if let Err(error) = self.archive.put_host(host, memory, self.clock.now()).await {
                tracing::warn!(host, "what is known of it will be forgotten: {error}");
            }
        })
    }
}
