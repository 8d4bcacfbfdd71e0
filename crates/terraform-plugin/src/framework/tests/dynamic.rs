//! A resource whose one attribute is of any type.

use async_trait::async_trait;

use super::{call, nothing, reported};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{AnyResource, ApplyInput, PlanInput, ResourceServer, Stored};
use crate::model::{Attr, Model};
use crate::operation::{Operation, Private};
use crate::resource::{Resource, ResourcePlan};
use crate::schema::{Attribute, Schema};
use crate::value::{Type, Value};

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
        let config = Value::object([("any", Value::dynamic(Type::String, value))]);
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
