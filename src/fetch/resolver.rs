//! Names to addresses. A trait, so that a test decides what a name means; never `/etc/hosts`.

use std::io;
use std::net::IpAddr;

use futures_util::future::BoxFuture;

/// Looks names up. What it finds is judged elsewhere, before anything is dialled.
pub trait Resolver: Send + Sync {
    /// The addresses of `name`, in the order in which they should be tried.
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) })
    }
}
