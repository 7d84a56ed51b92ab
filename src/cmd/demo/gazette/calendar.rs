//! What is out when: nine stories at the opening, then one piece after another, for ever.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// How old the stories of the opening are, in minutes, oldest first: just under a week to a quarter of an hour.
const OPENING_AGES: [i64; 9] = [9_075, 7_630, 6_412, 5_288, 4_519, 3_177, 1_804, 586, 14];

/// Pieces that are out at the opening.
pub(super) const OPENING: u64 = OPENING_AGES.len() as u64;

/// When pieces come out. Pieces are numbered from 0, oldest first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    opened: DateTime<Utc>,
    pace: TimeDelta,
}

impl Calendar {
    /// The paper opened at `opened` and brings one piece every `pace`, which is at least a second.
    pub(super) fn new(opened: DateTime<Utc>, pace: Duration) -> Self {
        let pace = TimeDelta::from_std(pace).unwrap_or(TimeDelta::MAX).max(TimeDelta::seconds(1));
        // Dates in HTTP know no fractions of a second.
        Self { opened: opened.trunc_subsecs(0), pace: TimeDelta::seconds(pace.num_seconds()) }
    }

    /// How many pieces are out at `now`.
    pub(super) fn out(&self, now: DateTime<Utc>) -> u64 {
        let open_for = (now - self.opened).num_seconds();
        OPENING + u64::try_from(open_for / self.pace.num_seconds()).unwrap_or(0)
    }

    /// When piece `number` comes out.
    pub(super) fn published(&self, number: u64) -> DateTime<Utc> {
        let age = usize::try_from(number).ok().and_then(|number| OPENING_AGES.get(number));
        let after = match age {
            Some(minutes) => -TimeDelta::minutes(*minutes),
            None => i32::try_from(number - OPENING + 1)
                .ok()
                .and_then(|steps| self.pace.checked_mul(steps))
                .unwrap_or(TimeDelta::MAX),
        };
        self.opened.checked_add_signed(after).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// When the paper opened.
    pub(super) fn opened(&self) -> DateTime<Utc> {
        self.opened
    }

    /// The pace in words: `30 seconds`, `2 minutes`.
    pub(super) fn pace_in_words(&self) -> String {
        let seconds = self.pace.num_seconds();
        let (count, unit) = if seconds % 60 == 0 { (seconds / 60, "minute") } else { (seconds, "second") };
        if count == 1 { unit.to_owned() } else { format!("{count} {unit}s") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> DateTime<Utc> {
        "2026-11-23T09:30:00Z".parse().unwrap()
    }

    #[test]
    fn one_piece_a_step_and_never_fewer_than_the_opening() {
        let calendar = Calendar::new(opened(), Duration::from_secs(30));
        let out = |seconds| calendar.out(opened() + TimeDelta::seconds(seconds));
        assert_eq!([out(-90), out(0), out(29), out(30), out(59), out(60)], [9, 9, 9, 10, 10, 11]);
        assert_eq!(out(86_400), 9 + 2_880);
    }

    #[test]
    fn a_piece_is_dated_at_the_moment_it_comes_out() {
        let calendar = Calendar::new(opened(), Duration::from_secs(7));
        for number in OPENING..OPENING + 100 {
            assert_eq!(calendar.out(calendar.published(number)), number + 1);
        }
    }

    #[test]
    fn later_pieces_have_later_dates() {
        let calendar = Calendar::new(opened(), Duration::from_secs(1));
        for number in 0..100 {
            assert!(calendar.published(number) < calendar.published(number + 1), "{number}");
        }
        assert!(calendar.published(u64::MAX) > opened());
    }

    #[test]
    fn the_pace_is_said_in_words() {
        let words = |seconds| Calendar::new(opened(), Duration::from_secs(seconds)).pace_in_words();
        assert_eq!([words(0), words(30), words(60), words(120)], ["second", "30 seconds", "minute", "2 minutes"]);
    }
}
