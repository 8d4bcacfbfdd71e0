//! What a plan has to know of creates that did not end in their own run.

use tensorpool::Scope;
use terraform_plugin::{Attr, AttributePath, ResourcePlan};

use super::finish::{FAILED, is_unfinished};
use super::look::Known;
use super::{Paid, Remote, id_of, is_protected};
use crate::journal;
use crate::limits;
use crate::provider::Session;

/// Warns, once in a process, of objects that runs left behind.
pub async fn tell_what_is_left_behind<P: Paid>(plan: &mut ResourcePlan<Session, P>) {
    let Some(session) = plan.client() else { return };
    let (Ok(api), limit) = (session.api(), Scope::detached(limits::LOOK_UP)) else { return };
    if let Some(prior) = &plan.prior {
        session.journal().seen(P::Remote::KIND.type_name, &id_of(prior));
    }
    let planned = plan.planned.clone().filter(|_| plan.prior.is_none());
    let creating = planned.and_then(|mut planned| planned.common().name.known().cloned());
    let known = Known::<P::Remote>::new(api, &limit);
    for warning in journal::review(session.journal(), &known, creating.as_deref()).await {
        plan.warnings.push(warning);
    }
}

/// Plans that apply waits for a create that has not ended, or replaces what a resumed create failed to make.
pub fn plan_unfinished<P: Paid>(plan: &mut ResourcePlan<Session, P>) {
    let (Some(prior), Some(planned)) = (&plan.prior, &mut plan.planned) else { return };
    if plan.private.get(FAILED).is_some() {
        if is_protected(prior) && !is_protected(planned) {
            // First the lock is lifted, in place; the next plan replaces the object.
            return;
        }
        // An open id is a change, and one that only a new object can bring.
        *planned.common().id = Attr::Unknown;
        planned.leave_open();
        plan.requires_replace.push(AttributePath::of("id"));
    } else if is_unfinished(&plan.private) {
        // An update in place, in which apply waits for the end of the create.
        planned.leave_open();
    }
}
