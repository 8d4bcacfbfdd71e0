//! The data source `tensorpool_request`.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, LengthAtLeast, Schema};
use terraform_plugin::{DataSource, Diagnostics, Operation};

use super::model::{RequestModel, computed_attributes};
use crate::errors::{Subject, Verb};
use crate::lookup;
use crate::session::Session;
use crate::timeouts;

/// The data source `tensorpool_request`.
pub struct RequestDataSource;

#[async_trait]
impl DataSource for RequestDataSource {
    type Session = Session;
    type Model = RequestModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_request"
    }

    fn schema(&self) -> Schema {
        let schema = Schema::new(
            "Reads one asynchronous request by the id that an error or the log showed. It does not wait for the request to end.",
        )
        .attribute(
            "request_id",
            Attribute::string("The id of the request, which errors of the provider contain.")
                .required()
                .validate(LengthAtLeast(1)),
        );
        computed_attributes().into_iter().fold(schema, |schema, (name, attribute)| schema.attribute(name, attribute))
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, RequestModel>,
        config: RequestModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let id = config.request_id.as_str().unwrap_or_default();
        let request = api.requests().get(id, None).await;
        let subject = Subject::new(Verb::LookUp, "request").with_id(id);
        let request = request.map_err(|error| lookup::failed(&subject, &error, "request_id"))?;
        // The id is what was configured, however the API spells it.
        operation.save(RequestModel { request_id: config.request_id, ..request.into() });
        Ok(())
    }
}
