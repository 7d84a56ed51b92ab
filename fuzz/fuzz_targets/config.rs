//! Any text as sites.toml: a plan, or problems that point into the text.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(problems) = feedmill::config::parse(text, Path::new("sites.toml")) {
        assert!(problems.to_string().contains("sites.toml"));
    }
});
