//! The action `tensorpool_set_deletion_protection`.

use std::fmt;

use async_trait::async_trait;
use tensorpool::{Accepted, Api, Condition, EditCluster, EditVolume, Error, Progress, Tolerance};
use terraform_plugin::schema::{Attribute, ExactlyOneOf, LengthAtLeast, Schema};
use terraform_plugin::{Action, Attr, Diagnostics, Invocation, Model};

use crate::errors::{self, Subject};
use crate::session::Session;
use crate::timeouts;

/// The configuration of `tensorpool_set_deletion_protection`.
#[derive(Clone, Debug, Model)]
pub struct SetDeletionProtectionModel {
    cluster_id: Attr<String>,
    storage_id: Attr<String>,
    enabled: Attr<bool>,
}

/// The object whose protection is set.
enum Object {
    Cluster(String),
    Volume(String),
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster(id) => write!(f, "cluster {id}"),
            Self::Volume(id) => write!(f, "storage volume {id}"),
        }
    }
}

impl Object {
    fn subject(&self) -> Subject {
        let (noun, id) = match self {
            Self::Cluster(id) => ("cluster", id),
            Self::Volume(id) => ("storage volume", id),
        };
        Subject::new(errors::Verb::Protect, noun).with_id(id)
    }

    /// Whether it is protected, if the API returns it.
    async fn is_protected(&self, api: &Api) -> Result<Option<bool>, Error> {
        match self {
            Self::Cluster(id) => api.clusters().get(id).await.map(|cluster| cluster.deletion_protection),
            Self::Volume(id) => api.volumes().get(id).await.map(|volume| volume.deletion_protection),
        }
    }

    async fn edit(&self, api: &Api, enabled: bool) -> Result<Accepted, Error> {
        let deletion_protection = Some(enabled);
        match self {
            Self::Cluster(id) => {
                api.clusters().edit(id, &EditCluster { deletion_protection, ..EditCluster::default() }).await
            }
            Self::Volume(id) => {
                api.volumes().edit(id, &EditVolume { deletion_protection, ..EditVolume::default() }).await
            }
        }
    }

    /// Sets the protection and waits until that is visible.
    async fn set(&self, api: &Api, enabled: bool) -> Result<(), Error> {
        let accepted = self.edit(api, enabled).await?;
        if let Some(id) = accepted.request_id {
            api.requests().wait(&id, None, Tolerance::NONE).await?;
        }
        api.wait(&Shown { object: self, api, enabled }).await
    }
}

/// That reads show the protection of an object as it was set.
struct Shown<'a> {
    object: &'a Object,
    api: &'a Api,
    enabled: bool,
}

impl Condition for Shown<'_> {
    type Output = ();
    type Pending = &'static str;

    fn name(&self) -> String {
        "waiting for the change of the deletion protection".to_owned()
    }

    async fn check(&self) -> Result<Progress<(), &'static str>, Error> {
        Ok(match self.object.is_protected(self.api).await? {
            Some(shown) if shown != self.enabled => Progress::Pending("the change is not visible yet"),
            // What the API does not return cannot be waited for.
            _ => Progress::Done(()),
        })
    }
}

/// The action `tensorpool_set_deletion_protection`.
pub struct SetDeletionProtectionAction;

#[async_trait]
impl Action for SetDeletionProtectionAction {
    type Session = Session;
    type Model = SetDeletionProtectionModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_set_deletion_protection"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Switches the deletion protection of a cluster or a storage volume on or off, and waits until the change is \
             visible, for 20 minutes at most. Meant for what is not managed by a resource of the same configuration: a \
             resource sets `deletion_protection` back to its own argument with the next apply.",
        )
        .attribute(
            "cluster_id",
            Attribute::string("The id of the cluster.").optional().validate(LengthAtLeast(1)),
        )
        .attribute(
            "storage_id",
            Attribute::string("The id of the storage volume.").optional().validate(LengthAtLeast(1)),
        )
        .attribute("enabled", Attribute::bool("Whether deletion protection is enabled or disabled.").required())
        .config_validator(ExactlyOneOf(&["cluster_id", "storage_id"]))
    }

    async fn invoke(
        &self,
        invocation: &mut Invocation<Session>,
        config: SetDeletionProtectionModel,
    ) -> Result<(), Diagnostics> {
        let api = &invocation.session().api(timeouts::UPDATE, invocation.stop())?;
        let enabled = config.enabled.is_true();
        let object = match (config.cluster_id, config.storage_id) {
            (Attr::Known(id), _) => Object::Cluster(id),
            (_, id) => Object::Volume(id.into_known().unwrap_or_default()),
        };
        let subject = object.subject();
        let failed = |error: Error| subject.failed(&error);
        let (state, object_text) = (if enabled { "on" } else { "off" }, object.to_string());

        if object.is_protected(api).await.map_err(failed)? == Some(enabled) {
            invocation.progress(format!("Deletion protection of {object_text} is {state} already."));
            return Ok(());
        }
        invocation.progress(format!("Switching deletion protection of {object_text} {state}."));
        object.set(api, enabled).await.map_err(failed)?;
        invocation.progress(format!("Deletion protection of {object_text} is {state}."));
        Ok(())
    }
}
