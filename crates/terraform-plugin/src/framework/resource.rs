//! Serves a resource: plans it, runs its operations, and keeps the state whatever happens in them.

use async_trait::async_trait;

use super::planning::{keep_spellings, plan};
use super::{AnyResource, ApplyInput, Call, Outcome, PlanInput, PlanOutput, guard, model, optional_model, validate};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::{Operation, Private, Saved};
use crate::resource::{Resource, ResourcePlan};
use crate::schema::Schema;
use crate::value::{Type, Value};

/// A resource with its schema, made once.
pub(crate) struct ResourceServer<R> {
    resource: R,
    schema: Schema,
    object_type: Type,
}

impl<R: Resource> ResourceServer<R> {
    pub(crate) fn new(resource: R) -> Self {
        let schema = resource.schema();
        let object_type = schema.object_type();
        Self { resource, schema, object_type }
    }

    fn mistake(&self, sentence: &str) -> Diagnostic {
        let name = self.resource.type_name();
        Diagnostic::error(
            "Mistake in the provider",
            format!("{name}: {sentence} This is a bug in the provider; please report it to its developers."),
        )
    }

    /// The state after an operation that must leave one: what it saved last, or what was there before.
    fn settle(
        &self,
        operation: Operation<R::Client, R::Model>,
        result: Result<(), Diagnostics>,
        before: &Value,
        what: &str,
    ) -> Outcome {
        let Operation { saved, private, mut diagnostics, .. } = operation;
        let succeeded = result.is_ok();
        diagnostics.absorb(result);
        let mut state = match saved {
            Saved::Object(state) => state.into_value(),
            Saved::Removed => Value::Null,
            Saved::Nothing => {
                if succeeded {
                    diagnostics.push(self.mistake(&format!("its {what} ended without an error and without a state.")));
                }
                before.clone()
            }
        };
        keep_spellings(&self.schema, before, &mut state);
        Outcome { state, private, diagnostics }
    }

    async fn create(&self, mut operation: Operation<R::Client, R::Model>, planned: Value) -> Outcome {
        let name = self.type_name();
        let own = async { self.resource.create(&mut operation, model(name, planned)?).await };
        let result = guard("create", name, own).await;
        self.settle(operation, result, &Value::Null, "create")
    }

    async fn update(&self, mut operation: Operation<R::Client, R::Model>, prior: Value, planned: Value) -> Outcome {
        let name = self.type_name();
        let before = prior.clone();
        let own = async { self.resource.update(&mut operation, model(name, prior)?, model(name, planned)?).await };
        let result = guard("update", name, own).await;
        self.settle(operation, result, &before, "update")
    }

    async fn delete(&self, mut operation: Operation<R::Client, R::Model>, prior: Value) -> Outcome {
        let name = self.type_name();
        let before = prior.clone();
        let own = async { self.resource.delete(&mut operation, model(name, prior)?).await };
        let result = guard("delete", name, own).await;
        if result.is_ok() {
            operation.remove();
        }
        self.settle(operation, result, &before, "delete")
    }

    /// A state that still holds unknown values would be refused by Terraform, and the unknowns kept as null. Saying it
    /// here names the resource and the cause.
    fn check_known(&self, outcome: &mut Outcome) {
        if !outcome.state.is_wholly_known() {
            let unknown: Vec<_> = match &outcome.state {
                Value::Map(attributes) => attributes
                    .iter()
                    .filter(|(_, value)| !value.is_wholly_known())
                    .map(|(name, _)| name.as_str())
                    .collect(),
                _ => Vec::new(),
            };
            let sentence = format!("after apply these attributes are still unknown: {}.", unknown.join(", "));
            outcome.diagnostics.push(self.mistake(&sentence));
        }
    }
}

#[async_trait]
impl<R: Resource> AnyResource<R::Client> for ResourceServer<R> {
    fn type_name(&self) -> &'static str {
        self.resource.type_name()
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn object_type(&self) -> &Type {
        &self.object_type
    }

    async fn validate(&self, config: Value) -> Diagnostics {
        let mut diagnostics = validate(&self.schema, &config);
        let name = self.type_name();
        let own = async { self.resource.validate(model(name, config)?).await };
        diagnostics.absorb(guard("validate", name, own).await);
        diagnostics
    }

    fn upgrade(&self, version: i64, state: &str) -> Result<Value, Diagnostics> {
        let name = self.type_name();
        if version > self.schema.version {
            let detail = format!(
                "The state of this {name} was written by a newer version of the provider (schema version {version}, \
                 this one knows {}). Use that version or a newer one.",
                self.schema.version
            );
            return Err(Diagnostic::error("State is newer than the provider", detail).into());
        }
        let unreadable = |error: &dyn std::fmt::Display| {
            let detail = format!("The state of this {name} cannot be read: {error}.");
            Diagnostics::from(Diagnostic::error("State cannot be read", detail))
        };
        let upgraded;
        let state = if version == self.schema.version {
            state
        } else {
            let old = serde_json::from_str(state).map_err(|error| unreadable(&error))?;
            upgraded = self.resource.upgrade_state(version, old)?.to_string();
            &upgraded
        };
        Value::from_json(state, &self.object_type).map_err(|error| unreadable(&error))
    }

    async fn read(&self, call: Call<R::Client>, state: Value, private: Private) -> Outcome {
        let client = match call.configured() {
            Ok(client) => client,
            Err(diagnostics) => return Outcome { state, private, diagnostics },
        };
        let name = self.type_name();
        let mut operation = Operation::new(client, call.stop, private);
        let before = state.clone();
        let own = async { self.resource.read(&mut operation, model(name, state)?).await };
        let result = guard("read", name, own).await;
        self.settle(operation, result, &before, "read")
    }

    async fn plan(&self, call: Call<R::Client>, input: PlanInput) -> PlanOutput {
        let PlanInput { prior, proposed, config, private } = input;
        let destroying = proposed.is_null();
        let computed = (!destroying).then(|| plan(&self.schema, &prior, proposed, &config));
        let (planned, requires_replace) =
            computed.map_or((Value::Null, Vec::new()), |plan| (plan.planned, plan.requires_replace));
        let fallback = (planned.clone(), private.clone());
        let name = self.type_name();
        let own = async {
            let mut plan = ResourcePlan {
                prior: optional_model(name, prior)?,
                config: optional_model(name, config)?,
                planned: optional_model(name, planned)?,
                requires_replace,
                private,
                warnings: Diagnostics::new(),
                client: call.client,
            };
            self.resource.plan(&mut plan).await?;
            Ok(plan)
        };
        match guard("plan", name, own).await {
            Ok(plan) => PlanOutput {
                planned: plan.planned.map_or(Value::Null, Model::into_value),
                requires_replace: plan.requires_replace,
                private: plan.private,
                diagnostics: plan.warnings,
            },
            Err(diagnostics) => {
                PlanOutput { planned: fallback.0, requires_replace: Vec::new(), private: fallback.1, diagnostics }
            }
        }
    }

    async fn apply(&self, call: Call<R::Client>, input: ApplyInput) -> Outcome {
        let ApplyInput { prior, planned, private } = input;
        let client = match call.configured() {
            Ok(client) => client,
            Err(diagnostics) => return Outcome { state: prior, private, diagnostics },
        };
        let operation = Operation::new(client, call.stop, private);
        let mut outcome = match (prior.is_null(), planned.is_null()) {
            (true, _) => self.create(operation, planned).await,
            (false, false) => self.update(operation, prior, planned).await,
            (false, true) => self.delete(operation, prior).await,
        };
        self.check_known(&mut outcome);
        outcome
    }

    async fn import(&self, call: Call<R::Client>, id: String) -> Outcome {
        let client = match call.configured() {
            Ok(client) => client,
            Err(diagnostics) => return Outcome { state: Value::Null, private: Private::default(), diagnostics },
        };
        let mut operation = Operation::new(client, call.stop, Private::default());
        let result = guard("import", self.type_name(), self.resource.import(&mut operation, id)).await;
        self.settle(operation, result, &Value::Null, "import")
    }
}
