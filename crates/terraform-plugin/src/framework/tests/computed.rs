//! A resource with a block that the provider chooses, and Terraforms that know such blocks or do not.

use async_trait::async_trait;

use super::{call, nothing, reported};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyResource, PlanInput, ResourceServer};
use crate::model::Model;
use crate::operation::{Call, Operation};
use crate::resource::Resource;
use crate::schema::{Attribute, Block, BlockNesting, Schema};
use crate::value::Value;

struct Framed;

#[derive(Clone, Model)]
struct FramedModel {
    frame: Value,
}

#[async_trait]
impl Resource for Framed {
    type Session = ();
    type Model = FramedModel;

    fn type_name(&self) -> &'static str {
        "t_framed"
    }

    fn schema(&self) -> Schema {
        let width = Attribute::integer("Width.").optional().computed();
        let frame = Block::new(BlockNesting::Single, "The frame.").attribute("width", width).computed();
        Schema::new("A thing with a frame.").block("frame", frame)
    }

    async fn create(&self, _: &mut Operation<(), FramedModel>, _: FramedModel) -> Result<(), Diagnostics> {
        unreachable!("it is planned only")
    }

    async fn read(&self, _: &mut Operation<(), FramedModel>, _: FramedModel) -> Result<(), Diagnostics> {
        unreachable!("it is planned only")
    }

    async fn update(
        &self,
        _: &mut Operation<(), FramedModel>,
        _: FramedModel,
        _: FramedModel,
    ) -> Result<(), Diagnostics> {
        unreachable!("it is planned only")
    }

    async fn delete(&self, _: &mut Operation<(), FramedModel>, _: FramedModel) -> Result<(), Diagnostics> {
        unreachable!("it is planned only")
    }
}

#[tokio::test]
async fn a_block_can_be_left_out_where_terraform_knows_that() {
    let config = || Value::object([("frame", Value::Null)]);
    for allowed in [true, false] {
        let validated = ResourceServer::new(Framed).validate(config(), true, allowed).await;
        let call = Call { computed_blocks_allowed: allowed, ..call(false) };
        let input = PlanInput { prior: nothing(), proposed: config(), config: config(), earlier_private: None };
        let plan = ResourceServer::new(Framed).plan(call, input).await;
        for diagnostics in [validated, plan.diagnostics] {
            if allowed {
                assert_eq!(diagnostics, Diagnostics::new());
            } else {
                let (detail, path) = reported(&diagnostics);
                assert!(detail.starts_with("The block frame can be left out"), "{detail}");
                assert_eq!(path.as_deref(), Some("frame"));
            }
        }
        let expected = if allowed { Value::object([("frame", Value::unknown())]) } else { Value::Null };
        assert_eq!(plan.planned, expected);
    }
}
