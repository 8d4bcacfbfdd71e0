//! A string that is never printed or serialized.

use std::fmt;

/// An API key or another secret. It cannot be printed or serialized: only [`expose`](Self::expose) returns the text, so
/// every use is easy to find.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_debug_output_does_not_contain_it() {
        assert_eq!(format!("{:?}", Secret::new("tp-planted")), "Secret(hidden)");
    }
}
