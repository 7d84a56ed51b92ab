//! The `feedmill` program: see `feedmill --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    feedmill::cmd::main()
}
