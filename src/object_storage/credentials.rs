//! The ephemeral resource `tensorpool_object_storage_credentials`: they exist while Terraform runs, and are in no plan and
//! no state.

use async_trait::async_trait;
use tensorpool::Credentials;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostics, EphemeralResource, Model, Opened, Operation};

use super::api::{credentials, ensure_organization};
use super::model::organization;
use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// The credentials as configurations see them.
#[derive(Clone, Model)]
pub struct CredentialsModel {
    org_id: Attr<String>,
    access_key_id: Attr<String>,
    secret_access_key: Attr<String>,
    endpoint: Attr<String>,
    region: Attr<String>,
    profile_id: Attr<String>,
    iam_username: Attr<String>,
    status: Attr<String>,
    created_at: Attr<String>,
    updated_at: Attr<String>,
}

impl From<Credentials> for CredentialsModel {
    fn from(credentials: Credentials) -> Self {
        Self {
            org_id: organization(&credentials).to_owned().into(),
            access_key_id: credentials.access_key_id.into(),
            secret_access_key: credentials.secret_access_key.expose().to_owned().into(),
            endpoint: credentials.endpoint.into(),
            region: credentials.region.into(),
            profile_id: credentials.profile_id.into(),
            iam_username: credentials.iam_username.into(),
            status: credentials.status.into(),
            created_at: credentials.created_at.into(),
            updated_at: credentials.updated_at.into(),
        }
    }
}

/// The ephemeral resource `tensorpool_object_storage_credentials`.
pub struct CredentialsEphemeral;

#[async_trait]
impl EphemeralResource for CredentialsEphemeral {
    type Session = Session;
    type Model = CredentialsModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_object_storage_credentials"
    }

    fn schema(&self) -> Schema {
        let returned = |description: &str| Attribute::string(description).computed();
        Schema::new(
            "The S3 credentials of your organization's object storage, as input of other providers and of write-only \
             arguments. They are read again in each run, and are in no plan and no state. They are the same for everybody \
             in the organization.",
        )
        .attribute(
            "org_id",
            Attribute::string(
                "The id of the organization. When it is set, credentials of another organization are an error. Set it to \
                 `org_id` of a [`tensorpool_object_storage`](../resources/object_storage.md) that may not exist yet, so that it is waited for.",
            )
            .optional()
            .computed(),
        )
        .attribute("access_key_id", returned("The id of the access key."))
        .attribute("secret_access_key", returned("The secret access key.").sensitive())
        .attribute("endpoint", returned("The URL of the S3 endpoint."))
        .attribute("region", returned("The S3 region."))
        .attribute("profile_id", returned("The id of the organization's profile. Null if the API does not return it."))
        .attribute("iam_username", returned("The name of the profile's user. Null if the API does not return it."))
        .attribute("status", returned("The status of the profile. Null if the API does not return it."))
        .attribute("created_at", returned("When object storage was enabled. Null if the API does not return it."))
        .attribute("updated_at", returned("When the credentials were last changed. Null if the API does not return it."))
    }

    async fn open(
        &self,
        operation: &mut Operation<Session, CredentialsModel>,
        config: CredentialsModel,
    ) -> Result<Opened<CredentialsModel>, Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let wanted = config.org_id.into_known();
        let subject =
            Subject { verb: Verb::LookUp, noun: "object storage credentials", name: None, id: wanted.clone() };
        let credentials = credentials(&api, &subject).await?;
        if let Some(wanted) = &wanted {
            ensure_organization(&subject, wanted, &credentials)?;
        }
        let opened = CredentialsModel::from(credentials);
        Ok(Opened::new(CredentialsModel { org_id: wanted.map_or(opened.org_id, Attr::Known), ..opened }))
    }
}
