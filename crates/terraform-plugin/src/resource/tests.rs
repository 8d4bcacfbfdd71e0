//! What a resource is given, and what it hands over.

use super::*;
use crate::testing::{resource_plan, storing};

#[test]
fn a_plan_says_whether_terraform_remembers() {
    let plan = || resource_plan::<(), String>(None, None, None, None);
    assert!(!plan().remembers() && storing(plan()).remembers());
}

#[test]
fn an_import_names_its_object_by_an_id_or_by_an_identity() {
    let identity = Value::object([("name", Value::from("b")), ("size", 1.into())]);
    let by_id = ImportTarget::Id("a".to_owned());
    let by_identity = ImportTarget::Identity(identity.clone());
    assert_eq!((by_id.id(), by_id.identity()), (Some("a"), None));
    assert_eq!((by_identity.id(), by_identity.identity()), (None, Some(&identity)));
    for (target, attribute, text) in [
        (&by_id, "name", Some("a")),
        (&by_identity, "name", Some("b")),
        (&by_identity, "size", None),
        (&by_identity, "none", None),
    ] {
        assert_eq!(target.text(attribute), text, "{target:?} {attribute}");
    }
}

#[test]
fn a_move_hands_over_what_is_kept_with_the_state() {
    let mut private = Private::default();
    private.set("was", "volume");
    let identity = Value::object([("account", Value::from("1"))]);
    let warning = Diagnostic::warning("Old volume", "It has no id.");
    let moved = Moved::new("a").private(private.clone()).identity(identity.clone()).warn(warning.clone());
    assert_eq!(moved, Moved { state: "a", private, identity: Some(identity), warnings: warning.into() });
    assert_eq!(Moved::from("a").into_state(), "a");
}
