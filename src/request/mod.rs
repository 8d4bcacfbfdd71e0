//! Asynchronous requests: one by its id, and those that concern a cluster.

mod data_source;
mod model;
mod operations;

pub use data_source::RequestDataSource;
pub use operations::ClusterOperationsDataSource;
