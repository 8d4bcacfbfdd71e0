//! Between the wire and the traits that authors implement: what is the same for every object of every provider.
//!
//! The wire hands over [`Value`]s and gets values back; the author's code sees typed models. In between, this module
//! validates configurations, computes plans, keeps the last saved state whatever happens, and turns a panic in one
//! call into a diagnostic.

mod data_source;
mod guard;
mod planning;
mod resource;
mod validation;

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

pub(crate) use data_source::DataSourceServer;
pub(crate) use guard::guard;
pub(crate) use resource::ResourceServer;
pub(crate) use validation::validate;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Model, ModelError};
use crate::operation::Private;
use crate::path::AttributePath;
use crate::schema::Schema;
use crate::value::{Type, Value};

/// What every call that reaches an object carries.
pub(crate) struct Call<C> {
    /// What the provider's `configure` made, if it ran.
    pub client: Option<Arc<C>>,
    /// Cancelled by the user's interrupt.
    pub stop: CancellationToken,
}

impl<C> Call<C> {
    fn configured(&self) -> Result<Arc<C>, Diagnostics> {
        self.client.clone().ok_or_else(|| {
            Diagnostic::error(
                "Provider not configured",
                "Terraform asked for an operation before the provider was configured.",
            )
            .into()
        })
    }
}

/// A state and what goes with it, as an operation leaves it.
pub(crate) struct Outcome {
    pub state: Value,
    pub private: Private,
    pub diagnostics: Diagnostics,
}

/// What Terraform gives for a plan.
pub(crate) struct PlanInput {
    pub prior: Value,
    pub proposed: Value,
    pub config: Value,
    pub private: Private,
}

/// A computed plan.
pub(crate) struct PlanOutput {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
    pub private: Private,
    pub diagnostics: Diagnostics,
}

/// What Terraform gives for an apply.
pub(crate) struct ApplyInput {
    pub prior: Value,
    pub planned: Value,
    pub private: Private,
}

/// A resource whose types are hidden, so that resources of all types stand in one list.
#[async_trait]
pub(crate) trait AnyResource<C>: Send + Sync {
    fn type_name(&self) -> &'static str;
    fn schema(&self) -> &Schema;
    fn object_type(&self) -> &Type;
    async fn validate(&self, config: Value) -> Diagnostics;
    fn upgrade(&self, version: i64, state: &str) -> Result<Value, Diagnostics>;
    async fn read(&self, call: Call<C>, state: Value, private: Private) -> Outcome;
    async fn plan(&self, call: Call<C>, input: PlanInput) -> PlanOutput;
    async fn apply(&self, call: Call<C>, input: ApplyInput) -> Outcome;
    async fn import(&self, call: Call<C>, id: String) -> Outcome;
}

/// A data source whose types are hidden.
#[async_trait]
pub(crate) trait AnyDataSource<C>: Send + Sync {
    fn type_name(&self) -> &'static str;
    fn schema(&self) -> &Schema;
    fn object_type(&self) -> &Type;
    async fn validate(&self, config: Value) -> Diagnostics;
    async fn read(&self, call: Call<C>, config: Value) -> Outcome;
}

/// Reads a model, where the value can only fail to fit by a mistake of the provider's author.
pub(crate) fn model<M: Model>(object: &str, value: Value) -> Result<M, Diagnostics> {
    M::from_value(value).map_err(|error| mistake(object, &error).into())
}

/// Reads a model, or none from null.
fn optional_model<M: Model>(object: &str, value: Value) -> Result<Option<M>, Diagnostics> {
    if value.is_null() { Ok(None) } else { model(object, value).map(Some) }
}

fn mistake(object: &str, error: &ModelError) -> Diagnostic {
    Diagnostic::error(
        "Mistake in the provider",
        format!("In {object}, {error}. This is a bug in the provider; please report it to its developers."),
    )
}
