//! A resource whose identity has two parts, and an import that knows one of them.

use async_trait::async_trait;

use super::{call, nothing};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyResource, ApplyInput, ResourceServer, Stored};
use crate::model::{Attr, Model};
use crate::operation::{Operation, Private};
use crate::resource::{ImportTarget, Resource};
use crate::schema::{Attribute, IdentityAttribute, IdentitySchema, Schema};
use crate::value::Value;

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
