//! Jobs: the data sources that find them, and the action that cancels one.

mod cancel;
mod data_source;
mod model;

pub use cancel::CancelJobAction;
pub use data_source::{JobDataSource, JobsDataSource};
