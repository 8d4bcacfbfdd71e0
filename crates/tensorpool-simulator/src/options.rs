//! How the simulator behaves. Much of it is unknown of the real API, so much of it can be chosen.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer_id::AnswerId;
use crate::clock::{self, Moment};
use crate::normal::{Containers, Names};

/// How the simulator behaves. What is serialised can be changed while it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    #[serde(skip)]
    pub listen: SocketAddr,
    /// The key of the first account. Others are added while it runs.
    #[serde(skip)]
    pub api_key: String,
    /// The source of ids and of faults by chance.
    #[serde(skip)]
    pub seed: u64,
    /// A file that keeps everything over a restart.
    #[serde(skip)]
    pub data: Option<PathBuf>,
    /// How long a create takes.
    #[serde(with = "in_millis", rename = "provision_ms")]
    pub provision: Duration,
    /// How long a destroy takes, and the end of a job that is cancelled.
    #[serde(with = "in_millis", rename = "release_ms")]
    pub release: Duration,
    /// How long nodes restart after a volume was attached or detached.
    #[serde(with = "in_millis", rename = "restart_ms")]
    pub restart: Duration,
    /// How long it takes until an edit shows.
    #[serde(with = "in_millis", rename = "edit_ms")]
    pub edit: Duration,
    /// How far answers to infos and lists are behind: they do not show yet what was created less than so long ago, and
    /// still show what was destroyed less than so long ago. Everything else acts on what really exists.
    #[serde(with = "in_millis", rename = "lag_ms")]
    pub lag: Duration,
    /// What the `Retry-After` header of unfinished requests holds.
    pub retry_after: RetryAfter,
    /// Answers hold no request ids.
    pub without_request_ids: bool,
    /// More requests in a second than this are answered with 429.
    pub requests_per_second: Option<u32>,
    /// What the `Retry-After` header of such an answer holds, in seconds.
    pub limit_retry_after: Option<u64>,
    /// The shapes of answers.
    #[serde(flatten)]
    pub variants: Variants,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 8080).into(),
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

/// The shapes of answers of which the real ones are not known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Variants {
    /// Objects and lists come without a wrapper around them.
    pub bare: bool,
    /// What the id of an object is called.
    pub id_name: IdName,
    /// What the name of an object is called.
    pub name_field: NameField,
    /// How the ids of requests begin.
    pub request_id_prefix: String,
    /// Statuses are written in lower case.
    pub lower_case_statuses: bool,
    /// A request that has not begun has this status instead of PENDING.
    pub unknown_status: Option<String>,
    /// A request is RETRYING before its end.
    pub retrying: bool,
    /// The status of an answer to an edit.
    pub edit_status: u16,
    /// Answers to edits hold a request id.
    pub edit_request_ids: bool,
    /// The body of refusals.
    pub error_shape: ErrorShape,
    /// The status of the refusal for too low a balance.
    pub low_balance_status: u16,
    /// How a destroyed object looks.
    pub gone: Gone,
    /// Buckets are listed as objects instead of names.
    pub bucket_objects: bool,
    /// A list without items is answered with 404.
    pub empty_lists_are_404: bool,
    /// The endpoints of prices do not exist.
    pub without_quotes: bool,
    /// Enabling object storage twice is answered with 409 instead of the same credentials.
    pub enable_twice_conflicts: bool,
    /// How the names of clusters, volumes and SSH keys are kept.
    pub names: Names,
    /// How images of containers are shown.
    pub containers: Containers,
    /// The sizes of volumes are rounded up to a multiple of this.
    pub size_step_gb: u64,
    /// The nodes of clusters come in another order at each read.
    pub shuffle_instances: bool,
    /// The id in the info of a cluster or a volume.
    pub answer_id: AnswerId,
    /// The id in the answer to the create of a cluster or a volume.
    pub create_id: AnswerId,
    /// Lists are cut to so many items, and say `"has_more": true`.
    pub truncated_lists: Option<usize>,
    /// Every list has one more item, which has no id.
    pub unreadable_item: bool,
    /// Operations come with entries about another object: failed, completed and running ones.
    pub foreign_operations: bool,
    /// The status of a node is another one at each read while it is provisioned or released.
    pub flickering_status: bool,
    /// The requests of creates end as FAILED with this message. What they create stays, but never runs.
    pub fail_creates: Option<String>,
    /// Instance types are not checked against the known ones.
    pub any_instance_type: bool,
    /// Error messages hold the key that came.
    pub echo_secrets: bool,
    /// Error messages hold escape sequences for terminals.
    pub escape_sequences: bool,
    /// Two objects of a kind may have the same name.
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
    /// A date that is so many seconds ahead.
    Date(u64),
    /// Text that is neither.
    Malformed,
    /// No header.
    Absent,
}

/// What the id of an object is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdName {
    /// `id`.
    Id,
    /// By the kind: `cluster_id`, `storage_id`, `key_id`.
    OfKind,
}

/// What the name of an object is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameField {
    /// `name`.
    Name,
    /// By the kind: `cluster_name`, `storage_name`.
    OfKind,
    /// By the kind, as a create has it: `tp_cluster_name`, `tp_storage_name`.
    TpOfKind,
}

/// The body of a refusal. Complaints about fields are always an `HTTPValidationError`.
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
    /// A page for a browser, as a proxy writes it.
    Html,
    /// Nothing.
    Empty,
}

/// How a destroyed object looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// It is shown as TERMINATED for so many milliseconds, and then 404.
    ShownForMs(u64),
}

/// What a look for an object meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    Exists,
    Memory,
    Forbidden,
    Nothing,
}

impl Gone {
    /// What a look meets now, by when the object was destroyed, if it was.
    pub(crate) fn sight(self, gone_at: Option<Moment>, now: Moment) -> Sight {
        match (self, gone_at) {
            (_, None) => Sight::Exists,
            (Self::ShownForMs(ms), Some(at)) if now < at.saturating_add(ms) => Sight::Memory,
            (Self::Forbidden, Some(_)) => Sight::Forbidden,
            (_, Some(_)) => Sight::Nothing,
        }
    }
}

impl Variants {
    /// What is added to every error message, by the key that came.
    pub(crate) fn added_to_errors(&self, key: &str) -> String {
        let mut added = String::new();
        if self.echo_secrets {
            added.extend([" (Authorization: Bearer ", key, ")"]);
        }
        if self.escape_sequences {
            added.push_str(" \u{1b}[2J\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}");
        }
        added
    }
}

impl Options {
    /// Whether what happened then does not show yet in infos and lists.
    pub(crate) fn lags(&self, then: Moment, now: Moment) -> bool {
        now < then.saturating_add(clock::millis(self.lag))
    }

    /// What an info or a list meets now, by when the object was created, and destroyed, if it was.
    pub(crate) fn sight(&self, created_at: Moment, gone_at: Option<Moment>, now: Moment) -> Sight {
        if self.lags(created_at, now) {
            return Sight::Nothing;
        }
        self.variants.gone.sight(gone_at.filter(|at| !self.lags(*at, now)), now)
    }

    /// Changes what is named, as `{"provision_ms": 0, "error_shape": "html"}`.
    ///
    /// # Errors
    /// When a name is unknown, or a value cannot be one of it.
    pub fn set(&mut self, changes: &Map<String, Value>) -> Result<(), String> {
        let Ok(Value::Object(mut all)) = serde_json::to_value(&*self) else {
            return Err("the options cannot be written".to_owned());
        };
        for (name, value) in changes {
            let Some(place) = all.get_mut(name) else { return Err(format!("there is no option {name}")) };
            *place = value.clone();
        }
        let new: Self = serde_json::from_value(Value::Object(all)).map_err(|error| error.to_string())?;
        let Self { listen, api_key, seed, data, .. } = self.clone();
        *self = Self { listen, api_key, seed, data, ..new };
        Ok(())
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
    fn what_is_named_changes_and_the_rest_stays() {
        let mut options = Options { api_key: "k".to_owned(), edit: Duration::from_secs(1), ..Options::default() };
        let changes = json!({"provision_ms": 7, "retry_after": {"date": 3}, "error_shape": "html",
            "gone": {"shown_for_ms": 9}});
        set(&mut options, &changes).expect("all of these exist");
        assert_eq!((options.provision, options.edit), (Duration::from_millis(7), Duration::from_secs(1)));
        assert_eq!((options.retry_after, options.variants.error_shape), (RetryAfter::Date(3), ErrorShape::Html));
        assert_eq!(options.api_key, "k");
        assert!(set(&mut options, &json!({"api_key": "x"})).is_err_and(|error| error.contains("no option api_key")));
        assert!(set(&mut options, &json!({"error_shape": "poem"})).is_err());
    }

    #[test]
    fn a_destroyed_object_may_be_shown_for_a_while() {
        let gone = Gone::ShownForMs(10);
        let sights = [None, Some(95), Some(80)].map(|gone_at| gone.sight(gone_at, 100));
        assert_eq!(sights, [Sight::Exists, Sight::Memory, Sight::Nothing]);
        assert_eq!(Gone::Forbidden.sight(Some(1), 100), Sight::Forbidden);
    }

    #[test]
    fn what_is_shown_may_be_behind() {
        let mut options = Options { lag: Duration::from_millis(10), ..Options::default() };
        let sight = |options: &Options, created, gone| options.sight(created, gone, 100);
        assert_eq!(sight(&options, 91, None), Sight::Nothing);
        assert_eq!(sight(&options, 90, None), Sight::Exists);
        assert_eq!(sight(&options, 50, Some(91)), Sight::Exists);
        assert_eq!(sight(&options, 50, Some(90)), Sight::Nothing);
        assert_eq!(sight(&options, 95, Some(97)), Sight::Nothing);
        options.variants.gone = Gone::Forbidden;
        assert_eq!([91, 90].map(|at| sight(&options, 50, Some(at))), [Sight::Exists, Sight::Forbidden]);
    }
}
