//! A resource that makes each mistake of an author.

use async_trait::async_trait;

use super::{Thing, call, nothing, reported, stored, thing};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::framework::{AnyResource, ApplyInput, Outcome, PlanInput, PlanOutput, ResourceServer, Stored};
use crate::model::Attr;
use crate::operation::{DeferReason, Operation};
use crate::path::AttributePath;
use crate::resource::{Resource, ResourcePlan};
use crate::schema::{Attribute, IdentitySchema, Schema};
use crate::value::{Type, Value};

/// What the resource does wrong.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    Nothing,
    ForgetsToSave,
    LeavesUnknown,
    ChangesThePlannedName,
    PlansAnotherName,
    SavesATagTwice,
    SavesAndPanics,
    SavesAndFails,
    BecomesAnother,
    PutsThingsOff,
}

struct Faulty(Wrong);

impl Faulty {
    fn made(&self, mut thing: Thing) -> Thing {
        thing.id = match self.0 {
            Wrong::LeavesUnknown => Attr::Unknown,
            Wrong::BecomesAnother => "t-2".into(),
            _ => "t-1".into(),
        };
        match self.0 {
            Wrong::ChangesThePlannedName => thing.name = "other".into(),
            Wrong::SavesATagTwice => thing.tags = ["a", "a"].into_iter().collect(),
            _ => {}
        }
        thing
    }

    fn ended(&self) -> Result<(), Diagnostics> {
        match self.0 {
            Wrong::SavesAndPanics => panic!("out of cheese"),
            Wrong::SavesAndFails => Err(Diagnostic::error("Failed", "Half way.").into()),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Resource for Faulty {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.")
            .identity(IdentitySchema::of("id", "The id."))
            .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
            .attribute("name", Attribute::string("Name.").required())
            .attribute("tags", Attribute::set(Type::String, "Tags.").optional().computed())
    }

    async fn plan(&self, plan: &mut ResourcePlan<(), Thing>) -> Result<(), Diagnostics> {
        if let (Wrong::PlansAnotherName, Some(planned)) = (self.0, &mut plan.planned) {
            planned.name = "invented".into();
        }
        if self.0 == Wrong::PutsThingsOff {
            plan.defer(DeferReason::AbsentPrerequisite);
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<(), Thing>, planned: Thing) -> Result<(), Diagnostics> {
        if self.0 != Wrong::ForgetsToSave {
            operation.save(self.made(Thing { tags: planned.tags.clone().or(Attr::Null), ..planned }));
        }
        self.ended()
    }

    async fn read(&self, operation: &mut Operation<(), Thing>, state: Thing) -> Result<(), Diagnostics> {
        if self.0 == Wrong::PutsThingsOff {
            operation.defer(DeferReason::ProviderConfigUnknown);
            return Ok(());
        }
        operation.save(self.made(state));
        Ok(())
    }

    async fn update(&self, operation: &mut Operation<(), Thing>, _: Thing, planned: Thing) -> Result<(), Diagnostics> {
        operation.save(self.made(planned));
        self.ended()
    }

    async fn delete(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        self.ended()
    }
}

async fn created(wrong: Wrong) -> Outcome {
    let input = ApplyInput {
        prior: nothing(),
        planned: thing(Value::unknown(), "n", Value::unknown()),
        config: thing(Value::Null, "n", Value::Null),
    };
    ResourceServer::new(Faulty(wrong)).apply(call(false), input).await
}

async fn planned(wrong: Wrong, may_defer: bool) -> PlanOutput {
    let config = thing(Value::Null, "n", Value::Null);
    let input = PlanInput { prior: nothing(), proposed: config.clone(), config, earlier_private: None };
    ResourceServer::new(Faulty(wrong)).plan(call(may_defer), input).await
}

#[tokio::test]
async fn a_good_resource_is_not_blamed() {
    let outcome = created(Wrong::Nothing).await;
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    assert_eq!(outcome.identity, Some(Value::object([("id", Value::from("t-1"))])));
    let plan = planned(Wrong::Nothing, false).await;
    assert!(plan.diagnostics.is_empty() && plan.identity.is_none());
    assert_eq!(plan.planned, thing(Value::unknown(), "n", Value::unknown()));
}

#[tokio::test]
async fn a_mistake_names_the_resource_and_the_attribute_and_costs_no_state() {
    let id = || Some("id".to_owned());
    for (wrong, sentence, path) in [
        (Wrong::LeavesUnknown, "t_thing: after its create, id is still unknown.", id()),
        (
            Wrong::ChangesThePlannedName,
            "t_thing: after its create, name is not what was planned.",
            Some("name".to_owned()),
        ),
        (
            Wrong::SavesATagTwice,
            "t_thing: after its create, tags is a set that holds the same element twice.",
            Some("tags".to_owned()),
        ),
    ] {
        let outcome = created(wrong).await;
        assert_eq!(reported(&outcome.diagnostics), (sentence.to_owned(), path));
        assert!(outcome.diagnostics.has_errors() && !outcome.state.is_null());
        let ty = Faulty(wrong).schema().object_type();
        assert!(outcome.state.to_msgpack(&ty).is_ok() && outcome.state.is_wholly_known());
    }
    let outcome = created(Wrong::ForgetsToSave).await;
    assert_eq!(reported(&outcome.diagnostics).0, "t_thing: its create ended without an error and without a state.");
}

#[tokio::test]
async fn a_client_that_applies_a_create_without_a_plan_is_reported_so_and_the_provider_is_not_blamed() {
    let apply = async |wrong, planned: Value, config: Value| {
        let input = ApplyInput { prior: nothing(), planned, config };
        ResourceServer::new(Faulty(wrong)).apply(call(false), input).await
    };
    let first = |outcome: &Outcome| {
        let first = outcome.diagnostics.iter().next().expect("something is reported");
        assert!(!first.detail.contains("bug"), "{}", first.detail);
        (first.severity, first.summary.clone())
    };
    let config = || thing(Value::Null, "n", Value::Null);
    for config in [config(), Value::Null] {
        let outcome = apply(Wrong::Nothing, Value::Null, config).await;
        assert_eq!(first(&outcome), (Severity::Error, "Apply without a plan".to_owned()));
        assert!(outcome.state.is_null());
    }
    let unknown = || thing(Value::unknown(), "n", Value::Null);
    let outcome = apply(Wrong::Nothing, unknown(), unknown()).await;
    assert_eq!(first(&outcome), (Severity::Error, "Apply of unknown values".to_owned()));
    assert!(outcome.state.is_null() && outcome.diagnostics.iter().all(|one| one.detail.contains("which id is not")));
    // The configuration in place of a plan.
    let outcome = apply(Wrong::Nothing, config(), config()).await;
    assert_eq!(first(&outcome), (Severity::Warning, "Apply without a plan".to_owned()));
    assert_eq!((outcome.state.get("id"), outcome.diagnostics.iter().count()), (Some(&"t-1".into()), 1));
    // What the author got wrong is still a mistake.
    let outcome = apply(Wrong::ChangesThePlannedName, config(), config()).await;
    let mistake = outcome.diagnostics.iter().find(|one| one.severity == Severity::Error).expect("there is one");
    assert_eq!(mistake.path, Some(AttributePath::of("name")));
}

#[tokio::test]
async fn a_plan_that_contradicts_the_configuration_is_reported() {
    let plan = planned(Wrong::PlansAnotherName, false).await;
    let sentence = "t_thing: in its plan, name is planned to be other than configured.";
    assert_eq!(reported(&plan.diagnostics), (sentence.to_owned(), Some("name".to_owned())));
}

#[tokio::test]
async fn what_was_saved_survives_a_panic_and_an_error() {
    for (wrong, text) in [(Wrong::SavesAndPanics, "out of cheese"), (Wrong::SavesAndFails, "Half way.")] {
        let outcome = created(wrong).await;
        assert_eq!(outcome.state, thing("t-1".into(), "n", Value::Null));
        assert!(outcome.diagnostics.iter().any(|one| one.detail.contains(text)));
        // A delete that fails keeps what there was.
        let prior = thing("t-1".into(), "n", Value::Null);
        let input = ApplyInput { prior: stored(prior.clone()), planned: Value::Null, config: Value::Null };
        let outcome = ResourceServer::new(Faulty(wrong)).apply(call(false), input).await;
        assert_eq!(outcome.state, prior);
        assert!(outcome.diagnostics.has_errors());
    }
}

#[tokio::test]
async fn an_identity_that_changes_is_reported() {
    let resource = ResourceServer::new(Faulty(Wrong::BecomesAnother));
    let outcome = resource.read(call(false), stored(thing("t-1".into(), "n", Value::Null))).await;
    let sentence = "t_thing: after its read, its identity is another one than before.";
    assert_eq!(reported(&outcome.diagnostics).0, sentence);
}

#[tokio::test]
async fn a_replacement_may_have_another_identity() {
    let config = thing(Value::Null, "n", Value::Null);
    let identity = Some(Value::object([("id", Value::from("t-0"))]));
    let prior = Stored { identity, ..nothing() };
    let input = PlanInput { prior, proposed: config.clone(), config, earlier_private: None };
    let plan = ResourceServer::new(Faulty(Wrong::Nothing)).plan(call(false), input).await;
    assert!(plan.diagnostics.is_empty() && plan.identity.is_none(), "{:?} {:?}", plan.diagnostics, plan.identity);
}

#[tokio::test]
async fn only_a_terraform_that_allows_it_is_put_off() {
    let prior = || stored(thing("t-1".into(), "n", Value::Null));
    let resource = ResourceServer::new(Faulty(Wrong::PutsThingsOff));
    let outcome = resource.read(call(true), prior()).await;
    assert_eq!((outcome.deferred, outcome.state), (Some(DeferReason::ProviderConfigUnknown), prior().state));
    assert!(outcome.diagnostics.is_empty());
    assert_eq!(planned(Wrong::PutsThingsOff, true).await.deferred, Some(DeferReason::AbsentPrerequisite));
    for diagnostics in
        [resource.read(call(false), prior()).await.diagnostics, planned(Wrong::PutsThingsOff, false).await.diagnostics]
    {
        assert!(reported(&diagnostics).0.starts_with("t_thing: it put a"), "{diagnostics:?}");
    }
}
