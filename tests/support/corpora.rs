//! The corpora of real saved pages, which are not part of the project: tests over them skip loudly where they are absent.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use feedmill::page::Document;
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use serde_json::Value;
use url::Url;

/// The folder of the corpora, if this machine has it.
pub fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("FEEDMILL_CORPORA").filter(|name| !name.is_empty()).map(PathBuf::from);
    // Relative to the project, wherever the test runs.
    let folder = root.join(named.unwrap_or_else(|| PathBuf::from("../shared/corpora")));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("!!! SKIPPED: no corpora at {} (FEEDMILL_CORPORA names another place)", folder.display());
    None
}

/// Of how many pages one is taken where all of them would take minutes: `usually`, or each of them for those who change what the
/// exam is about and ask for the whole of it (`FEEDMILL_WHOLE_EXAM=1`).
pub fn one_of(usually: usize) -> usize {
    if is_whole_exam() { 1 } else { usually }
}

/// Whether the whole of each exam is asked for.
pub fn is_whole_exam() -> bool {
    std::env::var_os("FEEDMILL_WHOLE_EXAM").is_some()
}

/// What is true of each page of a corpus, by the page's path within the corpora.
pub fn truth(folder: &Path, corpus: &str) -> HashMap<String, Value> {
    let Ok(lines) = std::fs::read_to_string(folder.join(corpus).join("truth.jsonl")) else { return HashMap::new() };
    let page = |line: &str| {
        let truth: Value = serde_json::from_str(line).expect("a line of truth");
        (format!("{corpus}/{}", truth["html"].as_str().expect("a path")), truth)
    };
    lines.lines().map(page).collect()
}

/// Text as it is compared: white space folded, quotes alike, small letters.
pub fn folded(text: &str) -> String {
    let alike = text.replace(['’', '‘'], "'").replace(['“', '”'], "\"").to_lowercase();
    alike.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address as it is compared: without scheme, `www.`, fragment and trailing slash.
pub fn address(url: &str) -> String {
    let Ok(url) = Url::parse(url.trim()) else { return url.to_owned() };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let path = percent_encoding::percent_decode_str(url.path().trim_end_matches('/')).decode_utf8_lossy().into_owned();
    format!("{host}{path}{}", url.query().map(|query| format!("?{query}")).unwrap_or_default())
}

/// How alike two texts are, as the F1 of their words.
#[expect(clippy::cast_precision_loss, reason = "pages have fewer words than a float has digits")]
pub fn alike(one: &str, other: &str) -> f64 {
    let count = |text: &str| {
        let mut words = HashMap::<String, usize>::new();
        for word in folded(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *words.entry(word.to_owned()).or_default() += 1;
        }
        words
    };
    let (one, other) = (count(one), count(other));
    let sum = |words: &HashMap<String, usize>| words.values().sum::<usize>() as f64;
    let both: usize = one.iter().map(|(word, n)| *n.min(other.get(word).unwrap_or(&0))).sum();
    2.0 * both as f64 / (sum(&one) + sum(&other)).max(1.0)
}

/// A page of a corpus, read as if it had been fetched from there; `None`: it is no page that can be read.
pub fn page(path: &Path, url: &Url) -> Option<Document> {
    document(markup(path).into(), url)
}

/// The bytes of a page of a corpus.
pub fn markup(path: &Path) -> Vec<u8> {
    let mut body = Vec::new();
    let file = std::fs::File::open(path).expect("a page of the corpus");
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut body).expect("a packed page");
    body
}

/// A page with this body, fetched from there.
pub fn document(body: bytes::Bytes, url: &Url) -> Option<Document> {
    let page = Page {
        url: WebUrl::parse(url.as_str()).expect("an address of the web"),
        content_type: None,
        body,
        validators: Validators::default(),
        fresh_for: None,
        signs: Signs::default(),
    };
    Document::read(&page, None).ok()
}

/// Where a page stood, as far as that is known.
pub fn stood(truth: &Value) -> Url {
    let stated =
        ["base", "url"].into_iter().filter_map(|name| truth[name].as_str()).find_map(|url| Url::parse(url).ok());
    stated.unwrap_or_else(|| Url::parse("http://nowhere.example/").expect("an address"))
}
