//! What a refresh costs beside only parsing its pages: processor time of one listing and 30 articles, cold, from the
//! first byte on the wire to an edition in memory, as a multiple of parsing the same pages with scraper and nothing
//! else. Both in one run of one process; the web site runs in another, and is not counted.
//!
//!     cargo bench --bench refresh

#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::write_with_newline,
    reason = "a measurement, not the product"
)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;

use feedmill::archive::SqliteArchive;
use feedmill::clock::SystemClock;
use feedmill::edition::Format;
use feedmill::engine::{Engine, Parts};
use feedmill::extract::{self, Circumstances};
use feedmill::fetch::{Fetched, Fetcher, Request};
use feedmill::page::Document;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use feedmill::{config, render};

const ARTICLES: usize = 30;
const ROUNDS: usize = 20;

fn main() {
    if std::env::args().any(|argument| argument == "--site") {
        return serve();
    }
    let mut site = Command::new(std::env::current_exe().unwrap()).arg("--site").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(site.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    measure(line.trim().parse().unwrap());
    site.kill().unwrap();
    site.wait().unwrap();
}

fn measure(address: SocketAddr) {
    let toml = format!(
        "[sites.bench]\nurl = \"http://{address}/\"\nallow_private = [\"{address}\"]\n\
         [sites.bench.listing]\nitem = \".card\"\n[sites.bench.article]\ncontent = \".x-body\"\nremove = \".share\"\n\
         [fetch]\ngap = \"0s\"\nconcurrency = 8\n"
    );
    let plan = Arc::new(config::parse(&toml, "sites.toml".as_ref()).unwrap());
    let rule = Arc::clone(&plan.sites["bench"].rule);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fetcher = Arc::new(Fetcher::system().unwrap());
    let pages: Vec<String> = std::iter::once(listing()).chain((0..ARTICLES).map(article)).collect();
    let bytes: usize = pages.iter().map(String::len).sum();
    let circumstances = Circumstances { now: chrono::Utc::now(), explain: false };

    let parse = cpu(|| pages.iter().for_each(|page| drop(scraper::Html::parse_document(page))));
    let guarded = cpu(|| pages.iter().for_each(|body| drop(Document::read(&page(body), None).unwrap())));
    let read = cpu(|| {
        for (n, body) in pages.iter().enumerate() {
            let mut document = Document::read(&page(body), None).unwrap();
            if n == 0 {
                drop(extract::listing(&mut document, &rule, circumstances));
            } else {
                drop(extract::article(&mut document, &rule, None, circumstances));
            }
        }
    });
    let fetch = cpu(|| {
        runtime.block_on(async {
            let site = &plan.sites["bench"];
            let paths = std::iter::once(String::new()).chain((0..ARTICLES).map(|n| format!("story/{n}")));
            for path in paths {
                let url = site.url.join(&path).unwrap();
                let request = Request::plain(&url, &site.url, &site.upstream);
                assert!(matches!(fetcher.get(request).await.unwrap(), Fetched::Page(_)));
            }
        });
    });
    let mut feed = None;
    let refresh = cpu(|| {
        runtime.block_on(async {
            let parts = Parts {
                plan: Arc::clone(&plan),
                fetcher: Arc::clone(&fetcher),
                archive: Arc::new(SqliteArchive::in_memory().unwrap()),
                clock: Arc::new(SystemClock),
                explain: false,
            };
            let engine = Engine::new(parts);
            let refreshed = engine.refresh("bench").await.unwrap();
            assert!(refreshed.outcome.is_good(), "{:?}", refreshed.outcome);
            let made = engine.feed("bench", None).await.unwrap().unwrap();
            assert_eq!(made.items.iter().filter(|item| item.fields.content.is_some()).count(), ARTICLES);
            drop(render::rendering(&made, Format::Rss));
            feed = Some(made);
        });
    });
    let feed = feed.unwrap();
    let rendering = cpu(|| drop(render::rendering(&feed, Format::Rss)));

    println!("{} pages, {} KB; processor time of one round in ms, mean of {ROUNDS}\n", pages.len(), bytes / 1024);
    let row = |name: &str, ms: f64| println!("{name:<58}{ms:>8.1}{:>8.2}x", ms / parse);
    row("only parsing, with scraper", parse);
    row("parsing under guard, with charset and type", guarded);
    row("... and reading by the rule, links, images, cleaning", read);
    row("only fetching (gzip)", fetch);
    row("only rendering RSS, with gzip", rendering);
    row("a whole refresh: fetch, read, merge, archive, RSS", refresh);
}

fn page(body: &str) -> Page {
    Page {
        url: WebUrl::parse("http://a.example/story/1").unwrap(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: body.to_owned().into(),
        validators: Validators::default(),
        signs: Signs::default(),
        fresh_for: None,
    }
}

/// Processor time of one run in milliseconds: this process, all threads, user and system.
fn cpu(mut run: impl FnMut()) -> f64 {
    run();
    let before = ticks();
    (0..ROUNDS).for_each(|_| run());
    (ticks() - before) as f64 * 10.0 / ROUNDS as f64
}

/// `utime` and `stime` of proc(5), in hundredths of a second.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// The furniture that surrounds an article on a real page: navigation, scripts, related boxes, a footer.
fn furniture(rows: usize) -> String {
    (0..rows).fold(String::new(), |mut html, n| {
        let _ = write!(
            html,
            "<li class=\"nav__item nav__item--{n}\" data-track='{{\"pos\":{n}}}'><a class=\"nav__link\" href=\"/section/{n}?ref=nav\" \
             title=\"Section {n}\"><span class=\"icon icon--{n}\" aria-hidden=\"true\"></span><span>Section number {n}</span></a></li>\n"
        );
        html
    })
}

fn listing() -> String {
    let cards = (0..ARTICLES).fold(String::new(), |mut html, n| {
        let _ = write!(
            html,
            "<div class=\"card card--teaser\"><a class=\"card__image\" href=\"/story/{n}\"><img loading=lazy src=\"data:image/gif;base64,R0\" \
             data-src=\"/images/{n}.jpg\" alt=\"\"></a><h3 class=\"card__title\"><a href=\"/story/{n}?utm_source=front\">Story number {n} \
             of the mill</a></h3><p class=\"card__teaser\">The miller said that sack {n} was counted twice.</p>\
             <time datetime=\"2026-10-{:02}T08:00:00Z\">then</time></div>\n",
            1 + n % 28
        );
        html
    });
    format!(
        "<!doctype html><html lang=en><head><title>The Bench</title></head><body><ul>{0}</ul>{cards}<ul>{0}</ul></body></html>",
        furniture(150)
    )
}

fn article(n: usize) -> String {
    let paragraphs = (0..40).fold(String::new(), |mut html, p| {
        let _ = write!(
            html,
            "<p class=\"text text--{p}\">Paragraph {p} of story {n}: the <em>wheel</em> turned, the <a href=\"/section/{p}?utm_medium=text\">goose</a> \
             watched, and the miller wrote it all down in the long book that hangs beside the door, as his mother had done, \
             and hers before her, in a hand that nobody else could read. {}</p>\n",
            "It rained a little, and then it stopped. ".repeat(8)
        );
        if p % 10 == 5 {
            let _ = write!(html, "<figure><img class=lazy data-src=\"/images/{n}-{p}.jpg\"><noscript><img src=\"/images/{n}-{p}.jpg\"></noscript><figcaption>The goose</figcaption></figure><div class=share><a href=#>Share</a></div>");
        }
        html
    });
    format!(
        "<!doctype html><html lang=en><head><title>Story {n} | The Bench</title><meta property=\"og:title\" content=\"Story {n}\">\
         <meta property=\"article:published_time\" content=\"2026-10-{:02}T08:00:00Z\"><script type=\"application/ld+json\">\
         {{\"@type\":\"NewsArticle\",\"headline\":\"Story {n}\",\"author\":{{\"name\":\"Ada Miller\"}},\"image\":\"/images/{n}.jpg\"}}</script>\
         <script>{}</script></head><body><ul>{2}</ul><article><h1>Story {n}</h1><div class=\"x-body\">{paragraphs}</div></article>\
         <ul>{2}</ul></body></html>",
        1 + n % 28,
        "window.tracker=window.tracker||[];".repeat(200),
        furniture(110)
    )
}

/// The web site: every page compressed beforehand, connections kept, a thread for each.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    let answer = |html: String| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(html.as_bytes()).unwrap();
        let body = gzip.finish().unwrap();
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: ";
        [format!("{head}{}\r\n\r\n", body.len()).into_bytes(), body].concat()
    };
    let listing = Arc::new(answer(listing()));
    let articles: Arc<Vec<Vec<u8>>> = Arc::new((0..ARTICLES).map(|n| answer(article(n))).collect());
    for stream in listener.incoming().map_while(Result::ok) {
        let (listing, articles) = (Arc::clone(&listing), Arc::clone(&articles));
        std::thread::spawn(move || converse(stream, &listing, &articles));
    }
}

fn converse(mut stream: TcpStream, listing: &[u8], articles: &[Vec<u8>]) {
    let _ = stream.set_nodelay(true);
    let mut asked = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(n @ 1..) = stream.read(&mut piece) {
        asked.extend_from_slice(&piece[..n]);
        if asked.ends_with(b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&asked).into_owned();
            let path = head.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
            let story =
                path.strip_prefix("/story/").and_then(|n| n.parse::<usize>().ok()).and_then(|n| articles.get(n));
            let _ = stream.write_all(story.map_or(listing, Vec::as_slice));
            asked.clear();
        }
    }
}
