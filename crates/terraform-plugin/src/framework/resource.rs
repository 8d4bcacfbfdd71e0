//! Serves a resource: plans it, runs its operations, and keeps the state whatever happens in them.

use std::any::TypeId;

use async_trait::async_trait;

use super::bug_report::{self, mistake_at};
use super::contract::{self, unknown, without_unknown};
use super::planning::{self, forget_write_only, keep_spellings};
use super::{
    AnyResource, ApplyInput, Declared, Outcome, PlanInput, PlanOutput, Stored, computed_blocks, generate, generated,
    guard, model, optional_model,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::memory::Memory;
use crate::model::Model;
use crate::operation::{Call, Operation, Private, Saved};
use crate::resource::{ImportTarget, MoveSource, Resource, ResourcePlan};
use crate::schema::mistake::{Check, Kind, Mistake};
use crate::schema::{Means, UpgradeError};
use crate::value::Value;

/// A resource and what it declares.
pub(crate) struct ResourceServer<R> {
    resource: R,
    declared: Declared,
}

/// What an operation began with, to settle how it ended.
struct Before<'a> {
    /// As in `read`.
    verb: &'static str,
    state: Value,
    identity: Option<Value>,
    /// What apply must make; none outside of apply.
    planned: Option<&'a Value>,
    /// What would have been planned for a create, if its client sent the configuration in place of a plan.
    unplanned: Option<Value>,
}

impl<R: Resource> ResourceServer<R> {
    pub(crate) fn new(resource: R) -> Self {
        let declared = Declared::new(resource.type_name(), resource.schema());
        Self { resource, declared }
    }

    /// The state after an operation: what it saved last, or what was there before. Mistakes of the author are reported, but
    /// they never cost the state: it is made to fit.
    fn settle(
        &self,
        mut operation: Operation<R::Session, R::Model>,
        result: Result<(), Diagnostics>,
        before: Before<'_>,
    ) -> Outcome {
        let deferred = self.declared.deferral(&mut operation);
        let Operation { saved, private, mut diagnostics, .. } = operation;
        let succeeded = result.is_ok();
        diagnostics.absorb(result);
        let what = format!("after its {}", before.verb);
        let state = match saved {
            Saved::Object(state) => self.settled(state, &before, &what, &mut diagnostics),
            Saved::Removed => Value::Null,
            Saved::Nothing => {
                if succeeded && deferred.is_none() {
                    let sentence = format!("its {} ended without an error and without a state.", before.verb);
                    diagnostics.push(self.declared.mistake(&sentence));
                }
                before.state
            }
        };
        let identity = self.identity(&state, before.identity, &what, &mut diagnostics);
        Outcome { state, private, identity, diagnostics, deferred }
    }

    /// A saved state in the form that Terraform wants.
    fn settled(&self, state: R::Model, before: &Before<'_>, what: &str, diagnostics: &mut Diagnostics) -> Value {
        let name = self.declared.name;
        let Some(state) = self.declared.value_of(state, diagnostics) else { return before.state.clone() };
        let sent = before.planned.unwrap_or(&before.state);
        let mut state = self.declared.changed::<R::Model>(sent, state, what, diagnostics);
        keep_spellings(&self.declared.schema, &before.state, &mut state, diagnostics);
        forget_write_only(&self.declared.schema, &mut state);
        diagnostics.extend(unknown(&state).iter().map(|path| mistake_at(name, path, what, "is still unknown")));
        let mut state = without_unknown(state);
        computed_blocks::empty_for_null(&self.declared.schema, &mut state);
        // An operation that failed may have come half way; one that succeeded must have done what was planned.
        if let Some(planned) = before.planned
            && !diagnostics.has_errors()
        {
            let mut broken = contract::apply(planned, &state);
            if let Some(unplanned) = &before.unplanned {
                // What a plan would have left open is no broken promise.
                let mistakes = contract::apply(unplanned, &state);
                let (mistakes, computed): (Vec<_>, Vec<_>) = broken.into_iter().partition(|one| mistakes.contains(one));
                diagnostics.extend((!computed.is_empty()).then(|| bug_report::unplanned(name, &computed)));
                broken = mistakes;
            }
            diagnostics.extend(broken.iter().map(|path| mistake_at(name, path, what, "is not what was planned")));
        }
        state
    }

    /// The identity of a state. It must be the one from before, where there was one; only what was null there may be known
    /// by now, as an import need not name all of it.
    fn identity(
        &self,
        state: &Value,
        before: Option<Value>,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Value> {
        let now = self.declared.identity_of(state);
        if let (Some(now), Some(before)) = (&now, &before)
            && completed(before, now) != *now
        {
            diagnostics.push(self.declared.mistake(&format!("{what}, its identity is another one than before.")));
        }
        if state.is_null() { None } else { now.or(before) }
    }

    fn unreadable(&self, what: &str, error: UpgradeError) -> Diagnostics {
        if let UpgradeError::Told(diagnostics) = error {
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
        self.settle(operation, result, before)
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
        self.settle(operation, result, before)
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
        self.settle(operation, result, before)
    }

    /// Checks a plan that the author's code has refined.
    fn checked(&self, prior: &Value, config: &Value, proposed: &Value, mut plan: PlanOutput) -> PlanOutput {
        if plan.planned.is_null() {
            return plan;
        }
        let name = self.declared.name;
        let what = "in its plan";
        plan.planned = self.declared.changed::<R::Model>(proposed, plan.planned, what, &mut plan.diagnostics);
        computed_blocks::empty_for_null(&self.declared.schema, &mut plan.planned);
        forget_write_only(&self.declared.schema, &mut plan.planned);
        let breaches = contract::plan(&self.declared.schema, prior, config, &plan.planned);
        let reported = breaches.iter().map(|breach| mistake_at(name, &breach.path, "in its plan", breach.sentence));
        plan.diagnostics.extend(reported);
        if plan.requires_replace.is_empty() {
            let before = plan.identity.take();
            plan.identity = self.identity(&plan.planned, before, "in its plan", &mut plan.diagnostics);
        }
        plan
    }
}

/// What an upgrade may need.
fn means<C: Send + Sync + 'static>(call: Call<C>) -> Means {
    Means { session: call.session.map(|session| session as _), stop: call.stop }
}

/// An identity with what another one knows of its nulls.
fn completed(identity: &Value, other: &Value) -> Value {
    let (Value::Map(parts), Value::Map(others)) = (identity, other) else { return identity.clone() };
    let part = |(name, value): (&String, &Value)| {
        let known = if value.is_null() { others.get(name).unwrap_or(value) } else { value };
        (name.clone(), known.clone())
    };
    Value::Map(parts.iter().map(part).collect())
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
        let name = self.declared.name;
        let mut operation = match Operation::new(call, stored.private.clone(), None) {
            Ok(operation) => operation,
            Err(diagnostics) => return Outcome::untouched(stored, diagnostics),
        };
        let Stored { state, identity, .. } = stored;
        let before = Before { verb: "read", state: state.clone(), identity, planned: None, unplanned: None };
        let own = async { self.resource.read(&mut operation, model(name, state)?).await };
        let result = guard("read", name, own).await;
        self.settle(operation, result, before)
    }

    async fn plan(&self, call: Call<R::Session>, input: PlanInput) -> PlanOutput {
        let PlanInput { prior: Stored { state: prior, private, identity }, proposed, config, mut earlier_private } =
            input;
        let mut memory = Memory::new(call.stores_planned_private, earlier_private.as_mut());
        // The create half of a replacement comes with the identity of what it replaces.
        let (identity, replaced_identity) = if prior.is_null() { (None, identity) } else { (identity, None) };
        let mut found = Diagnostics::new();
        let (planned, requires_replace) = if proposed.is_null() {
            (Value::Null, Vec::new())
        } else {
            let plan = if call.computed_blocks_allowed { computed_blocks::plan } else { planning::plan };
            let computed = plan(&self.declared.schema, &prior, proposed, &config, &private);
            found = computed.diagnostics;
            (computed.planned, computed.requires_replace)
        };
        let refused = |diagnostics| PlanOutput {
            planned: planned.clone(),
            requires_replace: Vec::new(),
            private: private.clone(),
            identity: identity.clone(),
            diagnostics,
            deferred: None,
        };
        let name = self.declared.name;
        let own = async {
            if found.has_errors() {
                return Err(found);
            }
            self.declared.recheck::<R::Model>(&config, &prior)?;
            if !call.computed_blocks_allowed {
                let left_out = computed_blocks::left_out(&self.declared.schema, &config);
                if !left_out.is_empty() {
                    return Err(left_out);
                }
            }
            let mut planned = planned.clone();
            generated::plan(&self.declared.schema, &prior, &config, &mut planned, &mut memory);
            let mut plan = ResourcePlan {
                prior: optional_model(name, prior.clone())?,
                config: optional_model(name, config.clone())?,
                planned: optional_model(name, planned.clone())?,
                requires_replace,
                private: private.clone(),
                warnings: found,
                call,
                deferred: None,
                replaced_identity,
                earlier_private,
                memory,
            };
            self.resource.plan(&mut plan).await?;
            let refined = plan.planned.take().map_or(Value::Null, Model::into_value);
            Ok((plan, refined, planned))
        };
        let (refined, refined_plan, sent) = match guard("plan", name, own).await {
            Ok(refined) => refined,
            Err(diagnostics) => return refused(diagnostics),
        };
        if refined.deferred.is_some() && !refined.may_defer() {
            return refused(self.declared.mistake("it put a plan off, which this Terraform does not allow.").into());
        }
        let mut private = refined.private;
        refined.memory.put(&mut private);
        let output = PlanOutput {
            planned: refined_plan,
            requires_replace: refined.requires_replace,
            private,
            identity,
            diagnostics: refined.warnings,
            deferred: refined.deferred,
        };
        self.checked(&prior, &config, &sent, output)
    }

    async fn apply(&self, call: Call<R::Session>, input: ApplyInput) -> Outcome {
        let ApplyInput { prior, planned, config } = input;
        let unknown = unknown(&config);
        if !unknown.is_empty() {
            return Outcome::untouched(prior, bug_report::unknown_config(self.declared.name, &unknown).into());
        }
        if prior.state.is_null() && planned.is_null() {
            return Outcome::untouched(prior, bug_report::nothing_to_apply(self.declared.name).into());
        }
        let began = optional_model(self.declared.name, config.clone())
            .and_then(|config| Operation::new(call, prior.private.clone(), config));
        let operation = match began {
            Ok(operation) => operation,
            Err(diagnostics) => return Outcome::untouched(prior, diagnostics),
        };
        match (prior.state.is_null(), planned.is_null()) {
            (true, _) => self.create(operation, &planned, &config).await,
            (false, false) => self.update(operation, prior, &planned, &config).await,
            (false, true) => self.delete(operation, prior.state, prior.identity).await,
        }
    }

    async fn import(&self, call: Call<R::Session>, target: ImportTarget) -> Outcome {
        let mut operation = match Operation::new(call, Private::default(), None) {
            Ok(operation) => operation,
            Err(diagnostics) => return Outcome::nothing(diagnostics),
        };
        let asked = match &target {
            ImportTarget::Identity(identity) => Some(identity.clone()),
            ImportTarget::Id(_) => None,
        };
        let result = guard("import", self.declared.name, self.resource.import(&mut operation, target)).await;
        let before = Before { verb: "import", state: Value::Null, identity: None, planned: None, unplanned: None };
        let mut outcome = self.settle(operation, result, before);
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
        let mut diagnostics = Diagnostics::new();
        let state = self.settled(moved, &before, "after its move", &mut diagnostics);
        let identity = self.declared.identity_of(&state);
        Outcome { state, private: Private::default(), identity, diagnostics, deferred: None }
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
