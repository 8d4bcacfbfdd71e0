//! The variants of the API: behaviour and shapes of responses for which those of the real API are not known.

use serde::{Deserialize, Serialize};

use crate::answer_id::AnswerId;
use crate::normalization::{Containers, Names};

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
    /// Lists of clusters and volumes contain only the ids, names and statuses.
    pub brief_lists: bool,
    /// The list of an object's requests contains those of another object: failed, completed and running ones.
    pub foreign_operations: bool,
    /// The status of a node differs in each read while it is provisioned or released.
    pub flickering_status: bool,
    /// Clusters do not show when they were created.
    pub hidden_created_at: bool,
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
            brief_lists: false,
            foreign_operations: false,
            flickering_status: false,
            hidden_created_at: false,
            fail_creates: None,
            any_instance_type: false,
            echo_secrets: false,
            escape_sequences: false,
            allow_duplicate_names: false,
        }
    }
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
