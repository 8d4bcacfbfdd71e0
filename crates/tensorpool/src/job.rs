//! Jobs, which are submitted with the official client. This client reads, lists and cancels them.

use std::fmt;

use http::Method;
use serde_json::Value;

use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::{Error, ErrorKind};
use crate::lenient;
use crate::listing::{Listing, fetch};

/// The status of a job, as the API names it. The API may add others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// Accepted and not started.
    Pending,
    /// Running.
    Running,
    /// Completed successfully.
    Completed,
    /// The user's code failed.
    Error,
    /// The infrastructure failed.
    Failed,
    /// Being cancelled.
    Canceling,
    /// Cancelled.
    Canceled,
    /// An undocumented status. The job counts as not ended.
    Other(String),
}

impl JobStatus {
    /// Parses a status, in upper or lower case.
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

/// A job. `None` stands for what the API does not report; only the status is documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The status.
    pub status: JobStatus,
    /// The id of the cluster that the job runs on.
    pub cluster_id: Option<String>,
    /// When the job was submitted.
    pub created_at: Option<String>,
    /// The message for the user.
    pub message: Option<String>,
}

impl Job {
    /// Reads a job. `None` if the response contains no status.
    fn read(id: &str, body: &Value) -> Option<Self> {
        let job = lenient::unwrap(body, &["job_info", "job"]);
        Some(Self {
            id: lenient::id(job, &["job_id", "id"]).unwrap_or_else(|| id.to_owned()),
            name: lenient::text(job, &["name", "job_name"]),
            status: JobStatus::parse(&lenient::text(job, &["status"])?),
            cluster_id: lenient::id(job, &["cluster_id"]),
            created_at: lenient::text(job, &["created_at"]),
            message: lenient::text(body, &["message"]),
        })
    }

    /// Reads a job of a list. `None` if it has no id or no status.
    fn read_listed(item: &Value) -> Option<Self> {
        Self::read("", item).filter(|job| !job.id.is_empty())
    }
}

/// The operations on jobs.
pub struct Jobs<'a>(&'a Api);

impl Api {
    /// Returns the operations on jobs.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }
}

impl Jobs<'_> {
    /// Reads a job by its id.
    ///
    /// # Errors
    /// Returns an error if the job does not exist, the API cannot be reached, or the response is about another job
    /// ([`ErrorKind::WrongObject`]).
    pub async fn get(&self, id: &str) -> Result<Job, Error> {
        let request = ApiRequest::get(&["job", "info", id]);
        let operation = request.operation();
        let response = self.0.send(request).await?;
        match Job::read(id, &response.body) {
            Some(job) if job.id == id => Ok(job),
            Some(job) => {
                let message = format!("the response is about another job ({})", job.id);
                let error = Error::new(ErrorKind::WrongObject, operation).with_message(Some(message));
                Err(self.0.client().redact(error))
            }
            None => Err(Error::invalid_response(operation, "the response contains no status")),
        }
    }

    /// Lists the user's own jobs, or those of the organization instead.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn list(&self, organization: bool) -> Result<Listing<Job>, Error> {
        let request = ApiRequest::get(&["job", "list"]);
        let request = if organization { request.query("include_org", "true") } else { request };
        fetch(self.0, request, &["jobs"], Job::read_listed).await
    }

    /// Lists the user's own jobs and those of the organization, without duplicates.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn listing(&self) -> Result<Listing<Job>, Error> {
        Ok(self.list(false).await?.merge(self.list(true).await?, |job| &job.id))
    }

    /// Starts to cancel a job. Cancelling a job again is not an error.
    ///
    /// # Errors
    /// Returns an error if the job does not exist, or the API rejects the request or cannot be reached.
    pub async fn cancel(&self, id: &str) -> Result<(), Error> {
        self.0.send(ApiRequest::new(Method::POST, &["job", "cancel", id])).await.map(drop)
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
        assert_eq!(bare.as_ref().and_then(|job| job.name.as_ref()), None);
        assert_eq!(wrapped, bare);
        assert!(wrapped.is_some_and(|job| job.status.is_terminal()));
        assert_eq!(Job::read("j-1", &json!({"message": "m"})), None);
    }

    #[test]
    fn a_job_of_a_list_needs_an_id_and_a_status() {
        let job = json!({"id": 7, "job_name": "train", "status": "running", "cluster_id": "c-1", "created_at": "t"});
        let read = Job::read_listed(&job).expect("it has both");
        assert_eq!((&*read.id, read.name.as_deref(), read.cluster_id.as_deref()), ("7", Some("train"), Some("c-1")));
        assert_eq!(Job::read_listed(&json!({"status": "running"})), None);
        assert_eq!(Job::read_listed(&json!({"job_id": "j-1"})), None);
    }

    #[test]
    fn a_status_is_known_in_upper_and_lower_case() {
        for (text, status) in [
            ("pending", JobStatus::Pending),
            ("running", JobStatus::Running),
            ("completed", JobStatus::Completed),
            ("error", JobStatus::Error),
            ("failed", JobStatus::Failed),
            ("canceling", JobStatus::Canceling),
            ("canceled", JobStatus::Canceled),
            ("paused", JobStatus::Other("paused".to_owned())),
        ] {
            assert_eq!((&JobStatus::parse(text), &*status.to_string()), (&status, text));
        }
        assert_eq!(JobStatus::parse("RUNNING"), JobStatus::Running);
    }

    #[test]
    fn an_unknown_status_is_not_terminal() {
        for status in ["pending", "Running", "canceling", "paused"] {
            assert!(!JobStatus::parse(status).is_terminal(), "{status}");
        }
        for ended in ["completed", "error", "failed", "canceled"] {
            assert!(JobStatus::parse(ended).is_terminal());
            assert_eq!(JobStatus::parse(ended).to_string(), ended);
        }
    }
}
