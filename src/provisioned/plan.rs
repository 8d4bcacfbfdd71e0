//! What a plan has to know of creates that did not end in their own run.

use tensorpool::Api;
use terraform_plugin::{Attr, AttributePath, Diagnostics, ResourcePlan};
use tokio_util::sync::CancellationToken;

use super::journaled::Known;
use super::marks::{FAILED, is_unfinished};
use super::names::plan_name;
use super::protection::{refuse_if_tainted_is_protected, replaced_id};
use super::{Object, Provisioned, id_of, is_protected, messages, refuse_if_protected, subject};
use crate::errors::Verb;
use crate::evidence::memory::Deed;
use crate::evidence::{AccountMark, Replaced};
use crate::journal;
use crate::session::{Session, validate_credentials};
use crate::timeouts;

/// Refines the plan of a provisioned object, or refuses it.
///
/// # Errors
/// When it would destroy or replace a protected object.
pub async fn plan<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) -> Result<(), Diagnostics> {
    note_plan(plan);
    apply_defaults(plan);
    validate_credentials(plan).await?;
    plan_name(plan).await;
    report_unsaved_creates(plan).await;
    plan_unfinished(plan);
    refuse_if_protected(plan)?;
    refuse_if_tainted_is_protected(plan).await?;
    keep_replaced(plan);
    keep_account_of_tainted(plan);
    Ok(())
}

/// Notes that an object is not tainted: Terraform asks for the plan of a tainted one as for that of a new one.
fn note_plan<P: Provisioned>(plan: &ResourcePlan<Session, P>) {
    if let (Some(session), Some(prior)) = (plan.session(), &plan.prior) {
        session.memory().note_plan(P::Object::DESCRIPTOR.type_name, &id_of(prior));
    }
}

/// Leaves the mark of what is replaced to the create, where Terraform stores it between its two plans.
fn keep_replaced<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    if plan.prior.is_none()
        && let Some(replaced) = plan.planned_private().and_then(Replaced::load)
    {
        replaced.mark(&mut plan.private);
    }
}

/// Leaves the mark of the account to the destroy of a tainted object, which gets nothing of the private data of its state. Only
/// an object that this plan has read is known to be of this account.
fn keep_account_of_tainted<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    let is_create = plan.prior.is_none() && plan.planned.is_some();
    let Some(session) = plan.session().filter(|_| is_create && AccountMark::load(&plan.private).is_none()) else {
        return;
    };
    let type_name = P::Object::DESCRIPTOR.type_name;
    let is_read = |id: &&str| session.memory().of(type_name, id).is_some_and(|found| found.deed == Deed::Read);
    let id = match replaced_id(plan) {
        Some(id) => Some(id).filter(is_read).map(str::to_owned),
        None => plan
            .planned
            .as_ref()
            .and_then(|planned| planned.name().known())
            .and_then(|name| session.memory().read_of_name(type_name, name)),
    };
    if let (Some(id), Ok(api)) = (id, session.api(timeouts::LOOK_UP, plan.stop())) {
        AccountMark::of(&api).leave_for_tainted(&id, &mut plan.private);
    }
}

/// Warnings about the objects of a kind that runs which died may have left without a state.
pub async fn orphan_warnings<O: Object>(session: &Session, api: &Api, stop: &CancellationToken) -> Diagnostics {
    journal::interrupted(session.journal(), &Known::<O>::reporting(api), stop).await
}

/// Plans the provider's default of the deletion protection as if it were written in the configuration of the object.
fn apply_defaults<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    let (Some(session), Some(config), Some(planned)) = (plan.session(), &plan.config, &mut plan.planned) else {
        return;
    };
    let default = &session.defaults().deletion_protection;
    if config.deletion_protection().is_null() && !default.is_null() {
        *planned.common_mut().deletion_protection = default.clone();
    }
}

/// Warns of an object that an earlier run created under the very name that is planned now.
async fn report_unsaved_creates<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    let (Some(session), None) = (plan.session(), &plan.prior) else { return };
    let name = plan.planned.as_ref().and_then(|planned| planned.name().known().cloned());
    if let (Some(name), Ok(api)) = (name, session.api(timeouts::LOOK_UP, plan.stop())) {
        let known = Known::<P::Object>::reporting(&api);
        let warnings = journal::unsaved_creates(session.journal(), &known, &name).await;
        plan.warnings.extend(warnings);
    }
}

/// Plans that apply waits for a create that has not ended, or replaces what a resumed create failed to create.
fn plan_unfinished<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    let (Some(prior), Some(planned)) = (&plan.prior, &mut plan.planned) else { return };
    if plan.private.get(FAILED).is_some() {
        if is_protected(prior) && !is_protected(planned) {
            // First the lock is lifted, in place; the next plan replaces the object.
            return;
        }
        // An unknown id is a change, and one that only a new object can bring.
        *planned.common_mut().id = Attr::Unknown;
        planned.mark_computed_unknown();
        plan.requires_replace.push(AttributePath::of("id"));
    } else if is_unfinished(&plan.private) {
        // An update in place, in which apply waits for the end of the create.
        planned.mark_computed_unknown();
        plan.warnings.push(messages::only_waits(&P::Object::DESCRIPTOR, &subject(Verb::Create, prior)));
    }
}
