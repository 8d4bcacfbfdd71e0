//! Jobs. Only admin requests create them, because the real API submits a job over a WebSocket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock::{self, Moment};
use crate::server::Simulator;
use crate::world::World;

/// A job to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewJob {
    /// The name.
    pub name: String,
    /// The status, for example `running`.
    pub status: String,
    /// The id of the cluster that it runs on.
    pub cluster_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Job {
    #[serde(flatten)]
    new: NewJob,
    /// When the cancellation ends, if one was requested.
    canceled_at: Option<Moment>,
}

impl Job {
    fn status(&self, now: Moment) -> &str {
        match self.canceled_at {
            Some(at) if now >= at => "canceled",
            Some(_) => "canceling",
            None => &self.new.status,
        }
    }

    fn is_terminal(&self, now: Moment) -> bool {
        ["completed", "error", "failed", "canceled"].contains(&self.status(now))
    }
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    jobs: BTreeMap<String, Job>,
}

impl World {
    fn add_job(&mut self, new: NewJob) -> String {
        let id = self.new_id("j-");
        let status = if new.status.is_empty() { "running".to_owned() } else { new.status.to_ascii_lowercase() };
        self.objects.job.jobs.insert(id.clone(), Job { new: NewJob { status, ..new }, canceled_at: None });
        id
    }
}

fn to_json(id: &str, job: &Job) -> Value {
    json!({"job_id": id, "name": job.new.name, "status": job.status(clock::now()), "cluster_id": job.new.cluster_id})
}

fn cancel(world: &mut World, id: &str) -> ApiResponse {
    let now = clock::now();
    let ends = now.saturating_add(clock::millis(world.options.release));
    let Some(job) = world.objects.job.jobs.get_mut(id) else { return ApiResponse::error(404, "Job not found") };
    if job.status(now) == "canceled" {
        let message = "Job already canceled";
        return ApiResponse::json(200, &json!({"job_id": id, "message": message, "status": "canceled"}));
    }
    if job.is_terminal(now) {
        return ApiResponse::error(409, "Job has ended");
    }
    job.canceled_at.get_or_insert(ends);
    ApiResponse::json(202, &json!({"job_id": id, "message": "Job cancellation initiated", "status": "canceling"}))
}

/// Deletes a job that has ended.
fn delete(world: &mut World, id: &str) -> ApiResponse {
    match world.objects.job.jobs.get(id).map(|job| job.is_terminal(clock::now())) {
        None => ApiResponse::error(404, "Job not found"),
        Some(false) => ApiResponse::error(409, "Job has not ended"),
        Some(true) => {
            world.objects.job.jobs.remove(id);
            ApiResponse::json(200, &json!({"message": format!("Job {id} deleted")}))
        }
    }
}

impl Handler for State {
    fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        Some(match request.route() {
            ("GET", ["job", "list"]) => {
                let jobs: Vec<_> = world.objects.job.jobs.iter().map(|(id, job)| to_json(id, job)).collect();
                world.options.many("jobs", &format!("{} jobs", jobs.len()), jobs)
            }
            ("GET", ["job", "info", id]) => match world.objects.job.jobs.get(*id) {
                Some(job) => {
                    let message = format!("Job {id} is {}", job.status(clock::now()));
                    world.options.one("job_info", &message, &to_json(id, job))
                }
                None => ApiResponse::error(404, "Job not found"),
            },
            ("POST", ["job", "cancel", id]) => cancel(world, id),
            ("DELETE", ["job", "delete", id]) => delete(world, id),
            _ => return None,
        })
    }

    fn handle_admin(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        Some(match request.route() {
            ("GET", ["jobs"]) => {
                ApiResponse::json(200, &world.objects.job.jobs.iter().map(|(id, job)| to_json(id, job)).collect())
            }
            ("POST", ["jobs"]) => match serde_json::from_value(request.body.clone()) {
                Ok(new) => ApiResponse::json(200, &json!({"id": world.add_job(new)})),
                Err(error) => ApiResponse::unusable(&error),
            },
            ("PATCH", ["jobs", id]) => {
                let Some(job) = world.objects.job.jobs.get_mut(*id) else { return Some(ApiResponse::not_found()) };
                if let Some(status) = request.text("status") {
                    job.new.status = status.to_ascii_lowercase();
                }
                ApiResponse::done()
            }
            _ => return None,
        })
    }
}

impl Simulator {
    /// Creates a job, and returns its id.
    #[must_use]
    pub fn add_job(&self, new: NewJob) -> String {
        self.with_world(|world| world.add_job(new))
    }

    /// Returns the status of a job. `None` if it does not exist.
    #[must_use]
    pub fn job_status(&self, id: &str) -> Option<String> {
        self.with_world(|world| Some(world.objects.job.jobs.get(id)?.status(clock::now()).to_owned()))
    }
}
