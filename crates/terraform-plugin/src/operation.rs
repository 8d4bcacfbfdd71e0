//! What an operation on an object is given, and how it hands back what it created.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Model, ModelError};
use crate::value::Value;

/// A small store of JSON values that Terraform keeps with an object's state, for the provider alone. Users do not
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

    /// The same, to examine it once more.
    pub(crate) fn take(&mut self, key: &str) -> Option<serde_json::Value> {
        self.0.remove(key)
    }
}

/// What an operation has said of the state so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Saved<M> {
    Nothing,
    Object(M),
    Removed,
}

/// Why an operation cannot be carried out yet: see [`Operation::defer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeferReason {
    /// The configuration of the object is not known yet.
    ObjectConfigUnknown,
    /// The configuration of the provider is not known yet.
    ProviderConfigUnknown,
    /// Something that must exist before does not.
    AbsentPrerequisite,
}

/// What every call brings with it.
#[expect(clippy::struct_excessive_bools, reason = "three of them are the flags of the protocol's client capabilities")]
pub(crate) struct Call<C> {
    /// What the provider's `configure` returned, if it ran.
    pub session: Option<Arc<C>>,
    /// The provider puts everything off until its configuration is known.
    pub provider_deferred: bool,
    /// Cancelled by the user's interrupt, and when the caller has disconnected.
    pub stop: CancellationToken,
    /// The `provider_meta` block of the module; null when there is none.
    pub meta: Value,
    /// Terraform can take a deferral for an answer.
    pub may_defer: bool,
    /// Terraform hands the private data of the first plan to the second one.
    pub stores_planned_private: bool,
    /// Terraform knows blocks that the provider chooses.
    pub computed_blocks_allowed: bool,
}

impl<C> Call<C> {
    pub fn configured(&self) -> Result<Arc<C>, Diagnostics> {
        self.session.clone().ok_or_else(|| {
            let detail = if self.provider_deferred {
                "The configuration of the provider is not known yet, and this cannot be put off until it is."
            } else {
                "Terraform asked for an operation before the provider was configured."
            };
            Diagnostic::error("Provider not configured", detail).into()
        })
    }

    /// Why the call is put off, whatever it is about.
    pub fn deferral(&self) -> Option<DeferReason> {
        (self.provider_deferred && self.may_defer).then_some(DeferReason::ProviderConfigUnknown)
    }
}

/// What an operation is and what it is about, for its log.
#[derive(Clone, Copy)]
pub(crate) struct About {
    /// The full name of the object's type.
    pub object: &'static str,
    /// For example `create`.
    pub verb: &'static str,
}

/// What an operation on an object is given.
///
/// The state is handed back through it, and may be handed back more than once: what was saved last goes to Terraform
/// however the operation ends, by success, by an error or by a panic. So an operation that creates something that costs
/// money saves it at the first moment at which its id is known.
///
/// Operations that have no state, for example the closing of an ephemeral resource, are given one for `()`.
pub struct Operation<C, M = ()> {
    about: About,
    session: Arc<C>,
    pub(crate) call: Call<C>,
    config: Option<M>,
    identity: Option<Value>,
    pub(crate) private: Private,
    pub(crate) saved: Saved<M>,
    pub(crate) saved_identity: Option<Value>,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) deferred: Option<DeferReason>,
}

impl<C, M> Operation<C, M> {
    /// # Errors
    /// When the provider is not configured.
    pub(crate) fn new(about: About, call: Call<C>, private: Private, config: Option<M>) -> Result<Self, Diagnostics> {
        let session = call.configured()?;
        Ok(Self::of(about, session, call, private, config))
    }

    /// An operation with the session of its call.
    pub(crate) fn of(about: About, session: Arc<C>, call: Call<C>, private: Private, config: Option<M>) -> Self {
        Self {
            about,
            session,
            call,
            config,
            identity: None,
            private,
            saved: Saved::Nothing,
            saved_identity: None,
            diagnostics: Diagnostics::new(),
            deferred: None,
        }
    }

    /// The same on an object that has an identity.
    pub(crate) fn identified(self, identity: Option<Value>) -> Self {
        Self { identity, ..self }
    }

    /// What the provider's `configure` returned.
    #[must_use]
    pub fn session(&self) -> Arc<C> {
        Arc::clone(&self.session)
    }

    /// Cancelled when the user asked Terraform to stop, or Terraform has exited. The operation should then save what it has
    /// and return soon.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.call.stop
    }

    /// The configuration, in a create and an update: the only place where write-only values stand.
    #[must_use]
    pub fn config(&self) -> Option<&M> {
        self.config.as_ref()
    }

    /// The identity that Terraform has of the object, of the type of the resource's
    /// [`IdentitySchema`](crate::schema::IdentitySchema). There is none in a create and an import, before Terraform 1.12, and of objects
    /// from before the resource had one.
    #[must_use]
    pub fn identity(&self) -> Option<&Value> {
        self.identity.as_ref()
    }

    /// The `provider_meta` block of the module that the object stands in; see
    /// [`Provider::meta_schema`](crate::Provider::meta_schema).
    ///
    /// # Errors
    /// When the type does not fit the schema: a mistake of the provider's author.
    pub fn provider_meta<T: Model>(&self) -> Result<Option<T>, ModelError> {
        if self.call.meta.is_null() { Ok(None) } else { T::from_value(self.call.meta.clone().plain()).map(Some) }
    }

    /// Whether Terraform can take a deferral for an answer. Released versions cannot.
    #[must_use]
    pub fn may_defer(&self) -> bool {
        self.call.may_defer
    }

    /// Puts a read, an import or an opening off, because something that it needs is not known yet. Only where
    /// [`may_defer`](Self::may_defer) says so.
    pub fn defer(&mut self, reason: DeferReason) {
        self.deferred = Some(reason);
    }

    /// Data that Terraform keeps with the state, for the provider alone.
    #[must_use]
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// The same, to change.
    pub fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }

    /// Writes to the log how far a long operation is, with the type of the object and the operation, for example
    /// `example_cluster` and `create`, at the level INFO.
    ///
    /// Terraform shows none of it: its protocol knows progress for actions alone, and while a resource is created the user sees
    /// only Terraform's own "Still creating...". Whoever wonders sees it with `TF_LOG=INFO`, or `TF_LOG_PROVIDER=INFO`. It must
    /// hold no secret.
    pub fn progress(&self, message: impl fmt::Display) {
        tracing::info!(object = self.about.object, operation = self.about.verb, "{message}");
    }

    /// Reports something to the user that is not a failure.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.diagnostics.push(warning);
    }
}

impl<C, M: Model> Operation<C, M> {
    /// Hands the state back. The last call counts.
    pub fn save(&mut self, state: M) {
        self.saved = Saved::Object(state);
    }

    /// Hands back what of the object's identity is [not in the state](crate::schema::IdentityAttribute::not_in_state): a model, or a
    /// [`Value`] that is an object. The last call counts. What is left out or null stays as Terraform has it; a
    /// create and a read hand back all of it, the read because the object may be older than its identity.
    ///
    /// An identity may not change: only what was null in it can get a value.
    pub fn save_identity(&mut self, identity: impl Model) {
        self.saved_identity = Some(identity.into_value());
    }

    /// Says that the object does not exist any more. Meant for reads: a delete that returns without an error has removed it anyway.
    pub fn remove(&mut self) {
        self.saved = Saved::Removed;
    }
}

#[cfg(test)]
mod tests;
