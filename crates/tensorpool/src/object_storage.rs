//! The object storage of an organization: its S3 credentials and its buckets.

use http::Method;
use serde_json::Value;

use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::Error;
use crate::lenient;
use crate::listing::Listing;
use crate::object::{ApiObject, Decode};
use crate::secret::Secret;

/// The credentials that an S3 client needs to access the organization's buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The id of the organization.
    pub org_id: Option<String>,
    /// The id of the access key.
    pub access_key_id: String,
    /// The secret of the access key.
    pub secret_access_key: Secret,
    /// The URL of the S3 endpoint.
    pub endpoint: String,
    /// The S3 region.
    pub region: Option<String>,
    /// The id of the profile.
    pub profile_id: Option<String>,
    /// The name of the profile's user.
    pub iam_username: Option<String>,
    /// The status of the profile. None is documented.
    pub status: Option<String>,
    /// When the credentials were created, in ISO 8601.
    pub created_at: Option<String>,
    /// When the credentials were last changed, in ISO 8601.
    pub updated_at: Option<String>,
}

impl Credentials {
    /// Reads credentials. `None` if a part is missing that every S3 client needs.
    fn read(value: &Value) -> Option<Self> {
        let value = lenient::unwrap(value, &["credentials", "object_storage"]);
        Some(Self {
            org_id: lenient::text(value, &["org_id"]),
            access_key_id: lenient::text(value, &["access_key_id"])?,
            secret_access_key: Secret::new(lenient::text(value, &["secret_access_key"])?),
            endpoint: lenient::text(value, &["endpoint", "endpoint_url"])?,
            region: lenient::text(value, &["region"]),
            profile_id: lenient::text(value, &["profile_id"]),
            iam_username: lenient::text(value, &["iam_username"]),
            status: lenient::text(value, &["status"]),
            created_at: lenient::text(value, &["created_at"]),
            updated_at: lenient::text(value, &["updated_at"]),
        })
    }
}

/// A bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The name, which is also the id.
    pub name: String,
    /// When the bucket was created. `None` if the API does not report it.
    pub created_at: Option<String>,
}

impl ApiObject for Bucket {
    fn id(&self) -> &str {
        &self.name
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Decode for Bucket {
    const LIST: &'static [&'static str] = &["object-storage", "bucket", "list"];
    const INFO: Option<&'static [&'static str]> = None;
    const WRAPPERS: &'static [&'static str] = &["buckets", "Buckets"];
    const HAS_ORGANIZATION_LIST: bool = false;

    /// A bare name, or an object with the field names of the API or of S3.
    fn read(value: &Value) -> Option<Self> {
        if let Some(name) = value.as_str() {
            return Some(Self { name: name.to_owned(), created_at: None });
        }
        Some(Self {
            name: lenient::text(value, &["name", "Name", "bucket_name"])?,
            created_at: lenient::text(value, &["created_at", "creation_date", "CreationDate"]),
        })
    }

    fn with_id(self, id: String) -> Self {
        Self { name: id, ..self }
    }
}

/// The operations on object storage.
pub struct ObjectStorage<'a>(&'a Api);

impl Api {
    /// Returns the operations on the organization's object storage.
    #[must_use]
    pub fn object_storage(&self) -> ObjectStorage<'_> {
        ObjectStorage(self)
    }
}

impl ObjectStorage<'_> {
    /// Enables object storage for the organization. Whether the API accepts this twice is not documented, so the request is
    /// retried only if it was certainly not accepted.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], object storage may
    /// be enabled nevertheless.
    pub async fn enable(&self) -> Result<Credentials, Error> {
        self.send_for_credentials(ApiRequest::new(Method::POST, &["object-storage", "enable"]).not_idempotent()).await
    }

    /// Reads the credentials.
    ///
    /// # Errors
    /// Returns [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if object storage is not enabled, as far as is known, and
    /// another error if the API cannot be reached.
    pub async fn credentials(&self) -> Result<Credentials, Error> {
        self.send_for_credentials(ApiRequest::get(&["object-storage", "credentials"])).await
    }

    /// Replaces the access key. The old one becomes invalid at once for all users of the organization.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the key may be
    /// replaced nevertheless.
    pub async fn rotate_keys(&self) -> Result<Credentials, Error> {
        let request = ApiRequest::new(Method::POST, &["object-storage", "rotate-keys"]).not_idempotent();
        self.send_for_credentials(request).await
    }

    /// Disables object storage for the organization.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn disable(&self) -> Result<(), Error> {
        self.0.send(ApiRequest::new(Method::DELETE, &["object-storage", "disable"])).await.map(drop)
    }

    /// Lists the organization's buckets. The list is empty if object storage is not enabled.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn buckets(&self) -> Result<Listing<Bucket>, Error> {
        self.0.objects::<Bucket>().list(false).await
    }

    /// Creates a bucket. How the API responds if the bucket exists is not documented. So the request, although a PUT, is
    /// retried only if it was certainly not accepted: a rejection then means that the bucket existed before.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the bucket may
    /// exist nevertheless.
    pub async fn create_bucket(&self, name: &str) -> Result<(), Error> {
        let request = ApiRequest::new(Method::PUT, &["object-storage", "bucket", "create", name]).not_idempotent();
        self.0.send(request).await.map(drop)
    }

    /// Deletes a bucket, which must be empty.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn delete_bucket(&self, name: &str) -> Result<(), Error> {
        let request = ApiRequest::new(Method::DELETE, &["object-storage", "bucket", "delete", name]);
        self.0.send(request).await.map(drop)
    }

    async fn send_for_credentials(&self, request: ApiRequest) -> Result<Credentials, Error> {
        let (operation, idempotency) = (request.operation(), request.idempotency);
        let response = self.0.send(request).await?;
        let Some(credentials) = Credentials::read(&response.body) else {
            let error = Error::invalid_response(operation, "the response contains no credentials");
            let ambiguous = idempotency.is_ambiguous_after(&error);
            return Err(error.ambiguous(ambiguous));
        };
        self.0.client().redactor().add(&credentials.access_key_id);
        self.0.client().redactor().add(credentials.secret_access_key.expose());
        Ok(credentials)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn credentials_are_read_and_their_debug_output_does_not_contain_the_secret() {
        let body = json!({"message": "m", "org_id": "o-1", "access_key_id": "AK", "secret_access_key": "tp-planted",
            "endpoint": "https://s3.example", "region": "us", "profile_id": null, "status": "active"});
        let read = Credentials::read(&body).expect("all that is needed is there");
        assert_eq!((read.access_key_id.as_str(), read.secret_access_key.expose()), ("AK", "tp-planted"));
        assert_eq!(read.profile_id, None);
        assert!(!format!("{read:?}").contains("tp-planted"));
        assert_eq!(Credentials::read(&json!({"credentials": body})), Some(read));
        assert_eq!(Credentials::read(&json!({"access_key_id": "AK"})), None);
    }

    #[test]
    fn a_bucket_is_a_name_or_an_object() {
        for value in [json!("b"), json!({"name": "b"}), json!({"Name": "b"}), json!({"bucket_name": "b", "x": 1})] {
            assert_eq!(Bucket::read(&value).map(|bucket| bucket.name).as_deref(), Some("b"), "{value}");
        }
        let dated = json!({"Name": "b", "CreationDate": "2026-01-01T00:00:00Z"});
        assert_eq!(Bucket::read(&dated).and_then(|bucket| bucket.created_at).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(Bucket::read(&json!({})), None);
    }
}
