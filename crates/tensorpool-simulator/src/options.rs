//! The options of the simulator. Where the behaviour of the real API is not known, an option chooses it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer_id::AnswerId;
use crate::normalization::{Containers, Names};

/// The options of a simulator. Those that are serialized can be changed while it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The address to listen on. Port 0 chooses a free port.
    #[serde(skip)]
    pub listen: SocketAddr,
    /// Whether other machines may connect. Without it, only a loopback address can be listened on.
    #[serde(skip)]
    pub allow_remote_access: bool,
    /// Whether a line for each request is written to the standard error stream.
    #[serde(skip)]
    pub log: bool,
    /// The API key of the first account. Others are added while the simulator runs.
    #[serde(skip)]
    pub api_key: String,
    /// The seed for ids and for faults by chance.
    #[serde(skip)]
    pub seed: u64,
    /// The file that keeps the objects across restarts.
    #[serde(skip)]
    pub data: Option<PathBuf>,
    /// How long a create takes.
    #[serde(with = "in_millis", rename = "provision_ms")]
    pub provision: Duration,
    /// How long a destroy takes, and the cancellation of a job.
    #[serde(with = "in_millis", rename = "release_ms")]
    pub release: Duration,
    /// How long nodes restart after a volume is attached or detached.
    #[serde(with = "in_millis", rename = "restart_ms")]
    pub restart: Duration,
    /// How long an edit takes.
    #[serde(with = "in_millis", rename = "edit_ms")]
    pub edit: Duration,
    /// How far reads lag behind: they do not find an object yet that was created more recently than this, and still find one
    /// that was destroyed more recently. Everything else acts on what really exists.
    #[serde(with = "in_millis", rename = "lag_ms")]
    pub lag: Duration,
    /// The `Retry-After` header of unfinished requests.
    pub retry_after: RetryAfter,
    /// Responses contain no request ids.
    pub without_request_ids: bool,
    /// The limit on requests per second. Requests above it get a 429.
    pub requests_per_second: Option<u32>,
    /// The `Retry-After` header of these 429s, in seconds.
    pub limit_retry_after: Option<u64>,
    /// The shapes of responses.
    #[serde(flatten)]
    pub variants: Variants,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 8080).into(),
            allow_remote_access: false,
            log: false,
            api_key: "sim-key".to_owned(),
            seed: 1,
            data: None,
            provision: Duration::from_secs(4),
            release: Duration::from_secs(3),
            restart: Duration::from_secs(2),
            edit: Duration::ZERO,
            lag: Duration::ZERO,
            retry_after: RetryAfter::Seconds(1),
            without_request_ids: false,
            requests_per_second: None,
            limit_retry_after: None,
            variants: Variants::default(),
        }
    }
}

/// Behaviour and shapes of responses for which those of the real API are not known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent switches")]
pub struct Variants {
    /// Objects and lists are returned without a wrapper.
    pub bare: bool,
    /// The name of the id field of objects.
    pub id_name: IdName,
    /// The name of the name field of objects.
    pub name_field: NameField,
    /// The prefix of request ids.
    pub request_id_prefix: String,
    /// Statuses are in lower case.
    pub lower_case_statuses: bool,
    /// The status of a request that has not started, instead of PENDING.
    pub unknown_status: Option<String>,
    /// Requests are RETRYING before they end.
    pub retrying: bool,
    /// The HTTP status of the response to an edit.
    pub edit_status: u16,
    /// The response to an edit contains a request id.
    pub edit_request_ids: bool,
    /// The shape of errors.
    pub error_shape: ErrorShape,
    /// The HTTP status of the error for a balance that is too low.
    pub low_balance_status: u16,
    /// What a read of a destroyed object returns.
    pub gone: Gone,
    /// Buckets are listed as objects instead of names.
    pub bucket_objects: bool,
    /// An empty list is a 404.
    pub empty_lists_are_404: bool,
    /// The endpoints for prices do not exist.
    pub without_quotes: bool,
    /// Enabling object storage twice is a 409 instead of returning the same credentials.
    pub enable_twice_conflicts: bool,
    /// How the names of clusters, volumes and SSH keys are stored.
    pub names: Names,
    /// How container images are returned.
    pub containers: Containers,
    /// Sizes of volumes are rounded up to a multiple of this.
    pub size_step_gb: u64,
    /// The nodes of a cluster are in a different order in each read.
    pub shuffle_instances: bool,
    /// The id in the response to a read of a cluster or volume.
    pub answer_id: AnswerId,
    /// The id in the response to a create of a cluster or volume.
    pub create_id: AnswerId,
    /// Lists are truncated to this many items, and then contain `"has_more": true`.
    pub truncated_lists: Option<usize>,
    /// Every list contains an additional item without an id.
    pub unreadable_item: bool,
    /// The list of an object's requests contains those of another object: failed, completed and running ones.
    pub foreign_operations: bool,
    /// The status of a node differs in each read while it is provisioned or released.
    pub flickering_status: bool,
    /// The requests of creates end as FAILED with this message. The object stays and never runs.
    pub fail_creates: Option<String>,
    /// Unknown instance types are accepted.
    pub any_instance_type: bool,
    /// Error messages contain the key of the request.
    pub echo_secrets: bool,
    /// Error messages contain escape sequences for terminals.
    pub escape_sequences: bool,
    /// Names are not unique.
    pub allow_duplicate_names: bool,
}

impl Default for Variants {
    fn default() -> Self {
        Self {
            bare: false,
            id_name: IdName::Id,
            name_field: NameField::Name,
            request_id_prefix: "req_".to_owned(),
            lower_case_statuses: false,
            unknown_status: None,
            retrying: false,
            edit_status: 202,
            edit_request_ids: false,
            error_shape: ErrorShape::Message,
            low_balance_status: 402,
            gone: Gone::NotFound,
            bucket_objects: false,
            empty_lists_are_404: false,
            without_quotes: false,
            enable_twice_conflicts: false,
            names: Names::AsSent,
            containers: Containers::AsSent,
            size_step_gb: 1,
            shuffle_instances: false,
            answer_id: AnswerId::Right,
            create_id: AnswerId::Right,
            truncated_lists: None,
            unreadable_item: false,
            foreign_operations: false,
            flickering_status: false,
            fail_creates: None,
            any_instance_type: false,
            echo_secrets: false,
            escape_sequences: false,
            allow_duplicate_names: false,
        }
    }
}

/// The `Retry-After` header of unfinished requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// A date that is this many seconds ahead.
    Date(u64),
    /// A text that is neither.
    Malformed,
    /// No header.
    Absent,
}

/// The name of the id field of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdName {
    /// `id`.
    Id,
    /// `cluster_id`, `storage_id` or `key_id`.
    OfKind,
}

/// The name of the name field of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameField {
    /// `name`.
    Name,
    /// `cluster_name` or `storage_name`.
    OfKind,
    /// `tp_cluster_name` or `tp_storage_name`, like in a create.
    TpOfKind,
}

/// The shape of errors. Errors of single fields are always an `HTTPValidationError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorShape {
    /// `{"message": "..."}`, which the official client reads first.
    Message,
    /// `{"error": "..."}`.
    Error,
    /// `{"detail": "..."}`.
    Detail,
    /// `{"external_message": "..."}`.
    ExternalMessage,
    /// The text alone.
    Text,
    /// A web page, like the error of a gateway.
    Html,
    /// An empty body.
    Empty,
}

/// What a read of a destroyed object returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// The object with the status TERMINATED for this many milliseconds, and then 404.
    ShownForMs(u64),
}

impl Variants {
    /// Returns the suffix of every error message, for a request with a key.
    pub(crate) fn error_suffix(&self, key: &str) -> String {
        let mut suffix = String::new();
        if self.echo_secrets {
            suffix.extend([" (Authorization: Bearer ", key, ")"]);
        }
        if self.escape_sequences {
            suffix.push_str(" \u{1b}[2J\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}");
        }
        suffix
    }
}

impl Options {
    /// Changes the named options, for example `{"provision_ms": 0, "error_shape": "html"}`.
    ///
    /// # Errors
    /// Returns a sentence that names the option if there is none of the name, or the value is invalid for it.
    pub fn set(&mut self, changes: &Map<String, Value>) -> Result<(), String> {
        let mut new = self.clone();
        for (name, value) in changes {
            new = new.with(name, value)?;
        }
        let Self { listen, allow_remote_access, log, api_key, seed, data, .. } = self.clone();
        *self = Self { listen, allow_remote_access, log, api_key, seed, data, ..new };
        Ok(())
    }

    /// Returns the options with another value for one of them. Those that are not serialized have their defaults.
    fn with(&self, name: &str, value: &Value) -> Result<Self, String> {
        let Ok(Value::Object(mut all)) = serde_json::to_value(self) else {
            return Err("the options cannot be serialized".to_owned());
        };
        let Some(option) = all.get_mut(name) else { return Err(format!("there is no option {name}")) };
        *option = value.clone();
        serde_json::from_value(Value::Object(all)).map_err(|error| format!("{value} is not a value of {name}: {error}"))
    }
}

mod in_millis {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(crate::clock::millis(*time))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(options: &mut Options, changes: &Value) -> Result<(), String> {
        options.set(changes.as_object().expect("it is an object"))
    }

    #[test]
    fn only_the_named_options_change() {
        let mut options = Options { api_key: "k".to_owned(), edit: Duration::from_secs(1), ..Options::default() };
        let changes = json!({"provision_ms": 7, "retry_after": {"date": 3}, "error_shape": "html",
            "gone": {"shown_for_ms": 9}});
        set(&mut options, &changes).expect("all of these exist");
        assert_eq!((options.provision, options.edit), (Duration::from_millis(7), Duration::from_secs(1)));
        assert_eq!((options.retry_after, options.variants.error_shape), (RetryAfter::Date(3), ErrorShape::Html));
        assert_eq!(options.api_key, "k");
        assert!(set(&mut options, &json!({"api_key": "x"})).is_err_and(|error| error.contains("no option api_key")));
        for (changes, reason) in [
            (json!({"error_shape": "poem"}), r#""poem" is not a value of error_shape: unknown variant"#),
            (json!({"provision_ms": -1}), "-1 is not a value of provision_ms: invalid value"),
            (json!({"bare": true, "edit_status": "high"}), r#""high" is not a value of edit_status: invalid type"#),
        ] {
            let error = set(&mut options, &changes).expect_err("a value is wrong");
            assert!(error.starts_with(reason), "{error}");
        }
        assert!(!options.variants.bare, "nothing is changed if a part is wrong");
    }
}
