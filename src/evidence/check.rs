//! Gathers what proves that an object is absent.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Api, Condition, Error, Progress};
use tokio::time::Instant;

use super::absence::{Doubt, Evidence, ListEvidence, READS_APART, Reading, Verdict};
use super::account::{AccountMark, AccountMatch};

/// What can be asked of an object and its account.
#[async_trait]
pub trait Witness: Send + Sync {
    /// The object, as a read returns it.
    type Object: Send;

    /// Reads the object: `None` on a 404, and for one that is only shown as deleted.
    async fn read(&self, api: &Api) -> Result<Option<Self::Object>, Error>;

    /// What the list says of the object.
    async fn list(&self, api: &Api) -> Result<ListEvidence, Error>;

    /// Sends the control request, which the API answers for every account, and returns the mark of the account.
    async fn control(&self, api: &Api) -> Result<AccountMark, Error> {
        AccountMark::control(api).await
    }

    /// Whether the request of a create ended as FAILED. Objects that are created at once have none.
    async fn create_failed(&self, request_id: &str, api: &Api) -> Result<bool, Error> {
        let _ = (request_id, api);
        Ok(false)
    }
}

/// The create of the object that has not ended, as far as private state says.
#[derive(Clone, Copy, Debug)]
pub enum Unfinished<'a> {
    /// There is none.
    No,
    /// One whose request is not known.
    Unknown,
    /// One with this request.
    Request(&'a str),
    /// One that an earlier run sent, so recently that reads may not show its object yet.
    Recent,
}

/// Whether an object exists.
#[derive(Debug)]
pub enum Presence<T> {
    /// It does.
    Found(T),
    /// It does not, which is proved.
    Absent,
    /// It may.
    Unproved(Doubt),
}

/// Whether an object exists, and the object if it does.
///
/// # Errors
/// When the object or the list cannot be read for another reason than that there is none, or the scope ends.
pub async fn presence<W: Witness>(
    witness: &W,
    kept: Option<&AccountMark>,
    unfinished: Unfinished<'_>,
    api: &Api,
) -> Result<Presence<W::Object>, Error> {
    match witness.read(api).await? {
        Some(object) => Ok(Presence::Found(object)),
        None => check_absence(witness, kept, unfinished, api).await,
    }
}

/// Whether an object is absent that a read has just not found. Takes at least [`READS_APART`], unless a doubt is certain
/// before.
///
/// # Errors
/// When the object or the list cannot be read for another reason than that there is none, or the scope ends.
pub async fn check_absence<W: Witness>(
    witness: &W,
    kept: Option<&AccountMark>,
    unfinished: Unfinished<'_>,
    api: &Api,
) -> Result<Presence<W::Object>, Error> {
    let begin = Instant::now();
    let (control_failure, account) = match witness.control(api).await {
        Ok(now) => (None, now.compare(kept)),
        Err(error) if ended(&error) => return Err(error),
        // Which account it is cannot be known without an answer; that there was none is what matters then.
        Err(error) => (Some(error.to_string()), AccountMatch::Same),
    };
    let create_unfinished = match unfinished {
        Unfinished::No | Unfinished::Recent => false,
        Unfinished::Unknown => true,
        Unfinished::Request(id) => match witness.create_failed(id, api).await {
            Ok(failed) => !failed,
            Err(error) if ended(&error) => return Err(error),
            Err(_) => true,
        },
    };
    let mut evidence = Evidence {
        reads: [Reading::Missing; 2],
        apart: READS_APART,
        list: ListEvidence::None,
        control_failure,
        account,
        create_unfinished,
        reads_may_lag: matches!(unfinished, Unfinished::Recent),
    };
    // What cannot be proved any more need not be waited for.
    if let Verdict::Unproved(doubt) = evidence.verdict() {
        return Ok(Presence::Unproved(doubt));
    }
    evidence.list = witness.list(api).await?;
    let rest = READS_APART.saturating_sub(begin.elapsed()) + Duration::from_millis(1);
    if api.scope().sleep(rest).await.is_err() {
        // The scope ends: the second read says why, or there was no time for it.
        evidence.apart = begin.elapsed();
    }
    let second = witness.read(api).await?;
    evidence.apart = evidence.apart.min(begin.elapsed());
    evidence.reads[1] = if second.is_some() { Reading::Found } else { Reading::Missing };
    Ok(match (evidence.verdict(), second) {
        (_, Some(object)) => Presence::Found(object),
        (Verdict::Unproved(doubt), None) => Presence::Unproved(doubt),
        (Verdict::Absent | Verdict::Found, None) => Presence::Absent,
    })
}

/// That a read finds an object: reads may lag behind the write that created it.
pub struct Visible<'a, W> {
    /// What is waited for, in words.
    pub name: &'static str,
    /// The status as long as it is not found.
    pub pending: &'static str,
    /// The object.
    pub witness: &'a W,
    /// Where it is read.
    pub api: &'a Api,
}

impl<W: Witness> Condition for Visible<'_, W> {
    type Output = W::Object;
    type Pending = &'static str;

    fn name(&self) -> String {
        self.name.to_owned()
    }

    async fn check(&self) -> Result<Progress<W::Object, &'static str>, Error> {
        Ok(self.witness.read(self.api).await?.map_or(Progress::Pending(self.pending), Progress::Done))
    }
}

/// Whether the scope has ended, so that nothing more can be learned.
fn ended(error: &Error) -> bool {
    matches!(error.kind(), tensorpool::ErrorKind::Stopped | tensorpool::ErrorKind::Deadline)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tensorpool::{ErrorKind, Scope};
    use tokio_util::sync::CancellationToken;

    use super::*;

    /// A cloud that answers as the test sets it up, and counts its reads.
    struct Cloud {
        control: Result<&'static str, ErrorKind>,
        list: ListEvidence,
        found_at_read: u32,
        reads: AtomicU32,
        create_failed: Result<bool, ErrorKind>,
    }

    impl Default for Cloud {
        fn default() -> Self {
            Self {
                control: Ok("k"),
                list: ListEvidence::Lacks,
                found_at_read: u32::MAX,
                reads: AtomicU32::new(0),
                create_failed: Ok(false),
            }
        }
    }

    #[async_trait]
    impl Witness for Cloud {
        type Object = ();

        async fn read(&self, api: &Api) -> Result<Option<()>, Error> {
            api.scope().run(std::future::ready(())).await.map_err(|_| Error::new(ErrorKind::Stopped, "GET /thing"))?;
            let read = self.reads.fetch_add(1, Ordering::Relaxed);
            Ok((read >= self.found_at_read).then_some(()))
        }

        async fn list(&self, _: &Api) -> Result<ListEvidence, Error> {
            Ok(self.list.clone())
        }

        async fn control(&self, _: &Api) -> Result<AccountMark, Error> {
            self.control.map(|key| AccountMark::new(key, None)).map_err(|kind| Error::new(kind, "GET /user/info"))
        }

        async fn create_failed(&self, _: &str, _: &Api) -> Result<bool, Error> {
            self.create_failed.map_err(|kind| Error::new(kind, "GET /request/info"))
        }
    }

    fn within(scope: Scope) -> Api {
        crate::testing::client("https://a").scoped(scope)
    }

    fn api() -> Api {
        within(Scope::detached(Duration::from_mins(5)))
    }

    async fn check(cloud: &Cloud, unfinished: Unfinished<'_>) -> Presence<()> {
        let kept = AccountMark::new("k", None);
        check_absence(cloud, Some(&kept), unfinished, &api()).await.expect("the cloud answers")
    }

    #[tokio::test(start_paused = true)]
    async fn an_absence_is_proved_by_a_second_read_five_seconds_later() {
        let begin = Instant::now();
        assert!(matches!(check(&Cloud::default(), Unfinished::No).await, Presence::Absent));
        assert!(begin.elapsed() >= READS_APART && begin.elapsed() < READS_APART * 2);
        let late = Cloud { found_at_read: 0, ..Cloud::default() };
        assert!(matches!(check(&late, Unfinished::No).await, Presence::Found(())));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_proved_is_not_waited_for() {
        let begin = Instant::now();
        let no_control = Cloud { control: Err(ErrorKind::NotFound), ..Cloud::default() };
        assert!(matches!(check(&no_control, Unfinished::No).await, Presence::Unproved(Doubt::NoControl(_))));
        let other = Cloud { control: Ok("k2"), ..Cloud::default() };
        assert!(matches!(check(&other, Unfinished::No).await, Presence::Unproved(Doubt::OtherAccount)));
        let unmarked = check_absence(&Cloud::default(), None, Unfinished::No, &api()).await;
        assert!(matches!(unmarked, Ok(Presence::Unproved(Doubt::UnknownAccount))));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_create_that_has_not_ended_keeps_the_object_unless_it_failed() {
        let cloud = Cloud::default();
        for unfinished in [Unfinished::Unknown, Unfinished::Request("r-1")] {
            let presence = check(&cloud, unfinished).await;
            assert!(matches!(presence, Presence::Unproved(Doubt::CreateUnfinished)), "{unfinished:?}");
        }
        let recent = check(&Cloud::default(), Unfinished::Recent).await;
        assert!(matches!(recent, Presence::Unproved(Doubt::ReadsMayLag)));
        let failed = Cloud { create_failed: Ok(true), ..Cloud::default() };
        assert!(matches!(check(&failed, Unfinished::Request("r-1")).await, Presence::Absent));
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_the_operation_is_an_error_and_any_other_failure_a_doubt() {
        let kept = AccountMark::new("k", None);
        for kind in [ErrorKind::Stopped, ErrorKind::Deadline] {
            for cloud in [
                Cloud { control: Err(kind), ..Cloud::default() },
                Cloud { create_failed: Err(kind), ..Cloud::default() },
            ] {
                let checked = check_absence(&cloud, Some(&kept), Unfinished::Request("r-1"), &api()).await;
                assert_eq!(checked.err().map(|error| error.kind()), Some(kind));
            }
        }
        let unknown = Cloud { create_failed: Err(ErrorKind::NotFound), ..Cloud::default() };
        assert!(matches!(
            check(&unknown, Unfinished::Request("r-1")).await,
            Presence::Unproved(Doubt::CreateUnfinished)
        ));
    }

    /// Objects that are created at once.
    struct AtOnce;

    #[async_trait]
    impl Witness for AtOnce {
        type Object = ();

        async fn read(&self, _: &Api) -> Result<Option<()>, Error> {
            Ok(None)
        }

        async fn list(&self, _: &Api) -> Result<ListEvidence, Error> {
            Ok(ListEvidence::Lacks)
        }

        async fn control(&self, _: &Api) -> Result<AccountMark, Error> {
            Ok(AccountMark::new("k", None))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_create_is_taken_for_failed_where_there_are_no_requests() {
        let kept = AccountMark::new("k", None);
        let checked = check_absence(&AtOnce, Some(&kept), Unfinished::Request("r-1"), &api()).await;
        assert!(matches!(checked, Ok(Presence::Unproved(Doubt::CreateUnfinished))));
        let checked = check_absence(&AtOnce, Some(&kept), Unfinished::No, &api()).await;
        assert!(matches!(checked, Ok(Presence::Absent)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_list_has_to_agree() {
        let listed = Cloud { list: ListEvidence::Contains, ..Cloud::default() };
        assert!(matches!(check(&listed, Unfinished::No).await, Presence::Unproved(Doubt::StillListed)));
        let cut = Cloud { list: ListEvidence::Incomplete("there is more".to_owned()), ..Cloud::default() };
        assert!(matches!(check(&cut, Unfinished::No).await, Presence::Unproved(Doubt::ListIncomplete(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_check_at_once() {
        let (cloud, stop) = (Cloud::default(), CancellationToken::new());
        let api = within(Scope::new(Duration::from_mins(5), stop.clone()));
        let kept = AccountMark::new("k", None);
        let begin = Instant::now();
        let (checked, ()) = tokio::join!(check_absence(&cloud, Some(&kept), Unfinished::No, &api), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            stop.cancel();
        });
        assert_eq!(checked.err().map(|error| error.kind()), Some(ErrorKind::Stopped));
        assert_eq!(begin.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn without_the_time_for_a_second_read_nothing_is_proved() {
        let kept = AccountMark::new("k", None);
        let short = within(Scope::detached(Duration::from_secs(2)));
        let checked = check_absence(&Cloud::default(), Some(&kept), Unfinished::No, &short).await;
        assert!(matches!(checked, Ok(Presence::Unproved(Doubt::ReadsTooClose))));
    }
}
