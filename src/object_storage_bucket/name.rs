//! The rules of S3 for the names of buckets. Those of TensorPool are not known, so a name that breaks one is a warning.

use std::net::Ipv4Addr;

use terraform_plugin::schema::{ValidateRequest, Validator};
use terraform_plugin::{Diagnostic, Diagnostics};

/// What is wrong with a name by the rules of S3.
fn broken_rule(name: &str) -> Option<&'static str> {
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !(3..=63).contains(&name.chars().count()) {
        Some("it has from 3 to 63 characters")
    } else if !name.chars().all(|c| is_end(c) || c == '.' || c == '-') {
        Some("it consists of lower-case letters, digits, dots and hyphens")
    } else if !name.starts_with(is_end) || !name.ends_with(is_end) {
        Some("it begins and ends with a letter or a digit")
    } else if name.contains("..") {
        Some("no two dots stand together")
    } else if name.parse::<Ipv4Addr>().is_ok() {
        Some("it is no IP address")
    } else {
        None
    }
}

/// Warns of names that S3 would refuse.
pub(super) struct NameOfS3;

impl Validator for NameOfS3 {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        if let Some(name) = request.value.as_str()
            && let Some(rule) = broken_rule(name)
        {
            let detail = format!(
                "{name:?} breaks a rule that S3 has for the name of a bucket: {rule}. TensorPool's own rules are not \
                 documented, so it may refuse the name, and S3 clients may not be able to use it."
            );
            diagnostics.push(Diagnostic::warning("Unusual bucket name", detail).at(request.path.clone()));
        }
    }

    fn description(&self) -> Option<String> {
        let rules = "Should follow the rules of S3: 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or a \
                     digit at the beginning and at the end, and no IP address.";
        Some(rules.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use terraform_plugin::AttributePath;
    use terraform_plugin::value::Value;

    use super::*;

    #[test]
    fn names_keep_the_rules_of_s3() {
        for name in ["abc", "my-data.v2", "1.2.3", &"a".repeat(63)] {
            assert_eq!(broken_rule(name), None, "{name}");
        }
        for (name, rule) in [
            ("ab", "3 to 63"),
            (&*"a".repeat(64), "3 to 63"),
            ("Data", "lower-case"),
            ("my_data", "lower-case"),
            ("-data", "begins and ends"),
            ("data.", "begins and ends"),
            ("my..data", "two dots"),
            ("192.168.0.1", "IP address"),
        ] {
            assert!(broken_rule(name).is_some_and(|said| said.contains(rule)), "{name}");
        }
    }

    #[test]
    fn a_broken_rule_is_a_warning() {
        let mut diagnostics = Diagnostics::new();
        let (path, name) = (AttributePath::of("name"), Value::from("My_Data"));
        NameOfS3.validate(&ValidateRequest::new(&path, &name, &Value::Null), &mut diagnostics);
        assert!(!diagnostics.is_empty() && !diagnostics.has_errors());
    }
}
