//! One host is not asked for more at a time than its site allows, whoever asks, and never holds up another.

#![cfg(test)]

mod support;

use futures_util::future::join_all;
use support::fetching::Fetching;
use support::origin::Origin;
use support::script::Script;

#[tokio::test]
async fn no_more_requests_are_in_flight_to_a_host_than_its_site_allows() {
    let (busy, other) = (Origin::start(), Origin::start());
    busy.on("/", Script::html("page"));
    other.on("/", Script::html("page"));
    let mut fetching = Fetching::of(&[&busy, &other]);
    fetching.upstream.concurrency = 2;
    let gate = busy.hold("/");
    let url = busy.url("/");
    let all_of_busy = join_all((0..6).map(|_| fetching.page(&url)));
    let meanwhile = async {
        // Every answer of the other host is a chance for a third request to the busy one.
        for _ in 0..20 {
            fetching.page(&other.url("/")).await;
        }
        assert_eq!((other.hits("/"), busy.hits("/")), (20, 2));
        gate.release();
    };
    futures_util::future::join(all_of_busy, meanwhile).await;
    assert_eq!(busy.hits("/"), 6);
}

#[tokio::test]
async fn a_request_says_who_asks_and_what_for() {
    let origin = Origin::start();
    origin.on("/", Script::html("page"));
    let mut fetching = Fetching::of(&[&origin]);
    fetching.page(&origin.url("/?b=2&a=1#fragment")).await;
    fetching.upstream.user_agent = Some("Somebody/1.0".into());
    fetching.page(&origin.url("/")).await;
    let [ours, theirs] = &origin.requests()[..] else { panic!("two requests") };
    assert_eq!((ours.method.as_str(), ours.path.as_str()), ("GET", "/?b=2&a=1"));
    let mut names: Vec<_> = ours.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"], "nothing that tells us apart from others");
    assert_eq!(ours.header("user-agent"), Some("Feedmill/0.1.0 (+feed generator)"));
    assert_eq!(ours.header("accept"), Some("text/html,application/xhtml+xml,*/*;q=0.5"));
    assert_eq!(theirs.header("user-agent"), Some("Somebody/1.0"));
}

#[tokio::test]
async fn one_fetcher_serves_many_tasks() {
    let origin = Origin::start();
    origin.on("/", Script::html("page"));
    let fetching = std::sync::Arc::new(Fetching::of(&[&origin]));
    let tasks = (0..8).map(|_| {
        let (fetching, url) = (std::sync::Arc::clone(&fetching), origin.url("/"));
        tokio::spawn(async move { fetching.page(&url).await.body })
    });
    for body in join_all(tasks).await {
        assert_eq!(body.unwrap(), "page");
    }
}

#[tokio::test]
async fn a_connection_that_the_site_closed_meanwhile_costs_no_page() {
    let origin = Origin::start();
    origin.on("/", Script::html("page"));
    let fetching = Fetching::of(&[&origin]);
    fetching.page(&origin.url("/")).await;
    for end in [Script::new().close(), Script::new().reset()] {
        origin.once("/", end);
        assert_eq!(fetching.page(&origin.url("/")).await.body, "page");
    }
    assert_eq!(origin.hits("/"), 5);
}
