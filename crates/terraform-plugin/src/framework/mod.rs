//! Between the wire and the traits that authors implement: what is the same for every object of every provider.
//!
//! The wire hands over [`Value`]s and gets values back; the author's code sees typed models. In between, this module
//! validates configurations, computes plans, keeps the last saved state whatever happens, checks what the author's code
//! makes, and turns a panic in one call into a diagnostic.

mod action;
mod bug_report;
mod computed_blocks;
mod contract;
mod data_source;
mod declared;
mod duplicates;
mod elements;
mod ephemeral;
mod function;
mod generate;
mod generated;
mod guard;
mod item;
mod keep;
mod list;
mod open;
mod planning;
mod refusal;
mod resource;
#[cfg(test)]
mod tests;
mod validation;
mod walk;

use std::time::SystemTime;

use async_trait::async_trait;
use tokio::sync::mpsc;

pub(crate) use action::ActionServer;
pub(crate) use bug_report::mistake;
pub(crate) use data_source::DataSourceServer;
pub(crate) use declared::Declared;
pub(crate) use ephemeral::EphemeralServer;
pub(crate) use function::FunctionServer;
pub(crate) use guard::{VALIDATE, caught, guard};
pub(crate) use list::ListServer;
pub(crate) use resource::ResourceServer;
pub(crate) use validation::{errors, validate};

use crate::diagnostic::Diagnostics;
use crate::function::Signature;
use crate::model::Model;
use crate::operation::{Call, DeferReason, Private};
use crate::path::AttributePath;
use crate::resource::{ImportTarget, MoveSource};
use crate::schema::mistake::Mistake;
use crate::value::{Type, Value};

/// An object as Terraform has it.
pub(crate) struct Stored {
    pub state: Value,
    pub private: Private,
    /// Absent before Terraform 1.12, and in states from before the resource had one.
    pub identity: Option<Value>,
}

/// A state and what goes with it, as an operation leaves it.
pub(crate) struct Outcome {
    pub state: Value,
    pub private: Private,
    pub identity: Option<Value>,
    pub diagnostics: Diagnostics,
    pub deferred: Option<DeferReason>,
}

impl Outcome {
    /// What an operation leaves that failed before it began: everything as it was.
    fn untouched(stored: Stored, diagnostics: Diagnostics) -> Self {
        let Stored { state, private, identity } = stored;
        Self { state, private, identity, diagnostics, deferred: None }
    }

    /// The same where there was nothing before.
    fn nothing(diagnostics: Diagnostics) -> Self {
        Self::untouched(Stored { state: Value::Null, private: Private::default(), identity: None }, diagnostics)
    }
}

/// What Terraform gives for a plan.
pub(crate) struct PlanInput {
    pub prior: Stored,
    pub proposed: Value,
    pub config: Value,
    /// The private data of the first plan, in the second one.
    pub earlier_private: Option<Private>,
}

/// A computed plan.
pub(crate) struct PlanOutput {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
    pub private: Private,
    pub identity: Option<Value>,
    pub diagnostics: Diagnostics,
    pub deferred: Option<DeferReason>,
}

/// What Terraform gives for an apply. The private data and the identity are the planned ones.
pub(crate) struct ApplyInput {
    pub prior: Stored,
    pub planned: Value,
    pub config: Value,
}

/// An ephemeral resource that was opened, or why not.
pub(crate) struct OpenOutcome {
    pub result: Value,
    pub lease: Lease,
    pub deferred: Option<DeferReason>,
}

/// How long an ephemeral resource stays open, or that it was renewed or closed.
pub(crate) struct Lease {
    pub renew_at: Option<SystemTime>,
    pub private: Private,
    pub diagnostics: Diagnostics,
}

/// What Terraform wants to have listed.
pub(crate) struct ListInput {
    pub config: Value,
    pub include_resource: bool,
    pub limit: usize,
}

/// One finding, or messages.
pub(crate) struct ListEvent {
    pub found: Option<ListedObject>,
    pub diagnostics: Diagnostics,
}

/// An object that exists.
pub(crate) struct ListedObject {
    pub display_name: String,
    pub identity: Value,
    /// Its state, where that was wanted.
    pub state: Option<Value>,
}

impl From<Diagnostics> for ListEvent {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { found: None, diagnostics }
    }
}

/// Why a call of a function failed, and the position of the argument that is to blame.
pub(crate) struct CallError {
    pub text: String,
    pub argument: Option<usize>,
}

/// A resource whose types are hidden, so that resources of all types stand in one list.
#[async_trait]
pub(crate) trait AnyResource<C>: Send + Sync {
    fn declared(&self) -> &Declared;
    fn check(&self, mistakes: &mut Vec<Mistake>);
    async fn validate(&self, config: Value, write_only_allowed: bool, computed_blocks_allowed: bool) -> Diagnostics;
    async fn upgrade(&self, call: Call<C>, version: i64, state: &str) -> Result<Value, Diagnostics>;
    async fn upgrade_identity(&self, call: Call<C>, version: i64, identity: &str) -> Result<Value, Diagnostics>;
    async fn read(&self, call: Call<C>, stored: Stored) -> Outcome;
    async fn plan(&self, call: Call<C>, input: PlanInput) -> PlanOutput;
    async fn apply(&self, call: Call<C>, input: ApplyInput) -> Outcome;
    async fn import(&self, call: Call<C>, target: ImportTarget) -> Outcome;
    async fn move_state(&self, source: MoveSource) -> Outcome;
    fn generate(&self, state: Value) -> Result<Value, Diagnostics>;
}

/// A data source whose types are hidden.
#[async_trait]
pub(crate) trait AnyDataSource<C>: Send + Sync {
    fn declared(&self) -> &Declared;
    fn check(&self, mistakes: &mut Vec<Mistake>);
    async fn validate(&self, config: Value) -> Diagnostics;
    async fn read(&self, call: Call<C>, config: Value) -> Outcome;
}

/// An ephemeral resource whose types are hidden.
#[async_trait]
pub(crate) trait AnyEphemeral<C>: Send + Sync {
    fn declared(&self) -> &Declared;
    fn check(&self, mistakes: &mut Vec<Mistake>);
    async fn validate(&self, config: Value) -> Diagnostics;
    async fn open(&self, call: Call<C>, config: Value) -> OpenOutcome;
    async fn renew(&self, call: Call<C>, private: Private) -> Lease;
    async fn close(&self, call: Call<C>, private: Private) -> Diagnostics;
}

/// A list resource whose types are hidden.
#[async_trait]
pub(crate) trait AnyList<C>: Send + Sync {
    fn declared(&self) -> &Declared;
    fn check(&self, mistakes: &mut Vec<Mistake>);
    async fn validate(&self, config: Value) -> Diagnostics;
    /// Sends what is found of a resource until the receiver is dropped.
    async fn list(&self, call: Call<C>, input: ListInput, resource: &Declared, events: mpsc::Sender<ListEvent>);
}

/// An action whose types are hidden.
#[async_trait]
pub(crate) trait AnyAction<C>: Send + Sync {
    fn declared(&self) -> &Declared;
    fn check(&self, mistakes: &mut Vec<Mistake>);
    async fn validate(&self, config: Value) -> Diagnostics;
    async fn plan(&self, call: Call<C>, config: Value) -> (Diagnostics, Option<DeferReason>);
    async fn invoke(&self, call: Call<C>, config: Value, progress: mpsc::UnboundedSender<String>) -> Diagnostics;
}

/// A function whose types are hidden.
#[async_trait]
pub(crate) trait AnyFunction: Send + Sync {
    fn name(&self) -> &'static str;
    fn signature(&self) -> &Signature;
    fn check(&self, mistakes: &mut Vec<Mistake>);
    /// The type of the argument at a position, if there may be one.
    fn parameter_type(&self, position: usize) -> Option<&Type>;
    async fn call(&self, arguments: Vec<Value>) -> Result<Value, CallError>;
}

/// Reads a model, where the value can only fail to fit by a mistake of the provider's author.
pub(crate) fn model<M: Model>(object: &str, value: Value) -> Result<M, Diagnostics> {
    // A model written by hand may panic.
    let read = caught("read a model of", object, || M::from_value(value.plain()))?;
    read.map_err(|error| mistake(object, &format!("{error}.")).into())
}

/// Reads a model, or none from null.
fn optional_model<M: Model>(object: &str, value: Value) -> Result<Option<M>, Diagnostics> {
    if value.is_null() { Ok(None) } else { model(object, value).map(Some) }
}
