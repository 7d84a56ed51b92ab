//! Compression, once for each edition and not once for each reader.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Compression is most of what an edition costs. On feeds of full articles the next level takes a fifth more time for
/// two per cent less; the one below saves a sixth of the time and is six per cent larger (`benches/render.rs`).
const LEVEL: u32 = 3;

/// `document` as a gzip file (RFC 1952) without name and date, so that equal documents have equal files.
pub(super) fn compressed(document: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(document.len() / 3), Compression::new(LEVEL));
    encoder.write_all(document).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let document = "grind and ".repeat(10_000);
        let small = compressed(document.as_bytes());
        assert!(small.len() < 1_000);
        assert_eq!(small, compressed(document.as_bytes()));
        let mut again = String::new();
        flate2::read::GzDecoder::new(small.as_slice()).read_to_string(&mut again).unwrap();
        assert_eq!(again, document);
    }
}
