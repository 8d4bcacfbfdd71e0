//! What an operation on an object is given, and how it hands back what it made.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// A small store of JSON values that Terraform keeps beside an object's state, for the provider alone. Users do not
/// see it in plans, but it stands in the state file: it is no place for secrets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Private(BTreeMap<String, serde_json::Value>);

impl Private {
    /// Reads what Terraform kept. Bytes that are not ours are taken for an empty store: private data helps an
    /// operation, and none may fail for the lack of it.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// The bytes for Terraform to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.0.is_empty() { Vec::new() } else { serde_json::to_vec(&self.0).unwrap_or_default() }
    }

    /// A value that was stored under this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&serde_json::Value> {
        self.0.get(key)
    }

    /// A text that was stored under this key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(serde_json::Value::as_str)
    }

    /// Stores a value.
    pub fn set(&mut self, key: &str, value: impl Into<serde_json::Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// Forgets a value.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }
}

/// What an operation has said of the state so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Saved<M> {
    Nothing,
    Object(M),
    Removed,
}

/// What an operation on an object is given.
///
/// The state is handed back through it, and may be handed back more than once: what was saved last goes to Terraform
/// however the operation ends, by success, by an error or by a panic. So an operation that makes something that costs
/// money saves it at the first moment at which its id is known.
pub struct Operation<C, M> {
    client: Arc<C>,
    stop: CancellationToken,
    pub(crate) private: Private,
    pub(crate) saved: Saved<M>,
    pub(crate) diagnostics: Diagnostics,
}

impl<C, M> Operation<C, M> {
    pub(crate) fn new(client: Arc<C>, stop: CancellationToken, private: Private) -> Self {
        Self { client, stop, private, saved: Saved::Nothing, diagnostics: Diagnostics::new() }
    }

    /// What the provider's `configure` made.
    #[must_use]
    pub fn client(&self) -> Arc<C> {
        Arc::clone(&self.client)
    }

    /// Cancelled when the user asked Terraform to stop. The operation should then save what it has and return soon.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Data that Terraform keeps beside the state, for the provider alone.
    #[must_use]
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// The same, to change.
    pub fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }

    /// Hands the state back. The last call counts.
    pub fn save(&mut self, state: M) {
        self.saved = Saved::Object(state);
    }

    /// Says that the object is gone. Meant for reads: a delete that returns without an error has removed it anyway.
    pub fn remove(&mut self) {
        self.saved = Saved::Removed;
    }

    /// Tells the user something that is not a failure.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.diagnostics.push(warning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_data_survives_and_foreign_bytes_are_empty() {
        let mut private = Private::default();
        assert!(private.to_bytes().is_empty());
        private.set("request_id", "req_1");
        assert_eq!(Private::from_bytes(&private.to_bytes()).text("request_id"), Some("req_1"));
        assert_eq!(Private::from_bytes(b"\xff not json"), Private::default());
    }
}
