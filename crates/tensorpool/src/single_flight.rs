//! Shares the result of a query among concurrent callers, without returning a stale one.
//!
//! Before each create the provider lists all names. A thousand concurrent creates would list them a thousand times. They can
//! share a result, but only that of a query that started after they called: a caller that arrives while a query is running
//! waits until it ends, and then one of the waiting callers runs the query again for all of them. So a result is never older
//! than the call, and an object that existed at the time of the call is not missing because of its age.
//!
//! A result that is large rests before the query runs again, and whoever calls in the meantime shares the next one. Without that
//! each of a thousand creates that come one after the other would read the list of all that were created before it.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::scope::Scope;

/// The last result of each query. The type of the result identifies the query.
#[derive(Default)]
pub(crate) struct SingleFlight {
    /// Orders the calls and the starts of queries. Two readings of a clock could be equal.
    sequence: AtomicU64,
    queries: Mutex<HashMap<TypeId, Arc<Query>>>,
}

/// The holder of the lock runs the query. The lock is fair.
type Query = tokio::sync::Mutex<Option<Last>>;

struct Last {
    started: u64,
    /// When the query may run again.
    rests_until: Instant,
    result: Result<Arc<dyn Any + Send + Sync>, Error>,
}

impl SingleFlight {
    fn next(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::SeqCst)
    }

    /// Runs the query, or shares the result of one that started after this call. An error is shared as well, because
    /// otherwise each caller would wait for the retries of all callers before it. The end of another caller's scope is not.
    /// After a result the query does not run again for as long as `rest` says, or for a quarter of the time that a caller has left.
    ///
    /// # Errors
    /// Returns the error of the query, or an error if the scope ends while another caller's query is running or rests.
    pub async fn run<T: Send + Sync + 'static>(
        &self,
        operation: &str,
        scope: &Scope,
        rest: impl FnOnce(&T) -> Duration,
        query: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        let interrupted = |why| Error::interrupted(why, operation, scope);
        let called = self.next();
        let slot = {
            let mut queries = self.queries.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queries.entry(TypeId::of::<T>()).or_default())
        };
        // Whoever has little time left spends most of it on the query.
        let patience = Instant::now() + scope.remaining() / 4;
        let mut last = loop {
            let last = scope.run(slot.lock()).await.map_err(interrupted)?;
            let Some(Last { started, rests_until, result }) = &*last else { break last };
            if *started > called {
                match result.clone().map(Arc::downcast) {
                    Ok(Ok(value)) => return Ok(value),
                    Ok(Err(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            let rest = *rests_until.min(&patience);
            if rest <= Instant::now() {
                break last;
            }
            // Others may have less patience, so nobody rests with the lock.
            drop(last);
            scope.run(tokio::time::sleep_until(rest)).await.map_err(interrupted)?;
        };
        let started = self.next();
        let result = query.await.map(Arc::new);
        let was_interrupted =
            matches!(&result, Err(error) if matches!(error.kind(), ErrorKind::Stopped | ErrorKind::Deadline));
        let rests_until = Instant::now() + result.as_deref().map_or(Duration::ZERO, rest);
        *last =
            (!was_interrupted).then(|| Last { started, rests_until, result: result.clone().map(|value| value as _) });
        result
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio_util::sync::CancellationToken;

    use super::*;

    /// How long a query takes.
    const LATENCY: Duration = Duration::from_millis(100);

    /// An API whose responses are the number of queries before them.
    #[derive(Default)]
    struct Counted(AtomicU64);

    impl Counted {
        async fn query(&self) -> Result<u64, Error> {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(LATENCY).await;
            Ok(number)
        }
    }

    /// Runs a query after which none has to rest.
    async fn run(
        flights: &SingleFlight,
        scope: &Scope,
        query: impl Future<Output = Result<u64, Error>>,
    ) -> Result<u64, Error> {
        flights.run("GET /list", scope, |_| Duration::ZERO, query).await.map(|result| *result)
    }

    fn scope() -> Scope {
        Scope::detached(Duration::from_mins(1))
    }

    #[tokio::test(start_paused = true)]
    async fn many_concurrent_callers_share_two_queries() {
        let (flights, api, scope) = (SingleFlight::default(), Counted::default(), scope());
        let results = join_all((0..50).map(|_| run(&flights, &scope, api.query()))).await;
        let results: Vec<_> = results.into_iter().map(|result| result.expect("the query succeeds")).collect();
        // The first started before the others called.
        assert_eq!((results[0], results[1..].iter().max(), results[1..].iter().min()), (0, Some(&1), Some(&1)));
        assert_eq!(api.0.into_inner(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_query_that_was_running_already_is_not_shared() {
        let (flights, api, scope) = (SingleFlight::default(), Counted::default(), scope());
        let (first, second) = tokio::join!(run(&flights, &scope, api.query()), async {
            tokio::time::sleep(LATENCY / 2).await;
            run(&flights, &scope, api.query()).await
        });
        assert_eq!((first.expect("it succeeds"), second.expect("it succeeds")), (0, 1));
        let third = run(&flights, &scope, api.query()).await;
        assert_eq!(third.expect("it succeeds"), 2, "the last one started before this call");
    }

    #[tokio::test(start_paused = true)]
    async fn callers_that_come_one_after_the_other_share_a_query_that_starts_after_a_rest() {
        let (flights, api, scope) = (SingleFlight::default(), Counted::default(), scope());
        let rest = 5 * LATENCY;
        // Fifty calls, each a fifth of the latency after the one before.
        let call = async |number: u32| {
            tokio::time::sleep(number * LATENCY / 5).await;
            let called = api.0.load(Ordering::SeqCst);
            let result = *flights.run("GET /list", &scope, |_| rest, api.query()).await.expect("it succeeds");
            assert!(result >= called, "the query started before the call");
            result
        };
        let results = join_all((0..50).map(call)).await;
        assert_eq!(results.iter().max(), Some(&2), "a query runs every {:?}", LATENCY + rest);

        let began = Instant::now();
        let short = Scope::detached(2 * LATENCY);
        let hurried = async {
            let result = flights.run("GET /list", &short, |_| rest, api.query()).await;
            (result.expect("there is time for it"), began.elapsed())
        };
        let (patient, (result, took)) = tokio::join!(flights.run("GET /list", &scope, |_| rest, api.query()), hurried);
        assert!(took <= 2 * LATENCY, "who has little time rests little, also where another rests longer");
        assert_eq!((*patient.expect("it succeeds"), *result), (3, 3), "who rests longer shares it");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_is_shared_and_the_end_of_a_scope_is_not() {
        let (flights, api, scope) = (SingleFlight::default(), Counted::default(), scope());
        let fail = || async {
            api.query().await?;
            Err::<u64, _>(Error::new(ErrorKind::Server, "GET /list"))
        };
        let failed = join_all((0..50).map(|_| run(&flights, &scope, fail()))).await;
        assert!(failed.iter().all(|result| result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Server)));
        assert_eq!(api.0.load(Ordering::SeqCst), 2);

        let stop = CancellationToken::new();
        let stopped = Scope::new(Duration::from_mins(1), stop.clone());
        let interrupted = |why| Error::interrupted(why, "GET /list", &stopped);
        let query = async { stopped.run(api.query()).await.map_err(interrupted)? };
        let (first, second, ()) =
            tokio::join!(run(&flights, &stopped, query), run(&flights, &scope, api.query()), async {
                stop.cancel();
            },);
        assert_eq!(first.map_err(|error| error.kind()), Err(ErrorKind::Stopped));
        assert!(second.is_ok());
    }
}
