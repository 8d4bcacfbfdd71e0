//! What a request looks like in a configuration.

use tensorpool::Request;
use terraform_plugin::schema::Attribute;
use terraform_plugin::{Attr, Model};

/// A request, as data sources show it.
#[derive(Clone, Debug, Model)]
pub struct RequestModel {
    pub(super) request_id: Attr<String>,
    pub(super) request_type: Attr<String>,
    pub(super) status: Attr<String>,
    pub(super) object_id: Attr<String>,
    pub(super) created_at: Attr<String>,
    pub(super) message: Attr<String>,
}

impl From<Request> for RequestModel {
    fn from(request: Request) -> Self {
        Self {
            request_id: request.request_id.into(),
            request_type: request.request_type.into(),
            status: request.status.to_string().into(),
            object_id: request.object_id.into(),
            created_at: request.created_at.into(),
            message: request.external_message.into(),
        }
    }
}

/// Everything but the id, computed.
pub(super) fn computed_attributes() -> [(&'static str, Attribute); 5] {
    [
        (
            "request_type",
            Attribute::string("The type of the request, for example `CLUSTER_CLAIM` or `CLUSTER_RELEASE`.").computed(),
        ),
        (
            "status",
            Attribute::string(
                "`PENDING`, `PROCESSING`, `RETRYING`, `COMPLETED` or `FAILED`; TensorPool may add others.",
            )
            .computed(),
        ),
        ("object_id", Attribute::string("The id of the cluster or volume that it concerns.").computed()),
        ("created_at", Attribute::string("When it was accepted, in ISO 8601.").computed()),
        ("message", Attribute::string("TensorPool's message about it, for example why it failed.").computed()),
    ]
}
