//! What a plan has to know of creates that did not end in their own run.

use tensorpool::{Cluster, Scope, Volume};
use terraform_plugin::{Attr, AttributePath, Diagnostics, ResourcePlan};
use tokio_util::sync::CancellationToken;

use super::lookup::Known;
use super::resume::{FAILED, is_unfinished};
use super::{Object, Provisioned, is_protected, messages, refuse_if_protected, subject};
use crate::errors::Verb;
use crate::journal;
use crate::session::Session;
use crate::timeouts;

/// Refines the plan of a provisioned object, or refuses it.
///
/// # Errors
/// When it would destroy or replace a protected object.
pub async fn plan<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) -> Result<(), Diagnostics> {
    report_unsaved_creates(plan).await;
    plan_unfinished(plan);
    refuse_if_protected(plan)
}

/// Warnings about objects of runs that died, given when the provider is configured.
pub async fn orphan_warnings(session: &Session, stop: &CancellationToken) -> Diagnostics {
    let mut warnings = journal::corrupt(session.journal()).await;
    if let Ok(api) = session.api() {
        let scope = Scope::new(timeouts::LOOK_UP, stop.clone());
        let (clusters, volumes) = (Known::<Cluster>::reporting(api, &scope), Known::<Volume>::reporting(api, &scope));
        warnings.extend(journal::interrupted(session.journal(), &clusters, stop).await);
        warnings.extend(journal::interrupted(session.journal(), &volumes, stop).await);
    }
    warnings
}

/// Warns of an object that an earlier run created under the very name that is planned now.
async fn report_unsaved_creates<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    let (Some(session), None) = (plan.client(), &plan.prior) else { return };
    let name = plan.planned.as_ref().and_then(|planned| planned.name().known().cloned());
    if let (Some(name), Ok(api)) = (name, session.api()) {
        let scope = Scope::new(timeouts::LOOK_UP, plan.stop().clone());
        let known = Known::<P::Object>::reporting(api, &scope);
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
