//! Clusters: the resource, the data sources and the list.

mod data_source;
mod model;
mod object;
mod resource;
mod schema;

pub use data_source::{ClusterDataSource, ClustersDataSource};
pub use model::ClusterModel;
