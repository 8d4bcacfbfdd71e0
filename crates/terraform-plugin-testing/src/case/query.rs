//! Checks of a query: what `terraform query` found. They are given the list of what was found, in order.

use serde_json::Value;

use super::check::{Check, Mismatch, compare};
use super::expected::{Expected, same};
use super::path::{at, steps};

/// So many objects were found.
#[must_use]
pub fn finds<'a>(expected: usize) -> Check<'a> {
    Check::new("the number of objects that were found", move |found| {
        let all = list(found);
        if all.len() == expected { Ok(()) } else { Err(Mismatch::new(expected.to_string(), shown(all))) }
    })
}

/// An object of this identity was found.
#[must_use]
pub fn finds_identity<'a>(identity: Value) -> Check<'a> {
    Check::new("an object that was found", move |found| by_identity(found, &identity).map(drop))
}

/// No object of this identity was found.
#[must_use]
pub fn lacks_identity<'a>(identity: Value) -> Check<'a> {
    Check::new("an object that was not found", move |found| match by_identity(found, &identity) {
        Ok(_) => Err(Mismatch::new(format!("no {identity}"), shown(list(found)))),
        Err(_) => Ok(()),
    })
}

/// The object of this identity has this name for people.
#[must_use]
pub fn display_name<'a>(identity: Value, expected: impl Into<Expected>) -> Check<'a> {
    let expected = expected.into();
    Check::new(format!("the name of {identity}"), move |found| {
        compare(&expected, by_identity(found, &identity)?.get("display_name"))
    })
}

/// An attribute of the object of this identity is this. The query needs `include_resource = true`.
#[must_use]
pub fn value<'a>(identity: Value, path: &str, expected: impl Into<Expected>) -> Check<'a> {
    let (path, expected) = (path.to_owned(), expected.into());
    _ = steps(&path);
    Check::new(format!("{path} of {identity}"), move |found| {
        compare(&expected, at(&by_identity(found, &identity)?["resource_object"], &path))
    })
}

/// What a query printed as JSON, a line for each message.
pub(super) fn found(printed: &str) -> Value {
    let lines = printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found = lines.filter(|line| line["type"] == "list_resource_found");
    found.map(|mut line| line["list_resource_found"].take()).collect()
}

fn list(found: &Value) -> &[Value] {
    found.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn by_identity<'f>(found: &'f Value, identity: &Value) -> Result<&'f Value, Mismatch> {
    let all = list(found);
    let one = all.iter().find(|one| same(identity, &one["identity"]));
    one.ok_or_else(|| Mismatch::new(identity.to_string(), shown(all)))
}

fn shown(found: &[Value]) -> String {
    let identities: Vec<_> = found.iter().map(|one| one["identity"].to_string()).collect();
    format!("{}: {}", found.len(), identities.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check::tests::said;
    use super::*;

    /// The form in which Terraform 1.14 prints what it found.
    const PRINTED: &str = include_str!("recorded/query.jsonl");

    #[test]
    fn checks_of_a_query_find_what_was_found() {
        let found = found(PRINTED).to_string();
        let (n0, n1) = (json!({"id": "n0"}), json!({"id": "n1"}));
        for check in [
            finds(2),
            finds_identity(n1.clone()),
            lacks_identity(json!({"id": "n2"})),
            display_name(n0.clone(), "Note 0"),
            value(n1.clone(), "tags[0]", "a"),
        ] {
            assert_eq!(said(check, &found), Ok(()));
        }
        for (check, expected) in [
            (finds(3), "expected: 3\n  found:    2: {\"id\":\"n0\"}, {\"id\":\"n1\"}"),
            (finds_identity(json!({"id": "n2"})), "expected: {\"id\":\"n2\"}\n  found:    2: "),
            (lacks_identity(n1), "expected: no {\"id\":\"n1\"}"),
            (value(n0, "title", "x"), "title of {\"id\":\"n0\"}\n  expected: \"x\"\n  found:    nothing"),
        ] {
            let said = said(check, &found).expect_err("it fails");
            assert!(said.contains(expected), "{said}\nlacks\n{expected}");
        }
    }
}
