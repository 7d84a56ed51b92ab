//! Hosts as a whole: who waits for whom, who is forgotten.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;

use super::*;
use crate::clock::ManualClock;
use crate::fetch::FetchError;

const PAGE: Manners = Manners { concurrency: 1, gap: Duration::ZERO, delay: None, is_page: true };
const SPACED: Manners = Manners { gap: Duration::from_hours(1), ..PAGE };

fn url(raw: &str) -> WebUrl {
    WebUrl::parse(raw).unwrap()
}

fn hosts() -> (Hosts, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().unwrap()));
    (Hosts::new(Common::new(Arc::<ManualClock>::clone(&clock))), clock)
}

#[tokio::test]
async fn a_turn_is_passed_on_when_it_ends_and_when_nobody_wants_it_any_longer() {
    let (hosts, _) = hosts();
    let host = hosts.of(&url("http://a.example/"));
    let first = host.turn(PAGE).await.unwrap();
    let mut given_up = Box::pin(host.turn(PAGE));
    assert!(given_up.as_mut().now_or_never().is_none());
    let second = host.turn(PAGE);
    let ends = async {
        tokio::task::yield_now().await;
        assert_eq!(host.status().waiting, 2);
        drop(given_up);
        drop(first);
    };
    drop(futures_util::future::join(second, ends).await);
    let turns = join_all((0..50).map(|_| async { drop(host.turn(PAGE).await.unwrap()) })).await;
    assert_eq!((turns.len(), host.status().waiting, host.status().in_flight), (50, 0, 0));
}

#[tokio::test]
async fn hosts_do_not_wait_for_each_other() {
    let (hosts, _) = hosts();
    let mut turns = Vec::new();
    for raw in ["http://a.example/", "http://b.example/", "http://a.example:8080/"] {
        turns.push(hosts.of(&url(raw)).turn(SPACED).await.unwrap());
    }
    let same = hosts.of(&url("https://a.example:443/"));
    assert!(same.turn(SPACED).now_or_never().is_none(), "https at its own port is the same host");
}

#[tokio::test]
async fn a_host_that_is_closed_sends_everybody_away_and_then_tries_with_one() {
    let (hosts, clock) = hosts();
    let host = hosts.of(&url("http://a.example/"));
    let wide = Manners { concurrency: 4, ..PAGE };
    let first = host.turn(PAGE).await.unwrap();
    let waits = host.turn(PAGE);
    let closes = async {
        tokio::task::yield_now().await;
        first.trouble(Trouble::TooMuch).await;
        drop(first);
    };
    let (sent_away, ()) = futures_util::future::join(waits, closes).await;
    assert!(matches!(sent_away.err(), Some(FetchError::Closed { .. })));
    assert!(matches!(host.turn(wide).now_or_never().unwrap().err(), Some(FetchError::Closed { .. })));
    clock.advance(chrono::TimeDelta::minutes(2));
    let probe = host.turn(wide).await.unwrap();
    assert!(host.turn(wide).now_or_never().is_none(), "one at a time, until it is known");
    probe.good().await;
    assert!(host.turn(wide).now_or_never().is_some());
}

#[tokio::test]
async fn hosts_that_rest_are_forgotten_and_those_to_be_left_alone_go_last() {
    let (hosts, _) = hosts();
    let busy = hosts.of(&url("http://busy.example/")).turn(PAGE).await.unwrap();
    let closed = hosts.of(&url("http://closed.example/")).turn(PAGE).await.unwrap();
    closed.trouble(Trouble::Asked(503, Duration::from_mins(1))).await;
    drop(closed);
    drop(hosts.of(&url("http://resting.example/")).turn(SPACED).await.unwrap());
    for n in 0..limits::HOSTS * 2 {
        drop(hosts.of(&url(&format!("http://h{n}.example/"))).turn(PAGE).await.unwrap());
    }
    let known = hosts.known();
    assert!(known.hosts.len() <= limits::HOSTS, "{}", known.hosts.len());
    for name in ["busy.example", "resting.example", "closed.example"] {
        assert!(known.hosts.contains_key(name), "{name}");
    }
    drop(known);
    drop(busy);
}
