//! Plans a resource: what the schema says, refined by the author's code, and checked.

use super::bug_report::mistake_at;
use super::declared::Declared;
use super::guard::guard;
use super::identified::Identified;
use super::outcome::{PlanInput, PlanOutput, Stored};
use super::planning::{self, Plan, forget_write_only};
use super::typed::optional_model;
use super::{computed_blocks, contract, generated};
use crate::diagnostic::Diagnostics;
use crate::memory::Memory;
use crate::model::Model;
use crate::operation::{Call, DeferReason, Private};
use crate::resource::{Resource, ResourcePlan};
use crate::schema::Schema;
use crate::value::Value;

/// Plans a change of an object of this resource.
pub(super) async fn plan<R: Resource>(
    resource: &R,
    declared: &Declared,
    call: Call<R::Session>,
    input: PlanInput,
) -> PlanOutput {
    let Declared { name, schema, .. } = declared;
    if let Some(reason) = call.deferral() {
        return deferred(schema, input, reason);
    }
    let PlanInput { prior: Stored { state: prior, private, identity }, proposed, config, mut earlier_private } = input;
    for value in [&prior, &proposed, &config] {
        declared.mask_secrets(value);
    }
    let mut memory = Memory::new(call.stores_planned_private, earlier_private.as_mut());
    // The create half of a replacement comes with the identity of what it replaces.
    let (identity, replaced_identity) = if prior.is_null() { (None, identity) } else { (identity, None) };
    let Plan { mut planned, requires_replace, diagnostics } =
        computed(schema, call.computed_blocks_allowed, &prior, proposed, &config, &private);
    let own = async {
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        declared.recheck::<R::Model>(&config, &prior)?;
        if !call.computed_blocks_allowed {
            ensure_written(schema, &config)?;
        }
        generated::plan(schema, &prior, &config, &mut planned, &mut memory);
        let mut plan = ResourcePlan {
            prior: optional_model(name, prior.clone())?,
            config: optional_model(name, config.clone())?,
            planned: optional_model(name, planned.clone())?,
            requires_replace,
            private,
            warnings: diagnostics,
            call,
            deferred: None,
            replaced_identity,
            earlier_private,
            memory,
        };
        resource.plan(&mut plan).await?;
        let refined = plan.planned.take().map_or(Value::Null, Model::into_value);
        Ok((plan, refined, planned))
    };
    let (plan, refined, sent) = match guard("plan", name, own).await {
        Ok(planned) => planned,
        Err(diagnostics) => return PlanOutput::refused(diagnostics),
    };
    if plan.deferred.is_some() && !plan.may_defer() {
        let sentence = "it put a plan off, which this Terraform does not allow.";
        return PlanOutput::refused(declared.mistake(sentence).into());
    }
    let ResourcePlan { requires_replace, mut private, warnings, deferred, memory, .. } = plan;
    memory.put(&mut private);
    let output = PlanOutput { planned: refined, requires_replace, private, identity, diagnostics: warnings, deferred };
    checked::<R::Model>(declared, &prior, &config, &sent, output)
}

/// A plan that waits for the configuration of the provider: what Terraform proposes, seen by nobody. Terraform plans once more
/// when it knows the configuration.
fn deferred(schema: &Schema, input: PlanInput, reason: DeferReason) -> PlanOutput {
    let PlanInput { prior: Stored { state: prior, private, identity }, proposed: mut planned, .. } = input;
    forget_write_only(schema, &mut planned);
    computed_blocks::empty_for_null(schema, &mut planned);
    // In a create the identity is that of what is replaced.
    let identity = identity.filter(|_| !prior.is_null());
    PlanOutput { planned, private, identity, deferred: Some(reason), ..PlanOutput::refused(Diagnostics::new()) }
}

/// What the schema makes of a change. A destroy needs no plan.
fn computed(
    schema: &Schema,
    computed_blocks_allowed: bool,
    prior: &Value,
    proposed: Value,
    config: &Value,
    private: &Private,
) -> Plan {
    if proposed.is_null() {
        return Plan { planned: Value::Null, requires_replace: Vec::new(), diagnostics: Diagnostics::new() };
    }
    let plan = if computed_blocks_allowed { computed_blocks::plan } else { planning::plan };
    plan(schema, prior, proposed, config, private)
}

/// # Errors
/// With the computed blocks that a configuration leaves out.
fn ensure_written(schema: &Schema, config: &Value) -> Result<(), Diagnostics> {
    let left_out = computed_blocks::left_out(schema, config);
    if left_out.is_empty() { Ok(()) } else { Err(left_out) }
}

/// Checks a plan that the author's code has refined.
fn checked<M: Model>(
    declared: &Declared,
    prior: &Value,
    config: &Value,
    sent: &Value,
    mut plan: PlanOutput,
) -> PlanOutput {
    if plan.planned.is_null() {
        return plan;
    }
    let what = "in its plan";
    plan.planned = declared.changed::<M>(sent, plan.planned, what, &mut plan.diagnostics);
    computed_blocks::empty_for_null(&declared.schema, &mut plan.planned);
    forget_write_only(&declared.schema, &mut plan.planned);
    let breaches = contract::plan(&declared.schema, prior, config, &plan.planned);
    let reported = breaches.iter().map(|breach| mistake_at(declared.name, &breach.path, what, breach.sentence));
    plan.diagnostics.extend(reported);
    if plan.requires_replace.is_empty() {
        let identified = Identified { saved: None, before: plan.identity.take() };
        plan.identity = declared.identity_after(&plan.planned, identified, what, &mut plan.diagnostics);
    }
    plan
}
