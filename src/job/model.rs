//! What a job looks like in a configuration.

use tensorpool::Job;
use terraform_plugin::schema::Attribute;
use terraform_plugin::{Attr, Model};

/// A job as the data sources show it.
#[derive(Clone, Debug, Model)]
pub struct FoundJob {
    pub(super) id: Attr<String>,
    name: Attr<String>,
    status: Attr<String>,
    ended: Attr<bool>,
    cluster_id: Attr<String>,
    created_at: Attr<String>,
}

impl From<&Job> for FoundJob {
    fn from(job: &Job) -> Self {
        Self {
            id: job.id.clone().into(),
            name: job.name.clone().into(),
            status: job.status.to_string().into(),
            ended: job.status.is_terminal().into(),
            cluster_id: job.cluster_id.clone().into(),
            created_at: job.created_at.clone().into(),
        }
    }
}

/// Everything but the id, computed.
pub(super) fn computed_attributes() -> [(&'static str, Attribute); 5] {
    [
        ("name", Attribute::string("The name. Null if the API does not return it.").computed()),
        (
            "status",
            Attribute::string(
                "`pending`, `running`, `canceling`, `completed`, `canceled`, `error` (the job's own code failed) or `failed` \
                 (TensorPool's infrastructure failed); TensorPool may add others.",
            )
            .computed(),
        ),
        (
            "ended",
            Attribute::bool("Whether it has ended, so that there is nothing to cancel. `false` for an unknown status.")
                .computed(),
        ),
        (
            "cluster_id",
            Attribute::string("The id of the cluster that it runs on. Null if the API does not return it.").computed(),
        ),
        ("created_at", Attribute::string("When it was submitted. Null if the API does not return it.").computed()),
    ]
}
