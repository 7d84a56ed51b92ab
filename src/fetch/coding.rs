//! Content codings, undone piece by piece into a buffer that cannot grow past its limit. Pure.
//!
//! Not left to the HTTP client: it would allow a frame to claim hundreds of megabytes for its window, read the first
//! of two `Content-Encoding` lines only, and take bytes that it cannot decode for the page.

use brotli_decompressor::{BrotliDecoderParameter, BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer};

use crate::{limits, text};

use super::FetchError;

/// What the codings that we understand are called in `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// Bytes decoded in one step.
const STEP: usize = 32 * 1024;
/// Bytes reserved before anything has come, whatever `Content-Length` claims.
const FIRST_RESERVE: usize = 64 * 1024;

/// Undoes one body's coding.
pub(super) struct Decoder {
    coding: Coding,
    name: &'static str,
    stage: Stage,
    scratch: Vec<u8>,
    out: Vec<u8>,
    limit: usize,
}

/// Where the coded bytes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing has come.
    Before,
    /// In the middle of a stream.
    Inside,
    /// A stream is complete; another may follow.
    Between,
    /// Something follows that is no stream. It is padding, and means nothing.
    Over,
}

enum Coding {
    Identity,
    Gzip(Decompress),
    /// Decided by the first byte: the standard asks for a zlib stream, some servers send a bare one.
    Deflate(Option<Decompress>),
    Brotli(Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>),
    Zstd(DCtx<'static>),
}

/// What one step did.
struct Progress {
    read: usize,
    written: usize,
    ended: bool,
}

/// The bytes are not what the coding says.
struct Broken;

impl Decoder {
    /// For the body behind these headers; at most `limit` decoded bytes.
    pub(super) fn new(headers: &HeaderMap, limit: usize) -> Result<Self, FetchError> {
        let (name, coding) = coding(headers)?;
        let scratch = if matches!(coding, Coding::Identity) { Vec::new() } else { vec![0; STEP] };
        let out = Vec::with_capacity(FIRST_RESERVE.min(limit));
        Ok(Self { coding, name, stage: Stage::Before, scratch, out, limit })
    }

    /// Takes the next coded bytes.
    pub(super) fn feed(&mut self, mut input: &[u8]) -> Result<(), FetchError> {
        if matches!(self.coding, Coding::Identity) {
            return keep(&mut self.out, input, self.limit);
        }
        while self.begins(input) {
            let step = self.coding.step(input, &mut self.scratch).map_err(|Broken| self.broken())?;
            keep(&mut self.out, self.scratch.get(..step.written).unwrap_or_default(), self.limit)?;
            input = input.get(step.read..).unwrap_or_default();
            self.stage = if step.ended { Stage::Between } else { Stage::Inside };
            let is_dry = step.written < STEP;
            if is_dry && input.is_empty() {
                break;
            }
            if is_dry && step.read == 0 && !step.ended {
                return Err(self.broken());
            }
        }
        Ok(())
    }

    /// Bytes decoded so far.
    pub(super) fn decoded(&self) -> usize {
        self.out.len()
    }

    /// What was decoded so far, for who needs no more.
    pub(super) fn so_far(self) -> Vec<u8> {
        self.out
    }

    /// The decoded body, if it came to its end.
    pub(super) fn finish(self) -> Result<Vec<u8>, FetchError> {
        if self.stage != Stage::Inside {
            return Ok(self.out);
        }
        Err(FetchError::Body(format!("the body is incomplete: its {} encoding breaks off", self.name)))
    }

    /// Whether a stream goes on or begins with `input`.
    fn begins(&mut self, input: &[u8]) -> bool {
        if self.stage == Stage::Inside {
            return true;
        }
        let Some(first) = input.first() else { return false };
        if self.stage == Stage::Between {
            match &mut self.coding {
                Coding::Gzip(inflate) if *first == GZIP_MAGIC => *inflate = Decompress::new_gzip(GZIP_WINDOW),
                Coding::Zstd(_) => {}
                _ => self.stage = Stage::Over,
            }
        }
        self.stage != Stage::Over
    }

    fn broken(&self) -> FetchError {
        FetchError::Body(format!("the body is not the {} that its header says", self.name))
    }
}

/// Appends decoded bytes, as long as they fit.
fn keep(out: &mut Vec<u8>, bytes: &[u8], limit: usize) -> Result<(), FetchError> {
    match bytes.get(..limit.saturating_sub(out.len())) {
        Some(fitting) if fitting.len() < bytes.len() => {
            out.extend_from_slice(fitting);
            Err(FetchError::TooLarge { limit })
        }
        _ => {
            out.extend_from_slice(bytes);
            Ok(())
        }
    }
}

impl Coding {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Progress, Broken> {
        match self {
            Self::Identity => Ok(Progress { read: 0, written: 0, ended: true }),
            Self::Gzip(inflate) => step_inflate(inflate, input, out),
            Self::Deflate(inflate) => {
                let has_zlib_header = input.first().is_some_and(|first| first & 0x0f == ZLIB_METHOD);
                step_inflate(inflate.get_or_insert_with(|| Decompress::new(has_zlib_header)), input, out)
            }
            Self::Brotli(state) => step_brotli(state, input, out),
            Self::Zstd(state) => step_zstd(state, input, out),
        }
    }
}

/// The first byte of a gzip stream (RFC 1952, section 2.3.1).
const GZIP_MAGIC: u8 = 0x1f;
/// The largest window of gzip and deflate, as a power of two.
const GZIP_WINDOW: u8 = 15;
/// The method in the low half of a zlib stream's first byte (RFC 1950, section 2.2). A bare deflate stream that begins
/// so would have set bits where it pads with zeros.
const ZLIB_METHOD: u8 = 8;

fn step_inflate(inflate: &mut Decompress, input: &[u8], out: &mut [u8]) -> Result<Progress, Broken> {
    let (read, written) = (inflate.total_in(), inflate.total_out());
    let status = inflate.decompress(input, out, FlushDecompress::None).map_err(|_| Broken)?;
    let length = |now: u64, before: u64| usize::try_from(now - before).map_err(|_| Broken);
    Ok(Progress {
        read: length(inflate.total_in(), read)?,
        written: length(inflate.total_out(), written)?,
        ended: status == Status::StreamEnd,
    })
}

fn step_brotli(
    state: &mut BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    input: &[u8],
    out: &mut [u8],
) -> Result<Progress, Broken> {
    let (mut left, mut room, mut read, mut written) = (input.len(), out.len(), 0, 0);
    let result = BrotliDecompressStream(&mut left, &mut read, input, &mut room, &mut written, out, &mut 0, state);
    match result {
        BrotliResult::ResultFailure => Err(Broken),
        BrotliResult::ResultSuccess => Ok(Progress { read, written, ended: true }),
        BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok(Progress { read, written, ended: false }),
    }
}

fn step_zstd(state: &mut DCtx<'_>, input: &[u8], out: &mut [u8]) -> Result<Progress, Broken> {
    let (mut from, mut to) = (InBuffer::around(input), OutBuffer::around(out));
    let left = state.decompress_stream(&mut to, &mut from).map_err(|_| Broken)?;
    Ok(Progress { read: from.pos(), written: to.pos(), ended: left == 0 })
}

/// The one coding that these headers name.
fn coding(headers: &HeaderMap) -> Result<(&'static str, Coding), FetchError> {
    let lines: Vec<_> = headers.get_all(CONTENT_ENCODING).iter().map(HeaderValue::as_bytes).collect();
    let written = String::from_utf8_lossy(&lines.join(&b", "[..])).to_ascii_lowercase();
    let mut names = written.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity"));
    let coding = match (names.next(), names.next()) {
        (None, _) => ("identity", Coding::Identity),
        // RFC 9110, section 8.4.1.3: the name with `x-` means the same.
        (Some("gzip" | "x-gzip"), None) => ("gzip", Coding::Gzip(Decompress::new_gzip(GZIP_WINDOW))),
        (Some("deflate"), None) => ("deflate", Coding::Deflate(None)),
        (Some("br"), None) => ("br", Coding::Brotli(brotli())),
        (Some("zstd"), None) => ("zstd", Coding::Zstd(zstd()?)),
        _ => {
            let shown = text::shorten(&written, limits::SHOWN_CHARS);
            return Err(FetchError::Body(format!("unsupported encoding `{shown}`")));
        }
    };
    Ok(coding)
}

fn brotli() -> Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>> {
    let mut state = BrotliState::new(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default());
    // RFC 7932 stops at 16 MiB; the extension beyond it is not for the web.
    state.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_LARGE_WINDOW, 0);
    Box::new(state)
}

fn zstd() -> Result<DCtx<'static>, FetchError> {
    let no_memory = || FetchError::Body("no memory to decode zstd".into());
    let mut state = DCtx::try_create().ok_or_else(no_memory)?;
    state.set_parameter(DParameter::WindowLogMax(limits::ZSTD_WINDOW_LOG)).map_err(|_| no_memory())?;
    Ok(state)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;

    use super::*;

    /// "Feedmill " a thousand times, as a brotli encoder wrote it.
    const BROTLI: &[u8] =
        b"\x1b\x27\x23\xf8\x8d\x54\xb5\xbf\x36\x22\x2b\x63\xd3\x20\x69\x6c\x6d\xe2\xb7\x60\x60\xb6\x06\x00\xe5\x1e";

    fn page() -> Vec<u8> {
        "Feedmill ".repeat(1000).into_bytes()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn bare_deflate(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0; zstd_safe::compress_bound(bytes.len())];
        let length = zstd_safe::compress(&mut out[..], bytes, 3).unwrap();
        out.truncate(length);
        out
    }

    /// Decodes `body` in pieces of `size`.
    fn decode(encoding: &str, body: &[u8], size: usize) -> Result<Vec<u8>, String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_str(encoding).unwrap());
        let mut decoder = Decoder::new(&headers, 1_000_000).map_err(|error| error.to_string())?;
        for piece in body.chunks(size) {
            decoder.feed(piece).map_err(|error| error.to_string())?;
        }
        decoder.finish().map_err(|error| error.to_string())
    }

    fn samples() -> [(&'static str, Vec<u8>); 7] {
        [
            ("identity", page()),
            ("gzip", gzip(&page())),
            (" X-GZIP ", gzip(&page())),
            ("deflate", zlib(&page())),
            ("Deflate", bare_deflate(&page())),
            ("br", BROTLI.to_vec()),
            ("zstd, identity", zstd(&page())),
        ]
    }

    #[test]
    fn every_coding_is_undone_in_pieces_of_any_size() {
        for (encoding, body) in samples() {
            for size in [1, 2, 7, 1000, 100_000] {
                assert_eq!(decode(encoding, &body, size).as_deref(), Ok(&page()[..]), "{encoding} by {size}");
            }
            assert_eq!(decode(encoding, b"", 1).as_deref(), Ok(&b""[..]), "{encoding}, nothing at all");
        }
    }

    #[test]
    fn fault_14_what_breaks_off_is_incomplete() {
        for (encoding, body) in samples().into_iter().skip(1) {
            for cut in [1, body.len() / 2, body.len() - 1] {
                let said = decode(encoding, &body[..cut], 10).unwrap_err();
                assert!(said.starts_with("the body is incomplete: its "), "{encoding} cut at {cut}: {said}");
            }
        }
    }

    #[test]
    fn what_is_not_coded_so_is_broken() {
        for encoding in ["gzip", "br", "zstd"] {
            let said = decode(encoding, &b"<html>plain</html>".repeat(10), 5).unwrap_err();
            assert_eq!(said, format!("the body is not the {encoding} that its header says"));
        }
    }

    #[test]
    fn streams_in_a_row_are_one_body_and_padding_is_none() {
        let twice = [gzip(&page()), gzip(&page())].concat();
        let padded = [gzip(&page()), vec![0; 600]].concat();
        let frames = [zstd(&page()), zstd(&page())].concat();
        for size in [1, 100_000] {
            assert_eq!(decode("gzip", &twice, size).unwrap(), page().repeat(2));
            assert_eq!(decode("gzip", &padded, size).unwrap(), page());
            assert_eq!(decode("zstd", &frames, size).unwrap(), page().repeat(2));
        }
    }

    #[test]
    fn fault_12_codings_that_are_not_ours_are_refused() {
        for encoding in ["gzip, gzip", "x-unknown", "compress", "br,zstd", "gzip;q=1"] {
            let said = decode(encoding, b"", 1).unwrap_err();
            assert_eq!(said, format!("unsupported encoding `{encoding}`"));
        }
        let mut headers = HeaderMap::new();
        headers.append(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.append(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(Decoder::new(&headers, 1).is_err());
    }
}
