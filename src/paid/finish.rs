//! The end of a create: waited for by the create itself, or by a later apply when the create was interrupted.

use tensorpool::{Client, Error, ErrorKind, Progress, Scope};
use terraform_plugin::{Diagnostics, Private, Severity};

use super::{Operation, Paid, Remote, id_of, messages, subject, task, with_computed};
use crate::errors::Action;
use crate::limits;

/// In private state: the request of a create that has not ended.
pub(super) const CLAIM: &str = "claim_request";
/// In private state: the create had no request id, and the object was not seen ready.
pub(super) const UNFINISHED: &str = "unfinished";
/// In private state: a create that was resumed has failed, so the object has to be replaced.
pub(super) const FAILED: &str = "failed";

/// Whether private state tells of a create that has not ended.
pub(super) fn is_unfinished(private: &Private) -> bool {
    private.get(CLAIM).is_some() || private.get(UNFINISHED).is_some()
}

/// Waits until an object that was created is ready, and saves what it turned out to be.
pub(super) async fn finish<P: Paid>(
    operation: &mut Operation<P>,
    api: &Client,
    state: P,
    scope: &Scope,
) -> Result<(), Diagnostics> {
    let scope = &scope.clone().about(task(&subject(Action::Create, &state)));
    let (id, request_id) = (id_of(&state), operation.private().text(CLAIM).map(str::to_owned));
    let waited = match &request_id {
        Some(request) => match api.requests().wait(request, scope).await {
            // The API forgets requests; then the object itself tells.
            Err(error) if error.is_not_found() => wait_until_ready::<P>(api, &id, scope).await,
            waited => waited.map(|_| ()),
        },
        None => wait_until_ready::<P>(api, &id, scope).await,
    };
    let look_scope = if waited.is_ok() { scope.clone() } else { Scope::detached(limits::LAST_LOOK) };
    let looked = P::Remote::get(api, &id, &look_scope).await;
    let state = match &looked {
        Ok(remote) => with_computed(state, remote),
        Err(_) => state,
    };
    operation.save(state.clone());
    let subject = subject(Action::Create, &state);
    match waited {
        Err(error) if error.kind() == ErrorKind::Stopped => {
            operation.warn(messages::still_provisioning(&P::Remote::KIND, &subject, request_id.as_deref()));
            return Ok(());
        }
        // It may still become ready, so the next apply waits again where the state is not tainted.
        Err(error) if error.kind() != ErrorKind::RequestFailed => return Err(subject.failed(&error).into()),
        Err(error) => {
            operation.private_mut().set(FAILED, true);
            operation.private_mut().remove(CLAIM);
            operation.private_mut().remove(UNFINISHED);
            return Err(messages::create_failed(&P::Remote::KIND, &subject, &error).into());
        }
        Ok(()) => {}
    }
    operation.private_mut().remove(CLAIM);
    operation.private_mut().remove(UNFINISHED);
    if let Err(error) = looked {
        let mut warning = subject.failed(&error);
        warning.severity = Severity::Warning;
        operation.warn(warning);
    }
    Ok(())
}

async fn wait_until_ready<P: Paid>(api: &Client, id: &str, scope: &Scope) -> Result<(), Error> {
    let look = || async {
        let remote = P::Remote::get(api, id, scope).await?;
        Ok(if remote.is_ready() { Progress::Done(()) } else { Progress::Pending(remote.describe()) })
    };
    api.wait_until(P::Remote::KIND.until_ready, scope, look).await
}
