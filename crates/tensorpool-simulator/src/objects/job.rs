//! Jobs. They are made by orders only: pushing one is a conversation over a WebSocket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kind;
use crate::clock::{self, Moment};
use crate::reply::{Call, Reply};
use crate::server::Simulator;
use crate::world::World;

/// A job that is made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewJob {
    /// Its name.
    pub name: String,
    /// Its status, as `running`.
    pub status: String,
    /// The cluster that it runs on.
    pub cluster_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Job {
    #[serde(flatten)]
    new: NewJob,
    /// When it is cancelled, once somebody has asked for it.
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
        let id = self.id("j-");
        let status = if new.status.is_empty() { "running".to_owned() } else { new.status.to_ascii_lowercase() };
        self.objects.job.jobs.insert(id.clone(), Job { new: NewJob { status, ..new }, canceled_at: None });
        id
    }
}

fn shown(id: &str, job: &Job) -> Value {
    json!({"job_id": id, "name": job.new.name, "status": job.status(clock::now()), "cluster_id": job.new.cluster_id})
}

fn cancel(world: &mut World, id: &str) -> Reply {
    let now = clock::now();
    let ends = now.saturating_add(clock::millis(world.options.release));
    let Some(job) = world.objects.job.jobs.get_mut(id) else { return Reply::refuse(404, "Job not found") };
    if job.status(now) == "canceled" {
        let message = "Job already canceled";
        return Reply::json(200, &json!({"job_id": id, "message": message, "status": "canceled"}));
    }
    if job.is_terminal(now) {
        return Reply::refuse(409, "Job has ended");
    }
    job.canceled_at.get_or_insert(ends);
    Reply::json(202, &json!({"job_id": id, "message": "Job cancellation initiated", "status": "canceling"}))
}

/// Deleting hides a job that has ended.
fn delete(world: &mut World, id: &str) -> Reply {
    match world.objects.job.jobs.get(id).map(|job| job.is_terminal(clock::now())) {
        None => Reply::refuse(404, "Job not found"),
        Some(false) => Reply::refuse(409, "Job has not ended"),
        Some(true) => {
            world.objects.job.jobs.remove(id);
            Reply::json(200, &json!({"message": format!("Job {id} deleted")}))
        }
    }
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        Some(match call.route() {
            ("GET", ["job", "list"]) => {
                let jobs: Vec<_> = world.objects.job.jobs.iter().map(|(id, job)| shown(id, job)).collect();
                world.options.many("jobs", &format!("{} jobs", jobs.len()), jobs)
            }
            ("GET", ["job", "info", id]) => match world.objects.job.jobs.get(*id) {
                Some(job) => {
                    let message = format!("Job {id} is {}", job.status(clock::now()));
                    world.options.one("job_info", &message, &shown(id, job))
                }
                None => Reply::refuse(404, "Job not found"),
            },
            ("POST", ["job", "cancel", id]) => cancel(world, id),
            ("DELETE", ["job", "delete", id]) => delete(world, id),
            _ => return None,
        })
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        Some(match call.route() {
            ("GET", ["jobs"]) => {
                Reply::json(200, &world.objects.job.jobs.iter().map(|(id, job)| shown(id, job)).collect())
            }
            ("POST", ["jobs"]) => match serde_json::from_value(call.body.clone()) {
                Ok(new) => Reply::json(200, &json!({"id": world.add_job(new)})),
                Err(error) => Reply::json(422, &json!({"detail": error.to_string()})),
            },
            ("PATCH", ["jobs", id]) => {
                let Some(job) = world.objects.job.jobs.get_mut(*id) else { return Some(Reply::not_found()) };
                if let Some(status) = call.text("status") {
                    job.new.status = status.to_ascii_lowercase();
                }
                Reply::json(200, &json!({}))
            }
            _ => return None,
        })
    }
}

impl Simulator {
    /// Makes a job, and gives its id.
    #[must_use]
    pub fn add_job(&self, new: NewJob) -> String {
        self.with(|world| world.add_job(new))
    }

    /// The status of a job, if there is one.
    #[must_use]
    pub fn job_status(&self, id: &str) -> Option<String> {
        self.with(|world| Some(world.objects.job.jobs.get(id)?.status(clock::now()).to_owned()))
    }
}
