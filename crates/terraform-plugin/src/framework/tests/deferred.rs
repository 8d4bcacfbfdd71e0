//! Objects of a provider that puts everything off: nothing of their authors' code is called, so all of it panics here.

use async_trait::async_trait;

use super::{nothing, stored};
use crate::action::{Action, Invocation};
use crate::data_source::DataSource;
use crate::diagnostic::Diagnostics;
use crate::ephemeral::{EphemeralResource, Opened};
use crate::framework::{
    ActionServer, AnyAction, AnyDataSource, AnyEphemeral, AnyResource, DataSourceServer, EphemeralServer, PlanInput,
    ResourceServer, Stored,
};
use crate::model::{Attr, Model};
use crate::operation::{Call, DeferReason, Operation, Private};
use crate::resource::{ImportTarget, Resource, ResourcePlan};
use crate::schema::{Attribute, IdentitySchema, Schema};
use crate::value::Value;

const REASON: Option<DeferReason> = Some(DeferReason::ProviderConfigUnknown);

fn call(may_defer: bool) -> Call<()> {
    Call { session: None, provider_deferred: true, ..super::call(may_defer) }
}

#[derive(Clone, Model)]
struct Thing {
    id: Attr<String>,
    password: Attr<String>,
}

fn thing(id: Value, password: Value) -> Value {
    Value::object([("id", id), ("password", password)])
}

struct Untouched;

/// The schema of everything that has no state.
fn looked_up() -> Schema {
    Schema::new("A thing.").attribute("id", Attribute::string("Id.").required())
}

#[async_trait]
impl Resource for Untouched {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.")
            .identity(IdentitySchema::of("id", "The id."))
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("password", Attribute::string("Password.").optional().write_only())
    }

    async fn plan(&self, _: &mut ResourcePlan<(), Thing>) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }

    async fn create(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }

    async fn read(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }

    async fn update(&self, _: &mut Operation<(), Thing>, _: Thing, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }

    async fn delete(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }

    async fn import(&self, _: &mut Operation<(), Thing>, _: ImportTarget) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }
}

fn kept() -> Stored {
    let mut private = Private::default();
    private.set("request", "r-1");
    Stored { private, ..stored(thing("t-1".into(), Value::Null)) }
}

#[tokio::test]
async fn a_plan_that_is_put_off_is_what_terraform_proposes() {
    let plan = async |prior: Stored, proposed: Value| {
        let input = PlanInput { prior, proposed: proposed.clone(), config: proposed, earlier_private: None };
        let plan = ResourceServer::new(Untouched).plan(call(true), input).await;
        assert_eq!((plan.deferred, plan.diagnostics.is_empty()), (REASON, true));
        assert!(plan.requires_replace.is_empty());
        (plan.planned, plan.private, plan.identity)
    };
    let Stored { state, private, identity } = kept();
    let none = || Private::default();
    // A write-only value is in no plan.
    let create = thing(Value::unknown(), Value::Null);
    assert_eq!(plan(nothing(), thing(Value::unknown(), "secret".into())).await, (create.clone(), none(), None));
    let replacing = Stored { identity: identity.clone(), ..nothing() };
    assert_eq!(plan(replacing, create.clone()).await, (create, none(), None));
    assert_eq!(plan(kept(), state.clone()).await, (state, private.clone(), identity.clone()));
    assert_eq!(plan(kept(), Value::Null).await, (Value::Null, private, identity));
}

#[tokio::test]
async fn a_read_that_is_put_off_leaves_everything_as_it_was() {
    let outcome = ResourceServer::new(Untouched).read(call(true), kept()).await;
    let Stored { state, private, identity } = kept();
    assert_eq!((outcome.state, outcome.private, outcome.identity), (state, private, identity));
    assert_eq!((outcome.deferred, outcome.diagnostics.is_empty()), (REASON, true));
    let imported = ResourceServer::new(Untouched).import(call(true), ImportTarget::Id("t-1".to_owned())).await;
    assert!(imported.state.is_null() && imported.diagnostics.is_empty());
    assert_eq!(imported.deferred, REASON);
}

#[async_trait]
impl DataSource for Untouched {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        looked_up()
    }

    async fn read(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }
}

#[async_trait]
impl EphemeralResource for Untouched {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        looked_up()
    }

    async fn open(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<Opened<Thing>, Diagnostics> {
        unreachable!("it is put off")
    }
}

#[async_trait]
impl Action for Untouched {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        looked_up()
    }

    async fn plan(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }

    async fn invoke(&self, _: &mut Invocation<()>, _: Thing) -> Result<(), Diagnostics> {
        unreachable!("it is put off")
    }
}

#[tokio::test]
async fn what_has_no_state_is_put_off_too() {
    let config = || Value::object([("id", Value::from("t-1"))]);
    let read = DataSourceServer::new(Untouched).read(call(true), config()).await;
    assert_eq!((read.state, read.deferred, read.diagnostics.is_empty()), (config(), REASON, true));
    let opened = EphemeralServer::new(Untouched).open(call(true), config()).await;
    assert_eq!((opened.result, opened.deferred, opened.lease.diagnostics.is_empty()), (config(), REASON, true));
    assert_eq!(ActionServer::new(Untouched).plan(call(true), config()).await, (Diagnostics::new(), REASON));
}

#[tokio::test]
async fn what_cannot_be_put_off_is_an_error_that_says_so() {
    let outcome = ResourceServer::new(Untouched).read(call(false), kept()).await;
    let (detail, _) = super::reported(&outcome.diagnostics);
    assert_eq!(detail, "The configuration of the provider is not known yet, and this cannot be put off until it is.");
    assert_eq!((outcome.deferred, outcome.state), (None, kept().state));
}
