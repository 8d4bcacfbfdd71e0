//! Jobs. They are pushed with the official client; here they are looked at and cancelled.

use std::fmt;

use http::Method;
use serde_json::Value;

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::scope::Scope;
use crate::wait::{Progress, Tolerance, wait_until};

/// How far a job is. The names are those of the API; it may add others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// Accepted, not begun.
    Pending,
    /// Begun.
    Running,
    /// Done.
    Completed,
    /// The user's code failed.
    Error,
    /// The infrastructure failed.
    Failed,
    /// Being cancelled.
    Canceling,
    /// Cancelled.
    Canceled,
    /// One that is not documented: the job goes on.
    Other(String),
}

impl JobStatus {
    /// Reads a status, in upper or lower case.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "pending" => Self::Pending,
            "running" => Self::Running,
            "completed" => Self::Completed,
            "error" => Self::Error,
            "failed" => Self::Failed,
            "canceling" => Self::Canceling,
            "canceled" => Self::Canceled,
            _ => Self::Other(text.to_owned()),
        }
    }

    /// Whether the job has ended.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Error | Self::Failed | Self::Canceled)
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Error => "error",
            Self::Failed => "failed",
            Self::Canceling => "canceling",
            Self::Canceled => "canceled",
            Self::Other(text) => text,
        })
    }
}

/// A job, as far as the API tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub status: JobStatus,
    /// What the API says to the user.
    pub message: Option<String>,
}

impl Job {
    /// Reads a job, if there is a status in it.
    fn read(id: &str, body: &Value) -> Option<Self> {
        let job = body::unwrap(body, &["job_info", "job"]);
        Some(Self {
            id: body::text(job, &["job_id", "id"]).unwrap_or_else(|| id.to_owned()),
            status: JobStatus::parse(&body::text(job, &["status"])?),
            message: body::text(body, &["message"]),
        })
    }
}

/// The calls on jobs.
pub struct Jobs<'a>(&'a Client);

impl Client {
    /// The calls on jobs.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }
}

impl Jobs<'_> {
    /// Looks at a job.
    ///
    /// # Errors
    /// When there is none, or the API cannot be asked.
    pub async fn get(&self, id: &str, scope: &Scope) -> Result<Job, Error> {
        self.job_of(Call::new(Method::GET, &["job", "info", id]), id, scope).await
    }

    /// Begins to cancel a job. A job that is cancelled already is no error.
    ///
    /// # Errors
    /// When there is no such job, or the API refuses or cannot be reached.
    pub async fn cancel(&self, id: &str, scope: &Scope) -> Result<(), Error> {
        self.0.send(Call::new(Method::POST, &["job", "cancel", id]), scope).await.map(drop)
    }

    /// Waits until a job has ended, however it ends.
    ///
    /// # Errors
    /// When the job cannot be looked at, or the scope ends before the job does.
    pub async fn wait(&self, id: &str, scope: &Scope) -> Result<Job, Error> {
        let what = format!("job {id}");
        let look = || async move {
            let job = self.get(id, scope).await?;
            if job.status.is_terminal() {
                Ok(Progress::Done(job))
            } else {
                Ok(Progress::Pending(job.status.to_string()))
            }
        };
        wait_until(&what, Tolerance::NONE, scope, look).await
    }

    async fn job_of(&self, call: Call, id: &str, scope: &Scope) -> Result<Job, Error> {
        let name = call.name();
        let answer = self.0.send(call, scope).await?;
        Job::read(id, &answer.body).ok_or_else(|| {
            Error::new(ErrorKind::InvalidResponse, name).with_message(Some("the answer holds no status".to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_job_is_read_with_and_without_its_wrapper() {
        let wrapped = Job::read("j-1", &json!({"message": "m", "job_info": {"status": "CANCELED"}}));
        let bare = Job::read("j-2", &json!({"message": "m", "job_id": "j-1", "status": "canceled"}));
        assert_eq!(wrapped, bare);
        assert!(wrapped.is_some_and(|job| job.status.is_terminal()));
        assert_eq!(Job::read("j-1", &json!({"message": "m"})), None);
    }

    #[test]
    fn an_unknown_status_goes_on() {
        for going_on in ["pending", "Running", "canceling", "paused"] {
            assert!(!JobStatus::parse(going_on).is_terminal(), "{going_on}");
        }
        for ended in ["completed", "error", "failed", "canceled"] {
            assert!(JobStatus::parse(ended).is_terminal());
            assert_eq!(JobStatus::parse(ended).to_string(), ended);
        }
    }
}
