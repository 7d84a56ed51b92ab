//! Values that nobody is to see: what is sent to sites, and where it is sent through.

use std::fmt;

/// A text that never stands in a message, a log or a result, however it is printed.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Secret {
    value: String,
    /// How the configuration refers to it, if it does not hold it itself: `${TOKEN}`, `file:token`.
    reference: Option<String>,
}

impl Secret {
    /// A value that the configuration refers to as `reference`.
    pub fn referred(value: String, reference: String) -> Self {
        Self { value, reference: Some(reference) }
    }

    /// The value itself: for those who send it, and for nobody else.
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// How the configuration refers to it; `None`: the value stands in the configuration.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The same reference to what `read` makes of the value.
    #[must_use]
    pub fn map(self, read: impl FnOnce(String) -> String) -> Self {
        Self { value: read(self.value), reference: self.reference }
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self { value, reference: None }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({self})")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reference().unwrap_or("hidden"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_not_shown_however_it_is_printed() {
        let referred = Secret::referred("hunter2".to_owned(), "${TOKEN}".to_owned());
        let written = Secret::from("hunter2");
        assert_eq!(
            format!("{referred} {referred:?} {written} {written:?}"),
            "${TOKEN} Secret(${TOKEN}) hidden Secret(hidden)"
        );
        assert_eq!(referred.map(|value| value + "!").expose(), "hunter2!");
    }
}
