//! What the framework does about authors' mistakes, panics and deferrals: a resource that makes each of them.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::{AnyResource, ApplyInput, Outcome, PlanInput, PlanOutput, ResourceServer, Stored};
use crate::diagnostic::Diagnostics;
use crate::model::{Attr, Model};
use crate::operation::{Call, DeferReason, Operation, Private};
use crate::resource::{ImportTarget, Resource, ResourcePlan};
use crate::schema::{
    Attribute, ConfigValidator, IdentityAttribute, IdentitySchema, PlanModifier, PlannedAttribute, Schema,
    ValidateRequest, Validator,
};
use crate::value::{Type, Value};
use crate::{AttributePath, Diagnostic, Severity};

#[derive(Clone, Model)]
struct Thing {
    id: Attr<String>,
    name: Attr<String>,
    tags: Attr<Vec<Attr<String>>>,
}

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

fn call(may_defer: bool) -> Call<()> {
    Call {
        session: Some(Arc::new(())),
        stop: CancellationToken::new(),
        meta: Value::Null,
        may_defer,
        stores_planned_private: false,
        computed_blocks_allowed: false,
    }
}

fn thing(id: Value, name: &str, tags: Value) -> Value {
    Value::object([("id", id), ("name", name.into()), ("tags", tags)])
}

fn stored(state: Value) -> Stored {
    let identity = state.get("id").map(|id| Value::object([("id", id.clone())]));
    Stored { state, private: Private::default(), identity }
}

fn nothing() -> Stored {
    Stored { state: Value::Null, private: Private::default(), identity: None }
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

/// The first message, with the attribute that it is about.
fn reported(diagnostics: &Diagnostics) -> (String, Option<String>) {
    let first = diagnostics.iter().next().expect("something is reported");
    (first.detail.lines().next().unwrap_or_default().to_owned(), first.path.as_ref().map(AttributePath::to_string))
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
async fn a_client_that_applies_a_create_without_a_plan_is_told_so_and_the_provider_is_not_blamed() {
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
async fn a_plan_that_contradicts_the_configuration_is_told() {
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
async fn an_identity_that_changes_is_told() {
    let resource = ResourceServer::new(Faulty(Wrong::BecomesAnother));
    let outcome = resource.read(call(false), stored(thing("t-1".into(), "n", Value::Null))).await;
    let sentence = "t_thing: after its read, its identity is another one than before.";
    assert_eq!(reported(&outcome.diagnostics).0, sentence);
}

/// Its identity is an id and a zone, and its import saves the id only.
struct Zoned;

#[derive(Clone, Model)]
struct ZonedModel {
    id: Attr<String>,
    zone: Attr<String>,
}

#[async_trait]
impl Resource for Zoned {
    type Session = ();
    type Model = ZonedModel;

    fn type_name(&self) -> &'static str {
        "t_zoned"
    }

    fn schema(&self) -> Schema {
        let zone = IdentityAttribute::string("The zone.").optional_for_import();
        Schema::new("A thing in a zone.")
            .identity(IdentitySchema::of("id", "The id.").attribute("zone", zone))
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("zone", Attribute::string("Zone.").optional().computed())
    }

    async fn create(&self, operation: &mut Operation<(), ZonedModel>, planned: ZonedModel) -> Result<(), Diagnostics> {
        operation.save(ZonedModel { id: "z-1".into(), ..planned });
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), ZonedModel>, state: ZonedModel) -> Result<(), Diagnostics> {
        operation.save(ZonedModel { zone: "z".into(), ..state });
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), ZonedModel>,
        _: ZonedModel,
        planned: ZonedModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), ZonedModel>, _: ZonedModel) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(&self, operation: &mut Operation<(), ZonedModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        operation.save(ZonedModel { id: target.text("id").unwrap_or_default().to_owned().into(), zone: Attr::Null });
        Ok(())
    }
}

#[tokio::test]
async fn an_identity_may_be_null_in_parts_and_be_completed() {
    let zoned = |id: &str, zone: Value| Value::object([("id", id.into()), ("zone", zone)]);
    let resource = ResourceServer::new(Zoned);
    let planned = Value::object([("id", Value::unknown()), ("zone", Value::Null)]);
    let input = ApplyInput { prior: nothing(), planned, config: zoned("", Value::Null) };
    let outcome = resource.apply(call(false), input).await;
    assert_eq!(outcome.identity, Some(zoned("z-1", Value::Null)));
    // What was asked for is handed on where the import saves less.
    let asked = zoned("z-1", "z".into());
    let outcome = resource.import(call(false), ImportTarget::Identity(asked.clone())).await;
    assert_eq!((outcome.state, outcome.identity), (zoned("z-1", Value::Null), Some(asked.clone())));
    let imported = resource.import(call(false), ImportTarget::Id("z-1".to_owned())).await;
    assert_eq!(imported.identity, Some(zoned("z-1", Value::Null)));
    // The read that follows knows all of it, and that is no other identity.
    let stored = Stored { state: imported.state, private: Private::default(), identity: imported.identity };
    let outcome = resource.read(call(false), stored).await;
    assert_eq!((outcome.identity, outcome.diagnostics), (Some(asked), Diagnostics::new()));
    let stored = Stored {
        state: zoned("z-1", "y".into()),
        private: Private::default(),
        identity: Some(zoned("z-1", "y".into())),
    };
    assert!(resource.read(call(false), stored).await.diagnostics.has_errors());
}

/// A resource one of whose rules panics.
struct Panicking(&'static str);

struct Panics;

impl ConfigValidator for Panics {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {
        panic!("no config validator");
    }

    fn paths(&self) -> Vec<&str> {
        vec!["id", "name"]
    }
}

impl Validator for Panics {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {
        panic!("no validator");
    }
}

impl PlanModifier for Panics {
    fn modify(&self, _: &mut PlannedAttribute<'_>) {
        panic!("no modifier");
    }
}

#[async_trait]
impl Resource for Panicking {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        let name = Attribute::string("Name.").required();
        let name = match self.0 {
            "validator" => name.validate(Panics),
            "modifier" => name.modify(Panics),
            "equivalence" => name.equivalent_when(|_, _| panic!("no equivalence")),
            _ => name,
        };
        let schema = Schema::new("A thing.")
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("name", name)
            .attribute("tags", Attribute::set(Type::String, "Tags.").optional());
        if self.0 == "config validator" { schema.config_validator(Panics) } else { schema }
    }

    async fn validate(&self, _: Thing) -> Result<(), Diagnostics> {
        if self.0 == "validate" { panic!("no validate") } else { Ok(()) }
    }

    async fn create(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), Thing>, state: Thing) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(&self, _: &mut Operation<(), Thing>, _: Thing, _: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_in_any_of_the_authors_code_is_told_with_its_place() {
    let config = || thing(Value::Null, "n", Value::Null);
    let state = || thing("t-1".into(), "n", Value::Null);
    let places = [
        ("validator", "validate name", Some("name")),
        ("config validator", "validate id, name together", None),
        ("validate", "validate t_thing", None),
        ("modifier", "plan name", Some("name")),
        ("equivalence", "compare the values of name", Some("name")),
    ];
    for (which, place, path) in places {
        let resource = ResourceServer::new(Panicking(which));
        let mut reported = resource.validate(config(), true, false).await;
        if reported.is_empty() {
            let input =
                PlanInput { prior: stored(state()), proposed: state(), config: config(), earlier_private: None };
            reported = resource.plan(call(false), input).await.diagnostics;
        }
        let [reported] = reported.into_iter().collect::<Vec<_>>().try_into().expect("it is reported once");
        let start = format!("While it was asked to {place}, the provider panicked: no {which}");
        assert!(reported.is_error() && reported.detail.starts_with(&start), "{}", reported.detail);
        assert_eq!(reported.path, path.map(AttributePath::of));
    }
    let outcome = ResourceServer::new(Panicking("equivalence")).read(call(false), stored(state())).await;
    assert_eq!(outcome.state, state());
    assert!(outcome.diagnostics.has_errors());
}

/// Its one attribute is of any type, and a null is null whatever its type.
struct Dynamic;

#[derive(Clone, Model)]
struct DynamicModel {
    any: Attr<Value>,
}

#[async_trait]
impl Resource for Dynamic {
    type Session = ();
    type Model = DynamicModel;

    fn type_name(&self) -> &'static str {
        "t_dynamic"
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.").attribute("any", Attribute::of(Type::Dynamic, "Any.").optional())
    }

    async fn plan(&self, plan: &mut ResourcePlan<(), DynamicModel>) -> Result<(), Diagnostics> {
        let seen = plan.config.as_ref().map(|config| config.any.clone()).unwrap_or_default();
        plan.warnings.push(Diagnostic::warning("Seen", format!("{} {}", seen.is_null(), seen.is_unknown())));
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<(), DynamicModel>,
        planned: DynamicModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), DynamicModel>, state: DynamicModel) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(
        &self,
        _: &mut Operation<(), DynamicModel>,
        _: DynamicModel,
        _: DynamicModel,
    ) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), DynamicModel>, _: DynamicModel) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[tokio::test]
async fn a_null_of_dynamic_type_is_null_to_a_model_and_keeps_its_type_for_terraform() {
    for (value, seen) in [(Value::Null, "true false"), (Value::unknown(), "false true"), ("x".into(), "false false")] {
        let config = Value::object([("any", Value::Dynamic(Type::String, Box::new(value)))]);
        let input =
            PlanInput { prior: nothing(), proposed: config.clone(), config: config.clone(), earlier_private: None };
        let plan = ResourceServer::new(Dynamic).plan(call(false), input).await;
        assert_eq!((reported(&plan.diagnostics).0.as_str(), &plan.planned), (seen, &config));
        assert!(!plan.diagnostics.has_errors(), "{:?}", plan.diagnostics);
        if config.is_wholly_known() {
            let input = ApplyInput { prior: nothing(), planned: config.clone(), config: config.clone() };
            let outcome = ResourceServer::new(Dynamic).apply(call(false), input).await;
            assert_eq!((&outcome.state, outcome.diagnostics), (&config, Diagnostics::new()));
            let stored = Stored { state: outcome.state, private: Private::default(), identity: None };
            assert_eq!(ResourceServer::new(Dynamic).read(call(false), stored).await.state, config);
        }
    }
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
