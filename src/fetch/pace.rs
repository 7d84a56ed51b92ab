//! How long each part of an exchange may take, and which part took too long.

use std::time::Duration;

use tokio::time::Instant;

use crate::rule::Patience;

use super::FetchError;

/// The phase of [`FetchError::Timeout`] in which a name is looked up.
pub(super) const NAME: &str = "address for the name";
/// The phase in which a connection is opened.
pub(super) const CONNECTION: &str = "connection";
/// The phase from the request to the head of the answer.
pub(super) const ANSWER: &str = "answer";
/// The phase between two parts of a body.
pub(super) const NEXT_PART: &str = "next part of the body";
/// The whole exchange.
pub(super) const END: &str = "end of the exchange";

/// The clock of one exchange. It stands still while the exchange waits for its turn at a host: that wait is our
/// politeness and says nothing about the site.
pub(super) struct Pace {
    patience: Patience,
    deadline: Instant,
}

impl Pace {
    pub(super) fn start(patience: Patience) -> Self {
        Self { patience, deadline: Instant::now() + patience.total }
    }

    /// Runs `step` with the clock standing still.
    pub(super) async fn pause<T>(&mut self, step: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let out = step.await;
        self.deadline += started.elapsed();
        out
    }

    /// Waits for the head of an answer.
    pub(super) async fn answer<T>(&self, step: impl Future<Output = T>) -> Result<T, FetchError> {
        self.within(ANSWER, self.patience.first_byte, step).await
    }

    /// Waits for the next part of a body.
    pub(super) async fn next_part<T>(&self, step: impl Future<Output = T>) -> Result<T, FetchError> {
        self.within(NEXT_PART, self.patience.gap, step).await
    }

    async fn within<T>(
        &self,
        phase: &'static str,
        limit: Duration,
        step: impl Future<Output = T>,
    ) -> Result<T, FetchError> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        tokio::time::timeout(limit.min(left), step).await.map_err(|_| {
            if left < limit {
                FetchError::Timeout { phase: END, limit: self.patience.total }
            } else {
                FetchError::Timeout { phase, limit }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const LONG: Duration = Duration::from_hours(1);
    const SHORT: Duration = Duration::from_millis(1);
    const PATIENCE: Patience = Patience { connect: LONG, first_byte: LONG, gap: LONG, total: LONG };

    fn phase(result: Result<(), FetchError>) -> (&'static str, Duration) {
        match result {
            Err(FetchError::Timeout { phase, limit }) => (phase, limit),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn the_phase_that_ran_out_is_named() {
        let pace = Pace::start(Patience { first_byte: SHORT, ..PATIENCE });
        assert_eq!(phase(pace.answer(pending()).await), (ANSWER, SHORT));
        let pace = Pace::start(Patience { gap: SHORT, ..PATIENCE });
        assert_eq!(phase(pace.next_part(pending()).await), (NEXT_PART, SHORT));
        let pace = Pace::start(Patience { total: SHORT, ..PATIENCE });
        assert_eq!(phase(pace.answer(pending()).await), (END, SHORT));
        assert_eq!(phase(pace.next_part(pending()).await), (END, SHORT));
    }

    #[tokio::test]
    async fn the_wait_for_a_turn_does_not_count() {
        let mut pace = Pace::start(PATIENCE);
        let deadline = pace.deadline;
        pace.pause(tokio::time::sleep(SHORT * 5)).await;
        assert!(pace.deadline >= deadline + SHORT * 5);
    }
}
