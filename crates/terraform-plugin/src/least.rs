//! A provider of which everything is only what it must be, and what the framework does in place of the rest.

use async_trait::async_trait;
use serde_json::json;

use crate::action::{Action, Invocation};
use crate::data_source::DataSource;
use crate::diagnostic::Diagnostics;
use crate::ephemeral::{EphemeralResource, Opened};
use crate::function::{Function, FunctionError};
use crate::list::{ListResource, Listing};
use crate::model::{Attr, Model};
use crate::operation::Operation;
use crate::provider::{Configure, Objects, Provider};
use crate::resource::Resource;
use crate::schema::{Attribute, IdentitySchema, Parameter, Schema, Signature};
use crate::testing::{Config, ForeignObject, InProcess};
use crate::value::Type;

/// A provider of these objects.
pub(crate) struct Least(pub fn() -> Objects<()>);

#[derive(Clone, Model)]
pub(crate) struct Nothing {}

#[async_trait]
impl Provider for Least {
    type Config = Nothing;
    type Session = ();

    fn schema(&self) -> Schema {
        Schema::new("Keeps things.")
    }

    async fn configure(&self, _: Configure<Nothing>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        (self.0)()
    }
}

/// One object of each kind.
pub(crate) fn all() -> Objects<()> {
    Objects::new()
        .resource(Thing)
        .data_source(Thing)
        .ephemeral_resource(Thing)
        .list_resource(Thing)
        .action(Thing)
        .function(Thing)
}

/// An object of every kind.
pub(crate) struct Thing;

#[derive(Clone, Model)]
pub(crate) struct Named {
    name: Attr<String>,
}

fn named(description: &str) -> Schema {
    Schema::new(description).attribute("name", Attribute::string("Its name.").required())
}

#[async_trait]
impl Resource for Thing {
    type Session = ();
    type Model = Named;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        named("A thing.").identity(IdentitySchema::of("name", "The name."))
    }

    async fn create(&self, operation: &mut Operation<(), Named>, planned: Named) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), Named>, state: Named) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(&self, operation: &mut Operation<(), Named>, _: Named, new: Named) -> Result<(), Diagnostics> {
        operation.save(new);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), Named>, _: Named) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[async_trait]
impl DataSource for Thing {
    type Session = ();
    type Model = Named;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        named("A thing that is there.")
    }

    async fn read(&self, operation: &mut Operation<(), Named>, config: Named) -> Result<(), Diagnostics> {
        operation.save(config);
        Ok(())
    }
}

#[async_trait]
impl EphemeralResource for Thing {
    type Session = ();
    type Model = Named;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        named("A thing for a moment.")
    }

    async fn open(&self, _: &mut Operation<(), Named>, config: Named) -> Result<Opened<Named>, Diagnostics> {
        Ok(Opened::new(config))
    }
}

#[async_trait]
impl ListResource for Thing {
    type Session = ();
    type Config = Named;
    type Model = Named;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        named("Things of a name.")
    }

    async fn list(&self, listing: &Listing<(), Named>, config: Named) -> Result<(), Diagnostics> {
        listing.found("the thing", config).await;
        Ok(())
    }
}

#[async_trait]
impl Action for Thing {
    type Session = ();
    type Model = Named;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        named("Does a thing.")
    }

    async fn invoke(&self, invocation: &mut Invocation<()>, _: Named) -> Result<(), Diagnostics> {
        invocation.progress("done");
        Ok(())
    }
}

#[async_trait]
impl Function for Thing {
    type Arguments = Named;
    type Output = Attr<String>;

    fn name(&self) -> &'static str {
        "same"
    }

    fn signature(&self) -> Signature {
        let name = Parameter::string("name", "A name.").allow_null();
        Signature::new("The same name.", Type::String).description("Gives it back.").parameter(name)
    }

    async fn call(&self, arguments: Named) -> Result<Attr<String>, FunctionError> {
        Ok(arguments.name)
    }
}

/// The provider with a Terraform that could put everything off.
async fn provider() -> InProcess<Least> {
    let provider = InProcess::new(Least(all)).deferring();
    provider.configure(Config::empty()).await.expect("it is configured")
}

#[tokio::test]
async fn what_an_author_does_not_write_hinders_nothing() {
    let provider = provider().await;
    assert!(provider.session().is_some(), "nothing is put off");
    let config = || json!({ "name": "a" });
    let thing = provider.resource("t_thing");
    let created = thing.create(config()).await.ok();
    assert!(thing.plan(&created, config()).await.ok().is_empty());
    thing.destroy(&created).await.ok();
    assert_eq!(provider.data_source("t_thing").read(config()).await.ok()["name"], "a".into());
    let ephemeral = provider.ephemeral("t_thing");
    let mut opened = ephemeral.open(config()).await.ok();
    ephemeral.renew(&mut opened).await.ok();
    assert_eq!(opened.renew_at(), None);
    ephemeral.close(opened).await.ok();
    assert_eq!(provider.list("t_thing").list(config()).await.ok()[0].display_name(), "the thing");
    assert_eq!(provider.action("t_thing").invoke(config()).await.ok(), ["done"]);
    assert_eq!(provider.function("same").call([json!("a")]).await, Ok("a".into()));
}

#[tokio::test]
async fn what_an_author_does_not_write_is_refused_where_a_user_asks_for_it() {
    let thing = provider().await.resource("t_thing");
    let refused = thing.import("a").await;
    assert_eq!(refused.error("Import not supported").detail, "Objects of type t_thing cannot be imported.");
    thing.move_from(ForeignObject::new("t_other", &json!({ "name": "a" }))).await.error("Move not supported");
}

#[test]
fn modules_describe_themselves_only_to_a_provider_that_asks() {
    assert!(Least(all).meta_schema().is_none());
}
