//! One answer for several who ask the same question at the same time.
//!
//! Before a create the provider asks for the list of all names. A thousand creates would ask for it a thousand times. They
//! may share an answer, but only one that was asked for after they wanted it: whoever comes while a question is under way
//! waits for its end, and then one of those who wait asks again, for all of them. So everybody gets what an answer of his
//! own could have been: nothing that existed when he asked can be missing from it for being too old.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::scope::Scope;

/// The last answer to each question. A question is told by the type of its answer.
#[derive(Default)]
pub(crate) struct Sharing {
    /// Orders who asked and which questions began. A clock could give two of them the same time.
    order: AtomicU64,
    questions: Mutex<HashMap<TypeId, Arc<Question>>>,
}

/// Whoever holds the lock asks. The lock is given in the order in which it is waited for.
type Question = tokio::sync::Mutex<Option<Last>>;

struct Last {
    began: u64,
    answer: Result<Arc<dyn Any + Send + Sync>, Error>,
}

impl Sharing {
    fn next(&self) -> u64 {
        self.order.fetch_add(1, Ordering::SeqCst)
    }

    /// Asks, or takes the answer of somebody who began to ask after this was called. A failure is shared as well, as
    /// otherwise everybody would wait for everybody else's tries; but not that somebody's scope has ended.
    pub async fn ask<T: Send + Sync + 'static>(
        &self,
        what: &str,
        scope: &Scope,
        ask: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        let asked = self.next();
        let question = {
            let mut questions = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(questions.entry(TypeId::of::<T>()).or_default())
        };
        let mut last = scope.run(question.lock()).await.map_err(|why| Error::interrupted(why, what))?;
        if let Some(Last { began, answer }) = &*last
            && *began > asked
        {
            match answer.clone().map(Arc::downcast) {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let began = self.next();
        let answer = ask.await.map(Arc::new);
        let ended = matches!(&answer, Err(error) if matches!(error.kind(), ErrorKind::Stopped | ErrorKind::Deadline));
        *last = (!ended).then(|| Last { began, answer: answer.clone().map(|answer| answer as _) });
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio_util::sync::CancellationToken;

    use super::*;

    /// How long an answer takes.
    const TAKES: Duration = Duration::from_millis(100);

    /// An API that counts its answers: each is the number of those before it.
    #[derive(Default)]
    struct Counted(AtomicU64);

    impl Counted {
        async fn answer(&self) -> Result<u64, Error> {
            let answer = self.0.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(TAKES).await;
            Ok(answer)
        }
    }

    fn scope() -> Scope {
        Scope::detached(Duration::from_mins(1))
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_once_share_two_answers() {
        let (sharing, api, scope) = (Sharing::default(), Counted::default(), scope());
        let answers = join_all((0..50).map(|_| sharing.ask("list", &scope, api.answer()))).await;
        let answers: Vec<_> = answers.into_iter().map(|answer| *answer.expect("the API answers")).collect();
        // The first began before the others asked.
        assert_eq!((answers[0], answers[1..].iter().max(), answers[1..].iter().min()), (0, Some(&1), Some(&1)));
        assert_eq!(api.0.into_inner(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_was_under_way_is_too_old() {
        let (sharing, api, scope) = (Sharing::default(), Counted::default(), scope());
        let (first, second) = tokio::join!(sharing.ask("list", &scope, api.answer()), async {
            tokio::time::sleep(TAKES / 2).await;
            sharing.ask("list", &scope, api.answer()).await
        });
        assert_eq!((*first.expect("it answers"), *second.expect("it answers")), (0, 1));
        let third = sharing.ask("list", &scope, api.answer()).await;
        assert_eq!(*third.expect("it answers"), 2, "nobody asked when the last one began");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_and_the_end_of_a_scope_is_not() {
        let (sharing, api, scope) = (Sharing::default(), Counted::default(), scope());
        let fail = || async {
            api.answer().await?;
            Err::<u64, _>(Error::new(ErrorKind::Server, "GET /list"))
        };
        let failed = join_all((0..50).map(|_| sharing.ask("list", &scope, fail()))).await;
        assert!(failed.iter().all(|answer| answer.as_ref().is_err_and(|error| error.kind() == ErrorKind::Server)));
        assert_eq!(api.0.load(Ordering::SeqCst), 2);

        let stop = CancellationToken::new();
        let stopped = Scope::new(Duration::from_mins(1), stop.clone());
        let interrupted = |why| Error::interrupted(why, "GET /list");
        let asks = async { stopped.run(api.answer()).await.map_err(interrupted)? };
        let (first, second, ()) =
            tokio::join!(sharing.ask("list", &stopped, asks), sharing.ask("list", &scope, api.answer()), async {
                stop.cancel();
            },);
        assert_eq!(first.map_err(|error| error.kind()), Err(ErrorKind::Stopped));
        assert!(second.is_ok());
    }
}
