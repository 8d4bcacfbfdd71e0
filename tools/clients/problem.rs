//! Why something did not pass.

use std::io;

/// Why something did not pass.
pub enum Problem {
    /// What it needs is not on this machine.
    NotAvailable(&'static str),
    /// It failed, or what it did is wrong.
    Failed(String),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Checks something that was expected.
pub fn expect(is_so: bool, what: impl FnOnce() -> String) -> Result<(), Problem> {
    if is_so { Ok(()) } else { Err(Problem::Failed(what())) }
}
