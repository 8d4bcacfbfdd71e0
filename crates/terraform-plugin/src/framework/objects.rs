//! The objects of a provider with their types hidden, so that those of all types stand in one list.

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::declared::Declared;
use super::outcome::{
    ApplyInput, CallError, Lease, ListEvent, ListInput, OpenOutcome, Outcome, PlanInput, PlanOutput, Stored,
};
use crate::diagnostic::Diagnostics;
use crate::operation::{Call, DeferReason, Private};
use crate::resource::{ImportTarget, MoveSource};
use crate::schema::Signature;
use crate::schema::mistake::Mistake;
use crate::value::{Type, Value};

/// A resource whose types are hidden.
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
    /// Calls it. A call that is stopped is dropped.
    async fn call(&self, stop: CancellationToken, arguments: Vec<Value>) -> Result<Value, CallError>;
}
