//! Any markup: once clean, it stays as it is however often it is cleaned (FAULTS 36).
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|markup: &str| {
    if let Some(clean) = feedmill::extract::clean(markup) {
        let again = feedmill::extract::clean(clean.as_str());
        assert_eq!(again.as_ref().map(|html| html.as_str()), Some(clean.as_str()));
    }
});
