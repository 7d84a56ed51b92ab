//! Bodies: read piece by piece, decoded, and counted after decoding.

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::CONTENT_LENGTH;

use super::coding::Decoder;
use super::pace::Pace;
use super::{FetchError, trouble};
use crate::limits;

/// The beginning of the body of an answer that is no page: as much as tells who answered. Never an error, since the answer is
/// one already.
pub(super) async fn glimpse(mut response: Response, pace: &Pace) -> Bytes {
    let Ok(mut decoder) = Decoder::new(response.headers(), limits::REFUSAL_BYTES) else { return Bytes::new() };
    let reading = async {
        while let Ok(Ok(Some(piece))) = pace.next_part(response.chunk()).await {
            if decoder.feed(&piece).is_err() {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(limits::REFUSAL_TIME, reading).await;
    decoder.so_far().into()
}

/// Reads the first `most` bytes of the body of `response` after decoding, or all of a shorter one.
pub(super) async fn beginning(mut response: Response, most: usize, pace: &Pace) -> Result<Bytes, FetchError> {
    let mut decoder = Decoder::new(response.headers(), most)?;
    loop {
        match pace.next_part(response.chunk()).await? {
            Ok(Some(piece)) => match decoder.feed(&piece) {
                Err(FetchError::TooLarge { .. }) => return Ok(decoder.so_far().into()),
                fed => fed?,
            },
            Ok(None) => return Ok(decoder.finish()?.into()),
            Err(error) => return Err(trouble::of_body(&error, decoder.decoded())),
        }
    }
}

/// Reads the body of `response`, at most `limit` bytes of it after decoding.
pub(super) async fn read(mut response: Response, limit: usize, pace: &Pace) -> Result<Bytes, FetchError> {
    let mut decoder = Decoder::new(response.headers(), limit)?;
    // What is announced is believed if it is too much: coded bytes are rarely more than decoded ones.
    let announced = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(FetchError::TooLarge { limit });
    }
    loop {
        match pace.next_part(response.chunk()).await? {
            Ok(Some(piece)) => decoder.feed(&piece)?,
            Ok(None) => return Ok(decoder.finish()?.into()),
            Err(error) => return Err(trouble::of_body(&error, decoder.decoded())),
        }
    }
}
