//! A provider whose schema has a bit of everything, and that does nothing.

use async_trait::async_trait;

use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema};
use crate::value::{Type, Value};
use crate::{Attr, Configure, DataSource, Diagnostics, Model, Objects, Operation, Provider, Resource};

pub(super) struct Sample;

#[derive(Clone, Model)]
pub(super) struct Everything {
    id: Attr<String>,
    number: Attr<i64>,
    list: Value,
    set: Value,
    map: Value,
    any: Value,
    nested: Value,
    block: Value,
}

pub(super) fn schema() -> Schema {
    let inner = || [("flag", Attribute::bool("A flag.").optional()), ("text", Attribute::string("A text.").optional())];
    Schema::new("A bit of everything.")
        .attribute("id", Attribute::string("An id.").computed().use_state_for_unknown())
        .attribute("number", Attribute::integer("A number.").optional().computed().default(7))
        .attribute("list", Attribute::list(Type::Number, "A list.").optional().requires_replace())
        .attribute("set", Attribute::set(Type::String, "A set.").optional())
        .attribute("map", Attribute::map(Type::Bool, "A map.").optional().sensitive())
        .attribute("any", Attribute::of(Type::Dynamic, "Anything.").optional())
        .attribute("nested", Attribute::nested(Nesting::List, inner(), "Objects.").optional())
        .block(
            "block",
            Block::new(BlockNesting::Set, "Blocks.").attribute("text", Attribute::string("A text.").required()),
        )
}

#[async_trait]
impl Provider for Sample {
    type Config = Everything;
    type Session = ();

    fn schema(&self) -> Schema {
        schema()
    }

    async fn configure(&self, _: Configure<Everything>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        Objects::new().resource(Thing).data_source(Thing)
    }
}

struct Thing;

#[async_trait]
impl Resource for Thing {
    type Session = ();
    type Model = Everything;

    fn type_name(&self) -> &'static str {
        "thing"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn create(&self, operation: &mut Operation<(), Everything>, planned: Everything) -> Result<(), Diagnostics> {
        operation.save(Everything { id: "new".into(), ..planned });
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), Everything>, state: Everything) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), Everything>,
        _: Everything,
        planned: Everything,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), Everything>, _: Everything) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[async_trait]
impl DataSource for Thing {
    type Session = ();
    type Model = Everything;

    fn type_name(&self) -> &'static str {
        "thing"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn read(&self, operation: &mut Operation<(), Everything>, config: Everything) -> Result<(), Diagnostics> {
        operation.save(config);
        Ok(())
    }
}
