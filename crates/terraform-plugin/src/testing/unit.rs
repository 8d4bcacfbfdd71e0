//! What the framework hands to the functions of an object, made by a test: operations and plans, and how they ended.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::diagnostic::Diagnostics;
use crate::memory::Memory;
use crate::operation::{About, Call, DeferReason, Operation, Private, Saved};
use crate::resource::{MoveSource, ResourcePlan};
use crate::schema::Upgrading;
use crate::value::Value;

/// A call without an interrupt, from a module without a `provider_meta` block, by a Terraform that can no more than the first.
fn call<C>(session: Option<Arc<C>>) -> Call<C> {
    Call {
        session,
        provider_deferred: false,
        stop: CancellationToken::new(),
        meta: Value::Null,
        may_defer: false,
        stores_planned_private: false,
        computed_blocks_allowed: false,
    }
}

/// An operation, to call the functions of an object with. `private` is what Terraform kept from the operation before, and
/// `config` what [`Operation::config`] gives: a configuration in a create, update and delete, and `None` otherwise.
///
/// ```
/// use std::sync::Arc;
///
/// use terraform_plugin::testing::{EndState, Setup as _, ended, operation};
/// use terraform_plugin::{Attr, CancellationToken, Model, Operation, Private};
///
/// #[derive(Clone, Debug, PartialEq, Model)]
/// struct Book {
///     isbn: Attr<String>,
/// }
///
/// /// A part of a resource: what an interrupted create keeps.
/// fn interrupted(operation: &mut Operation<(), Book>) {
///     if operation.stop().is_cancelled() {
///         operation.private_mut().set("request", "r-1");
///         operation.save(Book { isbn: "9780131103627".into() });
///     }
/// }
///
/// let stop = CancellationToken::new();
/// let mut operation = operation(Arc::new(()), Private::default(), None).stopped_by(stop.clone());
/// stop.cancel();
/// interrupted(&mut operation);
///
/// let ended = ended(operation);
/// assert_eq!(ended.state, EndState::Saved(Book { isbn: "9780131103627".into() }));
/// assert_eq!(ended.private.text("request"), Some("r-1"));
/// assert!(ended.diagnostics.is_empty());
/// ```
#[must_use]
pub fn operation<C, M>(session: Arc<C>, private: Private, config: Option<M>) -> Operation<C, M> {
    let about = About { object: "test", verb: "test" };
    Operation::of(about, Arc::clone(&session), call(Some(session)), private, config)
}

/// The same operation, on an object that has this identity: see [`Operation::identity`].
#[must_use]
pub fn identified<C, M>(operation: Operation<C, M>, identity: Value) -> Operation<C, M> {
    operation.identified(Some(identity))
}

/// A plan, to call [`Resource::plan`](crate::Resource::plan) with. `session` is `None` if the provider is not configured.
/// Without a `prior` state the object is created, and without a `config` and a `planned` state it is destroyed.
///
/// `requires_replace` and `private` are empty, and can be set in the plan.
#[must_use]
pub fn resource_plan<C, M>(
    session: Option<Arc<C>>,
    prior: Option<M>,
    config: Option<M>,
    planned: Option<M>,
) -> ResourcePlan<C, M> {
    ResourcePlan {
        prior,
        config,
        planned,
        requires_replace: Vec::new(),
        private: Private::default(),
        warnings: Diagnostics::new(),
        call: call(session),
        deferred: None,
        replaced_identity: None,
        earlier_private: None,
        memory: Memory::default(),
    }
}

/// The same plan, of a create that replaces the object of this identity: see [`ResourcePlan::replaced_identity`].
#[must_use]
pub fn replacing<C, M>(plan: ResourcePlan<C, M>, identity: Value) -> ResourcePlan<C, M> {
    ResourcePlan { replaced_identity: Some(identity), ..plan }
}

/// An old state, to call an upgrade with. `session` is `None` if the provider is not configured.
#[must_use]
pub fn upgrading<C, M>(session: Option<Arc<C>>, state: M) -> Upgrading<C, M> {
    Upgrading::new(state, session, CancellationToken::new())
}

/// An object of another type, to call [`Resource::move_state`](crate::Resource::move_state) with: its type, its state, and its
/// identity if it has one, both as JSON. What else is known of it can be set.
#[must_use]
pub fn move_source(type_name: &str, state: &str, identity: Option<&str>) -> MoveSource {
    MoveSource {
        provider_address: "registry.terraform.io/example/example".to_owned(),
        type_name: type_name.to_owned(),
        schema_version: 0,
        private: Vec::new(),
        identity_schema_version: 0,
        state: state.to_owned(),
        identity: identity.map(str::to_owned),
    }
}

/// The same plan, made by a Terraform that stores what it [remembers](ResourcePlan::remembered): 1.16 or newer.
#[must_use]
pub fn storing<C, M>(mut plan: ResourcePlan<C, M>) -> ResourcePlan<C, M> {
    plan.call.stores_planned_private = true;
    plan.memory = Memory::new(true, None);
    plan
}

/// The same plan, made once more before the apply, when Terraform had stored the private data of the `earlier` one.
#[must_use]
pub fn planned_again<C, M>(plan: ResourcePlan<C, M>, earlier: ResourcePlan<C, M>) -> ResourcePlan<C, M> {
    let mut plan = storing(plan);
    let ResourcePlan { mut private, memory, .. } = earlier;
    memory.put(&mut private);
    plan.memory = Memory::new(true, Some(&mut private));
    plan.earlier_private = Some(private);
    plan
}

/// Why a plan was put off, if it was.
#[must_use]
pub fn deferral<C, M>(plan: &ResourcePlan<C, M>) -> Option<DeferReason> {
    plan.deferred
}

/// What comes from Terraform with every call, to be set before the call.
pub trait Setup: Sized + sealed::Sealed {
    /// Stops the call when the token is cancelled, as an interrupt of the user does.
    #[must_use]
    fn stopped_by(self, stop: CancellationToken) -> Self;

    /// Lets the call be put off.
    #[must_use]
    fn deferrable(self) -> Self;

    /// Gives the module a `provider_meta` block, which is what the model of the block makes of itself with
    /// [`Model::into_value`](crate::Model::into_value).
    #[must_use]
    fn with_provider_meta(self, meta: Value) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

/// Both hold a `Call`.
macro_rules! setup {
    ($($ty:ident),*) => {$(
        impl<C, M> sealed::Sealed for $ty<C, M> {}

        impl<C, M> Setup for $ty<C, M> {
            fn stopped_by(mut self, stop: CancellationToken) -> Self {
                self.call.stop = stop;
                self
            }

            fn deferrable(mut self) -> Self {
                self.call.may_defer = true;
                self
            }

            fn with_provider_meta(mut self, meta: Value) -> Self {
                self.call.meta = meta;
                self
            }
        }
    )*};
}

setup!(Operation, ResourcePlan);

/// What an operation said of the state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EndState<M> {
    /// Nothing: Terraform keeps the state from before.
    Kept,
    /// It saved this one last.
    Saved(M),
    /// It removed the object.
    Removed,
}

impl<M> EndState<M> {
    /// The state that was saved last, if any.
    pub fn saved(self) -> Option<M> {
        match self {
            Self::Saved(state) => Some(state),
            Self::Kept | Self::Removed => None,
        }
    }
}

/// How an operation ended, apart from the `Result` of the function that was called with it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ended<M> {
    /// The state.
    pub state: EndState<M>,
    /// What it handed over by [`Operation::save_identity`].
    pub identity: Option<Value>,
    /// What Terraform keeps for the next operation.
    pub private: Private,
    /// What the operation reported by [`Operation::warn`].
    pub diagnostics: Diagnostics,
    /// Why it was put off, if it was.
    pub deferred: Option<DeferReason>,
}

/// Reads how an operation ended.
#[must_use]
pub fn ended<C, M>(operation: Operation<C, M>) -> Ended<M> {
    let Operation { private, saved, saved_identity: identity, diagnostics, deferred, .. } = operation;
    let state = match saved {
        Saved::Nothing => EndState::Kept,
        Saved::Object(state) => EndState::Saved(state),
        Saved::Removed => EndState::Removed,
    };
    Ended { state, identity, private, diagnostics, deferred }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::model::{Attr, Model};
    use crate::path::AttributePath;

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Thing {
        name: Attr<String>,
    }

    fn thing(name: &str) -> Thing {
        Thing { name: name.into() }
    }

    #[test]
    fn an_operation_has_what_it_was_built_with() {
        let mut private = Private::default();
        private.set("request", "r-1");
        let operation = operation(Arc::new(7), private.clone(), Some(thing("a")));
        assert_eq!((*operation.session(), operation.config(), operation.private()), (7, Some(&thing("a")), &private));
        assert!(!operation.stop().is_cancelled() && !operation.may_defer());
        assert!(operation.provider_meta::<Thing>().expect("it can be read").is_none());
        assert_eq!(
            ended(operation),
            Ended { state: EndState::Kept, identity: None, private, diagnostics: Diagnostics::new(), deferred: None }
        );
    }

    #[test]
    fn the_end_of_an_operation_is_what_it_said_last() {
        let begin = || operation::<(), Thing>(Arc::new(()), Private::default(), None).deferrable();
        let mut saved = begin();
        saved.save(thing("a"));
        saved.save(thing("b"));
        saved.warn(Diagnostic::warning("Slow", "It took long."));
        saved.private_mut().set("request", "r-2");
        let mut saved = identified(saved, Value::object([("name", Value::from("a"))]));
        assert_eq!(saved.identity(), Some(&Value::object([("name", Value::from("a"))])));
        saved.save_identity(thing("b"));
        let saved = ended(saved);
        assert_eq!(saved.identity, Some(Value::object([("name", Value::from("b"))])));
        assert_eq!(saved.private.text("request"), Some("r-2"));
        assert_eq!(saved.diagnostics, Diagnostic::warning("Slow", "It took long.").into());
        assert_eq!(saved.state.saved(), Some(thing("b")));
        let mut removed = begin();
        removed.save(thing("a"));
        removed.remove();
        removed.defer(DeferReason::AbsentPrerequisite);
        assert!(removed.may_defer());
        let removed = ended(removed);
        assert_eq!((removed.state.clone(), removed.state.saved()), (EndState::Removed, None));
        assert_eq!(removed.deferred, Some(DeferReason::AbsentPrerequisite));
    }

    #[test]
    fn an_operation_and_a_plan_can_be_stopped() {
        let stop = CancellationToken::new();
        let operation = operation::<(), Thing>(Arc::new(()), Private::default(), None)
            .stopped_by(stop.clone())
            .with_provider_meta(thing("module").into_value());
        let plan = resource_plan::<(), Thing>(None, None, None, None).stopped_by(stop.clone());
        assert!(!operation.stop().is_cancelled() && !plan.stop().is_cancelled());
        stop.cancel();
        assert!(operation.stop().is_cancelled() && plan.stop().is_cancelled());
        assert_eq!(operation.provider_meta::<Thing>().expect("it can be read"), Some(thing("module")));
    }

    #[test]
    fn an_upgrade_has_what_it_was_built_with() {
        let upgrading = upgrading(Some(Arc::new(7)), thing("a"));
        assert_eq!((upgrading.session().as_deref(), &upgrading.state), (Some(&7), &thing("a")));
        assert!(!upgrading.stop().is_cancelled());
    }

    #[test]
    fn a_plan_has_what_it_was_built_with() {
        let plan = resource_plan(Some(Arc::new(7)), Some(thing("a")), Some(thing("b")), Some(thing("c")));
        assert_eq!(plan.session().as_deref(), Some(&7));
        assert_eq!(
            (&plan.prior, &plan.config, &plan.planned),
            (&Some(thing("a")), &Some(thing("b")), &Some(thing("c")))
        );
        assert_eq!((plan.requires_replace.as_slice(), plan.replaced_identity()), (&[] as &[AttributePath], None));
        assert!(plan.warnings.is_empty() && plan.private == Private::default() && !plan.may_defer());
        let identity = Value::object([("name", Value::from("a"))]);
        let mut plan = replacing(plan, identity.clone()).deferrable();
        assert_eq!((plan.replaced_identity(), deferral(&plan)), (Some(&identity), None));
        assert!(plan.may_defer());
        plan.defer(DeferReason::ObjectConfigUnknown);
        assert_eq!(deferral(&plan), Some(DeferReason::ObjectConfigUnknown));
    }

    #[test]
    fn a_plan_remembers_where_terraform_does() {
        let begin = || resource_plan::<(), Thing>(None, None, Some(thing("a")), Some(thing("a")));
        let mut old = begin();
        assert_eq!((old.remembered("name", || "n".to_owned()), old.planned_private()), (Attr::Unknown, None));
        let mut first = storing(begin());
        assert_eq!(first.remembered("name", || "n".to_owned()), "n".into());
        first.private.set("request", "r-1");
        let mut second = planned_again(begin(), first);
        assert_eq!(second.remembered("name", || "m".to_owned()), "n".into());
        assert_eq!(second.planned_private().and_then(|private| private.text("request")), Some("r-1"));
        assert_eq!(second.private, Private::default());
    }
}
