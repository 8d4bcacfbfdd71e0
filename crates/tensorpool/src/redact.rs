//! Keeps secrets and control characters out of what people read: errors and the log.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

const MASK: &str = "***";
/// Shorter secrets are not masked: they would be found in every other word.
const SHORTEST: usize = 4;
/// So many characters make no word by accident. They are masked wherever they stand, also in a name or an id.
const UNMISTAKABLE: usize = 16;

/// Fields for people to read. A control character in one could change what a terminal shows.
const FOR_PEOPLE: [&str; 11] =
    ["detail", "error", "external_message", "job", "loc", "message", "msg", "request_type", "state", "status", "type"];
/// Fields whose business is a secret, or what may hold one by right.
const OF_CREDENTIALS: [&str; 7] =
    ["access_key_id", "endpoint", "endpoint_url", "iam_username", "org_id", "profile_id", "secret_access_key"];

/// The secrets that a client knows, and what it does with texts in which they may stand.
#[derive(Default)]
pub(crate) struct Redactor(RwLock<Vec<String>>);

impl Redactor {
    /// Masks a secret from now on.
    pub fn add(&self, secret: &str) {
        if secret.chars().count() < SHORTEST {
            return;
        }
        let mut secrets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Where control characters are replaced, a secret stands with its own replaced.
        for secret in [Cow::Borrowed(secret), printable(secret)] {
            if !secrets.iter().any(|known| *known == secret) {
                secrets.push(secret.into_owned());
            }
        }
    }

    /// A text as people may read it: without secrets and control characters.
    pub fn clean(&self, text: &str) -> String {
        self.mask(&printable(text), SHORTEST).into_owned()
    }

    /// The text of a field of an answer. What is for people is clean. Other texts are data: they only do not show a secret that
    /// cannot stand there by accident.
    pub fn field(&self, name: &str, text: String) -> String {
        if FOR_PEOPLE.contains(&name) {
            return self.clean(&text);
        }
        if OF_CREDENTIALS.contains(&name) {
            return text;
        }
        match self.mask(&text, UNMISTAKABLE) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }

    /// How many bytes the longest secret has: what is cut off anywhere may end within one.
    pub fn longest(&self) -> usize {
        let secrets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        secrets.iter().map(String::len).max().unwrap_or_default()
    }

    fn mask<'a>(&self, text: &'a str, shortest: usize) -> Cow<'a, str> {
        let secrets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let secrets: Vec<_> =
            secrets.iter().map(String::as_str).filter(|secret| secret.chars().count() >= shortest).collect();
        let mut text = Cow::Borrowed(text);
        // A mask can complete another secret. Each round makes the text shorter, so there is a last one.
        while let Some(masked) = mask_once(&text, &secrets) {
            text = Cow::Owned(masked);
        }
        text
    }
}

/// Masks every place where a secret stands, and those that overlap as one; `None` if there is none.
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

/// Where a secret stands, also where it overlaps itself.
fn occurrences(text: &str, secret: &str) -> Vec<(usize, usize)> {
    let (mut places, mut from) = (Vec::new(), 0);
    while let Some(at) = text[from..].find(secret) {
        let at = from + at;
        places.push((at, at + secret.len()));
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
    }
    places
}

/// A text without characters that control what shows it. Those that part words are a space.
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

    fn of(secrets: &[String]) -> Redactor {
        let redactor = Redactor::default();
        for secret in secrets {
            redactor.add(secret);
        }
        redactor
    }

    #[test]
    fn secrets_are_masked_and_what_overlaps_is_masked_as_one() {
        let redactor = of(&["tp-planted".to_owned(), "planted-too".to_owned(), "abab".to_owned(), "key".to_owned()]);
        for (text, expected) in [
            ("no key tp-planted, tp-planted.", "no key ***, ***."),
            ("tp-planted-too", "***"),
            ("xabababx", "x***x"),
            ("tp-plante", "tp-plante"),
            ("a\tb\nc\r\nd", "a b c  d"),
            ("\u{1b}[31mred\u{9b}0m \u{202e}gpj.exe\u{2066}", "\u{fffd}[31mred\u{fffd}0m \u{fffd}gpj.exe\u{fffd}"),
            ("naïve 日本 \u{200d} …", "naïve 日本 \u{200d} …"),
        ] {
            assert_eq!(redactor.clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn data_stay_as_they_are_but_for_an_unmistakable_secret() {
        let redactor = of(&["train".to_owned(), "tp-planted-0123456789".to_owned()]);
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
            let redactor = of(&secrets);
            let text: String = pieces.iter().flat_map(|(text, at)| [text, &secrets[at.index(secrets.len())]]).cloned().collect();
            for output in [redactor.clean(&text), redactor.field("message", text.clone())] {
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
            prop_assert_eq!(of(&["tp-planted-0123456789".to_owned()]).clean(&ordinary), ordinary);
        }

        #[test]
        fn short_secrets_are_not_masked(secret in "[a-z]{1,3}", text in "[a-z ]{0,60}") {
            prop_assert_eq!(of(&[secret]).clean(&text), text);
        }
    }
}
