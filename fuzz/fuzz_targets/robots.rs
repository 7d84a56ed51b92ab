//! Any bytes as a robots.txt, and any path: a verdict, within the allowance, and the same for the same (FAULTS 53).
#![no_main]

use feedmill::fetch::robots::{Verdict, judge, read};
use feedmill::limits;
use feedmill::weburl::WebUrl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &[u8])| {
    let (path, file) = parts;
    let Ok(url) = WebUrl::parse(&format!("https://site.example/{path}")) else { return };
    let robots = read(file);
    assert!(robots.delay.is_none_or(|delay| delay <= limits::CRAWL_DELAY_MOST));
    assert!(robots.rules.windows(2).all(|pair| pair[0].path.len() >= pair[1].path.len()));
    match judge(&robots, &url) {
        Verdict::Forbidden(rule) => assert!(!rule.allows && robots.rules.contains(rule)),
        Verdict::Allowed | Verdict::TooMuch => {}
    }
});
