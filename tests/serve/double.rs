//! A mill that answers what a test wants, and the server in front of it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use feedmill::edition::{Format, Rendering};
use feedmill::engine::{Answer, Detail, Edition, Freshness, Overview, Status, Wanted};
use feedmill::health::Health;
use feedmill::metrics::{Levels, Metrics};
use feedmill::outcome::Outcome;
use feedmill::serve::{Bounds, Mill, serve};
use feedmill::weburl::WebUrl;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

/// When the double's feeds last changed.
pub(crate) const CHANGED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// A mill with these sites: `ferris` has an edition in every format; `big` has one of 64 MB; `stale` has an old one;
/// `broken` never had one; `hanging` and `slow` have none yet; `gated` has one that waits to be let through.
pub(crate) struct Double {
    answers: HashMap<&'static str, fn(Format) -> Answer>,
    public_url: Option<WebUrl>,
    asked: mpsc::SyncSender<String>,
    gate: Arc<Semaphore>,
    metrics: Metrics,
}

impl Double {
    fn new(public_url: Option<&str>, asked: mpsc::SyncSender<String>, gate: Arc<Semaphore>) -> Self {
        let mut answers: HashMap<&'static str, fn(Format) -> Answer> = HashMap::new();
        answers.insert("ferris", |format| edition(document(format), format, fresh()));
        answers.insert("gated", |format| edition(document(format), format, fresh()));
        answers.insert("big", |format| {
            // Made once: a crowd may ask for it.
            static BIG: OnceLock<Answer> = OnceLock::new();
            BIG.get_or_init(|| edition("x".repeat(64 << 20), format, fresh())).clone()
        });
        answers.insert("stale", |format| {
            let trouble = Some("the listing answered 500 \"Internal Server Error\"".into());
            edition(document(format), format, Freshness { ttl_seconds: -30, trouble, ..fresh() })
        });
        answers.insert("broken", |_| failed("https://ferris.example/ answered 500", Some(500), false));
        answers.insert("hanging", |_| failed("https://ferris.example/ sent nothing within 20 s", None, true));
        answers.insert("slow", |_| Answer::Nothing { outcome: None, wait: None });
        let public_url = public_url.map(|url| WebUrl::parse(url).unwrap());
        Self { answers, public_url, asked, gate, metrics: Metrics::default() }
    }
}

impl Mill for Double {
    fn answer<'a>(&'a self, wanted: Wanted<'a>) -> BoxFuture<'a, Answer> {
        async move {
            let Wanted { name: site, format, .. } = wanted;
            let _ = self.asked.try_send(site.to_owned());
            if site == "gated" {
                let _permit = self.gate.acquire().await;
            }
            self.answers.get(site).map_or(Answer::Unknown, |answer| answer(format))
        }
        .boxed()
    }

    fn overview(&self) -> BoxFuture<'_, Vec<Overview>> {
        let overview = |name: &str, title: &str| Overview {
            name: name.into(),
            title: title.into(),
            description: None,
            home: WebUrl::parse("https://ferris.example/blog/?a=1&b=2").unwrap(),
            health: Some(Health::Healthy),
            trouble: None,
            advice: None,
            due: None,
            changed: None,
            items: 3,
            is_form: false,
        };
        let sites = vec![overview("ferris", "Ferris <&\"'> writes"), overview("stale", "Stale")];
        async { sites }.boxed()
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
        std::future::ready(Ok(self.metrics.text(&Levels::default()))).boxed()
    }

    fn answered(&self, status: u16) {
        self.metrics.answered(status);
    }

    fn public_url(&self) -> Option<WebUrl> {
        self.public_url.clone()
    }
}

/// The document of a format: enough to tell it from others.
pub(crate) fn document(format: Format) -> String {
    format!("the {} of ferris", format.name())
}

fn edition(document: String, format: Format, freshness: Freshness) -> Answer {
    let changed = DateTime::parse_from_rfc2822(CHANGED).unwrap().to_utc();
    let gzip = Bytes::from(format!("gzip of {}", document.get(..20).unwrap_or_default()));
    Answer::Edition(Edition {
        rendering: Arc::new(Rendering::new(format, document.into(), gzip, changed)),
        freshness,
        query: None,
    })
}

fn fresh() -> Freshness {
    Freshness { ttl_seconds: 1234, lifetime: Duration::from_hours(1), waited: false, trouble: None, is_partial: false }
}

fn failed(why: &str, status: Option<u16>, timed_out: bool) -> Answer {
    let outcome = Some(Outcome::Failed { why: why.into(), status, timed_out });
    Answer::Nothing { outcome, wait: Some(Duration::from_secs(40)) }
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) at: SocketAddr,
    /// The sites asked for, while there is room.
    pub(crate) asked: mpsc::Receiver<String>,
    /// Lets requests for `gated` through, as many as it is given permits.
    pub(crate) gate: Arc<Semaphore>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn with(bounds: Bounds, public_url: Option<&str>) -> Self {
        let (tell, asked) = mpsc::sync_channel(64);
        let (stop, stopped) = oneshot::channel();
        let (bound, at) = mpsc::sync_channel(1);
        let gate = Arc::new(Semaphore::new(0));
        let mill = Arc::new(Double::new(public_url, tell, Arc::clone(&gate)));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, mill, bounds, stopped.map(|_| ())).await;
            });
        });
        Self { at: at.recv().unwrap(), asked, gate, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn new() -> Self {
        Self::with(Bounds::default(), Some("https://feeds.example/mill/"))
    }

    /// Tells the server to stop.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until the server has returned.
    pub(crate) fn wait(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
