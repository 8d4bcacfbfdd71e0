//! Storage volumes, which clusters mount over NFS.

use http::Method;
use serde_json::{Value, json};

use crate::accepted::{Accepted, Created, request_ids};
use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::Error;
use crate::lenient;
use crate::object::{ApiObject, Decode, Objects};

/// The volume to create.
#[derive(Clone, Debug)]
pub struct CreateVolume {
    /// The name, by which the volume can be found when the response to the create is lost.
    pub name: String,
    /// The size in GB.
    pub size_gb: u64,
    /// Whether the API rejects requests to destroy the volume.
    pub deletion_protection: bool,
}

impl CreateVolume {
    fn body(&self) -> Value {
        json!({"name": self.name, "size": self.size_gb, "deletion_protection": self.deletion_protection})
    }
}

/// The changes to a volume. What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct EditVolume {
    /// The new name.
    pub name: Option<String>,
    /// The new size in GB. A volume can only grow.
    pub size_gb: Option<u64>,
    /// Whether the API rejects requests to destroy the volume.
    pub deletion_protection: Option<bool>,
}

impl EditVolume {
    /// The API uses other field names than for a create.
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

/// A volume. `None` stands for what the API does not report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Volume {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The size in GB.
    pub size_gb: Option<u64>,
    /// Whether the API rejects requests to destroy the volume.
    pub deletion_protection: Option<bool>,
    /// The status. None is documented.
    pub status: Option<String>,
    /// The price in USD per hour.
    pub hourly_rate: Option<f64>,
    /// The ids of the clusters that the volume is attached to, in order.
    pub attached_clusters: Option<Vec<String>>,
}

impl Volume {
    /// Whether an operation on the volume is in progress. No status of volumes is documented; one such as `CREATING` or
    /// `DETACHING` can hardly mean anything else.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let status = self.status.as_deref().unwrap_or_default().to_ascii_uppercase();
        status.ends_with("ING") && status != "RUNNING"
    }

    /// Whether the volume is attached to a cluster. `None` if the API does not report it.
    #[must_use]
    pub fn is_attached_to(&self, cluster_id: &str) -> Option<bool> {
        self.attached_clusters.as_ref().map(|clusters| clusters.iter().any(|id| id == cluster_id))
    }
}

const ATTACHED: [&str; 3] = ["attached_clusters", "cluster_ids", "clusters"];

impl ApiObject for Volume {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn is_deleted(&self) -> bool {
        self.status.as_deref().is_some_and(lenient::is_deleted)
    }
}

impl Decode for Volume {
    const LIST: &'static [&'static str] = &["storage", "list"];
    const INFO: Option<&'static [&'static str]> = Some(&["storage", "info"]);
    const WRAPPERS: &'static [&'static str] = &["volumes", "storage", "storages", "storage_volumes"];

    fn read(answer: &Value) -> Option<Self> {
        // The id may stand beside the object.
        let value = lenient::unwrap(answer, &["storage_info", "storage", "volume"]);
        let attachments_are_reported = lenient::field(value, &ATTACHED).is_some_and(Value::is_array);
        Some(Self {
            id: lenient::id(value, &["id", "storage_id", "tp_storage_id"])
                .or_else(|| lenient::id(answer, &["storage_id", "tp_storage_id"]))?,
            name: lenient::text(value, &["name", "storage_name", "tp_storage_name"]),
            size_gb: lenient::whole(value, &["size_gb", "size"]),
            deletion_protection: lenient::flag(value, &["deletion_protection"]),
            status: lenient::text(value, &["status", "state"]),
            hourly_rate: lenient::number(value, &["hourly_rate"]),
            attached_clusters: attachments_are_reported.then(|| {
                let mut clusters = lenient::ids(value, &ATTACHED, &["id", "cluster_id"]);
                clusters.sort();
                clusters
            }),
        })
    }

    fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }

    fn fields(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("name", self.name.is_some()),
            ("size_gb", self.size_gb.is_some()),
            ("deletion_protection", self.deletion_protection.is_some()),
            ("status", self.status.is_some()),
            ("hourly_rate", self.hourly_rate.is_some()),
        ]
    }
}

/// The operations on storage volumes.
pub type Volumes<'a> = Objects<'a, Volume>;

impl Api {
    /// Returns the operations on storage volumes.
    #[must_use]
    pub fn volumes(&self) -> Volumes<'_> {
        self.objects()
    }
}

impl Volumes<'_> {
    /// Creates a volume. The request is retried only if the API certainly did not accept it.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the volume may
    /// exist nevertheless.
    pub async fn create(&self, volume: &CreateVolume) -> Result<Created, Error> {
        let request = ApiRequest::new(Method::POST, &["storage", "create"]).body(volume.body()).not_idempotent();
        let operation = request.operation();
        let body = self.api.send(request).await?.body;
        Created::read(operation, &body, "storage", lenient::id(&body, &["storage_id", "id"]))
    }

    /// Changes a volume in place. The API rejects a smaller size.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn edit(&self, id: &str, edit: &EditVolume) -> Result<Accepted, Error> {
        let request = ApiRequest::new(Method::PATCH, &["storage", "edit", id]).body(edit.body());
        Ok(Accepted::read(&self.api.send(request).await?.body))
    }

    /// Destroys a volume.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request, for example because the volume is protected or attached, or cannot
    /// be reached.
    pub async fn destroy(&self, id: &str) -> Result<Accepted, Error> {
        let request = ApiRequest::new(Method::DELETE, &["storage", id]);
        Ok(Accepted::read(&self.api.send(request).await?.body))
    }

    /// Attaches a volume to a cluster, which restarts all nodes of the cluster, and returns the ids of the requests to wait
    /// for. Each accepted request is a restart, so it is retried only if the API certainly did not accept it.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the volume may be
    /// attached nevertheless.
    pub async fn attach(&self, storage_id: &str, cluster_id: &str) -> Result<Vec<String>, Error> {
        // The field is a list, although the API is said to accept only one cluster at a time.
        let body = json!({"storage_id": storage_id, "cluster_ids": [cluster_id]});
        self.change_attachment("attach", body).await
    }

    /// Detaches a volume from a cluster, which restarts all nodes of the cluster, and returns the ids of the requests to
    /// wait for.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the volume may be
    /// detached nevertheless.
    pub async fn detach(&self, storage_id: &str, cluster_id: &str) -> Result<Vec<String>, Error> {
        let body = json!({"storage_id": storage_id, "cluster_id": cluster_id});
        self.change_attachment("detach", body).await
    }

    async fn change_attachment(&self, action: &str, body: Value) -> Result<Vec<String>, Error> {
        let request = ApiRequest::new(Method::POST, &["storage", action]).body(body).not_idempotent();
        Ok(request_ids(&self.api.send(request).await?.body))
    }
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
        assert!(!read.is_deleted());
        assert_eq!([read.is_attached_to("c-1"), read.is_attached_to("c-2")], [Some(true), Some(false)]);
    }

    #[test]
    fn what_the_api_does_not_report_is_unknown() {
        let bare = Volume::read(&json!({"id": "s-1", "size_gb": "large", "status": "deleted"})).expect("it has an id");
        assert_eq!((bare.size_gb, bare.is_attached_to("c-1")), (None, None));
        assert!(bare.is_deleted());
        assert_eq!(Volume::read(&json!({"message": "nothing"})), None);
    }

    #[test]
    fn a_status_that_names_an_operation_is_busy() {
        let busy = |status: Option<&str>| {
            let volume = Volume { status: status.map(str::to_owned), ..Volume::default() };
            volume.is_busy()
        };
        assert!(busy(Some("creating")) && busy(Some("DETACHING")) && busy(Some("PENDING")));
        assert!(!busy(None) && !busy(Some("AVAILABLE")) && !busy(Some("running")));
    }

    #[test]
    fn an_edit_has_other_field_names_than_a_create() {
        let create = CreateVolume { name: "n".to_owned(), size_gb: 7, deletion_protection: true };
        assert_eq!(create.body(), json!({"name": "n", "size": 7, "deletion_protection": true}));
        let edit = EditVolume { name: Some("n".to_owned()), size_gb: Some(8), deletion_protection: None };
        assert_eq!(edit.body(), json!({"tp_storage_name": "n", "size_gb": 8}));
    }

    #[test]
    fn a_field_that_is_not_reported_is_the_one_that_a_list_lacks() {
        let whole = json!({"id": "s-1", "name": "n", "size_gb": 1, "deletion_protection": false, "status": "AVAILABLE",
            "hourly_rate": 0.5});
        let lacks = |value: &Value| {
            let volume = Volume::read(value).expect("it has an id");
            let fields = volume.fields().into_iter().filter(|(_, is_reported)| !is_reported);
            fields.map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(lacks(&whole), [""; 0]);
        for field in ["name", "size_gb", "deletion_protection", "status", "hourly_rate"] {
            let mut part = whole.clone();
            part[field] = Value::Null;
            assert_eq!(lacks(&part), [field]);
        }
    }
}
