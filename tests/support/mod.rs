//! What the tests stand on: a scripted origin over real TCP, certificates, and the real binary.

#![expect(dead_code, unreachable_pub, reason = "each test binary is a crate of its own and uses a part of this")]

pub mod bench;
pub mod change;
pub mod corpora;
pub mod fetching;
pub mod names;
pub mod newsboat;
pub mod origin;
pub mod press;
pub mod samples;
pub mod script;
pub mod server;
pub mod site;
pub mod tls;

use std::path::Path;
use std::process::Command;

/// The real binary, run in `home` with nothing of the caller's environment: no configuration, archive, proxy or
/// colour setting leaks into a test.
pub fn feedmill(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedmill"));
    command.current_dir(home).env_clear();
    command.env("HOME", home).env("TMPDIR", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config"));
    command
}

/// Never used: the expectation above holds in a binary that uses everything else, too.
fn unused() {}
