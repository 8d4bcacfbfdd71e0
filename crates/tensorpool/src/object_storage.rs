//! Object storage, which an organization has once: its credentials and its buckets.

use http::Method;
use serde_json::Value;

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::listing::{self, Listing};
use crate::scope::Scope;
use crate::secret::Secret;

/// What an S3 client needs to reach the organization's buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The organization.
    pub org_id: Option<String>,
    /// The id of the key.
    pub access_key_id: String,
    /// The key itself.
    pub secret_access_key: Secret,
    /// The URL of the S3 endpoint.
    pub endpoint: String,
    /// The S3 region.
    pub region: Option<String>,
    /// The id of the profile.
    pub profile_id: Option<String>,
    /// The name of the profile's user.
    pub iam_username: Option<String>,
    /// The status of the profile; no value is documented.
    pub status: Option<String>,
    /// When they were made, in ISO 8601.
    pub created_at: Option<String>,
    /// When they were last changed, in ISO 8601.
    pub updated_at: Option<String>,
}

impl Credentials {
    /// Reads credentials; none without the parts that no S3 client can do without.
    fn read(value: &Value) -> Option<Self> {
        let value = body::unwrap(value, &["credentials", "object_storage"]);
        Some(Self {
            org_id: body::text(value, &["org_id"]),
            access_key_id: body::text(value, &["access_key_id"])?,
            secret_access_key: Secret::new(body::text(value, &["secret_access_key"])?),
            endpoint: body::text(value, &["endpoint", "endpoint_url"])?,
            region: body::text(value, &["region"]),
            profile_id: body::text(value, &["profile_id"]),
            iam_username: body::text(value, &["iam_username"]),
            status: body::text(value, &["status"]),
            created_at: body::text(value, &["created_at"]),
            updated_at: body::text(value, &["updated_at"]),
        })
    }
}

/// A bucket, as far as the API tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name, which is also its id.
    pub name: String,
    /// When it was made, where the API tells.
    pub created_at: Option<String>,
}

impl Bucket {
    /// Reads a bucket: its name alone, or an object in the API's spelling or in that of S3.
    fn read(value: &Value) -> Option<Self> {
        if let Some(name) = value.as_str() {
            return Some(Self { name: name.to_owned(), created_at: None });
        }
        Some(Self {
            name: body::text(value, &["name", "Name", "bucket_name"])?,
            created_at: body::text(value, &["created_at", "creation_date", "CreationDate"]),
        })
    }
}

/// The calls on object storage.
pub struct ObjectStorage<'a>(&'a Client);

impl Client {
    /// The calls on the organization's object storage.
    #[must_use]
    pub fn object_storage(&self) -> ObjectStorage<'_> {
        ObjectStorage(self)
    }
}

impl ObjectStorage<'_> {
    /// Enables object storage for the organization. Whether the API accepts this twice is not known, so it is sent again
    /// only when it certainly was not accepted.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], it may be enabled all the same.
    pub async fn enable(&self, scope: &Scope) -> Result<Credentials, Error> {
        self.credentials_of(Call::new(Method::POST, &["object-storage", "enable"]).makes_another(), scope).await
    }

    /// The credentials.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when object storage is not enabled, as far as is known; or when the API cannot be asked.
    pub async fn credentials(&self, scope: &Scope) -> Result<Credentials, Error> {
        self.credentials_of(Call::new(Method::GET, &["object-storage", "credentials"]), scope).await
    }

    /// Makes new keys. The old ones end at once, for everybody in the organization.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the keys may be new all the same.
    pub async fn rotate_keys(&self, scope: &Scope) -> Result<Credentials, Error> {
        self.credentials_of(Call::new(Method::POST, &["object-storage", "rotate-keys"]).makes_another(), scope).await
    }

    /// Disables object storage for the organization.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn disable(&self, scope: &Scope) -> Result<(), Error> {
        self.0.send(Call::new(Method::DELETE, &["object-storage", "disable"]), scope).await.map(drop)
    }

    /// The organization's buckets. Without object storage there are none.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn buckets(&self, scope: &Scope) -> Result<Vec<Bucket>, Error> {
        Ok(self.bucket_listing(scope).await?.items)
    }

    /// The organization's buckets, and what the list proves.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn bucket_listing(&self, scope: &Scope) -> Result<Listing<Bucket>, Error> {
        let call = Call::new(Method::GET, &["object-storage", "bucket", "list"]);
        listing::listing(self.0, call, &["buckets", "Buckets"], Bucket::read, scope).await
    }

    /// Makes a bucket. What the API says to a name that exists is not known. So although it is a PUT, it is sent again only
    /// when it certainly was not accepted: a refusal then means a bucket that was there before.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the bucket may be there all the same.
    pub async fn create_bucket(&self, name: &str, scope: &Scope) -> Result<(), Error> {
        let call = Call::new(Method::PUT, &["object-storage", "bucket", "create", name]).makes_another();
        self.0.send(call, scope).await.map(drop)
    }

    /// Deletes a bucket, which must be empty.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn delete_bucket(&self, name: &str, scope: &Scope) -> Result<(), Error> {
        self.0.send(Call::new(Method::DELETE, &["object-storage", "bucket", "delete", name]), scope).await.map(drop)
    }

    async fn credentials_of(&self, call: Call, scope: &Scope) -> Result<Credentials, Error> {
        let (name, repeat) = (call.name(), call.repeat);
        let answer = self.0.send(call, scope).await?;
        let credentials = Credentials::read(&answer.body);
        if let Some(credentials) = &credentials {
            self.0.redactor().add(&credentials.access_key_id);
            self.0.redactor().add(credentials.secret_access_key.expose());
        }
        credentials.ok_or_else(|| {
            let message = Some("the answer holds no credentials".to_owned());
            let error = Error::new(ErrorKind::InvalidResponse, name).with_message(message);
            let ambiguous = repeat.leaves_ambiguous(&error);
            error.ambiguous(ambiguous)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn credentials_are_read_and_their_secret_does_not_show() {
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
