//! SSH public keys, compared by what they are and not by how they are written.

use std::collections::BTreeSet;

use terraform_plugin::value::Value;

/// The type and the blob of a key in OpenSSH's format; the comment and the spaces between mean nothing.
fn essence(key: &str) -> Option<(&str, &str)> {
    let mut parts = key.split_whitespace();
    Some((parts.next()?, parts.next()?))
}

/// The keys of a list by what they are; none when one of them is no key.
fn essences(list: &Value) -> Option<BTreeSet<(&str, &str)>> {
    let Value::List(keys) = list else { return None };
    keys.iter().map(|key| if let Value::String(key) = key { essence(key) } else { None }).collect()
}

/// Whether two lists hold the same keys, in whichever order and spelling.
pub(super) fn same_keys(a: &Value, b: &Value) -> bool {
    essences(a).is_some_and(|a| Some(a) == essences(b))
}

/// What is wrong with a list of keys.
pub(super) fn check_keys(value: &Value) -> Result<(), String> {
    let Value::List(keys) = value else { return Ok(()) };
    for (index, key) in keys.iter().enumerate() {
        if let Value::String(key) = key
            && essence(key).is_none()
        {
            return Err(format!(
                "Element {index} is not an SSH public key. A key is a type, a space and a long text, as in the file \
                 ~/.ssh/id_ed25519.pub."
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[&str]) -> Value {
        Value::List(keys.iter().map(|key| Value::from(*key)).collect())
    }

    #[test]
    fn comments_spaces_and_order_mean_nothing() {
        let a = keys(&["ssh-ed25519 AAAA me@home", "ssh-rsa BBBB"]);
        assert!(same_keys(&a, &keys(&["ssh-rsa  BBBB you\n", "ssh-ed25519 AAAA"])));
        assert!(!same_keys(&a, &keys(&["ssh-ed25519 AAAA"])));
        assert!(!same_keys(&a, &keys(&["ssh-ed25519 AAAC", "ssh-rsa BBBB"])));
    }

    #[test]
    fn what_is_no_key_is_said() {
        assert!(check_keys(&keys(&["ssh-ed25519 AAAA"])).is_ok());
        assert!(
            check_keys(&keys(&["ssh-ed25519 AAAA", "~/.ssh/id.pub"])).is_err_and(|text| text.contains("Element 1"))
        );
    }
}
