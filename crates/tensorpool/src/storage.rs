//! Storage volumes, which clusters share over NFS.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use crate::accepted::{Accepted, request_ids};
use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::listing::{self, Listed, Listing};
use crate::scope::Scope;

/// What to create.
#[derive(Clone, Debug)]
pub struct CreateVolume {
    /// The name. It finds the volume again when the answer to the create is lost.
    pub name: String,
    /// How large it is, in GB.
    pub size_gb: u64,
    /// Whether the volume refuses to be destroyed.
    pub deletion_protection: bool,
}

impl CreateVolume {
    fn body(&self) -> Value {
        json!({"name": self.name, "size": self.size_gb, "deletion_protection": self.deletion_protection})
    }
}

/// What to change.
#[derive(Clone, Debug, Default)]
pub struct EditVolume {
    /// The new name.
    pub name: Option<String>,
    /// The new size, in GB. A volume only grows.
    pub size_gb: Option<u64>,
    /// Whether the volume refuses to be destroyed.
    pub deletion_protection: Option<bool>,
}

impl EditVolume {
    /// The API's names are not those of a create.
    fn body(&self) -> Value {
        let mut body = json!({});
        if let Some(name) = &self.name {
            body["tp_storage_name"] = json!(name);
        }
        if let Some(size) = self.size_gb {
            body["size_gb"] = json!(size);
        }
        if let Some(protection) = self.deletion_protection {
            body["deletion_protection"] = json!(protection);
        }
        body
    }
}

/// An accepted create.
#[derive(Clone, Debug)]
pub struct CreatedVolume {
    /// The id of the new volume.
    pub storage_id: String,
    /// The request to wait for. Without one, the volume itself tells when it is there.
    pub request_id: Option<String>,
}

/// A volume, as far as the API tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Volume {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// How large it is, in GB.
    pub size_gb: Option<u64>,
    /// Whether it refuses to be destroyed.
    pub deletion_protection: Option<bool>,
    /// Its status, where the API tells; none is documented.
    pub status: Option<String>,
    /// What it costs, in USD for an hour.
    pub hourly_rate: Option<f64>,
    /// The clusters that it is attached to; none when the API does not tell.
    pub attached_clusters: Option<Vec<String>>,
}

impl Volume {
    /// Whether this is only the tombstone of a destroyed volume.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.status.as_deref().is_some_and(body::is_deleted)
    }

    /// Whether the API is doing something with it. No status of volumes is documented; a word as `CREATING` or `DETACHING`
    /// can hardly mean anything else.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let status = self.status.as_deref().unwrap_or_default().to_ascii_uppercase();
        status.ends_with("ING") && status != "RUNNING"
    }

    /// Whether it is attached to a cluster; none when the API does not tell.
    #[must_use]
    pub fn is_attached_to(&self, cluster_id: &str) -> Option<bool> {
        self.attached_clusters.as_ref().map(|clusters| clusters.iter().any(|id| id == cluster_id))
    }
}

const ATTACHED: [&str; 3] = ["attached_clusters", "cluster_ids", "clusters"];

impl Listed for Volume {
    const PATH: &'static [&'static str] = &["storage", "list"];
    const WRAPPERS: &'static [&'static str] = &["volumes", "storage", "storages", "storage_volumes"];

    /// Reads a volume by whichever names its fields go; none when it has no id.
    fn read(value: &Value) -> Option<Self> {
        let value = body::unwrap(value, &["storage_info", "storage", "volume"]);
        let told = body::field(value, &ATTACHED).is_some_and(Value::is_array);
        Some(Self {
            id: body::id(value, &["id", "storage_id", "tp_storage_id"])?,
            name: body::text(value, &["name", "storage_name", "tp_storage_name"]),
            size_gb: body::whole(value, &["size_gb", "size"]),
            deletion_protection: body::flag(value, &["deletion_protection"]),
            status: body::text(value, &["status", "state"]),
            hourly_rate: body::number(value, &["hourly_rate"]),
            attached_clusters: told.then(|| {
                let mut clusters = body::ids(value, &ATTACHED, &["id", "cluster_id"]);
                clusters.sort();
                clusters
            }),
        })
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }
}

/// The calls on volumes.
pub struct Volumes<'a>(&'a Client);

impl Client {
    /// The calls on storage volumes.
    #[must_use]
    pub fn volumes(&self) -> Volumes<'_> {
        Volumes(self)
    }
}

impl Volumes<'_> {
    /// Creates a volume. It is sent again only when the API certainly did not accept it.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the volume may exist all the same.
    pub async fn create(&self, volume: &CreateVolume, scope: &Scope) -> Result<CreatedVolume, Error> {
        let call = Call::new(Method::POST, &["storage", "create"]).body(volume.body()).makes_another();
        let name = call.name();
        let answer = self.0.send(call, scope).await?;
        let request_id = Accepted::read(&answer.body).request_id;
        match body::id(&answer.body, &["storage_id", "id"]) {
            Some(storage_id) => Ok(CreatedVolume { storage_id, request_id }),
            None => Err(no_id(&name).ambiguous(true)),
        }
    }

    /// Reads a volume.
    ///
    /// # Errors
    /// When there is none, the API cannot be asked, or it answers about another volume ([`ErrorKind::WrongObject`]).
    pub async fn get(&self, id: &str, scope: &Scope) -> Result<Volume, Error> {
        listing::get(self.0, &["storage", "info", id], id, scope).await
    }

    /// Reads a volume by its id, or by a name in place of it, which the API accepts. The id is that of the answer.
    ///
    /// # Errors
    /// When there is none, the API cannot be asked, or neither the answer nor the list tells its id.
    pub async fn resolve(&self, id_or_name: &str, scope: &Scope) -> Result<Volume, Error> {
        listing::resolve(self.0, &["storage", "info", id_or_name], id_or_name, scope).await
    }

    /// The user's own volumes and those of the organization, each once, and what the list proves.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn listing(&self, scope: &Scope) -> Result<Arc<Listing<Volume>>, Error> {
        listing::all(self.0, scope).await
    }

    /// The user's own volumes, or those of the organization instead.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list(&self, organization: bool, scope: &Scope) -> Result<Vec<Volume>, Error> {
        listing::list(self.0, organization, scope).await
    }

    /// The user's own volumes and those of the organization, each once.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list_all(&self, scope: &Scope) -> Result<Vec<Volume>, Error> {
        Ok(listing::all(self.0, scope).await?.items.clone())
    }

    /// The volumes of a name.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn find(&self, name: &str, scope: &Scope) -> Result<Vec<Volume>, Error> {
        let volumes = &listing::all::<Volume>(self.0, scope).await?.items;
        // The API may cut blanks off that a name begins or ends with.
        let named = |volume: &&Volume| volume.name.as_deref().is_some_and(|other| other.trim() == name.trim());
        Ok(volumes.iter().filter(named).filter(|volume| !volume.is_deleted()).cloned().collect())
    }

    /// Changes a volume in place. The API refuses a smaller size.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn edit(&self, id: &str, edit: &EditVolume, scope: &Scope) -> Result<Accepted, Error> {
        let call = Call::new(Method::PATCH, &["storage", "edit", id]).body(edit.body());
        Ok(Accepted::read(&self.0.send(call, scope).await?.body))
    }

    /// Destroys a volume.
    ///
    /// # Errors
    /// When the API refuses, as while the volume is protected or attached, or cannot be reached.
    pub async fn destroy(&self, id: &str, scope: &Scope) -> Result<Accepted, Error> {
        let call = Call::new(Method::DELETE, &["storage", id]);
        Ok(Accepted::read(&self.0.send(call, scope).await?.body))
    }

    /// Attaches a volume to a cluster, which restarts all nodes of the cluster. Gives the requests to wait for. It is
    /// sent again only when the API certainly did not accept it, as each acceptance is a restart.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the volume may be attached all the
    /// same.
    pub async fn attach(&self, storage_id: &str, cluster_id: &str, scope: &Scope) -> Result<Vec<String>, Error> {
        // The API takes a list, but is said to accept one cluster at a time.
        let body = json!({"storage_id": storage_id, "cluster_ids": [cluster_id]});
        self.mount("attach", body, scope).await
    }

    /// Detaches a volume from a cluster, which restarts all nodes of the cluster. Gives the requests to wait for.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the volume may be detached all the
    /// same.
    pub async fn detach(&self, storage_id: &str, cluster_id: &str, scope: &Scope) -> Result<Vec<String>, Error> {
        let body = json!({"storage_id": storage_id, "cluster_id": cluster_id});
        self.mount("detach", body, scope).await
    }

    async fn mount(&self, action: &str, body: Value, scope: &Scope) -> Result<Vec<String>, Error> {
        let call = Call::new(Method::POST, &["storage", action]).body(body).makes_another();
        Ok(request_ids(&self.0.send(call, scope).await?.body))
    }
}

fn no_id(name: &str) -> Error {
    Error::new(ErrorKind::InvalidResponse, name).with_message(Some("the answer holds no storage id".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_read_in_every_known_shape() {
        let wrapped = json!({"message": "m", "storage_info": {"id": "s-1", "name": "n", "size_gb": 100,
            "hourly_rate": 0.5, "attached_clusters": ["c-1"], "deletion_protection": false}});
        let bare = json!({"storage_id": "s-1", "tp_storage_name": "n", "size": 100, "hourly_rate": "0.5",
            "clusters": [{"cluster_id": "c-1"}], "deletion_protection": false});
        let read = Volume::read(&wrapped).expect("it has an id");
        assert_eq!(Volume::read(&bare).as_ref(), Some(&read));
        assert_eq!([read.is_attached_to("c-1"), read.is_attached_to("c-2")], [Some(true), Some(false)]);
    }

    #[test]
    fn what_the_api_does_not_tell_is_unknown() {
        let bare = Volume::read(&json!({"id": "s-1", "size_gb": "large", "status": "deleted"})).expect("it has an id");
        assert_eq!((bare.size_gb, bare.is_attached_to("c-1")), (None, None));
        assert!(bare.is_deleted());
        assert_eq!(Volume::read(&json!({"message": "nothing"})), None);
    }

    #[test]
    fn a_status_that_says_what_is_being_done_is_busy() {
        let busy = |status: Option<&str>| {
            let volume = Volume { status: status.map(str::to_owned), ..Volume::default() };
            volume.is_busy()
        };
        assert!(busy(Some("creating")) && busy(Some("DETACHING")) && busy(Some("PENDING")));
        assert!(!busy(None) && !busy(Some("AVAILABLE")) && !busy(Some("running")));
    }

    #[test]
    fn an_edit_names_the_fields_otherwise_than_a_create() {
        let create = CreateVolume { name: "n".to_owned(), size_gb: 7, deletion_protection: true };
        assert_eq!(create.body(), json!({"name": "n", "size": 7, "deletion_protection": true}));
        let edit = EditVolume { name: Some("n".to_owned()), size_gb: Some(8), deletion_protection: None };
        assert_eq!(edit.body(), json!({"tp_storage_name": "n", "size_gb": 8}));
    }
}
