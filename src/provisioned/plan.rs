//! What a plan has to know of creates that did not end in their own run.

use std::marker::PhantomData;

use async_trait::async_trait;
use tensorpool::{Client, Cluster, Error, Scope, Volume};
use terraform_plugin::{Attr, AttributePath, Diagnostics, Private, ResourcePlan};
use tokio_util::sync::CancellationToken;

use super::resume::{FAILED, is_unfinished};
use super::{Object, Provisioned, is_protected, messages, presence, refuse_if_protected, subject};
use crate::errors::Verb;
use crate::evidence::{AccountMark, Presence};
use crate::journal::{self, Lookup};
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
        let (clusters, volumes) = (Known::<Cluster>::new(api, &scope), Known::<Volume>::new(api, &scope));
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
        let known = Known::<P::Object>::new(api, &scope);
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

/// How the journal looks a kind of object up.
pub(super) struct Known<'a, O> {
    api: &'a Client,
    scope: &'a Scope,
    object: PhantomData<fn() -> O>,
}

impl<'a, O: Object> Known<'a, O> {
    pub fn new(api: &'a Client, scope: &'a Scope) -> Self {
        Self { api, scope, object: PhantomData }
    }
}

#[async_trait]
impl<O: Object> Lookup for Known<'_, O> {
    const TYPE_NAME: &'static str = O::DESCRIPTOR.type_name;
    const NOUN: &'static str = O::DESCRIPTOR.noun;

    async fn presence(&self, id: &str) -> Result<journal::Presence, Error> {
        // The journal asks only for what this account wrote, so the mark is that of now.
        let mut private = Private::default();
        AccountMark::of(self.api).store(&mut private);
        Ok(match presence::<O>(self.api, id, &private, self.scope).await? {
            Presence::Found(_) => journal::Presence::Found,
            Presence::Absent => journal::Presence::Absent,
            Presence::Unproved(_) => journal::Presence::Unproved,
        })
    }

    async fn ids_of_name(&self, name: &str) -> Result<Vec<String>, Error> {
        let found = O::find(self.api, name, self.scope).await?;
        Ok(found.iter().map(|object| object.id().to_owned()).collect())
    }
}
