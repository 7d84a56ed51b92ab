//! How often a site is worth asking, learnt from when its items came (`refresh = "auto"`). Pure.
//!
//! A site is asked twice in the time that usually lies between two posts, so that news are found after a quarter of it
//! on average. Posts that stand close together count as one: whoever posts five things each morning posts once a day.
//! What is usual is the median, which neither a holiday nor a post of ten years ago moves; the newest posts alone can say
//! that there is more news than there used to be, and silence that there is less.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::archive::Post;
use crate::limits;

/// How often a site is asked in the time between two posts.
const ASKED_BETWEEN_POSTS: u32 = 2;
/// How often it is asked in a time as long as the last silence was: after a day of it, every three hours.
const ASKED_IN_SILENCE: u32 = 8;
/// Gaps that are enough to say that a site has woken up: more than half of them must be short.
const NEWEST_GAPS: usize = 5;
/// Gaps that say something: a single one may be anything.
const GAPS: usize = 2;

/// How often a site with these posts is to be asked.
pub(in crate::engine) fn learnt(posts: &[Post], now: DateTime<Utc>) -> Duration {
    let moments = moments(posts, now);
    let usual = usual(&moments).unwrap_or(limits::AUTO_AT_FIRST * ASKED_BETWEEN_POSTS);
    let silence = moments.first().and_then(|newest| (now - *newest).to_std().ok()).unwrap_or_default();
    (usual / ASKED_BETWEEN_POSTS).max(silence / ASKED_IN_SILENCE).clamp(limits::AUTO_LEAST, limits::AUTO_MOST)
}

/// The time between two posts: in general, or lately if that is less.
fn usual(moments: &[DateTime<Utc>]) -> Option<Duration> {
    let gaps: Vec<Duration> =
        moments.windows(2).filter_map(|pair| (*pair.first()? - *pair.last()?).to_std().ok()).collect();
    if gaps.len() < GAPS {
        return None;
    }
    let newest = gaps.get(..NEWEST_GAPS).and_then(median);
    median(&gaps).map(|usual| newest.map_or(usual, |newest| newest.min(usual)))
}

/// The one in the middle; of an even number, the longer one.
fn median(gaps: &[Duration]) -> Option<Duration> {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}

/// When there was news, the latest first; what came within [`limits::AUTO_LEAST`] of the post before it belongs to that.
fn moments(posts: &[Post], now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let is_coarse = are_days(posts);
    let moment = |post: &Post| {
        // A day without a time: what was first seen on it came then.
        let is_of_that_day = post.first_seen - post.published < TimeDelta::hours(36);
        let moment = if is_coarse && is_of_that_day { post.first_seen } else { post.published };
        moment.min(now)
    };
    let mut all: Vec<DateTime<Utc>> = posts.iter().map(moment).collect();
    all.sort_unstable();
    let least = TimeDelta::from_std(limits::AUTO_LEAST).unwrap_or_default();
    let mut last = None;
    all.retain(|moment| {
        let is_apart = last.is_none_or(|last| *moment - last >= least);
        last = Some(*moment);
        is_apart
    });
    all.reverse();
    all
}

/// Whether dates are days only: then most of them show the same time.
fn are_days(posts: &[Post]) -> bool {
    let mut times: HashMap<i64, usize> = HashMap::new();
    for post in posts {
        *times.entry(post.published.timestamp().rem_euclid(24 * 60 * 60)).or_default() += 1;
    }
    times.values().any(|&count| count * 2 > posts.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:34:56Z".parse().unwrap()
    }

    /// Posts so many minutes ago, with dates of their own.
    fn ago(minutes: impl IntoIterator<Item = i64>) -> Vec<Post> {
        let post = |minutes| {
            let published = now() - TimeDelta::minutes(minutes);
            Post { published, first_seen: published + TimeDelta::minutes(3) }
        };
        minutes.into_iter().map(post).collect()
    }

    fn learnt_from(minutes: impl IntoIterator<Item = i64>) -> Duration {
        learnt(&ago(minutes), now())
    }

    #[test]
    fn steady_sites() {
        assert_eq!(learnt_from([]), HOUR, "nothing is known");
        assert_eq!(learnt_from([5]), HOUR);
        assert_eq!(learnt_from((0..50).map(|n| n * 60 + 7)), HOUR / 2);
        assert_eq!(learnt_from((0..50).map(|n| n * 360)), HOUR * 3);
        assert_eq!(learnt_from((0..50).map(|n| n * 1440)), limits::AUTO_MOST);
        assert_eq!(learnt_from((0..50).map(|n| n * 3)), HOUR, "one burst says nothing yet");
        assert_eq!(learnt_from((0..50).map(|n| n * 11)), limits::AUTO_LEAST);
    }

    #[test]
    fn several_posts_at_a_fixed_hour_are_one() {
        let mornings = (0..10).flat_map(|day| (0..5).map(move |n| day * 1440 + 60 + n * 4));
        assert_eq!(learnt_from(mornings), limits::AUTO_MOST);
        let thrice_a_day = (0..16).flat_map(|day| [20, 380, 740].map(|at| day * 1440 + at));
        assert_eq!(learnt_from(thrice_a_day), HOUR * 3, "every six hours, but not at night");
    }

    #[test]
    fn silence_and_waking_up() {
        let hourly_until = |silence: i64| learnt_from((0..50).map(|n| silence + n * 60));
        assert_eq!(hourly_until(60), HOUR / 2);
        assert_eq!(hourly_until(24 * 60), HOUR * 3);
        assert_eq!(hourly_until(30 * 24 * 60), limits::AUTO_MOST);
        let monthly = || (1..40).map(|n| n * 30 * 1440);
        assert_eq!(learnt_from(monthly()), limits::AUTO_MOST);
        assert_eq!(learnt_from([5, 30].into_iter().chain(monthly())), limits::AUTO_MOST, "two posts are no habit");
        assert_eq!(learnt_from([5, 35, 65, 95].into_iter().chain(monthly())), HOUR / 4, "four are");
    }

    #[test]
    fn days_without_a_time_are_learnt_from_when_items_were_seen() {
        let post = |hours: i64| {
            let first_seen = now() - TimeDelta::hours(hours);
            let midnight = first_seen.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
            Post { published: midnight, first_seen }
        };
        let posts: Vec<Post> = (0..30).map(|n| post(n * 2)).collect();
        assert_eq!(learnt(&posts, now()), HOUR);
        // The first refresh sees the items of a month at once.
        let backlog: Vec<Post> = (0..30).map(|n| Post { first_seen: now(), ..post(n * 24) }).collect();
        assert_eq!(learnt(&backlog, now()), limits::AUTO_MOST);
    }

    proptest! {
        #[test]
        fn whatever_was_posted_there_are_bounds(posts in proptest::collection::vec((any::<i32>(), any::<i32>()), 0..60)) {
            let moment = |seconds: i32| now() + TimeDelta::seconds(i64::from(seconds));
            let posts: Vec<Post> = posts
                .into_iter()
                .map(|(published, first_seen)| Post { published: moment(published), first_seen: moment(first_seen) })
                .collect();
            let interval = learnt(&posts, now());
            prop_assert!((limits::AUTO_LEAST..=limits::AUTO_MOST).contains(&interval));
        }

        #[test]
        fn order_makes_no_difference_and_silence_never_shortens(
            mut minutes in proptest::collection::vec(1_i64..1_000_000, 0..60),
            silence in 0_i64..1_000_000,
        ) {
            let before = learnt_from(minutes.clone());
            minutes.reverse();
            prop_assert_eq!(learnt_from(minutes.clone()), before);
            let later = now() + TimeDelta::minutes(silence);
            prop_assert!(learnt(&ago(minutes), later) >= before);
        }

        #[test]
        fn one_post_of_long_ago_changes_next_to_nothing(gap in 11_i64..100, count in 12_i64..40, long_ago in 1_i64..5_000_000) {
            let steady = || (0..count).map(|n| n * gap);
            let with_it = learnt_from(steady().chain([count * gap + long_ago]));
            prop_assert_eq!(with_it, learnt_from(steady()));
        }
    }
}
