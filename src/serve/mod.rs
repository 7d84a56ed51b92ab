//! The HTTP server: readers' requests in, editions out.
//!
//! What a request asks for is decided by pure functions (`router`, `negotiate`, `conditional`); what there is to
//! answer comes from a [`Mill`]; the network is in `server`, `connection` and `linger` and nowhere else. Nothing
//! here reads a file, makes a path from a request, or believes a client about who or where anybody is.

mod api;
mod cache;
mod conditional;
mod connection;
mod feed;
mod linger;
mod negotiate;
mod pages;
mod refusal;
mod reply;
mod respond;
mod router;
mod server;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::engine::{Answer, Detail, Engine, Overview, Status, Wanted};
use crate::weburl::WebUrl;

pub use server::{Bounds, serve};

/// What the server asks of the engine.
pub trait Mill: Send + Sync + 'static {
    /// The edition of a feed in one format. Waits only if there has never been one, and not for ever.
    fn answer<'a>(&'a self, wanted: Wanted<'a>) -> BoxFuture<'a, Answer>;

    /// Every feed, in the order of the index page.
    fn overview(&self) -> BoxFuture<'_, Vec<Overview>>;

    /// How every feed is doing, or why that cannot be said.
    fn status(&self) -> BoxFuture<'_, Result<Status, String>>;

    /// How one feed is doing; `None`: there is none of that name.
    fn detail<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Detail>, String>>;

    /// Whether feeds can be served, or why not.
    fn readiness(&self) -> BoxFuture<'_, Result<(), String>>;

    /// What is counted, as [`crate::metrics::CONTENT_TYPE`].
    fn metrics(&self) -> BoxFuture<'_, Result<String, String>>;

    /// Counts an answer.
    fn answered(&self, status: u16);

    /// The address under which readers reach the server, if the configuration says it.
    fn public_url(&self) -> Option<WebUrl>;
}

impl Mill for Arc<Engine> {
    fn answer<'a>(&'a self, wanted: Wanted<'a>) -> BoxFuture<'a, Answer> {
        Box::pin(Engine::answer(self, wanted))
    }

    fn overview(&self) -> BoxFuture<'_, Vec<Overview>> {
        Box::pin(async {
            Engine::overview(self).await.unwrap_or_else(|error| {
                tracing::error!("{error}");
                Vec::new()
            })
        })
    }

    fn status(&self) -> BoxFuture<'_, Result<Status, String>> {
        Box::pin(async { Engine::status(self).await.map_err(|error| error.to_string()) })
    }

    fn detail<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Detail>, String>> {
        Box::pin(async move { Engine::detail(self, name).await.map_err(|error| error.to_string()) })
    }

    fn readiness(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { Engine::readiness(self).await.map_err(|error| error.to_string()) })
    }

    fn metrics(&self) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async {
            let levels = self.levels().await.map_err(|error| error.to_string())?;
            Ok(Engine::metrics(self).text(&levels))
        })
    }

    fn answered(&self, status: u16) {
        Engine::metrics(self).answered(status);
    }

    fn public_url(&self) -> Option<WebUrl> {
        self.plan().server.public_url.clone()
    }
}
