//! What a plan has to know of creates that did not end in their own run.

use tensorpool::{Cluster, Scope, Volume};
use terraform_plugin::{Attr, AttributePath, Diagnostics, ResourcePlan};

use super::finish::{FAILED, is_unfinished};
use super::look::Known;
use super::{Paid, Remote, id_of, is_protected};
use crate::journal::{self, Wanted};
use crate::limits;
use crate::provider::Session;

/// What the journal has to tell when the provider is configured: objects of runs that were killed.
pub async fn what_is_left_behind(session: &Session) -> Diagnostics {
    let mut warnings = journal::damaged(session.journal());
    if let Ok(api) = session.api() {
        let limit = Scope::detached(limits::LOOK_UP);
        warnings.extend(journal::review(session.journal(), &Known::<Cluster>::new(api, &limit)).await);
        warnings.extend(journal::review(session.journal(), &Known::<Volume>::new(api, &limit)).await);
    }
    warnings
}

/// Tells the journal what is in the state, and the user of an object that an earlier run created under the very name that
/// is planned now.
pub async fn compare_with_journal<P: Paid>(plan: &mut ResourcePlan<Session, P>) {
    let Some(session) = plan.client() else { return };
    let type_name = P::Remote::KIND.type_name;
    if let Some(prior) = &plan.prior {
        return session.journal().seen(type_name, &id_of(prior));
    }
    let name = plan.planned.clone().and_then(|mut planned| planned.common().name.known().cloned());
    if let (Some(name), Ok(api)) = (name, session.api()) {
        let limit = Scope::detached(limits::LOOK_UP);
        let wanted = Wanted { type_name, name: &name, generated: false, configuration: "" };
        let warnings = journal::unsaved(session.journal(), &Known::<P::Remote>::new(api, &limit), &wanted).await;
        plan.warnings.extend(warnings);
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
