//! What is written differently in every configuration of a case.

/// Texts that are replaced in configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewrite {
    pub name: &'static str,
    /// A text, and its replacement.
    pub texts: &'static [(&'static str, &'static str)],
}

impl Rewrite {
    /// Nothing is replaced.
    pub const NONE: Self = Self { name: "plain", texts: &[] };

    /// A configuration, rewritten.
    pub fn apply(&self, hcl: &str) -> String {
        self.texts.iter().fold(hcl.to_owned(), |hcl, (text, replacement)| hcl.replace(text, replacement))
    }
}
