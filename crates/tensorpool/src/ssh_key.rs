//! SSH keys of the account, which TensorPool installs on every new cluster.

use http::Method;
use serde_json::{Value, json};

use crate::accepted::Created;
use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::Error;
use crate::lenient;
use crate::object::{ApiObject, Decode, Objects};
use crate::public_key::PublicKey;

/// An SSH key of the account. `None` stands for what the API does not report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SshKey {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The public key, as it was added.
    pub public_key: Option<String>,
    /// The fingerprint.
    pub fingerprint: Option<String>,
    /// When the key was added.
    pub created_at: Option<String>,
}

impl SshKey {
    /// Whether this is the given key. Keys are compared by type and blob or, if the API does not report the key, by
    /// fingerprint.
    #[must_use]
    pub fn is(&self, key: &PublicKey) -> bool {
        match &self.public_key {
            Some(text) => PublicKey::parse(text).as_ref() == Ok(key),
            None => self.fingerprint.as_deref() == Some(key.fingerprint().as_str()),
        }
    }
}

impl ApiObject for SshKey {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl Decode for SshKey {
    const LIST: &'static [&'static str] = &["user", "ssh-key", "list"];
    const INFO: Option<&'static [&'static str]> = None;
    const WRAPPERS: &'static [&'static str] = &["keys", "ssh_keys"];

    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: lenient::id(value, &["id", "key_id", "ssh_key_id"])?,
            name: lenient::text(value, &["name", "key_name", "ssh_key_name"]),
            public_key: lenient::text(value, &["public_key", "key"]),
            fingerprint: lenient::text(value, &["fingerprint"]),
            created_at: lenient::text(value, &["created_at"]),
        })
    }

    fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }
}

/// The operations on the account's SSH keys.
pub type SshKeys<'a> = Objects<'a, SshKey>;

impl Api {
    /// Returns the operations on the account's SSH keys.
    #[must_use]
    pub fn ssh_keys(&self) -> SshKeys<'_> {
        self.objects()
    }
}

impl SshKeys<'_> {
    /// Adds a key. Without a name, the API uses the user's email address. The request is retried only if
    /// the API certainly did not accept it.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the key may exist
    /// nevertheless.
    pub async fn add(&self, public_key: &str, name: Option<&str>) -> Result<Created, Error> {
        let mut body = json!({"public_key": public_key});
        if let Some(name) = name {
            body["name"] = json!(name);
        }
        let request = ApiRequest::new(Method::POST, &["user", "ssh-key", "add"]).body(body).not_idempotent();
        let operation = request.operation();
        let body = self.api.send(request).await?.body;
        Created::read(operation, &body, "key", lenient::id(&body, &["key_id", "id"]))
    }

    /// Removes a key from the account. It stays on the clusters that it was installed on.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn remove(&self, id: &str) -> Result<(), Error> {
        self.api.send(ApiRequest::new(Method::DELETE, &["user", "ssh-key", "remove", id])).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me@home";

    #[test]
    fn a_key_is_read_in_every_known_shape() {
        let read = |value: &Value| SshKey::read(value).expect("it has an id");
        let short = read(&json!({"id": "key_1", "name": "n", "public_key": KEY}));
        assert_eq!(read(&json!({"key_id": "key_1", "key_name": "n", "key": KEY})), short);
        assert_eq!(SshKey::read(&json!({"name": "n"})), None);
    }

    #[test]
    fn keys_are_compared_by_content_or_fingerprint() {
        let key = PublicKey::parse(KEY).expect("it is a key");
        let key_of = |public_key: Option<&str>, fingerprint: Option<String>| SshKey {
            public_key: public_key.map(str::to_owned),
            fingerprint,
            ..SshKey::default()
        };
        assert!(key_of(Some(&KEY.replace("me@home", "you")), None).is(&key));
        assert!(key_of(None, Some(key.fingerprint())).is(&key));
        assert!(!key_of(Some("ssh-ed25519 AAAA"), Some(key.fingerprint())).is(&key));
        assert!(!key_of(None, None).is(&key));
    }
}
