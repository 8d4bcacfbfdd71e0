//! URLs.

use std::cell::Cell;

use ::url::{SyntaxViolation, Url};

use super::TextType;

/// An absolute URL. What a browser repairs without a word, such as blanks around it, is no URL to others, and is refused. Two mean the
/// same if a browser would ask for the same: with the scheme and the host in small letters, without the port that the scheme
/// has anyway, and with a `/` for an empty path.
impl TextType for Url {
    fn requirement() -> String {
        "must be a URL".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let repaired = Cell::new(false);
        let note = |violation| {
            let harmless = matches!(
                violation,
                SyntaxViolation::EmbeddedCredentials
                    | SyntaxViolation::NonUrlCodePoint
                    | SyntaxViolation::PercentDecode
                    | SyntaxViolation::UnencodedAtSign
            );
            repaired.set(repaired.get() || !harmless);
        };
        let url = Self::options().syntax_violation_callback(Some(&note)).parse(text).ok();
        url.filter(|_| !repaired.get())
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn urls_are_compared_as_a_browser_does() {
        check::<Url>(
            &[
                &["https://a.example", "https://a.example/", "HTTPS://A.Example:443", "https://a.example:443/"],
                &["https://a.example/b", "https://a.example/./b", "https://a.example/c/../b"],
                &["https://a.example/B"],
                &["https://a.example/b/"],
                &["https://a.example/?b"],
                &["http://a.example"],
                &["https://a.example:8443"],
                &["s3://bucket/key"],
                &["mailto:a@b.example"],
            ],
            &[
                "",
                "a.example",
                "/a",
                "https://",
                "https:a.example",
                " https://a",
                "https://a ",
                "https:\\\\a",
                "https://a\n",
            ],
        );
    }
}
