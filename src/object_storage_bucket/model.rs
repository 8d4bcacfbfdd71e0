//! What a bucket looks like in a configuration and in the state.

use tensorpool::Bucket;
use terraform_plugin::schema::{Attribute, IdentityAttribute, IdentitySchema, LengthAtLeast, Schema};
use terraform_plugin::{Attr, Model, Timeouts};

use super::name::NameOfS3;
use crate::errors::Verb;
use crate::timeouts;

/// The names that the API has for attributes, for its complaints about fields. The name stands in the path.
pub(super) const API_NAMES: [(&str, &str); 2] = [("path", "name"), ("bucket_name", "name")];

/// The state of a `tensorpool_object_storage_bucket`.
#[derive(Clone, Debug, Default, Model)]
pub struct BucketModel {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) created_at: Attr<String>,
    pub(super) timeouts: Timeouts,
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "A bucket of your organization's object storage. Object storage has to be enabled before: let the bucket depend on \
         the [`tensorpool_object_storage`](../resources/object_storage.md) with `depends_on`. TensorPool deletes only empty buckets.",
    )
    .noun("bucket")
    // From the id, which stays in a plan that changes the name: that plan is about the bucket that there is.
    .identity(
        IdentitySchema::new().attribute("name", IdentityAttribute::string("The name of the bucket.").taken_from("id")),
    )
    .attribute("id", Attribute::string("The id of the bucket: its name.").computed().use_non_null_state_for_unknown())
    .attribute(
        "name",
        Attribute::string("The name. A bucket that is replaced has to be empty.")
        .required()
        .requires_replace()
        .validate(LengthAtLeast(1))
        .validate(NameOfS3),
    )
    .attribute(
        "created_at",
        Attribute::string("When the bucket was created. Null if the API does not return it.").computed().use_non_null_state_for_unknown(),
    )
    .block("timeouts", timeouts::block(&[Verb::Create, Verb::Read, Verb::Delete]))
}

impl BucketModel {
    /// The name. A state without one cannot come from this provider; an empty name finds nothing.
    pub(super) fn name(&self) -> &str {
        self.name.as_str().unwrap_or_default()
    }

    /// The same, with what the API returns.
    pub(super) fn refreshed(self, bucket: &Bucket) -> Self {
        let created_at = bucket.created_at.clone().map_or(self.created_at.clone(), Attr::Known);
        Self { name: bucket.name.clone().into(), created_at, ..self }.without_unknowns()
    }

    /// The same, without anything unknown.
    pub(super) fn without_unknowns(mut self) -> Self {
        self.id = self.name.clone();
        if self.created_at.is_unknown() {
            self.created_at = Attr::Null;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_does_not_tell_stays() {
        let bare = Bucket { name: "data".to_owned(), created_at: None };
        let state = BucketModel { created_at: "then".into(), ..BucketModel::default() }.refreshed(&bare);
        assert_eq!((state.name(), state.created_at.as_str()), ("data", Some("then")));
        let state = BucketModel { created_at: Attr::Unknown, ..BucketModel::default() }.refreshed(&bare);
        assert!(state.into_value().to_msgpack(&schema().object_type()).is_ok());
    }
}
