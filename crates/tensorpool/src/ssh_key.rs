//! SSH keys of the account, which TensorPool installs on every new cluster.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::listing::{self, Listed, Listing};
use crate::public_key::PublicKey;
use crate::scope::Scope;

/// A key of the account, as far as the API tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SshKey {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The key, as it was added.
    pub public_key: Option<String>,
    /// Its fingerprint, where the API tells.
    pub fingerprint: Option<String>,
    /// When it was added, where the API tells.
    pub created_at: Option<String>,
}

impl SshKey {
    /// Whether this is that key. Keys are compared by type and blob, and by fingerprint where the API tells no more.
    #[must_use]
    pub fn is(&self, key: &PublicKey) -> bool {
        match &self.public_key {
            Some(text) => PublicKey::parse(text).as_ref() == Ok(key),
            None => self.fingerprint.as_deref() == Some(key.fingerprint().as_str()),
        }
    }
}

impl Listed for SshKey {
    const PATH: &'static [&'static str] = &["user", "ssh-key", "list"];
    const WRAPPERS: &'static [&'static str] = &["keys", "ssh_keys"];

    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: body::id(value, &["id", "key_id", "ssh_key_id"])?,
            name: body::text(value, &["name", "key_name", "ssh_key_name"]),
            public_key: body::text(value, &["public_key", "key"]),
            fingerprint: body::text(value, &["fingerprint"]),
            created_at: body::text(value, &["created_at"]),
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

/// The calls on SSH keys.
pub struct SshKeys<'a>(&'a Client);

impl Client {
    /// The calls on the account's SSH keys.
    #[must_use]
    pub fn ssh_keys(&self) -> SshKeys<'_> {
        SshKeys(self)
    }
}

impl SshKeys<'_> {
    /// Adds a key and gives its id. Without a name, the API takes the user's e-mail address. It is sent again only when
    /// the API certainly did not accept it.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the key may be there all the same.
    pub async fn add(&self, public_key: &str, name: Option<&str>, scope: &Scope) -> Result<String, Error> {
        let mut body = json!({"public_key": public_key});
        if let Some(name) = name {
            body["name"] = json!(name);
        }
        let call = Call::new(Method::POST, &["user", "ssh-key", "add"]).body(body).makes_another();
        let operation = call.name();
        let answer = self.0.send(call, scope).await?;
        body::id(&answer.body, &["key_id", "id"]).ok_or_else(|| {
            let message = Some("the answer holds no key id".to_owned());
            Error::new(ErrorKind::InvalidResponse, operation).with_message(message).ambiguous(true)
        })
    }

    /// The user's own keys, or those of the organization instead.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list(&self, organization: bool, scope: &Scope) -> Result<Vec<SshKey>, Error> {
        listing::list(self.0, organization, scope).await
    }

    /// The user's own keys and those of the organization, each once.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list_all(&self, scope: &Scope) -> Result<Vec<SshKey>, Error> {
        Ok(listing::all(self.0, scope).await?.items.clone())
    }

    /// The user's own keys and those of the organization, each once, and what the list proves.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn listing(&self, scope: &Scope) -> Result<Arc<Listing<SshKey>>, Error> {
        listing::all(self.0, scope).await
    }

    /// A key by its id; none when there is none. The API has no call for one key, so this looks through the lists.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn get(&self, id: &str, scope: &Scope) -> Result<Option<SshKey>, Error> {
        Ok(listing::all::<SshKey>(self.0, scope).await?.items.iter().find(|key| key.id == id).cloned())
    }

    /// Removes a key. Clusters that have it keep it.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn remove(&self, id: &str, scope: &Scope) -> Result<(), Error> {
        self.0.send(Call::new(Method::DELETE, &["user", "ssh-key", "remove", id]), scope).await.map(drop)
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
    fn a_key_is_known_by_what_it_is() {
        let key = PublicKey::parse(KEY).expect("it is a key");
        let told = |public_key: Option<&str>, fingerprint: Option<String>| SshKey {
            public_key: public_key.map(str::to_owned),
            fingerprint,
            ..SshKey::default()
        };
        assert!(told(Some(&KEY.replace("me@home", "you")), None).is(&key));
        assert!(told(None, Some(key.fingerprint())).is(&key));
        assert!(!told(Some("ssh-ed25519 AAAA"), Some(key.fingerprint())).is(&key));
        assert!(!told(None, None).is(&key));
    }
}
