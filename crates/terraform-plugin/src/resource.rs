//! Resources: objects with a life that Terraform manages.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::memory::Memory;
use crate::model::{Attr, Model};
use crate::operation::{Call, DeferReason, Operation, Private};
use crate::path::AttributePath;
use crate::schema::Schema;
use crate::value::{Type, Value, ValueError};

/// A plan that a resource may examine and refine: see [`Resource::plan`].
pub struct ResourcePlan<C, M> {
    /// The state before; absent when the object is being created.
    pub prior: Option<M>,
    /// The configuration; absent when the object is being destroyed.
    pub config: Option<M>,
    /// The state that apply is going to make; absent when the object is being destroyed.
    pub planned: Option<M>,
    /// The attributes whose change replaces the object.
    pub requires_replace: Vec<AttributePath>,
    /// Kept with the planned state and handed to apply.
    pub private: Private,
    /// Messages that do not stop the plan.
    pub warnings: Diagnostics,
    pub(crate) call: Call<C>,
    pub(crate) deferred: Option<DeferReason>,
    pub(crate) replaced_identity: Option<Value>,
    pub(crate) earlier_private: Option<Private>,
    pub(crate) memory: Memory,
}

impl<C, M> ResourcePlan<C, M> {
    /// The identity of the object that a planned create replaces. Terraform sends it since 1.12; before, and in an ordinary create,
    /// there is none. The private data of the plan is then what the plan with the prior state returned. A tainted object is planned as
    /// a create at once, and Terraform tells nothing of it.
    #[must_use]
    pub fn replaced_identity(&self) -> Option<&Value> {
        self.replaced_identity.as_ref()
    }

    /// A value that cannot be computed twice, for example a generated name: `make` makes it in the first plan, and the plan that Terraform
    /// makes once more before it applies is given the same. A key stands for one value within one plan. The next plan of the
    /// object, or the other half of a replacement, makes a new one.
    ///
    /// Only Terraform 1.16 and newer keep it, in the plan and not in the state. For all others the value is
    /// [`Attr::Unknown`], and the operation has to make it, as nothing in a plan may differ the second time.
    ///
    /// For an attribute with which nothing else is to be done, there is
    /// [`Attribute::generated_with`](crate::schema::Attribute::generated_with).
    ///
    /// ```
    /// use terraform_plugin::testing::{planned_again, resource_plan, storing};
    /// use terraform_plugin::{Attr, Model, ResourcePlan};
    ///
    /// #[derive(Clone, Debug, PartialEq, Model)]
    /// struct Server {
    ///     name: Attr<String>,
    /// }
    ///
    /// fn plan(plan: &mut ResourcePlan<(), Server>, random: u32) {
    ///     let name = plan.remembered("name", || format!("server-{random}"));
    ///     if let Some(planned) = plan.planned.as_mut() {
    ///         planned.name = name;
    ///     }
    /// }
    ///
    /// let begin = || resource_plan(None, None, Some(Server { name: Attr::Null }), Some(Server { name: Attr::Unknown }));
    /// let mut old = begin();
    /// plan(&mut old, 1);
    /// assert_eq!(old.planned, Some(Server { name: Attr::Unknown }));
    ///
    /// let mut first = storing(begin());
    /// plan(&mut first, 2);
    /// let mut second = planned_again(begin(), first);
    /// plan(&mut second, 3);
    /// assert_eq!(second.planned, Some(Server { name: "server-2".into() }));
    /// ```
    pub fn remembered<T: Serialize + DeserializeOwned>(&mut self, key: &str, make: impl FnOnce() -> T) -> Attr<T> {
        self.memory.of_author(key, make).map_or(Attr::Unknown, Attr::Known)
    }

    /// Whether Terraform keeps the private data of this plan for the one that it makes before it applies: 1.16 and newer do.
    #[must_use]
    pub fn remembers(&self) -> bool {
        self.call.stores_planned_private
    }

    /// In the plan that Terraform 1.16 or newer makes before it applies: the [`private`](Self::private) data with which the first
    /// plan ended, if there was any. The data of this plan, and not these, are what apply is handed.
    #[must_use]
    pub fn planned_private(&self) -> Option<&Private> {
        self.earlier_private.as_ref()
    }

    /// What the provider's `configure` returned; absent when the provider is not configured yet.
    #[must_use]
    pub fn session(&self) -> Option<Arc<C>> {
        self.call.session.clone()
    }

    /// Cancelled when the user asked Terraform to stop.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.call.stop
    }

    /// Whether Terraform can take a deferral for an answer. Released versions cannot.
    #[must_use]
    pub fn may_defer(&self) -> bool {
        self.call.may_defer
    }

    /// Puts the change off, because something that it needs is not known yet. Only where
    /// [`may_defer`](Self::may_defer) says so.
    pub fn defer(&mut self, reason: DeferReason) {
        self.deferred = Some(reason);
    }
}

/// What the user gave to find an existing object by.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ImportTarget {
    /// An id: one text, in whatever form the resource documents.
    Id(String),
    /// An identity, of the type of the resource's [`IdentitySchema`](crate::schema::IdentitySchema). Attributes that an import
    /// may leave out can be null.
    Identity(Value),
}

impl ImportTarget {
    /// The id, if that is what the user gave.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        if let Self::Id(id) = self { Some(id) } else { None }
    }

    /// The identity, if that is what the user gave.
    #[must_use]
    pub fn identity(&self) -> Option<&Value> {
        if let Self::Identity(identity) = self { Some(identity) } else { None }
    }

    /// The id, or a text of the identity: for resources whose identity is their id.
    #[must_use]
    pub fn text(&self, attribute: &str) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Identity(identity) => match identity.get(attribute) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            },
        }
    }
}

/// The state of an object of another type, which a `moved` block wants to turn into one of ours.
///
/// In a unit test it is made with [`testing::move_source`](crate::testing::move_source).
#[derive(Clone, Debug)]
pub struct MoveSource {
    /// The provider that the object had, for example `registry.terraform.io/example/example`.
    pub provider_address: String,
    /// Its type, for example `example_old_thing`.
    pub type_name: String,
    /// The version of the schema that its state was written with.
    pub schema_version: i64,
    /// The private data that that provider kept. Not to be trusted: it may be another provider's.
    pub private: Vec<u8>,
    /// The version of the schema that its identity was written with.
    pub identity_schema_version: i64,
    pub(crate) state: String,
    pub(crate) identity: Option<String>,
}

impl MoveSource {
    /// Reads the state as a type. Attributes that the type lacks are left out, and missing ones are null.
    ///
    /// # Errors
    /// When the state is of another type.
    pub fn state(&self, ty: &Type) -> Result<Value, ValueError> {
        Value::from_json(&self.state, ty)
    }

    /// Reads the identity as a type, as [`state`](Self::state) does. There is none if the object had none, or Terraform is
    /// older than 1.12.
    ///
    /// # Errors
    /// When the identity is of another type.
    pub fn identity(&self, ty: &Type) -> Result<Option<Value>, ValueError> {
        let identity = self.identity.as_deref().map(|identity| Value::from_json(identity, ty)).transpose()?;
        Ok(identity.filter(|identity| !identity.is_null()))
    }
}

/// What [`Resource::move_state`] makes of an object of another type: its state, and what Terraform keeps with it.
///
/// ```
/// use terraform_plugin::value::Type;
/// use terraform_plugin::{Attr, Diagnostic, Diagnostics, Model, MoveSource, Moved, Private};
///
/// #[derive(Clone, Debug, PartialEq, Model)]
/// struct Disk {
///     id: Attr<String>,
/// }
///
/// fn moved(source: &MoveSource) -> Result<Option<Moved<Disk>>, Diagnostics> {
///     if source.type_name != "example_volume" {
///         return Ok(None);
///     }
///     let volume = source.state(&Type::object([("id", Type::String)]));
///     let volume = volume.map_err(|error| Diagnostic::error("Volume cannot be read", error.to_string()))?;
///     let id = volume.get("id").and_then(|id| id.as_str()).map(str::to_owned);
///     let mut private = Private::default();
///     private.set("was", "volume");
///     Ok(Some(Moved::new(Disk { id: id.into() }).private(private)))
/// }
///
/// let source = terraform_plugin::testing::move_source("example_volume", r#"{"id": "v-1", "size": 7}"#, None);
/// let disk = moved(&source).unwrap().expect("a volume can become a disk");
/// assert_eq!(disk.into_state(), Disk { id: "v-1".into() });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Moved<M> {
    pub(crate) state: M,
    pub(crate) private: Private,
    pub(crate) identity: Option<Value>,
    pub(crate) warnings: Diagnostics,
}

impl<M> Moved<M> {
    /// An object with this state, of which nothing else is kept.
    #[must_use]
    pub fn new(state: M) -> Self {
        Self { state, private: Private::default(), identity: None, warnings: Diagnostics::new() }
    }

    /// Keeps private data with the state. Those of the source are not kept by themselves.
    #[must_use]
    pub fn private(self, private: Private) -> Self {
        Self { private, ..self }
    }

    /// Hands over what of the object's identity is not in the state, as
    /// [`Operation::save_identity`](crate::Operation::save_identity) does.
    #[must_use]
    pub fn identity(self, identity: impl Model) -> Self {
        Self { identity: Some(identity.into_value()), ..self }
    }

    /// Reports something to the user that is not a failure.
    #[must_use]
    pub fn warn(mut self, warning: Diagnostic) -> Self {
        self.warnings.push(warning);
        self
    }

    /// The state.
    pub fn into_state(self) -> M {
        self.state
    }
}

impl<M> From<M> for Moved<M> {
    fn from(state: M) -> Self {
        Self::new(state)
    }
}

/// A kind of object that Terraform creates, reads, updates and deletes. For every Terraform since 1.0.
///
/// Operations return errors as diagnostics and hand the state back through [`Operation::save`].
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// What the provider's `configure` returned.
    type Session: Send + Sync + 'static;
    /// The struct that stands for the schema's object.
    type Model: Model;

    /// The full name in configurations, for example `example_cluster`.
    fn type_name(&self) -> &'static str;

    /// The attributes and blocks. Asked once, when the provider starts.
    fn schema(&self) -> Schema;

    /// Checks rules that concern several attributes. Values may be unknown.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn validate(&self, config: Self::Model) -> Result<(), Diagnostics> {
        let _ = config;
        Ok(())
    }

    /// Refines a plan, or refuses it. Called after the attributes' own rules, for create, update, replacement and
    /// destroy alike; may be called several times before apply.
    ///
    /// # Errors
    /// With why the plan cannot be carried out.
    async fn plan(&self, plan: &mut ResourcePlan<Self::Session, Self::Model>) -> Result<(), Diagnostics> {
        let _ = plan;
        Ok(())
    }

    /// Creates the object.
    ///
    /// # Errors
    /// With what failed. If a state was saved before, Terraform keeps it and marks the object as tainted.
    async fn create(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        planned: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Reads the object: saves what it finds, or removes an object that does not exist any more.
    ///
    /// # Errors
    /// With what failed. The state stays as it was.
    async fn read(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        state: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Changes the object in place.
    ///
    /// # Errors
    /// With what failed. The state is what was saved last, or the prior one.
    async fn update(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        prior: Self::Model,
        planned: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Deletes the object. Returning without an error removes it from the state.
    ///
    /// # Errors
    /// With what failed. The state is what was saved last, or the prior one.
    async fn delete(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        prior: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Finds an existing object by what the user gave and saves its state; Terraform reads it afterwards.
    ///
    /// # Errors
    /// With why the object cannot be imported.
    async fn import(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let _ = (operation, target);
        let detail = format!("Objects of type {} cannot be imported.", self.type_name());
        Err(Diagnostic::error("Import not supported", detail).into())
    }

    /// Adopts an object of another type, for a `moved` block: the state that it has as one of this type, or `None` if
    /// there is no way from that type. A state alone is `Ok(Some(state.into()))`.
    ///
    /// # Errors
    /// When the state cannot be read or does not say enough.
    async fn move_state(&self, source: MoveSource) -> Result<Option<Moved<Self::Model>>, Diagnostics> {
        let _ = source;
        Ok(None)
    }

    /// Refines the configuration that is generated for an imported object: the framework has left out what is computed,
    /// deprecated or write-only already.
    ///
    /// # Errors
    /// With why there can be none.
    fn generate_config(&self, config: Self::Model) -> Result<Self::Model, Diagnostics> {
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
