//! What no line of the log shows: the texts of secrets, texts of a pattern, and the values of some fields.
//!
//! What is masked is known to the whole process, as secrets travel through it: a password from the configuration of one resource is
//! in the error of a client that all of them share.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use regex::Regex;
use url::form_urlencoded::byte_serialize;

/// What stands in place of a secret.
pub(crate) const MASK: &str = "***";

/// A text of fewer characters would stand in every other line by chance: to mask it would hide the log, and show by what is
/// hidden what the secret is.
const SHORTEST: usize = 4;

static MASKS: RwLock<Masks> = RwLock::new(Masks::none());
static LOGS: AtomicBool = AtomicBool::new(false);

/// Registers a secret: from now on the provider's log shows `***` in its place, in messages, fields and the fields of spans. It
/// is found as it is, as JSON and `Debug` escape it, also twice over, and as it stands in a URL; not where it is encoded in another
/// way, for example in the base64 of an `Authorization` header, which is a secret of its own.
///
/// The framework registers the texts of all attributes that are [`sensitive`](crate::schema::Attribute::sensitive) or
/// [`write_only`](crate::schema::Attribute::write_only), of the provider and of every object, when their values come from Terraform and
/// when an operation saves them. So this is for what no schema knows: a token from the environment, or one that an API hands
/// out in the middle of an operation.
///
/// Blanks around it do not count, and a text of fewer than 4 characters is not masked: it would stand in every other line by
/// chance. It stays registered as long as the process lives.
///
/// ```
/// if let Ok(token) = std::env::var("EXAMPLE_TOKEN") {
///     terraform_plugin::mask(&token);
/// }
/// ```
pub fn mask(secret: impl AsRef<str>) {
    change(|masks| masks.add_text(secret.as_ref()));
}

/// Registers the name of a field: whatever its value, the log shows `***`. Capital and small letters are the same.
///
/// ```
/// terraform_plugin::mask_field("authorization");
/// tracing::debug!(authorization = "Basic dXNlcjpwYXNzd29yZA==", "request");
/// ```
pub fn mask_field(name: impl AsRef<str>) {
    change(|masks| masks.fields.insert(name.as_ref().to_lowercase()));
}

/// Registers a pattern, in the syntax of the crate [`regex`]: in place of what it matches, in messages, fields and the fields of
/// spans, the log shows `***`. For secrets that can be recognized before they are known.
///
/// # Errors
/// If the pattern cannot be read.
///
/// ```
/// terraform_plugin::mask_pattern("ghp_[A-Za-z0-9]{36}")?;
/// # Ok::<(), regex::Error>(())
/// ```
pub fn mask_pattern(pattern: &str) -> Result<(), regex::Error> {
    let pattern = Regex::new(pattern)?;
    change(|masks| masks.patterns.push(pattern));
    Ok(())
}

/// The process has a log.
pub(crate) fn log_is_on() {
    LOGS.store(true, Ordering::Relaxed);
}

/// Whether the process has a log. Without one, nobody has to search values for secrets.
pub(crate) fn is_wanted() -> bool {
    LOGS.load(Ordering::Relaxed)
}

/// What is masked by now.
pub(crate) fn masks() -> RwLockReadGuard<'static, Masks> {
    MASKS.read().unwrap_or_else(PoisonError::into_inner)
}

fn change<T>(change: impl FnOnce(&mut Masks) -> T) {
    _ = change(&mut MASKS.write().unwrap_or_else(PoisonError::into_inner));
}

/// What is masked.
pub(crate) struct Masks {
    /// Secrets in every form.
    texts: BTreeSet<String>,
    /// Names in small letters.
    fields: BTreeSet<String>,
    patterns: Vec<Regex>,
}

impl Masks {
    const fn none() -> Self {
        Self { texts: BTreeSet::new(), fields: BTreeSet::new(), patterns: Vec::new() }
    }

    fn add_text(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.chars().count() >= SHORTEST && !self.texts.contains(secret) {
            self.texts.extend(forms(secret));
        }
    }

    /// Whether nothing of this field may be shown.
    pub fn hides(&self, field: &str) -> bool {
        !self.fields.is_empty() && self.fields.contains(&field.to_lowercase())
    }

    /// A text without secrets.
    pub fn masked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut secrets: Vec<Range<usize>> = self.texts.iter().flat_map(|secret| places(text, secret)).collect();
        for pattern in &self.patterns {
            secrets.extend(pattern.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()));
        }
        if secrets.is_empty() {
            return text.into();
        }
        // Where they overlap, what is left of one beside the other would show a part of it.
        secrets.sort_by_key(|range| range.start);
        let (mut masked, mut shown) = (String::with_capacity(text.len()), 0);
        let mut secrets = secrets.into_iter().peekable();
        while let Some(Range { start, mut end }) = secrets.next() {
            while let Some(next) = secrets.next_if(|next| next.start <= end) {
                end = end.max(next.end);
            }
            masked.push_str(&text[shown..start]);
            masked.push_str(MASK);
            shown = end;
        }
        masked.push_str(&text[shown..]);
        masked.into()
    }
}

/// Where a secret stands in a text, also where it overlaps itself.
fn places<'a>(text: &'a str, secret: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let step = secret.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(secret)?;
        from = start + step;
        Some(start..start + secret.len())
    })
}

/// A secret as it may stand in a log.
fn forms(secret: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([secret.to_owned()]);
    // JSON in a text that is printed with `Debug`, JSON in JSON, and so on.
    for _ in 0..2 {
        let escaped: Vec<_> = forms.iter().flat_map(|form| [as_json(form), as_debug(form)]).collect();
        forms.extend(escaped);
    }
    let in_url: String = byte_serialize(secret.as_bytes()).collect();
    forms.insert(in_url.replace('+', "%20"));
    forms.insert(in_url);
    forms
}

fn as_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn as_debug(text: &str) -> String {
    let quoted = format!("{text:?}");
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::framework::Declared;
    use crate::schema::{Attribute, Schema};
    use crate::value::Value;

    fn masks(secrets: &[&str]) -> Masks {
        let mut masks = Masks::none();
        for secret in secrets {
            masks.add_text(secret);
        }
        masks
    }

    #[test]
    fn a_secret_is_masked_as_the_debug_form_of_a_text_writes_it() {
        // JSON writes the one as \u001b, and the other as it is.
        for secret in ["hunter\u{1b}2", "hunter\u{301}2"] {
            let text = format!("{secret:?}");
            assert_eq!(masks(&[secret]).masked(&text), "\"***\"", "{text}");
        }
    }

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        for (secrets, text, expected) in [
            (&["hunter2"][..], "", ""),
            (&["hunter2"], "nothing", "nothing"),
            (&["hunter2"], "hunter2", "***"),
            (&["hunter2"], "a hunter2, hunter2 and Hunter2", "a ***, *** and Hunter2"),
            (&["hunter2", "hunter22"], "hunter22 hunter2", "*** ***"),
            // One begins before the other ends.
            (&["abcdef", "defghi"], "xabcdefghix", "x***x"),
            (&["abab"], "ababab", "***"),
            (&["päss"], "ppässs", "p***s"),
            (&[" hunter2\n"], "hunter2", "***"),
            (&["", "   ", "abc", "äöü"], "abc äöü", "abc äöü"),
            (&["äöüß"], "äöüß", "***"),
        ] {
            assert_eq!(masks(secrets).masked(text), expected, "{secrets:?}");
        }
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = "a\"b\\c\nd é &/='";
        let masks = masks(&[secret]);
        let json = serde_json::json!({ "password": secret }).to_string();
        for text in [
            format!("password: {secret}"),
            json.clone(),
            format!("{secret:?}"),
            format!("{json:?}"),
            serde_json::json!({ "body": json }).to_string(),
            format!("{:?}", format!("{secret:?}")),
            url::form_urlencoded::Serializer::new(String::new()).append_pair("password", secret).finish(),
        ] {
            let masked = masks.masked(&text);
            assert!(masked.contains(MASK) && !masked.contains("b\\") && !masked.contains("%22b"), "{text}: {masked}");
        }
        assert_eq!(masks.masked("a%22b%5Cc%0Ad%20%C3%A9%20%26%2F%3D%27"), MASK);
    }

    #[test]
    fn what_json_escapes_in_its_own_way_is_found_too() {
        let secret = "pass\u{8}word";
        let json = serde_json::json!({ "password": secret }).to_string();
        assert_eq!(masks(&[secret]).masked(&json), "{\"password\":\"***\"}");
    }

    /// What is masked is so in the whole process, so these stand in no other test.
    #[test]
    fn a_pattern_is_masked_from_now_on() {
        mask_pattern("key-of-a-pattern-[0-9]+").expect("it is a pattern");
        assert_eq!(super::masks().masked("got key-of-a-pattern-17, 17"), "got ***, 17");
        assert!(mask_pattern("(").is_err());
    }

    #[test]
    fn what_is_sensitive_is_masked_once_there_is_a_log() {
        let text = |name: &str| Attribute::string(name).optional();
        let schema =
            Schema::new("A thing.").attribute("name", text("Name.")).attribute("key", text("Key.").sensitive());
        let thing = Value::object([("name", Value::from("name-of-a-thing")), ("key", "key-of-a-thing".into())]);
        log_is_on();
        Declared::new("t_thing", schema).mask_secrets(&thing);
        assert_eq!(super::masks().masked("name-of-a-thing has key-of-a-thing"), "name-of-a-thing has ***");
    }

    #[test]
    fn patterns_and_fields_are_masked() {
        let mut masks = masks(&["hunter2"]);
        masks.patterns.extend(["key-[0-9]+", "x*"].map(|pattern| Regex::new(pattern).expect("it is a pattern")));
        assert_eq!(masks.masked("a key-123hunter2 key- x"), "a *** key- ***");
        masks.fields.insert("authorization".to_owned());
        assert!(masks.hides("authorization") && masks.hides("Authorization") && !masks.hides("author"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_left_of_a_secret(secrets in prop::collection::vec("[ab]{4,6}", 1..4), text in "[abc]{0,40}") {
            let texts: Vec<_> = secrets.iter().map(String::as_str).collect();
            let masked = masks(&texts).masked(&text).into_owned();
            for secret in &secrets {
                prop_assert!(!masked.contains(secret.as_str()), "{} in {}", secret, masked);
            }
            // What belongs to no secret stays.
            prop_assert_eq!(masked.matches('c').count(), text.matches('c').count());
        }

        #[test]
        fn what_surrounds_a_secret_stays(secret in "\\PC{4,12}", before in "[x-z]{0,5}", after in "[x-z]{0,5}") {
            prop_assume!(secret.trim().chars().count() >= SHORTEST && secret.trim() == secret);
            prop_assume!(!secret.contains(['x', 'y', 'z']));
            for form in [secret.clone(), as_json(&secret), as_debug(&secret)] {
                let masked = masks(&[&secret]).masked(&format!("{before}{form}{after}")).into_owned();
                prop_assert_eq!(masked, format!("{before}{MASK}{after}"));
            }
        }
    }
}
