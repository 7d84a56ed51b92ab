//! HTTP/2 is spoken where a site offers it, under the same limits.

#![cfg(test)]

mod support;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use feedmill::fetch::FetchError;
use feedmill::rule::Allowed;
use futures_util::StreamExt;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use support::fetching::Fetching;
use support::names::Names;
use support::tls::{Authority, Identity};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Body = StreamBody<stream::BoxStream<'static, Result<Frame<Bytes>, &'static str>>>;

/// What stands at each path.
fn answer(path: &str) -> Response<Body> {
    let page = || Ok(Frame::data(Bytes::from_static(b"<html>")));
    let pieces = match path {
        "/page" | "/short" => stream::iter([page(), page()]).boxed(),
        "/reset" => stream::iter([Err("the stream is reset here")]).boxed(),
        "/endless" => stream::repeat_with(|| Ok(Frame::data(Bytes::from(vec![0; 16 * 1024])))).boxed(),
        _ => stream::empty().boxed(),
    };
    let head = Response::builder().header("content-type", "text/html").header("etag", "\"two\"");
    let head = match path {
        "/head" => head.header("x-long", "x".repeat(70_000)),
        "/short" => head.header("content-length", "1000"),
        _ => head,
    };
    head.body(StreamBody::new(pieces)).expect("a response")
}

/// A server that speaks nothing but HTTP/2.
async fn start(identity: &Identity) -> SocketAddr {
    let mut settings = identity.server().as_ref().clone();
    settings.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(settings));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(socket) = acceptor.accept(socket).await else { continue };
            let service =
                service_fn(|request: Request<_>| async move { Ok::<_, Infallible>(answer(request.uri().path())) });
            let http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            tokio::spawn(http2.serve_connection(TokioIo::new(socket), service));
        }
    });
    address
}

#[tokio::test]
async fn http2_is_spoken_under_the_same_limits() {
    let authority = Authority::new();
    let address = start(&authority.identity("site.example")).await;
    let mut fetching = Fetching::trusting(Names::default().with("site.example", &["127.0.0.1"]), &authority);
    fetching.upstream.allow_private = vec![Allowed::parse(&address.to_string()).unwrap()];
    fetching.upstream.body_bytes = 1_000_000;
    let url = |path: &str| format!("https://site.example:{}{path}", address.port());
    let page = fetching.page(&url("/page")).await;
    assert_eq!((&page.body[..], page.validators.etag.as_deref()), (&b"<html><html>"[..], Some("\"two\"")));
    let short = fetching.error(&url("/short")).await;
    assert!(matches!(&short, FetchError::Body(said) if said.contains("incomplete")), "{short:?}");
    assert_eq!(fetching.error(&url("/endless")).await, FetchError::TooLarge { limit: 1_000_000 });
    for path in ["/head", "/reset"] {
        let error = fetching.error(&url(path)).await;
        assert!(matches!(error, FetchError::Protocol(_)), "{path}: {error:?}");
    }
    fetching.page(&url("/page")).await;
}
