//! The data source `tensorpool_cluster_operations`.

use async_trait::async_trait;
use tensorpool::Request;
use terraform_plugin::schema::{Attribute, LengthAtLeast, Nesting, Schema};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use super::model::{RequestModel, computed_attributes};
use crate::errors::{Subject, Verb};
use crate::lookup;
use crate::session::Session;
use crate::timeouts;

/// The state of `tensorpool_cluster_operations`.
#[derive(Clone, Debug, Model)]
pub struct OperationsModel {
    cluster_id: Attr<String>,
    request_type: Attr<String>,
    status: Attr<String>,
    operations: Attr<Vec<RequestModel>>,
}

impl OperationsModel {
    /// Whether the filters let a request through. They are applied here: that the API has such filters is documented, but
    /// not their names.
    fn wants(&self, request: &Request) -> bool {
        let wants = |filter: &Attr<String>, value: Option<&str>| {
            filter.known().is_none_or(|filter| value.is_some_and(|value| value.eq_ignore_ascii_case(filter)))
        };
        wants(&self.request_type, request.request_type.as_deref())
            && wants(&self.status, Some(&request.status.to_string()))
    }
}

/// The data source `tensorpool_cluster_operations`.
pub struct ClusterOperationsDataSource;

#[async_trait]
impl DataSource for ClusterOperationsDataSource {
    type Session = Session;
    type Model = OperationsModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_cluster_operations"
    }

    fn schema(&self) -> Schema {
        let id = [("request_id", Attribute::string("The id of the request.").computed())];
        let attributes = id.into_iter().chain(computed_attributes());
        Schema::new("Lists the requests that concern a cluster, the oldest first.")
            .attribute("cluster_id", Attribute::string("The id of the cluster.").required().validate(LengthAtLeast(1)))
            .attribute(
                "request_type",
                Attribute::string(
                    "Lists only requests of this type, for example `CLUSTER_RELEASE`. Case does not matter.",
                )
                .optional(),
            )
            .attribute(
                "status",
                Attribute::string(
                    "Lists only requests of this status, for example `PROCESSING`. Case does not matter.",
                )
                .optional(),
            )
            .attribute("operations", Attribute::nested(Nesting::List, attributes, "The requests.").computed())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, OperationsModel>,
        config: OperationsModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let clusters = api.clusters();
        let id = config.cluster_id.as_str().unwrap_or_default();
        let subject = Subject::new(Verb::LookUp, "cluster").with_id(id);
        let failed = |error| lookup::failed(&subject, &error, "cluster_id");
        let mut requests = clusters.operations(id).await.map_err(failed)?;
        if requests.is_empty() {
            // Without this, a cluster that does not exist would look like one without requests.
            clusters.get(id).await.map_err(failed)?;
        }
        requests.retain(|request| config.wants(request));
        requests.sort_by(|a, b| (&a.created_at, &a.request_id).cmp(&(&b.created_at, &b.request_id)));
        let operations = requests.into_iter().map(RequestModel::from).collect();
        operation.save(OperationsModel { operations, ..config });
        Ok(())
    }
}
