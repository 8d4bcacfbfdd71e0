//! Plans of a resource.

use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use serde_json::json;

use super::super::{PlannedAction, UNKNOWN};
use super::*;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Attr, Model};
use crate::operation::{DeferReason, Operation, Private};
use crate::provider::{Configure, Objects, Provider};
use crate::resource::{Resource, ResourcePlan};
use crate::schema::{Attribute, Schema};
use crate::value::Value;

#[tokio::test]
async fn a_plan_says_what_it_does_and_why() {
    let book = book().await;
    let plan = book.plan_create(titled("C")).await.ok();
    assert_eq!((plan.action(), plan.prior()), (PlannedAction::Create, None));
    assert!(plan["id"].is_unknown() && plan.identity().is_none());
    let created = book.apply_plan(plan).await.ok();
    let plan = book.plan(&created, titled("K&R")).await.ok();
    assert_eq!((plan.action(), &plan["id"]), (PlannedAction::Update, &"book-1".into()));
    assert_eq!((plan.prior(), plan.identity()), (Some(&created), created.identity()));
    assert!(!plan.is_empty() && plan.identity().is_some());
    let plan = book.plan(&created, json!({ "isbn": "9781593278281", "title": "C" })).await.ok();
    let paths: Vec<_> = plan.requires_replace().iter().map(ToString::to_string).collect();
    assert_eq!((plan.action(), paths.as_slice()), (PlannedAction::Replace, ["isbn".to_owned()].as_slice()));
    let plan = book.plan_destroy(&created).await.ok();
    assert_eq!((plan.action(), plan.planned()), (PlannedAction::Destroy, &Value::Null));
}

#[tokio::test]
async fn elements_of_a_set_keep_what_they_got() {
    let book = book().await;
    let copies = |places: &[&str]| {
        let copies: Vec<_> = places.iter().map(|place| json!({ "place": place })).collect();
        json!({ "isbn": "9780131103627", "title": "C", "copies": copies })
    };
    let created = book.create(copies(&["attic", "hall"])).await.ok();
    assert!(book.plan(&created, copies(&["hall", "attic"])).await.ok().is_empty());
    let updated = book.apply(&created, copies(&["hall"])).await.ok();
    assert_eq!(updated.json()["copies"], json!([{ "place": "hall", "number": 4 }]));
}

#[tokio::test]
async fn a_plan_of_what_is_not_known_yet_is_applied_with_what_it_turns_out_to_be() {
    let book = book().await;
    let plan = book.plan_create(json!({ "isbn": "9780131103627", "title": UNKNOWN })).await.ok();
    assert!(plan["title"].is_unknown());
    // Applied as it is, it is what Terraform would never send.
    let refused = book.apply_plan(plan.clone()).await;
    refused.error("Apply of unknown values");
    // What turns out to be wrong is not applied.
    let refused = book.apply_plan_with(plan.clone(), json!({ "isbn": "9780131103627" })).await;
    refused.error("Missing required argument");
    assert!(refused.object().is_none());
    let applied = book.apply_plan_with(plan, titled("C")).await;
    assert_eq!(applied.plan().map(super::super::Plan::action), Some(PlannedAction::Create));
    let created = applied.ok();
    assert_eq!(created["title"], "C".into());
    // What was to be updated turns out to be as it was.
    let plan = book.plan(&created, json!({ "isbn": "9780131103627", "title": UNKNOWN })).await.ok();
    assert_eq!(plan.action(), PlannedAction::Update);
    let applied = book.apply_plan_with(plan, titled("C")).await;
    assert_eq!(applied.ok(), created);
}

#[tokio::test]
async fn what_terraform_refuses_by_itself_never_reaches_the_provider() {
    let book = InProcess::new(Books).resource("books_book");
    for (config, summary) in [
        (json!({ "isbn": "1", "titel": "C" }), "Unsupported argument"),
        (json!({ "isbn": "1", "title": ["C"] }), "Incorrect attribute value type"),
        (json!({ "isbn": "1" }), "Missing required argument"),
    ] {
        let validated = book.validate(config.clone()).await;
        if summary == "Unsupported argument" {
            assert_eq!(validated.error(summary).path.as_ref().map(ToString::to_string).as_deref(), Some("titel"));
        } else {
            validated.error(summary);
        }
        book.create(config).await.diagnostics().iter().find(|one| one.summary == summary).expect("it is reported");
    }
    book.validate(titled("C")).await.ok();
    book.create(titled("C")).await.error("Provider not configured");
}

#[tokio::test]
async fn a_terraform_that_lets_plans_be_put_off_gets_none() {
    let deferring = provider().await.deferring().resource("books_book");
    let unknown = json!({ "isbn": UNKNOWN, "title": "C" });
    let plan = deferring.plan_create(unknown.clone()).await;
    assert_eq!((plan.deferred(), plan.result().is_none()), (Some(DeferReason::ObjectConfigUnknown), true));
    deferring.create(unknown.clone()).await.error("Apply of a deferred plan");
    assert!(book().await.plan_create(unknown).await.ok()["isbn"].is_unknown());
}

/// A provider of one resource, which plans another value each time it is asked, and another replacement.
struct Fickle;

struct Dice;

/// Another one each time.
fn seed() -> i64 {
    static COUNT: AtomicI64 = AtomicI64::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

#[derive(Clone, Model)]
struct Empty {}

#[derive(Clone, Model)]
struct Throw {
    number: Attr<i64>,
    name: Attr<String>,
    seed: Attr<i64>,
    secret: Attr<String>,
}

#[async_trait]
impl Provider for Fickle {
    type Config = Empty;
    type Session = AtomicI64;

    fn schema(&self) -> Schema {
        Schema::new("Throws dice.")
    }

    async fn configure(&self, _: Configure<Empty>) -> Result<Self::Session, Diagnostics> {
        Ok(Self::Session::default())
    }

    fn objects(&self) -> Objects<Self::Session> {
        Objects::new().resource(Dice)
    }
}

#[async_trait]
impl Resource for Dice {
    type Session = AtomicI64;
    type Model = Throw;

    fn type_name(&self) -> &'static str {
        "fickle_dice"
    }

    fn schema(&self) -> Schema {
        Schema::new("A throw.")
            .attribute("number", Attribute::integer("The number.").computed())
            .attribute("name", Attribute::string("Its name.").optional())
            .attribute("seed", Attribute::integer("What it began with.").generated_with(seed))
            .attribute("secret", Attribute::string("What nobody sees.").optional().write_only())
    }

    async fn plan(&self, plan: &mut ResourcePlan<Self::Session, Throw>) -> Result<(), Diagnostics> {
        let planned = plan.session().map_or(0, |count| count.fetch_add(1, Ordering::Relaxed));
        if let Some(throw) = &mut plan.planned {
            match throw.name.known().map(String::as_str) {
                Some("fickle") => throw.number = planned.into(),
                Some("replaced later") if planned > 2 => {
                    plan.requires_replace.push(crate::path::AttributePath::of("name"));
                }
                Some("lost") => plan.requires_replace.push(crate::path::AttributePath::of("nmae")),
                Some("same") => plan.requires_replace.push(crate::path::AttributePath::of("seed")),
                Some("hidden") => plan.requires_replace.push(crate::path::AttributePath::of("secret")),
                Some("noted") => plan.private.set("noted", true),
                Some("refused") => return Err(Diagnostic::error("Refused", "It is no throw.").into()),
                _ => {}
            }
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<Self::Session, Throw>, planned: Throw) -> Result<(), Diagnostics> {
        operation.save(Throw { number: planned.number.known().copied().unwrap_or(6).into(), ..planned });
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<Self::Session, Throw>, state: Throw) -> Result<(), Diagnostics> {
        if operation.may_defer() && state.name == "later".into() {
            operation.defer(DeferReason::AbsentPrerequisite);
            return Ok(());
        }
        operation.save(state);
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Self::Session, Throw>,
        _: Throw,
        planned: Throw,
    ) -> Result<(), Diagnostics> {
        operation.save(Throw { number: 6.into(), ..planned });
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<Self::Session, Throw>, _: Throw) -> Result<(), Diagnostics> {
        Ok(())
    }
}

async fn dice() -> ResourceHandle<Fickle> {
    InProcess::new(Fickle).configure(Config::empty()).await.expect("it is configured").resource("fickle_dice")
}

#[tokio::test]
async fn a_second_plan_that_differs_is_reported_as_terraform_does() {
    let dice = dice().await;
    let failed = dice.create(json!({ "name": "fickle" })).await;
    let reported = failed.error("Provider produced inconsistent final plan");
    assert!(reported.detail.ends_with("number is not what was planned."), "{}", reported.detail);
    assert!(failed.object().is_none());
    let thrown = dice.stored(json!({ "number": 1, "name": "old", "seed": 7 }));
    let failed = dice.apply(&thrown, json!({ "name": "replaced later" })).await;
    let reported: Vec<_> = failed.diagnostics().iter().map(|one| one.detail.as_str()).collect();
    assert!(reported[0].ends_with("it is Replace, and was Update."), "{reported:?}");
    assert_eq!(failed.object(), Some(&thrown));
}

#[tokio::test]
async fn a_replacement_for_an_attribute_that_there_is_not_is_reported() {
    let dice = dice().await;
    let thrown = dice.stored(json!({ "number": 1, "name": "old", "seed": 7 }));
    dice.plan(&thrown, json!({ "name": "lost" })).await.error("Provider produced invalid plan");
    // Of what stays as it is Terraform counts what it cannot know to be so: write-only values.
    for (name, action, paths) in
        [("same", PlannedAction::Update, vec![]), ("hidden", PlannedAction::Replace, vec!["secret".to_owned()])]
    {
        let plan = dice.plan(&thrown, json!({ "name": name })).await.ok();
        let replacing: Vec<_> = plan.requires_replace().iter().map(ToString::to_string).collect();
        assert_eq!((plan.action(), replacing), (action, paths));
    }
}

#[tokio::test]
async fn a_plan_that_is_refused_is_none_and_one_that_is_made_keeps_private_data() {
    let dice = dice().await;
    let refused = dice.plan_create(json!({ "name": "refused" })).await;
    refused.error("Refused");
    assert!(refused.result().is_none());
    let plan = dice.plan_create(json!({ "name": "noted" })).await.ok();
    let mut private = Private::default();
    private.set("noted", true);
    // What the framework remembers for the second plan is not the author's.
    assert_eq!(plan.private(), private);
}

#[tokio::test]
async fn a_read_that_is_put_off_puts_off_all_that_begins_with_it() {
    let later = Some(DeferReason::AbsentPrerequisite);
    let deferring = InProcess::new(Fickle).deferring().configure(Config::empty()).await.expect("it is configured");
    let dice = deferring.resource("fickle_dice");
    let thrown = dice.stored(json!({ "number": 1, "name": "later", "seed": 7 }));
    let read = dice.refresh(&thrown).await;
    assert_eq!((read.deferred(), read.result()), (later, Some(&Some(thrown.clone()))));
    let plan = dice.plan(&thrown, json!({ "name": "now" })).await;
    assert_eq!((plan.deferred(), plan.result().is_none()), (later, true));
    let plan = dice.plan_destroy(&thrown).await;
    assert_eq!((plan.deferred(), plan.result().is_none()), (later, true));
    let deferring = InProcess::new(Books).deferring().configure(Config::empty()).await.expect("it is configured");
    let imported = deferring.resource("books_book").import("believed-later").await;
    assert_eq!((imported.deferred(), imported.result()), (later, None));
    assert!(!imported.has_failed());
}

#[tokio::test]
async fn what_a_plan_generates_is_what_is_applied() {
    let dice = dice().await;
    let plan = dice.plan_create(json!({ "name": "new" })).await.ok();
    let planned = plan["seed"].clone();
    assert!(!planned.is_unknown());
    let thrown = dice.apply_plan(plan).await.ok();
    assert_eq!((&thrown["seed"], thrown.private().get("terraform-plugin/remembered")), (&planned, None));
    assert!(dice.plan(&thrown, json!({ "name": "new" })).await.ok().is_empty());
    // A Terraform that does not store what a plan generates.
    let old = InProcess::new(Fickle).terraform("1.15.5").configure(Config::empty()).await.expect("it is configured");
    assert!(old.resource("fickle_dice").plan_create(json!({})).await.ok()["seed"].is_unknown());
}
