//! Checks of a state: what Terraform stores after an apply.

use std::cell::RefCell;

use serde_json::Value;

use super::check::{Check, Mismatch, compare, shown};
use super::expected::{Expected, same};
use super::path::{at, steps};
use super::resources::{addresses, find, of_state};

/// The object is in the state.
#[must_use]
pub fn exists<'a>(address: &str) -> Check<'a> {
    let address = address.to_owned();
    Check::new(format!("{address} is in the state"), move |state| resource(state, &address).map(drop))
}

/// The object is not in the state.
#[must_use]
pub fn absent<'a>(address: &str) -> Check<'a> {
    let address = address.to_owned();
    Check::new(format!("{address} is not in the state"), move |state| match resource(state, &address) {
        Ok(found) => Err(Mismatch::new("no such object", found["values"].to_string())),
        Err(_) => Ok(()),
    })
}

/// The state holds so many resources and data sources, in all modules.
#[must_use]
pub fn count<'a>(expected: usize) -> Check<'a> {
    Check::new("the number of objects in the state", move |state| {
        let resources = of_state(state);
        if resources.len() == expected {
            return Ok(());
        }
        Err(Mismatch::new(expected.to_string(), format!("{}: {}", resources.len(), addresses(&resources))))
    })
}

/// An attribute of the object is this.
#[must_use]
pub fn value<'a>(address: &str, path: &str, expected: impl Into<Expected>) -> Check<'a> {
    let (address, path, expected) = (address.to_owned(), path.to_owned(), expected.into());
    _ = steps(&path);
    Check::new(format!("{path} of {address}"), move |state| {
        compare(&expected, at(&resource(state, &address)?["values"], &path))
    })
}

/// An attribute of the identity of the object is this. Needs Terraform 1.12.
#[must_use]
pub fn identity<'a>(address: &str, path: &str, expected: impl Into<Expected>) -> Check<'a> {
    let (address, path, expected) = (address.to_owned(), path.to_owned(), expected.into());
    _ = steps(&path);
    Check::new(format!("{path} of the identity of {address}"), move |state| {
        compare(&expected, at(&resource(state, &address)?["identity"], &path))
    })
}

/// The object is tainted: its create failed half way.
#[must_use]
pub fn tainted<'a>(address: &str) -> Check<'a> {
    let address = address.to_owned();
    Check::new(format!("{address} is tainted"), move |state| match resource(state, &address)?["tainted"] {
        Value::Bool(true) => Ok(()),
        _ => Err(Mismatch::new("a tainted object", "one that is not")),
    })
}

/// An output is this.
#[must_use]
pub fn output<'a>(name: &str, expected: impl Into<Expected>) -> Check<'a> {
    let (name, expected) = (name.to_owned(), expected.into());
    Check::new(format!("output {name}"), move |state| {
        compare(&expected, state["values"]["outputs"].get(&name).map(|output| &output["value"]))
    })
}

/// Two attributes are the same: each is an address and a path.
#[must_use]
pub fn equal<'a>(one: (&str, &str), other: (&str, &str)) -> Check<'a> {
    let own = |(address, path): (&str, &str)| {
        _ = steps(path);
        (address.to_owned(), path.to_owned())
    };
    let (one, other) = (own(one), own(other));
    let name = format!("{} of {} is {} of {}", one.1, one.0, other.1, other.0);
    Check::new(name, move |state| {
        let get = |(address, path): &(String, String)| Ok(at(&resource(state, address)?["values"], path));
        let (one, other) = (get(&one)?, get(&other)?);
        if one.zip(other).is_some_and(|(one, other)| same(one, other)) {
            return Ok(());
        }
        Err(Mismatch::new(shown(other), shown(one)))
    })
}

/// A value that several steps of a case compare, for example an id that has to stay, or a new one after a replacement.
///
/// ```
/// use terraform_plugin_testing::case::{Step, state};
///
/// let id = state::Remembered::new();
/// let created = Step::config("...").check(id.set_at("notes_note.a", "id"));
/// let updated = Step::config("...").check(id.same_at("notes_note.a", "id"));
/// let replaced = Step::config("...").check(id.other_at("notes_note.a", "id"));
/// ```
#[derive(Debug, Default)]
pub struct Remembered(RefCell<Option<Value>>);

impl Remembered {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers an attribute, which must be there and not null.
    pub fn set_at(&self, address: &str, path: &str) -> Check<'_> {
        self.check("is remembered", address, path, |_, found| {
            if found.is_null() { Err(Mismatch::new("a value", "null")) } else { Ok(()) }
        })
    }

    /// The attribute is the one that was remembered.
    pub fn same_at(&self, address: &str, path: &str) -> Check<'_> {
        self.check("is the same as before", address, path, |before, found| {
            if same(before, found) { Ok(()) } else { Err(Mismatch::new(before.to_string(), found.to_string())) }
        })
    }

    /// The attribute is another one than was remembered. From here on it is the remembered one.
    pub fn other_at(&self, address: &str, path: &str) -> Check<'_> {
        self.check("is another one than before", address, path, |before, found| {
            if same(before, found) {
                Err(Mismatch::new(format!("another one than {before}"), found.to_string()))
            } else {
                Ok(())
            }
        })
    }

    fn check(
        &self,
        what: &str,
        address: &str,
        path: &str,
        compare: impl Fn(&Value, &Value) -> Result<(), Mismatch> + 'static,
    ) -> Check<'_> {
        let first = what == "is remembered";
        let (address, path, name) = (address.to_owned(), path.to_owned(), format!("{path} of {address} {what}"));
        _ = steps(&path);
        Check::new(name, move |state| {
            let found = at(&resource(state, &address)?["values"], &path).cloned().unwrap_or_default();
            let before = self.0.borrow().clone();
            if before.is_none() && !first {
                return Err(Mismatch::new("a value of an earlier step", "none was remembered"));
            }
            compare(&before.unwrap_or_default(), &found)?;
            *self.0.borrow_mut() = Some(found);
            Ok(())
        })
    }
}

/// A resource or data source of the state.
fn resource<'s>(state: &'s Value, address: &str) -> Result<&'s Value, Mismatch> {
    let resources = of_state(state);
    find(&resources, address)
        .ok_or_else(|| Mismatch::new(format!("{address} in the state"), format!("only {}", addresses(&resources))))
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::said;
    use super::super::expected::{containing, matching, null};
    use super::*;

    const STATE: &str = include_str!("recorded/state.json");
    const NOTE: &str = "sample_note.a";

    #[test]
    fn checks_of_a_state_find_what_is_there() {
        for check in [
            exists(NOTE),
            exists("module.shelf.terraform_data.book[\"c\"]"),
            absent("sample_note.b"),
            count(5),
            value(NOTE, "text", "milk"),
            value(NOTE, "id", matching("^n-")),
            value(NOTE, "tags", containing(["y"])),
            value(NOTE, "delay_ms", null()),
            value("terraform_data.k", "input.names[1]", "b"),
            output("text", "milk"),
            equal((NOTE, "id"), ("terraform_data.many[0]", "input")),
        ] {
            assert_eq!(said(check, STATE), Ok(()));
        }
        let state = r#"{"values": {"root_module": {"resources": [
            {"address": "a.b", "tainted": true, "identity": {"id": "b-1"}, "values": {}}]}}}"#;
        assert_eq!(said(tainted("a.b"), state), Ok(()));
        assert_eq!(said(identity("a.b", "id", "b-1"), state), Ok(()));
    }

    #[test]
    fn a_check_of_a_state_that_fails_says_what_it_found() {
        let only = "found:    only sample_note.a, terraform_data.k, ";
        for (check, expected) in [
            (exists("sample_note.b"), only),
            (absent(NOTE), "expected: no such object\n  found:    {\"delay_ms\":null,\"id\":\"n-1\""),
            (count(1), "expected: 1\n  found:    5: sample_note.a, "),
            (value(NOTE, "text", "tea"), "text of sample_note.a\n  expected: \"tea\"\n  found:    \"milk\""),
            (value(NOTE, "none", "x"), "found:    nothing"),
            (value("sample_note.b", "text", "x"), only),
            (tainted(NOTE), "found:    one that is not"),
            (
                identity(NOTE, "id", "n-1"),
                "id of the identity of sample_note.a\n  expected: \"n-1\"\n  found:    nothing",
            ),
            (output("text", "tea"), "output text\n  expected: \"tea\"\n  found:    \"milk\""),
            (equal((NOTE, "id"), (NOTE, "text")), "id of sample_note.a is text of sample_note.a"),
            (equal((NOTE, "none"), (NOTE, "none")), "found:    nothing"),
        ] {
            let said = said(check, STATE).expect_err("it fails");
            assert!(said.contains(expected), "{said}\nlacks\n{expected}");
        }
    }

    #[test]
    fn a_value_is_compared_with_that_of_an_earlier_step() {
        let (id, later) = (Remembered::new(), STATE.replace("n-1", "n-2"));
        assert!(said(id.same_at(NOTE, "id"), STATE).expect_err("it is early").contains("none was remembered"));
        assert!(said(id.set_at(NOTE, "delay_ms"), STATE).is_err());
        assert_eq!(said(id.set_at(NOTE, "id"), STATE), Ok(()));
        assert_eq!(said(id.same_at(NOTE, "id"), STATE), Ok(()));
        let moved = said(id.same_at(NOTE, "id"), &later).expect_err("it is another one");
        assert!(
            moved.ends_with("id of sample_note.a is the same as before\n  expected: \"n-1\"\n  found:    \"n-2\""),
            "{moved}"
        );
        assert!(said(id.other_at(NOTE, "id"), STATE).is_err());
        assert_eq!(said(id.other_at(NOTE, "id"), &later), Ok(()));
        assert_eq!(said(id.same_at(NOTE, "id"), &later), Ok(()));
    }
}
