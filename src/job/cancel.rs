//! The action `tensorpool_cancel_job`.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Api, Condition, Error, ErrorKind, Job, JobStatus, Progress};
use terraform_plugin::schema::{Attribute, LengthAtLeast, Schema};
use terraform_plugin::{Action, Attr, Diagnostic, Diagnostics, Invocation, Model};
use tokio::time::Instant;

use crate::errors::{self, Subject};
use crate::session::Session;

const CANCEL_LIMIT: Duration = Duration::from_hours(1);

/// The configuration of `tensorpool_cancel_job`.
#[derive(Clone, Debug, Model)]
pub struct CancelJobModel {
    job_id: Attr<String>,
}

/// The action `tensorpool_cancel_job`.
pub struct CancelJobAction;

#[async_trait]
impl Action for CancelJobAction {
    type Session = Session;
    type Model = CancelJobModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_cancel_job"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Cancels a job and waits until it has ended, for an hour at most. A job that has ended already is left as it is, \
             with a warning. Jobs are pushed with TensorPool's own command line client.",
        )
        .attribute("job_id", Attribute::string("The id of the job.").required().validate(LengthAtLeast(1)))
    }

    async fn invoke(&self, invocation: &mut Invocation<Session>, config: CancelJobModel) -> Result<(), Diagnostics> {
        let api = &invocation.session().api(CANCEL_LIMIT, invocation.stop())?;
        let id = config.job_id.as_str().unwrap_or_default();
        let failed = |error: Error| Subject::new(errors::Verb::Cancel, "job").with_id(id).failed(&error);

        let job = api.jobs().get(id).await.map_err(failed)?;
        let job = if job.status.is_terminal() {
            job
        } else {
            invocation.progress(format!("Job {id} is {}. Canceling it.", job.status));
            cancel(api, invocation, id).await.map_err(failed)?
        };
        if job.status == JobStatus::Canceled {
            invocation.progress(format!("Job {id} is canceled."));
        } else {
            invocation.warn(ended_by_itself(id, &job.status));
        }
        Ok(())
    }
}

/// Cancels a job and waits for its end, however it ends.
async fn cancel(api: &Api, invocation: &Invocation<Session>, id: &str) -> Result<Job, Error> {
    match api.jobs().cancel(id).await {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::Conflict => {
            // It may have come to its end just now.
            let job = api.jobs().get(id).await?;
            return if job.status.is_terminal() { Ok(job) } else { Err(error) };
        }
        Err(error) => return Err(error),
    }
    api.wait(&JobEnded { api, invocation, id, begin: Instant::now() }).await
}

/// That a job has ended. Each check is reported to the user.
struct JobEnded<'a> {
    api: &'a Api,
    invocation: &'a Invocation<Session>,
    id: &'a str,
    begin: Instant,
}

impl Condition for JobEnded<'_> {
    type Output = Job;
    type Pending = JobStatus;

    fn name(&self) -> String {
        format!("job {}", self.id)
    }

    async fn check(&self) -> Result<Progress<Job, JobStatus>, Error> {
        let job = self.api.jobs().get(self.id).await?;
        if job.status.is_terminal() {
            return Ok(Progress::Done(job));
        }
        let elapsed = self.begin.elapsed().as_secs();
        self.invocation.progress(format!("Job {} is {} ({elapsed} s).", self.id, job.status));
        Ok(Progress::Pending(job.status))
    }
}

fn ended_by_itself(id: &str, status: &JobStatus) -> Diagnostic {
    let detail =
        format!("Job {id} came to its end before it could be canceled: its status is {status}. It was left so.");
    Diagnostic::warning("Job was not canceled", detail)
}
