//! What an organization's object storage looks like in a configuration and in the state.
//!
//! Of the credentials, neither the secret access key nor its id is there: the secret must not be in a state, and the id
//! alone is of no use and changes whenever the keys are rotated. The ephemeral resource returns both.

use tensorpool::Credentials;
use terraform_plugin::schema::{Attribute, IdentitySchema, Schema};
use terraform_plugin::{Attr, Model, Timeouts};

use crate::errors::Verb;
use crate::timeouts;

/// The id if the API does not return the organization's: an account has only one.
const UNKNOWN_ORGANIZATION: &str = "organization";

/// The state of a `tensorpool_object_storage`.
#[derive(Clone, Debug, Default, Model)]
pub struct ObjectStorageModel {
    pub(super) id: Attr<String>,
    pub(super) org_id: Attr<String>,
    pub(super) endpoint: Attr<String>,
    pub(super) region: Attr<String>,
    pub(super) profile_id: Attr<String>,
    pub(super) iam_username: Attr<String>,
    pub(super) status: Attr<String>,
    pub(super) created_at: Attr<String>,
    pub(super) allow_disable: Attr<bool>,
    pub(super) timeouts: Timeouts,
}

pub(super) fn schema() -> Schema {
    let fixed = |description: &str| Attribute::string(description).computed().use_non_null_state_for_unknown();
    Schema::new(
        "The S3-compatible object storage of your organization, which it has once. If it is enabled already, it is adopted \
         with a warning. **Destroying it disables object storage for the whole organization**, so it needs \
         `allow_disable = true` in the state. No credentials are in the state; the ephemeral resource \
         [`tensorpool_object_storage_credentials`](../ephemeral-resources/object_storage_credentials.md) returns them.",
    )
    .identity(IdentitySchema::of("org_id", "The id of the organization."))
    .attribute("id", fixed("The id of the organization, as in `org_id`."))
    .attribute("org_id", fixed("The id of the organization; `organization` if the API does not return it."))
    .attribute("endpoint", fixed("The URL of the S3 endpoint."))
    .attribute("region", fixed("The S3 region."))
    .attribute("profile_id", fixed("The id of the organization's profile. Null if the API does not return it."))
    .attribute("iam_username", fixed("The name of the profile's user. Null if the API does not return it."))
    .attribute("status", Attribute::string("The status of the profile. Null if the API does not return it.").computed())
    .attribute("created_at", fixed("When it was enabled. Null if the API does not return it."))
    .attribute(
        "allow_disable",
        Attribute::bool(
            "Whether Terraform may disable object storage for the whole organization, which a destroy does. A plan that would destroy it otherwise is refused: set this to `true` and apply first.",
        )
        .default(false),
    )
    .block("timeouts", timeouts::block(&[Verb::Create, Verb::Read, Verb::Update, Verb::Delete]))
}

/// The organization that credentials belong to.
pub(super) fn organization(credentials: &Credentials) -> &str {
    credentials.org_id.as_deref().unwrap_or(UNKNOWN_ORGANIZATION)
}

/// Whether two ids are of one organization, as far as the API returns them.
pub(super) fn is_same_organization(a: &str, b: &str) -> bool {
    a == b || a == UNKNOWN_ORGANIZATION || b == UNKNOWN_ORGANIZATION
}

impl ObjectStorageModel {
    /// The id of the organization. A state without one cannot come from this provider.
    pub(super) fn org_id(&self) -> &str {
        self.org_id.known().map_or(UNKNOWN_ORGANIZATION, String::as_str)
    }

    pub(super) fn may_be_disabled(&self) -> bool {
        self.allow_disable.is_true()
    }

    /// The same, with what the API returns; what it does not return stays as it was. An organization's id never changes.
    pub(super) fn refreshed(self, credentials: &Credentials) -> Self {
        let returned = |new: &Option<String>, known: Attr<String>| new.clone().map_or(known, Attr::Known);
        let known = self.org_id.known().cloned();
        Self {
            id: self.id,
            org_id: known.unwrap_or_else(|| organization(credentials).to_owned()).into(),
            endpoint: credentials.endpoint.clone().into(),
            region: returned(&credentials.region, self.region),
            profile_id: returned(&credentials.profile_id, self.profile_id),
            iam_username: returned(&credentials.iam_username, self.iam_username),
            status: returned(&credentials.status, self.status),
            created_at: returned(&credentials.created_at, self.created_at),
            allow_disable: self.allow_disable,
            timeouts: self.timeouts,
        }
        .without_unknowns()
    }

    /// The same after an import: the organization is the one that the API returns.
    pub(super) fn imported(self, credentials: &Credentials) -> Self {
        Self { org_id: organization(credentials).into(), ..self }.refreshed(credentials)
    }

    /// The same after an update: what was planned stands, and the status is what the API returns now.
    pub(super) fn with_status(self, credentials: &Credentials) -> Self {
        let status = credentials.status.clone().into();
        Self { status, ..self }.without_unknowns()
    }

    /// The same, without anything unknown. The id follows from the organization's, also where an older state has none.
    pub(super) fn without_unknowns(mut self) -> Self {
        self.id = self.org_id.clone();
        let Self { region, profile_id, iam_username, status, created_at, .. } = &mut self;
        for attribute in [region, profile_id, iam_username, status, created_at] {
            if attribute.is_unknown() {
                *attribute = Attr::Null;
            }
        }
        if self.allow_disable.is_null() {
            self.allow_disable = false.into();
        }
        self
    }
}

#[cfg(test)]
pub(super) mod tests {
    use tensorpool::Secret;
    use terraform_plugin::value::Value;

    use super::*;

    pub(in super::super) fn credentials(org_id: Option<&str>) -> Credentials {
        Credentials {
            org_id: org_id.map(str::to_owned),
            access_key_id: "AK-planted".to_owned(),
            secret_access_key: Secret::new("tp-planted"),
            endpoint: "https://s3.example".to_owned(),
            region: Some("us-west".to_owned()),
            profile_id: None,
            iam_username: None,
            status: Some("ACTIVE".to_owned()),
            created_at: None,
            updated_at: None,
        }
    }

    #[test]
    fn the_state_holds_no_half_of_the_credentials() {
        let state = ObjectStorageModel::default().refreshed(&credentials(Some("o-1"))).into_value();
        assert!(!format!("{state:?}").contains("planted"), "{state:?}");
        assert!(state.to_msgpack(&schema().object_type()).is_ok());
        assert_eq!(state.get("org_id"), Some(&Value::from("o-1")));
        assert_eq!(state.get("id"), state.get("org_id"));
        assert_eq!(state.get("allow_disable"), Some(&Value::from(false)));
    }

    #[test]
    fn an_organization_that_is_not_returned_is_no_other_one() {
        let state = ObjectStorageModel::default().refreshed(&credentials(None));
        assert_eq!(state.org_id(), UNKNOWN_ORGANIZATION);
        assert!(is_same_organization(state.org_id(), organization(&credentials(Some("o-1")))));
        assert!(!is_same_organization("o-1", organization(&credentials(Some("o-2")))));
        assert_eq!(state.refreshed(&credentials(Some("o-1"))).org_id(), UNKNOWN_ORGANIZATION);
    }
}
