//! Removes secrets and control characters from what people read: errors and the log.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

const MASK: &str = "***";
/// The shortest secret that is masked. A shorter one would match in ordinary words.
const MIN_LENGTH: usize = 4;
/// A secret of this length matches nothing by accident, so it is masked everywhere, also in a name or an id.
const UNAMBIGUOUS_LENGTH: usize = 16;

/// Fields that are displayed. A control character in one could change what a terminal shows.
const DISPLAYED_FIELDS: [&str; 11] =
    ["detail", "error", "external_message", "job", "loc", "message", "msg", "request_type", "state", "status", "type"];
/// Fields that contain credentials. They are never changed.
const CREDENTIAL_FIELDS: [&str; 7] =
    ["access_key_id", "endpoint", "endpoint_url", "iam_username", "org_id", "profile_id", "secret_access_key"];

/// The secrets that a client knows. It masks them in texts.
#[derive(Default)]
pub(crate) struct Redactor(RwLock<Vec<String>>);

impl Redactor {
    /// Adds a secret to mask from now on. A secret that is too short is ignored.
    pub fn add(&self, secret: &str) {
        if secret.chars().count() < MIN_LENGTH {
            return;
        }
        let mut secrets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // In a text whose control characters are replaced, those of the secret are replaced too.
        for secret in [Cow::Borrowed(secret), printable(secret)] {
            if !secrets.iter().any(|known| *known == secret) {
                secrets.push(secret.into_owned());
            }
        }
    }

    /// Returns a text that is to be displayed without secrets and control characters.
    pub fn redact(&self, text: &str) -> String {
        self.mask(&printable(text), MIN_LENGTH).into_owned()
    }

    /// Returns the string in a field of a response. A field that is displayed is redacted. Any other is data, and only a secret
    /// that cannot match by accident is masked in it.
    pub fn field(&self, name: &str, text: String) -> String {
        if DISPLAYED_FIELDS.contains(&name) {
            return self.redact(&text);
        }
        if CREDENTIAL_FIELDS.contains(&name) {
            return text;
        }
        match self.mask(&text, UNAMBIGUOUS_LENGTH) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }

    /// Returns the beginning of a text that was cut, as [`redact`](Self::redact) does, and without its end: a secret that is cut in
    /// two would not be recognized.
    pub fn redact_beginning(&self, text: &str) -> String {
        // What is left of a character that was cut.
        let mut redacted = self.redact(text.trim_end_matches(char::REPLACEMENT_CHARACTER));
        redacted.truncate(redacted.floor_char_boundary(redacted.len().saturating_sub(self.longest())));
        redacted
    }

    /// Returns the length of the longest secret in bytes.
    fn longest(&self) -> usize {
        let secrets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        secrets.iter().map(String::len).max().unwrap_or_default()
    }

    fn mask<'a>(&self, text: &'a str, shortest: usize) -> Cow<'a, str> {
        let secrets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let secrets: Vec<_> =
            secrets.iter().map(String::as_str).filter(|secret| secret.chars().count() >= shortest).collect();
        let mut text = Cow::Borrowed(text);
        // A mask can complete another secret. Each round shortens the text, so the loop ends.
        while let Some(masked) = mask_once(&text, &secrets) {
            text = Cow::Owned(masked);
        }
        text
    }
}

/// Masks every occurrence of a secret, overlapping ones with one mask. `None` if there is no occurrence.
fn mask_once(text: &str, secrets: &[&str]) -> Option<String> {
    let mut places: Vec<_> = secrets.iter().flat_map(|secret| occurrences(text, secret)).collect();
    places.sort_unstable();
    let (mut masked, mut end) = (String::new(), 0);
    for (from, to) in places {
        if from >= end {
            masked.push_str(&text[end..from]);
            masked.push_str(MASK);
        }
        end = end.max(to);
    }
    (end > 0).then(|| masked + &text[end..])
}

/// Returns the start and the end of every occurrence of a secret, including those that overlap each other.
fn occurrences(text: &str, secret: &str) -> Vec<(usize, usize)> {
    let (mut places, mut from) = (Vec::new(), 0);
    while let Some(at) = text[from..].find(secret) {
        let at = from + at;
        places.push((at, at + secret.len()));
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
    }
    places
}

/// Returns a text without control characters. Line breaks and tabs become spaces.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let is_bidi = |letter| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.chars().any(|letter| letter.is_control() || is_bidi(letter)) {
        return Cow::Borrowed(text);
    }
    let replaced = text.chars().map(|letter| match letter {
        '\n' | '\r' | '\t' => ' ',
        letter if letter.is_control() || is_bidi(letter) => char::REPLACEMENT_CHARACTER,
        letter => letter,
    });
    Cow::Owned(replaced.collect())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn redactor(secrets: &[String]) -> Redactor {
        let redactor = Redactor::default();
        for secret in secrets {
            redactor.add(secret);
        }
        redactor
    }

    #[test]
    fn secrets_are_masked_and_overlapping_ones_share_a_mask() {
        let redactor =
            self::redactor(&["tp-planted".to_owned(), "planted-too".to_owned(), "abab".to_owned(), "key".to_owned()]);
        for (text, expected) in [
            ("no key tp-planted, tp-planted.", "no key ***, ***."),
            ("tp-planted-too", "***"),
            ("xabababx", "x***x"),
            ("tp-plante", "tp-plante"),
            ("a\tb\nc\r\nd", "a b c  d"),
            ("\u{1b}[31mred\u{9b}0m \u{202e}gpj.exe\u{2066}", "\u{fffd}[31mred\u{fffd}0m \u{fffd}gpj.exe\u{fffd}"),
            ("naïve 日本 \u{200d} …", "naïve 日本 \u{200d} …"),
        ] {
            assert_eq!(redactor.redact(text), expected, "{text:?}");
        }
    }

    #[test]
    fn of_a_text_that_was_cut_no_part_of_a_secret_is_left_at_its_end() {
        let secrets = ["tp-planted".to_owned(), "sécret".to_owned()];
        let redactor = self::redactor(&secrets);
        for secret in &secrets {
            for more in ["", "x", "xxxxxxxxxxxxxxx"] {
                let whole = format!("{}{secret}{more}", "x".repeat(20)).into_bytes();
                for length in 20..=whole.len() {
                    let cut = redactor.redact_beginning(&String::from_utf8_lossy(&whole[..length]));
                    assert!(
                        cut.starts_with("xxx") && !cut.contains(|letter| letter != 'x' && letter != '*'),
                        "{cut:?}"
                    );
                }
            }
        }
        assert_eq!(redactor.redact_beginning("a text without any of them"), "a text without a");
        assert_eq!(redactor.redact_beginning("a text"), "");
    }

    #[test]
    fn data_is_unchanged_unless_it_contains_a_long_secret() {
        let redactor = self::redactor(&["train".to_owned(), "tp-planted-0123456789".to_owned()]);
        let field = |name, text: &str| redactor.field(name, text.to_owned());
        assert_eq!(field("name", "train-1\t"), "train-1\t");
        assert_eq!(field("status", "train-1\t"), "***-1 ");
        assert_eq!(field("name", "x-tp-planted-0123456789"), "x-***");
        assert_eq!(field("secret_access_key", "tp-planted-0123456789"), "tp-planted-0123456789");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn no_secret_survives_whatever_surrounds_it(
            secrets in vec("[ab*\t\u{1b}é]{4,8}|\\PC{4,12}", 1..4),
            pieces in vec(("[ab*\t\u{1b}é\u{202e}]{0,6}|\\PC{0,6}", any::<prop::sample::Index>()), 1..6),
        ) {
            let redactor = self::redactor(&secrets);
            let text: String = pieces.iter().flat_map(|(text, at)| [text, &secrets[at.index(secrets.len())]]).cloned().collect();
            for output in [redactor.redact(&text), redactor.field("message", text.clone())] {
                for secret in &secrets {
                    prop_assert!(!output.contains(secret.as_str()), "{output:?} shows {secret:?}");
                    prop_assert!(!output.contains(&*printable(secret)), "{output:?} shows {secret:?}");
                }
                prop_assert!(output.chars().all(|letter| !letter.is_control()));
            }
        }

        #[test]
        fn ordinary_text_is_unchanged(text in "\\PC{0,60}") {
            let ordinary = printable(&text).into_owned();
            prop_assert_eq!(redactor(&["tp-planted-0123456789".to_owned()]).redact(&ordinary), ordinary);
        }

        #[test]
        fn short_secrets_are_not_masked(secret in "[a-z]{1,3}", text in "[a-z ]{0,60}") {
            prop_assert_eq!(redactor(&[secret]).redact(&text), text);
        }
    }
}
