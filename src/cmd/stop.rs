//! Why a command stops before it is done, and the exit code that says so.

use std::error::Error as _;
use std::process::ExitCode;

use crate::archive::ArchiveError;
use crate::config::ConfigError;
use crate::fetch::FetchError;
use crate::publish::PublishError;

/// All is well.
pub(super) const ALL_WELL: u8 = 0;
/// Some site failed; the others are done.
pub(super) const SOME_FAILED: u8 = 1;
const USAGE: u8 = 2;
const CONFIGURATION: u8 = 3;
const CANNOT_WRITE: u8 = 4;

/// Why a command stops.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// The command line asks for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// The configuration is missing or wrong.
    #[error(transparent)]
    Configuration(#[from] ConfigError),
    /// The archive cannot be used.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Files cannot be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The network cannot be used at all.
    #[error("cannot set up the network")]
    Network(#[from] FetchError),
    /// The machine said no.
    #[error("{0}")]
    Io(String, #[source] std::io::Error),
}

impl Stop {
    /// Tells the user, with every cause, and returns the exit code.
    pub(super) fn report(&self) -> ExitCode {
        if let Self::Configuration(error @ ConfigError::Wrong(_)) = self {
            super::voice::tell(&error.render(super::voice::is_coloured()));
        } else {
            let mut message = format!("feedmill: {self}");
            let mut cause = self.source();
            while let Some(error) = cause {
                let text = error.to_string();
                if !message.ends_with(&text) {
                    message = format!("{message}: {text}");
                }
                cause = error.source();
            }
            super::voice::tell(&message);
        }
        ExitCode::from(match self {
            Self::Usage(_) => USAGE,
            Self::Configuration(_) => CONFIGURATION,
            Self::Archive(_) | Self::Publish(_) | Self::Io(..) => CANNOT_WRITE,
            Self::Network(_) => SOME_FAILED,
        })
    }
}
