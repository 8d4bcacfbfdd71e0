//! Changes in place: accepted, and then read again until they are visible.

use tensorpool::{Client, Error, Progress, Scope};
use terraform_plugin::Diagnostics;

use super::finish::{finish, is_unfinished};
use super::{IMPORTED, Operation, Paid, Remote, id_of, scope, subject, with_computed};
use crate::errors::Action;

/// Changes an object in place. A create that has not ended is waited for first.
///
/// # Errors
/// When the change is refused or does not show.
pub async fn update<P: Paid>(operation: &mut Operation<P>, prior: P, planned: P) -> Result<(), Diagnostics> {
    let session = operation.client();
    let (api, id) = (session.api()?, id_of(&prior));
    session.journal().seen(P::Remote::KIND.type_name, &id);
    if is_unfinished(operation.private()) {
        let scope = scope(operation, Action::Create, &planned);
        finish(operation, api, prior.clone(), &scope).await?;
        if is_unfinished(operation.private()) {
            // Interrupted again. What was planned comes back as it was planned, and the next apply goes on.
            return Ok(());
        }
    }
    let scope = scope(operation, Action::Update, &planned);
    let mut known = prior.clone();
    if let Some(edit) = prior.edit(&planned) {
        let remote = change(api, &prior, &edit, &scope).await?;
        known = known.refreshed(&remote);
    }
    let looked = P::Remote::get(api, &id, &scope).await;
    // What only the configuration knows is taken from it.
    let state = planned.with_computed_of(known);
    operation.private_mut().remove(IMPORTED);
    operation.save(match looked {
        Ok(remote) => with_computed(state, &remote),
        Err(_) => state.settled(),
    });
    Ok(())
}

/// Sends a change and waits until it is visible.
async fn change<P: Paid>(api: &Client, prior: &P, edit: &P::Edit, scope: &Scope) -> Result<P::Remote, Diagnostics> {
    let (id, subject, kind) = (id_of(prior), subject(Action::Update, prior), P::Remote::KIND);
    let failed = |error: Error| subject.refused(&error, kind.api_names);
    let accepted = P::send_edit(api, &id, edit, scope).await.map_err(failed)?;
    if let Some(request) = accepted.request_id {
        api.requests().wait(&request, scope).await.map_err(failed)?;
    }
    let look = || async {
        let remote = P::Remote::get(api, &id, scope).await?;
        Ok(if P::shows(&remote, edit) {
            Progress::Done(remote)
        } else {
            Progress::Pending("the change is not visible yet".to_owned())
        })
    };
    api.wait_until(&format!("waiting for the change of the {}", kind.noun), scope, look).await.map_err(failed)
}
