//! What a cached feed costs the server, beside a bare hyper that answers the same bytes: processor time of the
//! server's thread for each request, over real TCP on the loopback. The clients' time does not count.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that fails has nothing to say")]

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use feedmill::edition::{Format, Rendering};
use feedmill::engine::{Answer, Detail, Edition, Freshness, Overview, Status, Wanted};
use feedmill::metrics::Metrics;
use feedmill::serve::{Bounds, Mill, serve};
use feedmill::weburl::WebUrl;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// Bytes of a feed with 30 entries of a listing.
const PLAIN: usize = 40 * 1024;
/// The same compressed.
const GZIP: usize = 8 * 1024;
/// Clients at once.
const CLIENTS: u32 = 8;

/// A mill with one edition, and where readers reach it.
struct One(Arc<Rendering>, WebUrl, Metrics);

impl Mill for One {
    fn answer<'a>(&'a self, _: Wanted<'a>) -> BoxFuture<'a, Answer> {
        let lifetime = Duration::from_hours(1);
        let freshness = Freshness { ttl_seconds: 1234, lifetime, waited: false, trouble: None, is_partial: false };
        std::future::ready(Answer::Edition(Edition { rendering: Arc::clone(&self.0), freshness, query: None })).boxed()
    }

    fn overview(&self) -> BoxFuture<'_, Vec<Overview>> {
        std::future::ready(Vec::new()).boxed()
    }

    fn status(&self) -> BoxFuture<'_, Result<Status, String>> {
        std::future::ready(Ok(Status::of(Vec::new(), Vec::new(), None, DateTime::UNIX_EPOCH))).boxed()
    }

    fn detail<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Detail>, String>> {
        std::future::ready(Ok(None)).boxed()
    }

    fn readiness(&self) -> BoxFuture<'_, Result<(), String>> {
        std::future::ready(Err("the archive is gone".to_owned())).boxed()
    }

    fn metrics(&self) -> BoxFuture<'_, Result<String, String>> {
        std::future::ready(Ok(String::new())).boxed()
    }

    fn answered(&self, status: u16) {
        self.2.answered(status);
    }

    fn public_url(&self) -> Option<WebUrl> {
        Some(self.1.clone())
    }
}

fn rendering() -> Rendering {
    let document = |length| Bytes::from(vec![b'x'; length]);
    Rendering::new(Format::Rss, document(PLAIN), document(GZIP), DateTime::UNIX_EPOCH)
}

/// A server on a thread of its own.
struct Server {
    at: SocketAddr,
    /// Where the kernel tells the thread's processor time.
    clock: PathBuf,
}

impl Server {
    fn start<F: Future>(run: impl FnOnce(TcpListener) -> F + Send + 'static) -> Self {
        let (tell, told) = mpsc::sync_channel(1);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let clock = std::fs::canonicalize("/proc/thread-self").unwrap().join("schedstat");
                tell.send(Self { at: listener.local_addr().unwrap(), clock }).unwrap();
                run(listener).await;
            });
        });
        told.recv().unwrap()
    }

    /// Processor time of the thread since its start.
    fn time(&self) -> Duration {
        let line = std::fs::read_to_string(&self.clock).unwrap();
        Duration::from_nanos(line.split(' ').next().unwrap().parse().unwrap())
    }

    /// Processor time for `requests` times `request`: each client asks as often, and the time is divided by them.
    fn cost(&self, request: &[u8], requests: u64) -> Duration {
        let start = self.time();
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| ask(self.at, request, requests));
            }
        });
        self.time().saturating_sub(start) / CLIENTS
    }
}

/// Asks `times` over one connection, one request after the other.
fn ask(server: SocketAddr, request: &[u8], times: u64) {
    let mut stream = TcpStream::connect(server).unwrap();
    let mut buffer = vec![0; 128 * 1024];
    for _ in 0..times {
        stream.write_all(request).unwrap();
        let mut filled = 0;
        let mut whole = usize::MAX;
        while filled < whole {
            filled += stream.read(&mut buffer[filled..]).unwrap();
            if whole == usize::MAX {
                whole = length(&buffer[..filled]).unwrap_or(whole);
            }
        }
    }
}

/// The length of the response that `start` starts, once its head is there.
fn length(start: &[u8]) -> Option<usize> {
    let head = start.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let fields = std::str::from_utf8(&start[..head]).ok()?;
    let body = fields.lines().find_map(|line| line.strip_prefix("content-length: "));
    Some(head + body.map_or(0, |length| length.parse().unwrap()))
}

/// The least that hyper can do: the same body, no fields but its own.
async fn hello(listener: TcpListener, body: Bytes) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let _ = stream.set_nodelay(true);
        let body = body.clone();
        tokio::spawn(async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                drop(request);
                let body = body.clone();
                async { Ok::<_, Infallible>(Response::new(Full::new(body))) }
            });
            let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

fn cached(c: &mut Criterion) {
    let mill: Arc<dyn Mill> =
        Arc::new(One(Arc::new(rendering()), WebUrl::parse("https://feeds.example/").unwrap(), Metrics::default()));
    let feedmill = Server::start(|listener| serve(listener, mill, Bounds::default(), std::future::pending()));
    let unmodified = format!("If-None-Match: {}\r\n", rendering().etag);
    for (name, fields, body) in [
        ("plain", "", rendering().plain),
        ("gzip", "Accept-Encoding: gzip\r\n", rendering().gzip),
        ("304", unmodified.as_str(), Bytes::new()),
    ] {
        let request = format!("GET /feeds/x.xml HTTP/1.1\r\nHost: a\r\n{fields}\r\n").into_bytes();
        let hello = Server::start(move |listener| hello(listener, body));
        let mut group = c.benchmark_group(format!("server time for a request, {name}"));
        group.bench_function("hello", |b| b.iter_custom(|requests| hello.cost(&request, requests)));
        group.bench_function("feed", |b| b.iter_custom(|requests| feedmill.cost(&request, requests)));
        group.finish();
    }
}

criterion_group!(benches, cached);
criterion_main!(benches);
