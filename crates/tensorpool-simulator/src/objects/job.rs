//! Jobs. Only admin requests create them, because the real API submits a job over a WebSocket.

use serde_json::{Value, json};

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::simulator::Simulator;
use crate::state::job::{Job, NewJob};
use crate::world::World;

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

/// The endpoints of jobs.
pub(crate) struct Jobs;

impl Handler for Jobs {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
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

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
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
