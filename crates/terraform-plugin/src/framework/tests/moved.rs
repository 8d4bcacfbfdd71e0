//! A resource that adopts objects of another type.

use async_trait::async_trait;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{AnyResource, ResourceServer};
use crate::model::{Attr, Model};
use crate::operation::{Operation, Private};
use crate::resource::{MoveSource, Moved, Resource};
use crate::schema::{Attribute, IdentitySchema, Schema};
use crate::testing::move_source;
use crate::value::{Type, Value, ValueError};

struct Disk;

#[derive(Clone, Model)]
struct DiskModel {
    id: Attr<String>,
}

fn unreadable(error: &ValueError) -> Diagnostics {
    Diagnostic::error("Volume cannot be read", error.to_string()).into()
}

#[async_trait]
impl Resource for Disk {
    type Session = ();
    type Model = DiskModel;

    fn type_name(&self) -> &'static str {
        "t_disk"
    }

    fn schema(&self) -> Schema {
        Schema::new("A disk.")
            .identity(IdentitySchema::of("id", "The id."))
            .attribute("id", Attribute::string("Id.").computed())
    }

    async fn create(&self, _: &mut Operation<(), DiskModel>, _: DiskModel) -> Result<(), Diagnostics> {
        unreachable!("it is moved")
    }

    async fn read(&self, _: &mut Operation<(), DiskModel>, _: DiskModel) -> Result<(), Diagnostics> {
        unreachable!("it is moved")
    }

    async fn update(&self, _: &mut Operation<(), DiskModel>, _: DiskModel, _: DiskModel) -> Result<(), Diagnostics> {
        unreachable!("it is moved")
    }

    async fn delete(&self, _: &mut Operation<(), DiskModel>, _: DiskModel) -> Result<(), Diagnostics> {
        unreachable!("it is moved")
    }

    /// A volume whose state lacks the id may have it in its identity.
    async fn move_state(&self, source: MoveSource) -> Result<Option<Moved<DiskModel>>, Diagnostics> {
        let ty = Type::object([("id", Type::String)]);
        let id = |value: &Value| value.get("id").and_then(Value::as_str).map(str::to_owned);
        if let Some(id) = id(&source.state(&ty).map_err(|error| unreadable(&error))?) {
            return Ok(Some(DiskModel { id: id.into() }.into()));
        }
        let identity = source.identity(&ty).map_err(|error| unreadable(&error))?;
        let Some(id) = identity.as_ref().and_then(id) else { return Ok(None) };
        let mut private = Private::default();
        private.set("identity", source.identity_schema_version);
        let warning = Diagnostic::warning("Old volume", "Its state has no id.");
        Ok(Some(Moved::new(DiskModel { id: id.into() }).private(private).warn(warning)))
    }
}

#[tokio::test]
async fn a_move_has_the_identity_of_its_source_and_leaves_private_data() {
    let moved = async |state: &str, identity| {
        let source = MoveSource { identity_schema_version: 7, ..move_source("t_volume", state, identity) };
        ResourceServer::new(Disk).move_state(source).await
    };
    let disk = |id: &str| Value::object([("id", Value::from(id))]);
    let outcome = moved(r#"{"id": "v-1"}"#, None).await;
    assert_eq!((outcome.state, outcome.identity), (disk("v-1"), Some(disk("v-1"))));
    assert!(outcome.diagnostics.is_empty() && outcome.private == Private::default());

    let outcome = moved("{}", Some(r#"{"id": "v-2", "zone": "z"}"#)).await;
    assert_eq!((outcome.state, outcome.identity), (disk("v-2"), Some(disk("v-2"))));
    assert_eq!(outcome.private.to_bytes(), br#"{"identity":7}"#);
    assert_eq!(outcome.diagnostics, Diagnostic::warning("Old volume", "Its state has no id.").into());

    for (identity, summary) in
        [(None, "Move not supported"), (Some("null"), "Move not supported"), (Some("7"), "Volume cannot be read")]
    {
        let outcome = moved("{}", identity).await;
        assert!(outcome.state.is_null());
        assert_eq!(outcome.diagnostics.iter().next().map(|one| one.summary.as_str()), Some(summary));
    }
}
