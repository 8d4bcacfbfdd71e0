//! What an attachment looks like in a configuration and in the state.

use terraform_plugin::schema::{Attribute, IdentityAttribute, IdentitySchema, LengthAtLeast, Schema};
use terraform_plugin::{Attr, Model, Timeouts};

use crate::errors::{Subject, Verb};
use crate::timeouts;

/// The object in a word.
pub(super) const NOUN: &str = "storage attachment";

/// The state of a `tensorpool_storage_attachment`.
#[derive(Clone, Debug, Model)]
pub struct AttachmentModel {
    pub(super) id: Attr<String>,
    pub(super) storage_id: Attr<String>,
    pub(super) cluster_id: Attr<String>,
    pub(super) attached: Attr<bool>,
    pub(super) timeouts: Timeouts,
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "Attaches a storage volume to a cluster. **Attaching and detaching each restart all nodes of the cluster**; several \
         attachments of one cluster are created one after the other. TensorPool attaches volumes to clusters of several \
         nodes and to CPU instances.",
    )
    .noun("attachment")
    .identity(
        IdentitySchema::new()
            .attribute("storage_id", IdentityAttribute::string("The id of the volume."))
            .attribute("cluster_id", IdentityAttribute::string("The id of the cluster.")),
    )
    .attribute(
        "id",
        Attribute::string("The ids of the volume and of the cluster, for example `s-abc123/c-abc123`.")
            .computed()
            .use_non_null_state_for_unknown(),
    )
    .attribute(
        "storage_id",
        Attribute::string("The id of the volume. A change detaches the one volume and attaches the other.")
            .required()
            .requires_replace()
            .validate(LengthAtLeast(1)),
    )
    .attribute(
        "cluster_id",
        Attribute::string("The id of the cluster. A change detaches the volume from the one cluster and attaches it to the other.")
            .required()
            .requires_replace()
            .validate(LengthAtLeast(1)),
    )
    .attribute(
        "attached",
        Attribute::bool(
            "Whether the volume is attached. `false` only after an apply that was interrupted, which the next one finishes.",
        )
        .computed()
        .use_non_null_state_for_unknown(),
    )
    .block("timeouts", timeouts::block(&[Verb::Create, Verb::Read, Verb::Delete]))
}

impl AttachmentModel {
    /// An attachment of which only the ids are known.
    pub(super) fn of(storage_id: &str, cluster_id: &str) -> Self {
        Self {
            id: format!("{storage_id}/{cluster_id}").into(),
            storage_id: storage_id.to_owned().into(),
            cluster_id: cluster_id.to_owned().into(),
            attached: true.into(),
            timeouts: Timeouts::default(),
        }
    }

    /// The ids of both, as one text.
    pub(super) fn pair(&self) -> String {
        format!("{}/{}", self.storage_id(), self.cluster_id())
    }

    /// The same, with its id and whether it is attached.
    pub(super) fn without_unknowns(self, attached: bool) -> Self {
        let id = Self::of(self.storage_id(), self.cluster_id()).id;
        Self { id, attached: attached.into(), ..self }
    }

    pub(super) fn storage_id(&self) -> &str {
        self.storage_id.as_str().unwrap_or_default()
    }

    pub(super) fn cluster_id(&self) -> &str {
        self.cluster_id.as_str().unwrap_or_default()
    }

    pub(super) fn subject(&self, verb: Verb) -> Subject {
        Subject { verb, noun: NOUN, name: None, id: Some(self.pair()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_fits_the_schema() {
        let value = AttachmentModel::of("s-1", "c-1").into_value();
        assert!(value.to_msgpack(&schema().object_type()).is_ok());
    }
}
