//! Plans of a resource, as Terraform makes them.

use super::plan::{Plan, PlannedAction, action, replaces};
use super::proposed::proposed;
use super::response::Response;
use super::{Config, ResourceHandle, StoredObject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{PlanInput, PlanOutput, Stored};
use crate::operation::Private;
use crate::path::{AttributePath, Step};
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;

fn nothing() -> Stored {
    Stored { state: Value::Null, private: Private::default(), identity: None }
}

impl<P: Provider> ResourceHandle<P> {
    /// Plans the create of an object: validates the configuration, and asks the provider.
    pub async fn plan_create(&self, config: impl Into<Config>) -> Response<Plan> {
        self.planned_anew(None, config.into()).await
    }

    /// Plans what a configuration makes of an object: reads it, validates the configuration, and asks the provider, twice if the
    /// object is replaced. If the object does not exist any more, this is the plan of a create.
    pub async fn plan(&self, object: &StoredObject, config: impl Into<Config>) -> Response<Plan> {
        self.planned_anew(Some(object), config.into()).await
    }

    /// Plans the destroy of an object.
    pub async fn plan_destroy(&self, object: &StoredObject) -> Response<Plan> {
        let mut reported = Diagnostics::new();
        let current = self.current(Some(object), &mut reported).await;
        let deferred = current.deferred();
        let Some(current) = current.into_result().filter(|_| !reported.has_errors() && deferred.is_none()) else {
            return Response::failed(reported).deferred_by(deferred);
        };
        let Some(prior) = current else { return Response::new(Some(no_op(None, Value::Null)), reported) };
        let input =
            PlanInput { prior: prior.stored(), proposed: Value::Null, config: Value::Null, earlier_private: None };
        let output = self.asked(&input).await;
        if !output.planned.is_null() && output.deferred.is_none() {
            let detail = format!("The plan to destroy a {} has a planned state.", self.name);
            reported.push(Diagnostic::error("Provider produced invalid plan", detail));
        }
        let plan = Plan {
            action: PlannedAction::Destroy,
            prior: Some(prior),
            config: Value::Null,
            planned: Value::Null,
            private: output.private,
            identity: output.identity,
            requires_replace: Vec::new(),
        };
        reported.extend(output.diagnostics);
        let plan = (!reported.has_errors() && output.deferred.is_none()).then_some(plan);
        Response::new(plan, reported).deferred_by(output.deferred)
    }

    async fn planned_anew(&self, object: Option<&StoredObject>, config: Config) -> Response<Plan> {
        // Terraform validates everything before it reads anything.
        let (config, mut reported, _) = self.validate(config).await.into_parts();
        let Some(config) = config else { return Response::failed(reported) };
        let current = self.current(object, &mut reported).await;
        let deferred = current.deferred();
        match current.into_result() {
            Some(current) if !reported.has_errors() && deferred.is_none() => {
                self.planned(current, config, None, reported).await
            }
            _ => Response::failed(reported).deferred_by(deferred),
        }
    }

    /// The plan for an object as it is now. `earlier` is the private data of the first plan, in the one before the apply.
    pub(super) async fn planned(
        &self,
        current: Option<StoredObject>,
        config: Value,
        earlier: Option<Private>,
        mut reported: Diagnostics,
    ) -> Response<Plan> {
        let schema = &self.declared().schema;
        // A tainted object is planned as if there were none, and replaced.
        let known = current.as_ref().filter(|object| !object.is_tainted());
        let input = PlanInput {
            prior: known.map_or_else(nothing, StoredObject::stored),
            proposed: proposed(schema, known.map_or(&Value::Null, StoredObject::state), &config),
            config: config.clone(),
            earlier_private: earlier.filter(|_| self.provider.version.capabilities.planned_private),
        };
        let mut output = self.asked(&input).await;
        reported.extend(std::mem::take(&mut output.diagnostics));
        if reported.has_errors() || output.deferred.is_some() {
            return Response::failed(reported).deferred_by(output.deferred);
        }
        let asked = std::mem::take(&mut output.requires_replace);
        let write_only = |path: &AttributePath| is_write_only(schema, path);
        let requires_replace = match replaces(&input.prior.state, &output.planned, asked, write_only) {
            Ok(paths) => paths,
            Err(errors) => {
                reported.extend(errors);
                return Response::failed(reported);
            }
        };
        let mut action = action(&input.prior.state, &output.planned, &requires_replace);
        if action == PlannedAction::Replace {
            output = self.replacement(&config, output).await;
            // Its warnings have been reported by the first one.
            if output.diagnostics.has_errors() {
                reported.extend(std::mem::take(&mut output.diagnostics));
                return Response::failed(reported);
            }
        }
        if current.as_ref().is_some_and(StoredObject::is_tainted) {
            action = PlannedAction::Replace;
        }
        let PlanOutput { planned, private, identity, deferred, .. } = output;
        let plan = Plan { action, prior: current, config, planned, private, identity, requires_replace };
        Response::new(deferred.is_none().then_some(plan), reported).deferred_by(deferred)
    }

    /// The plan of the create half of a replacement. It begins with what the plan of the change made.
    async fn replacement(&self, config: &Value, change: PlanOutput) -> PlanOutput {
        let prior = Stored { state: Value::Null, private: change.private, identity: change.identity };
        let proposed = proposed(&self.declared().schema, &Value::Null, config);
        let input = PlanInput { prior, proposed, config: config.clone(), earlier_private: None };
        self.asked(&input).await
    }

    async fn asked(&self, input: &PlanInput) -> PlanOutput {
        let mut output = self.provider.local.plan_resource(self.name, input, self.provider.client()).await;
        output.identity = output.identity.filter(|_| self.provider.version.identities);
        output
    }
}

/// A plan that does nothing.
fn no_op(prior: Option<StoredObject>, config: Value) -> Plan {
    let (private, requires_replace) = (Private::default(), Vec::new());
    let planned = prior.as_ref().map_or(Value::Null, |prior| prior.state().clone());
    Plan { action: PlannedAction::NoOp, prior, config, planned, private, identity: None, requires_replace }
}

fn is_write_only(schema: &Schema, path: &AttributePath) -> bool {
    let [Step::Attribute(name)] = path.steps() else { return false };
    schema.attributes.get(name).is_some_and(|attribute| attribute.write_only)
}
