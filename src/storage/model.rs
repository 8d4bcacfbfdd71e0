//! What a volume looks like in a configuration and in the state.

use async_trait::async_trait;
use tensorpool::{Accepted, Client, CreateVolume, CreatedVolume, EditVolume, Error, Scope, Volume};
use terraform_plugin::schema::{AtLeast, Attribute, IdentitySchema, LengthAtLeast, Schema};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, Model, Timeouts};

use crate::paid::{Common, Made, Paid, changed, is_visible, timeouts};

/// The state of a `tensorpool_storage`.
#[derive(Clone, Debug, Model)]
pub struct StorageModel {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) size_gb: Attr<i64>,
    pub(super) deletion_protection: Attr<bool>,
    pub(super) attached_cluster_ids: Attr<Vec<String>>,
    pub(super) timeouts: Timeouts,
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "A storage volume, which the nodes of clusters share over NFS. It costs money for as long as it exists, by its size. \
         A [`tensorpool_storage_attachment`](storage_attachment) attaches it to a cluster.",
    )
    .identity(IdentitySchema::of("id", "The id of the volume."))
    .attribute("id", Attribute::string("The id of the volume.").computed().use_state_for_unknown())
    .attribute(
        "name",
        Attribute::string("The name, unique in the account. Changed in place. Without one, a name is generated.")
            .optional()
            .computed()
            .use_state_for_unknown()
            .validate(LengthAtLeast(1)),
    )
    .attribute(
        "size_gb",
        Attribute::integer(
            "How large the volume is, in GB. It grows in place. A smaller size is refused while it is planned: volumes \
             cannot shrink, and the provider never replaces one for it, as its data would be lost.",
        )
        .required()
        .validate(AtLeast(1)),
    )
    .attribute(
        "deletion_protection",
        Attribute::bool(
            "Whether the volume refuses to be destroyed. Defaults to `false`. Changed in place. A plan that would destroy a \
             protected volume is refused: set this to `false` and apply first.",
        )
        .default(false),
    )
    .attribute(
        "attached_cluster_ids",
        Attribute::list(Type::String, "The ids of the clusters that the volume is attached to.").computed(),
    )
    .block("timeouts", timeouts())
}

impl StorageModel {
    fn to_create(&self, name: &str) -> CreateVolume {
        CreateVolume {
            name: name.to_owned(),
            size_gb: gigabytes(&self.size_gb).unwrap_or_default(),
            deletion_protection: self.deletion_protection.known() == Some(&true),
        }
    }
}

fn gigabytes(size: &Attr<i64>) -> Option<u64> {
    size.known().and_then(|size| u64::try_from(*size).ok())
}

#[async_trait]
impl Paid for StorageModel {
    type Remote = Volume;
    type Edit = EditVolume;

    fn common(&mut self) -> Common<'_> {
        Common {
            id: &mut self.id,
            name: &mut self.name,
            deletion_protection: &mut self.deletion_protection,
            timeouts: &mut self.timeouts,
        }
    }

    fn imported(id: String) -> Self {
        Self {
            id: id.into(),
            name: Attr::Null,
            size_gb: Attr::Null,
            deletion_protection: Attr::Null,
            attached_cluster_ids: Attr::Null,
            timeouts: Timeouts::default(),
        }
    }

    fn refreshed(mut self, volume: &Volume) -> Self {
        if let Some(name) = &volume.name {
            self.name = name.clone().into();
        }
        if let Some(size) = volume.size_gb.and_then(|size| i64::try_from(size).ok()) {
            self.size_gb = size.into();
        }
        if let Some(protection) = volume.deletion_protection {
            self.deletion_protection = protection.into();
        }
        if let Some(clusters) = &volume.attached_clusters {
            self.attached_cluster_ids = clusters.clone().into();
        }
        self.settled()
    }

    fn with_computed_of(self, other: Self) -> Self {
        Self { attached_cluster_ids: other.attached_cluster_ids, ..self }
    }

    fn settled(mut self) -> Self {
        if self.deletion_protection.is_null() {
            self.deletion_protection = false.into();
        }
        self.attached_cluster_ids = self.attached_cluster_ids.or(Vec::new());
        self
    }

    fn leave_open(&mut self) {
        self.attached_cluster_ids = Attr::Unknown;
    }

    fn wishes(&self) -> String {
        format!("{:?}", self.to_create(""))
    }

    async fn send_create(&self, api: &Client, name: &str, scope: &Scope) -> Result<Made, Error> {
        let CreatedVolume { storage_id: id, request_id } = api.volumes().create(&self.to_create(name), scope).await?;
        Ok(Made { id, request_id })
    }

    fn edit(&self, planned: &Self) -> Option<EditVolume> {
        let edit = EditVolume {
            name: changed(&self.name, &planned.name),
            size_gb: changed(&self.size_gb, &planned.size_gb).and_then(|size| u64::try_from(size).ok()),
            deletion_protection: changed(&self.deletion_protection, &planned.deletion_protection),
        };
        let any = edit.name.is_some() || edit.size_gb.is_some() || edit.deletion_protection.is_some();
        any.then_some(edit)
    }

    async fn send_edit(api: &Client, id: &str, edit: &EditVolume, scope: &Scope) -> Result<Accepted, Error> {
        api.volumes().edit(id, edit, scope).await
    }

    fn shows(volume: &Volume, edit: &EditVolume) -> bool {
        is_visible(edit.name.as_ref(), volume.name.as_ref())
            && is_visible(edit.size_gb.as_ref(), volume.size_gb.as_ref())
            && is_visible(edit.deletion_protection.as_ref(), volume.deletion_protection.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_does_not_tell_stays() {
        let state = StorageModel { size_gb: 100.into(), ..StorageModel::imported("s-1".to_owned()) };
        let bare = Volume { id: "s-1".to_owned(), name: Some("n".to_owned()), ..Volume::default() };
        let state = state.refreshed(&bare);
        assert_eq!((state.size_gb.clone(), state.name.clone()), (Attr::Known(100), Attr::Known("n".to_owned())));
        assert!(state.into_value().is_wholly_known());
    }

    #[test]
    fn only_what_changes_is_sent() {
        let prior = StorageModel { size_gb: 100.into(), name: "n".into(), ..StorageModel::imported("s-1".to_owned()) };
        assert!(prior.edit(&prior).is_none());
        let edit = prior.edit(&StorageModel { size_gb: 200.into(), ..prior.clone() }).expect("the size changes");
        assert_eq!((edit.size_gb, edit.name, edit.deletion_protection), (Some(200), None, None));
    }

    #[test]
    fn the_model_fits_the_schema() {
        let value = StorageModel::imported("s-1".to_owned()).settled().into_value();
        assert!(value.to_msgpack(&schema().object_type()).is_ok());
    }
}
