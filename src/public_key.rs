//! Public keys in configurations: checked while a plan is made, and compared by what they are and not by how they are written.

use std::collections::HashSet;

use tensorpool::{PublicKey, PublicKeyError};
use terraform_plugin::value::Value;

/// A longer text is no path.
const MAX_PATH: usize = 100;

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
    key(value)
        .map_or(Ok(()), |key| key.map(drop).map_err(|error| path(value).map_or_else(|| not_a_key(&error), not_a_path)))
}

/// What a key must be.
pub const PUBLIC_KEY: &str = "must be an SSH public key in OpenSSH's format";

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

/// The text of a key if it looks like the path of a file, or like something that a shell expands. A private key does not.
fn path(value: &Value) -> Option<&str> {
    let text = value.as_str()?.trim();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "~/\\.-_:$%{}() ".contains(letter);
    let begins =
        ["~", "/", "./", "../", "$", "%", "C:\\", "file:", "file("].iter().any(|begin| text.starts_with(begin));
    let is_name = is_public(text) && !text.contains(' ');
    (text.len() <= MAX_PATH && text.chars().all(is_plain) && (begins || is_name)).then_some(text)
}

fn is_public(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == "pub")
}

/// What to write in place of the path of a key.
fn not_a_path(path: &str) -> String {
    let inner = path.strip_prefix("file(").map_or(path, |rest| rest.trim_end_matches(')'));
    let inner = inner.trim_start_matches("file://").trim_start_matches("file:");
    if inner.starts_with(['$', '%']) {
        return format!(
            "{path:?} looks like a variable of a shell, which Terraform does not expand. Use a variable of Terraform, for example \
             var.public_key with the environment variable TF_VAR_public_key, or file(\"~/.ssh/id_ed25519.pub\")."
        );
    }
    let public = if is_public(inner) { inner.to_owned() } else { format!("{inner}.pub") };
    format!("{path:?} looks like a path. Did you mean file({public:?})?")
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
    fn a_path_or_a_shell_variable_in_place_of_a_key_is_recognized() {
        let says = |text: &str| check_key(&text.into()).expect_err("it is no key");
        for (text, file) in [
            ("~/.ssh/id_ed25519.pub", "~/.ssh/id_ed25519.pub"),
            ("~/.ssh/id_ed25519", "~/.ssh/id_ed25519.pub"),
            ("./keys/me.pub\n", "./keys/me.pub"),
            ("id_rsa.pub", "id_rsa.pub"),
            ("file(/home/me/id.pub)", "/home/me/id.pub"),
            ("file:///home/me/id.pub", "/home/me/id.pub"),
        ] {
            let said = says(text);
            assert!(said.ends_with(&format!("looks like a path. Did you mean file({file:?})?")), "{said}");
        }
        for text in ["$SSH_KEY", "${SSH_KEY}", "$(cat ~/.ssh/id_rsa.pub)", "%SSH_KEY%"] {
            assert!(says(text).contains("looks like a variable of a shell"), "{}", says(text));
        }
        for text in ["AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6", "", "me@home"] {
            assert!(says(text).contains("This is not an SSH public key"), "{}", says(text));
        }
    }

    #[test]
    fn what_is_no_key_is_said_and_not_repeated() {
        assert_eq!((check_key(&A.into()), check_keys(&list(&[A, B]))), (Ok(()), Ok(())));
        let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n";
        for (text, wrong) in [("my key", "known"), ("ssh-ed25519 AAAA", "corrupt"), (private, "private key")] {
            let one = check_key(&text.into()).expect_err("it is no key");
            assert!(one.contains(wrong) && !one.contains("b3Bl"), "{one}");
            assert_eq!(check_keys(&list(&[A, text])), Err(format!("Element 1: {one}")));
        }
    }
}
