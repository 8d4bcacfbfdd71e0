//! The destroy of an object that costs money.
//!
//! It has four phases: the guards, which refuse what may not be destroyed; join or send, which ends with an accepted destroy;
//! wait, for the end of its request; prove, that the object is absent.

use std::time::Duration;

use tensorpool::{Condition, Error, ErrorKind, Progress, Request, RequestStatus, Tolerance};
use terraform_plugin::{Diagnostics, Private};

use super::marks::RELEASE;
use super::protection::{locked_outside, protected_in_state};
use super::refusal::{Observed, Refusal};
use super::{Object, Operation, Provisioned, Target, is_protected, messages};
use crate::errors::Verb;
use crate::evidence::{Doubt, ListEvidence, Presence};

/// How often a 409 that nothing explains is tried again.
pub const UNEXPLAINED_TRIES: u32 = 3;
/// Between two destroys of one object.
const PAUSE: Duration = Duration::from_secs(1);

/// A destroy that the API has accepted, or need not.
enum Accepted {
    /// It is under way, with this request.
    Request(String),
    /// It is under way, and the answer names no request.
    Unnamed,
    /// The object is absent, which is proved.
    Absent,
}

/// Destroys an object and waits until it is absent.
///
/// # Errors
/// When it cannot be destroyed, or its absence cannot be proved. Then it stays in the state.
pub async fn delete<P: Provisioned>(operation: &mut Operation<P>, prior: P) -> Result<(), Diagnostics> {
    let target = Target::<P::Object>::open(operation, Verb::Delete, &prior)?;
    if is_protected(&prior) {
        return Err(protected_in_state(&prior).into());
    }
    let accepted = match running_delete(&target, operation.private()).await {
        Some(accepted) => accepted,
        None => send(&target, &prior, operation.private()).await?,
    };
    let completed = match accepted {
        Accepted::Absent => return forget(&target).await,
        Accepted::Unnamed => false,
        Accepted::Request(request) => {
            operation.private_mut().set(RELEASE, request.clone());
            match wait(&target, &request).await {
                Ok(completed) => completed,
                Err(error) => {
                    if error.kind() == ErrorKind::RequestFailed {
                        operation.private_mut().remove(RELEASE);
                    }
                    return Err(target.subject.failed(&error).into());
                }
            }
        }
    };
    prove_absent(&target, completed, operation.private()).await?;
    forget(&target).await
}

async fn forget<O: Object>(target: &Target<O>) -> Result<(), Diagnostics> {
    target.session.journal().confirm_absent(O::DESCRIPTOR.type_name, &target.id).await;
    target.session.memory().forget(O::DESCRIPTOR.type_name, &target.id);
    Ok(())
}

/// The destroy that an earlier run began, if it still runs or has destroyed the object.
async fn running_delete<O: Object>(target: &Target<O>, private: &Private) -> Option<Accepted> {
    let id = private.text(RELEASE)?;
    let request = target.api.requests().get(id, Some(&target.id)).await.ok().filter(is_destroy::<O>)?;
    match request.status {
        // A read that finds nothing is the rest of the proof; if it finds the object, it is destroyed again.
        RequestStatus::Completed => match target.read().await {
            Ok(object) if object.is_deleted() => Some(Accepted::Absent),
            Err(error) if error.is_not_found() => Some(Accepted::Absent),
            Ok(_) | Err(_) => None,
        },
        RequestStatus::Failed => None,
        _ => Some(Accepted::Request(id.to_owned())),
    }
}

/// Sends the destroy until the API accepts it.
async fn send<P: Provisioned>(
    target: &Target<P::Object>,
    prior: &P,
    private: &Private,
) -> Result<Accepted, Diagnostics> {
    let Target { api, subject, id, .. } = target;
    let descriptor = P::Object::DESCRIPTOR;
    let failed = |error: &Error| Diagnostics::from(subject.failed(error));
    let mut unexplained = 0;
    loop {
        let refused = match P::Object::destroy(api, id).await {
            Ok(accepted) => return Ok(accepted.request_id.map_or(Accepted::Unnamed, Accepted::Request)),
            Err(error) if error.is_not_found() || error.kind() == ErrorKind::Conflict => error,
            Err(error) => return Err(failed(&error)),
        };
        let presence = target.presence(private).await.map_err(|error| failed(&error))?;
        let (observed, object) = match presence {
            Presence::Unproved(doubt) => return Err(messages::unproved(&descriptor, subject, &doubt).into()),
            Presence::Absent => (Observed { absent: true, ..Observed::default() }, None),
            Presence::Found(object) => (observe(target, &object).await, Some(object)),
        };
        match (Observed { conflict: refused.kind() == ErrorKind::Conflict, ..observed }).refusal() {
            Refusal::Absent => return Ok(Accepted::Absent),
            Refusal::Protected => return Err(locked_outside(prior, &refused).into()),
            Refusal::Deleting(request) => return Ok(Accepted::Request(request)),
            Refusal::Attached(clusters) => {
                let story = format!("{} ", subject.story(&refused));
                return Err(messages::attached(&descriptor, subject, &clusters.join(", "), &story).into());
            }
            Refusal::NotReady => {
                if let Some(object) = object {
                    let before = object.describe();
                    tracing::info!("the {} cannot be destroyed yet: {before}", descriptor.noun);
                    let changed = api.wait(&Changed { target, before }).await;
                    changed.map_err(|error| messages::not_ready(&descriptor, subject, &error))?;
                }
            }
            Refusal::Contradictory if unexplained == UNEXPLAINED_TRIES => {
                return Err(messages::unproved(&descriptor, subject, &Doubt::Refused).into());
            }
            Refusal::Unexplained if unexplained == UNEXPLAINED_TRIES => return Err(failed(&refused)),
            Refusal::Contradictory | Refusal::Unexplained => unexplained += 1,
        }
        let paused = api.scope().sleep(PAUSE).await;
        paused.map_err(|why| failed(&Error::interrupted(why, "waiting to try the destroy again", api.scope())))?;
    }
}

/// What there is to know of an object whose destroy was refused. That the running requests cannot be read is no failure: the
/// object itself says the rest.
async fn observe<O: Object>(target: &Target<O>, object: &O) -> Observed {
    let operations = O::operations(&target.api, &target.id).await.unwrap_or_default();
    let is_running_delete = |request: &Request| {
        request.request_type.is_some()
            && is_destroy::<O>(request)
            && !request.status.is_terminal()
            && !request.request_id.is_empty()
    };
    Observed {
        absent: false,
        conflict: true,
        protected: object.protection() == Some(true),
        running_delete: operations.into_iter().find(is_running_delete).map(|request| request.request_id),
        attached_to: object.attached_to().to_vec(),
        ready: object.may_be_destroyed(),
    }
}

/// That an object is no longer as it was when the API refused to destroy it. It need not be ready then: nodes of a create that
/// failed never run, and still the API may destroy them.
struct Changed<'a, O> {
    target: &'a Target<O>,
    /// Its status in words at the time of the refusal.
    before: String,
}

impl<O: Object> Condition for Changed<'_, O> {
    type Output = ();
    type Pending = String;

    fn name(&self) -> String {
        O::DESCRIPTOR.until_ready.to_owned()
    }

    fn tolerance(&self) -> Tolerance {
        Tolerance::PAID
    }

    async fn check(&self) -> Result<Progress<(), String>, Error> {
        match self.target.read().await {
            Ok(object) if !object.is_deleted() && object.describe() == self.before => {
                Ok(Progress::Pending(object.describe()))
            }
            Ok(_) => Ok(Progress::Done(())),
            // Whether it is absent is for the next try to find out.
            Err(error) if error.is_not_found() => Ok(Progress::Done(())),
            Err(error) => Err(error),
        }
    }
}

/// Waits for the end of a request; returns whether it is known to have COMPLETED.
async fn wait<O: Object>(target: &Target<O>, request: &str) -> Result<bool, Error> {
    match target.api.objects::<O>().wait_for_request(request, &target.id, Tolerance::PAID).await {
        Ok(request) => Ok(is_destroy::<O>(&request)),
        // The API forgets requests, and a response about another one says nothing: then the object itself shows it.
        Err(error) if error.is_not_found() || error.kind() == ErrorKind::WrongObject => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a request is a destroy of such an object, as far as it says: the end of another one proves nothing.
fn is_destroy<O: Object>(request: &Request) -> bool {
    request.request_type.as_deref().is_none_or(|kind| kind.eq_ignore_ascii_case(O::DESCRIPTOR.delete_request))
}

/// Waits until the object is absent.
async fn prove_absent<O: Object>(target: &Target<O>, completed: bool, private: &Private) -> Result<(), Diagnostics> {
    match target.api.wait(&Destroyed { target, completed, private }).await {
        Ok(Presence::Unproved(doubt)) => Err(messages::unproved(&O::DESCRIPTOR, &target.subject, &doubt).into()),
        Ok(Presence::Absent | Presence::Found(_)) => Ok(()),
        Err(error) => Err(target.subject.failed(&error).into()),
    }
}

/// That reads do not find an object any more. After a request of this very object that COMPLETED, one such read is proof;
/// otherwise everything that proves an absence is gathered.
struct Destroyed<'a, O> {
    target: &'a Target<O>,
    completed: bool,
    private: &'a Private,
}

impl<O: Object> Condition for Destroyed<'_, O> {
    type Output = Presence<O>;
    type Pending = String;

    fn name(&self) -> String {
        format!("waiting for the {} to be deleted", O::DESCRIPTOR.noun)
    }

    fn tolerance(&self) -> Tolerance {
        Tolerance::PAID
    }

    async fn check(&self) -> Result<Progress<Presence<O>, String>, Error> {
        match self.target.read().await {
            Ok(object) if !object.is_deleted() => return Ok(Progress::Pending(object.describe())),
            Ok(_) => {}
            Err(error) if error.is_not_found() => {}
            // After an accepted destroy the API may answer so for what is deleted. The list decides.
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                let is_unlisted = is_unlisted(self.target).await?;
                return if is_unlisted { Ok(Progress::Done(Presence::Absent)) } else { Err(error) };
            }
            Err(error) => return Err(error),
        }
        if self.completed {
            return Ok(Progress::Done(Presence::Absent));
        }
        Ok(match self.target.check_absence(self.private).await? {
            Presence::Found(object) => Progress::Pending(object.describe()),
            proved_or_not => Progress::Done(proved_or_not),
        })
    }
}

/// Whether a complete list lacks the object.
async fn is_unlisted<O: Object>(target: &Target<O>) -> Result<bool, Error> {
    let listing = target.api.objects::<O>().listing().await?;
    let is_it = |object: &O| object.id() == target.id && !object.is_deleted();
    Ok(ListEvidence::of(&listing, is_it) == ListEvidence::Lacks)
}

#[cfg(test)]
mod tests {
    use tensorpool::Volume;

    use super::*;

    #[test]
    fn only_a_destroy_proves_that_something_was_destroyed() {
        let table = [
            (None, true),
            (Some("STORAGE_DESTROY"), true),
            (Some("storage_destroy"), true),
            (Some("STORAGE_CREATE"), false),
            (Some("CLUSTER_RELEASE"), false),
            (Some(""), false),
        ];
        for (kind, expected) in table {
            let request = Request {
                request_id: "r-1".to_owned(),
                request_type: kind.map(str::to_owned),
                status: RequestStatus::Completed,
                object_id: None,
                created_at: None,
                external_message: None,
            };
            assert_eq!(is_destroy::<Volume>(&request), expected, "{kind:?}");
        }
    }
}
