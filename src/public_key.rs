//! Public keys in configurations: checked while a plan is made, and compared by what they are and not by how they are written.

use std::collections::HashSet;

use tensorpool::{PublicKey, PublicKeyError};
use terraform_plugin::value::Value;

fn key(value: &Value) -> Option<Result<PublicKey, PublicKeyError>> {
    if let Value::String(text) = value { Some(PublicKey::parse(text)) } else { None }
}

/// The keys of a list; `None` if one of them is no key.
fn keys(list: &Value) -> Option<HashSet<PublicKey>> {
    let Value::List(keys) = list else { return None };
    keys.iter().map(|value| key(value)?.ok()).collect()
}

/// Whether two texts are the same key.
#[must_use]
pub fn is_same_key(a: &Value, b: &Value) -> bool {
    matches!((key(a), key(b)), (Some(Ok(a)), Some(Ok(b))) if a == b)
}

/// Whether two lists hold the same keys, in whichever order and spelling.
#[must_use]
pub fn are_same_keys(a: &Value, b: &Value) -> bool {
    keys(a).is_some_and(|a| Some(a) == keys(b))
}

/// Says what is wrong with a key.
///
/// # Errors
/// When it is none.
pub fn check_key(value: &Value) -> Result<(), String> {
    key(value).map_or(Ok(()), |key| key.map(drop).map_err(|error| not_a_key(&error)))
}

/// Says what is wrong with the first key of a list with which something is.
///
/// # Errors
/// When one is none.
pub fn check_keys(list: &Value) -> Result<(), String> {
    let Value::List(keys) = list else { return Ok(()) };
    for (index, key) in keys.iter().enumerate() {
        let checked = if key.is_null() { Err("must not be null.".to_owned()) } else { check_key(key) };
        checked.map_err(|text| format!("Element {index}: {text}"))?;
    }
    Ok(())
}

/// What is wrong with a key, in a sentence. It never repeats the text, which might be a private key.
#[must_use]
pub fn not_a_key(error: &PublicKeyError) -> String {
    format!("This is not an SSH public key: {error}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
    const B: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn list(keys: &[&str]) -> Value {
        Value::List(keys.iter().map(|key| Value::from(*key)).collect())
    }

    #[test]
    fn comments_spaces_and_order_mean_nothing() {
        let a = list(&[&format!("{A} me@home"), B]);
        assert!(are_same_keys(&a, &list(&[&B.replace(' ', "  "), &format!("{A} you\n")])));
        assert!(!are_same_keys(&a, &list(&[A])));
        assert!(!are_same_keys(&list(&[A]), &list(&[B])));
        assert!(is_same_key(&A.into(), &Value::from(format!("  {A} me@home\n"))));
        assert!(!is_same_key(&A.into(), &B.into()));
        assert!(!is_same_key(&A.into(), &"ssh-ed25519 AAAA".into()));
        assert!(!is_same_key(&"ssh-ed25519 AAAA".into(), &"ssh-ed25519 AAAA".into()));
    }

    #[test]
    fn a_key_that_is_null_is_refused() {
        let keys = Value::List(vec![A.into(), Value::Null]);
        assert_eq!(check_keys(&keys), Err("Element 1: must not be null.".to_owned()));
        assert!(!are_same_keys(&keys, &keys));
    }

    #[test]
    fn what_is_no_key_is_said_and_not_repeated() {
        assert_eq!((check_key(&A.into()), check_keys(&list(&[A, B]))), (Ok(()), Ok(())));
        let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n";
        for (text, wrong) in [("~/.ssh/id.pub", "known"), ("ssh-ed25519 AAAA", "corrupt"), (private, "private key")] {
            let one = check_key(&text.into()).expect_err("it is no key");
            assert!(one.contains(wrong) && !one.contains("b3Bl"), "{one}");
            assert_eq!(check_keys(&list(&[A, text])), Err(format!("Element 1: {one}")));
        }
    }
}
