//! What a volume looks like in a configuration and in the state.

use async_trait::async_trait;
use serde_json::{Value, json};
use tensorpool::{Accepted, Api, CreateVolume, Created, EditVolume, Error, Volume};
use terraform_plugin::schema::{AtLeast, Attribute, IdentitySchema, Schema};
use terraform_plugin::{Attr, Model, Timeouts};

use crate::evidence::Spelling;
use crate::evidence::spelling::{has_arrived, is_another_text, name_has_arrived};
use crate::provisioned::{
    Common, NAME_OR_PREFIX, PROTECTION_DEFAULT, Provisioned, changed, name_attribute, name_prefix_attribute, timeouts,
};

/// The state of a `tensorpool_storage`.
#[derive(Clone, Debug, Model)]
pub struct StorageModel {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) name_prefix: Attr<String>,
    pub(super) size_gb: Attr<i64>,
    pub(super) deletion_protection: Attr<bool>,
    pub(super) provisioned: Attr<bool>,
    pub(super) timeouts: Timeouts,
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "A storage volume, which the nodes of clusters share over NFS. It costs money for as long as it exists, by its size. \
         A [`tensorpool_storage_attachment`](../resources/storage_attachment.md) attaches it to a cluster.",
    )
    .noun("volume")
    .identity(IdentitySchema::of("id", "The id of the volume."))
    .attribute("id", Attribute::string("The id of the volume.").computed().use_non_null_state_for_unknown())
    .attribute("name", name_attribute())
    .attribute("name_prefix", name_prefix_attribute())
    .attribute(
        "size_gb",
        Attribute::integer(
            "Size of the volume in GB. It grows in place. Volumes cannot shrink: a plan of a smaller size warns, and its \
             apply is refused before anything is sent. The provider never replaces a volume for it, as its data would be lost.",
        )
        .required()
        .validate(AtLeast(1)),
    )
    .attribute(
        "deletion_protection",
        Attribute::bool(
            "Whether deletion protection is enabled. Changed in place. A plan that would destroy a protected volume is \
             refused: set this to `false` and apply first.",
        )
        .default(false)
        .default_is(PROTECTION_DEFAULT),
    )
    .attribute(
        "provisioned",
        Attribute::bool(
            "Whether TensorPool has provisioned the volume. `false` only after an apply that was interrupted, which the next \
             one finishes.",
        )
        .computed()
        .use_non_null_state_for_unknown(),
    )
    .block("timeouts", timeouts())
    .config_validator(NAME_OR_PREFIX)
}

impl StorageModel {
    /// A volume of this name and prefix.
    #[cfg(test)]
    pub(crate) fn named(name: Attr<String>, name_prefix: Attr<String>) -> Self {
        Self { name, name_prefix, ..Self::imported("s-1".to_owned()) }
    }

    fn to_create(&self, name: &str) -> CreateVolume {
        CreateVolume {
            name: name.to_owned(),
            size_gb: gigabytes(&self.size_gb).unwrap_or_default(),
            deletion_protection: self.deletion_protection.is_true(),
        }
    }
}

fn gigabytes(size: &Attr<i64>) -> Option<u64> {
    size.known().and_then(|size| u64::try_from(*size).ok())
}

/// The size that the API shows.
fn shown_size(volume: &Volume) -> Option<i64> {
    volume.size_gb.and_then(|size| i64::try_from(size).ok())
}

#[async_trait]
impl Provisioned for StorageModel {
    type Object = Volume;
    type Edit = EditVolume;

    fn id(&self) -> &Attr<String> {
        &self.id
    }

    fn name(&self) -> &Attr<String> {
        &self.name
    }

    fn name_prefix(&self) -> &Attr<String> {
        &self.name_prefix
    }

    fn set_name_prefix(&mut self, name_prefix: Attr<String>) {
        self.name_prefix = name_prefix;
    }

    fn deletion_protection(&self) -> &Attr<bool> {
        &self.deletion_protection
    }

    fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    fn common_mut(&mut self) -> Common<'_> {
        Common { id: &mut self.id, name: &mut self.name, deletion_protection: &mut self.deletion_protection }
    }

    fn imported(id: String) -> Self {
        Self {
            id: id.into(),
            name: Attr::Null,
            name_prefix: Attr::Null,
            size_gb: Attr::Null,
            deletion_protection: Attr::Null,
            provisioned: true.into(),
            timeouts: Timeouts::default(),
        }
    }

    fn refreshed(mut self, volume: &Volume, spelling: &Spelling) -> Self {
        self.name = spelling.reconcile("name", self.name, volume.name.as_ref());
        self.size_gb = spelling.reconcile("size_gb", self.size_gb, shown_size(volume).as_ref());
        if let Some(protection) = volume.deletion_protection {
            self.deletion_protection = protection.into();
        }
        self.without_unknowns()
    }

    fn record_spelling(&self, volume: &Volume, spelling: &mut Spelling) {
        spelling.record("name", &self.name, volume.name.as_ref());
        spelling.record("size_gb", &self.size_gb, shown_size(volume).as_ref());
    }

    fn with_computed_of(self, other: Self) -> Self {
        Self { provisioned: self.provisioned.or(other.provisioned), ..self }
    }

    fn without_unknowns(mut self) -> Self {
        if self.name_prefix.is_unknown() {
            self.name_prefix = Attr::Null;
        }
        if self.deletion_protection.is_null() {
            self.deletion_protection = false.into();
        }
        self.provisioned = self.provisioned.or(false);
        self
    }

    fn never_known(_: &Volume) -> Vec<&'static str> {
        Vec::new()
    }

    fn finished(self) -> Self {
        Self { provisioned: true.into(), ..self }
    }

    fn mark_computed_unknown(&mut self) {
        self.provisioned = Attr::Unknown;
    }

    fn requested_config(&self) -> Value {
        let CreateVolume { size_gb, deletion_protection, .. } = self.to_create("");
        json!({"size_gb": size_gb, "deletion_protection": deletion_protection})
    }

    fn may_be(&self, volume: &Volume) -> bool {
        // The API may round a size up.
        shown_size(volume).is_none_or(|size| self.size_gb.known().is_none_or(|wanted| *wanted <= size))
    }

    fn is_another(&self, shown: &Spelling) -> bool {
        let name = shown.shown("name", &self.name).zip(self.name.as_str());
        let size = shown.shown_number("size_gb", &self.size_gb).zip(self.size_gb.known().copied());
        name.is_some_and(|(shown, asked_for)| is_another_text(asked_for, &shown))
            && size.is_some_and(|(shown, asked_for)| shown < asked_for)
    }

    async fn send_create(&self, api: &Api, name: &str) -> Result<Created, Error> {
        api.volumes().create(&self.to_create(name)).await
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

    fn lift_protection() -> EditVolume {
        EditVolume { deletion_protection: Some(false), ..EditVolume::default() }
    }

    fn shown(volume: &Volume) -> EditVolume {
        EditVolume {
            name: volume.name.clone(),
            size_gb: volume.size_gb,
            deletion_protection: volume.deletion_protection,
        }
    }

    fn shown_before(&self, spelling: &Spelling) -> EditVolume {
        EditVolume {
            name: spelling.shown("name", &self.name),
            size_gb: spelling.shown_number("size_gb", &self.size_gb).and_then(|size| u64::try_from(size).ok()),
            deletion_protection: self.deletion_protection.known().copied(),
        }
    }

    async fn send_edit(api: &Api, id: &str, edit: &EditVolume) -> Result<Accepted, Error> {
        api.volumes().edit(id, edit).await
    }

    fn has_arrived(edit: &EditVolume, shown: &EditVolume, before: &EditVolume) -> bool {
        name_has_arrived(edit.name.as_ref(), shown.name.as_ref(), before.name.as_ref())
            && (has_arrived(edit.size_gb.as_ref(), shown.size_gb.as_ref(), before.size_gb.as_ref())
                // The API may round a size up, so that it shows a larger one already.
                || edit.size_gb.zip(shown.size_gb).is_some_and(|(wanted, shown)| wanted <= shown))
            && has_arrived(
                edit.deletion_protection.as_ref(),
                shown.deletion_protection.as_ref(),
                before.deletion_protection.as_ref(),
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_does_not_return_stays() {
        let state = StorageModel { size_gb: 100.into(), ..StorageModel::imported("s-1".to_owned()) };
        let bare = Volume { id: "s-1".to_owned(), name: Some("n".to_owned()), ..Volume::default() };
        let state = state.refreshed(&bare, &Spelling::default());
        assert_eq!((state.size_gb.clone(), state.name.clone()), (Attr::Known(100), Attr::Known("n".to_owned())));
        assert!(state.into_value().is_wholly_known());
    }

    /// The journal's entries hold it: what an earlier version wrote must be equal to what this one asks for.
    #[test]
    fn what_is_asked_for_has_the_form_of_the_journals_entries() {
        let state = StorageModel { size_gb: 100.into(), ..StorageModel::imported("s-1".to_owned()) };
        assert_eq!(state.requested_config(), json!({"size_gb": 100, "deletion_protection": false}));
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
        let value = StorageModel::imported("s-1".to_owned()).without_unknowns().into_value();
        assert!(value.to_msgpack(&schema().object_type()).is_ok());
    }
}
