//! The wait until the list shows a key that was added: reads lag behind writes, and the list is all that shows a key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tensorpool::{Api, Condition, Error, Progress, SshKey, Tolerance};
use terraform_plugin::Private;
use tokio::time::Instant;

use crate::evidence::ambiguity::SEARCH_LIMIT;
use crate::evidence::times::lag_left;

/// In private state: when the key was added, in seconds since 1970. The list has not shown the key since.
const UNLISTED: &str = "unlisted_since";

/// Notes that the list has not shown the key yet which was added at this time.
pub(super) fn mark_unlisted(private: &mut Private, now: SystemTime) {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    private.set(UNLISTED, since.as_secs());
}

/// The list has shown the key. Says whether it had not before.
pub(super) fn mark_listed(private: &mut Private) -> bool {
    let was_unlisted = private.get(UNLISTED).is_some();
    private.remove(UNLISTED);
    was_unlisted
}

/// How long the list may still lag behind the add of a key that it has not shown yet; nothing if it has.
pub(super) fn unlisted_for(private: &Private, now: SystemTime) -> Duration {
    let Some(since) = private.get(UNLISTED) else { return Duration::ZERO };
    let since = since.as_u64().and_then(|since| UNIX_EPOCH.checked_add(Duration::from_secs(since)));
    lag_left(since, now)
}

/// What a search of the list for a key finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sighting {
    /// The key.
    Listed(SshKey),
    /// A whole list, without it.
    Lacks,
    /// The part of a list that can be read, without it. It may never be in that part.
    Ambiguous,
}

/// Waits until the list shows a key that was added. Not to find it means "not yet" until the scope ends. Of a list that is not
/// whole, nothing is expected any more once reads can no longer lag: `None`.
///
/// # Errors
/// When the list cannot be read, or the scope ends.
pub(super) async fn wait_until_listed<F>(look: impl Fn() -> F + Sync, api: &Api) -> Result<Option<SshKey>, Error>
where
    F: Future<Output = Result<Sighting, Error>> + Send,
{
    api.wait(&Listed { look, begin: Instant::now() }).await
}

/// That the list shows a key.
struct Listed<L> {
    look: L,
    begin: Instant,
}

impl<F, L> Condition for Listed<L>
where
    F: Future<Output = Result<Sighting, Error>> + Send,
    L: Fn() -> F + Sync,
{
    type Output = Option<SshKey>;
    type Pending = &'static str;

    fn name(&self) -> String {
        "waiting until the SSH key is listed".to_owned()
    }

    fn tolerance(&self) -> Tolerance {
        Tolerance::NONE.with_not_found()
    }

    async fn check(&self) -> Result<Progress<Option<SshKey>, &'static str>, Error> {
        Ok(match (self.look)().await? {
            Sighting::Listed(key) => Progress::Done(Some(key)),
            Sighting::Ambiguous if self.begin.elapsed() >= SEARCH_LIMIT => Progress::Done(None),
            Sighting::Lacks | Sighting::Ambiguous => Progress::Pending("not listed yet"),
        })
    }
}

#[cfg(test)]
mod tests {
    use tensorpool::{ErrorKind, Scope};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::testing::client;

    fn key() -> SshKey {
        SshKey { id: "key_1".to_owned(), ..SshKey::default() }
    }

    /// A list that shows the key after so many seconds, and says this before.
    async fn wait(before: &Result<Sighting, ErrorKind>, after: u64, api: &Api) -> Result<Option<SshKey>, ErrorKind> {
        let begin = Instant::now();
        let look = || async move {
            if begin.elapsed() >= Duration::from_secs(after) {
                return Ok(Sighting::Listed(key()));
            }
            before.clone().map_err(|kind| Error::new(kind, "GET /user/ssh-key/list"))
        };
        wait_until_listed(look, api).await.map_err(|error| error.kind())
    }

    fn api(minutes: u64) -> Api {
        client("https://a").scoped(Scope::detached(Duration::from_mins(minutes)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_is_listed_at_once_is_not_waited_for() {
        let begin = Instant::now();
        assert_eq!(wait(&Ok(Sighting::Lacks), 0, &api(60)).await, Ok(Some(key())));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_is_not_listed_is_waited_for_until_the_end_of_the_scope() {
        for before in [Ok(Sighting::Lacks), Err(ErrorKind::NotFound), Err(ErrorKind::Server)] {
            assert_eq!(wait(&before, 600, &api(60)).await, Ok(Some(key())), "{before:?}");
            assert_eq!(wait(&before, 601, &api(10)).await, Err(ErrorKind::Deadline), "{before:?}");
        }
        assert_eq!(wait(&Err(ErrorKind::Forbidden), 600, &api(60)).await, Err(ErrorKind::Forbidden));
    }

    #[tokio::test(start_paused = true)]
    async fn a_list_that_is_not_whole_is_given_up_when_reads_can_no_longer_lag() {
        assert_eq!(wait(&Ok(Sighting::Ambiguous), 50, &api(60)).await, Ok(Some(key())));
        let begin = Instant::now();
        assert_eq!(wait(&Ok(Sighting::Ambiguous), 600, &api(60)).await, Ok(None));
        assert!(begin.elapsed() >= SEARCH_LIMIT && begin.elapsed() < SEARCH_LIMIT * 2, "{:?}", begin.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait_at_once() {
        let stop = CancellationToken::new();
        let api = client("https://a").scoped(Scope::new(Duration::from_hours(1), stop.clone()));
        let begin = Instant::now();
        let (waited, ()) = tokio::join!(wait(&Ok(Sighting::Lacks), 600, &api), async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            stop.cancel();
        });
        assert_eq!(waited, Err(ErrorKind::Stopped));
        assert_eq!(begin.elapsed(), Duration::from_secs(2));
    }

    #[test]
    fn a_key_that_was_not_listed_yet_may_still_appear_for_a_minute() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let mut private = Private::default();
        assert_eq!(unlisted_for(&private, at(100)), Duration::ZERO);
        mark_unlisted(&mut private, at(100));
        let mut private = Private::from_bytes(&private.to_bytes());
        let left = [100, 140, 160, 999].map(|now| unlisted_for(&private, at(now)).as_secs());
        assert_eq!(left, [60, 20, 0, 0]);
        assert!(mark_listed(&mut private));
        assert!(!mark_listed(&mut private));
        assert_eq!(unlisted_for(&private, at(100)), Duration::ZERO);
    }
}
