//! The action `tensorpool_rotate_object_storage_keys`.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Api, Error};
use terraform_plugin::schema::{Attribute, Schema, ValidateRequest, Validator};
use terraform_plugin::{Action, Attr, Diagnostics, Invocation, Model};

use super::api::credentials;
use super::messages;
use super::model::organization;
use crate::errors::{self, Subject};
use crate::session::Session;
use crate::timeouts;

/// How long the read after a rotation whose answer was lost may take. A user's interrupt has to wait for it too.
const LAST_LOOK_LIMIT: Duration = Duration::from_secs(3);

/// The `config` block of the action.
#[derive(Clone, Debug, Model)]
pub struct RotateModel {
    confirm_organization_wide: Attr<bool>,
}

/// Refuses `false`.
struct IsConfirmed;

impl Validator for IsConfirmed {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        if request.value.as_bool() == Some(false) {
            diagnostics.push(messages::not_confirmed());
        }
    }

    fn description(&self) -> Option<String> {
        Some("Must be `true`.".to_owned())
    }
}

/// The action `tensorpool_rotate_object_storage_keys`.
pub struct RotateKeysAction;

#[async_trait]
impl Action for RotateKeysAction {
    type Session = Session;
    type Model = RotateModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_rotate_object_storage_keys"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Rotates the access keys of your organization's object storage. **The current keys stop working for everybody \
             in the organization, and this cannot be undone.** The new keys are not shown: the ephemeral resource \
             [`tensorpool_object_storage_credentials`](../ephemeral-resources/object_storage_credentials.md) returns them in the next run.",
        )
        .attribute(
            "confirm_organization_wide",
            Attribute::bool("Confirms that the current keys of everybody in the organization stop working.")
                .required()
                .validate(IsConfirmed),
        )
    }

    async fn invoke(&self, invocation: &mut Invocation<Session>, config: RotateModel) -> Result<(), Diagnostics> {
        // What was not known while the configuration was checked is known now.
        if config.confirm_organization_wide.known() != Some(&true) {
            return Err(messages::not_confirmed().into());
        }
        let api = &invocation.session().api(timeouts::READ, invocation.stop())?;
        let mut subject = Subject { verb: errors::Verb::Rotate, noun: "object storage keys", name: None, id: None };
        let before = credentials(api, &subject).await?;
        let org_id = organization(&before);
        subject.id = Some(org_id.to_owned());
        let old = &before.access_key_id;
        invocation.progress(format!(
            "Rotating the object storage keys of organization {org_id}, which has the access key {old}."
        ));
        let new = match api.object_storage().rotate_keys().await {
            Ok(credentials) => credentials.access_key_id,
            Err(error) if error.is_ambiguous() => {
                let new = look_after(api, &subject, old, &error).await?;
                invocation.warn(messages::rotated_unseen(&subject, &error));
                new
            }
            Err(error) => return Err(subject.failed(&error).into()),
        };
        invocation.progress(format!("Organization {org_id} has the access key {new}, in place of {old}."));
        Ok(())
    }
}

/// The new access key after a rotation whose answer was lost.
async fn look_after(api: &Api, subject: &Subject, old: &str, error: &Error) -> Result<String, Diagnostics> {
    match api.detached(LAST_LOOK_LIMIT).object_storage().credentials().await {
        Ok(credentials) if credentials.access_key_id != old => Ok(credentials.access_key_id),
        looked => Err(messages::perhaps_rotated(subject, error, looked.is_ok()).into()),
    }
}
