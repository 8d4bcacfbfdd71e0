//! An object as Terraform stores it.

use std::ops::Index;

use crate::framework::Stored;
use crate::memory;
use crate::model::Model;
use crate::operation::Private;
use crate::value::Value;

/// An object as it stands in Terraform's state: its attributes, and what goes with them.
///
/// `object["name"]` is an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredObject {
    state: Value,
    private: Private,
    identity: Option<Value>,
    is_tainted: bool,
}

impl StoredObject {
    pub(super) fn new(state: Value, private: Private, identity: Option<Value>) -> Self {
        Self { state, private, identity, is_tainted: false }
    }

    /// The attributes and blocks.
    #[must_use]
    pub fn state(&self) -> &Value {
        &self.state
    }

    /// The state as a model.
    ///
    /// # Panics
    /// If the model does not fit.
    #[must_use]
    #[track_caller]
    pub fn model<M: Model>(&self) -> M {
        model(&self.state)
    }

    /// The state as JSON, to compare it as a whole.
    ///
    /// # Panics
    /// If it holds a number that JSON cannot hold.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        self.state.to_plain_json().unwrap_or_else(|error| panic!("the state is no JSON: {error}"))
    }

    /// What the provider keeps with the object for itself.
    #[must_use]
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// What names the object for ever, if its resource has an identity.
    #[must_use]
    pub fn identity(&self) -> Option<&Value> {
        self.identity.as_ref()
    }

    /// Whether its create failed half way, or a user has marked it so. The next plan replaces it.
    #[must_use]
    pub fn is_tainted(&self) -> bool {
        self.is_tainted
    }

    /// The same object with other private data.
    #[must_use]
    pub fn with_private(mut self, private: Private) -> Self {
        self.private = private;
        self
    }

    /// The same object with this identity. A state from before the resource had one has none.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<Value>) -> Self {
        self.identity = identity;
        self
    }

    /// The same object, tainted, as by `terraform taint`.
    #[must_use]
    pub fn tainted(mut self) -> Self {
        self.is_tainted = true;
        self
    }

    pub(super) fn stored(&self) -> Stored {
        Stored { state: self.state.clone(), private: self.private.clone(), identity: self.identity.clone() }
    }
}

impl Index<&str> for StoredObject {
    type Output = Value;

    #[track_caller]
    fn index(&self, name: &str) -> &Value {
        attribute(&self.state, name)
    }
}

/// An attribute or block of an object.
#[track_caller]
pub(super) fn attribute<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or_else(|| panic!("the object has no attribute {name}: {object:#?}"))
}

#[track_caller]
pub(super) fn model<M: Model>(value: &Value) -> M {
    M::from_value(value.clone().plain()).unwrap_or_else(|error| panic!("{error}"))
}

/// Private data without what the framework put there for the plan that is made before the apply.
pub(super) fn of_author(private: &Private) -> Private {
    let mut private = private.clone();
    memory::take(&mut private);
    private
}
