//! Clusters: the resource and the data sources.

mod data_source;
mod model;
mod public_key;
mod release;
mod resource;

pub use data_source::{ClusterDataSource, ClustersDataSource};
pub use resource::ClusterResource;
