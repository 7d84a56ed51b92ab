//! A page is taken for a challenge or a log-in only if it is one: of hundreds of real pages, many of them behind
//! gatekeepers and with forms to log in, none is.

#![cfg(test)]

mod support;

use std::fs;
use std::io::Read as _;

use feedmill::page::{self, Document};
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use support::corpora;

/// What is a challenge indeed: somebody saved it instead of the page.
const WALLS: [&str; 1] = ["articles-wcxb/html/0551.html.gz"];

#[test]
fn no_page_of_the_corpora_is_taken_for_a_wall() {
    let Some(folder) = corpora::folder() else { return };
    let (mut pages, mut walls) = (0, Vec::new());
    for corpus in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        for (path, truth) in corpora::truth(&folder, &corpus) {
            let url = truth["url"].as_str().filter(|url| !url.is_empty()).unwrap_or("https://unknown.example/");
            let Ok(url) = WebUrl::parse(url) else { continue };
            let mut body = Vec::new();
            flate2::read::MultiGzDecoder::new(fs::File::open(folder.join(&path)).unwrap())
                .read_to_end(&mut body)
                .unwrap();
            let signs = Signs { status: 200, ..Signs::default() };
            let page = Page {
                url,
                content_type: None,
                body: body.into(),
                validators: Validators::default(),
                fresh_for: None,
                signs,
            };
            let document = Document::read(&page, None).unwrap();
            pages += 1;
            if let Some(wall) = page::wall(&page, Some(&document), &page.url) {
                eprintln!("{path} ({}): {wall:?}", page.url);
                walls.push(path);
            }
        }
    }
    eprintln!("{pages} pages, {} taken for walls", walls.len());
    assert!(pages > 500, "{pages} pages");
    assert_eq!(walls, WALLS);
}
