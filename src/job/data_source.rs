//! The data sources `tensorpool_job` and `tensorpool_jobs`.

use async_trait::async_trait;
use tensorpool::Job;
use terraform_plugin::schema::{Attribute, LengthAtLeast, Nesting, Schema};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use super::model::{FoundJob, computed_attributes};
use crate::errors::{Subject, Verb};
use crate::filter::{include_org_attribute, name_contains_attribute};
use crate::incomplete_list;
use crate::lookup;
use crate::session::Session;
use crate::timeouts;

/// The data source `tensorpool_job`: one job, by its id.
pub struct JobDataSource;

#[async_trait]
impl DataSource for JobDataSource {
    type Session = Session;
    type Model = FoundJob;

    fn type_name(&self) -> &'static str {
        "tensorpool_job"
    }

    fn schema(&self) -> Schema {
        Schema::new("Looks up one job by its id. It does not wait for the job to end.")
            .attribute("id", Attribute::string("The id.").required().validate(LengthAtLeast(1)))
            .attributes(computed_attributes())
    }

    async fn read(&self, operation: &mut Operation<Session, FoundJob>, config: FoundJob) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let id = config.id.as_str().unwrap_or_default();
        let subject = Subject::new(Verb::LookUp, "job").with_id(id);
        let job = api.jobs().get(id).await.map_err(|error| lookup::failed(&subject, &error, "id"))?;
        operation.save(FoundJob::from(&job));
        Ok(())
    }
}

/// The state of `tensorpool_jobs`.
#[derive(Clone, Debug, Default, Model)]
pub struct JobsModel {
    include_org: Attr<bool>,
    status: Attr<String>,
    cluster_id: Attr<String>,
    name_contains: Attr<String>,
    jobs: Attr<Vec<FoundJob>>,
}

impl JobsModel {
    /// Whether the filters let a job through. They are applied here: the API documents no filters.
    fn wants(&self, job: &Job) -> bool {
        let status = self.status.as_str().is_none_or(|status| job.status.to_string().eq_ignore_ascii_case(status));
        let cluster = self.cluster_id.as_str().is_none_or(|id| job.cluster_id.as_deref() == Some(id));
        let has = |part| job.name.as_ref().is_some_and(|name| name.contains(part));
        status && cluster && self.name_contains.as_str().is_none_or(has)
    }
}

/// The data source `tensorpool_jobs`: all jobs.
pub struct JobsDataSource;

#[async_trait]
impl DataSource for JobsDataSource {
    type Session = Session;
    type Model = JobsModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_jobs"
    }

    fn schema(&self) -> Schema {
        let id = [(
            "id",
            Attribute::string(
                "The id, for example for the action [`tensorpool_cancel_job`](../actions/cancel_job.md).",
            )
            .computed(),
        )];
        let attributes = id.into_iter().chain(computed_attributes());
        Schema::new("Lists your jobs, which are pushed with TensorPool's own command line client. With several filters, those that pass all of them.")
            .attribute("include_org", include_org_attribute())
            .attribute(
                "status",
                Attribute::string("Lists only jobs of this status, for example `running`. Case does not matter.")
                    .optional(),
            )
            .attribute(
                "cluster_id",
                Attribute::string("Lists only jobs that run on the cluster of this id.").optional(),
            )
            .attribute("name_contains", name_contains_attribute())
            .attribute("jobs", Attribute::nested(Nesting::List, attributes, "The jobs, by their ids.").computed())
    }

    async fn read(&self, operation: &mut Operation<Session, JobsModel>, config: JobsModel) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let (jobs, include_org) = (api.jobs(), config.include_org.is_true());
        let subject = Subject::new(Verb::LookUp, "jobs");
        let listing = if include_org { jobs.listing().await } else { jobs.list(false).await };
        let listing = listing.map_err(|error| subject.failed(&error))?;
        let mut found = incomplete_list::complete(listing, &api, &subject).await?;
        found.retain(|job| config.wants(job));
        // The API gives no order, and a changing one would look like a change.
        found.sort_by(|a, b| a.id.cmp(&b.id));
        let jobs = found.iter().map(FoundJob::from).collect();
        operation.save(JobsModel { jobs, ..config });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tensorpool::JobStatus;

    use super::*;

    #[test]
    fn every_filter_has_to_let_a_job_through() {
        let job = Job {
            id: "j-1".to_owned(),
            name: Some("train-1".to_owned()),
            status: JobStatus::Running,
            cluster_id: Some("c-1".to_owned()),
            created_at: None,
            message: None,
        };
        let bare = Job { name: None, cluster_id: None, ..job.clone() };
        let none = JobsModel::default();
        let status = |status: &str| JobsModel { status: status.into(), ..none.clone() };
        let cluster = JobsModel { cluster_id: "c-1".into(), ..none.clone() };
        let name = JobsModel { name_contains: "train".into(), ..none.clone() };
        for (filter, lets_job, lets_bare) in [
            (none.clone(), true, true),
            (status("RUNNING"), true, true),
            (status("run"), false, false),
            (cluster.clone(), true, false),
            (name.clone(), true, false),
            (JobsModel { status: "pending".into(), ..name }, false, false),
        ] {
            assert_eq!((filter.wants(&job), filter.wants(&bare)), (lets_job, lets_bare), "{filter:?}");
        }
    }
}
