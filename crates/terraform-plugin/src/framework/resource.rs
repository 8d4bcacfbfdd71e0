//! Serves a resource: plans it, runs its operations, and keeps the state whatever happens in them.

use std::any::TypeId;

use async_trait::async_trait;

use super::contract::unknown;
use super::declared::Declared;
use super::guard::guard;
use super::identified::{Identified, completed};
use super::objects::AnyResource;
use super::outcome::{ApplyInput, Outcome, PlanInput, PlanOutput, Stored};
use super::settle::Before;
use super::typed::{model, optional_model};
use super::{bug_report, computed_blocks, generate, generated, planning, resource_plan};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::{Call, Operation, Private};
use crate::resource::{ImportTarget, MoveSource, Moved, Resource};
use crate::schema::mistake::{Check, Kind, Mistake};
use crate::schema::{Means, UpgradeError};
use crate::value::Value;

/// A resource and what it declares.
pub(crate) struct ResourceServer<R> {
    resource: R,
    declared: Declared,
}

impl<R: Resource> ResourceServer<R> {
    pub(crate) fn new(resource: R) -> Self {
        let declared = Declared::new(resource.type_name(), resource.schema());
        Self { resource, declared }
    }

    fn unreadable(&self, what: &str, error: UpgradeError) -> Diagnostics {
        if let UpgradeError::Reported(diagnostics) = error {
            return diagnostics;
        }
        let detail = format!("The {what} of this {} cannot be used: {error}.", self.declared.name);
        Diagnostic::error(format!("{}{} cannot be read", what[..1].to_uppercase(), &what[1..]), detail).into()
    }

    async fn create(&self, mut operation: Operation<R::Session, R::Model>, planned: &Value, config: &Value) -> Outcome {
        let as_planned =
            || planning::plan(&self.declared.schema, &Value::Null, config.clone(), config, &Private::default()).planned;
        let unplanned = (planned == config).then(as_planned);
        let before = Before { verb: "create", state: Value::Null, identity: None, planned: Some(planned), unplanned };
        let own = async {
            let planned = generated::apply(&self.declared.schema, config, planned);
            self.resource.create(&mut operation, model(self.declared.name, planned)?).await
        };
        let result = guard("create", self.declared.name, own).await;
        self.declared.settle(operation, result, before)
    }

    async fn update(
        &self,
        mut operation: Operation<R::Session, R::Model>,
        prior: Stored,
        planned: &Value,
        config: &Value,
    ) -> Outcome {
        let name = self.declared.name;
        let Stored { state: prior, identity, .. } = prior;
        let before = Before { verb: "update", state: prior.clone(), identity, planned: Some(planned), unplanned: None };
        let own = async {
            let planned = generated::apply(&self.declared.schema, config, planned);
            self.resource.update(&mut operation, model(name, prior)?, model(name, planned)?).await
        };
        let result = guard("update", name, own).await;
        self.declared.settle(operation, result, before)
    }

    async fn delete(
        &self,
        mut operation: Operation<R::Session, R::Model>,
        prior: Value,
        identity: Option<Value>,
    ) -> Outcome {
        let name = self.declared.name;
        let before = Before { verb: "delete", state: prior.clone(), identity, planned: None, unplanned: None };
        let own = async { self.resource.delete(&mut operation, model(name, prior)?).await };
        let result = guard("delete", name, own).await;
        if result.is_ok() {
            operation.remove();
        }
        self.declared.settle(operation, result, before)
    }
}

/// What an upgrade may need.
fn means<C: Send + Sync + 'static>(call: Call<C>) -> Means {
    Means { session: call.session.map(|session| session as _), stop: call.stop }
}

#[async_trait]
impl<R: Resource> AnyResource<R::Session> for ResourceServer<R> {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn check(&self, mistakes: &mut Vec<Mistake>) {
        self.declared.check::<R::Model>(Kind::Resource, mistakes);
        Check::of(Kind::Resource, self.declared.name, mistakes)
            .upgrades(&self.declared.schema, TypeId::of::<R::Session>());
    }

    async fn validate(&self, config: Value, write_only_allowed: bool, computed_blocks_allowed: bool) -> Diagnostics {
        let left_out = (!computed_blocks_allowed).then(|| computed_blocks::left_out(&self.declared.schema, &config));
        let own = async |config| self.resource.validate(config).await;
        let mut diagnostics = self.declared.validate(config, write_only_allowed, own).await;
        diagnostics.extend(left_out.into_iter().flatten());
        diagnostics
    }

    async fn upgrade(&self, call: Call<R::Session>, version: i64, state: &str) -> Result<Value, Diagnostics> {
        let schema = &self.declared.schema;
        let ty = &self.declared.object_type;
        let upgraded = schema.upgrades.run(state, version, schema.version, ty, means(call)).await;
        upgraded.map_err(|error| self.unreadable("state", error))
    }

    async fn upgrade_identity(
        &self,
        call: Call<R::Session>,
        version: i64,
        identity: &str,
    ) -> Result<Value, Diagnostics> {
        let (Some(schema), Some(ty)) = (&self.declared.schema.identity, &self.declared.identity_type) else {
            return Err(self.declared.mistake("it has no identity.").into());
        };
        let upgraded = schema.upgrades.run(identity, version, schema.version, ty, means(call)).await;
        upgraded.map_err(|error| self.unreadable("identity", error))
    }

    async fn read(&self, call: Call<R::Session>, stored: Stored) -> Outcome {
        if let Some(reason) = call.deferral() {
            return Outcome::deferred(stored, reason);
        }
        let name = self.declared.name;
        let session = match call.configured() {
            Ok(session) => session,
            Err(diagnostics) => return Outcome::untouched(stored, diagnostics),
        };
        let Stored { state, private, identity } = stored;
        self.declared.mask_secrets(&state);
        let mut operation =
            Operation::of(self.declared.about("read"), session, call, private, None).identified(identity.clone());
        let before = Before { verb: "read", state: state.clone(), identity, planned: None, unplanned: None };
        let own = async { self.resource.read(&mut operation, model(name, state)?).await };
        let result = guard("read", name, own).await;
        self.declared.settle(operation, result, before)
    }

    async fn plan(&self, call: Call<R::Session>, input: PlanInput) -> PlanOutput {
        resource_plan::plan(&self.resource, &self.declared, call, input).await
    }

    async fn apply(&self, call: Call<R::Session>, input: ApplyInput) -> Outcome {
        let ApplyInput { mut prior, planned, config } = input;
        for value in [&prior.state, &planned, &config] {
            self.declared.mask_secrets(value);
        }
        let unknown = unknown(&config);
        if !unknown.is_empty() {
            return Outcome::untouched(prior, bug_report::unknown_config(self.declared.name, &unknown).into());
        }
        if prior.state.is_null() && planned.is_null() {
            return Outcome::untouched(prior, bug_report::nothing_to_apply(self.declared.name).into());
        }
        let began = optional_model(self.declared.name, config.clone())
            .and_then(|own_config| Ok((call.configured()?, own_config)));
        let (session, own_config) = match began {
            Ok(both) => both,
            Err(diagnostics) => return Outcome::untouched(prior, diagnostics),
        };
        let (private, identity) = (std::mem::take(&mut prior.private), prior.identity.clone());
        let operation = |verb| {
            let about = self.declared.about(verb);
            Operation::of(about, session, call, private, own_config).identified(identity)
        };
        match (prior.state.is_null(), planned.is_null()) {
            (true, _) => self.create(operation("create"), &planned, &config).await,
            (false, false) => self.update(operation("update"), prior, &planned, &config).await,
            (false, true) => self.delete(operation("delete"), prior.state, prior.identity).await,
        }
    }

    async fn import(&self, call: Call<R::Session>, target: ImportTarget) -> Outcome {
        if let Some(reason) = call.deferral() {
            return Outcome::deferred(Stored::nothing(), reason);
        }
        let mut operation = match Operation::new(self.declared.about("import"), call, Private::default(), None) {
            Ok(operation) => operation,
            Err(diagnostics) => return Outcome::nothing(diagnostics),
        };
        let asked = match &target {
            ImportTarget::Identity(identity) => Some(identity.clone()),
            ImportTarget::Id(_) => None,
        };
        let result = guard("import", self.declared.name, self.resource.import(&mut operation, target)).await;
        let before = Before { verb: "import", state: Value::Null, identity: None, planned: None, unplanned: None };
        let mut outcome = self.declared.settle(operation, result, before);
        if let Some(asked) = asked.filter(|_| !outcome.state.is_null()) {
            // An import may save only a part of what it was asked for; the read that follows finds the rest.
            outcome.identity = Some(outcome.identity.map_or(asked.clone(), |identity| completed(&identity, &asked)));
        }
        outcome
    }

    async fn move_state(&self, source: MoveSource) -> Outcome {
        let name = self.declared.name;
        let (provider, other) = (source.provider_address.clone(), source.type_name.clone());
        let moved = match guard("move a state to", name, self.resource.move_state(source)).await {
            Ok(Some(moved)) => moved,
            Ok(None) => {
                let detail = format!("A {name} cannot take over a {other} of the provider {provider}.");
                return Outcome::nothing(Diagnostic::error("Move not supported", detail).into());
            }
            Err(diagnostics) => return Outcome::nothing(diagnostics),
        };
        let before = Before { verb: "move", state: Value::Null, identity: None, planned: None, unplanned: None };
        let Moved { state, private, identity, warnings: mut diagnostics } = moved;
        let state = self.declared.settled(state, &before, "after its move", &mut diagnostics);
        let identified = Identified { saved: identity, before: None };
        let identity = self.declared.identity_after(&state, identified, "after its move", &mut diagnostics);
        Outcome { state, private, identity, diagnostics, deferred: None }
    }

    fn generate(&self, state: Value) -> Result<Value, Diagnostics> {
        let config = generate::configuration(&self.declared.schema, state);
        let refined = self.resource.generate_config(model(self.declared.name, config.clone())?)?;
        let mut diagnostics = Diagnostics::new();
        let what = "in its generated configuration";
        let config = self.declared.changed::<R::Model>(&config, refined.into_value(), what, &mut diagnostics);
        if diagnostics.is_empty() { Ok(config) } else { Err(diagnostics) }
    }
}
