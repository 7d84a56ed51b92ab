//! Where finished feeds are put for others to serve.

mod folder;

pub use folder::{Folder, Written};

/// Why a file could not be put in its place. What stood there before still does.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The folder is not there and cannot be made.
    #[error("cannot write to the folder {place}: {why}")]
    Folder {
        /// Its path.
        place: String,
        /// What went wrong, and what to do.
        why: String,
    },
    /// One file could not be written.
    #[error("cannot write {place}: {why}")]
    File {
        /// Its path.
        place: String,
        /// What went wrong, and what to do.
        why: String,
    },
}
