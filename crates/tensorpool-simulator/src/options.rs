//! The options of the simulator. Where the behaviour of the real API is not known, an option chooses it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::variants::Variants;

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
    use crate::variants::ErrorShape;

    fn set(options: &mut Options, changes: &Value) -> Result<(), String> {
        options.set(changes.as_object().expect("it is an object"))
    }

    #[test]
    fn what_cannot_be_changed_while_it_runs_stays() {
        let mut options = Options {
            listen: ([10, 0, 0, 7], 7).into(),
            allow_remote_access: true,
            log: true,
            api_key: "k".to_owned(),
            seed: 7,
            data: Some(PathBuf::from("cloud.json")),
            ..Options::default()
        };
        let before = format!("{options:?}");
        set(&mut options, &json!({"edit_ms": 7})).expect("it exists");
        assert_eq!(options.edit, Duration::from_millis(7));
        options.edit = Duration::ZERO;
        assert_eq!(format!("{options:?}"), before);
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
