//! A plan, as Terraform takes it from what a provider answers.

use std::ops::Index;

use super::object::{StoredObject, attribute, model, of_author};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::Private;
use crate::path::AttributePath;
use crate::value::Value;

/// What a plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlannedAction {
    /// Nothing.
    NoOp,
    /// Creates the object.
    Create,
    /// Changes it in place.
    Update,
    /// Deletes it and creates another one.
    Replace,
    /// Deletes it.
    Destroy,
}

/// What is planned for an object.
///
/// `plan["name"]` is an attribute of the planned state; it may be unknown.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) action: PlannedAction,
    pub(super) prior: Option<StoredObject>,
    pub(super) config: Value,
    pub(super) planned: Value,
    pub(super) private: Private,
    pub(super) identity: Option<Value>,
    pub(super) requires_replace: Vec<AttributePath>,
}

impl Plan {
    /// What it does.
    #[must_use]
    pub fn action(&self) -> PlannedAction {
        self.action
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.action == PlannedAction::NoOp
    }

    /// The object as it was read before it was planned; absent if it is about to be created.
    #[must_use]
    pub fn prior(&self) -> Option<&StoredObject> {
        self.prior.as_ref()
    }

    /// The planned state; null for a destroy.
    #[must_use]
    pub fn planned(&self) -> &Value {
        &self.planned
    }

    /// The planned state as a model.
    ///
    /// # Panics
    /// If the model does not fit, or this is a destroy.
    #[must_use]
    #[track_caller]
    pub fn model<M: Model>(&self) -> M {
        model(&self.planned)
    }

    /// The attributes whose change is why the object is replaced.
    #[must_use]
    pub fn requires_replace(&self) -> &[AttributePath] {
        &self.requires_replace
    }

    /// What the provider keeps with the plan for the apply.
    #[must_use]
    pub fn private(&self) -> Private {
        of_author(&self.private)
    }

    /// The planned identity, where it is known already.
    #[must_use]
    pub fn identity(&self) -> Option<&Value> {
        self.identity.as_ref()
    }
}

impl Index<&str> for Plan {
    type Output = Value;

    #[track_caller]
    fn index(&self, name: &str) -> &Value {
        attribute(&self.planned, name)
    }
}

/// What Terraform does with an object, by what a provider answered. `replaces` are the paths that are left of those for which the
/// provider asked to replace it.
pub(super) fn action(prior: &Value, planned: &Value, replaces: &[AttributePath]) -> PlannedAction {
    match (prior.is_null(), planned.is_null()) {
        (true, _) => PlannedAction::Create,
        (false, true) => PlannedAction::Destroy,
        _ if !replaces.is_empty() => PlannedAction::Replace,
        _ if planned == prior && planned.is_wholly_known() => PlannedAction::NoOp,
        _ => PlannedAction::Update,
    }
}

/// Of the paths for which a provider asks to replace an object, those at which something changes. Terraform counts no other, but
/// for write-only values, of which it cannot know it.
///
/// # Errors
/// If a path leads nowhere.
pub(super) fn replaces(
    prior: &Value,
    planned: &Value,
    asked: Vec<AttributePath>,
    is_write_only: impl Fn(&AttributePath) -> bool,
) -> Result<Vec<AttributePath>, Diagnostics> {
    let mut errors = Diagnostics::new();
    let changes = |path: &AttributePath| match (reach(prior, path), reach(planned, path)) {
        (None, None) => {
            let detail = format!("The plan requires replacement for {path}, which is no attribute of the object.");
            errors.push(Diagnostic::error("Provider produced invalid plan", detail));
            false
        }
        (prior, planned) => {
            let (prior, planned) = (prior.unwrap_or(&Value::Null), planned.unwrap_or(&Value::Null));
            prior != planned || !planned.is_wholly_known() || is_write_only(path)
        }
    };
    let left = if prior.is_null() { Vec::new() } else { asked.into_iter().filter(changes).collect() };
    if errors.is_empty() { Ok(left) } else { Err(errors) }
}

/// The value at a path, or something unknown on the way to it.
fn reach<'a>(value: &'a Value, path: &AttributePath) -> Option<&'a Value> {
    path.steps().iter().try_fold(value, |value, step| {
        if value.is_unknown() { Some(value) } else { value.at(&AttributePath::root().then(step.clone())) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(name: Value, disks: Vec<Value>) -> Value {
        Value::object([("name", name), ("disks", Value::List(disks)), ("password", Value::Null)])
    }

    #[test]
    fn what_is_done_follows_from_the_states_and_what_replaces() {
        use PlannedAction::{Create, Destroy, NoOp, Replace, Update};
        let (a, b) = (object("a".into(), Vec::new()), object("b".into(), Vec::new()));
        let path = || vec![AttributePath::of("name")];
        for (prior, planned, replaces, expected) in [
            (Value::Null, a.clone(), Vec::new(), Create),
            (a.clone(), Value::Null, Vec::new(), Destroy),
            (a.clone(), a.clone(), Vec::new(), NoOp),
            (a.clone(), b.clone(), Vec::new(), Update),
            (a.clone(), b, path(), Replace),
            (a.clone(), a, path(), Replace),
        ] {
            assert_eq!(action(&prior, &planned, &replaces), expected);
        }
    }

    #[test]
    fn only_what_changes_replaces() {
        let disk = |size: Value| Value::object([("size", size)]);
        let prior = object("a".into(), vec![disk(1.into())]);
        let planned = object(Value::unknown(), vec![disk(1.into()), disk(2.into())]);
        let size = |index| AttributePath::of("disks").index(index).attribute("size");
        let asked = vec![AttributePath::of("name"), size(0), size(1), AttributePath::of("password")];
        let found = |write_only: bool| {
            replaces(&prior, &planned, asked.clone(), |path| write_only && *path == AttributePath::of("password"))
        };
        assert_eq!(found(false), Ok(vec![AttributePath::of("name"), size(1)]));
        assert_eq!(found(true).expect("the paths are right").len(), 3);
        assert_eq!(replaces(&Value::Null, &planned, asked.clone(), |_| false), Ok(Vec::new()));
    }

    #[test]
    fn a_path_to_nothing_is_an_error() {
        let thing = object("a".into(), Vec::new());
        for wrong in
            [AttributePath::of("nmae"), AttributePath::of("disks").index(3), AttributePath::of("name").index(0)]
        {
            let error = replaces(&thing, &thing, vec![wrong], |_| false).expect_err("there is no such attribute");
            assert_eq!(error.iter().next().map(|one| one.summary.as_str()), Some("Provider produced invalid plan"));
        }
        // It is right in one of the two.
        let planned =
            Value::object([("name", Value::from("a")), ("disks", Value::unknown()), ("password", Value::Null)]);
        let path = AttributePath::of("disks").index(3);
        assert_eq!(replaces(&thing, &planned, vec![path.clone()], |_| false), Ok(vec![path]));
    }
}
