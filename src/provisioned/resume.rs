//! The wait for the end of a create: by the create itself, or by a later apply when the create was interrupted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tensorpool::{Condition, Error, ErrorKind, Progress, Scope, Tolerance};
use terraform_plugin::Diagnostics;
use tokio::time::Instant;

use super::marks::{CLAIM, FAILED, mark_finished};
use super::messages::Lock;
use super::{Object, Operation, Provisioned, Target, is_protected, messages, with_computed};
use crate::evidence::Spelling;
use crate::evidence::ambiguity::SEARCH_LIMIT;
use crate::timeouts;

/// How long the lock of a failed create may take to be lifted.
const LIFT_LIMIT: Duration = Duration::from_secs(20);

/// Waits until a created object is ready, saves what it turned out to be, and returns it.
///
/// # Errors
/// When the create failed, or its end was not observed. The state is saved before.
pub(super) async fn finish<P: Provisioned>(
    operation: &mut Operation<P>,
    target: &Target<P::Object>,
    mut state: P,
) -> Result<P, Diagnostics> {
    // The end of the create shows it.
    state.mark_computed_unknown();
    let request_id = operation.private().text(CLAIM).map(str::to_owned);
    let (waited, object) = match wait(target, request_id.as_deref()).await {
        Ok((object, created_at)) => {
            state = state.with_created_at(object.created_at().map(str::to_owned).or(created_at));
            (Ok(()), Some(object))
        }
        // One quick read, so that the state holds what is known by now.
        Err(error) => (Err(error), target.api.detached(timeouts::LAST_READ).objects().get(&target.id).await.ok()),
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
        let state = state.finished();
        operation.save(state.clone());
        return Ok(state);
    };
    operation.save(state.clone());
    match error.kind() {
        ErrorKind::Stopped => {
            let warning = messages::still_provisioning(&P::Object::DESCRIPTOR, &target.subject, request_id.as_deref());
            operation.warn(warning);
            Ok(state)
        }
        ErrorKind::RequestFailed => {
            operation.private_mut().set(FAILED, true);
            mark_finished(operation.private_mut());
            // What is clearly another object is not touched.
            let is_another = state.is_another(&Spelling::load(operation.private()));
            let lock = if is_another { Lock::Kept } else { lift_lock(operation, target, state).await };
            Err(messages::create_failed(&P::Object::DESCRIPTOR, &target.subject, &error, lock).into())
        }
        // It may still become ready: the next apply waits again, once the object is not tainted any more.
        _ => Err(messages::create_unfinished(&P::Object::DESCRIPTOR, &target.subject, &error).into()),
    }
}

/// Waits for the end of the create, and returns the object, and when its create was received as the request shows it. That it is not found yet is the lag of reads: this very operation
/// has created it.
async fn wait<O: Object>(target: &Target<O>, request_id: Option<&str>) -> Result<(O, Option<String>), Error> {
    let api = &target.api;
    let ready = || CreatedObject::new(target, O::is_ready);
    let Some(request_id) = request_id else { return Ok((api.wait(&ready()).await?, None)) };
    match api.objects::<O>().wait_for_request(request_id, &target.id, Tolerance::PAID).await {
        Ok(request) => Ok((api.wait(&CreatedObject::new(target, |_| true)).await?, request.created_at)),
        // The API forgets requests, and a response about another one says nothing: then the object itself shows it.
        Err(error) if error.is_not_found() || error.kind() == ErrorKind::WrongObject => {
            Ok((api.wait(&ready()).await?, None))
        }
        Err(error) => Err(error),
    }
}

/// That a created object is found, and is as it has to be.
struct CreatedObject<'a, O> {
    target: &'a Target<O>,
    is_done: fn(&O) -> bool,
    begin: Instant,
    is_found: AtomicBool,
}

impl<'a, O: Object> CreatedObject<'a, O> {
    fn new(target: &'a Target<O>, is_done: fn(&O) -> bool) -> Self {
        Self { target, is_done, begin: Instant::now(), is_found: AtomicBool::new(false) }
    }

    /// Whether reads should have shown the object by now: they do not lag that long.
    fn is_overdue(&self) -> bool {
        !self.is_found.load(Ordering::Relaxed) && self.begin.elapsed() > SEARCH_LIMIT
    }
}

impl<O: Object> Condition for CreatedObject<'_, O> {
    type Output = O;
    type Pending = String;

    fn name(&self) -> String {
        O::DESCRIPTOR.until_ready.to_owned()
    }

    fn tolerance(&self) -> Tolerance {
        Tolerance::PAID.with_not_found()
    }

    async fn check(&self) -> Result<Progress<O, String>, Error> {
        let object = match self.target.read().await {
            Err(error) if error.is_not_found() && self.is_overdue() => {
                let wrong = || Error::new(ErrorKind::WrongObject, "the answer to the create");
                return Err(self.target.namesake(&self.target.api).await.map_or(error, |_| wrong()));
            }
            read => read?,
        };
        self.is_found.store(true, Ordering::Relaxed);
        Ok(if (self.is_done)(&object) { Progress::Done(object) } else { Progress::Pending(object.describe()) })
    }
}

/// Lifts the lock that a failed create set itself: a failed object needs no protection, and the next apply could not
/// replace it.
async fn lift_lock<P: Provisioned>(operation: &mut Operation<P>, target: &Target<P::Object>, mut state: P) -> Lock {
    if !is_protected(&state) {
        return Lock::None;
    }
    let api = target.api.with_scope(Scope::new(LIFT_LIMIT, operation.stop().clone()));
    match P::send_edit(&api, &target.id, &P::lift_protection()).await {
        Ok(_) => {
            *state.common_mut().deletion_protection = false.into();
            operation.save(state);
            Lock::Lifted
        }
        Err(_) => Lock::Kept,
    }
}
