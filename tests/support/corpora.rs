//! The corpora of real saved pages, which are not part of the project: tests over them skip loudly where they are absent.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

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
    let Ok(url) = url::Url::parse(url.trim()) else { return url.to_owned() };
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
