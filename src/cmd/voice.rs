//! How commands speak: results to stdout, talk to stderr, colours only to a person.

use std::io::{IsTerminal as _, Write as _};

use tracing_subscriber::EnvFilter;

use super::Common;
use super::stop::Stop;

/// Starts the log: warnings, or what `-v` and `FEEDMILL_LOG` ask for. A server also tells what it does.
pub(super) fn start_log(common: &Common, is_server: bool) {
    let level = match (common.quiet, common.verbose, is_server) {
        (true, ..) | (_, 0, false) => "error",
        (_, 0, true) => "feedmill=info,warn",
        (_, 1, _) => "feedmill=debug,warn",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("FEEDMILL_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_coloured())
        .with_target(common.verbose > 1)
        .init();
}

/// Whether stderr is a person's terminal that has not asked for plain text (<https://no-color.org>).
pub(super) fn is_coloured() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The same of stdout.
pub(super) fn shows_colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Says something to whoever started the command.
pub(super) fn tell(text: &str) {
    // Nobody is left to be told that stderr is gone.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}

/// Hands a result over. A reader that has gone away (`| head`) is not an error.
pub(super) fn hand_over(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{newline}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Stop::Io("cannot write the result".to_owned(), error)),
    }
}
