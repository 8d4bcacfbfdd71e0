//! Checks of a plan: what Terraform is about to do.

use serde_json::Value;

use super::check::{Check, Mismatch, compare, shown};
use super::expected::Expected;
use super::path::{Step, at, is_unknown, steps};
use super::planned::{action_list, actions, change, changes, drift};

/// The object is created.
#[must_use]
pub fn creates<'a>(address: &str) -> Check<'a> {
    acts(address, "is created", &["create"])
}

/// The object is changed in place.
#[must_use]
pub fn updates<'a>(address: &str) -> Check<'a> {
    acts(address, "is updated", &["update"])
}

/// The object is deleted and another one created, in either order.
#[must_use]
pub fn replaces<'a>(address: &str) -> Check<'a> {
    acts(address, "is replaced", &["delete", "create"])
}

/// The object is deleted.
#[must_use]
pub fn destroys<'a>(address: &str) -> Check<'a> {
    acts(address, "is destroyed", &["delete"])
}

/// The data source is read in the apply, as something that it needs is not known yet.
#[must_use]
pub fn reads<'a>(address: &str) -> Check<'a> {
    acts(address, "is read", &["read"])
}

/// Nothing is done with the object, which exists.
#[must_use]
pub fn leaves<'a>(address: &str) -> Check<'a> {
    acts(address, "is left alone", &["no-op"])
}

/// The object is imported.
#[must_use]
pub fn imports<'a>(address: &str) -> Check<'a> {
    let address = address.to_owned();
    Check::new(format!("{address} is imported"), move |plan| {
        let change = change(plan, &address)?;
        if change["change"]["importing"].is_object() {
            Ok(())
        } else {
            Err(Mismatch::new("an import", actions(change)))
        }
    })
}

/// The plan does nothing at all, to objects and to outputs.
#[must_use]
pub fn is_empty<'a>() -> Check<'a> {
    Check::new("the plan is empty", |plan| match changes(plan) {
        none if none.is_empty() => Ok(()),
        changes => Err(Mismatch::new("no changes", changes)),
    })
}

/// The plan does something.
#[must_use]
pub fn is_not_empty<'a>() -> Check<'a> {
    Check::new("the plan is not empty", |plan| match changes(plan) {
        none if none.is_empty() => Err(Mismatch::new("changes", "an empty plan")),
        _ => Ok(()),
    })
}

/// An attribute of the object is planned to be this. What is not known yet is nothing.
#[must_use]
pub fn value<'a>(address: &str, path: &str, expected: impl Into<Expected>) -> Check<'a> {
    let (address, path, expected) = (address.to_owned(), path.to_owned(), expected.into());
    _ = steps(&path);
    Check::new(format!("planned {path} of {address}"), move |plan| {
        let change = &change(plan, &address)?["change"];
        if is_unknown(&change["after_unknown"], &path) {
            return Err(Mismatch::new(expected.to_string(), "a value that is not known yet"));
        }
        compare(&expected, at(&change["after"], &path))
    })
}

/// An attribute of the object is not known before the apply.
#[must_use]
pub fn unknown<'a>(address: &str, path: &str) -> Check<'a> {
    let (address, path) = (address.to_owned(), path.to_owned());
    _ = steps(&path);
    Check::new(format!("planned {path} of {address}"), move |plan| {
        let change = &change(plan, &address)?["change"];
        if is_unknown(&change["after_unknown"], &path) {
            return Ok(());
        }
        Err(Mismatch::new("a value that is not known yet", shown(at(&change["after"], &path))))
    })
}

/// A change of this attribute is why the object is replaced.
#[must_use]
pub fn replaced_for<'a>(address: &str, path: &str) -> Check<'a> {
    let (address, path) = (address.to_owned(), path.to_owned());
    let wanted: Vec<Value> = steps(&path)
        .into_iter()
        .map(|step| match step {
            Step::Name(name) => name.into(),
            Step::Index(index) => index.into(),
        })
        .collect();
    Check::new(format!("{address} is replaced for {path}"), move |plan| {
        let paths = &change(plan, &address)?["change"]["replace_paths"];
        let is_there = paths.as_array().is_some_and(|paths| paths.contains(&wanted.clone().into()));
        if is_there { Ok(()) } else { Err(Mismatch::new(Value::from(wanted.clone()).to_string(), paths.to_string())) }
    })
}

/// An output is planned to be this.
#[must_use]
pub fn output<'a>(name: &str, expected: impl Into<Expected>) -> Check<'a> {
    let (name, expected) = (name.to_owned(), expected.into());
    Check::new(format!("planned output {name}"), move |plan| {
        let change = &plan["output_changes"][&name];
        if change.is_null() {
            return Err(Mismatch::new(expected.to_string(), "no such output"));
        }
        if change["after_unknown"] == true {
            return Err(Mismatch::new(expected.to_string(), "a value that is not known yet"));
        }
        compare(&expected, change.get("after"))
    })
}

/// The object was changed outside of Terraform since the last apply.
#[must_use]
pub fn drifted<'a>(address: &str) -> Check<'a> {
    let address = address.to_owned();
    Check::new(format!("{address} has drifted"), move |plan| match drift(plan) {
        found if found.iter().any(|one| *one == address) => Ok(()),
        found => Err(Mismatch::new("a drift", format!("drifts of {found:?}"))),
    })
}

/// No object was changed outside of Terraform: what is read is what the last apply returned.
#[must_use]
pub fn no_drift<'a>() -> Check<'a> {
    Check::new("nothing has drifted", |plan| match drift(plan) {
        none if none.is_empty() => Ok(()),
        found => Err(Mismatch::new("no drift", found.join(", "))),
    })
}

fn acts<'a>(address: &str, what: &str, wanted: &'static [&'static str]) -> Check<'a> {
    let address = address.to_owned();
    Check::new(format!("{address} {what}"), move |plan| {
        let change = change(plan, &address)?;
        let found: Vec<_> = action_list(change);
        let same = found.len() == wanted.len() && wanted.iter().all(|one| found.contains(one));
        if same { Ok(()) } else { Err(Mismatch::new(wanted.join(", "), actions(change))) }
    })
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::said;
    use super::*;

    const PLAN: &str = include_str!("recorded/plan.json");
    const NOTE: &str = "sample_note.a";

    fn failed(check: Check<'_>, json: &str) -> String {
        said(check, json).expect_err("it fails")
    }

    #[test]
    fn checks_of_a_plan_find_what_it_does() {
        for check in [
            updates(NOTE),
            creates("module.shelf.terraform_data.book[\"d\"]"),
            destroys("module.shelf.terraform_data.book[\"c\"]"),
            is_not_empty(),
            value(NOTE, "text", "tea"),
            value(NOTE, "tags[1]", "y"),
            value("terraform_data.k", "input.size", 3),
            unknown(NOTE, "id"),
            unknown("terraform_data.k", "output"),
            output("text", "tea"),
            no_drift(),
        ] {
            assert_eq!(said(check, PLAN), Ok(()));
        }
    }

    #[test]
    fn a_check_of_a_plan_that_fails_says_what_it_found() {
        for (check, expected) in [
            (creates(NOTE), "check failed: sample_note.a is created\n  expected: create\n  found:    update"),
            (
                leaves("module.shelf.terraform_data.book[\"c\"]"),
                "expected: no-op\n  found:    delete (delete_because_each_key)",
            ),
            (
                updates("sample_note.b"),
                "expected: a plan for sample_note.b\n  found:    only sample_note.a, terraform_data.k",
            ),
            (value(NOTE, "text", "milk"), "planned text of sample_note.a\n  expected: \"milk\"\n  found:    \"tea\""),
            (value(NOTE, "id", "n-1"), "found:    a value that is not known yet"),
            (value(NOTE, "none", "x"), "found:    nothing"),
            (unknown(NOTE, "text"), "expected: a value that is not known yet\n  found:    \"tea\""),
            (output("id", "n-1"), "planned output id\n  expected: \"n-1\"\n  found:    a value that is not known yet"),
            (output("none", 1), "found:    no such output"),
            (drifted(NOTE), "expected: a drift\n  found:    drifts of []"),
            (imports(NOTE), "expected: an import\n  found:    update"),
            (replaced_for(NOTE, "text"), "expected: [\"text\"]\n  found:    null"),
        ] {
            let said = failed(check, PLAN);
            assert!(said.contains(expected), "{said}\nlacks\n{expected}");
        }
    }

    #[test]
    fn an_empty_plan_changes_neither_objects_nor_outputs() {
        let said_of = failed(is_empty(), PLAN);
        let part = "update of id, text at sample_note.a; update of input, output at terraform_data.k";
        assert!(said_of.contains(part) && said_of.ends_with("update at output id; update at output text"), "{said_of}");
        let nothing = r#"{"resource_changes": [{"address": "a.b", "change": {"actions": ["no-op"]}}],
                          "output_changes": {"x": {"actions": ["no-op"]}}}"#;
        assert_eq!(said(is_empty(), nothing), Ok(()));
        assert!(failed(is_not_empty(), nothing).ends_with("expected: changes\n  found:    an empty plan"));
    }

    #[test]
    fn a_replacement_an_import_and_a_drift_are_found() {
        let plan = r#"{"resource_changes": [
            {"address": "a.b", "change": {"actions": ["create", "delete"], "replace_paths": [["links", 0, "url"]]}},
            {"address": "a.c", "change": {"actions": ["no-op"], "importing": {"id": "c-1"}}}],
            "resource_drift": [{"address": "a.d"}]}"#;
        for check in
            [replaces("a.b"), replaced_for("a.b", "links[0].url"), imports("a.c"), leaves("a.c"), drifted("a.d")]
        {
            assert_eq!(said(check, plan), Ok(()));
        }
        assert!(failed(no_drift(), plan).ends_with("found:    a.d"));
        assert!(failed(replaced_for("a.b", "links"), plan).ends_with("found:    [[\"links\",0,\"url\"]]"));
    }
}
