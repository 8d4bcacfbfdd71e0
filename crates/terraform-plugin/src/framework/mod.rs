//! Between the wire and the traits that authors implement: what is the same for every object of every provider.
//!
//! The wire hands over [values](crate::value::Value) and gets values back; the author's code sees typed models. In between, this module
//! validates configurations, computes plans, keeps the last saved state whatever happens, checks what the author's code
//! returns, and turns a panic in one call into a diagnostic.

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
mod identified;
mod item;
mod keep;
mod list;
mod objects;
mod open;
mod outcome;
mod planning;
mod refusal;
mod resource;
mod resource_plan;
mod settle;
#[cfg(test)]
mod tests;
mod typed;
mod validation;
mod walk;

pub(crate) use action::ActionServer;
pub(crate) use contract::apply as unlike_planned;
pub(crate) use data_source::DataSourceServer;
pub(crate) use declared::Declared;
pub(crate) use ephemeral::EphemeralServer;
pub(crate) use function::FunctionServer;
pub(crate) use guard::{caught, guard};
pub(crate) use list::ListServer;
pub(crate) use objects::{AnyAction, AnyDataSource, AnyEphemeral, AnyFunction, AnyList, AnyResource};
pub(crate) use outcome::{
    ApplyInput, CallError, Lease, ListEvent, ListInput, ListedObject, OpenOutcome, Outcome, PlanInput, PlanOutput,
    Stored,
};
pub(crate) use resource::ResourceServer;
