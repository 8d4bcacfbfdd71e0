//! What Terraform is told: of everything that a provider has, of its mistakes, and of what it does not have.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::generated::tfplugin6 as pb;
use super::generated::tfplugin6::provider_server::Provider as _;
use super::served::Served;
use super::service::ProviderService;
use crate::action::{Action, Invocation};
use crate::data_source::DataSource;
use crate::diagnostic::Diagnostics;
use crate::ephemeral::{EphemeralResource, Opened};
use crate::list::{ListResource, Listing};
use crate::operation::Operation;
use crate::provider::{Configure, Objects, Provider};
use crate::resource::Resource;
use crate::schema::Schema;
use crate::testing::books::Books;
use crate::value::Value;

fn service<P: Provider>(provider: P) -> ProviderService<P> {
    ProviderService(Arc::new(Served::new(provider, CancellationToken::new())))
}

async fn answer<T>(call: impl Future<Output = Result<Response<T>, Status>>) -> T {
    call.await.expect("it is answered").into_inner()
}

fn keys<T>(map: &HashMap<String, T>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn terraform_is_told_everything_that_a_provider_has() {
    let books = service(Books);
    let has = answer(books.get_metadata(Request::new(pb::get_metadata::Request::default()))).await;
    assert_eq!(has.resources.iter().map(|one| one.type_name.as_str()).collect::<Vec<_>>(), ["books_book"]);
    assert_eq!(has.data_sources.iter().map(|one| one.type_name.as_str()).collect::<Vec<_>>(), ["books_book"]);
    assert_eq!(has.ephemeral_resources.iter().map(|one| one.type_name.as_str()).collect::<Vec<_>>(), ["books_card"]);
    assert_eq!(has.list_resources.iter().map(|one| one.type_name.as_str()).collect::<Vec<_>>(), ["books_book"]);
    assert_eq!(has.actions.iter().map(|one| one.type_name.as_str()).collect::<Vec<_>>(), ["books_dust"]);
    assert_eq!(has.functions.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["isbn"]);
    assert!(has.diagnostics.is_empty() && has.server_capabilities.is_some_and(|can| can.plan_destroy));

    let schema = answer(books.get_provider_schema(Request::new(pb::get_provider_schema::Request::default()))).await;
    assert!(schema.provider.is_some() && schema.provider_meta.is_some() && schema.diagnostics.is_empty());
    assert_eq!(keys(&schema.resource_schemas), ["books_book"]);
    assert_eq!(keys(&schema.data_source_schemas), ["books_book"]);
    assert_eq!(keys(&schema.ephemeral_resource_schemas), ["books_card"]);
    assert_eq!(keys(&schema.list_resource_schemas), ["books_book"]);
    assert_eq!(keys(&schema.action_schemas), ["books_dust"]);
    assert_eq!(schema.functions["isbn"].parameters.len(), 1);
    let functions = answer(books.get_functions(Request::new(pb::get_functions::Request::default()))).await;
    assert_eq!(functions.functions, schema.functions);

    let request = pb::get_resource_identity_schemas::Request::default();
    let identities = answer(books.get_resource_identity_schemas(Request::new(request))).await.identity_schemas;
    assert_eq!(keys(&identities), ["books_book"]);
}

/// Each RPC of the service about an object without a name, and what it reports.
macro_rules! reported {
    ($service:ident: $($rpc:ident => $expected:literal,)*) => {
        [$({
            let answer = answer($service.$rpc(Request::new(pb::$rpc::Request::default()))).await;
            (stringify!($rpc), answer.diagnostics, $expected)
        }),*]
    };
}

#[tokio::test]
async fn what_a_provider_does_not_have_is_reported_by_every_call() {
    let books = service(Books);
    for (rpc, reported, expected) in reported!(books:
        validate_resource_config => "Unknown resource",
        upgrade_resource_state => "Unknown resource",
        upgrade_resource_identity => "Unknown resource",
        read_resource => "Unknown resource",
        plan_resource_change => "Unknown resource",
        apply_resource_change => "Unknown resource",
        import_resource_state => "Unknown resource",
        move_resource_state => "Unknown resource",
        generate_resource_config => "Unknown resource",
        validate_data_resource_config => "Unknown data source",
        read_data_source => "Unknown data source",
        validate_ephemeral_resource_config => "Unknown ephemeral resource",
        open_ephemeral_resource => "Unknown ephemeral resource",
        renew_ephemeral_resource => "Unknown ephemeral resource",
        close_ephemeral_resource => "Unknown ephemeral resource",
        validate_list_resource_config => "Unknown list resource",
        validate_action_config => "Unknown action",
        plan_action => "Unknown action",
    ) {
        let summaries: Vec<_> = reported.iter().map(|one| one.summary.as_str()).collect();
        assert_eq!(summaries, [expected], "{rpc}");
    }
    let mut events = answer(books.list_resource(Request::new(pb::list_resource::Request::default()))).await;
    let event = events.next().await.expect("there is one").expect("it is one");
    assert_eq!(event.diagnostic[0].summary, "Unknown list resource");
    let mut events = answer(books.invoke_action(Request::new(pb::invoke_action::Request::default()))).await;
    let event = events.next().await.expect("there is one").expect("it is one");
    let Some(pb::invoke_action::event::Type::Completed(end)) = event.r#type else { panic!("it goes on") };
    assert_eq!(end.diagnostics[0].summary, "Unknown action");
}

#[tokio::test]
async fn an_import_that_fails_imports_nothing_whatever_it_saved() {
    let books = service(Books);
    let config = Value::object([("closed", Value::Null), ("shut", Value::Null)]);
    let msgpack = config.to_msgpack(&Books.schema().object_type()).expect("it fits");
    let config = Some(pb::DynamicValue { msgpack, json: Vec::new() });
    let request = pb::configure_provider::Request { config, ..Default::default() };
    assert_eq!(answer(books.configure_provider(Request::new(request))).await.diagnostics, []);
    for (id, expected) in [("believed-1", 1), ("believed-torn", 0), ("none", 0)] {
        let (type_name, id) = ("books_book".to_owned(), id.to_owned());
        let request = pb::import_resource_state::Request { type_name, id, ..Default::default() };
        let imported = answer(books.import_resource_state(Request::new(request))).await;
        assert_eq!((imported.imported_resources.len(), imported.diagnostics.is_empty()), (expected, expected == 1));
    }
}

/// A provider none of whose objects has a name that Terraform takes.
struct Nameless;

#[async_trait]
impl Provider for Nameless {
    type Config = Value;
    type Session = ();

    fn schema(&self) -> Schema {
        Schema::new("Has no names.")
    }

    async fn configure(&self, _: Configure<Value>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        Objects::new().resource(Thing).data_source(Thing).ephemeral_resource(Thing).list_resource(Thing).action(Thing)
    }
}

/// What is only declared.
struct Thing;

const NAME: &str = "Thing";

fn schema() -> Schema {
    Schema::new("A thing.")
}

#[async_trait]
impl Resource for Thing {
    type Session = ();
    type Model = Value;

    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn create(&self, _: &mut Operation<(), Value>, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }

    async fn read(&self, _: &mut Operation<(), Value>, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }

    async fn update(&self, _: &mut Operation<(), Value>, _: Value, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }

    async fn delete(&self, _: &mut Operation<(), Value>, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }
}

#[async_trait]
impl DataSource for Thing {
    type Session = ();
    type Model = Value;

    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn read(&self, _: &mut Operation<(), Value>, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }
}

#[async_trait]
impl EphemeralResource for Thing {
    type Session = ();
    type Model = Value;

    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn open(&self, _: &mut Operation<(), Value>, _: Value) -> Result<Opened<Value>, Diagnostics> {
        unreachable!("it is only declared")
    }
}

#[async_trait]
impl ListResource for Thing {
    type Session = ();
    type Config = Value;
    type Model = Value;

    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn list(&self, _: &Listing<(), Value>, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }
}

#[async_trait]
impl Action for Thing {
    type Session = ();
    type Model = Value;

    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn invoke(&self, _: &mut Invocation<()>, _: Value) -> Result<(), Diagnostics> {
        unreachable!("it is only declared")
    }
}

#[tokio::test]
async fn the_mistakes_of_every_kind_of_object_are_reported_to_terraform() {
    let nameless = service(Nameless);
    let metadata = answer(nameless.get_metadata(Request::new(pb::get_metadata::Request::default()))).await;
    let schema = answer(nameless.get_provider_schema(Request::new(pb::get_provider_schema::Request::default()))).await;
    for reported in [metadata.diagnostics, schema.diagnostics] {
        assert!(reported.iter().all(|one| one.summary == "Mistake in the provider"));
        for kind in ["resource", "data source", "ephemeral resource", "list resource", "action"] {
            let sentence = format!("{kind} Thing: A name is made of lower-case letters");
            let of_kind = reported.iter().filter(|one| one.detail.starts_with(&sentence));
            assert_eq!(of_kind.count(), 1, "{sentence}");
        }
    }
}
