//! Listings with rules: saved pages of the corpora, and pages of ours.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use feedmill::weburl::WebUrl;

use super::corpora;

/// A listing with its rule.
pub struct Sample {
    pub name: String,
    pub table: toml::Table,
    /// What its links are relative to.
    pub base: String,
    pub page: String,
    /// Links that are neither required nor wrong.
    pub also: Vec<String>,
}

/// The samples of a corpus.
pub fn of_corpus(folder: &Path, corpus: &str) -> Vec<Sample> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpora/{corpus}.toml"));
    let rules: toml::Table = fs::read_to_string(rules).unwrap().parse().unwrap();
    let truth = corpora::truth(folder, corpus);
    let sample = |truth: &serde_json::Value| {
        let id = truth["id"].as_str()?.to_lowercase();
        let table = rules["sites"].get(&id)?.as_table()?.clone();
        let base = truth["base"].as_str().or(truth["url"].as_str()).filter(|base| !base.is_empty());
        let base = base.or(table["url"].as_str())?.to_owned();
        let mut page = Vec::new();
        let file = fs::File::open(folder.join(corpus).join(truth["html"].as_str()?)).unwrap();
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut page).unwrap();
        let page = decoded(&page, &base);
        let also = truth["also"].as_array().into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned));
        Some(Sample { name: format!("{corpus}-{id}"), table, base, page, also: also.collect() })
    };
    let mut samples: Vec<Sample> = truth.values().filter_map(sample).collect();
    samples.sort_by(|one, other| one.name.cmp(&other.name));
    samples
}

/// The samples among the project's own pages.
pub fn of_ours() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules: toml::Table = fs::read_to_string(root.join("sites.toml")).unwrap().parse().unwrap();
    let sample = |(name, table): (&String, &toml::Value)| {
        let page: PathBuf = root.join(format!("tests/pages/{name}/listing.html"));
        let page = fs::read(page).ok()?;
        let table = table.as_table()?.clone();
        let base = table.get("url")?.as_str().filter(|url| !url.contains('{'))?.to_owned();
        let page = decoded(&page, &base);
        Some(Sample { name: name.clone(), table, base, page, also: Vec::new() })
    };
    rules["sites"].as_table().unwrap().iter().filter_map(sample).collect()
}

/// A page as UTF-8.
fn decoded(page: &[u8], base: &str) -> String {
    let _ = WebUrl::parse(base).unwrap();
    match std::str::from_utf8(page) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(page).0.into_owned(),
    }
}
