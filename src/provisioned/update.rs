//! Changes in place: accepted, and then read again until they are visible.

use tensorpool::{Condition, Error, Progress, Tolerance};
use terraform_plugin::Diagnostics;

use super::marks::{IMPORTED, is_unfinished};
use super::resume::finish;
use super::{Object, Operation, Provisioned, Target, names, scope, task, with_computed};
use crate::errors::Verb;
use crate::evidence::{Replaced, Spelling};

/// Changes an object in place. A create that has not ended is waited for first.
///
/// # Errors
/// When the change is refused or does not become visible.
pub async fn update<P: Provisioned>(operation: &mut Operation<P>, prior: P, mut planned: P) -> Result<(), Diagnostics> {
    Replaced::take(operation.private_mut());
    let mut target = Target::<P::Object>::open(operation, Verb::Update, &prior)?;
    // A limit that is new in the configuration holds for this very change.
    let scope = scope(operation, Verb::Update, &planned).about(task(&target.subject));
    target.api = target.api.with_scope(scope);
    if is_unfinished(operation.private()) {
        let create = target.reopen(operation, Verb::Create, &planned);
        let resumed = finish(operation, &create, prior.clone()).await?;
        if is_unfinished(operation.private()) {
            // Interrupted again. The next apply goes on.
            return Ok(());
        }
        planned = planned.finished().with_computed_of(resumed);
    }
    if planned.name().is_unknown() {
        *planned.common_mut().name = names::generate(&planned).into();
    }
    let mut spelling = Spelling::load(operation.private());
    if let Some(edit) = prior.edit(&planned) {
        change::<P>(&target, &prior, &spelling, &edit).await?;
    }
    let read = target.read().await;
    operation.private_mut().remove(IMPORTED);
    let state = match read {
        Ok(object) => {
            planned.record_spelling(&object, &mut spelling);
            spelling.store(operation.private_mut());
            let state = with_computed(planned, &object);
            target.confirm_found(&state, operation.private_mut()).await;
            state
        }
        // What the change made known is in the plan; the next read brings the rest.
        Err(_) => planned.with_computed_of(prior).without_unknowns(),
    };
    operation.save(state);
    Ok(())
}

/// Sends a change and waits until it is visible.
async fn change<P: Provisioned>(
    target: &Target<P::Object>,
    prior: &P,
    spelling: &Spelling,
    edit: &P::Edit,
) -> Result<(), Diagnostics> {
    let descriptor = P::Object::DESCRIPTOR;
    let failed = |error: Error| target.subject.refused(&error, descriptor.api_names);
    let accepted = P::send_edit(&target.api, &target.id, edit).await.map_err(failed)?;
    if let Some(request) = accepted.request_id {
        let objects = target.api.objects::<P::Object>();
        let waited = objects.wait_for_request(&request, &target.id, Tolerance::NONE).await;
        match waited {
            // The API forgets requests; then the object itself shows the change.
            Err(error) if !error.is_not_found() => return Err(failed(error)),
            Ok(_) | Err(_) => {}
        }
    }
    let visible = ChangeVisible::<P> { target, edit, before: prior.shown_before(spelling) };
    target.api.wait(&visible).await.map_err(failed)
}

/// That reads show a change.
struct ChangeVisible<'a, P: Provisioned> {
    target: &'a Target<P::Object>,
    edit: &'a P::Edit,
    /// What was shown before.
    before: P::Edit,
}

impl<P: Provisioned> Condition for ChangeVisible<'_, P> {
    type Output = ();
    type Pending = &'static str;

    fn name(&self) -> String {
        format!("waiting for the change of the {}", P::Object::DESCRIPTOR.noun)
    }

    async fn check(&self) -> Result<Progress<(), &'static str>, Error> {
        let has_arrived = P::has_arrived(self.edit, &P::shown(&self.target.read().await?), &self.before);
        Ok(if has_arrived { Progress::Done(()) } else { Progress::Pending("the change is not visible yet") })
    }
}
