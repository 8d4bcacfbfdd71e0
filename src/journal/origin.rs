//! Where a create comes from: the endpoint, the account, and the place of the Terraform state. It is read once, when the
//! provider is configured, and written into every entry.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tensorpool::fingerprint;
use url::Url;

/// Arguments of backends that hold credentials. They change without the state moving, so they do not identify it.
const CREDENTIALS: [&str; 24] = [
    "access_key",
    "access_token",
    "client_certificate",
    "client_certificate_password",
    "client_certificate_pem",
    "client_key",
    "client_private_key_pem",
    "client_secret",
    "credentials",
    "encryption_key",
    "oidc_request_token",
    "oidc_token",
    "password",
    "private_key",
    "sas_token",
    "secret_id",
    "secret_key",
    "security_token",
    "session_token",
    "sse_customer_key",
    "token",
    "username",
    "user_name",
    "web_identity_token",
];

/// Where a create comes from. Texts that could say more than they need to are fingerprints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    endpoint: String,
    /// The endpoint as entries of version 1 hold it: a fingerprint of what the user wrote.
    endpoint_as_written: Option<String>,
    workspace: String,
    account: Account,
    /// `None` if the entry is of version 1, which did not record it.
    location: Option<Location>,
}

/// Who owns the created object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Account {
    /// 16 bits of a fingerprint of the key.
    key: String,
    /// A fingerprint of the account's id, if it is known.
    id: Option<String>,
}

/// Where the state is kept, in addition to the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Location {
    directory: String,
    /// `None` if the state is kept in the working directory by default.
    backend: Option<Backend>,
}

/// What `terraform init` wrote about the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Backend {
    fingerprint: String,
    /// Whether the state is kept elsewhere, so that the working directory may be another one each time.
    remote: bool,
}

impl Origin {
    /// Reads where the creates of this process come from. `workspace` is the environment variable `TF_WORKSPACE`, if it is
    /// set; `key_fingerprint` is that of the client, and the account's id is given if it is known.
    #[must_use]
    pub fn read(
        data_directory: &Path,
        current_directory: &Path,
        workspace: Option<&str>,
        endpoint: &str,
        key_fingerprint: &str,
        account_id: Option<&str>,
    ) -> Self {
        let data_directory = current_directory.join(data_directory);
        let selected = || fs::read_to_string(data_directory.join("environment")).ok();
        let workspace = workspace.map(str::to_owned).or_else(selected).unwrap_or_default();
        let workspace = match workspace.trim() {
            "" => "default",
            workspace => workspace,
        };
        let directory = fs::canonicalize(current_directory).unwrap_or_else(|_| current_directory.to_owned());
        let backend = fs::read_to_string(data_directory.join("terraform.tfstate")).ok();
        Self {
            endpoint: fingerprint(&normalized(endpoint)),
            endpoint_as_written: Some(fingerprint(endpoint)),
            workspace: workspace.to_owned(),
            account: Account { key: key_fingerprint.to_owned(), id: account_id.map(fingerprint) },
            location: Some(Location {
                directory: fingerprint(&directory.to_string_lossy()),
                backend: backend.and_then(|text| Backend::of(&text)),
            }),
        }
    }

    /// Whether the state of `self`, an entry's origin, may be the state of `here`. With a remote backend the working
    /// directory does not count: CI may check out elsewhere each time.
    pub(super) fn is_same_place(&self, here: &Self) -> bool {
        self.is_same_endpoint(here)
            && self.workspace == here.workspace
            && match (&self.location, &here.location) {
                (Some(one), Some(other)) => one.is_same(other),
                // Entries of version 1 do not say, so they may be from here.
                _ => true,
            }
    }

    pub(super) fn is_same_endpoint(&self, here: &Self) -> bool {
        let as_written = self.location.is_none() && Some(&self.endpoint) == here.endpoint_as_written.as_ref();
        self.endpoint == here.endpoint || as_written
    }

    /// Whether what one account can see the other can see too.
    pub(super) fn is_same_account(&self, here: &Self) -> bool {
        match (&self.account.id, &here.account.id) {
            (Some(one), Some(other)) => one == other,
            _ => self.account.key == here.account.key,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let backend = self.location.as_ref().and_then(|location| location.backend.as_ref());
        json!({
            "endpoint": self.endpoint,
            "workspace": self.workspace,
            "account": {"key": self.account.key, "id": self.account.id},
            "directory": self.location.as_ref().map(|location| &location.directory),
            "backend": backend.map(|backend| json!({"fingerprint": backend.fingerprint, "remote": backend.remote})),
        })
    }

    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let account = value.get("account")?;
        let backend = match value.get("backend")? {
            Value::Null => None,
            backend => Some(Backend {
                fingerprint: text(backend, "fingerprint")?,
                remote: backend.get("remote").and_then(Value::as_bool)?,
            }),
        };
        Some(Self {
            endpoint: text(value, "endpoint")?,
            endpoint_as_written: None,
            workspace: text(value, "workspace")?,
            account: Account { key: text(account, "key")?, id: text(account, "id") },
            location: Some(Location { directory: text(value, "directory")?, backend }),
        })
    }

    /// The origin of an entry of version 1.
    pub(super) fn of_version_1(endpoint: String, workspace: String, key: String) -> Self {
        let account = Account { key, id: None };
        Self { endpoint, endpoint_as_written: None, workspace, account, location: None }
    }
}

impl Location {
    fn is_same(&self, here: &Self) -> bool {
        let remote = self.backend.as_ref().is_some_and(|backend| backend.remote);
        self.backend == here.backend && (remote || self.directory == here.directory)
    }
}

impl Backend {
    /// The backend of a data directory's `terraform.tfstate`. `None` if it is the default.
    fn of(text: &str) -> Option<Self> {
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            // Terraform cannot read it either, and does not come this far.
            return Some(Self { fingerprint: fingerprint(text), remote: false });
        };
        let backend = value.get("backend").filter(|backend| !backend.is_null())?;
        let kind = backend.get("type").and_then(Value::as_str).unwrap_or_default();
        let config = identifying(backend.get("config").unwrap_or(&Value::Null));
        let is_local = kind == "local";
        if is_local && config.as_object().is_none_or(serde_json::Map::is_empty) {
            return None;
        }
        let fingerprint = fingerprint(&json!({"type": kind, "config": config}).to_string());
        Some(Self { fingerprint, remote: !is_local })
    }
}

/// What of a backend's configuration says where the state is. Arguments that are null, as a newer Terraform may add them,
/// say nothing.
fn identifying(config: &Value) -> Value {
    match config {
        Value::Object(arguments) => arguments
            .iter()
            .filter(|(name, value)| !value.is_null() && !CREDENTIALS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), identifying(value)))
            .collect(),
        Value::Array(values) => values.iter().map(identifying).collect(),
        value => value.clone(),
    }
}

/// An endpoint in the one spelling of all that reach the same API.
fn normalized(endpoint: &str) -> String {
    let url = Url::parse(endpoint).map_or_else(|_| endpoint.to_owned(), String::from);
    url.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(endpoint: &str) -> Origin {
        Origin::read(Path::new("d"), Path::new("/nowhere"), None, endpoint, "k", None)
    }

    fn account(key: &str, id: Option<&str>) -> Origin {
        Origin::read(Path::new("d"), Path::new("/nowhere"), None, "https://a", key, id)
    }

    #[test]
    fn endpoints_that_reach_the_same_api_are_one() {
        for (one, other, same) in [
            ("https://API.example", "https://api.example/", true),
            ("HTTPS://api.example:443", "https://api.example", true),
            ("http://api.example:80/v1/", "http://api.example/v1", true),
            ("https://api.example:444", "https://api.example", false),
            ("http://api.example", "https://api.example", false),
            ("https://api.example/v1", "https://api.example/v2", false),
            ("https://a.example", "https://b.example", false),
        ] {
            assert_eq!(at(one).is_same_place(&at(other)), same, "{one} and {other}");
        }
    }

    #[test]
    fn an_account_is_the_same_by_its_id_else_by_its_key() {
        let cases = [
            (("k", None), ("k", None), true),
            (("k", None), ("l", None), false),
            (("k", Some("u-1")), ("l", Some("u-1")), true),
            (("k", Some("u-1")), ("k", Some("u-2")), false),
            (("k", Some("u-1")), ("k", None), true),
            (("k", Some("u-1")), ("l", None), false),
        ];
        for (one, other, same) in cases {
            assert_eq!(account(one.0, one.1).is_same_account(&account(other.0, other.1)), same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_backend_is_identified_by_what_says_where_the_state_is() {
        let of = |backend: Value| Backend::of(&json!({"version": 3, "backend": backend}).to_string());
        let s3 = |more: Value| {
            let mut config = json!({"bucket": "b", "key": "prod"});
            config.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
            of(json!({"type": "s3", "config": config, "hash": 1}))
        };
        assert_eq!(of(Value::Null), None);
        assert_eq!(of(json!({"type": "local", "config": {"path": null, "workspace_dir": null}})), None);
        let local = of(json!({"type": "local", "config": {"path": "dev.tfstate"}}));
        assert!(local.as_ref().is_some_and(|backend| !backend.remote));
        assert_ne!(local, of(json!({"type": "local", "config": {"path": "prod.tfstate"}})));
        assert!(s3(json!({})).is_some_and(|backend| backend.remote));
        assert_eq!(s3(json!({})), s3(json!({"token": "rotated", "new_argument": null})));
        assert_ne!(s3(json!({})), s3(json!({"key": "dev"})));
        let secret_suffix = |suffix: &str| of(json!({"type": "kubernetes", "config": {"secret_suffix": suffix}}));
        assert_ne!(secret_suffix("a"), secret_suffix("b"));
    }

    #[test]
    fn an_origin_comes_back_from_its_entry() {
        let text = |backend: Option<Backend>| {
            let mut origin = account("k", Some("u-1"));
            origin.location = Some(Location { directory: "d".to_owned(), backend });
            (Origin::from_json(&origin.to_json()), Origin { endpoint_as_written: None, ..origin })
        };
        for backend in [None, Some(Backend { fingerprint: "f".to_owned(), remote: true })] {
            let (read, written) = text(backend);
            assert_eq!(read, Some(written));
        }
        assert_eq!(Origin::from_json(&json!({"endpoint": "e"})), None);
    }
}
