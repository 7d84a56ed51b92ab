//! What other processes write into the archive, such as a rebuilt feed, is noticed before the next refresh is due.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use crate::limits;

/// What the archive said when it was last asked whether others had written to it, and when that was.
#[derive(Default)]
pub(super) struct Outside(Mutex<Option<(i64, DateTime<Utc>)>>);

impl Engine {
    /// A number that changes when another process has written to the archive; looked at once in a while. An archive that
    /// cannot be asked keeps nobody from what is in memory.
    pub(super) async fn written_outside(&self) -> i64 {
        let now = self.parts.clock.now();
        let seen = *self.outside.0.lock().unwrap_or_else(PoisonError::into_inner);
        let often = TimeDelta::from_std(limits::NOTICED).unwrap_or(TimeDelta::zero());
        match seen {
            // A moment ahead was told by a clock that was wrong.
            Some((number, at)) if (at..at + often).contains(&now) => number,
            _ => {
                let before = seen.map_or(0, |(number, _)| number);
                let number = self.parts.archive.written().await.unwrap_or(before);
                *self.outside.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, now));
                number
            }
        }
    }
}
