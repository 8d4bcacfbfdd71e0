//! The wait for the end of a create: by the create itself, or by a later apply when the create was interrupted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tensorpool::{Error, ErrorKind, Progress, Scope, Tolerance};
use terraform_plugin::Diagnostics;
use tokio::time::Instant;

use super::marks::{CLAIM, FAILED, mark_finished};
use super::messages::Lock;
use super::{Object, Operation, Provisioned, Target, is_protected, messages, task, with_computed};
use crate::evidence::Spelling;
use crate::evidence::ambiguity::SEARCH_LIMIT;
use crate::timeouts;

/// How long the lock of a failed create may take to be lifted.
const LIFT_LIMIT: Duration = Duration::from_secs(20);

/// Waits until a created object is ready, and saves what it turned out to be.
///
/// # Errors
/// When the create failed, or its end was not observed. The state is saved before.
pub(super) async fn finish<P: Provisioned>(
    operation: &mut Operation<P>,
    target: &Target<P::Object>,
    mut state: P,
) -> Result<(), Diagnostics> {
    // The end of the create shows it.
    state.mark_computed_unknown();
    let scope = &target.scope.clone().about(task(&target.subject));
    let request_id = operation.private().text(CLAIM).map(str::to_owned);
    let (waited, object) = match wait(target, request_id.as_deref(), scope).await {
        Ok(object) => (Ok(()), Some(object)),
        // One quick read, so that the state holds what is known by now.
        Err(error) => (Err(error), target.read(&Scope::detached(timeouts::LAST_READ)).await.ok()),
    };
    let state = match &object {
        Some(object) => {
            let mut spelling = Spelling::load(operation.private());
            state.record_spelling(object, &mut spelling);
            spelling.store(operation.private_mut());
            with_computed(state, object)
        }
        None => state.without_unknowns(),
    };
    let Err(error) = waited else {
        mark_finished(operation.private_mut());
        operation.save(state.finished());
        return Ok(());
    };
    operation.save(state.clone());
    match error.kind() {
        ErrorKind::Stopped => {
            let warning = messages::still_provisioning(&P::Object::DESCRIPTOR, &target.subject, request_id.as_deref());
            operation.warn(warning);
            Ok(())
        }
        ErrorKind::RequestFailed => {
            operation.private_mut().set(FAILED, true);
            mark_finished(operation.private_mut());
            let lock = lift_lock(operation, target, state).await;
            Err(messages::create_failed(&P::Object::DESCRIPTOR, &target.subject, &error, lock).into())
        }
        // It may still become ready: the next apply waits again, once the object is not tainted any more.
        _ => Err(messages::create_unfinished(&P::Object::DESCRIPTOR, &target.subject, &error).into()),
    }
}

/// Waits for the end of the create, and returns the object. That it is not found yet is the lag of reads: this very operation
/// has created it.
async fn wait<O: Object>(target: &Target<O>, request_id: Option<&str>, scope: &Scope) -> Result<O, Error> {
    let Some(request_id) = request_id else { return wait_until(target, O::is_ready, scope).await };
    match target.api.requests().wait(request_id, Some(&target.id), Tolerance::PAID, scope).await {
        Ok(_) => wait_until(target, |_| true, scope).await,
        // The API forgets requests, and a response about another one says nothing: then the object itself shows it.
        Err(error) if error.is_not_found() || error.kind() == ErrorKind::WrongObject => {
            wait_until(target, O::is_ready, scope).await
        }
        Err(error) => Err(error),
    }
}

/// Reads a created object until it is found and `done`.
async fn wait_until<O: Object>(target: &Target<O>, done: impl Fn(&O) -> bool, scope: &Scope) -> Result<O, Error> {
    let (begin, is_found) = (Instant::now(), AtomicBool::new(false));
    let check = || async {
        let object = match target.read(scope).await {
            Err(error)
                if error.is_not_found() && !is_found.load(Ordering::Relaxed) && begin.elapsed() > SEARCH_LIMIT =>
            {
                // Reads do not lag that long.
                let wrong = || Error::new(ErrorKind::WrongObject, "the answer to the create");
                return Err(target.namesake(scope).await.map_or(error, |_| wrong()));
            }
            read => read?,
        };
        is_found.store(true, Ordering::Relaxed);
        Ok(if done(&object) { Progress::Done(object) } else { Progress::Pending(object.describe()) })
    };
    tensorpool::wait_until(O::DESCRIPTOR.until_ready, Tolerance::PAID.with_not_found(), scope, check).await
}

/// Lifts the lock that a failed create set itself: a failed object needs no protection, and the next apply could not
/// replace it.
async fn lift_lock<P: Provisioned>(operation: &mut Operation<P>, target: &Target<P::Object>, mut state: P) -> Lock {
    if !is_protected(&state) {
        return Lock::None;
    }
    let scope = Scope::new(LIFT_LIMIT, operation.stop().clone());
    match P::send_edit(&target.api, &target.id, &P::lift_protection(), &scope).await {
        Ok(_) => {
            *state.common_mut().deletion_protection = false.into();
            operation.save(state);
            Lock::Lifted
        }
        Err(_) => Lock::Kept,
    }
}
